//! Slow mode, as far as this device can tell: from when on the user may write again. The server
//! decides; what it refuses waits in the outbox until the time that it names, or until another
//! pace is kept.

use protocol::{ConversationId, Role, SlowMode, Timestamp};

use super::Client;

impl Client {
    /// From when on the user may write a message in a conversation, by the server's clock;
    /// `None` if they need not wait.
    #[must_use]
    pub fn may_write_at(&self, id: ConversationId, now: Timestamp) -> Option<Timestamp> {
        let me = self.config.me;
        let (slow_mode, role) = self.own_pace(id)?;
        if !slow_mode.slows(role) {
            return None;
        }
        let (written, told) = self.outbox.pace(id);
        let served = self.server_clock.at(now);
        // The newest entries are enough: what is older than the pause says nothing.
        let since = served.millis().saturating_sub(slow_mode.millis());
        let since = Timestamp::from_millis(since);
        let it = self.conversations.get(&id)?;
        let own = it.timeline.newest_slowed(me, since);
        let [written, told] = [written, told].map(|at| at.map(|at| self.server_clock.at(at)));
        let waits = slow_mode.until(role, own.max(written), served);
        waits.max(told.filter(|told| served < *told))
    }

    /// How often members of a conversation write, and what the user is in it.
    pub(super) fn own_pace(&self, id: ConversationId) -> Option<(SlowMode, Role)> {
        let me = self.config.me;
        let summary = self.conversations.get(&id)?.summary.as_ref()?;
        let mut members = summary.members.iter();
        let own = members.find(|member| member.person.id == me);
        let role = own.map_or(Role::Member, |own| own.role);
        Some((summary.slow_mode, role))
    }

    /// Something happened in a conversation whose pace was `before`: what that held back goes on
    /// where it is another now.
    pub(super) fn follow_pace(&mut self, id: ConversationId, before: Option<(SlowMode, Role)>) {
        if self.own_pace(id) != before {
            self.outbox.pace_changed(id);
        }
    }
}
