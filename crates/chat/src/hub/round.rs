//! One round of deliveries.

use parking_lot::RwLockReadGuard;
use protocol::{ConversationId, ServerFrame, UserId};

use super::presence::People;
use super::{Hub, Line, Shared, State, encode};
use crate::ConnectionId;

/// The hub held for one round of deliveries, so that many cost one lock.
pub(crate) struct Delivery<'a> {
    state: RwLockReadGuard<'a, State>,
    hub: &'a Hub,
    count: u64,
}

impl<'a> Delivery<'a> {
    pub(super) fn new(hub: &'a Hub) -> Self {
        Self {
            state: hub.state.read(),
            hub,
            count: 0,
        }
    }

    /// Who is there, while the hub is held.
    pub(super) fn people(&self) -> &People {
        &self.state.people
    }

    /// An event to every connection of the members but those in `except`.
    pub(crate) fn event(
        &mut self,
        conversation: ConversationId,
        members: impl Iterator<Item = UserId>,
        frame: &ServerFrame,
        except: impl Fn(ConnectionId) -> bool,
    ) {
        let mut shared = Shared::new(frame);
        for member in members {
            for line in self.state.registry.lines(member) {
                if !except(line.id) && line.event(conversation, shared.bytes(line.codec)) {
                    self.count += 1;
                }
            }
        }
    }

    /// The outcome of a send.
    pub(crate) fn settled(&mut self, line: &Line, frame: &ServerFrame) {
        if line.settled(encode(line.codec, frame)) {
            self.count += 1;
        }
    }

    /// A notice to every connection of an account; the one that asked for it gets the answer in
    /// its place.
    pub(crate) fn answer(
        &mut self,
        user: UserId,
        notice: &ServerFrame,
        (asked, answer): (ConnectionId, &ServerFrame),
    ) {
        let mut shared = Shared::new(notice);
        for line in self.state.registry.lines(user) {
            let taken = if line.id == asked {
                line.notice(encode(line.codec, answer))
            } else {
                line.notice(shared.bytes(line.codec))
            };
            self.count += u64::from(taken);
        }
    }

    /// A notice to every connection of the accounts.
    pub(crate) fn notices(&mut self, users: &[UserId], frame: &ServerFrame) {
        let mut shared = Shared::new(frame);
        for user in users {
            for line in self.state.registry.lines(*user) {
                if line.notice(shared.bytes(line.codec)) {
                    self.count += 1;
                }
            }
        }
    }
}

impl Drop for Delivery<'_> {
    fn drop(&mut self) {
        self.hub.count_delivered(self.count);
    }
}
