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
