//! Any frame that can be.

mod own;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use protocol::{
    Answers, Arrangement, Ballot, Change, ChangeKind, Choices, ClientFrame, Content,
    ConversationId, ConversationKind, ConversationSummary, Description, DisplayName, Emoji,
    ErrorCode, GroupSettings, HistoryPage, Intent, Lifespan, Lifetime, Marks, Member, Message,
    MessageBody, Mute, Notice, Person, Poll, PollAnswer, PollQuestion, Preferences, Presence,
    Privacy, Reaction, Request, ResumePoint, Role, SendId, Seq, ServerFrame, SessionId, SlowMode,
    Text, Thread, Timestamp, UserId, Username, Vote,
};

use self::own::{
    availability, dismissal, dismissed, draft, folder_id, reminder, saved_place, status,
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

fn emoji() -> impl Strategy<Value = Emoji> {
    prop_oneof![Just("👍🏽"), Just("❤️"), Just("🇮🇳"), Just("1️⃣")]
        .prop_map(|text| Emoji::parse(text).expect("an emoji"))
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Member), Just(Role::Admin), Just(Role::Owner)]
}

fn settings() -> impl Strategy<Value = GroupSettings> {
    any::<[bool; 2]>().prop_map(|[announcements_only, history_for_new]| GroupSettings {
        announcements_only,
        history_for_new,
    })
}

fn description() -> impl Strategy<Value = Description> {
    ".{1,100}".prop_filter_map("a description", |text| Description::parse(&text).ok())
}

fn choices() -> impl Strategy<Value = Choices> {
    any::<u16>().prop_map(Choices)
}

fn slow_mode() -> impl Strategy<Value = SlowMode> {
    prop::sample::select(&SlowMode::ALL[..])
}

fn lifetime() -> impl Strategy<Value = Lifetime> {
    prop::sample::select(&Lifetime::ALL[..])
}

fn poll() -> impl Strategy<Value = Poll> {
    let answer = ".{1,20}".prop_filter_map("an answer", |text| PollAnswer::parse(&text).ok());
    let question = ".{1,40}".prop_filter_map("a question", |text| PollQuestion::parse(&text).ok());
    let asked = (question, vec(answer, 0..11), any::<[bool; 2]>(), lifetime());
    let ballots = vec(
        (user(), choices()).prop_map(|(user, choices)| Ballot(user, choices)),
        0..4,
    );
    let votes = (
        option::of(timestamp()),
        any::<u32>(),
        vec(any::<u32>(), 0..11),
        ballots,
    );
    (asked, votes).prop_map(|(asked, votes)| {
        let (question, answers, [several, anonymous], lifetime) = asked;
        let (closed_at, voters, tally, ballots) = votes;
        Poll {
            question,
            answers,
            several,
            anonymous,
            lifetime,
            closed_at,
            voters,
            tally,
            ballots,
        }
    })
}

fn change() -> impl Strategy<Value = Change> {
    let kind = prop_oneof![
        body().prop_map(ChangeKind::Edit),
        Just(ChangeKind::Delete),
        (emoji(), any::<bool>()).prop_map(|(emoji, on)| ChangeKind::React { emoji, on }),
        any::<bool>().prop_map(ChangeKind::Pin),
        Just(ChangeKind::Withdrawn),
        (choices(), choices(), any::<bool>()).prop_map(|(choices, before, secret)| {
            ChangeKind::Vote(Vote {
                choices,
                before,
                secret,
            })
        }),
        Just(ChangeKind::Close),
        Just(ChangeKind::Expire),
    ];
    (seq(), kind).prop_map(|(target, kind)| Change { target, kind })
}

fn notice() -> impl Strategy<Value = Notice> {
    prop_oneof![
        name().prop_map(|title| Notice::Created { title }),
        name().prop_map(|title| Notice::Renamed { title }),
        option::of(description()).prop_map(|description| Notice::Described { description }),
        settings().prop_map(|settings| Notice::Configured { settings }),
        vec(user(), 0..4).prop_map(|users| Notice::Added { users }),
        user().prop_map(|user| Notice::Removed { user }),
        option::of(user()).prop_map(|successor| Notice::Left { successor }),
        Just(Notice::Dissolved),
        (user(), role()).prop_map(|(user, role)| Notice::RoleChanged { user, role }),
        user().prop_map(|by| Notice::Joined { by }),
        slow_mode().prop_map(|slow_mode| Notice::Slowed { slow_mode }),
        lifespan().prop_map(|lifespan| Notice::Lifespan { lifespan }),
        Just(Notice::Accepted),
    ]
}

fn marks() -> impl Strategy<Value = Marks> {
    let reaction =
        (emoji(), vec(user(), 0..3)).prop_map(|(emoji, users)| Reaction { emoji, users });
    let reactions = vec(reaction, 0..3);
    let change = (seq(), option::of(timestamp()), any::<bool>());
    let later = (option::of(thread()), option::of(timestamp()));
    (change, reactions, later).prop_map(
        |((version, edited_at, pinned), reactions, (thread, expires_at))| Marks {
            version,
            edited_at,
            pinned,
            reactions,
            thread,
            expires_at,
        },
    )
}

fn thread() -> impl Strategy<Value = Thread> {
    let root = (any::<u32>(), seq(), timestamp(), vec(user(), 0..3)).prop_map(
        |(count, last, last_at, authors)| {
            Thread::Root(Box::new(Answers {
                count,
                last,
                last_at,
                authors,
            }))
        },
    );
    prop_oneof![seq().prop_map(Thread::Under), root]
}

fn message() -> impl Strategy<Value = Message> {
    let text = (body(), option::of(seq()), any::<bool>());
    let text = text.prop_map(|(body, reply_to, forwarded)| Text {
        body,
        reply_to,
        forwarded,
    });
    let content = prop_oneof![
        9 => text.prop_map(Content::Text),
        1 => Just(Content::Unavailable),
        1 => Just(Content::Deleted),
        1 => Just(Content::Dismissed),
        3 => change().prop_map(Content::Change),
        3 => notice().prop_map(Content::Notice),
        2 => poll().prop_map(|poll| Content::Poll(Box::new(poll))),
    ];
    let about = (conversation(), seq(), user(), send_id(), timestamp());
    (about, content, marks()).prop_map(
        |((conversation, seq, author, send_id, sent_at), content, marks)| Message {
            conversation,
            seq,
            author,
            send_id,
            sent_at,
            content,
            marks,
        },
    )
}

fn intent() -> impl Strategy<Value = Intent> {
    // Bare texts, not only those that are messages.
    prop_oneof![
        (any::<String>(), option::of(seq()))
            .prop_map(|(text, reply_to)| Intent::Text { text, reply_to }),
        any::<String>().prop_map(|text| Intent::Forward { text }),
        lifespan().prop_map(|lifespan| Intent::SetLifespan { lifespan }),
        (seq(), any::<String>()).prop_map(|(target, text)| Intent::Edit { target, text }),
        seq().prop_map(|target| Intent::Delete { target }),
        (seq(), any::<String>(), any::<bool>()).prop_map(|(target, emoji, on)| Intent::React {
            target,
            emoji,
            on
        }),
        (seq(), any::<bool>()).prop_map(|(target, on)| Intent::Pin { target, on }),
        any::<String>().prop_map(|title| Intent::Rename { title }),
        any::<String>().prop_map(|description| Intent::Describe { description }),
        settings().prop_map(|settings| Intent::Configure { settings }),
        vec(user(), 0..4).prop_map(|users| Intent::Add { users }),
        user().prop_map(|user| Intent::Remove { user }),
        Just(Intent::Leave),
        Just(Intent::Dissolve),
        Just(Intent::Accept),
        (user(), role()).prop_map(|(user, role)| Intent::SetRole { user, role }),
        (
            any::<String>(),
            vec(any::<String>(), 0..4),
            any::<[bool; 2]>(),
            lifetime()
        )
            .prop_map(|(question, answers, [several, anonymous], lifetime)| {
                Intent::Poll {
                    question,
                    answers,
                    several,
                    anonymous,
                    lifetime,
                }
            }),
        (seq(), choices()).prop_map(|(target, choices)| Intent::Vote { target, choices }),
        seq().prop_map(|target| Intent::ClosePoll { target }),
        slow_mode().prop_map(|slow_mode| Intent::SlowMode { slow_mode }),
    ]
}

fn summary() -> impl Strategy<Value = ConversationSummary> {
    let kind = prop_oneof![
        Just(ConversationKind::Direct),
        Just(ConversationKind::Notes),
        Just(ConversationKind::Group),
    ];
    let member =
        (person(), role(), seq(), seq()).prop_map(|(person, role, read_seq, delivered_seq)| {
            Member {
                person,
                role,
                read_seq,
                delivered_seq,
            }
        });
    let group = (
        option::of(name()),
        option::of(description()),
        settings(),
        vec(member, 0..4),
        any::<u32>(),
        vec(seq(), 0..3),
    );
    let places = (
        timestamp(),
        seq(),
        option::of(message()),
        seq(),
        any::<(u32, u32)>(),
        preferences(),
        (slow_mode(), lifespan(), option::of(request())),
    );
    (conversation(), kind, group, places).prop_map(|(id, kind, group, places)| {
        let (title, description, settings, members, member_count, pins) = group;
        let (created_at, last_seq, last_message, read_seq, counts, preferences, paces) = places;
        let ((unread, mentions), (slow_mode, lifespan, request)) = (counts, paces);
        ConversationSummary {
            id,
            kind,
            title,
            description,
            settings,
            members,
            member_count,
            pins,
            created_at,
            last_seq,
            last_message,
            read_seq,
            unread,
            mentions,
            preferences,
            slow_mode,
            lifespan,
            request,
        }
    })
}

fn request() -> impl Strategy<Value = Request> {
    (user(), any::<u8>()).prop_map(|(by, written)| Request { by, written })
}

fn lifespan() -> impl Strategy<Value = Option<Lifespan>> {
    option::of(prop::sample::select(&Lifespan::ALL[..]))
}

fn mute() -> impl Strategy<Value = Mute> {
    prop_oneof![
        Just(Mute::Off),
        timestamp().prop_map(Mute::Until),
        Just(Mute::Always),
        Just(Mute::ExceptMentions),
    ]
}

fn preferences() -> impl Strategy<Value = Preferences> {
    let flags = any::<[bool; 2]>();
    (mute(), option::of(seq()), flags, option::of(folder_id())).prop_map(
        |(mute, archived, [favourite, marked_unread], folder)| Preferences {
            mute,
            archived,
            favourite,
            marked_unread,
            folder,
        },
    )
}

fn arrangement() -> impl Strategy<Value = Arrangement> {
    prop_oneof![
        mute().prop_map(Arrangement::Mute),
        option::of(seq()).prop_map(Arrangement::Archive),
        any::<bool>().prop_map(Arrangement::Favourite),
        any::<bool>().prop_map(Arrangement::MarkUnread),
        option::of(folder_id()).prop_map(Arrangement::Folder),
    ]
}

pub(crate) fn client_frame() -> impl Strategy<Value = ClientFrame> {
    let point =
        (conversation(), seq()).prop_map(|(conversation, seq)| ResumePoint { conversation, seq });
    prop_oneof![
        vec(point, 0..20).prop_map(|resume| ClientFrame::Hello { resume }),
        (send_id(), conversation(), intent(), seq(), any::<bool>()).prop_map(
            |(send_id, conversation, intent, after, retry)| ClientFrame::Send {
                send_id,
                conversation,
                intent,
                after,
                retry,
            }
        ),
        (conversation(), seq())
            .prop_map(|(conversation, seq)| ClientFrame::MarkRead { conversation, seq }),
        (conversation(), seq())
            .prop_map(|(conversation, seq)| ClientFrame::Received { conversation, seq }),
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
        (any::<u32>(), conversation(), arrangement()).prop_map(
            |(request, conversation, change)| ClientFrame::Arrange {
                request,
                conversation,
                change,
            }
        ),
        (any::<u32>(), saved_place(), any::<bool>())
            .prop_map(|(request, place, on)| ClientFrame::Save { request, place, on }),
        (any::<u32>(), saved_place(), option::of(timestamp()))
            .prop_map(|(request, place, at)| ClientFrame::Remind { request, place, at }),
        (any::<u32>(), saved_place(), dismissal()).prop_map(|(request, place, dismissal)| {
            ClientFrame::Dismiss {
                request,
                place,
                dismissal,
            }
        }),
        any::<bool>().prop_map(|active| ClientFrame::Active { active }),
        (any::<u32>(), conversation(), ".{0,40}", option::of(seq())).prop_map(
            |(request, conversation, text, reply_to)| ClientFrame::Draft {
                request,
                conversation,
                text,
                reply_to,
            }
        ),
        own::folder_asked(),
        own::thread_asked(),
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
        Just(Presence::Away),
        Just(Presence::Busy),
    ];
    prop_oneof![
        summary().prop_map(|summary| ServerFrame::Conversation {
            summary: Box::new(summary),
        }),
        (conversation(), seq(), any::<(u32, u32)>()).prop_map(|(conversation, seq, counts)| {
            let (unread, mentions) = counts;
            ServerFrame::Read {
                conversation,
                seq,
                unread,
                mentions,
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
        (any::<Option<u32>>(), conversation(), preferences()).prop_map(
            |(request, conversation, preferences)| ServerFrame::Arranged {
                request,
                conversation,
                preferences,
            }
        ),
        (any::<Option<u32>>(), saved_place(), any::<bool>())
            .prop_map(|(request, place, on)| ServerFrame::Saved { request, place, on }),
        vec(saved_place(), 0..20).prop_map(|places| ServerFrame::AllSaved { places }),
        (any::<Option<u32>>(), saved_place(), option::of(reminder())).prop_map(
            |(request, place, reminder)| ServerFrame::Reminder {
                request,
                place,
                reminder,
            }
        ),
        vec(reminder(), 0..20).prop_map(|reminders| ServerFrame::Reminders { reminders }),
        (any::<Option<u32>>(), conversation(), dismissed()).prop_map(
            |(request, conversation, dismissed)| ServerFrame::Dismissed {
                request,
                conversation,
                dismissed,
            }
        ),
        conversation().prop_map(|conversation| ServerFrame::Scheduled { conversation }),
        any::<u32>().prop_map(|request| ServerFrame::DraftKept { request }),
        (conversation(), option::of(draft())).prop_map(|(conversation, draft)| {
            ServerFrame::Draft {
                conversation,
                draft,
            }
        }),
        own::folder_told(),
        conversation().prop_map(|conversation| ServerFrame::DraftUnavailable { conversation }),
        own::threads_told(),
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
        (conversation(), user(), seq()).prop_map(|(conversation, user, seq)| {
            ServerFrame::Delivered {
                conversation,
                user,
                seq,
            }
        }),
        (conversation(), user(), seq()).prop_map(|(conversation, user, seq)| ServerFrame::Seen {
            conversation,
            user,
            seq,
        }),
        conversation().prop_map(|conversation| ServerFrame::Gone { conversation }),
        vec(user(), 0..5).prop_map(|users| ServerFrame::Blocked { users }),
        any::<[bool; 2]>().prop_map(|[hides_reading, hides_presence]| ServerFrame::Privacy {
            privacy: Privacy {
                hides_reading,
                hides_presence,
            },
        }),
        (user(), option::of(status()))
            .prop_map(|(user, status)| ServerFrame::Status { user, status }),
        availability().prop_map(|availability| ServerFrame::Availability { availability }),
    ]
}
