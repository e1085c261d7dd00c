//! Looking for messages over HTTP.

use protocol::{Intent, Seq};
use serde_json::Value;

use crate::support::{TestServer, TestUser, encode};

/// The places found, and where it goes on.
async fn search(user: &TestUser, q: &str, rest: &str) -> (Vec<u64>, Option<String>) {
    let path = format!("/api/search?q={}{rest}", encode(q));
    let page = user.get(&path).await.ok().json();
    let hits = page["hits"].as_array().unwrap().iter();
    let places = hits.map(|hit| hit["seq"].as_u64().unwrap()).collect();
    (places, page["next"].as_str().map(str::to_owned))
}

/// The text of a hit, with what is found in brackets.
fn excerpt(hit: &Value) -> String {
    let pieces = hit["excerpt"].as_array().unwrap().iter();
    pieces
        .map(|piece| {
            let text = piece["text"].as_str().unwrap();
            if piece["found"] == true {
                format!("[{text}]")
            } else {
                text.to_owned()
            }
        })
        .collect()
}

#[tokio::test]
async fn messages_are_found_page_by_page_and_by_members_only() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let stranger = server.user("stranger").await;
    let other = zoya.open_direct(&stranger).await;
    let mut socket = meera.socket().await;
    for n in 1..=24 {
        socket.tell(id, &format!("kaise ho {n}")).await;
    }
    let mut places = Vec::new();
    let mut rest = String::new();
    loop {
        let (hits, next) = search(&zoya, "कैसे from:meera", &rest).await;
        places.extend(hits);
        match next {
            Some(next) => rest = format!("&before={next}"),
            None => break,
        }
    }
    assert_eq!(places, (1..=24).rev().collect::<Vec<_>>());
    let (hits, _) = search(&zoya, "kaise 7", &format!("&in={id}")).await;
    assert_eq!(hits, [7]);
    let (hits, _) = search(&zoya, &format!("kaise 7 in:{id}"), "").await;
    assert_eq!(hits.len(), 1);
    let (hits, _) = search(&zoya, "kaise", &format!("&in={other}")).await;
    assert_eq!(hits, [0; 0]);

    let delete = Intent::Delete { target: Seq(7) };
    socket.ask(id, delete).await.unwrap();
    assert_eq!(search(&zoya, "kaise 7", "").await, (Vec::new(), None));

    assert_eq!(search(&stranger, "kaise", "").await, (Vec::new(), None));
    let theirs = format!("/api/search?q=kaise&in={id}");
    stranger.get(&theirs).await.refused(404, "not_found");
    let forged = format!("/api/search?q=kaise&before=9999999999999.{id}.99");
    let page = stranger.get(&forged).await.ok().json();
    assert_eq!(page["hits"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_search_that_is_none_is_refused() {
    let server = TestServer::start().await;
    let (meera, ..) = server.pair().await;
    for (query, code) in [
        ("q=", "empty"),
        ("q=before%3A2026-01-01", "empty"),
        ("q=x+has%3Acats", "invalid_format"),
        ("q=...", "empty"),
    ] {
        let path = format!("/api/search?{query}");
        meera.get(&path).await.refused(422, code);
    }
    let long = format!("/api/search?q={}", "x".repeat(600));
    meera.get(&long).await.refused(422, "too_long");
    for query in ["q=x&in=chai", "q=x&before=1.2.3"] {
        let path = format!("/api/search?{query}");
        meera.get(&path).await.refused(400, "malformed");
    }
    meera.get("/api/search").await.refused(400, "malformed");
    let unknown = "/api/search?q=x+in%3Achai";
    meera.get(unknown).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_hit_says_where_by_whom_and_around_what() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    socket
        .tell(id, "आप कैसे हो, **भाई**? ||kaise|| the secret")
        .await;
    let path = format!("/api/search?q={}", encode("kaise"));
    let page = zoya.get(&path).await.ok().json();
    let hit = &page["hits"][0];
    assert_eq!(hit["conversation"], id.to_string());
    assert_eq!(hit["author"], meera.id.to_string());
    // As it is read: without markup, and nothing of what is hidden.
    assert_eq!(excerpt(hit), "आप [कैसे] हो, भाई? █████ the secret");
    assert!(hit.get("body").is_none() && hit.get("content").is_none());
    assert_eq!(page["people"][0]["id"], meera.id.to_string());
    assert_eq!(page["conversations"][0]["id"], id.to_string());
    assert_eq!(page["conversations"][0]["last_message"], Value::Null);
}

#[tokio::test]
async fn a_conversation_is_named_by_its_title_or_by_whom_it_is_with() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let group = meera.create_group("Chai Club", &[&zoya]).await;
    let stranger = server.user("stranger").await;
    let theirs = stranger.create_group("Secrets", &[&meera]).await;
    let mut socket = meera.socket().await;
    socket.tell(id, "samosas").await;
    let there = socket.tell(group, "samosas").await;
    socket.tell(theirs, "samosas").await;
    for (q, expected) in [
        ("samosas in:chaiclub".to_owned(), vec![there.0]),
        ("samosas in:Chai-Club".to_owned(), vec![there.0]),
        (format!("samosas in:@{}", meera.name), vec![1]),
        (format!("samosas in:{id}"), vec![1]),
    ] {
        assert_eq!(search(&zoya, &q, "").await.0, expected, "{q}");
    }
    // Whoever is not in it hears what they hear of one that there is not.
    for q in [
        "samosas in:secrets".to_owned(),
        format!("samosas in:{theirs}"),
        "samosas in:nothing".to_owned(),
    ] {
        let path = format!("/api/search?q={}", encode(&q));
        zoya.get(&path).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_page_shows_the_results_without_a_script() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    for n in 1..=25 {
        socket.tell(id, &format!("<b>kaise</b> & {n}")).await;
    }
    let path = format!("/search?q={}", encode("kaise"));
    let html = zoya.page(&path).await.ok().text().to_owned();
    assert!(html.contains("<mark>kaise<"), "{html}");
    assert!(!html.contains("<b>kaise</b>"), "text is text");
    assert!(html.contains(&format!("href=\"/c/{id}?at=25#at\"")));
    assert_eq!(html.matches("at=").count(), 20, "a page of results");
    assert!(html.contains("before="), "the way on is a link");
    assert!(html.contains("action=\"/search\"") && html.contains("method=\"get\""));

    // Of what others say to each other nothing is there.
    let stranger = server.user("stranger").await;
    let html = stranger.page(&path).await.ok().text().to_owned();
    assert!(!html.contains("<mark>") && !html.contains(&id.to_string()));
    let within = format!("{path}&in={id}");
    let page = stranger.page(&within).await;
    assert!(!page.text().contains("<mark>") && !page.text().contains("meera"));

    let hostile = encode("\"><script>alert(1)</script> from:");
    let page = zoya.page(&format!("/search?q={hostile}")).await;
    assert!(!page.text().contains("<script>alert"));
    let signed_out = server.call(crate::support::Call::page(&path)).await;
    assert!(!signed_out.text().contains("<mark>"));
}
