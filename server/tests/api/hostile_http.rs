//! Requests that are too large, too slow or no requests.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, Call, PASSWORD, TestServer, soon};

/// The bound that these tests run into.
const SHORT: Duration = Duration::from_millis(400);

fn sign_in() -> Call {
    Call::post(
        "/api/sign_in",
        &[("login", "meera"), ("password", PASSWORD)],
    )
}

#[tokio::test]
async fn case_37_arguments_that_cannot_be_read_are_a_bad_request() {
    let server = TestServer::start().await;
    let deep = "[".repeat(50_000);
    for body in [
        "",
        "login",
        "=",
        "login=a",
        "password[a][b][c][d][e][f][g][h]=1",
        deep.as_str(),
    ] {
        let answer = server.call(sign_in().body(body)).await;
        answer.refused(400, "malformed");
    }
    let meera = server.user("meera").await;
    for query in [
        "",
        "?from=1&to=2",
        "?conversation=1&from=1&to=2",
        "?conversation=01HZZZZZZZZZZZZZZZZZZZZZZZ&from=1e400&to=2",
        "?conversation=01HZZZZZZZZZZZZZZZZZZZZZZZ&from=-1&to=2",
        "?conversation=01HZZZZZZZZZZZZZZZZZZZZZZZ&from=null&to=2",
        "?conversation=01HZZZZZZZZZZZZZZZZZZZZZZZ&from=99999999999999999999&to=2",
        "?conversation[]=01HZZZZZZZZZZZZZZZZZZZZZZZ&from=1&to=2",
    ] {
        let answer = meera.get(&format!("/api/history{query}")).await;
        answer.refused(400, "malformed");
    }
    // Places that nobody can have reached are only empty.
    let notes = meera.open_direct(&meera).await;
    let path = format!("/api/history?conversation={notes}&from=0&to=18446744073709551615");
    let page = meera.get(&path).await.ok();
    assert_eq!(page.json()["messages"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn case_38_large_bodies_are_refused() {
    let server = TestServer::start().await;
    // By what is announced, before any of it is sent.
    let announced = sign_in().header("content-length", "100000000").body("");
    server.call(announced).await.refused(413, "too_large");
    for length in ["-1", "x", "1e3"] {
        let answer = server
            .call(sign_in().header("content-length", length))
            .await;
        assert_eq!(answer.status, 400, "{length}");
    }
    // By what comes, when nothing is announced.
    let size = 70_000;
    let chunk = format!("{size:x}\r\n{}\r\n", "a".repeat(size));
    let chunked = sign_in().header("transfer-encoding", "chunked").body(chunk);
    server.call(chunked).await.refused(413, "too_large");
    // Two lengths, or a length and chunks, are how requests are smuggled past a proxy.
    let both = sign_in()
        .header("content-length", "5")
        .header("transfer-encoding", "chunked")
        .body("0\r\n\r\n");
    let answer = server.call(both).await;
    assert!(matches!(answer.status, 400 | 411), "{}", answer.status);
}

#[tokio::test]
async fn case_38_bodies_of_other_kinds_are_refused() {
    let server = TestServer::start().await;
    for kind in [
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "application/octet-stream",
        "application/xml",
        "",
    ] {
        let call = sign_in().header("content-type", kind);
        server
            .call(call)
            .await
            .refused(415, "unsupported_media_type");
    }
    server
        .call(sign_in().without("content-type"))
        .await
        .refused(415, "unsupported_media_type");
    // A few bytes of these can unpack to any number.
    for encoding in ["gzip", "br", "deflate", "gzip, identity"] {
        let call = sign_in().header("content-encoding", encoding);
        server
            .call(call)
            .await
            .refused(415, "unsupported_media_type");
    }
}

async fn raw(server: &TestServer, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = soon("the end", stream.read_to_end(&mut answer)).await;
    answer
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let server = TestServer::start().await;
    let many: String = (0..100).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = "y".repeat(100_000);
    for request in [
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "nonsense\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n"),
        format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {long}\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
        "GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ] {
        let answer = raw(&server, request.as_bytes()).await;
        if !answer.is_empty() {
            let status = Answer::parse(&answer).status;
            assert!((400..500).contains(&status), "{status}: {request:.60}");
        }
    }
    assert_eq!(server.call(Call::get("/healthz")).await.status, 200);
}

#[tokio::test]
async fn case_39_a_slow_head_is_cut_off() {
    let server = TestServer::with(|setup| setup.server.limits.header_timeout = SHORT).await;
    let meera = server.user("meera").await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-")
            .await
            .unwrap();
        slow.push(stream);
    }
    // Others are served meanwhile.
    meera.get("/api/start").await.ok();
    for mut stream in slow {
        let mut rest = Vec::new();
        let _ = soon("the end of a slow request", stream.read_to_end(&mut rest)).await;
        assert!(rest.is_empty() || Answer::parse(&rest).status == 408);
    }
}

#[tokio::test]
async fn case_39_a_connection_that_says_nothing_is_cut_off() {
    let server = TestServer::with(|setup| setup.server.limits.header_timeout = SHORT).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut rest = Vec::new();
    let _ = soon("the end", silent.read_to_end(&mut rest)).await;
    // So is one that was used before.
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let _ = soon("the end", idle.read_to_end(&mut answer)).await;
    assert_eq!(Answer::parse(&answer).status, 200);
}

#[tokio::test]
async fn case_39_a_slow_body_is_cut_off() {
    let server = TestServer::with(|setup| setup.server.limits.body_timeout = SHORT).await;
    let announced = sign_in().header("content-length", "1000");
    let answer = server.call(announced).await;
    answer.refused(408, "malformed");
}

#[tokio::test]
async fn unknown_functions_and_files_are_not_found() {
    let server = TestServer::start().await;
    for path in [
        "/api/nope",
        "/api/sign_in/../../x",
        "/pkg/nope.wasm",
        "/pkg/..%2f..%2fCargo.toml",
        "/.git/config",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/nope.png",
    ] {
        server.call(Call::get(path)).await.refused(404, "not_found");
    }
    server
        .call(Call::post("/api/nope", &[]))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn case_42_opening_conversations_is_limited() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let with = zoya.id.to_string();
    let mut opened = 0;
    let refused = loop {
        let answer = meera.post("/api/open_direct", &[("with", &with)]).await;
        if answer.status != 200 {
            break answer;
        }
        opened += 1;
        assert!(opened <= 100, "opening is not limited");
    };
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    // Somebody else is not held back by it.
    zoya.open_direct(&meera).await;
}

#[tokio::test]
async fn case_42_one_account_reads_so_much_and_others_go_on() {
    let server = TestServer::with(|setup| setup.chat.rate_limits = false).await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    for _ in 0..60 {
        socket.tell(conversation, &"x".repeat(3_900)).await;
    }
    let path = format!("/api/history?conversation={conversation}&from=1&to=60");
    let refused = soon("a refusal", async {
        loop {
            let answer = meera.get(&path).await;
            if answer.status != 200 {
                return answer;
            }
        }
    })
    .await;
    refused.refused(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(wait > 0);
    zoya.get(&path).await.ok();
    // What is written is not read.
    socket.tell(conversation, "still here").await;
}

#[tokio::test]
async fn case_42_one_address_asks_so_much_and_others_go_on() {
    let server = TestServer::with(|setup| {
        setup.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let from = |address| Call::get("/healthz").header("x-forwarded-for", address);
    // Requests of one connection, as fast as it takes them.
    let mut flood = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.1\r\n\r\n";
    let mut read = Vec::new();
    soon("a refusal", async {
        while !String::from_utf8_lossy(&read).contains("HTTP/1.1 429") {
            read.clear();
            for _ in 0..50 {
                flood.write_all(request).await.unwrap();
            }
            while read.windows(9).filter(|part| *part == b"HTTP/1.1 ").count() < 50 {
                flood.read_buf(&mut read).await.unwrap();
            }
        }
    })
    .await;
    let refused = String::from_utf8(read).unwrap();
    assert!(refused.contains("rate_limited"), "{refused}");
    assert!(refused.contains("retry-after: 1"), "{refused}");
    server.call(from("203.0.113.2")).await.ok();
    server.call(Call::get("/healthz")).await.ok();
}
