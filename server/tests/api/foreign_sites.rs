//! What another web site can make a browser send, with all its cookies.

use protocol::Codec;
use server::config::Environment;

use crate::support::{Call, PASSWORD, Socket, TestServer, TestUser};

#[tokio::test]
async fn case_07_a_cross_site_upgrade_is_refused() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let (cookies, own) = (meera.cookies(), format!("http://{}", server.address));
    let foreign = [
        Some("http://evil.test".to_owned()),
        Some("null".to_owned()),
        Some(String::new()),
        Some(format!("https://{}", server.address)),
        Some(format!("{own}.evil.test")),
        Some("http://127.0.0.1:1".to_owned()),
        None,
    ];
    for origin in &foreign {
        let mut headers = vec![("cookie", cookies.as_str())];
        headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
        for codec in Codec::ALL {
            let refused = Socket::open(server.address, codec, &headers).await;
            let refused = refused.err().unwrap();
            assert_eq!(refused.status, 403, "{origin:?}");
            assert!(refused.body.contains("foreign_origin"));
        }
    }
    let headers = [("cookie", cookies.as_str()), ("origin", own.as_str())];
    let mut socket = Socket::open(server.address, Codec::Binary, &headers)
        .await
        .unwrap();
    socket.hello(&[]).await;

    // A token that only our own code has may come without an origin, never with a foreign one.
    let bearer = format!("Bearer {}", meera.access);
    let program = [("authorization", bearer.as_str())];
    Socket::open(server.address, Codec::Binary, &program)
        .await
        .unwrap();
    let page = [
        ("authorization", bearer.as_str()),
        ("origin", "http://evil.test"),
    ];
    let refused = Socket::open(server.address, Codec::Binary, &page).await;
    assert_eq!(refused.err().unwrap().status, 403);
}

#[tokio::test]
async fn case_07_behind_a_proxy_only_the_public_address_is_ours() {
    const PUBLIC: &str = "https://chat.example";
    let server = TestServer::with(|setup| {
        setup.server.environment = Environment::Production;
        setup.server.public_url = Some(PUBLIC.parse().unwrap());
        setup.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        setup.server.check().unwrap();
    })
    .await;
    let form = TestUser::sign_up_form("meera").header("origin", PUBLIC);
    let answer = server.call(form).await.ok();
    let access = answer.cookie("__Host-bc_access").unwrap();
    let cookie = format!("__Host-bc_access={access}");
    let open = |cookie: String, origin: Option<String>| {
        let (address, host) = (server.address, "chat.example".to_owned());
        async move {
            let mut headers = vec![("cookie", cookie.as_str()), ("host", host.as_str())];
            headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
            Socket::open(address, Codec::Binary, &headers).await
        }
    };
    let own = Some(PUBLIC.to_owned());
    open(cookie.clone(), own.clone())
        .await
        .unwrap()
        .hello(&[])
        .await;
    for origin in [
        None,
        Some("null".to_owned()),
        Some("http://chat.example".to_owned()),
        Some("https://chat.example:8443".to_owned()),
        Some("https://evil.chat.example".to_owned()),
        // What would be ours without a public address.
        Some(format!("http://{}", server.address)),
    ] {
        let refused = open(cookie.clone(), origin.clone()).await.err().unwrap();
        assert_eq!(refused.status, 403, "{origin:?}");
        assert!(refused.body.contains("foreign_origin"));
    }
    // Without the prefix another name of the domain could have set it.
    let refused = open(format!("bc_access={access}"), own)
        .await
        .err()
        .unwrap();
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn case_07_a_name_that_points_here_is_not_ours() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let headers = [
        ("cookie", &*meera.cookies()),
        ("host", "rebound.evil.test"),
        ("origin", "http://rebound.evil.test"),
    ];
    let refused = Socket::open(server.address, Codec::Binary, &headers).await;
    assert_eq!(refused.err().unwrap().status, 403);
}

#[tokio::test]
async fn case_09_a_form_of_another_site_changes_nothing() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let with = zoya.id.to_string();
    let forms = [
        Call::post(
            "/api/sign_in",
            &[("login", "meera"), ("password", PASSWORD)],
        ),
        Call::post("/api/sign_up", &[("username", "planted")]),
        Call::post("/api/sign_out", &[]),
        Call::post("/api/session/refresh", &[]),
        Call::post("/api/end_other_sessions", &[]),
        Call::post("/api/change_name", &[("display_name", "planted")]),
        Call::post(
            "/api/change_password",
            &[
                ("current_password", PASSWORD),
                ("password", "planted password"),
            ],
        ),
        Call::post("/api/open_direct", &[("with", &with)]),
        Call::post("/api/set_preferences", &[("locale", "hi")]),
        Call::post("/login", &[]),
        Call::new("DELETE", "/api/start"),
        Call::new("PUT", "/"),
    ];
    for form in forms {
        let cookies = meera.cookies();
        let form = form.cookies(&cookies);
        for foreign in [
            form.clone().header("origin", "http://evil.test"),
            form.clone().header("origin", "null"),
            form.clone()
                .without("origin")
                .header("sec-fetch-site", "cross-site"),
            form.clone()
                .without("origin")
                .header("sec-fetch-site", "same-site"),
            form.without("origin"),
        ] {
            let answer = server.call(foreign).await;
            answer.refused(403, "foreign_origin");
            assert!(answer.all("set-cookie").is_empty());
        }
    }
    meera.get("/api/start").await.ok();
    assert_eq!(meera.get("/api/list_conversations").await.ok().text(), "[]");
}

#[tokio::test]
async fn case_09_nothing_is_changed_by_following_a_link() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for path in [
        "/api/sign_out",
        "/api/end_other_sessions",
        "/api/change_name?display_name=planted",
        "/api/change_password?current_password=x&password=planted",
        "/api/session/refresh",
        "/api/open_direct?with=01HZZZZZZZZZZZZZZZZZZZZZZZ",
    ] {
        let answer = meera.get(path).await;
        assert!(
            matches!(answer.status, 404 | 405),
            "{path}: {}",
            answer.status
        );
    }
    meera.get("/api/start").await.ok();
}

#[tokio::test]
async fn case_09_an_address_in_the_path_is_an_id_or_nothing() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for id in [
        "..%2f..%2fapi%2fsign_out",
        "%2e%2e",
        "01HZ",
        "user:x%20OR%201",
        "%00",
        "01HZZZZZZZZZZZZZZZZZZZZZZZ%2f..%2fx",
    ] {
        let answer = meera.get(&format!("/api/conversation?id={id}")).await;
        answer.refused(400, "malformed");
        let page = meera.page(&format!("/c/{id}")).await;
        assert_eq!(page.status, 404, "{id}");
    }
}
