//! One frame or more of each kind, with a name.

mod dismissed;
mod drafts;
mod folders;
mod intents;
mod names;
mod polls;
mod reminders;
mod saved;
mod standing;
mod threads;

pub(crate) use names::{CLIENT_NAMES, SERVER_NAMES, client_name, server_name};
use protocol::{
    Answers, Arrangement, Change, ChangeKind, ClientFrame, Content, ConversationId,
    ConversationKind, ConversationSummary, Description, DisplayName, Emoji, ErrorCode,
    GroupSettings, HistoryPage, Lifespan, Marks, Member, Message, MessageBody, Mute, Notice,
    Person, Preferences, Presence, Privacy, Reaction, ResumePoint, Role, SendId, Seq, ServerFrame,
    SessionId, SlowMode, Text, Thread, Timestamp, UserId, Username,
};

use self::intents::{intents, send};

const MEERA: &str = "01KAVQF4Z8M3C6R1T9W2N5B7XD";
const IMRAN: &str = "01KAVQH2D5Q8Y4V0J7K6P3S1FG";
const ZOYA: &str = "01KAVQH9B3T6X1C8N5W2R7M4DJ";
const CONVERSATION: &str = "01KAVQJ9R7E2H5N8A4T3W6C0ZM";
const SESSION: &str = "01KAVQF50B9X7D2Q6M4V8J1YKS";
const SEND: &str = "01KAVQK4T6P1Z8G3B5R7W9H2NC";
const NOW: Timestamp = Timestamp::from_millis(1_764_000_000_000);

fn user(text: &str) -> UserId {
    text.parse().expect("an id")
}

fn conversation() -> ConversationId {
    CONVERSATION.parse().expect("an id")
}

fn send_id() -> SendId {
    SEND.parse().expect("an id")
}

fn session() -> SessionId {
    SESSION.parse().expect("an id")
}

fn person(id: &str, username: &str, display_name: &str) -> Person {
    Person {
        id: user(id),
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse(display_name).expect("a name"),
    }
}

fn meera() -> Person {
    person(MEERA, "meera", "मीरा")
}

fn imran() -> Person {
    person(IMRAN, "imran.k", "عمران")
}

fn zoya() -> Person {
    person(ZOYA, "zoya", "ज़ोया")
}

pub(crate) fn message(seq: u64, content: Content) -> Message {
    Message {
        conversation: conversation(),
        seq: Seq(seq),
        author: user(IMRAN),
        send_id: send_id(),
        sent_at: NOW,
        content,
        marks: Marks::default(),
    }
}

fn body(text: &str) -> MessageBody {
    MessageBody::parse(text).expect("a text")
}

pub(crate) fn text(text: &str) -> Content {
    Content::Text(body(text).into())
}

fn thumb() -> Emoji {
    Emoji::parse("👍🏽").expect("an emoji")
}

fn title() -> DisplayName {
    DisplayName::parse("Chai").expect("a name")
}

fn description() -> Description {
    Description::parse("हर शाम\nپانچ بجے").expect("a description")
}

const SETTINGS: GroupSettings = GroupSettings {
    announcements_only: true,
    history_for_new: false,
};

fn arranged() -> Preferences {
    Preferences {
        mute: Mute::Until(NOW),
        archived: Some(Seq(41)),
        favourite: true,
        marked_unread: true,
        folder: Some(folders::folder()),
    }
}

fn summary(kind: ConversationKind, last_message: Option<Message>) -> ConversationSummary {
    let other = |person, role| Member {
        person,
        role,
        read_seq: Seq(1),
        delivered_seq: Seq(2),
    };
    let (title, others) = match kind {
        ConversationKind::Notes => (None, vec![]),
        ConversationKind::Direct => (None, vec![other(imran(), Role::Member)]),
        ConversationKind::Group => (
            Some(title()),
            vec![other(imran(), Role::Owner), other(zoya(), Role::Admin)],
        ),
    };
    let me = Member {
        person: meera(),
        role: Role::Member,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
    };
    let is_group = kind == ConversationKind::Group;
    let members: Vec<_> = std::iter::once(me).chain(others).collect();
    ConversationSummary {
        id: conversation(),
        kind,
        title,
        description: is_group.then(description),
        settings: if is_group {
            SETTINGS
        } else {
            GroupSettings::default()
        },
        member_count: members.len() as u32,
        members,
        pins: last_message.iter().map(|message| message.seq).collect(),
        created_at: NOW,
        unread: last_message.iter().count() as u32,
        last_seq: last_message.as_ref().map_or(Seq::ZERO, |m| m.seq),
        last_message,
        read_seq: Seq(0),
        preferences: if is_group {
            arranged()
        } else {
            Preferences::default()
        },
        mentions: 0,
        slow_mode: if is_group {
            SlowMode::HalfMinute
        } else {
            SlowMode::Off
        },
        lifespan: is_group.then_some(Lifespan::Week),
        request: None,
    }
}

pub(crate) fn client() -> Vec<(&'static str, ClientFrame)> {
    let point = ResumePoint {
        conversation: conversation(),
        seq: Seq(300),
    };
    let typing = |active| ClientFrame::Typing {
        conversation: conversation(),
        active,
    };
    let mut frames = vec![
        ("hello", ClientFrame::Hello { resume: vec![] }),
        (
            "hello_with_places",
            ClientFrame::Hello {
                resume: vec![point],
            },
        ),
        (
            "mark_read",
            ClientFrame::MarkRead {
                conversation: conversation(),
                seq: Seq(42),
            },
        ),
        (
            "received",
            ClientFrame::Received {
                conversation: conversation(),
                seq: Seq(42),
            },
        ),
        ("typing", typing(true)),
        ("typing_no_longer", typing(false)),
        (
            "fetch",
            ClientFrame::Fetch {
                request: 7,
                conversation: conversation(),
                from: Seq(1),
                to: Seq(50),
            },
        ),
        ("ping", ClientFrame::Ping { nonce: u32::MAX }),
    ];
    frames.extend(intents().into_iter().chain(polls::intents()).map(send));
    frames.extend(arrangements().map(arrange));
    frames.extend(saved::of_client());
    frames.extend(reminders::of_client());
    frames.extend(dismissed::of_client());
    frames.extend(standing::of_client());
    frames.extend(drafts::of_client());
    frames.extend(folders::of_client());
    frames.extend(threads::of_client());
    frames
}

fn arrangements() -> [(&'static str, Arrangement); 9] {
    let folder = Some(folders::folder());
    [
        ("mute", Arrangement::Mute(Mute::Until(NOW))),
        ("mute_always", Arrangement::Mute(Mute::Always)),
        ("mute_mentions", Arrangement::Mute(Mute::ExceptMentions)),
        ("unmute", Arrangement::Mute(Mute::Off)),
        ("archive", Arrangement::Archive(Some(Seq(41)))),
        ("favourite", Arrangement::Favourite(true)),
        ("mark_unread", Arrangement::MarkUnread(false)),
        ("put_into_folder", Arrangement::Folder(folder)),
        ("take_out_of_folder", Arrangement::Folder(None)),
    ]
}

fn arrange((name, change): (&'static str, Arrangement)) -> (&'static str, ClientFrame) {
    let frame = ClientFrame::Arrange {
        request: 8,
        conversation: conversation(),
        change,
    };
    (name, frame)
}

pub(crate) fn server() -> Vec<(&'static str, ServerFrame)> {
    let mut frames = about_messages();
    frames.extend(about_people());
    frames.extend(about_the_connection());
    frames.extend(saved::of_server());
    frames.extend(reminders::of_server());
    frames.extend(dismissed::of_server());
    frames.extend(standing::of_server());
    frames.extend(drafts::of_server());
    frames.extend(folders::of_server());
    frames.extend(threads::of_server());
    frames
}

fn about_messages() -> Vec<(&'static str, ServerFrame)> {
    let page = HistoryPage {
        conversation: conversation(),
        messages: vec![message(1, text("Salaam")), message(2, text("سلام"))],
        last_seq: Seq(42),
    };
    let reject = |code, retry_after_ms| ServerFrame::Reject {
        send_id: send_id(),
        code,
        retry_after_ms,
    };
    let mut frames = vec![
        (
            "event",
            ServerFrame::Event {
                message: message(42, text("Chai at five? 🙂")),
            },
        ),
        (
            "event_unavailable",
            ServerFrame::Event {
                message: message(43, Content::Unavailable),
            },
        ),
        ("event_with_marks", event(marked())),
        (
            "ack",
            ServerFrame::Ack {
                send_id: send_id(),
                conversation: conversation(),
                seq: Seq(42),
                sent_at: NOW,
            },
        ),
        ("reject", reject(ErrorCode::NotFound, None)),
        (
            "reject_for_now",
            reject(ErrorCode::StorageUnavailable, Some(1_000)),
        ),
        ("page", ServerFrame::Page { request: 7, page }),
        (
            "refused",
            ServerFrame::Refused {
                request: 7,
                code: ErrorCode::NotFound,
            },
        ),
        (
            "behind",
            ServerFrame::Behind {
                conversation: conversation(),
                last_seq: Seq(5_000),
            },
        ),
    ];
    frames.push(("event_root", event(root())));
    let contents = contents().into_iter().chain(polls::contents());
    frames.extend(contents.map(|(name, content)| (name, event(message(43, content)))));
    frames
}

const fn event(message: Message) -> ServerFrame {
    ServerFrame::Event { message }
}

/// An answer that was edited and that two people reacted to.
fn marked() -> Message {
    let answer = Text {
        body: body("At six"),
        reply_to: Some(Seq(41)),
        forwarded: false,
    };
    let reaction = Reaction {
        emoji: thumb(),
        users: vec![user(IMRAN), user(ZOYA)],
    };
    Message {
        marks: Marks {
            version: Seq(45),
            edited_at: Some(NOW),
            pinned: true,
            reactions: vec![reaction],
            thread: Some(Thread::Under(Seq(41))),
            expires_at: Some(NOW),
        },
        ..message(42, Content::Text(answer))
    }
}

/// A message that was answered twice.
fn root() -> Message {
    let answers = Answers {
        count: 2,
        last: Seq(45),
        last_at: NOW,
        authors: vec![user(ZOYA), user(IMRAN)],
    };
    Message {
        marks: Marks {
            version: Seq(45),
            thread: Some(Thread::Root(Box::new(answers))),
            ..Marks::default()
        },
        ..message(41, Content::Text(body("When?").into()))
    }
}

/// What is neither a text nor unavailable.
fn contents() -> Vec<(&'static str, Content)> {
    let change = |kind| {
        Content::Change(Change {
            target: Seq(41),
            kind,
        })
    };
    let react = ChangeKind::React {
        emoji: thumb(),
        on: true,
    };
    let role = Notice::RoleChanged {
        user: user(ZOYA),
        role: Role::Admin,
    };
    let notices = [
        ("event_created", Notice::Created { title: title() }),
        ("event_renamed", Notice::Renamed { title: title() }),
        (
            "event_described",
            Notice::Described {
                description: Some(description()),
            },
        ),
        (
            "event_configured",
            Notice::Configured { settings: SETTINGS },
        ),
        (
            "event_added",
            Notice::Added {
                users: vec![user(ZOYA)],
            },
        ),
        ("event_removed", Notice::Removed { user: user(ZOYA) }),
        (
            "event_left",
            Notice::Left {
                successor: Some(user(ZOYA)),
            },
        ),
        ("event_role_changed", role),
        ("event_joined", Notice::Joined { by: user(ZOYA) }),
        (
            "event_slowed",
            Notice::Slowed {
                slow_mode: SlowMode::Hour,
            },
        ),
        (
            "event_lifespan",
            Notice::Lifespan {
                lifespan: Some(Lifespan::Day),
            },
        ),
        ("event_accepted", Notice::Accepted),
    ];
    let mut contents = vec![
        ("event_deleted", Content::Deleted),
        ("event_dismissed", Content::Dismissed),
        ("event_edit", change(ChangeKind::Edit(body("At six")))),
        ("event_delete", change(ChangeKind::Delete)),
        ("event_react", change(react)),
        ("event_pin", change(ChangeKind::Pin(true))),
        ("event_withdrawn", change(ChangeKind::Withdrawn)),
    ];
    contents.extend(notices.map(|(name, notice)| (name, Content::Notice(notice))));
    contents
}

fn about_people() -> Vec<(&'static str, ServerFrame)> {
    let described = |summary| ServerFrame::Conversation {
        summary: Box::new(summary),
    };
    let direct = summary(ConversationKind::Direct, Some(message(1, text("Salaam"))));
    let presence = |presence| ServerFrame::Presence {
        user: user(IMRAN),
        presence,
    };
    vec![
        ("conversation_direct", described(direct)),
        (
            "conversation_notes",
            described(summary(ConversationKind::Notes, None)),
        ),
        (
            "conversation_group",
            described(summary(ConversationKind::Group, None)),
        ),
        (
            "read",
            ServerFrame::Read {
                conversation: conversation(),
                seq: Seq(42),
                unread: 3,
                mentions: 2,
            },
        ),
        (
            "typing",
            ServerFrame::Typing {
                conversation: conversation(),
                user: user(IMRAN),
                active: true,
            },
        ),
        ("presence_online", presence(Presence::Online)),
        (
            "presence_offline",
            presence(Presence::Offline { since: Some(NOW) }),
        ),
        (
            "presence_offline_unknown",
            presence(Presence::Offline { since: None }),
        ),
        (
            "delivered",
            ServerFrame::Delivered {
                conversation: conversation(),
                user: user(IMRAN),
                seq: Seq(42),
            },
        ),
    ]
}

fn about_the_connection() -> Vec<(&'static str, ServerFrame)> {
    let welcome = ServerFrame::Welcome {
        me: meera(),
        session: session(),
        now: NOW,
    };
    let error = ServerFrame::Error {
        code: ErrorCode::Malformed,
    };
    let draining = ServerFrame::Draining {
        reconnect_after_ms: 2_500,
    };
    vec![
        ("welcome", welcome),
        ("resumed", ServerFrame::Resumed),
        ("resync", ServerFrame::Resync),
        ("pong", ServerFrame::Pong { nonce: 7 }),
        ("error", error),
        ("draining", draining),
        (
            "seen",
            ServerFrame::Seen {
                conversation: conversation(),
                user: user(IMRAN),
                seq: Seq(42),
            },
        ),
        (
            "gone",
            ServerFrame::Gone {
                conversation: conversation(),
            },
        ),
        (
            "arranged",
            ServerFrame::Arranged {
                request: Some(8),
                conversation: conversation(),
                preferences: arranged(),
            },
        ),
        (
            "blocked",
            ServerFrame::Blocked {
                users: vec![user(IMRAN)],
            },
        ),
        (
            "scheduled",
            ServerFrame::Scheduled {
                conversation: conversation(),
            },
        ),
        (
            "privacy",
            ServerFrame::Privacy {
                privacy: Privacy {
                    hides_reading: true,
                    hides_presence: false,
                },
            },
        ),
    ]
}
