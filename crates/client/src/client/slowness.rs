//! Slow mode, as far as this device can tell: from when on the user may write again. The server
//! decides; what it refuses waits in the outbox until the time that it names.

use protocol::{ConversationId, Role, Timestamp};

use super::Client;

impl Client {
    /// From when on the user may write a message in a conversation, by the server's clock;
    /// `None` if they need not wait.
    #[must_use]
    pub fn may_write_at(&self, id: ConversationId, now: Timestamp) -> Option<Timestamp> {
        let me = self.config.me;
        let it = self.conversations.get(&id)?;
        let summary = it.summary.as_ref()?;
        let mut members = summary.members.iter();
        let role = members
            .find(|member| member.person.id == me)
            .map_or(Role::Member, |member| member.role);
        if !summary.slow_mode.slows(role) {
            return None;
        }
        let (written, told) = self.outbox.pace(id);
        let served = self.server_clock.at(now);
        // The newest entries are enough: what is older than the pause says nothing.
        let since = served.millis().saturating_sub(summary.slow_mode.millis());
        let own = it.timeline.newest_slowed(me, Timestamp::from_millis(since));
        let [written, told] = [written, told].map(|at| at.map(|at| self.server_clock.at(at)));
        let waits = summary.slow_mode.until(role, own.max(written), served);
        waits.max(told.filter(|told| served < *told))
    }
}
