//! Messages that wait for their time, over HTTP and over real sockets. The clock is moved.

use std::sync::Arc;
use std::time::Duration;

use chat::MemoryStore;
use protocol::{Content, ConversationId, SendId, Seq, ServerFrame, Timestamp};
use server::clock::Clock;

use crate::support::{Answer, PASSWORD, Setup, TestServer, TestUser, send_id};

const MINUTE: Duration = Duration::from_secs(60);

fn later(clock: &Clock, minutes: u64) -> Timestamp {
    clock.now().plus_millis(minutes * 60_000)
}

async fn schedule(
    user: &TestUser,
    (id, conversation): (SendId, ConversationId),
    text: &str,
    due: Timestamp,
) -> Answer {
    let fields = [
        ("id", id.to_string()),
        ("conversation", conversation.to_string()),
        ("text", text.to_owned()),
        ("due", due.millis().to_string()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, it)| (*name, &**it)).collect();
    user.post("/api/schedule", &fields).await
}

async fn list(user: &TestUser) -> Vec<serde_json::Value> {
    let list = user.get("/api/scheduled").await.ok().json();
    list.as_array().unwrap().clone()
}

fn is_told(frame: &ServerFrame, id: ConversationId) -> bool {
    *frame == ServerFrame::Scheduled { conversation: id }
}

#[tokio::test]
async fn a_message_waits_for_its_time_and_reaches_everybody() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut author, mut reader) = (meera.socket().await, zoya.socket().await);
    let id = send_id();
    let due = later(&server.clock, 5);
    schedule(&meera, (id, conversation), "chai at five", due)
        .await
        .ok();
    author
        .until(|frame| is_told(&frame, conversation).then_some(()))
        .await;
    let waiting = list(&meera).await;
    assert_eq!(waiting[0]["text"]["body"], "chai at five");
    assert_eq!(waiting[0]["due"], due.millis());
    assert_eq!(list(&zoya).await.len(), 0);
    server.clock.advance(6 * MINUTE);
    for socket in [&mut author, &mut reader] {
        let message = socket.message().await;
        assert_eq!((message.seq, message.send_id), (Seq(1), id));
        assert!(matches!(message.content, Content::Text(_)));
        assert!(message.sent_at >= due);
    }
    author
        .until(|frame| is_told(&frame, conversation).then_some(()))
        .await;
    assert_eq!(list(&meera).await.len(), 0);
}

#[tokio::test]
async fn an_earlier_newcomer_does_not_wait_for_the_one_before() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    let mut author = meera.socket().await;
    for (text, minutes) in [("second", 60), ("first", 3)] {
        let due = later(&server.clock, minutes);
        schedule(&meera, (send_id(), conversation), text, due)
            .await
            .ok();
    }
    server.clock.advance(4 * MINUTE);
    assert_eq!(author.text().await, "first");
    server.clock.advance(60 * MINUTE);
    assert_eq!(author.text().await, "second");
}

#[tokio::test]
async fn what_was_due_while_the_server_was_off_is_sent_when_it_starts() {
    let store = Arc::new(MemoryStore::new());
    let shared = |setup: &mut Setup| {
        setup.store = Arc::<MemoryStore>::clone(&store);
    };
    let mut server = TestServer::with(shared).await;
    let (meera, zoya, conversation) = server.pair().await;
    let due = later(&server.clock, 5);
    for (text, due) in [("in order", due.plus_millis(1)), ("once", due)] {
        schedule(&meera, (send_id(), conversation), text, due)
            .await
            .ok();
    }
    server.ask_to_stop();
    server.ended().await;
    let server = TestServer::with(|setup| {
        shared(setup);
        setup.clock.advance(10 * MINUTE);
    })
    .await;
    let zoya = TestUser::sign_in(server.address, &zoya.name, PASSWORD).await;
    let path = format!("/api/history?conversation={conversation}&from=1&to=9");
    server.metrics_say("messages_committed_total 2").await;
    let page = zoya.get(&path).await.ok().json();
    let sent = page["messages"].as_array().unwrap();
    let texts: Vec<_> = sent
        .iter()
        .map(|it| &it["content"]["text"]["body"])
        .collect();
    assert_eq!(texts, ["once", "in order"]);
}

#[tokio::test]
async fn a_message_that_waits_is_changed_sent_and_deleted_by_plain_forms() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut reader = zoya.socket().await;
    let (kept, gone) = (send_id(), send_id());
    let due = later(&server.clock, 5);
    for (id, text) in [(kept, "<b>soon</b>"), (gone, "never")] {
        schedule(&meera, (id, conversation), text, due).await.ok();
    }
    let html = meera.page("/scheduled").await.ok().text().to_owned();
    for part in ["&lt;b&gt;soon", "never", "action=\"/api/unschedule\""] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let gone = gone.to_string();
    let deleted = [("id", &*gone)];
    meera.post("/api/unschedule", &deleted).await.ok();
    let again = meera.post("/api/unschedule", &deleted).await;
    assert_eq!(again.status, 404);
    let id = kept.to_string();
    // Nobody else can do anything with it.
    let foreign = zoya.post("/api/send_scheduled", &[("id", &*id)]).await;
    assert_eq!(foreign.status, 404);
    meera
        .post("/api/send_scheduled", &[("id", &*id)])
        .await
        .ok();
    assert_eq!(reader.text().await, "<b>soon</b>");
    assert_eq!(list(&meera).await.len(), 0);
}

#[tokio::test]
async fn hostile_requests_schedule_nothing() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    let stranger = server.user("imran").await;
    let clock = &server.clock;
    let long = "x".repeat(5_000);
    let year = 367 * 24 * 60;
    for (user, text, due, status) in [
        (&stranger, "x", later(clock, 5), 404),
        (&meera, " ", later(clock, 5), 422),
        (&meera, &*long, later(clock, 5), 422),
        (&meera, "x", Timestamp::from_millis(0), 422),
        (&meera, "x", Timestamp::from_millis(u64::MAX), 422),
        (&meera, "x", later(clock, year), 422),
    ] {
        let answer = schedule(user, (send_id(), conversation), text, due).await;
        assert_eq!(answer.status, status, "{text:.9} {due:?}");
    }
    for fields in [
        &[("id", "x")][..],
        &[("id", ""), ("due", "-1")],
        &[("due", "99999999999999999999999")],
    ] {
        let answer = meera.post("/api/schedule", fields).await;
        assert_eq!(answer.status, 400, "{fields:?}");
    }
    assert_eq!(list(&meera).await.len(), 0);
}
