//! What waits for one conversation.

use std::collections::VecDeque;

use protocol::limits::SEND_TIMEOUT_MS;
use protocol::{ClientFrame, Content, ErrorCode, SendId, Seq, Timestamp, UserId};

use crate::{Delivery, OutboxEntry, Row};

/// How far an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Not stored on this device yet; not to be transmitted before.
    Unsaved,
    /// To be transmitted when its turn comes.
    Queued,
    /// Transmitted on the present connection, not answered.
    UnderWay,
    /// Refused for good.
    Refused(ErrorCode),
    /// Stored under a place that the timeline has not reached, so the echo still stands.
    Stored(Seq),
}

#[derive(Debug)]
pub(super) struct Pending {
    pub(super) entry: OutboxEntry,
    pub(super) phase: Phase,
    /// Whether it may have been transmitted before, by this tab or by another.
    pub(super) transmitted: bool,
    pub(super) author: UserId,
    /// What its entry will hold, as far as that is known here.
    pub(super) content: Option<Content>,
    pub(super) delivery: Delivery,
    /// Its echo, if it is a message.
    pub(super) row: Option<Row>,
}

/// What waits for one conversation.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) entries: VecDeque<Pending>,
    /// Since when the server owes this lane an answer.
    pub(super) silent_since: Option<Timestamp>,
    /// Whether it owed it for too long, so that everything here is shown as not sent.
    pub(super) late: bool,
    /// The last transient refusal.
    pub(super) last_code: Option<ErrorCode>,
    /// Before this nothing is transmitted.
    pub(super) not_before: Option<Timestamp>,
    /// Before this no message is: slow mode is on. Everything else goes on.
    pub(super) slow_until: Option<Timestamp>,
    pub(super) attempt: u32,
}

impl Lane {
    pub(super) fn find(&mut self, send_id: SendId) -> Option<&mut Pending> {
        self.entries
            .iter_mut()
            .find(|pending| pending.entry.send_id == send_id)
    }

    /// The server has looked for an entry and not found it, so no copy of it stands.
    pub(super) fn is_not_stored(&mut self, send_id: SendId) {
        if let Some(pending) = self.find(send_id) {
            pending.transmitted = false;
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.entries
            .iter()
            .any(|pending| pending.phase == Phase::UnderWay)
    }

    /// The next to be answered for.
    pub(super) fn head(&self, now: Timestamp) -> Option<&Pending> {
        let is_slow = self.slow_until.is_some_and(|until| now < until);
        self.entries
            .iter()
            .filter(|pending| !(is_slow && pending.row.is_some()))
            .find(|pending| !matches!(pending.phase, Phase::Refused(_) | Phase::Stored(_)))
    }

    /// Whether a message waits for slow mode to let it through, and until when.
    fn slowed(&self) -> Option<Timestamp> {
        let waits = |pending: &Pending| pending.row.is_some() && pending.phase == Phase::Queued;
        self.slow_until.filter(|_| self.entries.iter().any(waits))
    }

    /// When there is something to transmit after `now` that waits for it.
    pub(super) fn pause(&self, now: Timestamp) -> Option<Timestamp> {
        let pauses = self.not_before.into_iter().chain(self.slowed());
        pauses.filter(|at| *at > now).min()
    }

    pub(super) fn transmit(&mut self, now: Timestamp) -> Option<ClientFrame> {
        if self.is_under_way() || self.not_before.is_some_and(|at| at > now) {
            return None;
        }
        let send_id = self
            .head(now)
            .filter(|head| head.phase == Phase::Queued)?
            .entry
            .send_id;
        self.not_before = None;
        self.silent_since.get_or_insert(now);
        let head = self.find(send_id)?;
        head.phase = Phase::UnderWay;
        let retry = std::mem::replace(&mut head.transmitted, true);
        Some(ClientFrame::Send {
            send_id,
            conversation: head.entry.conversation,
            intent: head.entry.intent.clone(),
            after: head.entry.after,
            retry,
        })
    }

    /// The server has answered for good; the next entry has its full time.
    pub(super) fn progress(&mut self) {
        self.silent_since = None;
        self.late = false;
        self.last_code = None;
        self.not_before = None;
        self.attempt = 0;
    }

    /// Whatever was under way is queued again, its time begins anew.
    pub(super) fn start_over(&mut self) {
        self.silent_since = None;
        self.late = false;
        self.last_code = None;
        for pending in &mut self.entries {
            if pending.phase == Phase::UnderWay {
                pending.phase = Phase::Queued;
            }
        }
        self.show();
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.silent_since
            .map(|since| since.plus_millis(SEND_TIMEOUT_MS))
    }

    /// Brings the rows up to date.
    pub(super) fn show(&mut self) {
        let (late, last_code) = (self.late, self.last_code);
        for pending in &mut self.entries {
            pending.delivery = match pending.phase {
                Phase::Refused(code) => Delivery::Failed { code: Some(code) },
                Phase::Stored(_) => Delivery::Sent,
                Phase::Unsaved | Phase::Queued | Phase::UnderWay if late => {
                    Delivery::Failed { code: last_code }
                }
                Phase::Unsaved | Phase::Queued | Phase::UnderWay => Delivery::Sending,
            };
            if let Some(row) = &mut pending.row {
                row.delivery = pending.delivery;
            }
        }
    }
}
