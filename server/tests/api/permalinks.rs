//! Addresses of messages: the page of a conversation with what stands around a place.

use protocol::{Intent, Seq};

use crate::support::{TestServer, encode};

#[tokio::test]
async fn the_page_of_a_message_holds_what_stands_around_it() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    for n in 1..=150 {
        socket.tell(id, &format!("number {n}.")).await;
    }
    let page = zoya.page(&format!("/c/{id}?at=60")).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    for (n, shown) in [
        (19, false),
        (20, true),
        (60, true),
        (100, true),
        (101, false),
    ] {
        assert_eq!(html.contains(&format!(">number {n}.<")), shown, "{n}");
    }
    // The message is marked, and is what a browser without script goes to.
    let (before, rest) = html.split_once(">number 60.<").unwrap();
    assert_eq!(before.matches("message-found").count(), 1, "only this one");
    assert_eq!(before.matches("id=\"at\"").count(), 1);
    assert!(!rest.contains("message-found") && !rest.contains("id=\"at\""));

    // The newest need no window.
    let page = zoya.page(&format!("/c/{id}?at=149")).await;
    let html = page.text();
    assert!(html.contains(">number 150.<") && html.contains("message-found"));

    let answer = zoya.get(&format!("/api/conversation?id={id}&at=60")).await;
    let opened = answer.ok().json();
    let (seq, around) = (&opened["around"][0], &opened["around"][1]["messages"]);
    assert_eq!(*seq, 60);
    assert_eq!(around.as_array().unwrap().len(), 81);
}

#[tokio::test]
async fn a_place_that_is_not_there_says_so_and_the_conversation_opens() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    socket.tell(id, "number 1.").await;
    let page = zoya.page(&format!("/c/{id}?at=7")).await;
    let html = page.text();
    assert!(html.contains("There is no message at this place."));
    assert!(html.contains(">number 1.<"));
}

#[tokio::test]
async fn case_43_a_place_that_is_none_opens_the_conversation() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    socket.tell(id, "number 1.").await;
    for at in [
        "0",
        "-1",
        "18446744073709551615",
        "18446744073709551616",
        "1' OR '1'='1",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "\u{0}",
        &"9".repeat(2_000),
    ] {
        let page = zoya.page(&format!("/c/{id}?at={}", encode(at))).await;
        assert_eq!(page.status, 200, "{at}");
        assert!(page.text().contains(">number 1.<"), "{at}");
        assert!(!page.text().contains("<script>alert"), "{at}");
    }
}

#[tokio::test]
async fn case_02_an_address_tells_nothing_to_whoever_is_not_a_member() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let stranger = server.user("stranger").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut socket = meera.socket().await;
    let secret = socket.tell(group, "the secret").await;
    let path = format!("/c/{group}?at={secret}");
    let api = format!("/api/conversation?id={group}&at={secret}");
    assert!(zoya.page(&path).await.text().contains("the secret"));

    let unknown = protocol::ConversationId::from_bytes([7; 16]);
    let nothing = stranger.page(&format!("/c/{unknown}?at=1")).await;
    let theirs = stranger.page(&path).await;
    assert_eq!((nothing.status, theirs.status), (404, 404));
    assert!(!theirs.text().contains("the secret"));
    stranger.get(&api).await.refused(404, "not_found");

    // Whoever has left is a stranger.
    let mut hers = zoya.socket().await;
    hers.ask(group, Intent::Leave).await.unwrap();
    let page = zoya.page(&path).await;
    assert_eq!(page.status, 404);
    assert!(!page.text().contains("the secret"));
    zoya.get(&api).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_was_said_before_one_joined_is_not_shown_by_its_address() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let late = server.user("late").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut socket = meera.socket().await;
    let before = socket.tell(group, "before").await;
    let users = vec![late.id];
    socket.ask(group, Intent::Add { users }).await.unwrap();
    let page = late.page(&format!("/c/{group}?at={before}")).await;
    let html = page.text();
    assert!(!html.contains(">before<"));
    let opened = late
        .get(&format!("/api/conversation?id={group}&at={before}"))
        .await
        .ok()
        .json();
    let around = opened["around"][1]["messages"].as_array().unwrap();
    assert!(around.iter().all(|it| it["seq"].as_u64() > Some(before.0)));
    assert!(before > Seq::ZERO);
}
