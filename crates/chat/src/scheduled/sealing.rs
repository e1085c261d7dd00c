//! How a message that waits is kept: under its conversation's data key, like what was sent
//! (`crate::envelope`), and bound to its author, id, conversation and time.
//!
//! ```text
//! version (1) | sealed
//! ```

use bytes::Bytes;
use protocol::{Text, Unsent};
use security::DataKey;

use crate::ChatError;
use crate::store::ScheduledRecord;

const VERSION: u8 = 1;

/// Tells it from every other thing that is sealed under the same key.
const PURPOSE: &[u8] = b"baatcheet scheduled message";

/// What is sealed: what it says, and why it was not sent.
type Packed = (Text, Option<Unsent>);

fn aad(record: &ScheduledRecord) -> Vec<u8> {
    let mut aad = PURPOSE.to_vec();
    aad.extend_from_slice(&record.conversation.to_bytes());
    aad.extend_from_slice(&record.author.to_bytes());
    aad.extend_from_slice(&record.id.to_bytes());
    aad.extend_from_slice(&record.due.millis().to_be_bytes());
    aad
}

/// Seals what a record is to hold; all its other fields are as they will be stored.
pub(super) fn seal(
    key: &DataKey,
    mut record: ScheduledRecord,
    text: &Text,
    unsent: Option<Unsent>,
) -> Result<ScheduledRecord, ChatError> {
    let packed = protocol::pack(&(text, unsent)).map_err(ChatError::security)?;
    let sealed = key.seal(&aad(&record), &packed);
    let sealed = sealed.map_err(ChatError::security)?;
    record.sealed = [&[VERSION], sealed.as_slice()].concat().into();
    Ok(record)
}

/// Opens it; `None` if it was damaged or moved in the database.
pub(super) fn open(key: &DataKey, record: &ScheduledRecord) -> Option<Packed> {
    let (&VERSION, sealed) = record.sealed.split_first()? else {
        return None;
    };
    let packed = key.open(&aad(record), sealed).ok()?;
    protocol::unpack(&packed).ok()
}

/// A record that holds nothing yet.
pub(super) const fn empty() -> Bytes {
    Bytes::new()
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, MessageBody, SendId, Seq, Timestamp, UserId};

    use super::*;
    use crate::fixtures::{each_byte_changed, new_data_key};

    const TEXT: &str = "سالگرہ مبارک 🎂";

    fn record() -> ScheduledRecord {
        ScheduledRecord {
            author: UserId::from_bytes([1; 16]),
            id: SendId::from_bytes([2; 16]),
            conversation: ConversationId::from_bytes([7; 16]),
            due: Timestamp::from_millis(9_000),
            wake: Some(Timestamp::from_millis(9_000)),
            sealed: empty(),
        }
    }

    fn text() -> Text {
        Text {
            reply_to: Some(Seq(4)),
            ..MessageBody::parse(TEXT).unwrap().into()
        }
    }

    #[test]
    fn comes_back_as_it_went_in_and_is_not_readable() {
        let key = new_data_key();
        for unsent in [None, Some(Unsent::Forbidden)] {
            let sealed = seal(&key, record(), &text(), unsent).unwrap();
            assert_eq!(open(&key, &sealed), Some((text(), unsent)));
            let words = TEXT.as_bytes();
            assert!(!sealed.sealed.windows(words.len()).any(|it| it == words));
        }
    }

    #[test]
    fn opens_in_its_own_place_and_for_its_own_time_only() {
        let key = new_data_key();
        let sealed = seal(&key, record(), &text(), None).unwrap();
        // When it is looked at next is not what its author chose.
        let later = ScheduledRecord {
            wake: None,
            ..sealed.clone()
        };
        assert!(open(&key, &later).is_some());
        let other = [9; 16];
        for moved in [
            ScheduledRecord {
                author: UserId::from_bytes(other),
                ..sealed.clone()
            },
            ScheduledRecord {
                id: SendId::from_bytes(other),
                ..sealed.clone()
            },
            ScheduledRecord {
                conversation: ConversationId::from_bytes(other),
                ..sealed.clone()
            },
            ScheduledRecord {
                due: Timestamp::from_millis(1),
                ..sealed.clone()
            },
            record(),
        ] {
            assert_eq!(open(&key, &moved), None, "{moved:?}");
        }
        for (at, bytes) in each_byte_changed(&sealed.sealed).enumerate() {
            let changed = ScheduledRecord {
                sealed: bytes.into(),
                ..sealed.clone()
            };
            assert_eq!(open(&key, &changed), None, "byte {at}");
        }
    }
}
