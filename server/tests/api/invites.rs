//! Links by which groups are joined, over HTTP and over real sockets.

use protocol::{Codec, Content, ConversationId, Notice, Seq, ServerFrame};

use crate::support::{Answer, Call, TestServer, TestUser, encode, logged};

/// The answer to making a link.
async fn made(user: &TestUser, group: ConversationId, lifetime: &str, uses: &str) -> Answer {
    let group = group.to_string();
    let fields = [
        ("conversation", &*group),
        ("lifetime", lifetime),
        ("uses", uses),
    ];
    user.post("/api/make_invite", &fields).await
}

/// The secret of a fresh link.
async fn link(user: &TestUser, group: ConversationId, lifetime: &str, uses: &str) -> String {
    let made = made(user, group, lifetime, uses).await.ok().json();
    made["token"].as_str().unwrap().to_owned()
}

async fn join(user: &TestUser, token: &str) -> Answer {
    user.post("/api/join", &[("token", token)]).await
}

async fn look(user: &TestUser, token: &str) -> Answer {
    user.get(&format!("/api/invitation?token={}", encode(token)))
        .await
}

#[tokio::test]
async fn a_link_leads_a_stranger_into_the_group_and_everybody_is_told() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let imran = server.user("imran").await;
    let group = meera.create_group("चाय ☕", &[&zoya]).await;
    let mut member = zoya.socket_in(Codec::Json).await;
    let mut newcomer = imran.socket().await;
    let token = link(&meera, group, "week", "ten").await;
    assert_eq!(token.len(), 32);
    // Neither the page nor what it asks for brings anybody in.
    for _ in 0..2 {
        let page = imran.page(&format!("/join/{token}")).await.ok();
        let html = page.text();
        for part in ["चाय ☕", "meera", "2 members", "action=\"/api/join\""] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        let found = look(&imran, &token).await.ok().json();
        assert_eq!(found["member_count"], 2);
        assert_eq!(found["by"]["username"], "meera");
        assert_eq!(
            (&found["is_member"], &found["is_full"]),
            (&false.into(), &false.into())
        );
    }
    let wrong_way = imran.get(&format!("/api/join?token={token}")).await;
    assert_ne!(wrong_way.status, 200);
    let row = join(&imran, &token).await.ok().json();
    assert_eq!(row["member_count"], 3);
    let entry = member
        .until(|frame| match frame {
            ServerFrame::Event { message } => Some(message),
            _ => None,
        })
        .await;
    // It is the first that was written since the group was made: nobody joined by looking.
    assert_eq!((entry.seq, entry.author), (Seq(2), imran.id));
    let joined = Notice::Joined { by: meera.id };
    assert_eq!(entry.content, Content::Notice(joined));
    let told = newcomer
        .until(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(*summary),
            _ => None,
        })
        .await;
    assert_eq!(told.id, group);
    let list = meera
        .get(&format!("/api/invites?conversation={group}"))
        .await;
    let list = list.ok().json();
    assert_eq!(
        (&list[0]["used"], &list[0]["state"]),
        (&1.into(), &"open".into())
    );
    // The list has no secret, nor anything that it could be made from.
    let fields: Vec<&String> = list[0].as_object().unwrap().keys().collect();
    let expected = [
        "expires_at",
        "id",
        "limit",
        "made_at",
        "made_by",
        "state",
        "used",
    ];
    assert_eq!(fields, expected);
    // Whoever is in the group is led into it.
    let page = imran.page(&format!("/join/{token}")).await;
    assert_eq!(page.status, 302);
    assert_eq!(page.header("location"), Some(&*format!("/c/{group}")));
}

#[tokio::test]
async fn without_script_a_form_joins_and_says_why_it_did_not() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let (imran, zoya) = (server.user("imran").await, server.user("zoya").await);
    let group = meera.create_group("Chai", &[]).await;
    let token = link(&meera, group, "hour", "one").await;
    let path = format!("/join/{token}");
    let form = |token: &str| Call::form("/api/join", &path, &[("token", token)]);
    let joined = imran.call(form(&token)).await;
    assert_eq!(joined.status, 302);
    assert_eq!(joined.header("location"), Some(&*format!("/c/{group}")));
    let late = zoya.call(form(&token)).await;
    assert_eq!(late.status, 302);
    let back = late.header("location").unwrap().to_owned();
    assert!(back.contains(&path), "{back}");
    let page = zoya.page(&path).await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("does not lead anywhere"));
}

#[tokio::test]
async fn whoever_is_not_signed_in_comes_back_after_signing_in_or_up() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let imran = server.user("imran").await;
    let group = meera.create_group("Secret name", &[]).await;
    let token = link(&meera, group, "day", "any").await;
    let path = format!("/join/{token}");
    let page = server.call(Call::page(&path)).await;
    assert_eq!(page.status, 302);
    let to = page.header("location").unwrap().to_owned();
    assert_eq!(to, format!("/login?next={path}"));
    assert!(!page.text().contains("Secret name"));
    let login = server.call(Call::page(&to)).await.ok();
    let sign_up = format!("/signup?next={path}");
    let html = login.text().replace("&amp;", "&");
    for part in ["You were invited", &*sign_up, &*format!("value=\"{path}\"")] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let html = server.call(Call::page(&sign_up)).await.ok();
    let html = html.text();
    for part in ["You were invited", &*format!("value=\"{path}\"")] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let form = Call::form(
        "/api/sign_in",
        &to,
        &[
            ("login", "imran"),
            ("password", crate::support::PASSWORD),
            ("next", &path),
        ],
    );
    let signed_in = server.call(form).await;
    assert_eq!(signed_in.header("location"), Some(&*path));
    let page = imran.page(&path).await.ok();
    assert!(page.text().contains("Secret name"));
    // Nobody has come by all this.
    let row = meera.get(&format!("/api/conversation?id={group}")).await;
    assert_eq!(row.ok().json()["summary"]["member_count"], 1);
}

#[tokio::test]
async fn case_24_links_that_lead_nowhere_are_one_refusal() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let (imran, first) = (server.user("imran").await, server.user("first").await);
    let group = meera.create_group("Chai", &[&zoya]).await;
    let used_up = link(&meera, group, "week", "one").await;
    join(&first, &used_up).await.ok();
    let revoked = link(&meera, group, "week", "any").await;
    let list = meera
        .get(&format!("/api/invites?conversation={group}"))
        .await;
    let list = list.ok().json();
    let last = list
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["limit"].is_null());
    let id = last.unwrap()["id"].as_str().unwrap().to_owned();
    let fields = [("conversation", &*group.to_string()), ("invite", &*id)];
    // Whoever may not invite may not revoke.
    zoya.post("/api/revoke_invite", &fields)
        .await
        .refused(403, "forbidden");
    meera.post("/api/revoke_invite", &fields).await.ok();
    let unknown = "A".repeat(32);
    let mut pages = Vec::new();
    for token in [&*used_up, &*revoked, &*unknown, "short", "../../etc", "é"] {
        look(&imran, token).await.refused(404, "not_found");
        join(&imran, token).await.refused(404, "not_found");
        let page = imran.page(&format!("/join/{}", encode(token))).await;
        assert_eq!(page.status, 404);
        assert!(!page.text().contains("Chai"), "{token}");
        assert!(page.text().contains("does not lead anywhere"));
        pages.push(page);
    }
    let row = meera.get(&format!("/api/conversation?id={group}")).await;
    assert_eq!(row.ok().json()["summary"]["member_count"], 3);
}

#[tokio::test]
async fn case_24_who_may_make_links_and_with_what() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let stranger = server.user("stranger").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let direct = meera.open_direct(&zoya).await;
    for (user, id, status, code) in [
        (&zoya, group, 403, "forbidden"),
        (&stranger, group, 404, "not_found"),
        (&meera, direct, 403, "forbidden"),
    ] {
        made(user, id, "hour", "one").await.refused(status, code);
        let list = user.get(&format!("/api/invites?conversation={id}")).await;
        list.refused(status, code);
    }
    for (lifetime, uses) in [
        ("century", "one"),
        ("hour", "two"),
        ("", ""),
        ("hour", "-1"),
        ("Hour", "One"),
    ] {
        let answer = made(&meera, group, lifetime, uses).await;
        answer.refused(400, "malformed");
    }
    // The role of whoever comes is no part of a link.
    let token = link(&meera, group, "hour", "any").await;
    let fields = [("token", &*token), ("role", "owner")];
    let row = stranger.post("/api/join", &fields).await;
    let answer = if row.status == 200 {
        row
    } else {
        join(&stranger, &token).await.ok()
    };
    assert_eq!(answer.json()["members"][0]["role"], "member");
    let call = Call::post("/api/join", &[("token", &token)]);
    server
        .call(call.clone())
        .await
        .refused(401, "unauthenticated");
    let foreign = call.header("origin", "https://evil.example");
    stranger.call(foreign).await.refused(403, "foreign_origin");
}

#[tokio::test]
async fn case_48_the_secret_of_a_link_is_in_no_log_and_no_referrer() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let imran = server.user("imran").await;
    let group = meera.create_group("Chai", &[]).await;
    let token = link(&meera, group, "day", "any").await;
    let path = format!("/join/{token}");
    for call in [
        Call::page(&path),
        Call::page(&format!("/login?next={}", encode(&path))),
        Call::get(&format!("/api/invitation?token={token}")),
        Call::post("/api/join", &[("token", &token)]),
    ] {
        let answer = server.call(call.clone()).await;
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        let answer = imran.call(call).await;
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let log = logged();
    assert!(log.contains("answered"), "nothing was logged");
    assert!(!log.contains(&token), "the secret was logged");
}

#[tokio::test]
async fn case_24_guesses_end_and_so_do_those_of_one_address() {
    let server = TestServer::with(|setup| setup.chat.rate_limits = true).await;
    let meera = server.user("meera").await;
    let guesser = server.user("guesser").await;
    let group = meera.create_group("Chai", &[]).await;
    let token = link(&meera, group, "day", "any").await;
    let mut guesses = 0;
    loop {
        let guess = look(&guesser, &format!("{guesses:032}")).await;
        if guess.status == 429 {
            guess.refused(429, "rate_limited");
            break;
        }
        guess.refused(404, "not_found");
        guesses += 1;
        assert!(guesses < 100, "nobody stops it");
    }
    // Pages are guesses too.
    let reader = server.user("reader").await;
    let mut pages = 0;
    while reader.page(&format!("/join/{pages:032}")).await.status == 404 {
        pages += 1;
        assert!(pages < 100, "nobody stops it");
    }
    assert!((1..=guesses).contains(&pages), "{pages} of {guesses}");
    // Then the right one does not help either.
    join(&guesser, &token).await.refused(429, "rate_limited");
}
