//! Mentions, forwarded messages, and who has seen what, over real sockets.

use protocol::{Codec, Content, ConversationId, ErrorCode, Intent, Seq, ServerFrame};

use crate::support::{Call, Socket, TestServer};

/// What is unread, and mentions among it, when a socket is told next.
async fn read(socket: &mut Socket) -> (u32, u32) {
    let read = |frame| match frame {
        ServerFrame::Read {
            unread, mentions, ..
        } => Some((unread, mentions)),
        _ => None,
    };
    socket.until(read).await
}

#[tokio::test]
async fn a_mention_is_counted_apart_until_it_is_edited_away() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut author = meera.socket_in(codec).await;
        let mut reader = zoya.socket_in(codec).await;
        author.tell(id, "chai?").await;
        let target = author.tell(id, "@zoya, chai?").await;
        let list = zoya.get("/api/list_conversations").await.ok().json();
        assert_eq!(
            (&list[0]["unread"], &list[0]["mentions"]),
            (&2.into(), &1.into())
        );
        let text = "nobody, chai?".to_owned();
        author.ask(id, Intent::Edit { target, text }).await.unwrap();
        assert_eq!(read(&mut reader).await, (2, 0));
    }
}

#[tokio::test]
async fn a_forwarded_message_is_marked_and_stays_as_it_is() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut author = meera.socket_in(codec).await;
        let mut reader = zoya.socket_in(codec).await;
        let text = "@zoya, chai?".to_owned();
        let target = author.ask(id, Intent::Forward { text }).await.unwrap();
        let message = reader.message().await;
        let Content::Text(said) = &message.content else {
            panic!("{message:?}");
        };
        assert!(said.forwarded);
        let list = zoya.get("/api/list_conversations").await.ok().json();
        assert_eq!(
            (&list[0]["unread"], &list[0]["mentions"]),
            (&1.into(), &0.into())
        );
        let text = "other words".to_owned();
        let edit = Intent::Edit { target, text };
        assert_eq!(author.ask(id, edit).await, Err(ErrorCode::Forbidden));
        let blank = Intent::Forward {
            text: " ".to_owned(),
        };
        assert_eq!(author.ask(id, blank).await, Err(ErrorCode::Empty));
    }
}

#[tokio::test]
async fn case_02_who_has_seen_a_message_is_for_members() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let stranger = server.user("stranger").await;
    let mut author = meera.socket().await;
    author.tell(id, "chai?").await;
    let path = |id: ConversationId, seq: &str| format!("/api/seen_by?conversation={id}&seq={seq}");
    let readers = meera.get(&path(id, "1")).await.ok().json();
    assert_eq!(readers["waiting"][0]["id"], zoya.id.to_string());
    assert_eq!(readers["seen"].as_array().unwrap().len(), 0);
    let mut reader = zoya.socket().await;
    reader
        .say(&protocol::ClientFrame::MarkRead {
            conversation: id,
            seq: Seq(1),
        })
        .await;
    assert_eq!(read(&mut reader).await, (0, 0));
    let readers = meera.get(&path(id, "1")).await.ok().json();
    assert_eq!(readers["seen"][0]["id"], zoya.id.to_string());

    let unknown = ConversationId::from_bytes([7; 16]);
    for (who, id, seq) in [
        (&stranger, id, "1"),
        (&meera, unknown, "1"),
        (&meera, id, "0"),
        (&meera, id, "2"),
        (&meera, id, "18446744073709551615"),
    ] {
        who.get(&path(id, seq)).await.refused(404, "not_found");
    }
    meera.get(&path(id, "x")).await.refused(400, "malformed");
    let call = Call::get(&path(id, "1"));
    server.call(call).await.refused(401, "unauthenticated");
}
