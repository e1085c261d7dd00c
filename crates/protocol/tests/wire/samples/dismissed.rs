//! What is deleted for oneself.

use protocol::{ClientFrame, Dismissal, Dismissed, SavedPlace, Seq, ServerFrame};

use super::conversation;

pub(super) fn of_client() -> [(&'static str, ClientFrame); 3] {
    [
        ("dismiss", Dismissal::This),
        ("dismiss_this_and_before", Dismissal::ThisAndBefore),
        ("dismiss_no_longer", Dismissal::Show),
    ]
    .map(|(name, dismissal)| {
        let place = SavedPlace {
            conversation: conversation(),
            seq: Seq(41),
        };
        let frame = ClientFrame::Dismiss {
            request: 9,
            place,
            dismissal,
        };
        (name, frame)
    })
}

/// All up to a place, and some after it.
pub(crate) fn some() -> Dismissed {
    let mut dismissed = Dismissed::default();
    let steps = [(7, Dismissal::ThisAndBefore)]
        .into_iter()
        .chain([20, 21, 41].map(|seq| (seq, Dismissal::This)));
    for (seq, dismissal) in steps {
        dismissed.apply(Seq(seq), dismissal).expect("room");
    }
    dismissed
}

pub(super) fn of_server() -> [(&'static str, ServerFrame); 2] {
    let frame = |request, dismissed| ServerFrame::Dismissed {
        request,
        conversation: conversation(),
        dismissed,
    };
    [
        ("dismissed", frame(Some(9), some())),
        ("dismissed_nothing", frame(None, Dismissed::default())),
    ]
}
