//! What the user deletes for themselves alone: at once, on every device, through broken
//! connections and reloads.

use protocol::{Content, Dismissal, Dismissed, MessageBody, SavedPlace, Thread};

use super::changes::ask_safely;
use super::*;
use crate::{DismissalWish, Sought};

const THIS: Dismissal = Dismissal::This;
const SHOW: Dismissal = Dismissal::Show;

fn place(seq: u64) -> SavedPlace {
    SavedPlace {
        conversation: here(),
        seq: Seq(seq),
    }
}

fn dismiss(client: &mut Client, seq: u64, dismissal: Dismissal, now: u64) -> Vec<Effect> {
    let place = place(seq);
    client.step(Input::Dismiss { place, dismissal }, at(now))
}

fn told(client: &mut Client, request: Option<u32>, seqs: &[u64], now: u64) -> Vec<Effect> {
    let mut dismissed = Dismissed::default();
    for seq in seqs {
        dismissed.apply(Seq(*seq), THIS).unwrap();
    }
    let frame = ServerFrame::Dismissed {
        request,
        conversation: here(),
        dismissed,
    };
    client.step(Input::Frame(frame), at(now))
}

fn shown(client: &Client) -> Vec<u64> {
    let rows = client.rows(here()).filter_map(|row| row.seq);
    rows.map(|seq| seq.0).collect()
}

/// What is stored of a place now, if anything was.
fn stored(effects: &[Effect], seq: u64) -> Option<Content> {
    let messages = effects.iter().filter_map(|effect| match effect {
        Effect::SaveMessages { messages, .. } => Some(messages),
        _ => None,
    });
    let mut of_place = messages.flatten().filter(|it| it.seq == Seq(seq));
    of_place.next_back().map(|it| it.content.clone())
}

/// What the only `Dismiss` among the effects asks for.
fn asked(effects: &[Effect]) -> (u32, u64, Dismissal) {
    let asked = frames(effects).into_iter().filter_map(|frame| match frame {
        ClientFrame::Dismiss {
            request,
            place,
            dismissal,
        } => Some((request, place.seq.0, dismissal)),
        _ => None,
    });
    let asked: Vec<_> = asked.collect();
    let [one] = asked[..] else {
        panic!("one thing is asked for: {effects:?}");
    };
    one
}

/// A live client that holds three messages of the other, all unread.
fn three() -> Client {
    let mut client = live(0, 0, 0);
    for seq in 1..=3 {
        client.step(event(message(seq, THEM)), at(seq));
    }
    assert_eq!(client.conversation(here()).unwrap().unread, 3);
    client
}

fn last(client: &Client) -> Option<u64> {
    let summary = client.list_row(here()).unwrap().summary;
    summary.last_message.map(|it| it.seq.0)
}

#[test]
fn it_leaves_the_screen_the_list_and_the_storage_at_once() {
    let mut client = three();
    let effects = dismiss(&mut client, 3, THIS, 10);
    assert_eq!(shown(&client), [1, 2]);
    assert_eq!(last(&client), Some(2));
    assert_eq!(client.conversation(here()).unwrap().unread, 2);
    assert_eq!(stored(&effects, 3), Some(Content::Dismissed));
    let wish = DismissalWish {
        place: place(3),
        dismissal: THIS,
    };
    assert!(effects.contains(&Effect::SaveDismissal(wish)));
    assert!(client.is_dismissed(place(3)));
    // Whoever has seen the end has seen it.
    assert_eq!(client.newest(here()), Seq(3));
    let (request, ..) = asked(&effects);
    assert_eq!(dismiss(&mut client, 3, THIS, 11), [], "nothing new");
    let effects = told(&mut client, Some(request), &[3], 12);
    assert!(effects.contains(&Effect::ForgetDismissal(place(3))));
    assert_eq!((shown(&client), client.wishes()), (vec![1, 2], 0));
}

#[test]
fn it_comes_back_as_it_was_without_a_connection() {
    let mut client = three();
    client.step(Input::SocketClosed { code: None }, at(9));
    dismiss(&mut client, 3, THIS, 10);
    dismiss(&mut client, 1, THIS, 10);
    assert_eq!(shown(&client), [2]);
    let effects = dismiss(&mut client, 3, SHOW, 11);
    assert_eq!(shown(&client), [2, 3]);
    assert_eq!(last(&client), Some(3));
    assert_eq!(client.conversation(here()).unwrap().unread, 2);
    assert_eq!(stored(&effects, 3), Some(message(3, THEM).content));
}

#[test]
fn what_another_device_has_dismissed_goes_and_is_read_when_it_is_shown_again() {
    let mut client = three();
    let effects = told(&mut client, None, &[2], 10);
    assert_eq!(shown(&client), [1, 3]);
    assert_eq!(stored(&effects, 2), Some(Content::Dismissed));
    let effects = told(&mut client, None, &[], 11);
    let asks = frames(&effects);
    let [
        ClientFrame::Fetch {
            request, from, to, ..
        },
    ] = asks[..]
    else {
        panic!("{asks:?}");
    };
    assert_eq!((from, to), (Seq(2), Seq(2)));
    let page = HistoryPage {
        conversation: here(),
        messages: vec![message(2, THEM)],
        last_seq: Seq(3),
    };
    let frame = ServerFrame::Page { request, page };
    let effects = client.step(Input::Frame(frame), at(12));
    assert_eq!(shown(&client), [1, 2, 3]);
    assert_eq!(stored(&effects, 2), Some(message(2, THEM).content));
    assert_eq!(frames(&effects), [], "once is enough");
}

#[test]
fn what_comes_later_of_it_says_nothing_either() {
    let mut client = three();
    dismiss(&mut client, 2, THIS, 10);
    let edit = protocol::ChangeKind::Edit(MessageBody::parse("in other words").unwrap());
    let effects = client.step(event(change(4, THEM, 2, edit)), at(11));
    let withdrawn = Content::Change(protocol::Change {
        target: Seq(2),
        kind: protocol::ChangeKind::Withdrawn,
    });
    assert_eq!(stored(&effects, 4), Some(withdrawn));
    assert_eq!(shown(&client), [1, 3]);
    let pin = client.step(
        event(change(5, THEM, 2, protocol::ChangeKind::Pin(true))),
        at(12),
    );
    assert_eq!(stored(&pin, 2), Some(Content::Dismissed));
    assert_eq!(client.pins(here()), []);
    // A page with it brings nothing back, and a visit says that it is not there.
    client.step(Input::Open(here()), at(13));
    let seq = Seq(2);
    let conversation = here();
    client.step(Input::GoTo { conversation, seq }, at(13));
    assert!(matches!(client.sought(here()), Some(Sought::Missing(it, _)) if it == seq));
}

#[test]
fn offline_it_is_kept_through_a_reload_and_sent_when_there_is_a_connection() {
    let wish = DismissalWish {
        place: place(2),
        dismissal: THIS,
    };
    let restored = Restored {
        conversations: vec![SavedConversation {
            summary: summary(3, 3, 0),
            confirmed_read: Seq(3),
            threads: Vec::new(),
        }],
        messages: (1..=3).map(|seq| message(seq, THEM)).collect(),
        dismissals: vec![wish],
        ..Restored::default()
    };
    let mut client = new_client();
    let effects = client.step(Input::Restored(restored), at(3));
    assert_eq!(shown(&client), [1, 3]);
    assert_eq!(stored(&effects, 2), Some(Content::Dismissed));
    client.step(Input::Start, at(3));
    let effects = connect(&mut client, at(4));
    let (request, seq, dismissal) = asked(&effects);
    assert_eq!((seq, dismissal), (2, THIS));
    // For what is refused for good, what the server says is so.
    let code = ErrorCode::TooMany;
    let refused = ServerFrame::Refused { request, code };
    let effects = client.step(Input::Frame(refused), at(5));
    assert!(effects.contains(&Effect::ForgetDismissal(place(2))));
    assert_eq!(client.take_not_dismissed(), Some(code));
    assert_eq!(client.take_not_dismissed(), None, "it is told once");
    let again = frames(&effects);
    assert!(
        matches!(again[..], [ClientFrame::Fetch { from: Seq(2), .. }]),
        "{again:?}"
    );
}

#[test]
fn a_cleared_conversation_begins_after_it() {
    let mut client = three();
    client.step(Input::Open(here()), at(9));
    let effects = dismiss(&mut client, 2, Dismissal::ThisAndBefore, 10);
    assert_eq!(shown(&client), [3]);
    for seq in [1, 2] {
        assert_eq!(stored(&effects, seq), Some(Content::Dismissed));
    }
    assert_eq!(client.older(here()), crate::Older::AtStart);
    dismiss(&mut client, 3, Dismissal::ThisAndBefore, 11);
    assert_eq!((shown(&client), last(&client)), (Vec::new(), None));
    client.step(event(message(4, THEM)), at(12));
    assert_eq!((shown(&client), last(&client)), (vec![4], Some(4)));
}

#[test]
fn an_answer_leaves_the_count_of_its_root_and_comes_back() {
    let mut client = live(0, 0, 0);
    client.step(event(message(1, THEM)), at(1));
    for seq in [2, 3] {
        let mut answer = message(seq, THEM);
        answer.marks.thread = Some(Thread::Under(Seq(1)));
        client.step(event(answer), at(seq));
    }
    let count = |client: &Client| match &client.row_at(here(), Seq(1)).unwrap().marks.thread {
        Some(Thread::Root(answers)) => answers.count,
        _ => 0,
    };
    assert_eq!(count(&client), 2);
    dismiss(&mut client, 3, THIS, 5);
    assert_eq!(count(&client), 1);
    dismiss(&mut client, 3, SHOW, 6);
    assert_eq!(count(&client), 2);
    // Also where all of them were, and come back one by one.
    let marks = |client: &Client| client.row_at(here(), Seq(1)).unwrap().marks.clone();
    let before = marks(&client);
    for seq in [2, 3] {
        dismiss(&mut client, seq, THIS, 7);
    }
    assert_eq!(count(&client), 0);
    for seq in [2, 3] {
        dismiss(&mut client, seq, SHOW, 8);
    }
    assert_eq!(marks(&client), before);
}

#[test]
fn ones_own_message_goes_too_and_is_deleted_for_everybody_later() {
    let mut client = live(0, 0, 0);
    write_safely(&mut client, 7, at(1));
    client.step(ack(7, 1), at(2));
    dismiss(&mut client, 1, THIS, 3);
    assert!(shown(&client).is_empty());
    let target = Seq(1);
    ask_safely(&mut client, 8, Intent::Delete { target });
    client.step(event(change(2, ME, 1, protocol::ChangeKind::Delete)), at(5));
    assert!(shown(&client).is_empty());
}

/// A place of its own in the list, whatever is left to be shown.
fn stands_at(client: &Client) -> Timestamp {
    client.list_row(here()).unwrap().active_at
}

#[test]
fn where_all_is_dismissed_it_stands_in_the_list_as_its_newest_message_puts_it() {
    let mut client = three();
    let newest = message(3, THEM).sent_at;
    for seq in [3, 2, 1] {
        dismiss(&mut client, seq, THIS, 10);
    }
    assert_eq!((last(&client), stands_at(&client)), (None, newest));
    let mut client = three();
    dismiss(&mut client, 3, THIS, 10);
    dismiss(&mut client, 3, Dismissal::ThisAndBefore, 11);
    assert_eq!((last(&client), stands_at(&client)), (None, newest));
}

#[test]
fn the_list_shows_what_is_found_before_what_was_dismissed() {
    let mut client = live(3, 3, 0);
    dismiss(&mut client, 3, THIS, 4);
    assert_eq!(last(&client), None, "nothing else is held");
    let effects = client.step(Input::Open(here()), at(5));
    let older = frames(&effects).into_iter().find_map(|frame| match frame {
        ClientFrame::Fetch { request, .. } => Some(request),
        _ => None,
    });
    let page = HistoryPage {
        conversation: here(),
        messages: (1..=2).map(|seq| message(seq, THEM)).collect(),
        last_seq: Seq(3),
    };
    let request = older.unwrap();
    client.step(Input::Frame(ServerFrame::Page { request, page }), at(6));
    assert_eq!(last(&client), Some(2));
}

#[test]
fn the_place_of_an_answer_to_what_is_dismissed_is_read_for_the_thread_that_it_is_in() {
    let mut client = three();
    let answer = Intent::Text {
        text: "haan".to_owned(),
        reply_to: Some(Seq(2)),
    };
    ask_safely(&mut client, 7, answer);
    dismiss(&mut client, 2, THIS, 5);
    let asks = frames(&client.step(ack(7, 4), at(6)));
    assert!(
        matches!(asks[..], [ClientFrame::Fetch { to: Seq(4), .. }]),
        "{asks:?}"
    );
}

#[test]
fn what_is_cleared_leaves_the_storage_also_where_it_is_not_held() {
    let mut client = live(400, 400, 0);
    let forgotten = |effects: &[Effect]| -> Vec<Seq> {
        let forgotten = effects.iter().filter_map(|effect| match effect {
            Effect::ForgetMessages {
                conversation,
                up_to,
            } => (*conversation == here()).then_some(*up_to),
            _ => None,
        });
        forgotten.collect()
    };
    let all = Dismissal::ThisAndBefore;
    let effects = dismiss(&mut client, 390, all, 10);
    assert_eq!(forgotten(&effects), [Seq(390)]);
    assert_eq!(forgotten(&dismiss(&mut client, 395, THIS, 11)), []);
    // Another device has cleared more, and says so twice.
    for expected in [&[Seq(398)][..], &[]] {
        let mut dismissed = Dismissed::default();
        dismissed.apply(Seq(398), all).unwrap();
        let frame = ServerFrame::Dismissed {
            request: None,
            conversation: here(),
            dismissed,
        };
        let effects = client.step(Input::Frame(frame), at(12));
        assert_eq!(forgotten(&effects), expected);
    }
}
