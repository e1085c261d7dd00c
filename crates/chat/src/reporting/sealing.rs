//! How a report is kept: under a key of its own, which the master key wraps, and bound to its id
//! and to who reports.
//!
//! ```text
//! version (1) | sealed
//! ```

use protocol::{ReportId, ReportNote, ReportReason, SavedPlace, Timestamp, UserId};
use security::KeyRing;

use super::ReportedMessage;
use crate::ChatError;
use crate::store::ReportRecord;

const VERSION: u8 = 1;

/// Tells it from every other thing that is sealed.
const PURPOSE: &[u8] = b"baatcheet report";

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) about: UserId,
    pub(super) message: Option<ReportedMessage>,
    pub(super) reason: ReportReason,
    pub(super) note: Option<ReportNote>,
}

type Packed = (
    UserId,
    Option<(SavedPlace, Timestamp, String)>,
    ReportReason,
    Option<ReportNote>,
);

fn aad(id: ReportId, reporter: UserId) -> Vec<u8> {
    [PURPOSE, &id.to_bytes(), &reporter.to_bytes()].concat()
}

pub(super) fn seal(
    keys: &KeyRing,
    (id, reporter): (ReportId, UserId),
    said: &Said,
) -> Result<ReportRecord, ChatError> {
    let message = said.message.as_ref();
    let message = message.map(|it| (it.place, it.sent_at, &it.text));
    let packed = (said.about, message, said.reason, &said.note);
    let packed = protocol::pack(&packed).map_err(ChatError::security)?;
    let (key, wrapped_key) = keys
        .new_data_key(id.to_bytes())
        .map_err(ChatError::security)?;
    let sealed = key.seal(&aad(id, reporter), &packed);
    let sealed = sealed.map_err(ChatError::security)?;
    Ok(ReportRecord {
        id,
        reporter,
        wrapped_key,
        sealed: [&[VERSION], sealed.as_slice()].concat(),
    })
}

/// Opens it; `None` if it was damaged or moved in the database.
pub(super) fn open(keys: &KeyRing, record: &ReportRecord) -> Option<Said> {
    let (&VERSION, sealed) = record.sealed.split_first()? else {
        return None;
    };
    let key = keys
        .open_data_key(record.id.to_bytes(), &record.wrapped_key)
        .ok()?;
    let packed = key.open(&aad(record.id, record.reporter), sealed).ok()?;
    let (about, message, reason, note): Packed = protocol::unpack(&packed).ok()?;
    Some(Said {
        about,
        message: message.map(|(place, sent_at, text)| ReportedMessage {
            place,
            sent_at,
            text,
        }),
        reason,
        note,
    })
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, Seq};

    use super::*;
    use crate::fixtures::each_byte_changed;

    const TEXT: &str = "دفع ہو جاؤ";
    const ID: ReportId = ReportId::from_bytes([1; 16]);
    const REPORTER: UserId = UserId::from_bytes([2; 16]);

    fn said() -> Said {
        Said {
            about: UserId::from_bytes([3; 16]),
            message: Some(ReportedMessage {
                place: SavedPlace {
                    conversation: ConversationId::from_bytes([4; 16]),
                    seq: Seq(5),
                },
                sent_at: Timestamp::from_millis(6),
                text: TEXT.to_owned(),
            }),
            reason: ReportReason::Other,
            note: Some(ReportNote::parse("every day").unwrap()),
        }
    }

    #[test]
    fn comes_back_as_it_went_in_and_is_not_readable() {
        let keys = KeyRing::for_tests();
        let person = Said {
            message: None,
            note: None,
            ..said()
        };
        for said in [said(), person] {
            let record = seal(&keys, (ID, REPORTER), &said).unwrap();
            assert_eq!(open(&keys, &record), Some(said));
            let words = TEXT.as_bytes();
            assert!(!record.sealed.windows(words.len()).any(|it| it == words));
        }
    }

    #[test]
    fn opens_under_its_own_id_and_reporter_only() {
        let keys = KeyRing::for_tests();
        let record = seal(&keys, (ID, REPORTER), &said()).unwrap();
        for moved in [
            ReportRecord {
                id: ReportId::from_bytes([9; 16]),
                ..record.clone()
            },
            ReportRecord {
                reporter: UserId::from_bytes([9; 16]),
                ..record.clone()
            },
            ReportRecord {
                wrapped_key: Vec::new(),
                ..record.clone()
            },
            ReportRecord {
                sealed: Vec::new(),
                ..record.clone()
            },
        ] {
            assert_eq!(open(&keys, &moved), None, "{moved:?}");
        }
        for (at, sealed) in each_byte_changed(&record.sealed).enumerate() {
            let damaged = ReportRecord {
                sealed,
                ..record.clone()
            };
            assert_eq!(open(&keys, &damaged), None, "byte {at}");
        }
    }
}
