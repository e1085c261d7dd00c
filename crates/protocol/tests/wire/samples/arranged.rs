//! Conversations that are arranged.

use protocol::{Arrangement, ClientFrame, Mute, Seq};

use super::{NOW, conversation};

pub(super) fn of_client() -> [(&'static str, ClientFrame); 7] {
    arrangements().map(arrange)
}

fn arrangements() -> [(&'static str, Arrangement); 7] {
    [
        ("mute", Arrangement::Mute(Mute::Until(NOW))),
        ("mute_always", Arrangement::Mute(Mute::Always)),
        ("mute_mentions", Arrangement::Mute(Mute::ExceptMentions)),
        ("unmute", Arrangement::Mute(Mute::Off)),
        ("archive", Arrangement::Archive(Some(Seq(41)))),
        ("favourite", Arrangement::Favourite(true)),
        ("mark_unread", Arrangement::MarkUnread(false)),
    ]
}

fn arrange((name, change): (&'static str, Arrangement)) -> (&'static str, ClientFrame) {
    let frame = ClientFrame::Arrange {
        request: 8,
        conversation: conversation(),
        change,
    };
    (name, frame)
}
