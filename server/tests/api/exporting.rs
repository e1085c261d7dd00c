//! Taking one's data along, over HTTP.

use std::time::Duration;

use protocol::{Codec, Intent, limits::PAGE_MESSAGES};
use serde_json::Value;

use crate::support::{Call, TestServer, TestUser, logged};

async fn json(user: &TestUser) -> Value {
    user.get("/api/export/json").await.ok().json()
}

fn bodies(conversation: &Value) -> Vec<&str> {
    let messages = conversation["messages"].as_array().unwrap().iter();
    messages
        .filter_map(|message| message["content"]["text"]["body"].as_str())
        .collect()
}

#[tokio::test]
async fn everything_of_an_account_is_taken_along_as_a_file() {
    let server = TestServer::with(crate::support::Setup::unlimited).await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut socket = zoya.socket_in(Codec::Json).await;
    let many = PAGE_MESSAGES + 20;
    for number in 0..many {
        socket
            .tell(conversation, &format!("number <{number}>"))
            .await;
    }
    let answer = meera.get("/api/export/json").await.ok();
    let name = answer.header("content-disposition").unwrap();
    assert!(
        name.starts_with("attachment; filename=\"baatcheet-meera-20"),
        "{name}"
    );
    assert!(name.ends_with(".json\""), "{name}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let all = answer.json();
    assert_eq!(all["profile"]["email"], "meera@example.org");
    let [found] = &all["conversations"].as_array().unwrap()[..] else {
        panic!("{all}")
    };
    let expected: Vec<_> = (0..many)
        .map(|number| format!("number <{number}>"))
        .collect();
    assert_eq!(bodies(found), expected);

    let call = Call::get("/api/export/html").header("accept-encoding", "gzip");
    let compressed = meera.call(call).await;
    assert_eq!(compressed.status, 200);
    assert_eq!(compressed.header("content-encoding"), Some("gzip"));

    let page = meera.get("/api/export/html").await.ok();
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("script"),
        "{policy}"
    );
    let mut rest = page.text();
    for number in 0..many {
        let body = format!(">number &lt;{number}&gt;</div>");
        let at = rest
            .find(&body)
            .unwrap_or_else(|| panic!("{body} is not in its place"));
        rest = &rest[at..];
    }
    assert!(page.text().trim_end().ends_with("</html>"));
    let urdu = Call::get("/api/export/html").cookies(&format!("{}; bc_locale=ur", meera.cookies()));
    let urdu = server.call(urdu).await.ok();
    assert!(urdu.text().contains("<html lang=\"ur\" dir=\"rtl\">"));
    let told = logged();
    assert!(told.contains("takes its data along"), "{told}");
    assert!(!told.contains("number <"), "a message was logged");
}

#[tokio::test]
async fn case_16_the_export_of_an_account_holds_what_is_its_own_to_read() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let asha = server.user("asha").await;
    let group = meera.create_group("Three", &[&zoya]).await;
    let mut owner = meera.socket_in(Codec::Json).await;
    owner.tell(group, "before asha").await;
    let gone = owner.tell(group, "deleted later").await;
    owner
        .ask(group, Intent::Delete { target: gone })
        .await
        .unwrap();
    let users = vec![asha.id];
    owner.ask(group, Intent::Add { users }).await.unwrap();
    owner.tell(group, "for asha too").await;
    let text = asha.get("/api/export/json").await.ok();
    for hidden in [
        "before asha",
        "deleted later",
        "meera@example.org",
        "zoya@example.org",
    ] {
        assert!(!text.text().contains(hidden), "{hidden}");
    }
    let all = text.json();
    assert_eq!(bodies(&all["conversations"][0]), ["for asha too"]);
    let theirs = json(&zoya).await;
    assert!(!theirs.to_string().contains("deleted later"));
    assert_eq!(theirs["conversations"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn case_11_the_export_of_an_account_needs_its_session() {
    let server = TestServer::start().await;
    for path in ["/api/export/json", "/api/export/html"] {
        server
            .call(Call::get(path))
            .await
            .refused(401, "unauthenticated");
        // Not by what is in the address either.
        let other = format!("{path}?user=01ARZ3NDEKTSV4RRFFQ69G5FAV");
        server
            .call(Call::get(&other))
            .await
            .refused(401, "unauthenticated");
    }
    let meera = server.user("meera").await;
    for path in ["/api/export/xml", "/api/export/..%2fjson", "/api/export/"] {
        meera.get(path).await.refused(404, "not_found");
    }
    let post = meera.post("/api/export/json", &[]).await;
    assert_eq!(post.status, 405);
}

#[tokio::test]
async fn case_42_exports_of_an_account_are_limited() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    for _ in 0..4 {
        meera.get("/api/export/json").await.ok();
    }
    let refused = meera.get("/api/export/json").await;
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some());
    zoya.get("/api/export/json").await.ok();
    server.clock.advance(Duration::from_secs(15 * 60));
    meera
        .on_another_device()
        .await
        .get("/api/export/json")
        .await
        .ok();
}
