//! Signing up, in and out: by our own script, and by a plain form without any.

use crate::support::{Answer, Call, PASSWORD, TestServer, TestUser};

const FORM: [(&str, &str); 4] = [
    ("display_name", "मीरा खान"),
    ("username", "Meera"),
    ("email", "meera@example.org"),
    ("password", PASSWORD),
];

fn assert_hidden(answer: &Answer, name: &str) {
    let cookie = answer.set_cookie(name).unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[tokio::test]
async fn signing_up_signs_in() {
    let server = TestServer::start().await;
    let answer = server.call(Call::post("/api/sign_up", &FORM)).await.ok();
    assert_eq!(answer.json(), "/");
    for name in ["bc_access", "bc_refresh"] {
        assert_hidden(&answer, name);
        assert!(!answer.set_cookie(name).unwrap().contains("Secure"));
    }
    let cookies = format!("bc_access={}", answer.cookie("bc_access").unwrap());
    let start = server
        .call(Call::get("/api/start").cookies(&cookies))
        .await
        .ok();
    assert_eq!(start.json()["me"]["username"], "meera");
    assert_eq!(start.json()["me"]["display_name"], "मीरा खान");
    assert_eq!(start.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn over_https_cookies_are_secure_and_bound_to_the_host() {
    let server = TestServer::with(|setup| {
        setup.server.public_url = Some("https://chat.example".parse().unwrap());
    })
    .await;
    let form = Call::post("/api/sign_up", &FORM).header("origin", "https://chat.example");
    let answer = server.call(form).await.ok();
    for name in ["__Host-bc_access", "__Host-bc_refresh"] {
        assert_hidden(&answer, name);
        assert!(answer.set_cookie(name).unwrap().ends_with("; Secure"));
    }
    assert!(answer.set_cookie("bc_access").is_none());
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=15552000")
    );
}

#[tokio::test]
async fn signing_in_works_by_name_and_by_address() {
    let server = TestServer::start().await;
    server.call(Call::post("/api/sign_up", &FORM)).await.ok();
    for login in ["meera", "@MEERA", "Meera@example.org", " meera "] {
        let form = TestUser::sign_in_form(login, PASSWORD);
        let answer = server.call(form).await.ok();
        assert!(answer.cookie("bc_access").is_some(), "{login}");
    }
    let wrong = server
        .call(TestUser::sign_in_form("meera", "chai at six"))
        .await;
    wrong.refused(401, "invalid_credentials");
    assert!(wrong.all("set-cookie").is_empty());
}

#[tokio::test]
async fn a_refused_form_names_every_field() {
    let server = TestServer::start().await;
    let fields = [
        ("display_name", "  "),
        ("username", "x y"),
        ("email", "nobody"),
        ("password", "short"),
    ];
    let answer = server.call(Call::post("/api/sign_up", &fields)).await;
    answer.refused(422, "invalid_fields");
    let fields = answer.json()["fields"].as_array().unwrap().clone();
    let named: Vec<&str> = fields
        .iter()
        .map(|field| field["field"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["display_name", "username", "email", "password"]);

    server.call(Call::post("/api/sign_up", &FORM)).await.ok();
    let twice = server.call(Call::post("/api/sign_up", &FORM)).await;
    assert_eq!(twice.status, 422);
    let codes: Vec<String> = twice.json()["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["username_taken", "email_taken"]);
}

#[tokio::test]
async fn without_script_a_form_is_redirected() {
    let server = TestServer::start().await;
    let mut fields = FORM.to_vec();
    fields.push(("next", "/settings"));
    let form = Call::form("/api/sign_up", "/signup", &fields);
    let answer = server.call(form).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("/settings"));
    assert_hidden(&answer, "bc_refresh");

    let form = Call::form(
        "/api/sign_in",
        "/login",
        &[("login", "meera"), ("password", PASSWORD)],
    );
    let answer = server.call(form).await;
    assert_eq!((answer.status, answer.header("location")), (302, Some("/")));
    assert!(answer.cookie("bc_access").is_some());
}

#[tokio::test]
async fn without_script_a_refused_form_goes_back_with_the_reason() {
    let server = TestServer::start().await;
    let form = Call::form(
        "/api/sign_in",
        "/login?next=%2Fsettings",
        &[("login", "nobody"), ("password", PASSWORD)],
    );
    let answer = server.call(form).await;
    assert_eq!(answer.status, 302);
    assert!(answer.all("set-cookie").is_empty());
    let location = answer.header("location").unwrap();
    let own = format!("http://{}/login?next=%2Fsettings", server.address);
    assert!(location.starts_with(&own), "{location}");
    assert!(location.contains("__path=%2Fapi%2Fsign_in"), "{location}");
    assert!(location.contains("__err="), "{location}");
    assert!(!location.contains("chai"), "{location}");

    // The page that it leads to says what was wrong.
    let path = location.split_once(&server.address.to_string()).unwrap().1;
    let page = server.call(Call::page(path)).await.ok();
    assert!(page.text().contains("The name or the password"));
}

#[tokio::test]
async fn a_form_never_leads_to_another_site() {
    let server = TestServer::start().await;
    server.call(Call::post("/api/sign_up", &FORM)).await.ok();
    for next in [
        "//evil.test",
        "https://evil.test/",
        "/\\evil.test",
        "javascript:x",
    ] {
        let form = Call::form(
            "/api/sign_in",
            "/login",
            &[("login", "meera"), ("password", PASSWORD), ("next", next)],
        );
        let answer = server.call(form).await;
        assert_eq!(answer.header("location"), Some("/"), "{next}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_for_every_token_of_it() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let answer = meera.post("/api/sign_out", &[]).await.ok();
    assert_eq!(answer.json(), "/login");
    for name in ["bc_access", "bc_refresh"] {
        assert_eq!(answer.cookie(name).unwrap(), "");
        assert!(answer.set_cookie(name).unwrap().contains("Max-Age=0"));
    }
    meera
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
    meera.refresh().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn signing_out_works_when_the_access_token_has_expired() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(std::time::Duration::from_secs(3_600));
    let answer = meera.post("/api/sign_out", &[]).await.ok();
    assert_eq!(answer.cookie("bc_refresh").unwrap(), "");
    meera.refresh().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn without_script_signing_out_leads_to_the_form() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let answer = meera.call(Call::form("/api/sign_out", "/", &[])).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some("/login"))
    );
    meera
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
}
