//! That somebody wants to be told of a message again at a time. Nobody else learns of it, and
//! all devices of the account agree on it.

use serde::{Deserialize, Serialize};

use crate::limits::SCHEDULE_MS;
use crate::{ErrorCode, Message, SavedPlace, Timestamp};

/// A reminder. There is one of a message at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// Of which message.
    pub place: SavedPlace,
    /// When.
    pub at: Timestamp,
    /// Whether the time has come: it was told, and stays until it is put aside or gets another
    /// time.
    pub due: bool,
}

/// A reminder as the list of them shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemindedMessage {
    /// The reminder.
    pub reminder: Reminder,
    /// The message as it is now, also where it was deleted; `None` where it cannot be read.
    pub message: Option<Message>,
}

/// Whether one may be reminded at this time: it is at most [`SCHEDULE_MS`] away. A time that is
/// over has come: a device may have been without a connection since it was chosen.
///
/// # Errors
/// [`ErrorCode::TimeOutOfRange`].
pub fn check_reminder(at: Timestamp, now: Timestamp) -> Result<Timestamp, ErrorCode> {
    if at <= now.plus_millis(SCHEDULE_MS) {
        Ok(at)
    } else {
        Err(ErrorCode::TimeOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_within_a_year_or_over() {
        let now = Timestamp::from_millis(1_000_000);
        let year = now.plus_millis(SCHEDULE_MS);
        for (at, is_possible) in [
            (Timestamp::from_millis(0), true),
            (now, true),
            (now.plus_millis(1), true),
            (year, true),
            (year.plus_millis(1), false),
            (Timestamp::from_millis(u64::MAX), false),
        ] {
            assert_eq!(check_reminder(at, now).is_ok(), is_possible, "{at:?}");
        }
    }
}
