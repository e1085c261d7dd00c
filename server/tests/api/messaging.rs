//! Two people talk, in either encoding and from several tabs.

use protocol::{ClientFrame, Codec, ErrorCode, Intent, Presence, Seq, ServerFrame};

use crate::support::{TestServer, send_id};

#[tokio::test]
async fn two_people_talk_in_every_mix_of_encodings() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut seq = 0;
    for here in Codec::ALL {
        for there in Codec::ALL {
            let mut meera = meera.socket_in(here).await;
            let mut zoya = zoya.socket_in(there).await;
            for text in ["नमस्ते", "السلام علیکم", "line\nbreak", "👩‍👩‍👧"]
            {
                seq += 1;
                assert_eq!(meera.tell(conversation, text).await, Seq(seq));
                let message = zoya.message().await;
                assert_eq!(message.seq, Seq(seq));
                assert_eq!(message.conversation, conversation);
            }
            seq += 1;
            zoya.tell(conversation, "and back").await;
            assert_eq!(meera.text().await, "and back");
        }
    }
}

#[tokio::test]
async fn hello_says_who_and_what() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    for codec in Codec::ALL {
        let mut socket = meera.silent_socket(codec).await;
        let frames = socket.hello(&[]).await;
        let Some(ServerFrame::Welcome { me, .. }) = frames.first() else {
            panic!("{frames:?}")
        };
        assert_eq!(me.id, meera.id);
        let listed = frames.iter().find_map(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(summary.clone()),
            _ => None,
        });
        let summary = listed.unwrap();
        assert_eq!(summary.id, conversation);
        assert!(
            summary
                .members
                .iter()
                .any(|member| member.person.id == zoya.id)
        );
    }
}

#[tokio::test]
async fn every_tab_of_both_shows_the_same() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut tabs = Vec::new();
    for codec in Codec::ALL {
        tabs.push(meera.socket_in(codec).await);
        tabs.push(zoya.socket_in(codec).await);
    }
    let mut writer = meera.socket().await;
    writer.tell(conversation, "to everybody").await;
    for tab in &mut tabs {
        let message = tab.message().await;
        assert_eq!((message.seq, message.author), (Seq(1), meera.id));
    }
    // What is read in one tab is read in all of that person's.
    let mut zoyas = tabs.into_iter().skip(1).step_by(2);
    let (mut first, mut second) = (zoyas.next().unwrap(), zoyas.next().unwrap());
    first
        .say(&ClientFrame::MarkRead {
            conversation,
            seq: Seq(1),
        })
        .await;
    for tab in [&mut first, &mut second] {
        let unread = tab
            .until(|frame| match frame {
                ServerFrame::Read {
                    seq: Seq(1),
                    unread,
                    ..
                } => Some(unread),
                _ => None,
            })
            .await;
        assert_eq!(unread, 0);
    }
}

#[tokio::test]
async fn a_conversation_that_begins_appears_on_an_open_socket() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let mut waiting = zoya.socket().await;
    let conversation = meera.open_direct(&zoya).await;
    let mut socket = meera.socket().await;
    socket.tell(conversation, "hello").await;
    let mut announced = false;
    let text = waiting
        .until(|frame| match frame {
            ServerFrame::Conversation { summary } => {
                announced |= summary.id == conversation;
                None
            }
            ServerFrame::Event { message } => Some(message),
            _ => None,
        })
        .await;
    assert_eq!(text.seq, Seq(1));
    assert!(announced);
}

#[tokio::test]
async fn typing_and_presence_reach_the_other() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut watching = meera.socket().await;
    let mut typing = zoya.socket().await;
    let presence = watching
        .until(|frame| match frame {
            ServerFrame::Presence { user, presence } if user == zoya.id => Some(presence),
            _ => None,
        })
        .await;
    assert_eq!(presence, Presence::Online);
    typing
        .say(&ClientFrame::Typing {
            conversation,
            active: true,
        })
        .await;
    let who = watching
        .until(|frame| match frame {
            ServerFrame::Typing {
                user, active: true, ..
            } => Some(user),
            _ => None,
        })
        .await;
    assert_eq!(who, zoya.id);
}

#[tokio::test]
async fn a_refused_text_is_named_and_the_socket_goes_on() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    for (text, code) in [
        (" \n ".to_owned(), ErrorCode::Empty),
        ("x".repeat(4_001), ErrorCode::TooLong),
        ("a\u{0}b".to_owned(), ErrorCode::ForbiddenCharacter),
    ] {
        let id = socket.write(conversation, &text).await;
        assert_eq!(socket.outcome(id).await, Err(code));
    }
    assert_eq!(socket.tell(conversation, "fine").await, Seq(1));
}

#[tokio::test]
async fn a_send_that_is_repeated_is_stored_once() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut reader = zoya.socket().await;
    let send = |send_id, retry| ClientFrame::Send {
        send_id,
        conversation,
        intent: Intent::text("once"),
        after: Seq::ZERO,
        retry,
    };
    let id = send_id();
    let mut first = meera.socket().await;
    first.say(&send(id, false)).await;
    assert_eq!(first.outcome(id).await, Ok(Seq(1)));
    // As after a connection that broke before the ack arrived.
    drop(first);
    let mut second = meera.socket().await;
    second.say(&send(id, true)).await;
    assert_eq!(second.outcome(id).await, Ok(Seq(1)));
    second.tell(conversation, "fence").await;
    assert_eq!(reader.text().await, "once");
    assert_eq!(reader.text().await, "fence");
    assert_eq!(server.metric("duplicates_recognised_total").await, 1);
}

#[tokio::test]
async fn one_tabs_sends_keep_their_order() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut socket, mut reader) = (meera.socket().await, zoya.socket_in(Codec::Json).await);
    let mut sent = Vec::new();
    for number in 0..50 {
        sent.push(socket.write(conversation, &format!("{number}")).await);
    }
    for number in 0..50 {
        let message = reader.message().await;
        assert_eq!(message.seq, Seq(number + 1));
        assert_eq!(message.send_id, sent[usize::try_from(number).unwrap()]);
    }
}

#[tokio::test]
async fn history_is_read_by_place() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    for number in 1..=30 {
        socket.tell(conversation, &format!("{number}")).await;
    }
    for codec in Codec::ALL {
        let mut reader = zoya.socket_in(codec).await;
        reader
            .say(&ClientFrame::Fetch {
                request: 9,
                conversation,
                from: Seq(11),
                to: Seq(20),
            })
            .await;
        let page = reader
            .until(|frame| match frame {
                ServerFrame::Page { request: 9, page } => Some(page),
                _ => None,
            })
            .await;
        let seqs: Vec<u64> = page.messages.iter().map(|message| message.seq.0).collect();
        assert_eq!(seqs, (11..=20).collect::<Vec<_>>());
        assert_eq!(page.last_seq, Seq(30));
    }
}

#[tokio::test]
async fn a_ping_of_the_protocol_is_answered() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for codec in Codec::ALL {
        let mut socket = meera.socket_in(codec).await;
        socket.say(&ClientFrame::Ping { nonce: 77 }).await;
        socket
            .until(|frame| (frame == ServerFrame::Pong { nonce: 77 }).then_some(()))
            .await;
    }
}
