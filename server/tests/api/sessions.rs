//! What a session's tokens are good for, and for how long.

use std::time::Duration;

use base64::Engine as _;
use protocol::Codec;
use protocol::limits::{CONNECTIONS_PER_USER, SESSIONS_PER_USER};

use crate::support::{Answer, Call, Ended, Socket, TestServer, TestUser};

/// Longer than an access token lives.
const HOUR: Duration = Duration::from_secs(3_600);

/// What "at once" may take.
const AT_ONCE: Duration = Duration::from_secs(1);

fn renewed(user: &TestUser, answer: &Answer) -> TestUser {
    TestUser {
        access: answer.cookie("bc_access").unwrap(),
        refresh: answer.cookie("bc_refresh").unwrap(),
        ..user.clone()
    }
}

#[tokio::test]
async fn a_refresh_token_gives_a_new_pair() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(HOUR);
    // The access token alone is worth nothing any more.
    let access = format!("bc_access={}", meera.access);
    let expired = server.call(Call::get("/api/start").cookies(&access)).await;
    expired.refused(401, "unauthenticated");
    let answer = meera.refresh().await;
    assert_eq!(answer.status, 204);
    let later = renewed(&meera, &answer);
    assert_ne!(later.refresh, meera.refresh);
    later.get("/api/start").await.ok();
    // Two tabs may ask at the same moment: within the grace period both get the same.
    let again = meera.refresh().await;
    assert_eq!(again.status, 204);
    assert_eq!(again.cookie("bc_refresh").unwrap(), later.refresh);
}

#[tokio::test]
async fn a_page_renews_an_expired_session_on_the_way() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(HOUR);
    let page = meera.page("/settings").await.ok();
    let later = renewed(&meera, &page);
    later.get("/api/start").await.ok();
}

#[tokio::test]
async fn what_an_open_page_asks_for_renews_an_expired_session_on_the_way() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut page = meera.clone();
    let history = format!("/api/history?conversation={conversation}&from=1&to=1");
    let persons = format!("/api/persons?ids={}", zoya.id);
    for path in [
        "/api/start",
        "/api/search_people?term=zoya",
        "/api/search?q=chai",
        "/api/sessions",
        history.as_str(),
        persons.as_str(),
    ] {
        server.clock.advance(HOUR);
        let answer = page.get(path).await.ok();
        page = renewed(&page, &answer);
        // What is not expired is not renewed.
        assert_eq!(page.get(path).await.cookie("bc_refresh"), None, "{path}");
    }
    server.clock.advance(HOUR);
    let form = [("with", zoya.id.to_string())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = page.post("/api/open_direct", &form).await.ok();
    let page = renewed(&page, &answer);
    // Icons and the like do not: many are asked for at once.
    server.clock.advance(HOUR);
    assert_eq!(page.get("/favicon.svg").await.cookie("bc_refresh"), None);
}

#[tokio::test]
async fn a_form_that_sets_other_cookies_renews_too() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(HOUR);
    let form = Call::form("/api/set_preferences", "/settings", &[("theme", "raat")]);
    let answer = meera.call(form).await;
    assert_eq!(answer.cookie("bc_theme").as_deref(), Some("raat"));
    let later = renewed(&meera, &answer);
    assert_ne!(later.refresh, meera.refresh);
    later.get("/api/start").await.ok();
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_for_long() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(HOUR * 24 * 31);
    let answer = meera.refresh().await;
    answer.refused(401, "unauthenticated");
    // The browser is told to forget what no longer works.
    assert_eq!(answer.cookie("bc_refresh").unwrap(), "");
}

#[tokio::test]
async fn case_04_a_session_that_was_ended_elsewhere_is_over_at_once() {
    let server = TestServer::start().await;
    let (here, mut sockets) = (server.user("meera").await, Vec::new());
    let there = here.on_another_device().await;
    for codec in Codec::ALL {
        sockets.push(there.socket_in(codec).await);
    }
    let mut kept = here.socket().await;

    here.post("/api/end_other_sessions", &[]).await.ok();
    let closing = async {
        for socket in &mut sockets {
            assert_eq!(socket.ended().await, Ended::Closed(4001));
        }
    };
    assert!(tokio::time::timeout(AT_ONCE, closing).await.is_ok());
    there
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
    there.refresh().await.refused(401, "unauthenticated");
    let bearer = format!("Bearer {}", there.access);
    let refused = Socket::open(server.address, Codec::Binary, &[("authorization", &bearer)]).await;
    assert_eq!(refused.err().unwrap().status, 401);

    // The session that asked goes on, its socket too.
    here.get("/api/start").await.ok();
    let notes = here.open_direct(&here).await;
    kept.tell(notes, "still here").await;
}

#[tokio::test]
async fn case_04_nobody_ends_the_session_of_somebody_else() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let sessions = meera.get("/api/sessions").await.ok().json();
    let session = sessions[0]["id"].as_str().unwrap().to_owned();
    zoya.post("/api/end_session", &[("session", &session)])
        .await
        .refused(404, "not_found");
    meera.get("/api/start").await.ok();
}

#[tokio::test]
async fn case_05_a_refresh_token_that_is_used_again_revokes_its_family() {
    let server = TestServer::start().await;
    let thief = server.user("meera").await;
    server.clock.advance(HOUR);
    let owner = renewed(&thief, &thief.refresh().await);
    let mut socket = owner.socket().await;
    // After the grace period, which is there for two tabs of the same browser.
    server.clock.advance(Duration::from_secs(60));

    thief.refresh().await.refused(401, "unauthenticated");
    assert_eq!(socket.ended().await, Ended::Closed(4001));
    owner
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
    owner.refresh().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn case_21_sessions_and_sockets_of_an_account_are_capped() {
    let server = TestServer::with(crate::support::Setup::unlimited).await;
    let first = server.user("meera").await;
    // Of two sessions of the same millisecond either may count as the older one.
    server.clock.advance(Duration::from_secs(1));
    let mut last = first.clone();
    for _ in 0..SESSIONS_PER_USER {
        last = first.on_another_device().await;
    }
    first
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
    let sessions = last.get("/api/sessions").await.ok().json();
    assert_eq!(sessions.as_array().unwrap().len(), SESSIONS_PER_USER);

    let mut sockets = Vec::new();
    for _ in 0..=CONNECTIONS_PER_USER {
        sockets.push(last.socket().await);
    }
    assert_eq!(sockets[0].ended().await, Ended::Closed(4003));
    assert_eq!(
        server.metric("connections").await,
        CONNECTIONS_PER_USER as u64
    );
    let notes = last.open_direct(&last).await;
    sockets[1].tell(notes, "the others stay").await;
}

#[tokio::test]
async fn case_21_sockets_of_one_address_are_capped() {
    let server = TestServer::with(|setup| {
        setup.server.limits.sockets_per_address = 2;
        setup.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let meera = server.user("meera").await;
    let bearer = format!("Bearer {}", meera.access);
    let from = |address: &'static str| {
        let headers = [
            ("authorization", bearer.clone()),
            ("x-forwarded-for", address.to_owned()),
        ];
        async move {
            let headers = headers
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            Socket::open(server.address, Codec::Binary, &headers).await
        }
    };
    let _first = from("203.0.113.1").await.unwrap();
    let second = from("203.0.113.1").await.unwrap();
    let refused = from("203.0.113.1").await.err().unwrap();
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("rate_limited"), "{}", refused.body);
    from("203.0.113.2").await.unwrap();
    // A place is given back.
    drop(second);
    let again = crate::support::soon("a free place", async {
        loop {
            if let Ok(socket) = from("203.0.113.1").await {
                return socket;
            }
        }
    });
    again.await;
}

/// A token of these parts, each encoded as the standard says.
fn token(header: &str, claims: &str, signature: &str) -> String {
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

fn decode(part: &str) -> String {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn case_23_a_forged_access_token_opens_nothing() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let parts: Vec<&str> = meera.access.split('.').collect();
    let (header, claims, signature) = (decode(parts[0]), decode(parts[1]), parts[2]);
    let headers = [
        r#"{"alg":"none","typ":"JWT"}"#.to_owned(),
        r#"{"alg":"None"}"#.to_owned(),
        r#"{"alg":"RS256","typ":"JWT"}"#.to_owned(),
        r#"{"alg":"HS512","typ":"JWT"}"#.to_owned(),
        header.replace('{', r#"{"kid":"../../../../dev/null","#),
        header.replace('{', r#"{"kid":"1' OR '1'='1","#),
        header.replace('{', r#"{"jku":"http://127.0.0.1/keys","#),
        header.replace('{', r#"{"jwk":{"kty":"oct","k":"AA"},"#),
        header.replace('{', r#"{"x5u":"http://127.0.0.1/x","#),
    ];
    let mut forged: Vec<String> = headers
        .iter()
        .flat_map(|header| {
            [
                token(header, &claims, signature),
                token(header, &claims, ""),
            ]
        })
        .collect();
    let others = claims.replace(&meera.id.to_string(), &zoya.id.to_string());
    assert_ne!(others, claims);
    forged.push(token(&header, &others, signature));
    forged.push(format!("{}.{}.", parts[0], parts[1]));
    forged.push(format!("{}.{}", parts[0], parts[1]));
    forged.push(meera.refresh.clone());
    forged.push(String::new());
    forged.push("x".repeat(8_000));
    for token in &forged {
        let call = Call::get("/api/start").bearer(token);
        server.call(call).await.refused(401, "unauthenticated");
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let refused = Socket::open(server.address, Codec::Json, &headers).await;
        assert_eq!(refused.err().unwrap().status, 401, "{token}");
    }
    // The real one does, and no longer than it should.
    let call = Call::get("/api/start").bearer(&meera.access);
    server.call(call.clone()).await.ok();
    server.clock.advance(Duration::from_secs(16 * 60));
    server.call(call).await.refused(401, "unauthenticated");
}
