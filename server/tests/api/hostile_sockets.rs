//! Bytes and frames that no client of ours sends.

use std::time::Duration;

use protocol::limits::{FRAME_BYTES, RESUME_POINTS};
use protocol::{ClientFrame, Codec, ConversationId, ResumePoint, Seq, Timestamp};
use tokio::io::AsyncWriteExt;

use crate::support::{Ended, Frame, Socket, TestServer, TestUser, soon};

/// One frame of the WebSocket protocol, masked with zeros.
fn raw_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        small @ 0..=125 => bytes.push(0x80 | u8::try_from(small).unwrap()),
        large => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(large as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(payload);
    bytes
}

async fn ends_with(user: &TestUser, codec: Codec, bytes: &[u8], code: u16) {
    let mut socket = user.socket_in(codec).await;
    // The server may close before it has read everything.
    let _ = soon("room to write", socket.tcp().write_all(bytes)).await;
    assert_eq!(
        socket.ended().await,
        Ended::Closed(code),
        "{:x?}",
        &bytes[..2]
    );
}

#[tokio::test]
async fn case_36_frames_that_break_the_standard_end_the_socket() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    // A length of 17 MB, of which not a byte is sent.
    let mut huge = vec![0x82, 0x80 | 127];
    huge.extend_from_slice(&17_000_000_u64.to_be_bytes());
    huge.extend_from_slice(&[0; 4]);
    ends_with(&meera, Codec::Binary, &huge, 1009).await;
    let mut endless = vec![0x82, 0x80 | 127];
    endless.extend_from_slice(&u64::MAX.to_be_bytes());
    endless.extend_from_slice(&[0; 4]);
    ends_with(&meera, Codec::Binary, &endless, 1009).await;
    // Not masked, as clients have to.
    ends_with(&meera, Codec::Binary, &[0x82, 1, 0], 1002).await;
    // A reserved opcode, reserved bits, a control frame in pieces or too long.
    ends_with(&meera, Codec::Binary, &raw_frame(0x83, b"x"), 1002).await;
    ends_with(&meera, Codec::Binary, &raw_frame(0xc2, b"x"), 1002).await;
    ends_with(&meera, Codec::Binary, &raw_frame(0x09, b"x"), 1002).await;
    ends_with(&meera, Codec::Binary, &raw_frame(0x89, &[b'x'; 200]), 1002).await;
    // A continuation of nothing.
    ends_with(&meera, Codec::Binary, &raw_frame(0x80, b"x"), 1002).await;
    // Text that is not UTF-8.
    ends_with(&meera, Codec::Json, &raw_frame(0x81, b"\xff\xfe"), 1007).await;
    assert_eq!(server.metric("panics_total").await, 0);
}

#[tokio::test]
async fn case_36_a_message_in_countless_pieces_ends_the_socket() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let (first, next) = (raw_frame(0x02, b""), raw_frame(0x00, b""));
    let mut pieces = first;
    for _ in 0..1_000_000 / next.len() {
        pieces.extend_from_slice(&next);
    }
    ends_with(&meera, Codec::Binary, &pieces, 1009).await;
    // Pieces of some size, of which there are too many.
    let piece = [b'x'; 1_000];
    let mut pieces = raw_frame(0x02, &piece);
    for _ in 0..100 {
        pieces.extend_from_slice(&raw_frame(0x00, &piece));
    }
    ends_with(&meera, Codec::Binary, &pieces, 1009).await;
}

#[tokio::test]
async fn case_36_a_message_of_the_wrong_kind_or_size_ends_the_socket() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for (codec, message, code) in [
        (Codec::Binary, Frame::Text("{}".into()), 1003),
        (Codec::Json, Frame::Binary(vec![0].into()), 1003),
        (
            Codec::Binary,
            Frame::Binary(vec![0; FRAME_BYTES + 1].into()),
            1009,
        ),
        (
            Codec::Json,
            Frame::Text("x".repeat(FRAME_BYTES + 1).into()),
            1009,
        ),
        (Codec::Binary, Frame::Binary(vec![].into()), 1002),
        (Codec::Binary, Frame::Binary(vec![0xff; 100].into()), 1002),
    ] {
        let mut socket = meera.socket_in(codec).await;
        socket.send(message).await;
        assert_eq!(socket.ended().await, Ended::Closed(code));
    }
}

#[tokio::test]
async fn case_36_a_flood_of_pings_is_slowed_down() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut calm, mut reader) = (meera.socket().await, zoya.socket().await);
    let mut flooding = meera.socket().await;
    for _ in 0..400 {
        flooding.send(Frame::Ping(vec![7; 20].into())).await;
    }
    soon("the brake", async {
        while server.metric("frames_delayed_total").await == 0 {}
    })
    .await;
    calm.tell(conversation, "undisturbed").await;
    assert_eq!(reader.text().await, "undisturbed");
}

#[tokio::test]
async fn case_37_json_that_is_no_frame_ends_the_socket() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let deep_object = r#"{"hello":"#.repeat(6_000);
    let fetch = |rest: &str| format!(r#"{{"fetch":{{"conversation":"{conversation}",{rest}}}}}"#);
    for text in [
        "null",
        "[]",
        "{}",
        "1e400",
        "\"hello\"",
        "not json",
        "{\"hello\":null}",
        "{\"hello\":{\"resume\":null}}",
        "{\"hello\":{\"resume\":[]},\"hello\":{\"resume\":[]}}",
        "{\"ping\":{\"nonce\":1,\"nonce\":2}}",
        "{\"ping\":{\"nonce\":1e400}}",
        "{\"ping\":{\"nonce\":-1}}",
        "{\"ping\":{\"nonce\":1.5}}",
        "{\"ping\":{\"nonce\":4294967296}}",
        "{\"ping\":{\"nonce\":1}} {\"ping\":{\"nonce\":2}}",
        &fetch(r#""request":1,"from":"1","to":2"#),
        &fetch(r#""request":1,"from":[1],"to":2"#),
        &fetch(r#""request":1,"from":1"#),
        &deep,
        &deep_object,
    ] {
        let mut socket = meera.socket_in(Codec::Json).await;
        socket.send(Frame::Text(text.into())).await;
        let ended = socket.ended().await;
        assert_eq!(ended, Ended::Closed(1002), "{text:.60}");
    }
    assert_eq!(server.metric("panics_total").await, 0);
}

#[tokio::test]
async fn case_37_lists_are_capped() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let point = |number: usize| ResumePoint {
        conversation: ConversationId::from_parts(Timestamp::from_millis(1), number as u128),
        seq: Seq(1),
    };
    let mut socket = meera.silent_socket(Codec::Binary).await;
    let resume = (0..=RESUME_POINTS).map(point).collect();
    socket.say(&ClientFrame::Hello { resume }).await;
    assert_eq!(socket.ended().await, Ended::Closed(1002));
    // As many as may be, none of them known, and the same one again and again.
    let mut socket = meera.silent_socket(Codec::Binary).await;
    let known: Vec<_> = (0..RESUME_POINTS).map(point).collect();
    socket.hello(&known).await;
    socket.hello(&vec![point(1); RESUME_POINTS]).await;
    // A million of them do not fit into a frame.
    let id = ConversationId::from_bytes([1; 16]);
    let item = format!(r#"{{"conversation":"{id}","seq":1}},"#);
    let million = format!(r#"{{"hello":{{"resume":[{}"#, item.repeat(1_000_000 / 50));
    let mut socket = meera.silent_socket(Codec::Json).await;
    let frame = raw_frame(0x81, million.as_bytes());
    let _ = soon("room to write", socket.tcp().write_all(&frame)).await;
    assert_eq!(socket.ended().await, Ended::Closed(1009));
}

#[tokio::test]
async fn case_39_a_socket_that_says_nothing_is_closed() {
    let server = TestServer::with(|setup| {
        setup.server.limits.hello_timeout = Duration::from_millis(500);
    })
    .await;
    let meera = server.user("meera").await;
    let mut talking = meera.socket().await;
    for codec in Codec::ALL {
        let mut silent = meera.silent_socket(codec).await;
        assert_eq!(silent.ended().await, Ended::Closed(4002));
    }
    // Pings are no greeting.
    let mut pinging = meera.silent_socket(Codec::Binary).await;
    pinging.send(Frame::Ping(vec![].into())).await;
    assert_eq!(pinging.ended().await, Ended::Closed(4002));
    // Who has greeted stays.
    let notes = meera.open_direct(&meera).await;
    talking.tell(notes, "still here").await;
}

#[tokio::test]
async fn anything_before_the_greeting_ends_the_socket() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let notes = meera.open_direct(&meera).await;
    for codec in Codec::ALL {
        let mut socket = meera.silent_socket(codec).await;
        socket.write(notes, "too early").await;
        assert_eq!(socket.ended().await, Ended::Closed(1002));
    }
}

#[tokio::test]
async fn case_42_a_flood_of_frames_is_slowed_down_and_harms_nobody_else() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut calm, mut reader) = (meera.socket().await, zoya.socket().await);
    let mut flooding = meera.socket().await;
    for nonce in 0..400 {
        flooding.say(&ClientFrame::Ping { nonce }).await;
    }
    soon("the brake", async {
        while server.metric("frames_delayed_total").await == 0 {}
    })
    .await;
    for number in 0..20 {
        let text = format!("undisturbed {number}");
        calm.tell(conversation, &text).await;
        assert_eq!(reader.text().await, text);
    }
}

#[tokio::test]
async fn what_is_no_handshake_is_no_socket() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let call = crate::support::Call::get("/ws").bearer(&meera.access);
    assert_eq!(server.call(call.clone()).await.status, 426);
    let upgrade = call
        .header("connection", "upgrade, close")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let unversioned = upgrade.clone().header("sec-websocket-version", "8");
    let answer = server.call(unversioned).await;
    assert_eq!(answer.status, 426);
    assert_eq!(answer.header("sec-websocket-version"), Some("13"));
    let keyless = upgrade.clone().without("sec-websocket-key");
    assert_eq!(server.call(keyless).await.status, 400);
    // No encoding that both speak.
    let foreign = upgrade
        .clone()
        .header("sec-websocket-protocol", "baatcheet.v0, chat");
    server
        .call(foreign)
        .await
        .refused(400, "unsupported_version");
    assert!(server.metric("sockets_refused_total").await >= 4);
}

#[tokio::test]
async fn compression_is_never_agreed_on() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let bearer = format!("Bearer {}", meera.access);
    let headers = [
        ("authorization", bearer.as_str()),
        (
            "sec-websocket-extensions",
            "permessage-deflate; client_max_window_bits",
        ),
    ];
    // The client refuses an answer that agrees to what it cannot do; and a frame whose
    // compression bit is set is refused.
    let mut socket = Socket::open(server.address, Codec::Binary, &headers)
        .await
        .unwrap();
    socket.hello(&[]).await;
    socket
        .tcp()
        .write_all(&raw_frame(0xc2, b"x"))
        .await
        .unwrap();
    assert_eq!(socket.ended().await, Ended::Closed(1002));
}
