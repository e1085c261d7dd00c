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
    let packed = protocol::pack(&(&message.content, &message.marks, past))
        .map_err(|error| ChatError::Security(error.to_string()))?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + packed.len() + DataKey::OVERHEAD);
    Header::from(message).write(&mut bytes);
    let sealed = key
        .seal(&aad(conversation, seq, &bytes), &packed)
        .map_err(|error| ChatError::Security(error.to_string()))?;
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
mod tests {
    use protocol::{Answers, Change, ChangeKind, Emoji, Notice, Origin};

    use super::*;
    use crate::fixtures::{each_byte_changed, new_data_key};

    const TEXT: &str = "नमस्ते, دنیا 🙂";

    fn conversation() -> ConversationId {
        ConversationId::from_bytes([7; 16])
    }

    fn body(text: &str) -> MessageBody {
        MessageBody::parse(text).unwrap()
    }

    fn entry(content: Content) -> Entry {
        Entry::from(Message {
            conversation: conversation(),
            seq: Seq(5),
            author: UserId::from_bytes([1; 16]),
            send_id: SendId::from_bytes([2; 16]),
            sent_at: Timestamp::from_millis(1_234_567),
            content,
            marks: Marks::default(),
        })
    }

    fn text() -> Entry {
        entry(Content::Text(body(TEXT).into()))
    }

    /// Answered, and an answer.
    fn threaded(thread: Thread) -> Entry {
        let mut entry = text();
        entry.message.marks.thread = Some(thread);
        entry
    }

    /// Over at a time.
    fn ending() -> Entry {
        let mut entry = text();
        entry.message.marks.expires_at = Some(Timestamp::from_millis(7));
        entry
    }

    /// Edited, reacted to and pinned.
    fn lively() -> Entry {
        let mut entry = entry(Content::Text(Text {
            body: body(TEXT),
            reply_to: Some(Seq(3)),
            forwarded: false,
        }));
        let emoji = Emoji::parse("👍").unwrap();
        for (seq, change) in (6..).zip([
            ChangeKind::Edit(body("anything else")),
            ChangeKind::React { emoji, on: true },
            ChangeKind::Pin(true),
        ]) {
            let origin = Origin {
                seq: Seq(seq),
                author: UserId::from_bytes([4; 16]),
                at: Timestamp::from_millis(9),
            };
            entry.fold(origin, &change);
        }
        entry
    }

    /// A row as it was written before there were changes.
    fn first_row(key: &DataKey) -> Bytes {
        let mut row = vec![FIRST_VERSION];
        row.extend_from_slice(&[1; 16]);
        row.extend_from_slice(&[2; 16]);
        row.extend_from_slice(&1_234_567_u64.to_be_bytes());
        let content = [&[FIRST_KIND_TEXT], TEXT.as_bytes()].concat();
        let sealed = key.seal(&aad(conversation(), Seq(5), &row), &content);
        row.extend_from_slice(&sealed.unwrap());
        row.into()
    }

    /// A row as it was written before messages were over at a time, before there were threads,
    /// or before messages were forwarded.
    fn early_row(key: &DataKey, version: u8, entry: &Entry) -> Bytes {
        let Entry { message, past } = entry;
        let past = past.as_ref().map(|past| (&past.original, &past.edits));
        let marks = &message.marks;
        let (reactions, thread) = (&marks.reactions, &marks.thread);
        let early = (marks.version, marks.edited_at, marks.pinned, reactions);
        let packed = match &message.content {
            content if version == FOURTH_VERSION => {
                let (version, edited_at, pinned, reactions) = early;
                let marks = (version, edited_at, pinned, reactions, thread);
                protocol::pack(&(content, marks, past))
            }
            Content::Text(text) if version == SECOND_VERSION => {
                let words = (0_u32, &text.body, text.reply_to);
                protocol::pack(&(words, early, past))
            }
            other => protocol::pack(&(other, early, past)),
        };
        let mut row = Vec::new();
        Header::from(message).write(&mut row);
        row[0] = version;
        let sealed = key.seal(&aad(conversation(), Seq(5), &row), &packed.unwrap());
        row.extend_from_slice(&sealed.unwrap());
        row.into()
    }

    fn is_damaged(key: &DataKey, conversation: ConversationId, seq: Seq, row: &[u8]) -> bool {
        let (entry, damaged) = open(key, conversation, seq, &Bytes::copy_from_slice(row));
        assert_eq!(damaged, entry.message.content == Content::Unavailable);
        assert_eq!(entry.message.seq, seq);
        damaged
    }

    #[test]
    fn comes_back_as_it_went_in() {
        let key = new_data_key();
        let title = protocol::DisplayName::parse("दोस्त").unwrap();
        for entry in [
            text(),
            lively(),
            threaded(Thread::Under(Seq(2))),
            threaded(Thread::Root(Box::new(Answers {
                count: 2,
                last: Seq(9),
                last_at: Timestamp::from_millis(7),
                authors: vec![UserId::from_bytes([4; 16])],
            }))),
            entry(Content::Text(Text {
                forwarded: true,
                ..body(TEXT).into()
            })),
            entry(Content::Deleted),
            ending(),
            entry(Content::Change(Change {
                target: Seq(3),
                kind: ChangeKind::Withdrawn,
            })),
            entry(Content::Notice(Notice::Created { title })),
        ] {
            let row = seal(&key, &entry).unwrap();
            assert_eq!(Header::read(&row.bytes), Some(Header::from(&entry.message)));
            assert_eq!((row.conversation, row.seq), (conversation(), Seq(5)));
            let opened = open(&key, conversation(), Seq(5), &row.bytes);
            assert_eq!(opened, (entry, false));
        }
    }

    #[test]
    fn the_header_says_what_counts() {
        let key = new_data_key();
        let change = Change {
            target: Seq(3),
            kind: ChangeKind::Delete,
        };
        let left = Notice::Left { successor: None };
        for (content, counts) in [
            (Content::Text(body("x").into()), true),
            (Content::Deleted, true),
            (Content::Change(change), false),
            (Content::Notice(left), false),
        ] {
            let row = seal(&key, &entry(content)).unwrap();
            assert_eq!(Header::read(&row.bytes).unwrap().counts, counts);
        }
    }

    #[test]
    fn a_row_of_the_first_version_is_read_and_counts() {
        let key = new_data_key();
        let row = first_row(&key);
        assert_eq!(Header::read(&row), Some(Header::from(&text().message)));
        assert_eq!(open(&key, conversation(), Seq(5), &row), (text(), false));
        assert!(is_damaged(&key, conversation(), Seq(6), &row));
    }

    #[test]
    fn rows_of_early_versions_are_read_whatever_they_hold() {
        let key = new_data_key();
        let left = Notice::Left { successor: None };
        for entry in [
            text(),
            lively(),
            entry(Content::Deleted),
            entry(Content::Notice(left)),
        ] {
            for version in [SECOND_VERSION, THIRD_VERSION, FOURTH_VERSION] {
                let row = early_row(&key, version, &entry);
                assert_eq!(Header::read(&row), Some(Header::from(&entry.message)));
                let opened = open(&key, conversation(), Seq(5), &row);
                assert_eq!(opened, (entry.clone(), false));
                assert!(is_damaged(&key, conversation(), Seq(6), &row));
            }
        }
    }

    #[test]
    fn a_row_of_the_fourth_version_keeps_its_thread() {
        let key = new_data_key();
        let answer = threaded(Thread::Under(Seq(2)));
        let row = early_row(&key, FOURTH_VERSION, &answer);
        assert_eq!(open(&key, conversation(), Seq(5), &row), (answer, false));
    }

    #[test]
    fn the_text_is_not_readable_in_the_row() {
        let row = seal(&new_data_key(), &text()).unwrap();
        let word = "नमस्ते".as_bytes();
        assert!(!row.bytes.windows(word.len()).any(|w| w == word));
    }

    #[test]
    fn a_row_opens_in_its_own_place_only() {
        let key = new_data_key();
        let row = seal(&key, &lively()).unwrap().bytes;
        assert!(!is_damaged(&key, conversation(), Seq(5), &row));
        assert!(is_damaged(&key, conversation(), Seq(6), &row));
        let other = ConversationId::from_bytes([8; 16]);
        assert!(is_damaged(&key, other, Seq(5), &row));
        assert!(is_damaged(&new_data_key(), conversation(), Seq(5), &row));
    }

    #[test]
    fn a_change_of_any_byte_is_noticed_and_of_any_length() {
        let key = new_data_key();
        for row in [seal(&key, &lively()).unwrap().bytes, first_row(&key)] {
            for (at, changed) in each_byte_changed(&row).enumerate() {
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
    }

    #[test]
    fn what_is_not_a_row_has_no_header() {
        assert_eq!(Header::read(b""), None);
        assert_eq!(Header::read(&[1; FIRST_HEADER_BYTES - 1]), None);
        assert_eq!(Header::read(&[2; HEADER_BYTES - 1]), None);
        assert_eq!(Header::read(&[2; HEADER_BYTES]), None, "an unknown flag");
        assert_eq!(Header::read(&[3; HEADER_BYTES]), None, "an unknown flag");
        assert_eq!(Header::read(&[4; HEADER_BYTES]), None, "an unknown flag");
        assert_eq!(Header::read(&[9; HEADER_BYTES]), None);
    }
}
