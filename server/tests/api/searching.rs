//! Looking for messages over HTTP.

use protocol::{Intent, Message, Seq};

use crate::support::{TestServer, TestUser, encode};

async fn search(user: &TestUser, q: &str, rest: &str) -> (Vec<Message>, Option<String>) {
    let path = format!("/api/search?q={}{rest}", encode(q));
    let page = user.get(&path).await.ok().json();
    let hits = serde_json::from_value(page["hits"].clone()).unwrap();
    (hits, page["next"].as_str().map(str::to_owned))
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
        places.extend(hits.iter().map(|message| message.seq.0));
        match next {
            Some(next) => rest = format!("&before={next}"),
            None => break,
        }
    }
    assert_eq!(places, (1..=24).rev().collect::<Vec<_>>());
    let (hits, _) = search(&zoya, "kaise 7", &format!("&in={id}")).await;
    assert_eq!(hits[0].seq, Seq(7));
    let (hits, _) = search(&zoya, &format!("kaise 7 in:{id}"), "").await;
    assert_eq!(hits.len(), 1);
    let (hits, _) = search(&zoya, "kaise", &format!("&in={other}")).await;
    assert_eq!(hits, []);

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
    for query in ["q=x&in=chai", "q=x+in%3Achai", "q=x&before=1.2.3"] {
        let path = format!("/api/search?{query}");
        meera.get(&path).await.refused(400, "malformed");
    }
    meera.get("/api/search").await.refused(400, "malformed");
}
