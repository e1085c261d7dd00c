//! How long there was no connection, for what the strip says of it.

use protocol::Timestamp;

/// How long there was no connection. Interruptions add up until one lasts.
#[derive(Debug, Default)]
pub(crate) struct Downtime {
    earlier_ms: u64,
    since: Option<Timestamp>,
    up_since: Option<Timestamp>,
}

impl Downtime {
    /// A connection of this length ends the adding up.
    const FORGET_MS: u64 = 30_000;

    pub(crate) fn begin(&mut self, now: Timestamp) {
        if self.up_for(now) >= Self::FORGET_MS {
            self.earlier_ms = 0;
        }
        self.up_since = None;
        self.since.get_or_insert(now);
    }

    pub(crate) fn end(&mut self, now: Timestamp) {
        self.earlier_ms = self.total_ms(now);
        self.since = None;
        self.up_since = Some(now);
    }

    pub(crate) fn up_for(&self, now: Timestamp) -> u64 {
        self.up_since.map_or(0, |since| now.millis_since(since))
    }

    pub(crate) const fn is_down(&self) -> bool {
        self.since.is_some()
    }

    pub(crate) fn total_ms(&self, now: Timestamp) -> u64 {
        let present = self.since.map_or(0, |since| now.millis_since(since));
        self.earlier_ms.saturating_add(present)
    }

    /// When the total reaches a length, if nothing changes.
    pub(crate) fn reaches(&self, total_ms: u64) -> Option<Timestamp> {
        let since = self.since?;
        Some(since.plus_millis(total_ms.saturating_sub(self.earlier_ms)))
    }
}
