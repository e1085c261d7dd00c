//! What whoever runs the server looks at, and what keeps it running.

use std::sync::Arc;

use protocol::{ClientFrame, Codec, Seq};

use crate::support::{Call, Ended, Fault, FaultyStore, TestServer, soon};

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
    let (meera, _, conversation) = server.pair().await;
    meera.socket().await.tell(conversation, "hello").await;
    store.set(Fault::PanicOnRead);
    let path = format!("/api/history?conversation={conversation}&from=1&to=9");
    let answer = meera.get(&path).await;
    if answer.status != 200 {
        answer.refused(500, "internal");
        assert!(server.metric("panics_total").await >= 1);
    }
    store.set(Fault::None);
    meera.get(&path).await.ok();
}

#[tokio::test]
async fn a_panic_in_one_socket_ends_that_socket_only() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
        setup.unlimited();
        setup.chat.page_cache_bytes = 0;
    })
    .await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut unlucky = meera.socket().await;
    let (mut writer, mut reader) = (meera.socket().await, zoya.socket_in(Codec::Json).await);
    for number in 0..300 {
        writer.tell(conversation, &format!("{number}")).await;
        reader.text().await;
    }
    store.set(Fault::PanicOnRead);
    unlucky
        .say(&ClientFrame::Fetch {
            request: 1,
            conversation,
            from: Seq(1),
            to: Seq(9),
        })
        .await;
    assert_eq!(unlucky.ended().await, Ended::Broken);
    store.set(Fault::None);
    writer
        .tell(conversation, "as if nothing had happened")
        .await;
    assert_eq!(reader.text().await, "as if nothing had happened");
    soon("its place to be free", async {
        while server.metric("connections").await != 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(server.metric("panics_total").await, 1);
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
    soon("the socket to be counted as closed", async {
        loop {
            let metrics = server.call(Call::get("/metrics")).await.ok();
            if metrics
                .text()
                .contains("sockets_closed_total{code=\"1006\"} 1")
            {
                return;
            }
        }
    })
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
