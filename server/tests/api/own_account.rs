//! What somebody changes of their own account: the name, and the password.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Codec, ServerFrame};

use crate::support::{
    Answer, Call, Ended, Fault, FaultyStore, PASSWORD, Socket, TestServer, TestUser, logged,
};

const NEW: &str = "lassi at six, no sugar";
const HOUR: Duration = Duration::from_secs(3_600);
/// What "at once" may take.
const AT_ONCE: Duration = Duration::from_secs(1);

fn fields(current: &'static str, new: &'static str) -> [(&'static str, &'static str); 2] {
    [("current_password", current), ("password", new)]
}

async fn change(user: &TestUser, current: &'static str, new: &'static str) -> Answer {
    user.post("/api/change_password", &fields(current, new))
        .await
}

async fn rename(user: &TestUser, name: &str) -> Answer {
    user.post("/api/change_name", &[("display_name", name)])
        .await
}

fn renewed(user: &TestUser, answer: &Answer) -> TestUser {
    TestUser {
        access: answer.cookie("bc_access").unwrap(),
        refresh: answer.cookie("bc_refresh").unwrap(),
        ..user.clone()
    }
}

#[tokio::test]
async fn case_04_another_password_ends_the_other_sessions_at_once() {
    let server = TestServer::start().await;
    let here = server.user("meera").await;
    let there = here.on_another_device().await;
    let mut sockets = Vec::new();
    for codec in Codec::ALL {
        sockets.push(there.socket_in(codec).await);
    }
    let mut kept = here.socket().await;

    let answer = change(&here, PASSWORD, NEW).await.ok();
    assert_eq!(answer.json(), serde_json::json!({ "ended": 1 }));
    let closing = async {
        for socket in &mut sockets {
            assert_eq!(socket.ended().await, Ended::Closed(4001));
        }
    };
    assert!(tokio::time::timeout(AT_ONCE, closing).await.is_ok());
    let start = there.get("/api/start").await;
    start.refused(401, "unauthenticated");
    there.refresh().await.refused(401, "unauthenticated");
    let bearer = format!("Bearer {}", there.access);
    let refused = Socket::open(server.address, Codec::Binary, &[("authorization", &bearer)]).await;
    assert_eq!(refused.err().unwrap().status, 401);

    let fresh = renewed(&here, &answer);
    assert_ne!(fresh.refresh, here.refresh);
    fresh.get("/api/start").await.ok();
    let notes = fresh.open_direct(&fresh).await;
    kept.tell(notes, "still here").await;
    // The token of before is a copy once the new one was used.
    server.clock.advance(Duration::from_secs(60));
    here.refresh().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_new_password_signs_in_and_the_old_one_does_not() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    change(&meera, PASSWORD, NEW).await.ok();
    let old = server.call(TestUser::sign_in_form("meera", PASSWORD)).await;
    old.refused(401, "invalid_credentials");
    server.call(TestUser::sign_in_form("meera", NEW)).await.ok();
}

#[tokio::test]
async fn refused_passwords_stand_at_their_fields() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let there = meera.on_another_device().await;
    for (current, new, refused) in [
        (
            "not the password",
            NEW,
            vec![("current_password", "invalid_credentials")],
        ),
        (PASSWORD, "short", vec![("password", "too_short")]),
        (
            PASSWORD,
            "password123",
            vec![("password", "password_too_common")],
        ),
        (
            "",
            "",
            vec![("current_password", "empty"), ("password", "empty")],
        ),
    ] {
        let answer = change(&meera, current, new).await;
        answer.refused(422, "invalid_fields");
        let json = answer.json();
        let said = json["fields"].as_array().unwrap().iter();
        let said: Vec<_> = said
            .map(|it| (it["field"].as_str().unwrap(), it["code"].as_str().unwrap()))
            .collect();
        assert_eq!(said, refused);
        assert!(answer.all("set-cookie").is_empty());
    }
    there.get("/api/start").await.ok();
    there.on_another_device().await;
}

#[tokio::test]
async fn case_19_the_current_password_is_guessed_as_seldom_as_at_sign_in() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for _ in 0..10 {
        let wrong = change(&meera, "not the password", NEW).await;
        wrong.refused(422, "invalid_fields");
    }
    for form in [
        Call::post("/api/change_password", &fields(PASSWORD, NEW)),
        TestUser::sign_in_form("meera", PASSWORD),
    ] {
        let refused = meera.call(form).await;
        refused.refused(429, "rate_limited");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    server.clock.advance(Duration::from_secs(60));
    change(&meera, PASSWORD, NEW).await.ok();
}

#[tokio::test]
async fn nobody_changes_anything_without_being_signed_in() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for form in [
        Call::post("/api/change_password", &fields(PASSWORD, NEW)),
        Call::post("/api/change_name", &[("display_name", "Zoya")]),
        Call::get("/api/account"),
    ] {
        server.call(form).await.refused(401, "unauthenticated");
    }
    let start = meera.get("/api/start").await.ok();
    assert_eq!(start.json()["me"]["display_name"], "meera");
}

#[tokio::test]
async fn the_forms_renew_an_expired_session_on_the_way() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    server.clock.advance(HOUR);
    let answer = rename(&meera, "Meera Khan").await.ok();
    let later = renewed(&meera, &answer);
    server.clock.advance(HOUR);
    let answer = change(&later, PASSWORD, NEW).await.ok();
    // One pair, that of the new password.
    assert_eq!(answer.all("set-cookie").len(), 2);
    let latest = renewed(&later, &answer);
    latest.get("/api/start").await.ok();
    server.clock.advance(HOUR);
    let again = latest.refresh().await;
    assert_eq!(again.status, 204);
}

#[tokio::test]
async fn another_name_reaches_whoever_shares_a_conversation() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut readers = [meera.socket().await, zoya.socket_in(Codec::Json).await];
    let answer = rename(&meera, " मीरा खान ").await.ok();
    assert_eq!(answer.json()["display_name"], "मीरा खान");
    for socket in &mut readers {
        let summary = socket.until(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(summary),
            _ => None,
        });
        let summary = summary.await;
        assert_eq!(summary.id, conversation);
        let names: Vec<&str> = summary
            .members
            .iter()
            .filter(|member| member.person.id == meera.id)
            .map(|member| member.person.display_name.as_str())
            .collect();
        assert_eq!(names, ["मीरा खान"]);
    }
    let list = zoya.get("/api/list_conversations").await.ok();
    assert!(list.text().contains("मीरा खान"), "{}", list.text());
    let found = zoya
        .get("/api/search_people?term=%E0%A4%AE%E0%A5%80%E0%A4%B0%E0%A4%BE")
        .await;
    assert_eq!(found.ok().json()[0]["id"], meera.id.to_string());
}

#[tokio::test]
async fn a_name_is_checked_as_at_sign_up_and_changed_a_few_times_an_hour() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for (name, code) in [("  ", "empty"), ("a\u{202E}b", "forbidden_character")] {
        let answer = rename(&meera, name).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.json()["fields"][0]["field"], "display_name");
        assert_eq!(answer.json()["fields"][0]["code"], code);
    }
    for n in 0..5 {
        rename(&meera, &format!("Meera {n}")).await.ok();
    }
    let refused = rename(&meera, "Meera").await;
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
}

#[tokio::test]
async fn without_script_the_page_says_what_was_saved() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let there = meera.on_another_device().await;
    let page = "/settings/account";
    let named = [("display_name", "Meera Khan")];
    let answer = meera
        .call(Call::form("/api/change_name", page, &named))
        .await;
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap().to_owned();
    let shown = meera.page(&location).await.ok();
    assert!(shown.text().contains("Your name is saved."));
    assert!(shown.text().contains(r#"value="Meera Khan""#));

    let form = fields(PASSWORD, NEW);
    let answer = meera
        .call(Call::form("/api/change_password", page, &form))
        .await;
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap().to_owned();
    let meera = renewed(&meera, &answer);
    let shown = meera.page(&location).await.ok();
    assert!(shown.text().contains("1 other device was signed out."));
    let start = there.get("/api/start").await;
    start.refused(401, "unauthenticated");
}

#[tokio::test]
async fn without_script_a_refused_form_goes_back_with_the_reason_at_its_field() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let from = "/settings/account?saved=name";
    let form = fields("not the password", NEW);
    let form = Call::form("/api/change_password", from, &form);
    let answer = meera.call(form).await;
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap();
    assert!(!location.contains("password%20"), "{location}");
    let path = location.split_once(&server.address.to_string()).unwrap().1;
    let shown = meera.page(path).await.ok();
    assert!(shown.text().contains("This is not your current password."));
    assert!(
        !shown.text().contains("Your name is saved."),
        "that was before"
    );
    assert!(!shown.text().contains("not the password"));
}

#[tokio::test]
async fn the_page_shows_the_address_to_its_owner_and_no_log_has_it() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let shown = meera.page("/settings/account").await.ok();
    assert!(shown.text().contains("meera@example.org"));
    let account = meera.get("/api/account").await.ok();
    assert_eq!(account.json()["email"], "meera@example.org");
    for path in [
        "/api/list_conversations",
        "/settings/account",
        "/new?q=meera",
    ] {
        let answer = zoya.page(path).await;
        assert!(!answer.text().contains("meera@example.org"), "{path}");
    }
    change(&meera, PASSWORD, NEW).await.ok();
    for secret in ["meera@example.org", PASSWORD, NEW] {
        assert!(!logged().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn while_nothing_can_be_stored_nothing_changes() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let meera = server.user("meera").await;
    let there = meera.on_another_device().await;
    store.set(Fault::Full);
    let answer = change(&meera, PASSWORD, NEW).await;
    answer.refused(503, "storage_unavailable");
    let answer = rename(&meera, "Zoya").await;
    answer.refused(503, "storage_unavailable");
    store.set(Fault::None);
    there.get("/api/start").await.ok();
    let start = there.on_another_device().await.get("/api/start").await;
    assert_eq!(start.ok().json()["me"]["display_name"], "meera");
}
