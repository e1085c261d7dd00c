//! What whoever runs the server looks at, and what keeps it running.

use std::sync::Arc;

use protocol::{ClientFrame, Codec, ErrorCode, Intent, Seq, ServerFrame};

use crate::support::{Call, Fault, FaultyStore, TestServer, send_id};

#[tokio::test]
async fn health_is_told_to_everybody() {
    let server = TestServer::start().await;
    for (path, text) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let answer = server.call(Call::get(path)).await.ok();
        assert_eq!(answer.text(), text);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_whoever_has_the_token() {
    let server = TestServer::start().await;
    let answer = server.call(Call::get("/metrics")).await.ok();
    assert!(answer.text().contains("baatcheet_connections 0\n"));
    // A proxy on this machine asks for somebody else.
    for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip"] {
        let call = Call::get("/metrics").header(header, "203.0.113.1");
        server.call(call).await.refused(404, "not_found");
    }

    let token = "a token of some length";
    let server = TestServer::with(|setup| {
        let settings = [("BAATCHEET_METRICS_TOKEN".to_owned(), token.to_owned())];
        let path = std::path::Path::new("none");
        let config = server::config::Config::from_sources(None, path, settings).unwrap();
        setup.server.metrics_token = config.metrics_token;
    })
    .await;
    server
        .call(Call::get("/metrics"))
        .await
        .refused(404, "not_found");
    let wrong = Call::get("/metrics").bearer("a token of some lengtH");
    server.call(wrong).await.refused(404, "not_found");
    server.call(Call::get("/metrics").bearer(token)).await.ok();
}

#[tokio::test]
async fn a_panic_in_a_request_is_an_answer_and_counted() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let meera = server.user("meera").await;
    store.set(Fault::Panic);
    let answer = meera.get("/api/sessions").await;
    answer.refused(500, "internal");
    assert!(!answer.text().contains("asked for"));
    store.set(Fault::None);
    meera.get("/api/sessions").await.ok();
    assert_eq!(server.metric("panics_total").await, 1);
}

// What a panic in the socket's own task leaves behind is asked of the actor, in
// `server/src/ws/connection/tests.rs`.
#[tokio::test]
async fn a_panic_of_the_store_refuses_what_needed_it_and_nothing_else() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
        setup.unlimited();
    })
    .await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut writer, mut reader) = (meera.socket().await, zoya.socket_in(Codec::Json).await);
    for number in 0..150 {
        writer.tell(conversation, &format!("{number}")).await;
        reader.text().await;
    }
    let mut unlucky = meera.socket().await;
    let fetch = ClientFrame::Fetch {
        request: 1,
        conversation,
        from: Seq(1),
        to: Seq(9),
    };
    store.set(Fault::Panic);
    unlucky.say(&fetch).await;
    let code = unlucky
        .until(|frame| match frame {
            ServerFrame::Refused { request: 1, code } => Some(code),
            _ => None,
        })
        .await;
    assert_eq!(code, ErrorCode::StorageUnavailable);
    // Whoever knows the newest place: nothing is looked for.
    let send_id = send_id();
    writer
        .say(&ClientFrame::Send {
            send_id,
            conversation,
            intent: Intent::text("as if nothing had happened"),
            after: Seq(150),
            retry: false,
        })
        .await;
    writer.outcome(send_id).await.unwrap();
    assert_eq!(reader.text().await, "as if nothing had happened");
    store.set(Fault::None);
    unlucky.say(&fetch).await;
    let page = unlucky
        .until(|frame| match frame {
            ServerFrame::Page { request: 1, page } => Some(page),
            _ => None,
        })
        .await;
    assert_eq!(page.messages.len(), 9);
    assert_eq!(server.metric("connections").await, 3);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    for text in ["one", "two"] {
        socket.tell(conversation, text).await;
    }
    meera.on_another_device().await;
    for (name, value) in [
        ("messages_committed_total", 2),
        ("connections", 1),
        ("sockets_opened_total", 1),
        ("sign_ins_total", 1),
        ("loaded_conversations", 1),
        ("panics_total", 0),
    ] {
        assert_eq!(server.metric(name).await, value, "{name}");
    }
    let metrics = server.call(Call::get("/metrics")).await.ok();
    assert!(!metrics.text().contains("meera"));
    drop(socket);
    server
        .metrics_say("sockets_closed_total{code=\"1006\"} 1")
        .await;
}

#[tokio::test]
async fn every_answer_carries_an_id_and_protects() {
    let server = TestServer::start().await;
    let mut ids = std::collections::HashSet::new();
    for path in [
        "/healthz",
        "/api/nope",
        "/login",
        "/pkg/nope.js",
        "/api/start",
    ] {
        let answer = server.call(Call::page(path)).await;
        assert!(ids.insert(answer.header("x-request-id").unwrap().to_owned()));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert!(!policy.contains("'unsafe-eval'"), "{path}");
    }
}
