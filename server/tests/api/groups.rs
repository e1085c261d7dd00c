//! Groups over HTTP and over real sockets.

use protocol::limits::ADD_MEMBERS;
use protocol::{
    Codec, Content, ConversationSummary, ErrorCode, Intent, Notice, ResumePoint, Role, Seq,
    ServerFrame, Timestamp, UserId,
};

use crate::support::{Call, Ended, Socket, TestServer, TestUser, send_id};

fn rename(title: &str) -> Intent {
    Intent::Rename {
        title: title.to_owned(),
    }
}

async fn summary(socket: &mut Socket) -> ConversationSummary {
    socket
        .until(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(*summary),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn a_group_is_made_once_and_all_its_people_talk() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let imran = server.user("imran").await;
    let mut reader = zoya.socket_in(Codec::Json).await;
    let id = send_id();
    let first = meera
        .ask_for_group(&id, "चाय ☕", &[&zoya, &imran])
        .await
        .ok();
    let again = meera.ask_for_group(&id, "another name", &[]).await.ok();
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(again.json()["title"], "चाय ☕");
    assert_eq!(first.json()["member_count"], 3);
    assert_eq!(first.json()["members"][0]["role"], "owner");
    let told = summary(&mut reader).await;
    assert_eq!(told.title.unwrap().as_str(), "चाय ☕");
    let mut writer = meera.socket().await;
    assert_eq!(writer.tell(told.id, "hello all").await, Seq(2));
    assert_eq!(reader.text().await, "hello all");
    let list = imran.get("/api/list_conversations").await.ok().json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["unread"], 1);
}

#[tokio::test]
async fn a_request_for_a_group_that_is_wrong_makes_none() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let id = send_id().to_string();
    let crowd = vec![meera.id.to_string(); ADD_MEMBERS + 1].join(",");
    for (fields, status, code) in [
        (vec![("title", "x"), ("users", "")], 400, "malformed"),
        (
            vec![("send_id", "x"), ("title", "x"), ("users", "")],
            400,
            "malformed",
        ),
        (
            vec![("send_id", &*id), ("title", "x"), ("users", "x,y")],
            400,
            "malformed",
        ),
        (
            vec![("send_id", &*id), ("title", " "), ("users", "")],
            422,
            "empty",
        ),
        (
            vec![("send_id", &*id), ("title", "a\u{202E}b"), ("users", "")],
            422,
            "forbidden_character",
        ),
        (
            vec![("send_id", &*id), ("title", "x"), ("users", &*crowd)],
            409,
            "too_many",
        ),
    ] {
        let answer = meera.post("/api/create_group", &fields).await;
        answer.refused(status, code);
    }
    let fields = [("send_id", &*id), ("title", "x"), ("users", "")];
    let call = Call::post("/api/create_group", &fields);
    server
        .call(call.clone())
        .await
        .refused(401, "unauthenticated");
    let foreign = call.header("origin", "https://evil.example");
    meera.call(foreign).await.refused(403, "foreign_origin");
    let list = meera.get("/api/list_conversations").await.ok();
    assert_eq!(list.text(), "[]");
    meera.post("/api/create_group", &fields).await.ok();
}

#[tokio::test]
async fn case_12_members_and_people_are_read_by_those_who_may() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let stranger = server.user("stranger").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let path = format!("/api/group_members?conversation={group}&after=");
    let members = zoya.get(&path).await.ok().json();
    let members = members.as_array().unwrap().clone();
    assert_eq!(members.len(), 2);
    let first = members[0]["person"]["id"].as_str().unwrap();
    let rest = zoya.get(&format!("{path}{first}")).await.ok().json();
    assert_eq!(rest.as_array().unwrap()[..], members[1..]);
    let answer = stranger.get(&path).await;
    answer.refused(404, "not_found");
    assert!(!answer.text().contains("zoya"));
    zoya.get(&format!("{path}x"))
        .await
        .refused(400, "malformed");
    server
        .call(Call::get(&path))
        .await
        .refused(401, "unauthenticated");

    let nobody = UserId::from_parts(Timestamp::from_millis(1), 1);
    let ids = format!("{},{nobody},{}", zoya.id, meera.id);
    let people = stranger.get(&format!("/api/persons?ids={ids}")).await.ok();
    let people = people.json();
    assert_eq!(people.as_array().unwrap().len(), 2);
    assert_eq!(people[0]["username"], "zoya");
    let fields: Vec<&String> = people[0].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["display_name", "id", "username"]);
    let crowd = vec![nobody.to_string(); 101].join(",");
    for (ids, status, code) in [("x", 400, "malformed"), (&*crowd, 409, "too_many")] {
        let answer = stranger.get(&format!("/api/persons?ids={ids}")).await;
        answer.refused(status, code);
    }
}

#[tokio::test]
async fn everything_that_happens_to_a_group_is_told_and_read_back() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let imran = server.user("imran").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut owner = meera.socket().await;
    let mut member = zoya.socket_in(Codec::Json).await;
    let mut newcomer = imran.socket().await;
    owner.ask(group, rename("Coffee")).await.unwrap();
    assert_eq!(summary(&mut member).await.title.unwrap().as_str(), "Coffee");
    let users = vec![imran.id];
    let added = owner.ask(group, Intent::Add { users }).await.unwrap();
    let told = summary(&mut newcomer).await;
    assert_eq!((told.id, told.last_seq, told.unread), (group, added, 0));
    // What was written before is not theirs to read.
    let path = format!("/api/history?conversation={group}&from=1&to=99");
    let page = imran.get(&path).await.ok().json();
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
    assert_eq!(page["messages"][0]["seq"], added.0);
    let promote = Intent::SetRole {
        user: zoya.id,
        role: Role::Admin,
    };
    owner.ask(group, promote).await.unwrap();
    owner.ask(group, Intent::Leave).await.unwrap();
    let left = owner
        .until(|frame| match frame {
            ServerFrame::Gone { conversation } => Some(conversation),
            _ => None,
        })
        .await;
    assert_eq!(left, group);
    let heir = newcomer
        .until(|frame| match frame {
            ServerFrame::Event { message } => match message.content {
                Content::Notice(Notice::Left { successor }) => Some(successor),
                _ => None,
            },
            _ => None,
        })
        .await;
    assert_eq!(heir, Some(zoya.id));
    assert_eq!(member.ask(group, rename("Mine")).await, Ok(Seq(6)));
    meera
        .get(&format!("/api/conversation?id={group}"))
        .await
        .refused(404, "not_found");
    // A connection that names it is told that it is gone.
    let mut back = meera.silent_socket(Codec::Json).await;
    let point = ResumePoint {
        conversation: group,
        seq: Seq(2),
    };
    let frames = back.hello(&[point]).await;
    let gone = ServerFrame::Gone {
        conversation: group,
    };
    assert!(frames.contains(&gone), "{frames:?}");
}

#[tokio::test]
async fn case_12_members_do_not_manage_and_strangers_find_nothing() {
    let server = TestServer::start().await;
    let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
    let stranger = server.user("stranger").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let intents = |user: UserId| {
        [
            rename("x"),
            Intent::Describe {
                description: "x".to_owned(),
            },
            Intent::Add { users: vec![user] },
            Intent::Remove { user: meera.id },
            Intent::SetRole {
                user,
                role: Role::Owner,
            },
            Intent::Pin {
                target: Seq(1),
                on: true,
            },
        ]
    };
    let asked: [(&TestUser, ErrorCode); 2] = [
        (&zoya, ErrorCode::Forbidden),
        (&stranger, ErrorCode::NotFound),
    ];
    for (who, code) in asked {
        let mut socket = who.socket().await;
        for intent in intents(who.id) {
            assert_eq!(
                socket.ask(group, intent.clone()).await,
                Err(code),
                "{intent:?}"
            );
        }
    }
    let mut owner = meera.socket().await;
    for (intent, code) in [
        (
            Intent::Add {
                users: vec![zoya.id; ADD_MEMBERS + 1],
            },
            ErrorCode::TooMany,
        ),
        (Intent::Add { users: vec![] }, ErrorCode::NotFound),
        (
            Intent::Add {
                users: vec![zoya.id],
            },
            ErrorCode::NotFound,
        ),
        (Intent::Remove { user: stranger.id }, ErrorCode::NotFound),
        (rename(""), ErrorCode::Empty),
        (rename(&"x".repeat(65)), ErrorCode::TooLong),
    ] {
        assert_eq!(
            owner.ask(group, intent.clone()).await,
            Err(code),
            "{intent:?}"
        );
    }
    assert_eq!(owner.tell(group, "nothing has happened").await, Seq(2));
}

#[tokio::test]
async fn case_13_management_of_the_wrong_form_ends_the_connection() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let group = meera.create_group("Chai", &[]).await;
    for intent in [
        r#"{"rename":{"title":null}}"#,
        r#"{"rename":{"title":"x","seq":1}}"#,
        r#"{"add":{"users":"01KAVQF4Z8M3C6R1T9W2N5B7XD"}}"#,
        r#"{"add":{"users":[1]}}"#,
        r#"{"add":{"users":["x"]}}"#,
        r#"{"remove":{"user":["01KAVQF4Z8M3C6R1T9W2N5B7XD"]}}"#,
        r#"{"set_role":{"user":"01KAVQF4Z8M3C6R1T9W2N5B7XD","role":"root"}}"#,
        r#"{"configure":{"settings":{"announcements_only":true}}}"#,
        r#"{"leave":{}}"#,
        r#"{"created":{"title":"x"}}"#,
    ] {
        let ended = meera.send_by_hand(group, intent).await;
        assert_eq!(ended, Ended::Closed(1002), "{intent}");
    }
}
