//! Some of everything, to be found again after the store was closed and opened.

use bytes::Bytes;
use protocol::{
    ConversationId, ConversationKind, Description, DisplayName, GroupSettings, Role, SearchTerm,
    Seq,
};

use super::{
    HOSTILE, NOW, Shared, account, append, assert_taken, conversation, conversation_id, drafts,
    folders, group, invites, member, reminders, saved, schedule, session_id, threads, user_id,
};
use chat::{
    AnswerRecord, Append, Checkpoint, ConversationRecord, Created, Details, MemberChange,
    MemberRecord, MessageRow, ReadCursor, SessionRecord, Singleton, Unique, UserRecord,
};

/// Accounts, conversations, and messages in each conversation.
const ACCOUNTS: u64 = 12;
const CONVERSATIONS: u64 = 12;
const MESSAGES: u64 = 600;
/// The place of a row that is rewritten.
const REWRITTEN: u64 = 5;

fn accounts() -> Vec<UserRecord> {
    (1..=ACCOUNTS)
        .zip(HOSTILE)
        .map(|(number, text)| account(number, &format!("user{number:02}"), text))
        .collect()
}

fn sessions() -> Vec<SessionRecord> {
    let session = |number| SessionRecord {
        id: session_id(number),
        user: user_id(number),
        refresh_hash: [u8::try_from(number).unwrap(); 32],
        generation: 3,
        created_at: NOW,
        refreshed_at: NOW.plus_millis(5),
        expires_at: NOW.plus_millis(1_000_000),
        revoked_at: (number % 3 == 0).then(|| NOW.plus_millis(7)),
        device: format!("Device \0 {number}"),
    };
    (1..=ACCOUNTS).map(session).collect()
}

fn details() -> Details {
    Details {
        title: Some(DisplayName::parse("टिप्पणी").unwrap()),
        description: Some(Description::parse("سطر\nایک").unwrap()),
        settings: GroupSettings {
            announcements_only: true,
            history_for_new: false,
        },
        pins: vec![Seq(9), Seq(1 << 40)],
        slow_mode: protocol::SlowMode::Hour,
        lifespan: Some(protocol::Lifespan::Quarter),
        request: Some(protocol::Request::new(user_id(7))),
    }
}

fn notes(number: u64) -> ConversationRecord {
    ConversationRecord {
        details: details(),
        ..conversation(1_000 + number, ConversationKind::Notes)
    }
}

fn rows(id: ConversationId, from: u64, to: u64) -> Vec<MessageRow> {
    let row = |seq: u64| MessageRow {
        conversation: id,
        seq: Seq(seq),
        bytes: Bytes::from(format!("{id} {seq}").into_bytes()),
    };
    (from..=to).map(row).collect()
}

fn rewritten(id: ConversationId) -> MessageRow {
    MessageRow {
        conversation: id,
        seq: Seq(REWRITTEN),
        bytes: Bytes::from_static(b"rewritten"),
    }
}

/// A member goes, another comes, a third has another role, and a row is rewritten.
fn change(id: ConversationId) -> Append {
    let role = MemberChange::Role {
        user: user_id(2),
        role: Role::Owner,
        wrote_at: None,
    };
    let members = [
        MemberChange::Left(user_id(1)),
        MemberChange::Joined(member(3)),
        role,
    ];
    Append {
        rewritten: vec![rewritten(id)],
        members: members.map(|change| (id, change)).into(),
        details: vec![(id, details())],
        answers: vec![answer(id)],
        ..Append::default()
    }
}

fn answer(conversation: ConversationId) -> AnswerRecord {
    AnswerRecord {
        conversation,
        root: Seq(1),
        seq: Seq(2),
    }
}

/// Writes it, into an empty store.
pub async fn fill(store: &Shared) {
    for user in accounts() {
        store.insert_user(&user).await.unwrap();
    }
    let hash = &account(1, "asha", "Asha").password_hash;
    let replaced = store.set_password_hash(user_id(1), hash, "$new$").await;
    replaced.unwrap();
    for session in sessions() {
        let before = SessionRecord {
            generation: 2,
            revoked_at: None,
            ..session.clone()
        };
        store.insert_session(&before).await.unwrap();
        let revoked_at = session.revoked_at;
        let rotated = SessionRecord {
            revoked_at: None,
            ..session
        };
        store.rotate_session(&rotated, 2).await.unwrap();
        if let Some(at) = revoked_at {
            store.revoke_session(rotated.id, at).await.unwrap();
        }
    }
    for number in 1..=CONVERSATIONS {
        let [first] = &rows(notes(number).id, 1, 1)[..] else {
            unreachable!("one row")
        };
        let made = store
            .create_conversation(
                &notes(number),
                &[member(number)],
                Some(Singleton::Notes(user_id(number))),
                Some(first),
            )
            .await;
        assert_eq!(made.unwrap(), Created::New);
        let id = group(store, number).await;
        let checkpoint = Checkpoint {
            conversation: id,
            seq: Seq(MESSAGES / 2),
        };
        let (first, second) = (
            rows(id, 1, MESSAGES / 2),
            rows(id, MESSAGES / 2 + 1, MESSAGES),
        );
        append(store, &first, &[checkpoint]).await.unwrap();
        append(store, &second, &[]).await.unwrap();
        store.append(&change(id)).await.unwrap();
        invites::fill(store, notes(number).id, number, 2).await;
        saved::fill(store, number).await;
        reminders::fill(store, number).await;
        drafts::fill(store, number).await;
        folders::fill(store, number).await;
        threads::fill(store, number).await;
        schedule::fill(store, number).await;
        let cursor = ReadCursor {
            conversation: id,
            user: user_id(2),
            seq: Seq(number),
            delivered: Seq::ZERO,
            moved: None,
        };
        store.save_read_cursors(&[cursor]).await.unwrap();
    }
}

/// Finds it.
pub async fn check(store: &Shared) {
    check_people(store).await;
    for number in 1..=CONVERSATIONS {
        let record = notes(number);
        let found = store.conversation(record.id).await.unwrap();
        let first = store.messages(record.id, Seq(1), Seq(9)).await.unwrap();
        assert_eq!(first[..1], rows(record.id, 1, 1));
        assert_eq!(found, Some(record));
        let id = conversation_id(number);
        let expected = [
            MemberRecord {
                role: Role::Owner,
                read_seq: Seq(number),
                ..member(2)
            },
            member(3),
        ];
        assert_eq!(store.members(id).await.unwrap(), expected);
        invites::check(store, notes(number).id, number).await;
        saved::check(store, number).await;
        reminders::check(store, number).await;
        drafts::check(store, number).await;
        folders::check(store, number).await;
        threads::check(store, number).await;
        schedule::check(store, number).await;
        let answers = store.threads().answers(id, Seq(1), Seq(9), 9).await;
        assert_eq!(answers.unwrap(), [answer(id).seq]);
        let found = store.conversation(id).await.unwrap().unwrap();
        assert_eq!(found.details, details());
        let found = store.messages(id, Seq(1), Seq(2 * MESSAGES)).await.unwrap();
        let mut expected = rows(id, 1, MESSAGES);
        expected[usize::try_from(REWRITTEN).unwrap() - 1] = rewritten(id);
        assert_eq!(found, expected);
        let checkpoint = store.checkpoint(id).await.unwrap();
        assert_eq!(checkpoint, Seq(MESSAGES / 2));
    }
    let newest = store.conversations_of(user_id(2), 3).await.unwrap();
    let expected = [1_002, CONVERSATIONS, CONVERSATIONS - 1].map(conversation_id);
    assert_eq!(newest, expected);
}

async fn check_people(store: &Shared) {
    for mut user in accounts() {
        if user.id == user_id(1) {
            "$new$".clone_into(&mut user.password_hash);
        }
        let by_name = store.user_by_username(&user.username).await.unwrap();
        assert_eq!(by_name.as_ref(), Some(&user));
        let by_address = store.user_by_email(&user.email_index).await.unwrap();
        assert_eq!(by_address, Some(user));
    }
    let term = SearchTerm::parse("user").unwrap();
    let found = store.search_users(&term, 100).await.unwrap();
    assert_eq!(found.len(), accounts().len());
    for session in sessions() {
        let found = store.session(session.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&session));
        let live = store.sessions_of(session.user, NOW).await.unwrap();
        assert_eq!(live.len(), usize::from(session.revoked_at.is_none()));
    }
}

/// Writes on where [`fill`] ended: what is unique is still taken, what follows has its place.
pub async fn go_on(store: &Shared) {
    let again = account(ACCOUNTS + 1, "user01", "Again");
    assert_taken(store.insert_user(&again).await, Unique::Username);
    let record = conversation(5_000, ConversationKind::Notes);
    let made = store
        .create_conversation(
            &record,
            &[member(1)],
            Some(Singleton::Notes(user_id(1))),
            None,
        )
        .await;
    assert_eq!(made.unwrap(), Created::Existing(notes(1).id));
    let id = conversation_id(1);
    assert_taken(
        append(store, &rows(id, MESSAGES, MESSAGES + 1), &[]).await,
        Unique::Place,
    );
    let next = rows(id, MESSAGES + 1, MESSAGES + 1);
    append(store, &next, &[]).await.unwrap();
    let found = store.messages(id, Seq(MESSAGES), Seq(MESSAGES + 9)).await;
    assert_eq!(found.unwrap(), rows(id, MESSAGES, MESSAGES + 1));
}

/// The same without closing.
pub async fn everything_written_is_found_again(store: &Shared) {
    fill(store).await;
    check(store).await;
    go_on(store).await;
}
