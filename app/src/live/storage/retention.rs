//! Which messages are kept on this device: the newest of the conversations last active.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use protocol::{ConversationId, Message, Seq, Timestamp};

/// Messages kept of one conversation.
const MESSAGES: u64 = 100;
/// Conversations of which messages are kept.
const CONVERSATIONS: usize = 50;
/// How far either may be exceeded before it is cleaned up; deleting one by one is slow.
const SLACK: usize = 20;

/// What is stored, as far as this tab knows. Another tab may have stored more of it: that is
/// cleaned up when the next page starts.
#[derive(Default)]
pub(super) struct Retention {
    held: BTreeMap<ConversationId, Held>,
}

struct Held {
    /// Nothing up to this place is stored.
    floor: Seq,
    newest: Seq,
    active_at: Timestamp,
}

/// Messages to delete: all up to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Surplus {
    /// Of which conversation.
    pub(super) conversation: ConversationId,
    /// The last one; [`u64::MAX`] for the whole conversation.
    pub(super) until: Seq,
}

impl Surplus {
    /// Everything of a conversation.
    pub(super) const fn all_of(conversation: ConversationId) -> Self {
        Self {
            conversation,
            until: Seq(u64::MAX),
        }
    }
}

impl Retention {
    /// Takes note of a message; whether it is worth storing. What may be stored already is: it
    /// can have been changed since, and its old text must not stay.
    pub(super) fn admit(&mut self, message: &Message) -> bool {
        let held = self.held.entry(message.conversation).or_insert(Held {
            floor: message.seq.prev(),
            newest: message.seq,
            active_at: message.sent_at,
        });
        held.newest = held.newest.max(message.seq);
        held.active_at = held.active_at.max(message.sent_at);
        let worth = message.seq > window(held.newest).min(held.floor);
        if worth {
            held.floor = held.floor.min(message.seq.prev());
        }
        worth
    }

    /// What there is too much of; the caller deletes it.
    pub(super) fn surplus(&mut self) -> Vec<Surplus> {
        let mut surplus = self.too_many_conversations();
        for (id, held) in &mut self.held {
            let until = window(held.newest);
            if until.since(held.floor) > SLACK as u64 {
                held.floor = until;
                surplus.push(Surplus {
                    conversation: *id,
                    until,
                });
            }
        }
        surplus
    }

    /// Nothing of a conversation is stored any more up to a place.
    pub(super) fn clear(&mut self, conversation: ConversationId, up_to: Seq) {
        if let Some(held) = self.held.get_mut(&conversation) {
            held.floor = held.floor.max(up_to);
        }
    }

    /// Nothing of a conversation is stored any more.
    pub(super) fn forget_one(&mut self, conversation: ConversationId) {
        self.held.remove(&conversation);
    }

    /// Nothing is stored any more.
    pub(super) fn forget(&mut self) {
        self.held.clear();
    }

    fn too_many_conversations(&mut self) -> Vec<Surplus> {
        if self.held.len() <= CONVERSATIONS + SLACK {
            return Vec::new();
        }
        let mut by_age: Vec<_> = self
            .held
            .iter()
            .map(|(id, held)| (Reverse(held.active_at), *id))
            .collect();
        by_age.sort_unstable();
        let old = by_age.split_off(CONVERSATIONS);
        old.into_iter()
            .map(|(_, conversation)| {
                self.held.remove(&conversation);
                Surplus::all_of(conversation)
            })
            .collect()
    }
}

/// The last place that is not kept.
const fn window(newest: Seq) -> Seq {
    Seq(newest.0.saturating_sub(MESSAGES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Content, Marks, SendId, UserId};

    fn message(conversation: u8, seq: u64) -> Message {
        Message {
            conversation: ConversationId::from_bytes([conversation; 16]),
            seq: Seq(seq),
            author: UserId::from_bytes([1; 16]),
            send_id: SendId::from_bytes([2; 16]),
            sent_at: Timestamp::from_millis(u64::from(conversation) * 1_000 + seq),
            content: Content::Unavailable,
            marks: Marks::default(),
        }
    }

    #[test]
    fn the_newest_hundred_are_kept() {
        let mut retention = Retention::default();
        for seq in 1..=121 {
            assert!(retention.admit(&message(1, seq)));
            let expected = (seq == 121).then_some(Surplus {
                conversation: ConversationId::from_bytes([1; 16]),
                until: Seq(21),
            });
            assert_eq!(retention.surplus(), Vec::from_iter(expected), "{seq}");
        }
    }

    #[test]
    fn history_that_somebody_scrolls_through_is_not_stored() {
        let mut retention = Retention::default();
        assert!(retention.admit(&message(1, 500)));
        assert!(retention.admit(&message(1, 401)));
        assert!(!retention.admit(&message(1, 400)));
        assert_eq!(retention.surplus(), Vec::new());
    }

    #[test]
    fn a_row_that_was_changed_replaces_the_stored_one_wherever_it_is() {
        let mut retention = Retention::default();
        for seq in 1..=115 {
            assert!(retention.admit(&message(1, seq)));
        }
        assert_eq!(retention.surplus(), Vec::new());
        assert!(retention.admit(&message(1, 1)), "stored below the window");
        for seq in 116..=121 {
            retention.admit(&message(1, seq));
        }
        assert_eq!(retention.surplus().len(), 1);
        assert!(!retention.admit(&message(1, 1)), "not stored any more");
    }

    #[test]
    fn after_a_jump_what_lies_before_it_goes() {
        let mut retention = Retention::default();
        retention.admit(&message(1, 30));
        retention.admit(&message(1, 5_000));
        let surplus = retention.surplus();
        assert_eq!(surplus.first().map(|it| it.until), Some(Seq(4_900)));
        assert_eq!(retention.surplus(), Vec::new());
    }

    #[test]
    fn conversations_that_sleep_give_way() {
        let mut retention = Retention::default();
        for conversation in 1..=71 {
            assert_eq!(retention.surplus(), Vec::new());
            retention.admit(&message(conversation, 1));
        }
        let gone: Vec<_> = retention
            .surplus()
            .into_iter()
            .map(|it| it.conversation)
            .collect();
        let oldest: Vec<_> = (1..=21)
            .rev()
            .map(|n| ConversationId::from_bytes([n; 16]))
            .collect();
        assert_eq!(gone, oldest);
        assert_eq!(retention.surplus(), Vec::new());
    }
}
