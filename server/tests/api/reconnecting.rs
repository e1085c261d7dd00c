//! Connections break; nothing is lost, nothing comes twice.

use protocol::limits::RESUME_REPLAY;
use protocol::{Codec, ResumePoint, Seq, ServerFrame};

use crate::support::{Ended, TestServer};

fn seqs(frames: &[ServerFrame]) -> Vec<u64> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            ServerFrame::Event { message } => Some(message.seq.0),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn what_was_missed_follows_the_hello() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut writer = meera.socket().await;
    for codec in Codec::ALL {
        let mut reader = zoya.socket_in(codec).await;
        let held = writer.tell(conversation, "seen").await;
        reader.message().await;
        drop(reader);
        for text in ["missed one", "missed two", "missed three"] {
            writer.tell(conversation, text).await;
        }
        let mut again = zoya.silent_socket(codec).await;
        let resume = [ResumePoint {
            conversation,
            seq: held,
        }];
        let missed = again.hello(&resume).await;
        assert_eq!(seqs(&missed), [held.0 + 1, held.0 + 2, held.0 + 3]);
        // Live frames follow without a gap.
        let next = writer.tell(conversation, "live").await;
        assert_eq!(again.message().await.seq, next);
    }
}

#[tokio::test]
async fn who_missed_a_great_deal_is_told_to_fetch() {
    let server = TestServer::with(crate::support::Setup::unlimited).await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut writer = meera.socket().await;
    let many = RESUME_REPLAY + 1;
    for number in 0..many {
        writer.tell(conversation, &format!("{number}")).await;
    }
    let mut reader = zoya.silent_socket(Codec::Binary).await;
    let frames = reader
        .hello(&[ResumePoint {
            conversation,
            seq: Seq::ZERO,
        }])
        .await;
    assert!(seqs(&frames).is_empty());
    assert!(frames.contains(&ServerFrame::Behind {
        conversation,
        last_seq: Seq(many),
    }));
}

#[tokio::test]
async fn a_resume_point_in_a_strangers_conversation_shows_nothing() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    meera.socket().await.tell(conversation, "secret").await;
    let stranger = server.user("stranger").await;
    let mut socket = stranger.silent_socket(Codec::Json).await;
    let frames = socket
        .hello(&[ResumePoint {
            conversation,
            seq: Seq::ZERO,
        }])
        .await;
    assert!(seqs(&frames).is_empty());
    assert!(
        frames
            .iter()
            .all(|frame| !matches!(frame, ServerFrame::Behind { .. })),
        "{frames:?}"
    );
}

#[tokio::test]
async fn the_same_socket_may_say_hello_again() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut reader = zoya.socket().await;
    let mut writer = meera.socket().await;
    writer.tell(conversation, "one").await;
    reader.message().await;
    let frames = reader
        .hello(&[ResumePoint {
            conversation,
            seq: Seq::ZERO,
        }])
        .await;
    assert_eq!(seqs(&frames), [1]);
    writer.tell(conversation, "two").await;
    assert_eq!(reader.message().await.seq, Seq(2));
}

#[tokio::test]
async fn a_socket_that_says_goodbye_is_answered() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let mut socket = meera.socket().await;
    socket.send(crate::support::Frame::Close(None)).await;
    assert_eq!(socket.ended().await, Ended::Closed(1005));
}
