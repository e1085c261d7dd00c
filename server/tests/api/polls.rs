//! Polls over real sockets and over HTTP.

use protocol::poll::NOBODY;
use protocol::{
    Choices, Codec, Content, ConversationId, ErrorCode, Intent, Lifetime, Message, Poll,
    ResumePoint, Seq, ServerFrame,
};

use crate::support::{TestServer, TestUser};

fn ask(anonymous: bool) -> Intent {
    Intent::Poll {
        question: "Where to on Sunday?".to_owned(),
        answers: ["Clifton", "पहाड़"].map(str::to_owned).into(),
        several: false,
        anonymous,
        lifetime: Lifetime::Day,
    }
}

const fn vote(target: Seq, choices: u16) -> Intent {
    let choices = Choices(choices);
    Intent::Vote { target, choices }
}

async fn read(user: &TestUser, id: ConversationId) -> Vec<Message> {
    let path = format!("/api/history?conversation={id}&from=1&to=99");
    let page = user.get(&path).await.ok().json();
    serde_json::from_value(page["messages"].clone()).unwrap()
}

fn poll_of(message: &Message) -> &Poll {
    match &message.content {
        Content::Poll(poll) => poll,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_poll_from_its_question_to_its_end_in_either_encoding() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut author = meera.socket_in(codec).await;
        let mut reader = zoya.socket_in(codec).await;
        let target = author.ask(id, ask(false)).await.unwrap();
        let mut held = reader.message().await;
        assert_eq!(poll_of(&held).question.as_str(), "Where to on Sunday?");
        for (intent, seq) in [(vote(target, 0b1), 2), (vote(target, 0b10), 3)] {
            assert_eq!(author.ask(id, intent).await, Ok(Seq(seq)));
            let change = reader.message().await;
            let Content::Change(it) = &change.content else {
                panic!("{change:?}");
            };
            assert!(held.fold((&change).into(), &it.kind));
        }
        assert_eq!(read(&zoya, id).await[0], held, "folded is read");
        assert_eq!(poll_of(&held).tally, [0, 1]);
        let both = reader.ask(id, vote(target, 0b11)).await;
        assert_eq!(both, Err(ErrorCode::Malformed));
        let closing = reader.ask(id, Intent::ClosePoll { target }).await;
        assert_eq!(closing, Err(ErrorCode::Forbidden));
        author.ask(id, Intent::ClosePoll { target }).await.unwrap();
        let late = reader.ask(id, vote(target, 0b1)).await;
        assert_eq!(late, Err(ErrorCode::PollClosed));

        let found = zoya.get("/api/search?q=clifton").await.ok().json();
        assert_eq!(found["hits"][0]["seq"], target.0);
        // A browser without script reads it too.
        let page = zoya.page(&format!("/c/{id}")).await.ok();
        assert!(page.text().contains("Clifton") && page.text().contains("पहाड़"));
    }
}

#[tokio::test]
async fn case_12_whose_an_anonymous_vote_is_leaves_the_server_on_no_way() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let zoya = server.user("zoya").await;
    let imran = server.user("imran").await;
    let id = meera.create_group("Chai", &[&zoya, &imran]).await;
    let mut author = meera.socket().await;
    let mut voter = zoya.socket().await;
    let mut reader = imran.socket_in(Codec::Json).await;
    let target = author.ask(id, ask(true)).await.unwrap();
    reader.message().await;
    let voted = voter.ask(id, vote(target, 0b10)).await.unwrap();

    let told = reader.message().await;
    assert_eq!((told.seq, told.author), (voted, NOBODY));
    let mut later = imran.silent_socket(Codec::Json).await;
    let seq = target;
    let missed = later
        .hello(&[ResumePoint {
            conversation: id,
            seq,
        }])
        .await;
    let events = missed.into_iter().filter_map(|frame| match frame {
        ServerFrame::Event { message } => Some(message),
        _ => None,
    });
    let events: Vec<Message> = events.collect();
    assert_eq!(events, [told]);

    for (user, ballots, by) in [
        (&imran, 0, NOBODY),
        (&meera, 0, NOBODY),
        (&zoya, 1, zoya.id),
    ] {
        let messages = read(user, id).await;
        let poll = messages.iter().find(|it| it.seq == target).unwrap();
        assert_eq!(poll_of(poll).ballots.len(), ballots);
        assert_eq!(poll_of(poll).tally, [0, 1]);
        let vote = messages.iter().find(|it| it.seq == voted).unwrap();
        assert_eq!(vote.author, by);
        let export = user.get("/api/export/json").await.ok().json();
        let all = export["conversations"][0]["messages"].as_array().unwrap();
        let poll = all.iter().find(|it| it["seq"] == target.0).unwrap();
        let told = poll["content"]["poll"]["ballots"].as_array().unwrap();
        assert_eq!(told.len(), ballots);
    }
}
