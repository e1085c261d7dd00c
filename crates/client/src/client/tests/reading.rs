//! Pages and what storage held, where changes are among it.

use protocol::{ChangeKind, Content, Intent};

use super::*;
use crate::Older;

/// What is asked for by the only `Fetch` among the effects.
fn fetched(effects: &[Effect]) -> (u32, u64, u64) {
    let fetches: Vec<_> = frames(effects)
        .into_iter()
        .filter_map(|frame| match frame {
            ClientFrame::Fetch {
                request, from, to, ..
            } => Some((request, from.0, to.0)),
            _ => None,
        })
        .collect();
    let [fetch] = fetches[..] else {
        panic!("one page is asked for: {effects:?}");
    };
    fetch
}

fn page(client: &mut Client, request: u32, messages: Vec<Message>, last: u64) -> Vec<Effect> {
    let page = HistoryPage {
        conversation: here(),
        messages,
        last_seq: Seq(last),
    };
    client.step(Input::Frame(ServerFrame::Page { request, page }), at(5))
}

/// A log that ends with many reactions to its first message.
fn reacted(texts: u64, reactions: u64) -> Log {
    let mut log = Log::default();
    for seq in 1..=texts {
        log.append(message(seq, THEM));
    }
    for seq in texts + 1..=texts + reactions {
        log.append(change(seq, THEM, 1, react("👍", seq % 2 == 0)));
    }
    log
}

/// A live client with this log on the server, of which it holds nothing.
fn live_with(log: &Log) -> Client {
    let mut client = live(0, 0, 0);
    let mut summary = summary(log.last(), log.last(), 0);
    summary.last_message = Some(log.page(1, 1)[0].clone());
    let summary = Box::new(summary);
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(1));
    client
}

#[test]
fn a_page_without_rows_is_not_the_end() {
    let log = reacted(30, 150);
    let mut client = live_with(&log);
    let mut effects = client.step(Input::Open(here()), at(2));
    let mut pages = 0;
    while client.rows(here()).next().is_none() {
        let (request, from, to) = fetched(&effects);
        effects = page(
            &mut client,
            request,
            log.newest_of(from, to, 100),
            log.last(),
        );
        pages += 1;
    }
    assert!(pages > 1, "the newest hundred places show nothing");
    let first = client.row_at(here(), Seq(30)).unwrap();
    assert_eq!(first.content, log.entries[29].content);
}

#[test]
fn older_messages_are_read_until_some_are_there() {
    let mut log = Log::default();
    for seq in 1..=20 {
        log.append(message(seq, THEM));
    }
    for seq in 21..=200 {
        log.append(change(seq, THEM, 1, react("👍", seq % 2 == 0)));
    }
    for seq in 201..=300 {
        log.append(message(seq, THEM));
    }
    let mut client = live(0, 0, 0);
    client.step(
        Input::Seeded(Seeded {
            summaries: vec![summary(300, 300, 0)],
            pages: vec![HistoryPage {
                conversation: here(),
                messages: log.page(201, 300),
                last_seq: Seq(300),
            }],
        }),
        at(1),
    );
    client.step(Input::Open(here()), at(2));
    let mut effects = client.step(Input::LoadOlder(here()), at(3));
    let rows = client.rows(here()).count();
    while client.rows(here()).count() == rows {
        assert_eq!(client.older(here()), Older::Loading);
        let (request, from, to) = fetched(&effects);
        effects = page(
            &mut client,
            request,
            log.newest_of(from, to, 100),
            log.last(),
        );
    }
    assert_eq!(client.rows(here()).count(), rows + 20);
    assert_eq!(client.older(here()), Older::AtStart);
    assert_eq!(frames(&effects), []);
}

#[test]
fn what_shows_nothing_is_not_read_without_end() {
    let mut client = live(0, 0, 0);
    let last = 9_000;
    let mut summary = summary(last, last, 0);
    summary.last_message = Some(message(1, THEM));
    let summary = Box::new(summary);
    client.step(Input::Frame(ServerFrame::Conversation { summary }), at(1));
    let mut effects = client.step(Input::Open(here()), at(2));
    let mut read = 0;
    while frames(&effects).len() == 1 {
        let (request, from, to) = fetched(&effects);
        let from = from.max(to.min(last) - 99);
        let reactions = (from..=to.min(last)).map(|seq| change(seq, THEM, 1, react("👍", true)));
        let reactions: Vec<Message> = reactions.collect();
        read += reactions.len();
        assert!(read < 6_000, "as much as is held, and then no more");
        effects = page(&mut client, request, reactions, last);
    }
    assert_eq!(client.older(here()), Older::Full);
}

#[test]
fn a_page_that_was_cut_is_not_the_beginning() {
    let mut log = Log::default();
    for seq in 1..=90 {
        log.append(message(seq, THEM));
    }
    let mut client = live(0, 0, 0);
    client.step(
        Input::Seeded(Seeded {
            summaries: vec![summary(90, 90, 0)],
            pages: vec![HistoryPage {
                conversation: here(),
                messages: log.page(61, 90),
                last_seq: Seq(90),
            }],
        }),
        at(1),
    );
    client.step(Input::Open(here()), at(2));
    let effects = client.step(Input::LoadOlder(here()), at(3));
    let (request, _, to) = fetched(&effects);
    page(&mut client, request, log.page(to - 11, to), log.last());
    assert_eq!(client.older(here()), Older::More);
    // Where history is not theirs to read, a page is empty.
    let effects = client.step(Input::LoadOlder(here()), at(4));
    let (request, ..) = fetched(&effects);
    page(&mut client, request, Vec::new(), log.last());
    assert_eq!(client.older(here()), Older::AtStart);
}

#[test]
fn a_gap_that_comes_in_parts_is_filled_without_a_jump() {
    let mut client = live(5, 5, 0);
    let effects = client.step(event(message(19, THEM)), at(1));
    let (request, from, to) = fetched(&effects);
    assert_eq!((from, to), (6, 18));
    let part = (12..=18).map(|seq| message(seq, THEM)).collect();
    let effects = page(&mut client, request, part, 19);
    assert_eq!(seqs(&client), [Some(5)], "kept");
    let (request, from, to) = fetched(&effects);
    assert_eq!((from, to), (6, 11));
    let rest = (6..=11).map(|seq| message(seq, THEM)).collect();
    page(&mut client, request, rest, 19);
    assert_eq!(client.rows(here()).count(), 15);
}

#[test]
fn stored_rows_are_brought_up_to_the_changes_beside_them() {
    // Another tab has stored the message again, as it was before.
    let stored = vec![
        message(1, ME),
        message(2, THEM),
        change(3, ME, 1, edit("after")),
    ];
    let thumb = Intent::React {
        target: Seq(2),
        emoji: "👍".to_owned(),
        on: true,
    };
    let entry = |id: SendId, intent| OutboxEntry {
        send_id: id,
        conversation: here(),
        intent,
        after: Seq(2),
        written_at: at(3),
        order: 1,
    };
    let edit = Intent::Edit {
        target: Seq(1),
        text: "after".to_owned(),
    };
    let answered = stored[2].send_id;
    let mut client = new_client();
    let effects = client.step(
        Input::Restored(Restored {
            outbox: vec![entry(answered, edit), entry(send_id(7), thumb)],
            messages: stored,
            conversations: vec![SavedConversation {
                summary: summary(2, 2, 0),
                confirmed_read: Seq(2),
                threads: Vec::new(),
            }],
            drafts: Vec::new(),
            answers: Vec::new(),
            arrangements: Vec::new(),
            saved: Vec::new(),
            reminders: Vec::new(),
            dismissals: Vec::new(),
            folders: Vec::new(),
            folder_wishes: Vec::new(),
        }),
        at(4),
    );
    assert!(effects.contains(&Effect::ForgetOutbox(answered)));
    let row = client.row_at(here(), Seq(1)).unwrap();
    assert_eq!(row.content.body(), Some(&body("after")));
    let row = client.row_at(here(), Seq(2)).unwrap();
    assert!(row.waiting && row.marks.reaction_count() == 1);
    let summary = client.conversation(here()).unwrap();
    assert_eq!(summary.last_seq, Seq(3));
}

#[test]
fn unread_is_counted_without_changes_and_notices() {
    let mut client = live(0, 0, 0);
    let mut log = Log::default();
    for (author, deed) in [
        (THEM, Deed::Say),
        (THEM, Deed::Edit),
        (THEM, Deed::Rename),
        (ME, Deed::Say),
        (THEM, Deed::React(true)),
        (THEM, Deed::Say),
        (THEM, Deed::Delete),
    ] {
        let entry = log.happen(author, deed, 0).clone();
        client.step(event(entry), at(1));
    }
    let count = |read: u64| {
        let after = log.entries.iter().skip(usize::try_from(read).unwrap());
        let unread = after.filter(|it| it.author == user(THEM) && it.content.counts());
        u32::try_from(unread.count()).unwrap()
    };
    assert_eq!(client.unread(), count(0));
    for read in 1..=7 {
        mark(&mut client, read, at(2));
        assert_eq!(client.unread(), count(read), "after {read}");
    }
    assert!(matches!(log.entries[0].content, Content::Deleted));
    assert_eq!(log.entries[6].content, {
        let target = Seq(1);
        let kind = ChangeKind::Delete;
        Content::Change(protocol::Change { target, kind })
    });
}
