//! What the account hides, as far as the server has said, and what it is therefore not shown.

use protocol::{ConversationSummary, Privacy, UserId};

use crate::summary;

/// What the account hides.
#[derive(Debug, Default)]
pub(crate) struct OwnPrivacy {
    now: Privacy,
    /// Whether the present connection has said it.
    is_told: bool,
}

impl OwnPrivacy {
    pub(crate) const fn get(&self) -> Privacy {
        self.now
    }

    /// A connection begins. What was known stays until it has said what it has to say.
    pub(crate) const fn greeted(&mut self) {
        self.is_told = false;
    }

    /// This is hidden. Whether that is news.
    pub(crate) fn tell(&mut self, privacy: Privacy) -> bool {
        self.is_told = true;
        std::mem::replace(&mut self.now, privacy) != privacy
    }

    /// The connection has said everything: nothing is hidden unless it has said so. Whether that
    /// is news.
    pub(crate) fn resumed(&mut self) -> bool {
        !self.is_told && self.tell(Privacy::default())
    }

    /// Takes out of what was said before what is not to be shown any more.
    pub(crate) fn strip(&self, summary: &mut ConversationSummary, me: UserId) -> bool {
        self.now.hides_reading && forget_readers(summary, me)
    }
}

/// Nothing is known of how far the others have read; whether anything was.
fn forget_readers(summary: &mut ConversationSummary, me: UserId) -> bool {
    let others = summary.members.iter().map(|member| member.person.id);
    let others: Vec<UserId> = others.filter(|user| *user != me).collect();
    let forget = |any, user| summary::unseen(summary, user) || any;
    others.into_iter().fold(false, forget)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_stays_so_until_a_connection_has_said_everything() {
        let hidden = Privacy {
            hides_reading: true,
            hides_presence: false,
        };
        let mut own = OwnPrivacy::default();
        own.greeted();
        assert!(own.tell(hidden));
        assert!(!own.tell(hidden));
        assert!(!own.resumed());
        own.greeted();
        assert_eq!(own.get(), hidden);
        assert!(!own.tell(hidden));
        assert!(!own.resumed());
        own.greeted();
        assert!(own.resumed());
        assert_eq!(own.get(), Privacy::default());
    }
}
