//! Any frame that can be.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use protocol::{
    ClientFrame, Content, ConversationId, ConversationKind, ConversationSummary, DisplayName,
    ErrorCode, HistoryPage, Member, Message, MessageBody, Person, Presence, ResumePoint, Role,
    SendId, Seq, ServerFrame, SessionId, Timestamp, UserId, Username,
};

fn user() -> impl Strategy<Value = UserId> {
    any::<[u8; 16]>().prop_map(UserId::from_bytes)
}

fn conversation() -> impl Strategy<Value = ConversationId> {
    any::<[u8; 16]>().prop_map(ConversationId::from_bytes)
}

fn send_id() -> impl Strategy<Value = SendId> {
    any::<[u8; 16]>().prop_map(SendId::from_bytes)
}

fn session() -> impl Strategy<Value = SessionId> {
    any::<[u8; 16]>().prop_map(SessionId::from_bytes)
}

fn seq() -> impl Strategy<Value = Seq> {
    any::<u64>().prop_map(Seq)
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    any::<u64>().prop_map(Timestamp::from_millis)
}

fn body() -> impl Strategy<Value = MessageBody> {
    ".{1,200}".prop_filter_map("a text", |text| MessageBody::parse(&text).ok())
}

fn name() -> impl Strategy<Value = DisplayName> {
    ".{1,40}".prop_filter_map("a name", |text| DisplayName::parse(&text).ok())
}

fn person() -> impl Strategy<Value = Person> {
    (user(), "[a-z0-9][a-z0-9_.-]{1,30}[a-z0-9]", name()).prop_map(|(id, username, name)| Person {
        id,
        username: Username::parse(&username).expect("a username"),
        display_name: name,
    })
}

fn code() -> impl Strategy<Value = ErrorCode> {
    prop_oneof![
        Just(ErrorCode::Internal),
        Just(ErrorCode::Malformed),
        Just(ErrorCode::NotFound),
        Just(ErrorCode::RateLimited),
        Just(ErrorCode::StorageUnavailable),
        Just(ErrorCode::UnsupportedVersion),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let content = prop_oneof![
        9 => body().prop_map(Content::Text),
        1 => Just(Content::Unavailable),
    ];
    (
        conversation(),
        seq(),
        user(),
        send_id(),
        timestamp(),
        content,
    )
        .prop_map(
            |(conversation, seq, author, send_id, sent_at, content)| Message {
                conversation,
                seq,
                author,
                send_id,
                sent_at,
                content,
            },
        )
}

fn summary() -> impl Strategy<Value = ConversationSummary> {
    let kind = prop_oneof![
        Just(ConversationKind::Direct),
        Just(ConversationKind::Notes),
        Just(ConversationKind::Group),
    ];
    let role = prop_oneof![Just(Role::Member), Just(Role::Admin), Just(Role::Owner)];
    let member = (person(), role).prop_map(|(person, role)| Member { person, role });
    let about = (conversation(), kind, option::of(name()), vec(member, 0..4));
    let places = (
        timestamp(),
        seq(),
        option::of(message()),
        seq(),
        any::<u32>(),
    );
    (about, places).prop_map(|((id, kind, title, members), places)| {
        let (created_at, last_seq, last_message, read_seq, unread) = places;
        ConversationSummary {
            id,
            kind,
            title,
            members,
            created_at,
            last_seq,
            last_message,
            read_seq,
            unread,
        }
    })
}

pub(crate) fn client_frame() -> impl Strategy<Value = ClientFrame> {
    let point =
        (conversation(), seq()).prop_map(|(conversation, seq)| ResumePoint { conversation, seq });
    prop_oneof![
        vec(point, 0..20).prop_map(|resume| ClientFrame::Hello { resume }),
        // Bare texts, not only those that are messages.
        (
            send_id(),
            conversation(),
            any::<String>(),
            seq(),
            any::<bool>()
        )
            .prop_map(
                |(send_id, conversation, text, after, retry)| ClientFrame::Send {
                    send_id,
                    conversation,
                    text,
                    after,
                    retry,
                }
            ),
        (conversation(), seq())
            .prop_map(|(conversation, seq)| ClientFrame::MarkRead { conversation, seq }),
        (conversation(), any::<bool>()).prop_map(|(conversation, active)| ClientFrame::Typing {
            conversation,
            active,
        }),
        (any::<u32>(), conversation(), seq(), seq()).prop_map(
            |(request, conversation, from, to)| ClientFrame::Fetch {
                request,
                conversation,
                from,
                to,
            }
        ),
        any::<u32>().prop_map(|nonce| ClientFrame::Ping { nonce }),
    ]
}

pub(crate) fn server_frame() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![about_messages(), about_people(), about_the_connection()]
}

fn about_messages() -> impl Strategy<Value = ServerFrame> {
    let page = (conversation(), vec(message(), 0..5), seq()).prop_map(
        |(conversation, messages, last_seq)| HistoryPage {
            conversation,
            messages,
            last_seq,
        },
    );
    prop_oneof![
        message().prop_map(|message| ServerFrame::Event { message }),
        (send_id(), conversation(), seq(), timestamp()).prop_map(
            |(send_id, conversation, seq, sent_at)| ServerFrame::Ack {
                send_id,
                conversation,
                seq,
                sent_at,
            }
        ),
        (send_id(), code(), any::<Option<u32>>()).prop_map(|(send_id, code, retry_after_ms)| {
            ServerFrame::Reject {
                send_id,
                code,
                retry_after_ms,
            }
        }),
        (any::<u32>(), page).prop_map(|(request, page)| ServerFrame::Page { request, page }),
        (any::<u32>(), code()).prop_map(|(request, code)| ServerFrame::Refused { request, code }),
        (conversation(), seq()).prop_map(|(conversation, last_seq)| ServerFrame::Behind {
            conversation,
            last_seq,
        }),
    ]
}

fn about_people() -> impl Strategy<Value = ServerFrame> {
    let presence = prop_oneof![
        Just(Presence::Online),
        option::of(timestamp()).prop_map(|since| Presence::Offline { since }),
    ];
    prop_oneof![
        summary().prop_map(|summary| ServerFrame::Conversation {
            summary: Box::new(summary),
        }),
        (conversation(), seq(), any::<u32>()).prop_map(|(conversation, seq, unread)| {
            ServerFrame::Read {
                conversation,
                seq,
                unread,
            }
        }),
        (conversation(), user(), any::<bool>()).prop_map(|(conversation, user, active)| {
            ServerFrame::Typing {
                conversation,
                user,
                active,
            }
        }),
        (user(), presence).prop_map(|(user, presence)| ServerFrame::Presence { user, presence }),
    ]
}

fn about_the_connection() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![
        (person(), session(), timestamp()).prop_map(|(me, session, now)| ServerFrame::Welcome {
            me,
            session,
            now,
        }),
        Just(ServerFrame::Resumed),
        Just(ServerFrame::Resync),
        any::<u32>().prop_map(|nonce| ServerFrame::Pong { nonce }),
        code().prop_map(|code| ServerFrame::Error { code }),
        any::<u32>().prop_map(|reconnect_after_ms| ServerFrame::Draining { reconnect_after_ms }),
    ]
}
