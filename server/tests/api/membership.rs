//! Who may see and write what.

use protocol::{
    Arrangement, ClientFrame, Codec, ConversationId, Dismissal, ErrorCode, FolderId, Intent,
    SavedPlace, SeenThread, Seq, ServerFrame, Timestamp, UserId,
};

use crate::support::{
    Call, Ended, Frame, Socket, TestServer, TestUser, encode, frames_between, react, send_id,
};

/// Whether a frame says something of a conversation. Each frame that there is has an answer here.
fn is_about(frame: &ServerFrame, conversation: ConversationId) -> bool {
    let is_it = |other: &ConversationId| *other == conversation;
    match frame {
        ServerFrame::Event { message } => is_it(&message.conversation),
        ServerFrame::Page { page, .. } => is_it(&page.conversation),
        ServerFrame::Conversation { summary } => is_it(&summary.id),
        ServerFrame::Ack { conversation, .. }
        | ServerFrame::Behind { conversation, .. }
        | ServerFrame::Read { conversation, .. }
        | ServerFrame::Typing { conversation, .. }
        | ServerFrame::Seen { conversation, .. }
        | ServerFrame::Delivered { conversation, .. }
        | ServerFrame::Gone { conversation }
        | ServerFrame::Arranged { conversation, .. }
        | ServerFrame::Scheduled { conversation }
        | ServerFrame::Dismissed { conversation, .. }
        | ServerFrame::Draft { conversation, .. }
        | ServerFrame::DraftUnavailable { conversation } => is_it(conversation),
        ServerFrame::Saved { place, .. } | ServerFrame::Reminder { place, .. } => {
            is_it(&place.conversation)
        }
        ServerFrame::AllSaved { places } => places.iter().any(|place| is_it(&place.conversation)),
        ServerFrame::Reminders { reminders } => {
            let mut places = reminders.iter().map(|reminder| reminder.place);
            places.any(|place| is_it(&place.conversation))
        }
        ServerFrame::ThreadsSeen { threads, .. } => {
            let mut roots = threads.iter().map(|thread| thread.root);
            roots.any(|root| is_it(&root.conversation))
        }
        ServerFrame::Welcome { .. }
        | ServerFrame::Resumed
        | ServerFrame::Reject { .. }
        | ServerFrame::Refused { .. }
        | ServerFrame::Presence { .. }
        | ServerFrame::Resync
        | ServerFrame::Pong { .. }
        | ServerFrame::Error { .. }
        | ServerFrame::Draining { .. }
        | ServerFrame::Blocked { .. }
        | ServerFrame::Privacy { .. }
        | ServerFrame::Status { .. }
        | ServerFrame::Availability { .. }
        | ServerFrame::DraftKept { .. }
        | ServerFrame::Folder { .. }
        | ServerFrame::Folders { .. } => false,
    }
}

/// Whether it says something of somebody beside that.
fn is_of(frame: &ServerFrame, user: UserId) -> bool {
    match frame {
        ServerFrame::Presence { user: other, .. } | ServerFrame::Status { user: other, .. } => {
            *other == user
        }
        _ => false,
    }
}

/// The number of the request that a frame answers.
fn answered(frame: &ServerFrame) -> Option<u32> {
    match frame {
        ServerFrame::Saved { request, .. }
        | ServerFrame::Reminder { request, .. }
        | ServerFrame::Dismissed { request, .. }
        | ServerFrame::Arranged { request, .. }
        | ServerFrame::Folder { request, .. }
        | ServerFrame::ThreadsSeen { request, .. } => *request,
        ServerFrame::DraftKept { request } => Some(*request),
        _ => None,
    }
}

/// Somebody does for themselves what there is to be done with a conversation, and says something
/// of themselves.
async fn keep_things(user: &TestUser, socket: &mut Socket, id: ConversationId, later: Timestamp) {
    let [root, place] = [1, 2].map(|seq| SavedPlace {
        conversation: id,
        seq: Seq(seq),
    });
    let (folder, seen) = (FolderId::from_bytes([7; 16]), Seq(3));
    let kept = [
        ClientFrame::Save {
            request: 0,
            place,
            on: true,
        },
        ClientFrame::Remind {
            request: 1,
            place,
            at: Some(later),
        },
        ClientFrame::Dismiss {
            request: 2,
            place,
            dismissal: Dismissal::This,
        },
        ClientFrame::Draft {
            request: 3,
            conversation: id,
            text: "to be said".to_owned(),
            reply_to: None,
        },
        ClientFrame::Folder {
            request: 4,
            folder,
            name: "Ghar".to_owned(),
        },
        ClientFrame::Arrange {
            request: 5,
            conversation: id,
            change: Arrangement::Folder(Some(folder)),
        },
        ClientFrame::SeeThread {
            request: 6,
            thread: SeenThread { root, seen },
        },
    ];
    for (frame, request) in kept.iter().zip(0..) {
        socket.say(frame).await;
        socket
            .until(|frame| (answered(&frame) == Some(request)).then_some(()))
            .await;
    }
    let (own, id, due) = (send_id(), id, later.millis());
    let [own, id, due] = [own.to_string(), id.to_string(), due.to_string()];
    let waits = [
        ("id", &*own),
        ("conversation", &*id),
        ("text", "later"),
        ("due", &*due),
    ];
    user.post("/api/schedule", &waits).await.ok();
    let status = [("text", "at the market"), ("lasting", "hour")];
    user.post("/api/set_status", &status).await.ok();
}

#[tokio::test]
async fn case_01_a_socket_without_membership_gets_nothing() {
    let server = TestServer::start().await;
    let (meera, zoya, theirs) = server.pair().await;
    let stranger = server.user("stranger").await;
    let ours = meera.open_direct(&stranger).await;
    let (mut meera, mut there) = (meera.socket().await, zoya.socket().await);
    let mut stranger = stranger.socket().await;

    for text in ["one", "two", "three"] {
        meera.tell(theirs, text).await;
        assert_eq!(there.text().await, text);
    }
    let later = server.clock.now().plus_millis(300_000);
    keep_things(&zoya, &mut there, theirs, later).await;
    let target = Seq(1);
    for change in [
        react(target, "\u{1f44d}"),
        Intent::Edit {
            target,
            text: "otherwise".to_owned(),
        },
        Intent::Pin { target, on: true },
        Intent::Delete { target },
    ] {
        meera.ask(theirs, change).await.unwrap();
    }
    meera
        .say(&ClientFrame::Typing {
            conversation: theirs,
            active: true,
        })
        .await;
    meera.tell(ours, "fence").await;
    let frames = frames_between(&mut stranger, "fence").await;
    let is_theirs = |frame: &ServerFrame| is_about(frame, theirs) || is_of(frame, zoya.id);
    assert!(!frames.iter().any(is_theirs), "{frames:?}");
}

#[tokio::test]
async fn case_01_a_socket_of_somebody_who_was_removed_gets_nothing_more() {
    let server = TestServer::start().await;
    let (meera, zoya, direct) = server.pair().await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut admin = meera.socket().await;
    for codec in Codec::ALL {
        let mut removed = zoya.socket_in(codec).await;
        let remove = Intent::Remove { user: zoya.id };
        let last = admin.ask(group, remove).await.unwrap();
        let mut heard = Seq::ZERO;
        let ended = removed
            .until(|frame| match frame {
                ServerFrame::Event { message } => {
                    heard = message.seq;
                    None
                }
                ServerFrame::Gone { conversation } => Some(conversation),
                _ => None,
            })
            .await;
        assert_eq!((ended, heard), (group, last));
        for text in ["one", "two"] {
            admin.tell(group, text).await;
        }
        let typing = ClientFrame::Typing {
            conversation: group,
            active: true,
        };
        admin.say(&typing).await;
        let written = removed.write(group, "let me in").await;
        assert_eq!(removed.outcome(written).await, Err(ErrorCode::NotFound));
        admin.tell(direct, "fence").await;
        let frames = frames_between(&mut removed, "fence").await;
        assert!(
            !frames.iter().any(|frame| is_about(frame, group)),
            "{frames:?}"
        );
        let users = vec![zoya.id];
        admin.ask(group, Intent::Add { users }).await.unwrap();
    }
}

#[tokio::test]
async fn case_01_a_socket_of_an_ended_session_gets_nothing_more() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let there = zoya.on_another_device().await;
    let (mut meera, mut lost) = (meera.socket().await, there.socket().await);
    let mut kept = zoya.socket().await;
    zoya.post("/api/end_other_sessions", &[]).await.ok();
    meera
        .tell(conversation, "only for the device that is left")
        .await;
    kept.text().await;
    loop {
        match lost.step().await {
            Ok(frame) => assert!(!matches!(frame, ServerFrame::Event { .. }), "{frame:?}"),
            Err(ended) => {
                assert_eq!(ended, Ended::Closed(4001));
                break;
            }
        }
    }
}

#[tokio::test]
async fn case_11_what_others_wrote_cannot_be_changed() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let stranger = server.user("stranger").await;
    meera.socket().await.tell(conversation, "as it was").await;
    let edit = || Intent::Edit {
        target: Seq(1),
        text: "forged".to_owned(),
    };
    for codec in Codec::ALL {
        for (who, code) in [
            (&zoya, ErrorCode::Forbidden),
            (&stranger, ErrorCode::NotFound),
        ] {
            let mut socket = who.socket_in(codec).await;
            for intent in [edit(), Intent::Delete { target: Seq(1) }] {
                assert_eq!(socket.ask(conversation, intent).await, Err(code));
            }
        }
    }
    let path = format!("/api/history?conversation={conversation}&from=1&to=9");
    let page = meera.get(&path).await.ok();
    let messages = page.json()["messages"].as_array().unwrap().clone();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["content"]["text"]["body"], "as it was");
}

/// What is answered by nothing but refusals, and the last of it by one that names it.
fn asked_by_a_stranger(id: ConversationId) -> [ClientFrame; 4] {
    [
        ClientFrame::Typing {
            conversation: id,
            active: true,
        },
        ClientFrame::MarkRead {
            conversation: id,
            seq: Seq(1),
        },
        ClientFrame::Received {
            conversation: id,
            seq: Seq(1),
        },
        ClientFrame::Fetch {
            request: 5,
            conversation: id,
            from: Seq(1),
            to: Seq(9),
        },
    ]
}

#[tokio::test]
async fn case_12_a_stranger_can_neither_write_nor_read_nor_pretend() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let stranger = server.user("stranger").await;
    let mut inside = meera.socket().await;
    let mut zoya_socket = zoya.socket().await;
    zoya_socket.tell(conversation, "secret").await;
    inside.text().await;

    let unknown = ConversationId::from_parts(Timestamp::from_millis(1), 7);
    for id in [conversation, unknown] {
        for codec in Codec::ALL {
            let mut outside = stranger.socket_in(codec).await;
            let written = outside.write(id, "let me in").await;
            assert_eq!(outside.outcome(written).await, Err(ErrorCode::NotFound));
            for frame in asked_by_a_stranger(id) {
                outside.say(&frame).await;
            }
            let mut refused = 0;
            let code = outside
                .until(|frame| match frame {
                    ServerFrame::Error { code } => {
                        assert_eq!(code, ErrorCode::NotFound);
                        refused += 1;
                        None
                    }
                    ServerFrame::Refused { request: 5, code } => Some(code),
                    ServerFrame::Page { .. } => panic!("a stranger reads"),
                    _ => None,
                })
                .await;
            assert_eq!(code, ErrorCode::NotFound);
            assert_eq!(refused, 2, "reading and having received");
        }
        for path in [
            format!("/api/history?conversation={id}&from=1&to=9"),
            format!("/api/conversation?id={id}"),
        ] {
            let answer = stranger.get(&path).await;
            answer.refused(404, "not_found");
            assert!(!answer.text().contains("secret"));
        }
        let page = stranger.page(&format!("/c/{id}")).await;
        assert_eq!(page.status, 404);
        assert!(!page.text().contains("secret"));
        assert!(!page.text().contains("zoya"));
    }
    // Those inside noticed nothing of all that.
    zoya_socket.tell(conversation, "fence").await;
    let frames = frames_between(&mut inside, "fence").await;
    assert!(
        !frames.iter().any(|frame| is_about(frame, conversation)),
        "{frames:?}"
    );
}

#[tokio::test]
async fn case_12_the_author_is_whoever_is_signed_in() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut reader = meera.socket().await;
    let forged = format!(
        r#"{{"send":{{"send_id":"{}","conversation":"{conversation}","intent":{{"text":{{"text":"x"}}}},"after":0,"retry":false,"author":"{}"}}}}"#,
        send_id(),
        meera.id
    );
    let mut socket = zoya.socket_in(Codec::Json).await;
    socket.send(Frame::Text(forged.into())).await;
    assert_eq!(socket.ended().await, Ended::Closed(1002));
    let mut socket = zoya.socket_in(Codec::Json).await;
    socket.tell(conversation, "honestly").await;
    let message = reader.message().await;
    assert_eq!(message.author, zoya.id);
    assert_eq!(message.seq, Seq(1));
}

#[tokio::test]
async fn case_13_an_id_in_the_sockets_address_makes_nobody_somebody_else() {
    let server = TestServer::start().await;
    let (meera, zoya, theirs) = server.pair().await;
    let stranger = server.user("stranger").await;
    let ours = meera.open_direct(&stranger).await;
    let path = format!("/ws?userId={}&user={}", zoya.id, zoya.id);
    let refused = Socket::open_at(server.address, &path, Codec::Json, &[]).await;
    assert_eq!(refused.err().map(|refused| refused.status), Some(401));
    let bearer = format!("Bearer {}", stranger.access);
    let headers = [("authorization", bearer.as_str())];
    let mut pretender = Socket::open_at(server.address, &path, Codec::Json, &headers)
        .await
        .unwrap();
    let frames = pretender.hello(&[]).await;
    let Some(ServerFrame::Welcome { me, .. }) = frames.first() else {
        panic!("{frames:?}");
    };
    assert_eq!(me.id, stranger.id);
    let mut meera = meera.socket().await;
    meera.tell(theirs, "for Zoya").await;
    meera.tell(ours, "fence").await;
    let frames = frames_between(&mut pretender, "fence").await;
    assert!(
        !frames.iter().any(|frame| is_about(frame, theirs)),
        "{frames:?}"
    );
}

#[tokio::test]
async fn case_13_fields_that_nobody_asked_for_have_no_effect() {
    let server = TestServer::start().await;
    let other = server.user("other").await;
    let id = other.id.to_string();
    let form = Call::post(
        "/api/sign_up",
        &[
            ("display_name", "meera"),
            ("username", "meera"),
            ("email", "meera@example.org"),
            ("password", crate::support::PASSWORD),
            ("role", "admin"),
            ("verified", "true"),
            ("id", &id),
            ("created_at", "1"),
            ("seq", "99"),
        ],
    );
    let answer = server.call(form).await.ok();
    let cookies = format!("bc_access={}", answer.cookie("bc_access").unwrap());
    let start = Call::get("/api/start").cookies(&cookies);
    let me = server.call(start).await.ok().json()["me"].clone();
    assert_ne!(me["id"].as_str().unwrap(), id);
    let fields: Vec<&String> = me.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["display_name", "id", "username"]);

    // Frames with fields that are not theirs are refused.
    let notes = other.open_direct(&other).await;
    let send = |extra: &str| {
        format!(
            r#"{{"send":{{"send_id":"{}","conversation":"{notes}","intent":{{"text":{{"text":"x"}}}},"after":0,"retry":false{extra}}}}}"#,
            send_id()
        )
    };
    for extra in [
        r#","role":"admin""#,
        r#","verified":true"#,
        r#","seq":99"#,
        r#","sent_at":1"#,
        r#","id":"x""#,
        r#","recipients":["x"]"#,
        r#","users":["x"]"#,
        r#","to":"x""#,
        r#","__proto__":{}"#,
    ] {
        let mut socket = other.socket_in(Codec::Json).await;
        socket.send(Frame::Text(send(extra).into())).await;
        assert_eq!(socket.ended().await, Ended::Closed(1002), "{extra}");
    }
    let mut socket = other.socket_in(Codec::Json).await;
    socket.send(Frame::Text(send("").into())).await;
    let seq = socket
        .until(|frame| match frame {
            ServerFrame::Ack { seq, .. } => Some(seq),
            _ => None,
        })
        .await;
    assert_eq!(seq, Seq(1));
}

const INJECTIONS: [&str; 6] = [
    "'; REMOVE TABLE user; --",
    "x\" OR 1=1; DELETE message; \"",
    "message:⟨1⟩",
    "$token; SELECT * FROM user",
    "`user`:[..]",
    "{ $ne: null }",
];

#[tokio::test]
async fn case_43_text_is_text_wherever_it_is_put() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let mut socket = meera.socket().await;
    let mut reader = zoya.socket_in(Codec::Json).await;
    for text in INJECTIONS {
        socket.tell(conversation, text).await;
        assert_eq!(reader.text().await, text);
        let path = format!("/api/search_people?term={}", encode(text));
        assert_eq!(meera.get(&path).await.ok().text(), "[]");
        let path = format!("/api/conversation?id={}", encode(text));
        meera.get(&path).await.refused(400, "malformed");
        meera
            .post("/api/open_direct", &[("with", text)])
            .await
            .refused(400, "malformed");
        meera
            .post("/api/end_session", &[("session", text)])
            .await
            .refused(400, "malformed");
        let form = TestUser::sign_in_form(text, text);
        server.call(form).await.refused(401, "invalid_credentials");
        let name = [
            ("display_name", text),
            ("username", text),
            ("email", text),
            ("password", "a long enough one"),
        ];
        let answer = server.call(Call::post("/api/sign_up", &name)).await;
        answer.refused(422, "invalid_fields");
    }
    meera.get("/api/start").await.ok();
}

#[tokio::test]
async fn case_43_an_object_is_no_string() {
    let server = TestServer::start().await;
    let (meera, _, conversation) = server.pair().await;
    for text in [r#"{"$ne":null}"#, r#"["a"]"#, "1", "null", "true"] {
        let intent = format!(r#"{{"text":{{"text":{text}}}}}"#);
        let ended = meera.send_by_hand(conversation, &intent).await;
        assert_eq!(ended, Ended::Closed(1002), "{text}");
    }
    // As forms write objects.
    for field in ["login[$ne]", "login[]", "password[$gt]"] {
        let form = Call::post("/api/sign_in", &[(field, "x"), ("password", "y")]);
        let answer = server.call(form).await;
        assert!(
            matches!(answer.status, 400 | 422),
            "{field}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn unknown_people_cannot_be_written_to() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let nobody = UserId::from_parts(Timestamp::from_millis(1), 1).to_string();
    meera
        .post("/api/open_direct", &[("with", &nobody)])
        .await
        .refused(404, "not_found");
    let refused = Socket::open(server.address, Codec::Json, &[]).await;
    assert_eq!(refused.err().unwrap().status, 401);
}
