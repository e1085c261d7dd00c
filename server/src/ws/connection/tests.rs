//! The actor over a pipe whose size a test decides, where a network would have buffers of its
//! own.

use std::time::Duration;

use chat::{Deps, Device, MemoryStore, SendCommand, SignUp};
use futures_util::SinkExt;
use protocol::{
    ClientFrame, ConversationId, DisplayName, EmailAddress, MessageBody, Password, SendId, Seq,
    Timestamp, Username,
};
use security::{KeyRing, PasswordParams};
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::super::transport::Socket;
use super::*;
use crate::quota::READING;

/// Bytes that the pipe takes in.
const PIPE: usize = 1024;

struct World {
    chat: Arc<Chat>,
    clock: Clock,
    actor: Actor,
    notes: ConversationId,
    limits: Limits,
    reading: Arc<Quota<UserId>>,
    counters: Counters,
}

impl World {
    async fn new() -> Self {
        let clock = Clock::system();
        let deps = Deps {
            store: Arc::new(MemoryStore::new()),
            keys: Arc::new(KeyRing::for_tests()),
            config: chat::Config {
                password: PasswordParams {
                    memory_kib: 8,
                    passes: 1,
                    lanes: 1,
                },
                rate_limits: false,
                message_requests: false,
                ..chat::Config::default()
            },
        };
        let chat = Chat::open(deps, clock.now()).await.unwrap();
        let form = SignUp {
            display_name: DisplayName::parse("Meera").unwrap(),
            username: Username::parse("meera").unwrap(),
            email: EmailAddress::parse("meera@example.org").unwrap(),
            password: Password::parse_new("chai at five".to_owned()).unwrap(),
        };
        let device = Device {
            address: "192.0.2.1".parse().unwrap(),
            name: "test".to_owned(),
        };
        let signed_in = chat.sign_up(form, device, clock.now()).await.unwrap();
        let token = &signed_in.access_token;
        let actor = chat.authenticate(token, clock.now()).await.unwrap();
        let notes = chat.open_direct(&actor, actor.user(), clock.now()).await;
        Self {
            notes: notes.unwrap().id,
            chat,
            clock,
            actor,
            limits: Limits::default(),
            reading: Arc::new(Quota::new(READING, true)),
            counters: Counters::default(),
        }
    }

    /// An actor and the client's end of its socket.
    async fn connection(
        &self,
    ) -> (
        Connection<'_, Socket<DuplexStream>>,
        WebSocketStream<DuplexStream>,
    ) {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let codec = Codec::Binary;
        let now = self.clock.now();
        let connected = self.chat.connect(&self.actor, codec, now).unwrap();
        let terms = Terms {
            registration: Registration {
                chat: Arc::clone(&self.chat),
                clock: self.clock.clone(),
                actor: self.actor,
                id: connected.id,
            },
            outgoing: connected.outgoing,
            cut: connected.cut,
            codec,
            limits: &self.limits,
            reading: &self.reading,
            counters: &self.counters,
        };
        let socket = Socket::new(ours, Vec::new()).await;
        let client = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await;
        (Connection::new(socket, terms), client)
    }

    fn closed_with(&self, code: u16) -> bool {
        let text = self.counters.render(&self.chat.metrics());
        text.contains(&format!("sockets_closed_total{{code=\"{code}\"}} 1\n"))
    }
}

fn encoded(frame: &ClientFrame) -> Message {
    Message::Binary(Codec::Binary.encode(frame).unwrap().into())
}

#[tokio::test]
async fn case_42_who_keeps_pushing_against_the_limit_is_cut() {
    let world = World::new().await;
    let (mut connection, mut client) = world.connection().await;
    connection.bucket.patience = Duration::ZERO;
    let pushing = async {
        let hello = ClientFrame::Hello { resume: Vec::new() };
        client.send(encoded(&hello)).await.unwrap();
        let mut close = None;
        for nonce in 0.. {
            let ping = encoded(&ClientFrame::Ping { nonce });
            // Writing ends when the server has closed.
            if client.send(ping).await.is_err() {
                break;
            }
            match client.next().await {
                Some(Ok(Message::Close(frame))) => close = frame,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            }
        }
        close.unwrap().code
    };
    let ((), code) = tokio::join!(connection.run(), pushing);
    assert_eq!(u16::from(code), 1008);
    assert!(world.closed_with(1008));
}

#[tokio::test]
async fn case_42_empty_fragments_count_as_what_they_are() {
    let world = World::new().await;
    let (mut connection, mut client) = world.connection().await;
    connection.bucket.patience = Duration::ZERO;
    let pushing = async {
        let hello = ClientFrame::Hello { resume: Vec::new() };
        client.send(encoded(&hello)).await.unwrap();
        let ping = Codec::Binary
            .encode(&ClientFrame::Ping { nonce: 7 })
            .unwrap();
        // Each message is ten thousand times as many frames as it needs.
        let mut messages = 0;
        loop {
            messages += 1;
            let first = fragment(&ping, Data::Binary, false);
            let empty = fragment(&[], Data::Continue, false);
            let last = fragment(&[], Data::Continue, true);
            let parts = std::iter::once(first)
                .chain(std::iter::repeat_n(empty, 10_000))
                .chain([last]);
            let mut parts = futures_util::stream::iter(parts.map(Ok));
            if client.send_all(&mut parts).await.is_err() {
                return messages;
            }
            if !matches!(client.next().await, Some(Ok(_))) {
                return messages;
            }
        }
    };
    let ((), messages) = tokio::join!(connection.run(), pushing);
    assert!(messages < 20, "{messages}");
    assert!(world.closed_with(1008));
}

#[tokio::test]
async fn who_read_too_much_waits_for_the_next_page() {
    let world = World::new().await;
    let (mut connection, _client) = world.connection().await;
    let fetch = ClientFrame::Fetch {
        request: 1,
        conversation: world.notes,
        from: Seq(1),
        to: Seq(9),
    };
    connection.greeted = true;
    assert!(connection.take(fetch.clone()).is_none());
    let answer = connection.request.take().unwrap().await;
    assert!(matches!(answer.frames[..], [ServerFrame::Page { .. }]));

    // A gigabyte: the debt of half an hour.
    world
        .reading
        .pay(world.actor.user(), 1 << 30, Moment::now());
    assert!(connection.take(fetch).is_none());
    let mut request = connection.request.take().unwrap();
    for _ in 0..1_000 {
        let polled = poll_fn(|cx| Poll::Ready(request.as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        tokio::task::yield_now().await;
    }
}

fn fragment(bytes: &[u8], kind: Data, is_last: bool) -> Message {
    Message::Frame(Frame::message(bytes.to_vec(), OpCode::Data(kind), is_last))
}

#[tokio::test]
async fn case_39_who_never_reads_is_let_go_and_leaves_nothing_behind() {
    let mut world = World::new().await;
    world.limits.write_timeout = Duration::from_millis(20);
    let (mut connection, mut client) = world.connection().await;
    let hello = ClientFrame::Hello { resume: Vec::new() };
    client.send(encoded(&hello)).await.unwrap();
    // Another connection of the same account writes what this one does not read.
    let now = world.clock.now();
    let other = world.chat.connect(&world.actor, Codec::Binary, now);
    let other = other.unwrap().id;
    let writing = async {
        let mut number = 0;
        loop {
            number += 1;
            let command = SendCommand {
                send_id: SendId::from_parts(Timestamp::from_millis(1), number),
                conversation: world.notes,
                command: MessageBody::parse(&"x".repeat(3_000)).unwrap().into(),
                after: Seq::ZERO,
                retry: false,
            };
            let now = world.clock.now();
            world.chat.send(&world.actor, other, command, now);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = connection.run() => {}
        () = writing => {}
    }
    assert!(world.closed_with(1013));
    drop(connection);
    assert_eq!(world.chat.metrics().connections, 1);
}

#[tokio::test]
async fn case_04_who_reads_slowly_does_not_stay_after_the_session_has_ended() {
    let mut world = World::new().await;
    // Longer than anybody waits for a test.
    world.limits.write_timeout = Duration::from_secs(3_600);
    let (mut connection, mut client) = world.connection().await;
    let hello = ClientFrame::Hello { resume: Vec::new() };
    client.send(encoded(&hello)).await.unwrap();
    let now = world.clock.now();
    let other = world.chat.connect(&world.actor, Codec::Binary, now);
    let mut other = other.unwrap();
    let ending = async {
        // The client reads its greeting, and nothing of what is written to it then.
        loop {
            let Message::Binary(bytes) = client.next().await.unwrap().unwrap() else {
                continue;
            };
            if matches!(Codec::Binary.decode(&bytes), Ok(ServerFrame::Resumed)) {
                break;
            }
        }
        for number in 0..20 {
            let command = SendCommand {
                send_id: SendId::from_parts(Timestamp::from_millis(1), number),
                conversation: world.notes,
                command: MessageBody::parse(&"x".repeat(3_000)).unwrap().into(),
                after: Seq::ZERO,
                retry: false,
            };
            world.chat.send(&world.actor, other.id, command, now);
            let acked = other.outgoing.recv().await;
            assert!(matches!(acked, Some(Outgoing::Frame(_))), "{acked:?}");
        }
        let session = world.actor.session();
        let ended = world.chat.end_session(&world.actor, session, now).await;
        ended.unwrap();
    };
    let ((), ()) = tokio::join!(connection.run(), ending);
    assert!(world.closed_with(4001));
}

#[tokio::test]
async fn a_panic_takes_its_connection_out_of_the_product() {
    struct Panicking;

    impl futures_util::Stream for Panicking {
        type Item = Result<Message, Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            panic!("a panic that a test asked for")
        }
    }

    impl futures_util::Sink<Message> for Panicking {
        type Error = Error;

        fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            Poll::Ready(Ok(()))
        }

        fn start_send(self: Pin<&mut Self>, _: Message) -> Result<(), Error> {
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            Poll::Ready(Ok(()))
        }
    }

    impl Transport for Panicking {
        fn message_bytes(&self) -> usize {
            0
        }

        fn poll_discard(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<usize>> {
            Poll::Ready(Ok(0))
        }
    }

    let world = World::new().await;
    let (connection, _client) = world.connection().await;
    let terms = Terms {
        registration: connection.me,
        outgoing: connection.outgoing,
        cut: connection.cut.unwrap(),
        codec: Codec::Binary,
        limits: &world.limits,
        reading: &world.reading,
        counters: &world.counters,
    };
    assert_eq!(world.chat.metrics().connections, 1);
    let running = async { Connection::new(Panicking, terms).run().await };
    let outcome = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(running));
    assert!(outcome.await.is_err());
    assert_eq!(world.chat.metrics().connections, 0);
}
