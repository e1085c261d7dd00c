//! What somebody learns or does by way of a message that they have no right to.

use protocol::{Codec, ConversationId, ErrorCode, Intent, ResumePoint, Seq, SessionId, UserId};

use crate::support::{Call, Ended, PASSWORD, TestServer, encode, frames_between, react, reply};

const SECRET: &str = "zamburak";
const THUMB: &str = "\u{1f44d}";

#[tokio::test]
async fn case_03_whoever_came_later_learns_nothing_of_before_by_what_becomes_of_it() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let late = server.user("late").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut admin = meera.socket().await;
    let target = admin.tell(group, SECRET).await;
    for codec in Codec::ALL {
        let users = vec![late.id];
        admin.ask(group, Intent::Add { users }).await.unwrap();
        let mut there = zoya.socket_in(codec).await;
        let mut newcomer = late.socket_in(codec).await;
        let text = format!("{SECRET} again");
        for intent in [
            react(target, THUMB),
            Intent::Pin { target, on: true },
            reply("so be it", target),
            Intent::Edit { target, text },
        ] {
            admin.ask(group, intent).await.unwrap();
        }
        admin.tell(group, "fence").await;
        let heard = frames_between(&mut there, "fence").await;
        assert!(serde_json::to_string(&heard).unwrap().contains(SECRET));
        let heard = frames_between(&mut newcomer, "fence").await;
        let heard = serde_json::to_string(&heard).unwrap();
        assert!(heard.contains("so be it"), "{heard}");
        assert!(!heard.contains(SECRET), "{heard}");
        // Nor whoever was away meanwhile.
        let mut back = late.silent_socket(codec).await;
        let point = ResumePoint {
            conversation: group,
            seq: Seq(target.0 + 1),
        };
        let heard = serde_json::to_string(&back.hello(&[point]).await).unwrap();
        assert!(heard.contains("so be it"), "{heard}");
        assert!(!heard.contains(SECRET), "{heard}");
        // Nor can anything be done with it.
        for intent in [react(target, THUMB), reply("so be it", target)] {
            let outcome = newcomer.ask(group, intent).await;
            assert_eq!(outcome, Err(ErrorCode::NotFound));
        }
        for path in [
            format!("/api/conversation?id={group}"),
            format!("/api/history?conversation={group}&from=1&to=99"),
            format!("/api/search?q={SECRET}"),
            format!("/c/{group}"),
            format!("/c/{group}/{target}"),
            format!("/c/{group}/t-{target}"),
            format!("/api/thread?conversation={group}&root={target}"),
        ] {
            let answer = late.page(&path).await;
            // What was asked for may be repeated.
            let text = answer.text().replace(&format!("q={SECRET}"), "");
            let text = text.replace(&format!("\"{SECRET}\""), "");
            assert!(!text.contains(SECRET), "{path}: {text}");
        }
        let gone = Intent::Remove { user: late.id };
        admin.ask(group, gone).await.unwrap();
    }
}

#[tokio::test]
async fn case_10_places_in_conversations_of_others_are_as_if_there_were_none() {
    let server = TestServer::start().await;
    let (meera, zoya, theirs) = server.pair().await;
    let stranger = server.user("stranger").await;
    let own = stranger.open_direct(&meera).await;
    let mut socket = meera.socket().await;
    for text in [SECRET, "two", "three"] {
        socket.tell(theirs, text).await;
    }
    let mut asking = stranger.socket().await;
    // A place of another conversation is no place of one's own.
    let outcome = asking.ask(own, reply("so be it", Seq(2))).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    for path in [
        format!("/api/history?conversation={theirs}&from=1&to=9"),
        format!("/api/thread?conversation={theirs}&root=1"),
        format!("/api/seen_by?conversation={theirs}&seq=1"),
        format!("/api/edits?conversation={theirs}&seq=1"),
        format!("/api/conversation?id={theirs}"),
    ] {
        assert_ne!(zoya.get(&path).await.status, 404, "{path}");
        stranger.get(&path).await.refused(404, "not_found");
    }
    let page = stranger.page(&format!("/c/{theirs}/1")).await;
    assert_eq!(page.status, 404);
    assert!(!page.text().contains(SECRET));
    let found = stranger.get(&format!("/api/search?q={SECRET}")).await.ok();
    assert_eq!(found.json()["hits"].as_array().map(Vec::len), Some(0));
}

/// What is there for whoever has no account yet.
const FOR_ALL: [&str; 4] = [
    "sign_up",
    "sign_in",
    "sign_out",
    // Of the device, in a cookie.
    "set_preferences",
];

/// Everything that any of the others asks for, so that none refuses because something is missing
/// or is none.
fn arguments(user: UserId, conversation: ConversationId) -> Vec<(&'static str, String)> {
    let [user, conversation] = [user.to_string(), conversation.to_string()];
    let other = SessionId::from_bytes([7; 16]).to_string();
    let fields = [
        ("conversation", conversation.as_str()),
        ("id", &conversation),
        ("user", &user),
        ("users", &user),
        ("with", &user),
        ("ids", &user),
        ("session", &other),
        ("invite", &other),
        ("send_id", &other),
        ("seq", "1"),
        ("root", "1"),
        ("from", "1"),
        ("to", "9"),
        ("after", ""),
        ("q", "zoya"),
        ("term", "zoya"),
        ("token", "x"),
        ("username", "meera"),
        ("display_name", "Meera"),
        ("current_password", PASSWORD),
        ("password", "tea at six, no sugar"),
        ("title", "Chai"),
        ("text", "later"),
        ("due", "1900000000000"),
        ("blocks", "true"),
        ("what", "reading"),
        ("lifetime", "day"),
        ("uses", "any"),
        ("reason", "spam"),
        ("availability", "busy"),
        ("lasting", "hour"),
    ];
    fields
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}

#[tokio::test]
async fn case_12_no_function_answers_without_a_session() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let all: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(all.len() > 30, "{all:?}");
    let arguments = arguments(meera.id, id);
    let fields = arguments.iter().map(|(name, value)| (*name, &**value));
    let fields: Vec<(&str, &str)> = fields.collect();
    let query = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)));
    let query = query.collect::<Vec<_>>().join("&");
    for (path, method) in all {
        if FOR_ALL.iter().any(|open| path.ends_with(open)) {
            continue;
        }
        let call = match method.as_str() {
            "GET" => Call::get(&format!("{path}?{query}")),
            _ => Call::post(path, &fields),
        };
        let answer = server.call(call).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.text());
        assert_eq!(answer.code(), "unauthenticated", "{path}");
    }
    meera.get(&format!("/api/conversation?id={id}")).await.ok();
}

#[tokio::test]
async fn case_34_what_is_quoted_is_what_was_said() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    meera.socket().await.tell(id, "I owe you nothing").await;
    for intent in [
        r#"{"text":{"text":"x","reply_to":1,"quote":"I owe you 900"}}"#,
        r#"{"text":{"text":"x","reply_to":{"seq":1,"text":"I owe you 900"}}}"#,
        r#"{"text":{"text":"x","reply_to":1,"preview":{"title":"Bank"}}}"#,
        r#"{"forward":{"text":"I owe you 900","author":"meera"}}"#,
        r#"{"forward":{"text":"I owe you 900","from":1}}"#,
    ] {
        let ended = zoya.send_by_hand(id, intent).await;
        assert_eq!(ended, Ended::Closed(1002), "{intent}");
    }
    let mut socket = zoya.socket().await;
    assert_eq!(
        socket.ask(id, reply("so be it", Seq(7))).await,
        Err(ErrorCode::NotFound)
    );
    socket.ask(id, reply("so be it", Seq(1))).await.unwrap();
    let page = meera.page(&format!("/c/{id}")).await;
    assert!(page.text().matches("I owe you nothing").count() > 1);
    assert!(!page.text().contains("900"));
}

#[tokio::test]
async fn case_35_names_that_pretend_are_refused() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let zoya = server.user("zoya").await;
    // Another alphabet, full width, what is not seen, and a turned direction.
    for name in [
        "m\u{435}\u{435}ra",
        "\u{ff4d}\u{ff45}\u{ff45}\u{ff52}\u{ff41}",
        "me\u{200b}era",
        "meera\u{202e}",
    ] {
        let fields = [
            ("display_name", "Meera"),
            ("username", name),
            ("email", "other@example.org"),
            ("password", PASSWORD),
        ];
        let answer = server.call(Call::post("/api/sign_up", &fields)).await;
        assert_eq!(answer.status, 422, "{name:?}: {}", answer.text());
        assert!(answer.text().contains("\"username\""), "{}", answer.text());
    }
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut socket = meera.socket().await;
    for (title, code) in [
        ("Chai\u{202e}txt", ErrorCode::ForbiddenCharacter),
        ("Chai\u{2066}", ErrorCode::ForbiddenCharacter),
        ("\u{200b}\u{2060}", ErrorCode::Empty),
    ] {
        let title = title.to_owned();
        let outcome = socket.ask(group, Intent::Rename { title }).await;
        assert_eq!(outcome, Err(code));
    }
    // Marks without end on one letter.
    let title = format!("C{}", "\u{336}".repeat(10_000));
    let outcome = socket.ask(group, Intent::Rename { title }).await;
    assert_eq!(outcome, Err(ErrorCode::TooLong));
}
