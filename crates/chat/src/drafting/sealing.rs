//! How a draft is kept: under its conversation's data key, like what was sent
//! (`crate::envelope`), and bound to its account, conversation, membership and time.
//!
//! ```text
//! version (1) | sealed
//! ```

use bytes::Bytes;
use protocol::DraftText;
use security::DataKey;

use crate::ChatError;
use crate::store::DraftRecord;

const VERSION: u8 = 1;

/// Tells it from every other thing that is sealed under the same key.
const PURPOSE: &[u8] = b"baatcheet draft";

fn aad(record: &DraftRecord) -> Vec<u8> {
    let mut aad = PURPOSE.to_vec();
    aad.extend_from_slice(&record.conversation.to_bytes());
    aad.extend_from_slice(&record.user.to_bytes());
    for time in [record.joined_at, record.changed_at] {
        aad.extend_from_slice(&time.millis().to_be_bytes());
    }
    aad
}

/// Seals what a record is to hold; all its other fields are as they will be stored.
pub(super) fn seal(
    key: &DataKey,
    record: &DraftRecord,
    draft: &DraftText,
) -> Result<DraftRecord, ChatError> {
    let packed = protocol::pack(draft).map_err(ChatError::security)?;
    let sealed = key.seal(&aad(record), &packed);
    let sealed = sealed.map_err(ChatError::security)?;
    Ok(DraftRecord {
        sealed: Bytes::from([&[VERSION], sealed.as_slice()].concat()),
        ..record.clone()
    })
}

/// Opens it; `None` if it was damaged or moved in the database.
pub(super) fn open(key: &DataKey, record: &DraftRecord) -> Option<DraftText> {
    let (&VERSION, sealed) = record.sealed.split_first()? else {
        return None;
    };
    let packed = key.open(&aad(record), sealed).ok()?;
    protocol::unpack(&packed).ok()
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, DraftBody, Seq, Timestamp, UserId};

    use super::*;
    use crate::fixtures::{each_byte_changed, new_data_key};

    const TEXT: &str = "سالگرہ مبارک 🎂 ";

    fn record() -> DraftRecord {
        DraftRecord {
            user: UserId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([7; 16]),
            joined_at: Timestamp::from_millis(4),
            changed_at: Timestamp::from_millis(9),
            sealed: Bytes::new(),
        }
    }

    fn text() -> DraftText {
        DraftText {
            text: DraftBody::parse(TEXT).unwrap(),
            reply_to: Some(Seq(4)),
        }
    }

    #[test]
    fn comes_back_as_it_went_in_and_is_not_readable() {
        let key = new_data_key();
        let sealed = seal(&key, &record(), &text()).unwrap();
        assert_eq!(open(&key, &sealed), Some(text()));
        let words = TEXT.as_bytes();
        assert!(!sealed.sealed.windows(words.len()).any(|it| it == words));
    }

    #[test]
    fn opens_in_its_own_place_only() {
        let key = new_data_key();
        let sealed = seal(&key, &record(), &text()).unwrap();
        let other = [9; 16];
        for moved in [
            DraftRecord {
                user: UserId::from_bytes(other),
                ..sealed.clone()
            },
            DraftRecord {
                conversation: ConversationId::from_bytes(other),
                ..sealed.clone()
            },
            DraftRecord {
                joined_at: Timestamp::from_millis(5),
                ..sealed.clone()
            },
            DraftRecord {
                changed_at: Timestamp::from_millis(5),
                ..sealed.clone()
            },
            record(),
        ] {
            assert_eq!(open(&key, &moved), None, "{moved:?}");
        }
        for (at, bytes) in each_byte_changed(&sealed.sealed).enumerate() {
            let changed = DraftRecord {
                sealed: bytes.into(),
                ..sealed.clone()
            };
            assert_eq!(open(&key, &changed), None, "byte {at}");
        }
    }
}
