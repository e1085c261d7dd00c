//! How conversations are to be arranged, as long as the server has not answered for it.

use protocol::{
    Arrangement, ClientFrame, ConversationId, PreferenceField, Preferences, Seq, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::wishes::Wishes;

/// A wish as it is stored on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedArrangement {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What is to be different.
    pub change: Arrangement,
}

impl SavedArrangement {
    /// What there is one wish of at most.
    #[must_use]
    pub const fn slot(&self) -> (ConversationId, PreferenceField) {
        (self.conversation, self.change.field())
    }
}

/// Everything that waits.
pub(crate) type Arrangements = Wishes<(ConversationId, PreferenceField), Arrangement>;

impl Arrangements {
    /// The frames to transmit now.
    pub(crate) fn frames(
        &mut self,
        now: Timestamp,
        number: impl FnMut() -> u32,
    ) -> Vec<ClientFrame> {
        let requests = self.transmit(now, number).into_iter();
        let frames = requests.map(
            |(request, (conversation, _), change)| ClientFrame::Arrange {
                request,
                conversation,
                change,
            },
        );
        frames.collect()
    }

    /// What the server says, as all wishes will make it.
    pub(crate) fn apply(
        &self,
        conversation: ConversationId,
        preferences: Preferences,
        (shown, now): (Seq, Timestamp),
    ) -> Preferences {
        let from = (conversation, PreferenceField::Mute);
        let to = (conversation, PreferenceField::Folder);
        self.range(from, to).fold(preferences, |so_far, change| {
            so_far.arranged(change, shown, now)
        })
    }
}

#[cfg(test)]
mod tests {
    use protocol::FolderId;

    use super::*;
    use crate::fixtures::{at, here};

    #[test]
    fn what_is_wished_lies_over_what_the_server_says() {
        let mut it = Arrangements::default();
        let folder = Some(FolderId::from_bytes([5; 16]));
        let changes = [
            Arrangement::Favourite(false),
            Arrangement::MarkUnread(true),
            Arrangement::Folder(folder),
        ];
        for change in changes {
            let conversation = here();
            let saved = SavedArrangement {
                conversation,
                change,
            };
            it.wish(saved.slot(), change);
        }
        let told = Preferences {
            favourite: true,
            ..Preferences::default()
        };
        let quiet = (Seq(0), at(0));
        let wished = it.apply(here(), told, quiet);
        assert!(!wished.favourite && wished.marked_unread);
        assert_eq!(wished.folder, folder);
        let elsewhere = ConversationId::from_bytes([99; 16]);
        assert_eq!(it.apply(elsewhere, told, quiet), told);
        let frames = it.frames(at(0), || 1);
        let is_arrange = |frame: &ClientFrame| matches!(frame, ClientFrame::Arrange { .. });
        assert!(frames.len() == changes.len() && frames.iter().all(is_arrange));
        it.answered(1);
        assert!(it.apply(here(), told, quiet).favourite);
    }
}
