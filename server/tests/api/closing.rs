//! Deleting one's account, over HTTP and a socket.

use protocol::{Codec, ErrorCode, Intent};

use crate::support::{Answer, Call, Ended, PASSWORD, TestServer, TestUser, exchange, logged};

async fn delete(user: &TestUser, username: &str, password: &str) -> Answer {
    let fields = [("username", username), ("current_password", password)];
    user.post("/api/delete_account", &fields).await
}

#[tokio::test]
async fn case_04_a_deleted_account_is_signed_out_everywhere_at_once() {
    let server = TestServer::start().await;
    let here = server.user("meera").await;
    let there = here.on_another_device().await;
    let mut socket = there.socket_in(Codec::Json).await;
    let answer = delete(&here, "meera", PASSWORD).await.ok();
    assert_eq!(answer.json(), "/login");
    for name in ["bc_access", "bc_refresh"] {
        assert_eq!(answer.cookie(name).as_deref(), Some(""));
    }
    assert_eq!(socket.ended().await, Ended::Closed(4001));
    for device in [&here, &there] {
        device
            .get("/api/start")
            .await
            .refused(401, "unauthenticated");
        device.refresh().await.refused(401, "unauthenticated");
    }
    let sign_in = TestUser::sign_in_form("meera", PASSWORD);
    let again = server.call(sign_in).await;
    again.refused(401, "invalid_credentials");
    // The username is nobody else's.
    let sign_up = server.call(TestUser::sign_up_form("meera")).await;
    assert_eq!(sign_up.status, 422);
    assert_eq!(sign_up.json()["fields"][0]["code"], "username_taken");
    let told = logged();
    assert!(told.contains("an account is deleted"), "{told}");
}

#[tokio::test]
async fn the_other_one_reads_on_and_is_told_why_nothing_can_be_written() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    meera
        .socket()
        .await
        .tell(conversation, "remember this")
        .await;
    let mut socket = zoya.socket().await;
    delete(&meera, "meera", PASSWORD).await.ok();
    // The notice that she left comes last.
    socket.message().await;
    let refused = socket
        .ask(conversation, Intent::text("are you there?"))
        .await;
    assert_eq!(refused, Err(ErrorCode::AccountGone));
    let path = format!("/api/history?conversation={conversation}&from=1&to=9");
    let history = zoya.get(&path).await.ok().json();
    let first = &history["messages"][0]["content"]["text"]["body"];
    assert_eq!(first, "remember this");
    let path = format!("/api/persons?ids={}", meera.id);
    let person = zoya.get(&path).await.ok().json();
    let username = person[0]["username"].as_str().unwrap();
    assert!(username.starts_with("deleted_"), "{person}");
    assert!(!person.to_string().contains("meera"), "{person}");
    let found = zoya.get("/api/search_people?term=meera").await.ok();
    assert_eq!(found.json().as_array().unwrap().len(), 0);
    let with = meera.id.to_string();
    let open = zoya.post("/api/open_direct", &[("with", &with)]).await;
    open.refused(409, "account_gone");
}

#[tokio::test]
async fn case_13_an_account_is_deleted_by_its_owner_only() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let wrong = delete(&meera, "meera", "not the password").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.json()["fields"][0]["field"], "current_password");
    assert_eq!(wrong.json()["fields"][0]["code"], "invalid_credentials");
    // Not somebody else's, whatever the form says.
    let other = delete(&meera, "zoya", PASSWORD).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["fields"][0]["field"], "username");
    let fields = [("username", "meera"), ("current_password", PASSWORD)];
    let nobody = exchange(server.address, Call::post("/api/delete_account", &fields)).await;
    nobody.refused(401, "unauthenticated");
    let foreign = Call::post("/api/delete_account", &fields)
        .header("origin", "https://evil.example")
        .cookies(&meera.cookies());
    server.call(foreign).await.refused(403, "foreign_origin");
    for user in [&meera, &zoya] {
        user.get("/api/start").await.ok();
    }
}

#[tokio::test]
async fn an_account_is_deleted_without_script() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let page = meera.page("/settings/data").await.ok();
    assert!(page.text().contains("/api/delete_account"));
    let fields = [("username", "meera"), ("current_password", "wrong wrong")];
    let form = Call::form("/api/delete_account", "/settings/data", &fields);
    let refused = meera.call(form).await;
    assert_eq!(refused.status, 302);
    let back = refused.header("location").unwrap();
    assert!(back.contains("/settings/data"), "{back}");
    let fields = [("username", "meera"), ("current_password", PASSWORD)];
    let form = Call::form("/api/delete_account", "/settings/data", &fields);
    let done = meera.call(form).await;
    assert_eq!(
        (done.status, done.header("location")),
        (302, Some("/login"))
    );
    meera
        .get("/api/start")
        .await
        .refused(401, "unauthenticated");
}
