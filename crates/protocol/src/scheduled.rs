//! Messages that wait on the server for their time.

use serde::{Deserialize, Serialize};

use crate::limits::SCHEDULE_MS;
use crate::{ConversationId, ErrorCode, SendId, Text, Timestamp};

/// A message that is sent at a later time. Only its author knows of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    /// The author's id of it, under which it is sent.
    pub id: SendId,
    /// Where to.
    pub conversation: ConversationId,
    /// When.
    pub due: Timestamp,
    /// What it says; `None` if what is stored cannot be read.
    pub text: Option<Text>,
    /// Why it was not sent when it was due; it waits no longer then.
    pub unsent: Option<Unsent>,
}

/// Why a message was not sent at its time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsent {
    /// Its author is not in the conversation any more, or does not see what it answers.
    NotFound,
    /// Its author may not write there, or not mention everybody.
    Forbidden,
    /// What was stored of it cannot be read.
    Unreadable,
    /// Anything else that time does not mend.
    Refused,
}

impl Unsent {
    /// Why a send that was refused is given up; `None` if it is to be tried again.
    #[must_use]
    pub const fn of(code: ErrorCode) -> Option<Self> {
        match code {
            ErrorCode::NotFound => Some(Self::NotFound),
            ErrorCode::Forbidden => Some(Self::Forbidden),
            code if code.is_transient() => None,
            _ => Some(Self::Refused),
        }
    }
}

/// Whether a message may wait for this time: it is still to come, and at most
/// [`SCHEDULE_MS`] away.
///
/// # Errors
/// [`ErrorCode::TimeOutOfRange`].
pub fn check_due(due: Timestamp, now: Timestamp) -> Result<Timestamp, ErrorCode> {
    if due > now && due <= now.plus_millis(SCHEDULE_MS) {
        Ok(due)
    } else {
        Err(ErrorCode::TimeOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_to_come_and_within_a_year() {
        let now = Timestamp::from_millis(1_000_000);
        let year = now.plus_millis(SCHEDULE_MS);
        for (due, is_possible) in [
            (Timestamp::from_millis(0), false),
            (now, false),
            (now.plus_millis(1), true),
            (year, true),
            (year.plus_millis(1), false),
            (Timestamp::from_millis(u64::MAX), false),
        ] {
            assert_eq!(check_due(due, now).is_ok(), is_possible, "{due:?}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_all_else_is_given_up() {
        assert_eq!(Unsent::of(ErrorCode::NotFound), Some(Unsent::NotFound));
        assert_eq!(Unsent::of(ErrorCode::Forbidden), Some(Unsent::Forbidden));
        assert_eq!(Unsent::of(ErrorCode::TooMany), Some(Unsent::Refused));
        for code in [
            ErrorCode::Internal,
            ErrorCode::RateLimited,
            ErrorCode::StorageUnavailable,
            ErrorCode::Draining,
        ] {
            assert_eq!(Unsent::of(code), None, "{code:?}");
        }
    }
}
