//! How a message becomes the one opaque field of a row, and back.
//!
//! ```text
//! version (1) | author (16) | send id (16) | sent at, ms, big-endian (8) | sealed content
//! ```
//!
//! The header is readable without a key, so that a search for the first copy of a retried
//! message decrypts nothing. The content is sealed under the conversation's data key and bound
//! to its conversation, place and header: a row that was moved, swapped or edited in the
//! database does not open. Such a row becomes [`Content::Unavailable`] and keeps its place;
//! it is counted and logged, without what it holds, and never stops a page.
//!
//! Content is `kind (1) | the rest by kind`. Edits and reactions will be further kinds of the
//! same log (docs/decisions/0001-one-log-per-conversation.md).

use bytes::Bytes;
use protocol::{
    Content, ConversationId, Marks, Message, MessageBody, SendId, Seq, Timestamp, UserId,
};
use security::{CipherError, DataKey};

use crate::store::MessageRow;

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + 16 + 16 + 8;
const AAD_BYTES: usize = 16 + 8 + HEADER_BYTES;
const KIND_TEXT: u8 = 0;

/// What can be read of a row without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) author: UserId,
    pub(crate) send_id: SendId,
    pub(crate) sent_at: Timestamp,
}

impl Header {
    /// Stands where there is no row or none that can be read.
    pub(crate) const UNKNOWN: Self = Self {
        author: UserId::from_bytes([0; 16]),
        send_id: SendId::from_bytes([0; 16]),
        sent_at: Timestamp::from_millis(0),
    };

    /// Reads the header of a stored row; `None` if it has none of a known form.
    pub(crate) fn read(row: &[u8]) -> Option<Self> {
        let (header, _) = row.split_first_chunk::<HEADER_BYTES>()?;
        let (&[version], header) = header.split_first_chunk::<1>()?;
        let (author, header) = header.split_first_chunk::<16>()?;
        let (send_id, header) = header.split_first_chunk::<16>()?;
        let (sent_at, _) = header.split_first_chunk::<8>()?;
        (version == VERSION).then(|| Self {
            author: UserId::from_bytes(*author),
            send_id: SendId::from_bytes(*send_id),
            sent_at: Timestamp::from_millis(u64::from_be_bytes(*sent_at)),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.author.to_bytes());
        out.extend_from_slice(&self.send_id.to_bytes());
        out.extend_from_slice(&self.sent_at.millis().to_be_bytes());
    }

    fn aad(&self, conversation: ConversationId, seq: Seq) -> Vec<u8> {
        let mut aad = Vec::with_capacity(AAD_BYTES);
        aad.extend_from_slice(&conversation.to_bytes());
        aad.extend_from_slice(&seq.0.to_be_bytes());
        self.write(&mut aad);
        aad
    }
}

/// Seals a text for its place.
pub(crate) fn seal(
    key: &DataKey,
    conversation: ConversationId,
    seq: Seq,
    header: &Header,
    body: &MessageBody,
) -> Result<MessageRow, CipherError> {
    let text = body.as_str().as_bytes();
    let mut content = Vec::with_capacity(1 + text.len());
    content.push(KIND_TEXT);
    content.extend_from_slice(text);
    let sealed = key.seal(&header.aad(conversation, seq), &content)?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + sealed.len());
    header.write(&mut bytes);
    bytes.extend_from_slice(&sealed);
    Ok(MessageRow {
        conversation,
        seq,
        bytes: bytes.into(),
    })
}

/// Opens a row. The second value says whether it was damaged.
pub(crate) fn open(
    key: &DataKey,
    conversation: ConversationId,
    seq: Seq,
    row: &Bytes,
) -> (Message, bool) {
    let header = Header::read(row).unwrap_or(Header::UNKNOWN);
    let sealed = row.get(HEADER_BYTES..).unwrap_or_default();
    let content = key
        .open(&header.aad(conversation, seq), sealed)
        .ok()
        .and_then(|content| parse(&content));
    let damaged = content.is_none();
    if damaged {
        tracing::error!(%conversation, %seq, "a stored message cannot be opened");
    }
    let message = Message {
        conversation,
        seq,
        author: header.author,
        send_id: header.send_id,
        sent_at: header.sent_at,
        content: content.unwrap_or(Content::Unavailable),
        marks: Marks::default(),
    };
    (message, damaged)
}

const NO_MARKS: Marks = Marks {
    version: Seq::ZERO,
    edited_at: None,
    pinned: false,
    reactions: Vec::new(),
};

/// What stands in a place whose row is missing.
pub(crate) const fn missing(conversation: ConversationId, seq: Seq) -> Message {
    Message {
        conversation,
        seq,
        author: Header::UNKNOWN.author,
        send_id: Header::UNKNOWN.send_id,
        sent_at: Header::UNKNOWN.sent_at,
        content: Content::Unavailable,
        marks: NO_MARKS,
    }
}

fn parse(content: &[u8]) -> Option<Content> {
    let (&kind, rest) = content.split_first()?;
    let text = core::str::from_utf8(rest).ok()?;
    match kind {
        KIND_TEXT => {
            let body = MessageBody::parse(text).ok()?;
            Some(Content::Text(body.into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation() -> ConversationId {
        ConversationId::from_bytes([7; 16])
    }

    fn header() -> Header {
        Header {
            author: UserId::from_bytes([1; 16]),
            send_id: SendId::from_bytes([2; 16]),
            sent_at: Timestamp::from_millis(1_234_567),
        }
    }

    fn new_key() -> DataKey {
        let ring = security::KeyRing::for_tests();
        ring.new_data_key(conversation().to_bytes()).unwrap().0
    }

    fn row(key: &DataKey) -> MessageRow {
        let body = MessageBody::parse("नमस्ते, دنیا 🙂").unwrap();
        seal(key, conversation(), Seq(5), &header(), &body).unwrap()
    }

    fn is_damaged(key: &DataKey, conversation: ConversationId, seq: Seq, row: &[u8]) -> bool {
        let (message, damaged) = open(key, conversation, seq, &Bytes::copy_from_slice(row));
        assert_eq!(damaged, message.content == Content::Unavailable);
        assert_eq!(message.seq, seq);
        damaged
    }

    #[test]
    fn comes_back_as_it_went_in() {
        let key = new_key();
        let row = row(&key);
        assert_eq!(Header::read(&row.bytes), Some(header()));
        let (message, damaged) = open(&key, conversation(), Seq(5), &row.bytes);
        assert!(!damaged);
        let body = MessageBody::parse("नमस्ते, دنیا 🙂").unwrap();
        assert_eq!(message.content, Content::Text(body.into()));
        assert_eq!(message.author, header().author);
        assert_eq!(message.send_id, header().send_id);
        assert_eq!(message.sent_at, header().sent_at);
    }

    #[test]
    fn the_text_is_not_readable_in_the_row() {
        let row = row(&new_key());
        let word = "नमस्ते".as_bytes();
        assert!(!row.bytes.windows(word.len()).any(|w| w == word));
    }

    #[test]
    fn a_row_opens_in_its_own_place_only() {
        let key = new_key();
        let row = row(&key).bytes;
        assert!(!is_damaged(&key, conversation(), Seq(5), &row));
        assert!(is_damaged(&key, conversation(), Seq(6), &row));
        let other = ConversationId::from_bytes([8; 16]);
        assert!(is_damaged(&key, other, Seq(5), &row));
        assert!(is_damaged(&new_key(), conversation(), Seq(5), &row));
    }

    #[test]
    fn a_change_of_any_byte_is_noticed_and_of_any_length() {
        let key = new_key();
        let row = row(&key).bytes;
        for at in 0..row.len() {
            let mut changed = row.to_vec();
            changed[at] ^= 1;
            assert!(
                is_damaged(&key, conversation(), Seq(5), &changed),
                "byte {at}"
            );
            assert!(
                is_damaged(&key, conversation(), Seq(5), &row[..at]),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn what_is_not_a_row_has_no_header() {
        assert_eq!(Header::read(b""), None);
        assert_eq!(Header::read(&[1; HEADER_BYTES - 1]), None);
        assert_eq!(Header::read(&[9; HEADER_BYTES]), None);
    }
}
