//! How an entry becomes the one opaque field of a row, and back.
//!
//! ```text
//! version (1) | author (16) | send id (16) | sent at, ms, big-endian (8) | flags (1) | sealed
//! ```
//!
//! The header is readable without a key, so that a search for the first copy of a repeated
//! entry decrypts nothing, and neither does counting what is unread: the lowest flag says
//! whether the entry counts. What is sealed, under the conversation's data key, is bound to its
//! conversation, place and header: a row that was moved, swapped or changed in the database
//! does not open. Such a row becomes [`Content::Unavailable`] and keeps its place; it is counted
//! and logged, without what it holds, and never stops a page.
//!
//! Sealed are the content as it is now, what later entries have made of it, and its past
//! ([`Past`]), in the encoding of the wire. Version 4 of a row did not say when a
//! message is over, version 3 knew no threads, version 2 not whether a message was forwarded.
//! Version 1 had no flags, and held `0 | text`.

use bytes::Bytes;
use protocol::{
    Content, ConversationId, Marks, Message, MessageBody, Reaction, SendId, Seq, Text, Thread,
    Timestamp, UserId,
};
use security::DataKey;

use crate::ChatError;
use crate::entry::{Entry, Past};
use crate::store::MessageRow;

const VERSION: u8 = 5;
const COUNTS: u8 = 1;

/// The versions before.
const FOURTH_VERSION: u8 = 4;
const THIRD_VERSION: u8 = 3;
const SECOND_VERSION: u8 = 2;
const FIRST_VERSION: u8 = 1;
const FIRST_HEADER_BYTES: usize = 1 + 16 + 16 + 8;
const FIRST_KIND_TEXT: u8 = 0;
const SECOND_KIND_TEXT: u8 = 0;

const HEADER_BYTES: usize = FIRST_HEADER_BYTES + 1;

/// What is sealed of an entry that was never edited, or was.
type Packed = (Content, Marks, Earlier);
type Earlier = Option<(MessageBody, Vec<Seq>)>;
/// Marks as they were before there were threads.
type EarlyMarks = (Seq, Option<Timestamp>, bool, Vec<Reaction>);
/// Marks as they were before they said when a message is over.
type ThreadedMarks = (Seq, Option<Timestamp>, bool, Vec<Reaction>, Option<Thread>);

/// What can be read of a row without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) author: UserId,
    pub(crate) send_id: SendId,
    pub(crate) sent_at: Timestamp,
    /// Whether it counts as unread, see [`Content::counts`].
    pub(crate) counts: bool,
}

impl From<&Message> for Header {
    fn from(message: &Message) -> Self {
        Self {
            author: message.author,
            send_id: message.send_id,
            sent_at: message.sent_at,
            counts: message.content.counts(),
        }
    }
}

impl Header {
    /// Stands where there is no row or none that can be read.
    pub(crate) const UNKNOWN: Self = Self {
        author: UserId::from_bytes([0; 16]),
        send_id: SendId::from_bytes([0; 16]),
        sent_at: Timestamp::from_millis(0),
        counts: true,
    };

    /// Reads the header of a stored row; `None` if it has none of a known form.
    pub(crate) fn read(row: &[u8]) -> Option<Self> {
        split(row).map(|row| row.header)
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&self.author.to_bytes());
        out.extend_from_slice(&self.send_id.to_bytes());
        out.extend_from_slice(&self.sent_at.millis().to_be_bytes());
        out.push(if self.counts { COUNTS } else { 0 });
    }
}

/// A row in its parts.
struct Parts<'a> {
    version: u8,
    header: Header,
    header_bytes: &'a [u8],
    sealed: &'a [u8],
}

fn split(row: &[u8]) -> Option<Parts<'_>> {
    let (&version, rest) = row.split_first()?;
    let (author, rest) = rest.split_first_chunk::<16>()?;
    let (send_id, rest) = rest.split_first_chunk::<16>()?;
    let (sent_at, rest) = rest.split_first_chunk::<8>()?;
    let (flags, length) = match version {
        VERSION | FOURTH_VERSION | THIRD_VERSION | SECOND_VERSION => (*rest.first()?, HEADER_BYTES),
        FIRST_VERSION => (COUNTS, FIRST_HEADER_BYTES),
        _ => return None,
    };
    let (header_bytes, sealed) = row.split_at_checked(length)?;
    (flags & !COUNTS == 0).then(|| Parts {
        version,
        header: Header {
            author: UserId::from_bytes(*author),
            send_id: SendId::from_bytes(*send_id),
            sent_at: Timestamp::from_millis(u64::from_be_bytes(*sent_at)),
            counts: flags & COUNTS != 0,
        },
        header_bytes,
        sealed,
    })
}

/// What a row is bound to.
fn aad(conversation: ConversationId, seq: Seq, header: &[u8]) -> Vec<u8> {
    let mut aad = Vec::with_capacity(16 + 8 + header.len());
    aad.extend_from_slice(&conversation.to_bytes());
    aad.extend_from_slice(&seq.0.to_be_bytes());
    aad.extend_from_slice(header);
    aad
}

/// Seals an entry for its place.
pub(crate) fn seal(key: &DataKey, entry: &Entry) -> Result<MessageRow, ChatError> {
    let Entry { message, past } = entry;
    let (conversation, seq) = (message.conversation, message.seq);
    let past = past.as_ref().map(|past| (&past.original, &past.edits));
    let packed =
        protocol::pack(&(&message.content, &message.marks, past)).map_err(ChatError::security)?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + packed.len() + DataKey::OVERHEAD);
    Header::from(message).write(&mut bytes);
    let sealed = key
        .seal(&aad(conversation, seq, &bytes), &packed)
        .map_err(ChatError::security)?;
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
) -> (Entry, bool) {
    let parts = split(row);
    let header = parts.as_ref().map_or(Header::UNKNOWN, |parts| parts.header);
    let opened = parts.and_then(|parts| {
        let aad = aad(conversation, seq, parts.header_bytes);
        let packed = key.open(&aad, parts.sealed).ok()?;
        match parts.version {
            FIRST_VERSION => first_version(&packed),
            SECOND_VERSION => second_version(&packed),
            THIRD_VERSION => third_version(&packed),
            FOURTH_VERSION => fourth_version(&packed),
            _ => protocol::unpack::<Packed>(&packed).ok(),
        }
    });
    let damaged = opened.is_none();
    if damaged {
        tracing::error!(%conversation, %seq, "a stored message cannot be opened");
    }
    let (content, marks, past) = opened.unwrap_or((Content::Unavailable, NO_MARKS, None));
    let message = Message {
        conversation,
        seq,
        author: header.author,
        send_id: header.send_id,
        sent_at: header.sent_at,
        content,
        marks,
    };
    let past = past.map(|(original, edits)| Box::new(Past { original, edits }));
    (Entry { message, past }, damaged)
}

const NO_MARKS: Marks = Marks {
    version: Seq::ZERO,
    edited_at: None,
    pinned: false,
    reactions: Vec::new(),
    thread: None,
    expires_at: None,
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

fn first_version(content: &[u8]) -> Option<Packed> {
    let (&FIRST_KIND_TEXT, text) = content.split_first()? else {
        return None;
    };
    let body = MessageBody::parse(core::str::from_utf8(text).ok()?).ok()?;
    Some((Content::Text(body.into()), NO_MARKS, None))
}

/// The fields of a text stood where those of one of today do, but for the last.
fn second_version(packed: &[u8]) -> Option<Packed> {
    type Words = (u32, MessageBody, Option<Seq>);
    if packed.first() != Some(&SECOND_KIND_TEXT) {
        return third_version(packed);
    }
    let unpacked = protocol::unpack::<(Words, EarlyMarks, Earlier)>(packed).ok()?;
    let ((_, body, reply_to), marks, past) = unpacked;
    let text = Text {
        body,
        reply_to,
        forwarded: false,
    };
    Some((Content::Text(text), without_thread(marks), past))
}

fn third_version(packed: &[u8]) -> Option<Packed> {
    let (content, marks, past) = protocol::unpack::<(Content, EarlyMarks, Earlier)>(packed).ok()?;
    Some((content, without_thread(marks), past))
}

fn fourth_version(packed: &[u8]) -> Option<Packed> {
    let unpacked = protocol::unpack::<(Content, ThreadedMarks, Earlier)>(packed).ok()?;
    let (content, marks, past) = unpacked;
    Some((content, without_end(marks), past))
}

fn without_thread((version, edited_at, pinned, reactions): EarlyMarks) -> Marks {
    without_end((version, edited_at, pinned, reactions, None))
}

fn without_end((version, edited_at, pinned, reactions, thread): ThreadedMarks) -> Marks {
    Marks {
        version,
        edited_at,
        pinned,
        reactions,
        thread,
        expires_at: None,
    }
}

#[cfg(test)]
mod tests;
