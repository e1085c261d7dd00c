//! Something to be written down.

use chat::{Account, Exported, Part, SavedRecord, SessionInfo};
use protocol::{
    About, Availability, Ballot, Choices, Content, ConversationId, ConversationKind,
    ConversationSummary, CustomStatus, DisplayName, DraftBody, DraftText, Emoji, Folder, FolderId,
    FolderName, GroupSettings, KeptDraft, Lifetime, Marks, Member, Message, MessageBody, Notice,
    OwnProfile, Person, Poll, Privacy, Reaction, Reminder, Role, SavedPlace, Scheduled, SendId,
    Seq, SessionId, StatusText, Text, Timestamp, UserId, Username,
};

pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_336_920_000);

/// A text that would do something where it is not escaped.
pub(super) const HOSTILE: &str = "</div><script>alert(\"1\")</script>&amp; '";

const HOSTILE_NAME: &str = "<script>x</script>";

const FOLDER: FolderId = FolderId::from_bytes([6; 16]);

pub(super) fn person(number: u8, name: &str) -> Person {
    Person {
        id: UserId::from_bytes([number; 16]),
        username: Username::parse(&format!("user{number}")).unwrap(),
        display_name: DisplayName::parse(name).unwrap(),
    }
}

pub(super) fn about() -> Exported {
    Exported {
        account: Account {
            person: person(1, "نسرین <b>"),
            email: Some("n@example.org".to_owned()),
        },
        sessions: vec![SessionInfo {
            id: SessionId::from_bytes([9; 16]),
            device: "Firefox <i>".to_owned(),
            created_at: NOW,
            refreshed_at: NOW,
            current: true,
        }],
        blocked: vec![person(3, HOSTILE_NAME)],
        privacy: Privacy {
            hides_reading: true,
            hides_presence: false,
        },
        profile: OwnProfile {
            about: About::parse(HOSTILE).ok(),
            status: StatusText::parse("chai <i>")
                .ok()
                .and_then(|text| CustomStatus::new(None, Some(text), None).ok()),
            availability: Availability::Invisible,
        },
        saved: vec![SavedRecord {
            user: UserId::from_bytes([1; 16]),
            place: SavedPlace {
                conversation: ConversationId::from_bytes([7; 16]),
                seq: Seq(2),
            },
            saved_at: NOW,
        }],
        reminders: vec![Reminder {
            place: SavedPlace {
                conversation: ConversationId::from_bytes([7; 16]),
                seq: Seq(2),
            },
            at: NOW,
            due: false,
        }],
        drafts: vec![KeptDraft {
            conversation: ConversationId::from_bytes([7; 16]),
            draft: DraftText {
                text: DraftBody::parse(HOSTILE).unwrap(),
                reply_to: None,
            },
            changed_at: NOW,
        }],
        folders: vec![Folder {
            id: FOLDER,
            name: FolderName::parse(HOSTILE_NAME).unwrap(),
        }],
        scheduled: vec![Scheduled {
            id: SendId::from_bytes([5; 16]),
            conversation: ConversationId::from_bytes([7; 16]),
            due: NOW,
            text: Some(Text {
                body: MessageBody::parse(HOSTILE).unwrap(),
                reply_to: None,
                forwarded: false,
            }),
            unsent: None,
        }],
        at: NOW,
    }
}

fn message(seq: u64, content: Content) -> Message {
    Message {
        conversation: ConversationId::from_bytes([7; 16]),
        seq: Seq(seq),
        author: UserId::from_bytes([2; 16]),
        send_id: SendId::from_bytes([u8::try_from(seq).unwrap(); 16]),
        sent_at: NOW,
        content,
        marks: Marks::default(),
    }
}

fn text(body: &str, reply_to: Option<u64>) -> Content {
    Content::Text(Text {
        body: MessageBody::parse(body).unwrap(),
        reply_to: reply_to.map(Seq),
        forwarded: false,
    })
}

/// One that both have voted in.
fn poll() -> Content {
    let answers = [HOSTILE, "पहाड़"].map(str::to_owned);
    let poll = Poll::parse("کہاں <b>?", &answers, (true, false), Lifetime::Week).unwrap();
    let ballot = |n, choices| Ballot(UserId::from_bytes([n; 16]), Choices(choices));
    Content::Poll(Box::new(Poll {
        voters: 2,
        tally: vec![2, 1],
        ballots: vec![ballot(1, 0b1), ballot(2, 0b11)],
        ..poll
    }))
}

/// A group with members on two pages and messages on two pages, and an empty conversation.
pub(super) fn parts() -> Vec<Part> {
    let (me, other) = (person(1, "نسرین <b>"), person(2, "Imran \"i\""));
    let member = |person: &Person| Member {
        person: person.clone(),
        role: Role::Member,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
    };
    let summary = |id: u8, kind, title: Option<&str>| ConversationSummary {
        id: ConversationId::from_bytes([id; 16]),
        kind,
        title: title.map(|title| DisplayName::parse(title).unwrap()),
        description: None,
        settings: GroupSettings::default(),
        members: vec![member(&me), member(&other)],
        member_count: 2,
        pins: Vec::new(),
        created_at: NOW,
        last_seq: Seq(4),
        last_message: None,
        read_seq: Seq::ZERO,
        unread: 0,
        preferences: protocol::Preferences {
            folder: (kind == ConversationKind::Group).then_some(FOLDER),
            ..protocol::Preferences::default()
        },
        mentions: 0,
        slow_mode: protocol::SlowMode::Off,
        lifespan: None,
        request: None,
    };
    let title = DisplayName::parse("گھر").unwrap();
    let mut loved = message(2, text(HOSTILE, None));
    loved.marks.edited_at = Some(NOW);
    loved.marks.reactions.push(Reaction {
        emoji: Emoji::parse("❤️").unwrap(),
        users: vec![me.id, other.id],
    });
    let page = |messages| Part::Messages {
        messages,
        people: vec![me.clone(), other.clone()],
    };
    vec![
        Part::Conversation(Box::new(summary(7, ConversationKind::Group, Some("گھر <")))),
        Part::Members(vec![member(&me)]),
        Part::Members(vec![member(&other)]),
        page(vec![
            message(1, Content::Notice(Notice::Created { title })),
            loved,
        ]),
        page(vec![
            message(3, text("हाँ\nدو سطریں", Some(2))),
            message(4, Content::Deleted),
            message(5, poll()),
        ]),
        Part::End { whole: true },
        Part::Conversation(Box::new(summary(8, ConversationKind::Direct, None))),
        Part::Members(vec![member(&me), member(&other)]),
        Part::End { whole: false },
    ]
}
