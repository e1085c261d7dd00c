//! Case 45: two at the same moment.

use crate::support::{Call, Frame, PASSWORD, TestServer, TestUser, send_id};
use protocol::{Codec, Seq, ServerFrame};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_a_name_is_given_once() {
    let server = TestServer::start().await;
    let address = server.address;
    let claims: Vec<_> = (0..8)
        .map(|number| {
            let email = format!("claim{number}@example.org");
            let form = Call::post(
                "/api/sign_up",
                &[
                    ("display_name", "Meera"),
                    ("username", "meera"),
                    ("email", &email),
                    ("password", PASSWORD),
                ],
            );
            tokio::spawn(crate::support::exchange(address, form))
        })
        .collect();
    let mut given = 0;
    for claim in claims {
        let answer = claim.await.unwrap();
        if answer.status == 200 {
            given += 1;
        } else {
            answer.refused(422, "invalid_fields");
            assert_eq!(answer.json()["fields"][0]["code"], "username_taken");
        }
    }
    assert_eq!(given, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_two_who_open_their_conversation_at_once_share_it() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let open = |from: &TestUser, to: &TestUser| {
        let (from, to) = (from.clone(), to.clone());
        tokio::spawn(async move { from.open_direct(&to).await })
    };
    let mut opened = Vec::new();
    for _ in 0..5 {
        opened.push(open(&meera, &zoya));
        opened.push(open(&zoya, &meera));
    }
    let first = opened.pop().unwrap().await.unwrap();
    for other in opened {
        assert_eq!(other.await.unwrap(), first);
    }
    let list = meera.get("/api/list_conversations").await.ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_a_message_sent_from_two_tabs_at_once_is_stored_once() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let id = send_id();
    let send = format!(
        r#"{{"send":{{"send_id":"{id}","conversation":"{conversation}","intent":{{"text":{{"text":"once","reply_to":null}}}},"after":0,"retry":true}}}}"#
    );
    let mut tabs = Vec::new();
    for _ in 0..6 {
        let mut tab = meera.socket_in(Codec::Json).await;
        let send = Frame::Text(send.clone().into());
        tabs.push(tokio::spawn(async move {
            tab.send(send).await;
            tab.outcome(id).await
        }));
    }
    for tab in tabs {
        assert_eq!(tab.await.unwrap(), Ok(Seq(1)));
    }
    let page = zoya
        .get(&format!(
            "/api/history?conversation={conversation}&from=1&to=9"
        ))
        .await
        .ok();
    assert_eq!(page.json()["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_both_sides_see_one_order() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut watchers = [meera.socket().await, zoya.socket_in(Codec::Json).await];
    let mut writing = Vec::new();
    for user in [&meera, &zoya] {
        let mut socket = user.socket().await;
        writing.push(tokio::spawn(async move {
            for number in 0..30 {
                socket.tell(conversation, &format!("{number}")).await;
            }
        }));
    }
    for writer in writing {
        writer.await.unwrap();
    }
    let mut seen = Vec::new();
    for watcher in &mut watchers {
        let mut messages = Vec::new();
        while messages.len() < 60 {
            if let ServerFrame::Event { message } = watcher.next().await {
                messages.push((message.seq, message.send_id));
            }
        }
        let seqs: Vec<u64> = messages.iter().map(|(seq, _)| seq.0).collect();
        assert_eq!(seqs, (1..=60).collect::<Vec<_>>());
        seen.push(messages);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_45_a_refresh_token_used_by_two_tabs_at_once_serves_both() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let refreshes: Vec<_> = (0..6)
        .map(|_| {
            let meera = meera.clone();
            tokio::spawn(async move { meera.refresh().await })
        })
        .collect();
    let mut tokens = Vec::new();
    for refresh in refreshes {
        let answer = refresh.await.unwrap();
        assert_eq!(answer.status, 204);
        tokens.push(answer.cookie("bc_refresh").unwrap());
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 1);
}
