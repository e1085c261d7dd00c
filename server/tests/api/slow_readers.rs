//! Clients that do not read, or not fast enough.

use std::time::Duration;

use protocol::limits::CONNECTION_QUEUE;
use protocol::{ClientFrame, Codec, ConversationId, ResumePoint, Seq, ServerFrame};

use crate::support::{Ended, Socket, TestServer, TestUser, soon};

/// About as long as a text may be.
const LONG: usize = 3_900;

/// More than the queue, the server's buffers and both systems take in.
const TABS: usize = 12;
const PER_TAB: usize = 50;

/// Writes more than somebody who does not read can be sent.
async fn write_much(user: &TestUser, conversation: ConversationId) {
    assert!(TABS * PER_TAB > 2 * CONNECTION_QUEUE);
    let mut writing = Vec::new();
    for _ in 0..TABS {
        let mut tab = user.socket().await;
        writing.push(tokio::spawn(async move {
            let text = "x".repeat(LONG);
            let mut sent = Vec::new();
            for _ in 0..PER_TAB {
                sent.push(tab.write(conversation, &text).await);
            }
            for id in sent {
                tab.outcome(id).await.unwrap();
            }
        }));
    }
    for tab in writing {
        tab.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_told_to_resync_and_nobody_else_is_touched() {
    let server = TestServer::with(|setup| setup.unlimited()).await;
    let (meera, zoya, conversation) = server.pair().await;
    let bearer = format!("Bearer {}", zoya.access);
    let mut slow = Socket::narrow(server.address, Codec::Binary, &[("authorization", &bearer)])
        .await
        .unwrap();
    slow.hello(&[]).await;
    let mut brisk = zoya.socket().await;
    let total = (TABS * PER_TAB) as u64;
    let reading = tokio::spawn(async move {
        let mut seqs = Vec::new();
        while seqs.len() < TABS * PER_TAB {
            match brisk.next().await {
                ServerFrame::Event { message } => seqs.push(message.seq.0),
                ServerFrame::Resync => panic!("somebody who reads is told to resync"),
                _ => {}
            }
        }
        seqs
    });
    write_much(&meera, conversation).await;
    let seqs = soon("everything", reading).await.unwrap();
    assert_eq!(seqs, (1..=total).collect::<Vec<_>>());

    // Now the slow one reads: what it gets is whole up to where it was cut.
    let mut held = 0;
    slow.until(|frame| match frame {
        ServerFrame::Event { message } => {
            held += 1;
            assert_eq!(message.seq, Seq(held));
            None
        }
        ServerFrame::Resync => Some(()),
        _ => None,
    })
    .await;
    assert!(held < total);
    let frames = slow
        .hello(&[ResumePoint {
            conversation,
            seq: Seq(held),
        }])
        .await;
    assert!(frames.contains(&ServerFrame::Behind {
        conversation,
        last_seq: Seq(total),
    }));
    assert_eq!(server.metric("resyncs_total").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_39_a_client_that_never_reads_is_let_go() {
    let server = TestServer::with(|setup| {
        setup.unlimited();
        setup.server.limits.write_timeout = Duration::from_millis(50);
    })
    .await;
    let (meera, zoya, conversation) = server.pair().await;
    let bearer = format!("Bearer {}", zoya.access);
    let mut stuck = Socket::narrow(server.address, Codec::Binary, &[("authorization", &bearer)])
        .await
        .unwrap();
    stuck.hello(&[]).await;
    write_much(&meera, conversation).await;
    // It is gone for the server, although the client has not noticed: it still has much to read.
    soon("the end of the socket", async {
        while server.metric("connections").await > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(stuck.ended().await, Ended::Broken);
    let text = server
        .call(crate::support::Call::get("/metrics"))
        .await
        .ok();
    assert!(
        text.text()
            .contains("sockets_closed_total{code=\"1013\"} 1"),
        "{}",
        text.text()
    );
}

#[tokio::test]
async fn half_open_connections_are_noticed_by_their_silence() {
    let server = TestServer::with(|setup| {
        setup.server.limits.heartbeat = Duration::from_millis(20);
        setup.server.limits.idle_timeout = Duration::from_millis(100);
    })
    .await;
    let (meera, zoya, _) = server.pair().await;
    let mut watching = meera.socket().await;
    // Nobody reads on this one, so nobody answers pings: as if the network were gone.
    let _silent = zoya.socket().await;
    let mut online = false;
    watching
        .until(|frame| match frame {
            ServerFrame::Presence { user, presence } if user == zoya.id => {
                let is_online = presence == protocol::Presence::Online;
                online |= is_online;
                (online && !is_online).then_some(())
            }
            _ => None,
        })
        .await;
    // Who answers stays.
    watching.say(&ClientFrame::Ping { nonce: 1 }).await;
    watching
        .until(|frame| (frame == ServerFrame::Pong { nonce: 1 }).then_some(()))
        .await;
}
