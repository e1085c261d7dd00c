//! Slow mode: who has to wait before they write again, and for how long.

use protocol::{ErrorCode, Origin, Timestamp, UserId};

use super::Roll;
use crate::unread::Membership;

/// Why a send is refused, and how long to wait where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) retry_after_ms: Option<u32>,
}

impl Refusal {
    fn wait(millis: u64) -> Self {
        Self {
            code: ErrorCode::SlowMode,
            retry_after_ms: Some(u32::try_from(millis).unwrap_or(u32::MAX)),
        }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            retry_after_ms: None,
        }
    }
}

impl Roll<'_> {
    /// A message was written: in slow mode the next one waits. Nothing is copied without it.
    pub(super) fn wrote(&mut self, origin: Origin) {
        let slow_mode = self.details.slow_mode;
        let slowed = |member: &Membership| slow_mode.slows(member.role);
        if self.member(origin.author).is_some_and(slowed)
            && let Some(member) = self.member_mut(origin.author)
        {
            member.paced(slow_mode, origin.at);
        }
    }

    /// Whether somebody who may write need not wait for slow mode, or how long they have to.
    pub(crate) fn permit_pace(&self, origin: Origin) -> Result<(), Refusal> {
        match self.paced_until(origin.author, origin.at) {
            None => Ok(()),
            Some(until) => Err(Refusal::wait(until.millis() - origin.at.millis())),
        }
    }

    /// From when on somebody may write again, if they have to wait.
    pub(crate) fn paced_until(&self, user: UserId, now: Timestamp) -> Option<Timestamp> {
        let member = self.member(user)?;
        let slow_mode = self.details.slow_mode;
        slow_mode.until(member.role, member.wrote_at, now)
    }
}
