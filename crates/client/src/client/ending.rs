//! What every step ends with.

use protocol::Timestamp;

use super::Client;
use crate::{Change, Effect, status as strip};

impl Client {
    /// What every step ends with.
    pub(super) fn finish(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.session.is_live() {
            self.expire(now);
            self.read_history(now);
            self.tell_cursors_again(now);
            self.tell_wishes(now);
            self.tell_activity(now);
            for frame in self.outbox.transmit(now) {
                self.transmit(frame);
            }
            self.tell_drafts(now);
            self.tell_received(now);
            for users in self.names.ask() {
                self.effect(Effect::NeedPersons(users));
            }
        }
        for conversation in self.typists.expire(now) {
            self.change(Change::Typing(conversation));
        }
        self.expire_messages();
        self.expire_standing();
        self.settle_window();
        let status = self.status(now);
        if status != self.shown_status {
            self.shown_status = status;
            self.change(Change::Connection);
        }
        self.lay_over();
        self.watch_mutes();
        let work = std::mem::take(&mut self.work);
        let mut effects = work.effects;
        for (conversation, messages) in work.messages {
            effects.push(Effect::SaveMessages {
                conversation,
                messages,
            });
        }
        let saved: Vec<_> = work
            .conversations
            .iter()
            .filter_map(|id| self.conversations.get(id)?.saved())
            .collect();
        if !saved.is_empty() {
            effects.push(Effect::SaveConversations(saved));
        }
        let changes = work.changes.into_iter().chain(work.announcements);
        effects.extend(changes.map(Effect::Changed));
        self.wake(now, &mut effects);
        effects
    }

    /// Brings what waiting changes make of the rows up to date, where anything has changed.
    fn lay_over(&mut self) {
        for change in &self.work.changes {
            if let Change::Rows(id) = change
                && let Some(it) = self.conversations.get_mut(id)
            {
                it.lay_over(&self.outbox);
            }
        }
    }

    /// Asks for the next wake-up, if it is another than before.
    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.wake_at.is_some_and(|at| at <= now) {
            self.wake_at = None;
        }
        let mut deadlines = vec![
            self.session.deadline(),
            strip::deadline(&self.session, now),
            self.typists.deadline(),
            self.server_clock.deadline(now),
            self.expiry_deadline(now),
            self.standing_deadline(now),
        ];
        if self.session.is_live() {
            deadlines.push(self.outbox.deadline(now));
            deadlines.push(self.wish_deadline());
            deadlines.push(self.fetches.deadline());
            deadlines.push(self.history_deadline(now));
            deadlines.push(self.cursors.again_at);
            deadlines.push(self.receipts.at);
            deadlines.push(self.activity.deadline());
        }
        let next = deadlines.into_iter().flatten().min();
        if let Some(at) = next
            && self.wake_at != next
        {
            self.wake_at = next;
            effects.push(Effect::WakeAt(at));
        }
    }
}
