//! Going to a place that is far back, what happens meanwhile, and the way back.

use protocol::{ClientFrame, Intent};

use super::*;
use crate::{Absence, Newer, Older, Sought};

const LAST: u64 = 3_000;

fn log() -> Log {
    let mut log = Log::default();
    for seq in 1..=LAST {
        log.append(message(seq, THEM));
    }
    log
}

/// Every page that the effects ask for; what they lead to is answered too. How many it were.
fn answer(client: &mut Client, log: &Log, effects: &[Effect]) -> usize {
    let mut waiting = frames(effects);
    let mut pages = 0;
    while let Some(frame) = waiting.pop() {
        let ClientFrame::Fetch {
            request, from, to, ..
        } = frame
        else {
            continue;
        };
        pages += 1;
        let page = HistoryPage {
            conversation: here(),
            messages: log.newest_of(from.0, to.0, 100),
            last_seq: Seq(log.last()),
        };
        let frame = ServerFrame::Page { request, page };
        waiting.extend(frames(&client.step(Input::Frame(frame), at(5))));
    }
    pages
}

/// A live client that has the conversation on screen, with its newest messages.
fn opened(log: &Log, read: u64) -> Client {
    let mut client = live(LAST, read, 0);
    let effects = client.step(Input::Open(here()), at(1));
    assert!(answer(&mut client, log, &effects) > 0);
    client
}

fn go_to(client: &mut Client, seq: u64) -> Vec<Effect> {
    let conversation = here();
    let seq = Seq(seq);
    client.step(Input::GoTo { conversation, seq }, at(6))
}

fn shown(client: &Client) -> (u64, u64) {
    let places: Vec<u64> = client.shown(here()).map(|row| row.seq.unwrap().0).collect();
    let (first, last) = (places[0], places[places.len() - 1]);
    assert_eq!(places, (first..=last).collect::<Vec<_>>(), "no gap");
    (first, last)
}

fn newer(client: &mut Client, log: &Log) {
    let effects = client.step(Input::LoadNewer(here()), at(7));
    assert_eq!(client.newer(here()), Newer::Loading);
    assert_eq!(answer(client, log, &effects), 1);
}

#[test]
fn a_place_far_back_is_one_page_away() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    assert_eq!(client.sought(here()), Some(Sought::Looking(Seq(1_000))));
    // What was shown stays until it is there.
    assert_eq!(shown(&client).1, LAST);
    assert_eq!(answer(&mut client, &log, &effects), 1);
    assert_eq!(client.sought(here()), Some(Sought::Here(Seq(1_000))));
    assert_eq!(shown(&client), (960, 1_040));
    assert_eq!(client.newer(here()), Newer::More);
    assert_eq!(client.older(here()), Older::More);

    let effects = client.step(Input::LoadOlder(here()), at(7));
    assert_eq!(client.older(here()), Older::Loading);
    assert_eq!(answer(&mut client, &log, &effects), 1);
    assert_eq!(shown(&client), (860, 1_040));
}

#[test]
fn what_arrives_meanwhile_goes_on_with_the_newest() {
    let mut log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    log.append(message(LAST + 1, THEM));
    let message = log.page(LAST + 1, LAST + 1).remove(0);
    let effects = client.step(Input::Frame(ServerFrame::Event { message }), at(7));
    let told = |effect: &Effect| matches!(effect, Effect::Changed(Change::Announce { .. }));
    assert!(effects.iter().any(told));
    assert_eq!(shown(&client), (960, 1_040));
    assert_eq!(client.fresh(here(), Seq(LAST)), 1);
    client.step(Input::GoToNewest(here()), at(8));
    assert_eq!(shown(&client).1, LAST + 1);
    assert_eq!(client.newer(here()), Newer::AtNewest);
    assert_eq!(client.sought(here()), None);
}

#[test]
fn scrolling_on_leads_into_the_newest_run() {
    let mut log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, LAST - 400);
    answer(&mut client, &log, &effects);
    let (first, _) = shown(&client);
    for number in 1.. {
        log.append(message(LAST + number, THEM));
        let message = log.page(LAST + number, LAST + number).remove(0);
        client.step(Input::Frame(ServerFrame::Event { message }), at(7));
        if client.newer(here()) == Newer::AtNewest {
            break;
        }
        newer(&mut client, &log);
        assert!(number < 6, "they meet");
    }
    assert_eq!(shown(&client), (first, log.last()));
    assert_eq!(client.rows(here()).count(), client.shown(here()).count());
    assert_eq!(client.newest(here()), Seq(log.last()));
}

#[test]
fn writing_leads_back_to_the_newest() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    let write = |intent, n| Input::Send {
        conversation: here(),
        intent,
        send_id: send_id(n),
    };
    // A change stays where the reader is, and shows there.
    let pin = Intent::Pin {
        target: Seq(1_000),
        on: true,
    };
    client.step(write(pin, 8), at(7));
    let row = client.row_at(here(), Seq(1_000)).unwrap();
    assert!(row.marks.pinned && row.waiting);
    assert_eq!(shown(&client), (960, 1_040));

    client.step(write(text("here"), 9), at(8));
    let last = client.shown(here()).last().unwrap();
    assert_eq!((last.key.send_id, last.seq), (send_id(9), None));
}

#[test]
fn reading_history_moves_no_cursor() {
    let log = log();
    let mut client = opened(&log, 500);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    assert_eq!(client.newest(here()), Seq::ZERO);
    let mark = |seq| Input::MarkRead {
        conversation: here(),
        seq: Seq(seq),
    };
    assert_eq!(frames(&client.step(mark(1_040), at(7))), []);
    assert_eq!(frames(&client.step(mark(LAST), at(7))), []);
    let read = client.conversation(here()).unwrap().read_seq;
    assert_eq!(read, Seq(500));
    client.step(Input::GoToNewest(here()), at(8));
    assert_eq!(frames(&client.step(mark(LAST), at(9))).len(), 1);
}

#[test]
fn the_divider_stands_only_where_it_belongs() {
    let log = log();
    let mut client = live(LAST, 990, 2_010);
    let effects = client.step(Input::Open(here()), at(1));
    answer(&mut client, &log, &effects);
    for (seq, divided) in [(1_000, true), (2_000, false), (500, true)] {
        let effects = go_to(&mut client, seq);
        answer(&mut client, &log, &effects);
        assert_eq!(client.divider(here()).is_some(), divided, "{seq}");
    }
}

#[test]
fn changes_of_what_is_shown_arrive_there() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    for (seq, deed) in [
        (LAST + 1, react("👍", true)),
        (LAST + 2, edit("better")),
        (LAST + 3, protocol::ChangeKind::Delete),
    ] {
        let message = change(seq, THEM, 1_000, deed);
        client.step(Input::Frame(ServerFrame::Event { message }), at(7));
        let row = client.row_at(here(), Seq(1_000)).unwrap();
        assert_eq!(row.marks.version, Seq(seq));
    }
    let row = client.row_at(here(), Seq(1_000)).unwrap();
    assert_eq!(row.content, protocol::Content::Deleted);
}

#[test]
fn after_a_gap_too_wide_to_fill_the_window_is_read_again() {
    let mut log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    log.append(change(LAST + 1, THEM, 1_000, edit("meanwhile")));
    for seq in LAST + 2..=LAST + 300 {
        log.append(message(seq, THEM));
    }
    let behind = ServerFrame::Behind {
        conversation: here(),
        last_seq: Seq(log.last()),
    };
    let effects = client.step(Input::Frame(behind), at(7));
    answer(&mut client, &log, &effects);
    let row = client.row_at(here(), Seq(1_000)).unwrap();
    assert_eq!(row.content.body().unwrap().as_str(), "meanwhile");
    assert_eq!(shown(&client), (960, 1_040));
}

#[test]
fn a_place_that_does_not_come_leaves_everything_as_it_was() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    let [ClientFrame::Fetch { request, .. }] = frames(&effects)[..] else {
        panic!("one page is asked for");
    };
    let code = ErrorCode::StorageUnavailable;
    let refused = ServerFrame::Refused { request, code };
    assert_eq!(frames(&client.step(Input::Frame(refused), at(7))), []);
    let missing = |seq| Some(Sought::Missing(Seq(seq), Absence::NotLoaded));
    assert_eq!(client.sought(here()), missing(1_000));
    assert_eq!(shown(&client).1, LAST);

    // A connection that goes away takes the answer with it, and without one nobody waits.
    go_to(&mut client, 900);
    client.step(Input::SocketClosed { code: None }, at(8));
    assert_eq!(client.sought(here()), missing(900));
    client.step(Input::NetworkOffline, at(9));
    go_to(&mut client, 800);
    assert_eq!(client.sought(here()), missing(800));
}

#[test]
fn ends_that_do_not_come_say_so_and_are_tried_again() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    for older in [true, false] {
        let more = || {
            if older {
                Input::LoadOlder(here())
            } else {
                Input::LoadNewer(here())
            }
        };
        let effects = client.step(more(), at(7));
        let [ClientFrame::Fetch { request, .. }] = frames(&effects)[..] else {
            panic!("one page is asked for");
        };
        let code = ErrorCode::Internal;
        client.step(Input::Frame(ServerFrame::Refused { request, code }), at(8));
        assert_eq!(client.older(here()) == Older::Failed, older);
        assert_eq!(client.newer(here()) == Newer::Failed, !older);
        let effects = client.step(more(), at(9));
        assert_eq!(answer(&mut client, &log, &effects), 1);
    }
    assert_eq!(shown(&client), (860, 1_140));
}

#[test]
fn another_conversation_leaves_nothing_of_it() {
    let log = log();
    let mut client = opened(&log, LAST);
    let effects = go_to(&mut client, 1_000);
    answer(&mut client, &log, &effects);
    client.step(Input::Close, at(7));
    assert_eq!(client.sought(here()), None);
    assert_eq!(shown(&client).1, LAST);
}

#[test]
fn a_page_of_the_server_shows_the_place_before_there_is_a_connection() {
    let log = log();
    let mut client = new_client();
    let page = |from, to| HistoryPage {
        conversation: here(),
        messages: log.page(from, to),
        last_seq: Seq(LAST),
    };
    let seeded = Seeded {
        summaries: vec![summary(LAST, LAST, 0)],
        pages: vec![page(LAST - 29, LAST)],
    };
    client.step(Input::Seeded(seeded), at(0));
    let seq = Seq(1_000);
    let around = page(960, 1_040);
    client.step(Input::SeededAround { seq, page: around }, at(0));
    client.step(Input::Open(here()), at(0));
    assert_eq!(shown(&client), (960, 1_040));
    // The browser goes there once more, and it is there.
    assert_eq!(frames(&go_to(&mut client, 1_000)), []);
    assert_eq!(client.sought(here()), Some(Sought::Here(seq)));
}

#[test]
fn case_51_pages_of_elsewhere_or_with_gaps_are_not_shown() {
    let log = log();
    let mut client = opened(&log, LAST);
    let mut elsewhere = log.page(960, 1_040);
    elsewhere[0].conversation = ConversationId::from_bytes([8; 16]);
    let mut gap = log.page(960, 1_040);
    gap.remove(30);
    for messages in [elsewhere, gap] {
        let page = HistoryPage {
            conversation: here(),
            messages,
            last_seq: Seq(LAST),
        };
        let seq = Seq(1_000);
        client.step(Input::SeededAround { seq, page }, at(6));
        assert_eq!(shown(&client).1, LAST);
    }
}
