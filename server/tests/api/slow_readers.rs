//! Clients that do not read, or not fast enough.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::{
    ClientFrame, Codec, ConversationId, Message, Presence, ResumePoint, Seq, ServerFrame,
};

use crate::support::{Ended, PATIENCE, Socket, TestServer, TestUser, soon};

/// About as long as a text may be.
const LONG: usize = 3_950;

// Altogether more than the queue, the server's buffers and both systems take in.
const FRIENDS: usize = 6;
const TABS: usize = 3;
const PER_TAB: usize = 95;
/// Messages in each conversation.
const EACH: u64 = (TABS * PER_TAB) as u64;
/// Sends without outcome of one tab.
const UNDER_WAY: usize = 19;

/// Friends of somebody, who together write more than somebody who does not read can be sent.
struct Friends(Vec<(TestUser, ConversationId)>);

impl Friends {
    async fn of(server: &TestServer, user: &TestUser) -> Self {
        let mut friends = Vec::new();
        for number in 0..FRIENDS {
            let friend = server.user(&format!("friend{number}")).await;
            let conversation = friend.open_direct(user).await;
            friends.push((friend, conversation));
        }
        Self(friends)
    }

    /// Everybody writes, from all tabs at once, until all of it is stored.
    async fn write(&self) {
        let mut writing = Vec::new();
        for (friend, conversation) in &self.0 {
            for _ in 0..TABS {
                writing.push(tokio::spawn(write(friend.socket().await, *conversation)));
            }
        }
        for tab in writing {
            tab.await.unwrap();
        }
    }
}

async fn write(mut tab: Socket, conversation: ConversationId) {
    let text = "x".repeat(LONG);
    for _ in 0..PER_TAB / UNDER_WAY {
        let mut sent = Vec::new();
        for _ in 0..UNDER_WAY {
            sent.push(tab.write(conversation, &text).await);
        }
        for id in sent {
            tab.outcome(id).await.unwrap();
        }
    }
}

async fn narrow(user: &TestUser) -> Socket {
    let bearer = format!("Bearer {}", user.access);
    let headers = [("authorization", bearer.as_str())];
    let opened = Socket::narrow(user.server, Codec::Binary, &headers).await;
    let mut socket = opened.unwrap();
    socket.hello(&[]).await;
    socket
}

/// Counts a message that has to be the next one of its conversation.
fn count(held: &mut BTreeMap<ConversationId, u64>, message: &Message) {
    let seq = held.entry(message.conversation).or_default();
    *seq += 1;
    assert_eq!(message.seq, Seq(*seq));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_told_to_resync_and_nobody_else_is_touched() {
    let server = TestServer::with(|setup| {
        setup.unlimited();
        // It is not to be let go while the others write, however long they take.
        setup.server.limits.write_timeout = 10 * PATIENCE;
        setup.server.limits.idle_timeout = 10 * PATIENCE;
    })
    .await;
    let zoya = server.user("zoya").await;
    let friends = Friends::of(&server, &zoya).await;
    let mut slow = narrow(&zoya).await;
    let mut brisk = zoya.socket().await;
    let reading = tokio::spawn(async move {
        let mut held = BTreeMap::new();
        while held.values().sum::<u64>() < EACH * FRIENDS as u64 {
            match brisk.next().await {
                ServerFrame::Event { message } => count(&mut held, &message),
                ServerFrame::Resync => panic!("somebody who reads is told to resync"),
                _ => {}
            }
        }
    });
    friends.write().await;
    soon("everything", reading).await.unwrap();

    // Now the slow one reads: what it gets is whole up to where it was cut.
    let mut held = BTreeMap::new();
    slow.until(|frame| match frame {
        ServerFrame::Event { message } => {
            count(&mut held, &message);
            None
        }
        ServerFrame::Resync => Some(()),
        _ => None,
    })
    .await;
    assert!(held.values().sum::<u64>() < EACH * FRIENDS as u64);
    let points: Vec<ResumePoint> = friends
        .0
        .iter()
        .map(|(_, conversation)| ResumePoint {
            conversation: *conversation,
            seq: Seq(held.get(conversation).copied().unwrap_or_default()),
        })
        .collect();
    let frames = slow.hello(&points).await;
    for (_, conversation) in &friends.0 {
        let behind = ServerFrame::Behind {
            conversation: *conversation,
            last_seq: Seq(EACH),
        };
        if !frames.contains(&behind) {
            for frame in &frames {
                match frame {
                    ServerFrame::Event { message } if message.conversation == *conversation => {
                        count(&mut held, message);
                    }
                    _ => {}
                }
            }
            assert_eq!(held.get(conversation), Some(&EACH));
        }
    }
    assert_eq!(server.metric("resyncs_total").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_39_a_client_that_never_reads_is_let_go() {
    let server = TestServer::with(|setup| {
        setup.unlimited();
        setup.server.limits.write_timeout = Duration::from_millis(50);
    })
    .await;
    let zoya = server.user("zoya").await;
    let friends = Friends::of(&server, &zoya).await;
    let mut stuck = narrow(&zoya).await;
    friends.write().await;
    // It is gone for the server, although the client has not noticed: it still has much to read.
    server
        .metrics_say("sockets_closed_total{code=\"1013\"} 1")
        .await;
    // The friends have left too.
    server.metrics_say("connections 0").await;
    assert_eq!(stuck.ended().await, Ended::Broken);
}

#[tokio::test]
async fn half_open_connections_are_noticed_by_their_silence() {
    let server = TestServer::with(|setup| {
        setup.server.limits.heartbeat = Duration::from_millis(100);
        setup.server.limits.idle_timeout = Duration::from_secs(3);
    })
    .await;
    let (meera, zoya, _) = server.pair().await;
    // Nobody reads on this one, so nobody answers pings: as if the network were gone.
    let _silent = zoya.socket().await;
    let mut watching = meera.socket().await;
    let gone = tokio::spawn(async move {
        watching
            .until(|frame| match frame {
                ServerFrame::Presence { user, presence } if user == zoya.id => {
                    matches!(presence, Presence::Offline { .. }).then_some(())
                }
                _ => None,
            })
            .await;
        // Who answers stays.
        watching.say(&ClientFrame::Ping { nonce: 1 }).await;
        watching
            .until(|frame| (frame == ServerFrame::Pong { nonce: 1 }).then_some(()))
            .await;
    });
    server
        .metrics_say("sockets_closed_total{code=\"4002\"} 1")
        .await;
    // Whoever comes back within a moment is not announced as gone.
    server.clock.advance(Duration::from_secs(60));
    soon("the news", gone).await.unwrap();
}
