//! Messages that are edited, deleted, reacted to and pinned, over real sockets.

use protocol::{
    ChangeKind, Codec, Content, ConversationId, ErrorCode, Intent, Message, Seq, ServerFrame,
};

use crate::support::{Ended, Socket, TestServer, TestUser, react};

fn edit(target: u64, text: &str) -> Intent {
    Intent::Edit {
        target: Seq(target),
        text: text.to_owned(),
    }
}

async fn read(user: &TestUser, id: ConversationId) -> Vec<Message> {
    let path = format!("/api/history?conversation={id}&from=1&to=99");
    let page = user.get(&path).await.ok().json();
    serde_json::from_value(page["messages"].clone()).unwrap()
}

#[tokio::test]
async fn the_life_of_a_message_in_either_encoding() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut author = meera.socket_in(codec).await;
        let mut reader = zoya.socket_in(codec).await;
        author.tell(id, "first words").await;
        let mut held = reader.message().await;
        let steps = [
            edit(1, "other words"),
            react(Seq(1), "🎉"),
            Intent::Pin {
                target: Seq(1),
                on: true,
            },
        ];
        for (intent, seq) in steps.into_iter().zip(2..) {
            assert_eq!(author.ask(id, intent).await, Ok(Seq(seq)));
            let change = reader.message().await;
            let Content::Change(it) = &change.content else {
                panic!("{change:?}");
            };
            assert!(held.fold((&change).into(), &it.kind));
        }
        assert_eq!(read(&zoya, id).await[0], held, "folded is read");
        assert!(held.marks.pinned);
        let path = format!("/api/edits?conversation={id}&seq=1");
        let earlier = zoya.get(&path).await.ok().json();
        assert_eq!(earlier[0]["body"], "first words");
        assert_eq!(earlier.as_array().unwrap().len(), 1);

        let delete = Intent::Delete { target: Seq(1) };
        assert_eq!(author.ask(id, delete).await, Ok(Seq(5)));
        let after = read(&zoya, id).await;
        assert_eq!(after[0].content, Content::Deleted);
        let Content::Change(withdrawn) = &after[1].content else {
            panic!("{after:?}");
        };
        assert_eq!(withdrawn.kind, ChangeKind::Withdrawn);
        zoya.get(&path).await.refused(404, "not_found");
        // The page that a browser gets has none of it either.
        let page = zoya.page(&format!("/c/{id}")).await.ok();
        for gone in ["first words", "other words"] {
            assert!(!page.text().contains(gone), "{gone}");
        }
    }
}

#[tokio::test]
async fn case_12_earlier_texts_are_not_for_strangers() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let stranger = server.user("stranger").await;
    let mut author = meera.socket().await;
    author.tell(id, "first words").await;
    author.ask(id, edit(1, "other words")).await.unwrap();
    let unknown = ConversationId::from_bytes([7; 16]);
    for (who, id, seq) in [
        (&stranger, id, "1"),
        (&meera, unknown, "1"),
        (&meera, id, "0"),
        (&meera, id, "2"),
        (&meera, id, "3"),
        (&meera, id, "18446744073709551615"),
    ] {
        let answer = who
            .get(&format!("/api/edits?conversation={id}&seq={seq}"))
            .await;
        answer.refused(404, "not_found");
        assert!(!answer.text().contains("words"));
    }
    for query in [
        format!("conversation={id}&seq=-1"),
        format!("conversation={id}&seq=x"),
        format!("conversation={id}"),
        "conversation=x&seq=1".to_owned(),
    ] {
        let answer = meera.get(&format!("/api/edits?{query}")).await;
        answer.refused(400, "malformed");
    }
    let path = format!("/api/edits?conversation={id}&seq=1");
    server
        .call(crate::support::Call::get(&path))
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn case_13_what_cannot_be_changed_is_refused_and_the_socket_goes_on() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut other = zoya.socket().await;
    other.tell(id, "of somebody else").await;
    let mut socket = meera.socket().await;
    let refusals = [
        (edit(1, "not mine"), ErrorCode::Forbidden),
        (edit(2, "not there"), ErrorCode::NotFound),
        (edit(0, "no place"), ErrorCode::NotFound),
        (edit(u64::MAX, "no place"), ErrorCode::NotFound),
        (edit(1, " "), ErrorCode::Empty),
        (edit(1, &"x".repeat(4_001)), ErrorCode::TooLong),
        (react(Seq(1), "x"), ErrorCode::InvalidFormat),
        (react(Seq(1), "👍👍"), ErrorCode::InvalidFormat),
        (react(Seq(1), &"👍".repeat(40)), ErrorCode::TooLong),
        (react(Seq(9), "👍"), ErrorCode::NotFound),
        (Intent::Leave, ErrorCode::Forbidden),
    ];
    for (intent, code) in refusals {
        assert_eq!(
            socket.ask(id, intent.clone()).await,
            Err(code),
            "{intent:?}"
        );
    }
    assert_eq!(socket.tell(id, "fine").await, Seq(2));
}

#[tokio::test]
async fn case_13_frames_that_say_more_than_they_may_end_the_connection() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    for intent in [
        r#"{"edit":{"target":1,"text":"x","author":"01KAVQF4Z8M3C6R1T9W2N5B7XD"}}"#,
        r#"{"edit":{"target":-1,"text":"x"}}"#,
        r#"{"edit":{"target":1.0,"text":"x"}}"#,
        r#"{"edit":{"target":"1","text":"x"}}"#,
        r#"{"edit":{"target":1,"text":{"$ne":null}}}"#,
        r#"{"delete":{"target":1,"seq":99}}"#,
        r#"{"delete":{}}"#,
        r#"{"react":{"target":1,"emoji":7,"on":true}}"#,
        r#"{"react":{"target":1,"emoji":"👍","on":1}}"#,
        r#"{"pin":{"target":1,"on":"true"}}"#,
        r#"{"withdrawn":{"target":1}}"#,
        r#""delete""#,
        r#"{"edit":{"target":1,"text":"x"},"delete":{"target":1}}"#,
    ] {
        let ended = meera.send_by_hand(id, intent).await;
        assert_eq!(ended, Ended::Closed(1002), "{intent}");
    }
}

#[tokio::test]
async fn pins_are_told_with_the_row_of_the_list() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut author = meera.socket().await;
    let mut reader = zoya.socket_in(Codec::Json).await;
    author.tell(id, "worth it").await;
    let pin = |on| Intent::Pin { target: Seq(1), on };
    for (on, pins) in [(true, vec![Seq(1)]), (false, vec![])] {
        author.ask(id, pin(on)).await.unwrap();
        assert_eq!(pins_of(&mut reader).await, pins);
    }
}

async fn pins_of(socket: &mut Socket) -> Vec<Seq> {
    socket
        .until(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(summary.pins),
            _ => None,
        })
        .await
}
