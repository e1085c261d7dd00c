//! What must not be found where it does not belong, and what a store that fails lets out.

use std::sync::Arc;

use protocol::{Codec, ErrorCode, Seq, ServerFrame};

use crate::support::{
    Answer, Call, Ended, Fault, FaultyStore, Frame, TestServer, TestUser, logged,
};

const TEXT: &str = "canary-text-5d1f0c";
const PASSWORD: &str = "canary-password-77ab2e";
const EMAIL: &str = "canary-mail-91c3d4@example.org";
const NAME: &str = "canary-name-c0ffee";

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}

async fn sign_up(server: &TestServer) -> TestUser {
    let form = Call::post(
        "/api/sign_up",
        &[
            ("display_name", NAME),
            ("username", "canary"),
            ("email", EMAIL),
            ("password", PASSWORD),
        ],
    );
    let answer = server.call(form).await.ok();
    let mut user = server.user("other").await;
    user.name = "canary".to_owned();
    user.access = answer.cookie("bc_access").unwrap();
    user.refresh = answer.cookie("bc_refresh").unwrap();
    user
}

/// Everything that somebody with these secrets can do wrong, and what is answered.
async fn mistakes(server: &TestServer, user: &TestUser) -> Vec<Answer> {
    let form = |path: &str, fields: &[(&str, &str)]| Call::post(path, fields);
    let calls = [
        form("/api/sign_in", &[("login", EMAIL), ("password", TEXT)]),
        form(
            "/api/sign_in",
            &[("login", PASSWORD), ("password", PASSWORD)],
        ),
        form("/api/sign_in", &[("login", PASSWORD)]),
        form("/api/sign_in", &[("password", PASSWORD)]).header("content-type", "text/plain"),
        form("/api/sign_up", &[("email", EMAIL), ("password", PASSWORD)]),
        form(&format!("/api/{PASSWORD}"), &[("text", TEXT)]),
        Call::get(&format!("/api/history?conversation={TEXT}&from=1&to=1")),
        Call::get(&format!("/{TEXT}?password={PASSWORD}")),
        Call::page(&format!("/login?password={PASSWORD}")),
        Call::get("/api/start").bearer(&format!("{}x", user.access)),
        Call::get("/metrics").header("x-forwarded-for", TEXT),
    ];
    let mut answers = Vec::new();
    for call in calls {
        answers.push(server.call(call).await);
    }
    answers
}

#[tokio::test]
async fn case_48_secrets_are_in_no_log_no_refusal_and_no_row() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let user = sign_up(&server).await;
    let other = server.user("reader").await;
    let start = user.get("/api/start").await.ok();
    assert!(!holds(start.text().as_bytes(), EMAIL));
    let conversation = user.open_direct(&other).await;
    let (mut socket, mut reader) = (user.socket().await, other.socket_in(Codec::Json).await);
    socket.tell(conversation, TEXT).await;
    assert_eq!(reader.text().await, TEXT);

    for answer in mistakes(&server, &user).await {
        for secret in [TEXT, PASSWORD, EMAIL] {
            let body = answer.text().as_bytes();
            assert!(!holds(body, secret), "{secret} in {}", answer.text());
        }
    }
    // A frame that cannot be read is not quoted either.
    let mut broken = user.socket_in(Codec::Json).await;
    let frame = format!(r#"{{"send":{{"text":"{TEXT}","password":"{PASSWORD}"}}}}"#);
    broken.send(Frame::Text(frame.into())).await;
    assert_eq!(broken.ended().await, Ended::Closed(1002));
    // Nor what a panic says.
    store.set(Fault::Panic);
    user.get("/api/sessions").await.refused(500, "internal");
    store.set(Fault::None);
    let refreshed = user.refresh().await;
    assert_eq!(refreshed.status, 204);

    let tokens = [
        user.access.clone(),
        user.refresh.clone(),
        refreshed.cookie("bc_access").unwrap(),
        refreshed.cookie("bc_refresh").unwrap(),
    ];
    let secret_halves = tokens.each_ref().map(|token| {
        let (_, last) = token.rsplit_once('.').unwrap();
        last
    });
    let log = logged();
    assert!(log.contains("answered"), "nothing was logged");
    for secret in [TEXT, PASSWORD, EMAIL, NAME]
        .into_iter()
        .chain(secret_halves)
    {
        assert!(!holds(log.as_bytes(), secret), "{secret} was logged");
    }
    let rows = store.written();
    assert!(holds(&rows, NAME), "the rows were not looked at");
    for secret in [TEXT, PASSWORD, EMAIL].into_iter().chain(secret_halves) {
        assert!(!holds(&rows, secret), "{secret} was stored as it is");
    }
}

#[tokio::test]
async fn an_error_of_the_server_says_nothing_of_its_cause() {
    let server = TestServer::with(|setup| setup.chat.password.memory_kib = 0).await;
    let answer = server
        .call(TestUser::sign_in_form("meera", "whatever"))
        .await;
    answer.refused(500, "internal");
    let fields: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
    for field in fields {
        assert!(
            matches!(&*field, "code" | "fields" | "retry_after_ms" | "message"),
            "{field}"
        );
    }
    // The log has the cause, under the id that the answer names.
    let id = answer.header("x-request-id").unwrap();
    assert!(logged().contains(id));
}

#[tokio::test]
async fn a_full_disk_is_told_and_got_over() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut socket, mut reader) = (meera.socket().await, zoya.socket().await);
    socket.tell(conversation, "before").await;
    reader.text().await;

    store.set(Fault::Full);
    let id = socket.write(conversation, "during").await;
    let refused = socket.outcome(id).await;
    assert_eq!(refused, Err(ErrorCode::StorageUnavailable));
    assert!(ErrorCode::StorageUnavailable.is_transient());
    let form = TestUser::sign_up_form("late");
    server.call(form).await.refused(503, "storage_unavailable");
    // What is there can be read.
    let page = zoya
        .get(&format!(
            "/api/history?conversation={conversation}&from=1&to=9"
        ))
        .await
        .ok();
    assert_eq!(page.json()["messages"].as_array().unwrap().len(), 1);
    assert!(server.metric("commits_failed_total").await > 0);

    store.set(Fault::None);
    assert_eq!(socket.tell(conversation, "after").await, Seq(2));
    // The same send may be repeated, as the client does by itself.
    socket
        .say(&protocol::ClientFrame::Send {
            send_id: id,
            conversation,
            intent: protocol::Intent::text("during"),
            after: Seq(1),
            retry: true,
        })
        .await;
    assert_eq!(socket.outcome(id).await, Ok(Seq(3)));
    assert_eq!(reader.text().await, "after");
    assert_eq!(reader.text().await, "during");
    server.user("late").await;
}

#[tokio::test]
async fn case_14_events_and_answers_hold_only_what_the_screen_shows() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut socket, mut reader) = (meera.socket().await, zoya.socket_in(Codec::Json).await);
    socket.tell(conversation, "hello").await;
    let message = reader.message().await;
    let json = serde_json::to_value(ServerFrame::Event { message }).unwrap();
    let fields: Vec<&String> = json["event"]["message"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        fields,
        [
            "author",
            "content",
            "conversation",
            "marks",
            "send_id",
            "sent_at",
            "seq"
        ]
    );
    for path in [
        "/api/start".to_owned(),
        "/api/list_conversations".to_owned(),
        "/api/sessions".to_owned(),
        "/api/search_people?term=meera".to_owned(),
        format!("/api/conversation?id={conversation}"),
    ] {
        let text = zoya.get(&path).await.ok().text().to_owned();
        for never in [
            "example.org",
            "argon2",
            "hash",
            "refresh_hash",
            "generation",
            "key",
        ] {
            assert!(!text.contains(never), "{never} in {path}: {text}");
        }
    }
}
