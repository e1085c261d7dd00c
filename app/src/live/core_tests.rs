use super::*;
use crate::live::LiveItem;
use client::{Delivery, ItemKey};
use protocol::limits::{AROUND_MESSAGES, DISMISSED_RUNS};
use protocol::{
    ClientFrame, Content, ConversationKind, ConversationSummary, Dismissal, Dismissed, DisplayName,
    GroupSettings, HistoryPage, Intent, Marks, Member, Message, MessageBody, Person, Role,
    SavedPlace, Seq, ServerFrame, SessionId, Username,
};
use std::cell::Cell;
use std::rc::Rc;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const NOW: u64 = 20_000 * DAY_MS + 1_000;

fn me() -> UserId {
    UserId::from_bytes([1; 16])
}

fn other() -> UserId {
    UserId::from_bytes([2; 16])
}

fn here() -> ConversationId {
    ConversationId::from_bytes([3; 16])
}

fn person(id: UserId) -> Person {
    Person {
        id,
        username: Username::parse("ayesha").unwrap(),
        display_name: DisplayName::parse("Ayesha").unwrap(),
    }
}

fn message(author: UserId, seq: u64) -> Message {
    Message {
        conversation: here(),
        seq: Seq(seq),
        author,
        send_id: SendId::from_parts(Timestamp::from_millis(NOW), seq.into()),
        sent_at: Timestamp::from_millis(NOW - 1_000 + seq),
        content: Content::Text(MessageBody::parse("chai?").unwrap().into()),
        marks: Marks::default(),
    }
}

/// A conversation with three messages of somebody else, of which the last is unread.
fn seeded() -> Input {
    let messages: Vec<_> = (1..=3).map(|seq| message(other(), seq)).collect();
    Input::Seeded(client::Seeded {
        summaries: vec![ConversationSummary {
            id: here(),
            kind: ConversationKind::Direct,
            title: None,
            description: None,
            settings: GroupSettings::default(),
            member_count: 2,
            pins: Vec::new(),
            members: [me(), other()]
                .map(|id| Member {
                    person: person(id),
                    role: Role::Member,
                    read_seq: Seq::ZERO,
                    delivered_seq: Seq::ZERO,
                })
                .into(),
            created_at: Timestamp::from_millis(NOW - DAY_MS),
            last_seq: Seq(3),
            last_message: messages.last().cloned(),
            read_seq: Seq(2),
            unread: 1,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }],
        pages: vec![HistoryPage {
            conversation: here(),
            messages,
            last_seq: Seq(3),
        }],
    })
}

/// Runs a test as a page of the server is rendered, where there is no browser.
fn with_core(test: impl FnOnce(&mut Core, Signals)) {
    let owner = Owner::new();
    owner.with(|| {
        let signals = Signals::new(0);
        let config = Config {
            me: me(),
            seed: 7,
            around: AROUND_MESSAGES,
        };
        let clock = Clock::Request(Timestamp::from_millis(NOW));
        test(&mut Core::new(config, clock, signals), signals);
    });
}

/// Lets something happen, and everything that follows from it; what is left to do.
fn happen(core: &mut Core, input: Input) -> Vec<Effect> {
    assert!(core.accept(input), "nothing else is going on");
    let mut effects = Vec::new();
    while let Some(more) = core.next() {
        effects.extend(more);
    }
    effects
}

fn go_live(core: &mut Core) {
    happen(core, Input::Start);
    happen(core, Input::SocketOpened);
    let welcome = ServerFrame::Welcome {
        me: person(me()),
        session: SessionId::from_bytes([9; 16]),
        now: Timestamp::from_millis(NOW),
    };
    happen(core, Input::Frame(welcome));
    happen(core, Input::Frame(ServerFrame::Resumed));
}

fn keys(view: &ConversationView) -> Vec<ItemKey> {
    view.items
        .with_untracked(|items| items.iter().map(LiveItem::key).collect())
}

fn delivery(view: &ConversationView) -> Option<Delivery> {
    view.items.with_untracked(|items| match items.last()? {
        LiveItem::Message { view, .. } => Some(view.with_untracked(|view| view.row.delivery)),
        _ => None,
    })
}

#[test]
fn what_the_server_told_is_shown_without_a_browser() {
    with_core(|core, signals| {
        let before = core.conversation(here());
        assert_eq!(keys(&before), Vec::new());
        happen(core, seeded());
        assert_eq!(keys(&before).len(), 4, "a day and three messages");
        assert_eq!(keys(&core.conversation(here())), keys(&before));
        assert_eq!(before.newest.get_untracked(), Seq(3));
        assert_eq!(signals.unread.get_untracked(), 1);
        let list = signals.list.get_untracked();
        let names: Vec<_> = list.iter().map(|item| item.id).collect();
        assert_eq!(names, vec![here()]);
    });
}

#[test]
fn what_is_opened_shows_where_the_new_messages_begin() {
    with_core(|core, _| {
        happen(core, seeded());
        let view = core.conversation(here());
        happen(core, Input::Open(here()));
        assert!(keys(&view).contains(&ItemKey::UnreadDivider));
        happen(core, Input::ClearDivider(here()));
        assert!(!keys(&view).contains(&ItemKey::UnreadDivider));
    });
}

#[test]
fn a_row_is_there_at_once_and_its_acknowledgement_changes_only_it() {
    with_core(|core, signals| {
        happen(core, seeded());
        happen(core, Input::Open(here()));
        go_live(core);
        let view = core.conversation(here());
        let send_id = SendId::from_bytes([8; 16]);
        let effects = happen(
            core,
            Input::Send {
                conversation: here(),
                intent: Intent::Text {
                    text: "haan".to_owned(),
                    reply_to: None,
                },
                send_id,
            },
        );
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Transmit(ClientFrame::Send { .. }))),
            "not sent before it is safe"
        );
        assert_eq!(delivery(&view), Some(Delivery::Sending));
        assert_eq!(signals.unsent.get_untracked(), 1);
        let before = keys(&view);
        let row = view.items.with_untracked(|items| match items.last() {
            Some(LiveItem::Message { view, .. }) => view.clone(),
            _ => panic!("the row is the last"),
        });

        happen(core, Input::Saved { send_id });
        let ack = ServerFrame::Ack {
            send_id,
            conversation: here(),
            seq: Seq(4),
            sent_at: Timestamp::from_millis(NOW + 5),
        };
        happen(core, Input::Frame(ack));
        assert_eq!(
            row.with_untracked(|view| view.row.delivery),
            Delivery::Sent,
            "the row on screen is the one that changes"
        );
        assert_eq!(keys(&view), before);
        assert_eq!(view.newest.get_untracked(), Seq(4));
        assert_eq!(signals.unsent.get_untracked(), 0);
    });
}

#[test]
fn what_happens_meanwhile_waits_its_turn() {
    with_core(|core, _| {
        assert!(core.accept(seeded()));
        assert!(!core.accept(Input::Open(here())), "somebody is at it");
        assert!(core.next().is_some());
        assert!(core.next().is_some());
        assert!(core.next().is_none());
        assert!(core.accept(Input::Close), "and now nobody is");
    });
}

#[test]
fn announcements_are_made_one_by_one() {
    with_core(|core, signals| {
        happen(core, seeded());
        go_live(core);
        for seq in 4..=5 {
            let message = message(other(), seq);
            happen(core, Input::Frame(ServerFrame::Event { message }));
        }
        let mut said = Vec::new();
        while core.announce() {
            match signals.announcement.get_untracked() {
                Some((number, Announcement::Message { row, .. })) => said.push((number, row.seq)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(said, vec![(1, Some(Seq(4))), (2, Some(Seq(5)))]);
    });
}

#[test]
fn whoever_wrote_hears_of_it_once() {
    with_core(|core, _| {
        let heard = Rc::new(Cell::new(0));
        let send_id = SendId::from_bytes([8; 16]);
        let hear = Rc::clone(&heard);
        core.expect(send_id, Box::new(move |_| hear.set(hear.get() + 1)));
        for _ in 0..2 {
            if let Some(done) = core.expected(send_id) {
                done(Queued::Safe);
            }
        }
        assert_eq!(heard.get(), 1);
    });
}

#[test]
fn what_is_stopped_stays_as_it_is() {
    with_core(|core, signals| {
        core.stop();
        assert!(!core.accept(seeded()));
        assert!(core.next().is_none());
        assert!(signals.list.with_untracked(Vec::is_empty));
    });
}

fn placed(seq: u64) -> SavedPlace {
    SavedPlace {
        conversation: here(),
        seq: Seq(seq),
    }
}

#[test]
fn a_refusal_to_save_is_told_once_and_another_is_another() {
    with_core(|core, signals| {
        happen(core, seeded());
        go_live(core);
        let refusals = || signals.not_saved.get_untracked();
        let code = ErrorCode::TooMany;
        for number in 1..=2 {
            let place = placed(number);
            let effects = happen(core, Input::Save { place, on: true });
            let request = effects.iter().find_map(|effect| match effect {
                Effect::Transmit(ClientFrame::Save { request, .. }) => Some(*request),
                _ => None,
            });
            let request = request.expect("it is asked for");
            happen(core, Input::Frame(ServerFrame::Refused { request, code }));
            assert_eq!(refusals(), Some(Refusal { number, code }));
            // Another device saves something.
            let saved = ServerFrame::Saved {
                request: None,
                place: placed(3),
                on: number == 1,
            };
            let before = signals.saved.get_untracked().number;
            happen(core, Input::Frame(saved));
            assert!(signals.saved.get_untracked().number > before);
            assert_eq!(refusals(), Some(Refusal { number, code }));
        }
    });
}

#[test]
fn what_cannot_be_deleted_for_oneself_stays_and_is_told_each_time() {
    with_core(|core, signals| {
        happen(core, seeded());
        go_live(core);
        let mut dismissed = Dismissed::default();
        for run in 5..5 + DISMISSED_RUNS as u64 {
            dismissed.apply(Seq(run * 2), Dismissal::This).unwrap();
        }
        let full = ServerFrame::Dismissed {
            request: None,
            conversation: here(),
            dismissed,
        };
        happen(core, Input::Frame(full));
        assert_eq!(signals.not_dismissed.get_untracked(), None);
        let code = ErrorCode::TooMany;
        for number in 1..=2 {
            let place = placed(number);
            let dismissal = Dismissal::This;
            happen(core, Input::Dismiss { place, dismissal });
            let told = signals.not_dismissed.get_untracked();
            assert_eq!(told, Some(Refusal { number, code }));
            assert!(!core.client().is_dismissed(place), "it stays");
        }
        assert!(core.client().is_dismissed(placed(10)));
    });
}
