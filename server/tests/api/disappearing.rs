//! Messages that disappear, over real sockets and over HTTP. The clock is moved.

use std::sync::Arc;
use std::time::Duration;

use chat::MemoryStore;
use protocol::{
    ChangeKind, Codec, Content, ConversationId, ErrorCode, Intent, Lifespan, Notice, Seq,
    ServerFrame,
};

use crate::support::{PASSWORD, Setup, TestServer, TestUser};

const MINUTE: Duration = Duration::from_secs(60);
const SECRET: &str = "the password is chai";

const fn set(lifespan: Option<Lifespan>) -> Intent {
    Intent::SetLifespan { lifespan }
}

/// All that somebody can read of a conversation, in every form that there is.
async fn everything(user: &TestUser, id: ConversationId) -> String {
    let mut all = String::new();
    for path in [
        format!("/api/history?conversation={id}&from=1&to=99"),
        "/api/list_conversations".to_owned(),
        "/api/search?q=password".to_owned(),
        "/api/saved".to_owned(),
        "/api/export/json".to_owned(),
    ] {
        all.push_str(user.get(&path).await.ok().text());
    }
    all.push_str(user.page(&format!("/c/{id}")).await.ok().text());
    all
}

#[tokio::test]
async fn a_message_goes_at_its_time_from_every_device_and_every_answer() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut author = meera.socket_in(codec).await;
        let mut reader = zoya.socket_in(codec).await;
        let lifespan = Some(Lifespan::Hour);
        reader.ask(id, set(lifespan)).await.unwrap();
        let notice = author.message().await.content;
        assert_eq!(notice, Content::Notice(Notice::Lifespan { lifespan }));
        author.tell(id, SECRET).await;
        let told = reader.message().await;
        assert_eq!(
            told.marks.expires_at,
            Some(Lifespan::Hour.end(told.sent_at))
        );
        assert!(everything(&zoya, id).await.contains(SECRET));

        server.clock.advance(61 * MINUTE);
        for socket in [&mut author, &mut reader] {
            let over = socket.until(|frame| match frame {
                ServerFrame::Event { message } => match message.content {
                    Content::Change(change) => Some(change),
                    _ => None,
                },
                _ => None,
            });
            let over = over.await;
            assert_eq!((over.target, over.kind), (Seq(2), ChangeKind::Expire));
        }
        assert!(!everything(&zoya, id).await.contains(SECRET));
        assert!(!everything(&meera, id).await.contains(SECRET));
    }
}

#[tokio::test]
async fn what_was_to_go_while_the_server_was_off_is_gone_for_the_first_who_asks() {
    let store = Arc::new(MemoryStore::new());
    let shared = |setup: &mut Setup| {
        setup.store = Arc::<MemoryStore>::clone(&store);
    };
    let mut server = TestServer::with(shared).await;
    let (meera, zoya, id) = server.pair().await;
    let mut author = meera.socket().await;
    author.ask(id, set(Some(Lifespan::Day))).await.unwrap();
    for _ in 0..70 {
        author.tell(id, SECRET).await;
    }
    server.ask_to_stop();
    server.ended().await;
    let server = TestServer::with(|setup| {
        shared(setup);
        setup.clock.advance(25 * 60 * MINUTE);
    })
    .await;
    let zoya = TestUser::sign_in(server.address, &zoya.name, PASSWORD).await;
    assert!(!everything(&zoya, id).await.contains(SECRET));
}

#[tokio::test]
async fn in_a_group_only_its_admins_choose() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let id = meera.create_group("Chai", &[&zoya]).await;
    let (mut owner, mut member) = (meera.socket().await, zoya.socket().await);
    let choice = set(Some(Lifespan::Week));
    let refused = member.ask(id, choice.clone()).await;
    assert_eq!(refused, Err(ErrorCode::Forbidden));
    owner.ask(id, choice).await.unwrap();
    let stranger = server.user("stranger").await;
    let refused = stranger.socket().await.ask(id, set(None)).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
}
