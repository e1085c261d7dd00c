//! SIGTERM: nothing new is accepted, what was taken is finished, everybody is told to return.

use std::sync::Arc;

use protocol::{Codec, ErrorCode, Seq, ServerFrame};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::support::{Ended, Fault, FaultyStore, TestServer, soon};

#[tokio::test]
async fn every_socket_is_told_to_come_back_and_closed() {
    let mut server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let mut sockets = Vec::new();
    for codec in Codec::ALL {
        sockets.push(meera.socket_in(codec).await);
        sockets.push(zoya.socket_in(codec).await);
    }
    server.ask_to_stop();
    for mut socket in sockets {
        socket
            .until(|frame| matches!(frame, ServerFrame::Draining { .. }).then_some(()))
            .await;
        assert_eq!(socket.ended().await, Ended::Closed(1012));
    }
    server.ended().await;
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_commit_under_way_is_finished_and_acked() {
    let store = Arc::new(FaultyStore::new());
    let mut server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let (meera, _, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    store.set(Fault::Hold);
    let id = socket.write(conversation, "just in time").await;
    soon("the commit", store.holds_a_commit()).await;
    server.ask_to_stop();
    // Once a socket was told, a further send comes too late; the one under way does not.
    socket
        .until(|frame| matches!(frame, ServerFrame::Draining { .. }).then_some(()))
        .await;
    store.set(Fault::None);
    assert_eq!(socket.outcome(id).await, Ok(Seq(1)));
    assert_eq!(socket.ended().await, Ended::Closed(1012));
    server.ended().await;
}

#[tokio::test]
async fn a_request_under_way_is_answered() {
    let mut server = TestServer::start().await;
    let meera = server.user("meera").await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/sign_out HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\ncookie: {1}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n\r\na=",
        server.address,
        meera.cookies(),
    );
    tokio::io::AsyncWriteExt::write_all(&mut slow, head.as_bytes())
        .await
        .unwrap();
    // Three for signing up and for the one that asks for it, and the slow one.
    server.metrics_say("tcp_accepted_total 4").await;
    let _preconnected = TcpStream::connect(server.address).await.unwrap();
    server.ask_to_stop();
    tokio::io::AsyncWriteExt::write_all(&mut slow, b"1")
        .await
        .unwrap();
    let mut answer = Vec::new();
    soon("the answer", slow.read_to_end(&mut answer))
        .await
        .unwrap();
    assert_eq!(crate::support::Answer::parse(&answer).status, 200);
    server.ended().await;
}

#[tokio::test]
async fn while_it_stops_sends_are_refused_and_may_be_repeated() {
    let store = Arc::new(FaultyStore::new());
    let mut server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut holding, mut late) = (meera.socket().await, zoya.socket().await);
    store.set(Fault::Hold);
    let held = holding.write(conversation, "in time").await;
    soon("the commit", store.holds_a_commit()).await;
    server.ask_to_stop();
    late.until(|frame| matches!(frame, ServerFrame::Draining { .. }).then_some(()))
        .await;
    let refused = late.write(conversation, "too late").await;
    assert_eq!(late.outcome(refused).await, Err(ErrorCode::Draining));
    assert!(ErrorCode::Draining.is_transient());
    store.set(Fault::None);
    assert_eq!(holding.outcome(held).await, Ok(Seq(1)));
    server.ended().await;
}
