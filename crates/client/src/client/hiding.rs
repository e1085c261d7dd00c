//! What the account hides, and so does not see.

use protocol::Privacy;

use super::Client;
use crate::Change;

impl Client {
    /// What the account hides from now on.
    pub(super) fn hides(&mut self, privacy: Privacy) {
        let is_news = self.privacy.tell(privacy);
        self.privacy_changed(is_news);
    }

    /// What the account hides from others, as far as the server has said.
    #[must_use]
    pub const fn privacy(&self) -> Privacy {
        self.privacy.get()
    }

    /// Another choice is in force. What was shown before goes at once; what is to be shown again
    /// the server tells.
    pub(super) fn privacy_changed(&mut self, is_news: bool) {
        if !is_news {
            return;
        }
        let privacy = self.privacy.get();
        if privacy.hides_reading {
            self.forget_readers();
        }
        if privacy.hides_presence {
            self.forget_presence();
        }
        self.change(Change::Privacy);
    }

    fn forget_readers(&mut self) {
        let me = self.config.me;
        let mut changed = Vec::new();
        for it in self.conversations.values_mut() {
            let summary = it.summary.as_mut();
            if summary.is_some_and(|summary| self.privacy.strip(summary, me)) {
                it.note_seen(me);
                changed.push(it.id);
            }
        }
        for id in changed {
            self.list_changed(id);
            self.rows_changed(id);
        }
    }

    /// Who is there and who types is not known any more.
    pub(super) fn forget_presence(&mut self) {
        for conversation in self.typists.forget() {
            self.change(Change::Typing(conversation));
        }
        for user in self.people.forget() {
            self.change(Change::Presence(user));
        }
    }
}
