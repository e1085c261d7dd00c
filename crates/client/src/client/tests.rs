mod answering;
mod arranging;
mod changes;
mod convergence;
mod dismissing;
mod drafting;
mod expiring;
mod foldering;
mod hiding;
mod membership;
mod polls;
mod reading;
mod receipts;
mod reminding;
mod requests;
mod saving;
mod seen_threads;
mod slow_mode;
mod standing;
mod threads;
mod window;

use protocol::{ErrorCode, HistoryPage, Intent, ResumePoint, SendId, Seq, ServerFrame, SessionId};

use super::*;
use crate::fixtures::*;
use crate::{Delivery, Draft, OutboxEntry, Restored, RowKey, SavedConversation, Seeded};

fn welcome(me: u8) -> ServerFrame {
    ServerFrame::Welcome {
        me: person(me),
        session: SessionId::from_bytes([3; 16]),
        now: at(0),
    }
}

fn text(text: &str) -> Intent {
    Intent::Text {
        text: text.to_owned(),
        reply_to: None,
    }
}

fn new_client() -> Client {
    Client::new(Config {
        me: user(ME),
        seed: 5,
        around: 40,
    })
}

/// Goes through a connection up to the moment when frames flow.
fn connect(client: &mut Client, now: Timestamp) -> Vec<Effect> {
    let mut effects = client.step(Input::SocketOpened, now);
    effects.extend(client.step(Input::Frame(welcome(ME)), now));
    effects.extend(client.step(Input::Frame(ServerFrame::Resumed), now));
    effects
}

/// A live client that knows one conversation of which it holds the last message only.
fn live(last: u64, read: u64, unread: u32) -> Client {
    let mut client = new_client();
    client.step(
        Input::Seeded(Seeded {
            summaries: vec![summary(last, read, unread)],
            pages: Vec::new(),
        }),
        at(0),
    );
    client.step(Input::Start, at(0));
    connect(&mut client, at(0));
    client
}

fn frames(effects: &[Effect]) -> Vec<ClientFrame> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Transmit(frame) => Some(frame.clone()),
            _ => None,
        })
        .collect()
}

fn sent(effects: &[Effect]) -> Vec<(SendId, Seq, bool)> {
    frames(effects)
        .into_iter()
        .filter_map(|frame| match frame {
            ClientFrame::Send {
                send_id,
                after,
                retry,
                ..
            } => Some((send_id, after, retry)),
            _ => None,
        })
        .collect()
}

fn write(client: &mut Client, id: u8, now: Timestamp) -> Vec<Effect> {
    client.step(
        Input::Send {
            conversation: here(),
            intent: text("a text"),
            send_id: send_id(id),
        },
        now,
    )
}

/// Writes, and says that it is stored on the device.
fn write_safely(client: &mut Client, id: u8, now: Timestamp) -> Vec<Effect> {
    let mut effects = write(client, id, now);
    let send_id = send_id(id);
    effects.extend(client.step(Input::Saved { send_id }, now));
    effects
}

fn ack(id: u8, seq: u64) -> Input {
    Input::Frame(ServerFrame::Ack {
        send_id: send_id(id),
        conversation: here(),
        seq: Seq(seq),
        sent_at: at(seq),
    })
}

fn event(message: Message) -> Input {
    Input::Frame(ServerFrame::Event { message })
}

fn seqs(client: &Client) -> Vec<Option<u64>> {
    client
        .rows(here())
        .map(|row| row.seq.map(|seq| seq.0))
        .collect()
}

#[test]
fn hello_says_what_is_held() {
    let mut client = new_client();
    let seeded = Seeded {
        summaries: vec![summary(7, 7, 0)],
        pages: Vec::new(),
    };
    client.step(Input::Seeded(seeded), at(0));
    assert_eq!(
        client.step(Input::Start, at(0)).first(),
        Some(&Effect::Connect)
    );
    let resume = vec![ResumePoint {
        conversation: here(),
        seq: Seq(7),
    }];
    let effects = client.step(Input::SocketOpened, at(1));
    assert_eq!(frames(&effects), [ClientFrame::Hello { resume }]);
}

#[test]
fn a_message_is_transmitted_when_the_device_has_it() {
    let mut client = live(7, 7, 0);
    let effects = write(&mut client, 1, at(10));
    assert!(matches!(effects.first(), Some(Effect::SaveOutbox(_))));
    assert_eq!(sent(&effects), []);
    let saved = Input::Saved {
        send_id: send_id(1),
    };
    let effects = client.step(saved, at(11));
    assert_eq!(sent(&effects), [(send_id(1), Seq(7), false)]);
    assert_eq!(client.unsent(), 1);

    let before: Vec<RowKey> = client.rows(here()).map(|row| row.key).collect();
    let effects = client.step(ack(1, 8), at(12));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    let after: Vec<RowKey> = client.rows(here()).map(|row| row.key).collect();
    assert_eq!(before, after);
    assert_eq!(seqs(&client), [Some(7), Some(8)]);
    assert_eq!(client.unsent(), 0);
}

#[test]
fn one_message_of_a_conversation_is_under_way_at_a_time() {
    let mut client = live(0, 0, 0);
    assert_eq!(sent(&write_safely(&mut client, 1, at(1))).len(), 1);
    assert_eq!(sent(&write_safely(&mut client, 2, at(2))), []);
    let effects = client.step(ack(1, 1), at(3));
    assert_eq!(sent(&effects), [(send_id(2), Seq(0), false)]);
}

#[test]
fn a_lost_ack_is_asked_for_again_under_the_same_id() {
    let mut client = live(7, 7, 0);
    write_safely(&mut client, 1, at(1));
    client.step(Input::SocketClosed { code: None }, at(2));
    client.step(Input::ConnectNow, at(3));
    client.step(Input::SocketOpened, at(3));
    client.step(Input::Frame(welcome(ME)), at(3));
    // What was missed raises the newest place known, and not the place of the message.
    client.step(event(message(8, THEM)), at(3));
    let effects = client.step(Input::Frame(ServerFrame::Resumed), at(3));
    assert_eq!(sent(&effects), [(send_id(1), Seq(7), true)]);
}

#[test]
fn what_is_scheduled_is_read_again_when_told_and_after_each_connection() {
    let is_told = |effects: &[Effect]| effects.contains(&Effect::Changed(Change::Scheduled));
    let mut client = live(7, 7, 0);
    let conversation = here();
    let frame = ServerFrame::Scheduled { conversation };
    assert!(is_told(&client.step(Input::Frame(frame), at(1))));
    assert!(!is_told(&client.step(Input::Tick, at(2))));
    client.step(Input::SocketClosed { code: None }, at(3));
    client.step(Input::ConnectNow, at(4));
    assert!(is_told(&connect(&mut client, at(5))));
}

#[test]
fn a_slow_connection_starts_over_without_a_new_socket() {
    let mut client = live(7, 7, 0);
    write_safely(&mut client, 1, at(1));
    let effects = client.step(Input::Frame(ServerFrame::Resync), at(2));
    assert!(!effects.contains(&Effect::Connect));
    assert!(matches!(
        frames(&effects).first(),
        Some(ClientFrame::Hello { .. })
    ));
    client.step(Input::Frame(welcome(ME)), at(3));
    let effects = client.step(Input::Frame(ServerFrame::Resumed), at(3));
    assert_eq!(sent(&effects), [(send_id(1), Seq(7), true)]);
}

#[test]
fn what_an_earlier_page_wrote_is_sent_as_a_retry() {
    let entry = |id, order| OutboxEntry {
        send_id: send_id(id),
        conversation: here(),
        intent: text("written before"),
        after: Seq(4),
        written_at: at(0),
        order,
    };
    let arrived = message(6, ME);
    let restored = Restored {
        outbox: vec![
            entry(2, 20),
            entry(1, 10),
            OutboxEntry {
                send_id: arrived.send_id,
                ..entry(3, 5)
            },
        ],
        messages: vec![arrived.clone(), message(5, THEM)],
        conversations: vec![SavedConversation {
            summary: summary(5, 5, 0),
            confirmed_read: Seq(5),
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
    };
    let mut client = new_client();
    let effects = client.step(Input::Restored(restored), at(1));
    // The third is stored already; only its deletion was lost.
    assert!(effects.contains(&Effect::ForgetOutbox(arrived.send_id)));
    assert_eq!(seqs(&client), [Some(5), Some(6), None, None]);
    client.step(Input::Start, at(1));
    let effects = connect(&mut client, at(2));
    assert_eq!(sent(&effects), [(send_id(1), Seq(4), true)]);
}

#[test]
fn what_waited_for_a_connection_may_have_been_sent_by_another_tab() {
    let mut client = live(0, 0, 0);
    client.step(Input::SocketClosed { code: None }, at(1));
    write_safely(&mut client, 1, at(2));
    client.step(Input::ConnectNow, at(3));
    let effects = connect(&mut client, at(4));
    assert_eq!(sent(&effects), [(send_id(1), Seq(0), true)]);
    client.step(ack(1, 1), at(5));
    let effects = write_safely(&mut client, 2, at(6));
    assert_eq!(sent(&effects), [(send_id(2), Seq(1), false)]);
}

#[test]
fn a_gap_is_read_before_anything_beyond_it_is_shown() {
    let mut client = live(5, 5, 0);
    let effects = client.step(event(message(9, THEM)), at(1));
    assert_eq!(seqs(&client), [Some(5)]);
    let [
        ClientFrame::Fetch {
            request, from, to, ..
        },
    ] = frames(&effects)[..]
    else {
        unreachable!("one page is asked for: {effects:?}");
    };
    assert_eq!((from, to), (Seq(6), Seq(8)));
    let page = HistoryPage {
        conversation: here(),
        messages: (6..=8).map(|seq| message(seq, THEM)).collect(),
        last_seq: Seq(9),
    };
    client.step(Input::Frame(ServerFrame::Page { request, page }), at(2));
    assert_eq!(seqs(&client), [5, 6, 7, 8, 9].map(Some));
    let row = client.conversation(here()).unwrap();
    assert_eq!((row.last_seq, row.unread), (Seq(9), 4));
}

#[test]
fn only_what_others_write_now_is_announced() {
    let mut client = live(5, 5, 0);
    let announced = |effects: &[Effect]| {
        effects
            .iter()
            .any(|it| matches!(it, Effect::Changed(Change::Announce { .. })))
    };
    assert!(announced(&client.step(event(message(6, THEM)), at(1))));
    assert!(!announced(&client.step(event(message(6, THEM)), at(2))));
    assert!(!announced(&client.step(event(message(7, ME)), at(3))));
}

fn cursors(effects: &[Effect]) -> Vec<Seq> {
    frames(effects)
        .into_iter()
        .filter_map(|frame| match frame {
            ClientFrame::MarkRead { seq, .. } => Some(seq),
            _ => None,
        })
        .collect()
}

fn mark(client: &mut Client, seq: u64, now: Timestamp) -> Vec<Effect> {
    let (conversation, seq) = (here(), Seq(seq));
    client.step(Input::MarkRead { conversation, seq }, now)
}

#[test]
fn a_cursor_moved_without_a_connection_is_told_with_the_next() {
    let mut client = live(5, 3, 2);
    client.step(Input::SocketClosed { code: None }, at(1));
    assert_eq!(cursors(&mark(&mut client, 5, at(2))), []);
    assert_eq!(client.unread(), 0);
    client.step(Input::ConnectNow, at(3));
    assert_eq!(cursors(&connect(&mut client, at(4))), [Seq(5)]);
}

#[test]
fn a_cursor_that_the_server_cannot_take_now_is_told_again() {
    let mut client = live(5, 3, 2);
    assert_eq!(cursors(&mark(&mut client, 5, at(1))), [Seq(5)]);
    let failed = ServerFrame::Error {
        code: ErrorCode::StorageUnavailable,
    };
    let effects = client.step(Input::Frame(failed.clone()), at(2));
    assert_eq!(cursors(&effects), []);
    let wake = effects.iter().find_map(|effect| match effect {
        Effect::WakeAt(at) => Some(*at),
        _ => None,
    });
    let wake = wake.unwrap();
    assert!(wake >= at(1_002) && wake <= at(31_002), "{wake:?}");
    assert_eq!(cursors(&client.step(Input::Tick, wake)), [Seq(5)]);

    // Once the server has it, nothing is told any more.
    let read = ServerFrame::Read {
        conversation: here(),
        seq: Seq(5),
        unread: 0,
        mentions: 0,
    };
    client.step(Input::Frame(read), wake);
    client.step(Input::Frame(failed), wake);
    let later = wake.plus_millis(40_000);
    assert_eq!(cursors(&client.step(Input::Tick, later)), []);
}

#[test]
fn a_refusal_for_good_is_shown_and_left_to_the_user() {
    let mut client = live(0, 0, 0);
    write_safely(&mut client, 1, at(1));
    let refused = |code, retry_after_ms| {
        Input::Frame(ServerFrame::Reject {
            send_id: send_id(1),
            code,
            retry_after_ms,
        })
    };
    let effects = client.step(refused(ErrorCode::StorageUnavailable, Some(2_000)), at(2));
    assert_eq!(sent(&effects), []);
    assert_eq!(sent(&client.step(Input::Tick, at(2_001))), []);
    let effects = client.step(Input::Tick, at(40_000));
    assert_eq!(sent(&effects), [(send_id(1), Seq(0), true)]);

    let effects = client.step(refused(ErrorCode::TooLong, None), at(40_001));
    let failed = Change::SendFailed {
        conversation: here(),
        send_id: send_id(1),
    };
    assert!(effects.contains(&Effect::Changed(failed)));
    let row = client.rows(here()).next().unwrap();
    let code = Some(ErrorCode::TooLong);
    assert_eq!(row.delivery, Delivery::Failed { code });
    let discard = Input::Discard {
        send_id: send_id(1),
    };
    let effects = client.step(discard, at(40_002));
    assert!(effects.contains(&Effect::ForgetOutbox(send_id(1))));
    assert_eq!(seqs(&client), []);
}

#[test]
fn somebody_elses_session_is_the_end() {
    let mut client = new_client();
    client.step(Input::Start, at(0));
    client.step(Input::SocketOpened, at(0));
    let effects = client.step(Input::Frame(welcome(THEM)), at(1));
    assert!(effects.contains(&Effect::CloseSocket));
    assert_eq!(client.status(at(1)), Status::Ended(EndReason::SignedOut));
}
