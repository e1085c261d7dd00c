//! Threads, over real sockets and as pages.

use protocol::{
    ClientFrame, Codec, ErrorCode, Intent, Message, SavedPlace, SeenThread, ServerFrame, Thread,
};

use crate::support::{Socket, TestServer, TestUser, encode, frames_between, reply};

async fn event(socket: &mut Socket) -> Message {
    socket
        .until(|frame| match frame {
            ServerFrame::Event { message } => Some(message),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn an_answer_says_in_which_thread_it_is_in_either_encoding() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, id) = server.pair().await;
        let mut hers = zoya.socket_in(codec).await;
        let mut socket = meera.socket_in(codec).await;
        let root = socket.tell(id, "the question").await;
        let answer = socket.ask(id, reply("an answer", root)).await.unwrap();
        socket.ask(id, reply("another", answer)).await.unwrap();
        let heard = [
            event(&mut hers).await,
            event(&mut hers).await,
            event(&mut hers).await,
        ];
        let threads = heard.map(|message| message.marks.thread);
        let under = Some(Thread::Under(root));
        assert_eq!(threads[1..], [under.clone(), under]);
        // The page says the same, and how often the question was answered.
        let address = format!("/api/thread?conversation={id}&root={root}");
        let thread = zoya.get(&address).await.ok().json();
        let of_root = &thread["message"]["marks"]["thread"]["root"];
        assert_eq!(of_root["count"], 2);
        assert_eq!(of_root["authors"][0], meera.id.to_string());
        let answers = thread["answers"].as_array().unwrap();
        let texts = answers.iter().map(|it| &it["content"]["text"]["body"]);
        assert_eq!(texts.collect::<Vec<_>>(), ["an answer", "another"]);
        assert_eq!(thread["more"], false);
        let earlier = zoya
            .get(&format!("{address}&before={}", answer.next().0))
            .await;
        assert_eq!(earlier.ok().json()["answers"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_page_of_a_thread_works_without_a_script() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    let root = socket.tell(id, "the question").await;
    for n in 1..=60 {
        socket
            .ask(id, reply(&format!("number {n}."), root))
            .await
            .unwrap();
    }
    let page = zoya.page(&format!("/c/{id}/t-{root}")).await.ok();
    let html = page.text();
    let (_, thread) = html.split_once("thread-side").unwrap();
    for (text, shown) in [
        ("the question", true),
        ("60 answers", true),
        (">number 10.<", false),
        (">number 11.<", true),
        (">number 60.<", true),
    ] {
        assert_eq!(thread.contains(text), shown, "{text}");
    }
    // The way there, in the conversation, where its root is shown.
    let page = zoya.page(&format!("/c/{id}?at={root}")).await.ok();
    let html = page.text();
    assert!(html.contains(&format!("href=\"/c/{id}/t-{root}\"")));
    assert!(!html.contains("thread-side"));
}

#[tokio::test]
async fn case_02_a_thread_tells_nothing_to_whoever_is_not_a_member() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let stranger = server.user("stranger").await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let mut socket = meera.socket().await;
    let root = socket.tell(group, "the secret").await;
    socket.ask(group, reply("and more", root)).await.unwrap();
    let path = format!("/c/{group}/t-{root}");
    let api = format!("/api/thread?conversation={group}&root={root}");
    assert!(zoya.page(&path).await.text().contains("and more"));
    let theirs = stranger.page(&path).await;
    assert_eq!(theirs.status, 404);
    assert!(!theirs.text().contains("the secret"));
    stranger.get(&api).await.refused(404, "not_found");
    // Whoever has left is a stranger.
    zoya.socket().await.ask(group, Intent::Leave).await.unwrap();
    zoya.get(&api).await.refused(404, "not_found");
}

#[tokio::test]
async fn case_43_what_is_no_thread_is_not_found() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    meera.socket().await.tell(id, "hello").await;
    for root in [
        "0",
        "-1",
        "2",
        "18446744073709551615",
        "18446744073709551616",
        "1/2",
        "x",
        "%00",
        &encode("<script>alert(1)</script>"),
    ] {
        let page = zoya.page(&format!("/c/{id}/t-{root}")).await;
        assert_eq!(page.status, 404, "{root}");
        assert!(!page.text().contains("<script>alert"), "{root}");
    }
    for part in ["t", "t/1", "info/1"] {
        let page = zoya.page(&format!("/c/{id}/{part}")).await;
        assert_eq!(page.status, 404, "{part}");
    }
    let address = format!("/api/thread?conversation={id}&root=1&before=x");
    zoya.get(&address).await.refused(400, "malformed");
}

async fn see(socket: &mut Socket, request: u32, thread: SeenThread) -> Result<(), ErrorCode> {
    socket
        .say(&ClientFrame::SeeThread { request, thread })
        .await;
    socket
        .until(|frame| match frame {
            ServerFrame::ThreadsSeen {
                request: Some(it), ..
            } if it == request => Some(Ok(())),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

const fn is_seen(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::ThreadsSeen { .. })
}

/// What of threads a device hears that comes back.
async fn named(user: &TestUser, codec: Codec) -> Vec<ServerFrame> {
    let mut socket = user.silent_socket(codec).await;
    let frames = socket.hello(&[]).await;
    frames.into_iter().filter(is_seen).collect()
}

#[tokio::test]
async fn how_far_a_thread_was_seen_is_on_every_device_and_with_nobody_else() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya, conversation) = server.pair().await;
        let phone = meera.on_another_device().await;
        let mut hers = zoya.socket_in(codec).await;
        let root = hers.tell(conversation, "the question").await;
        let answer = reply("an answer", root);
        let seen = hers.ask(conversation, answer).await.unwrap();
        let mut here = meera.socket_in(codec).await;
        let mut there = phone.socket_in(codec).await;
        let place = |seq| SavedPlace { conversation, seq };
        let thread = |seq, seen| SeenThread {
            root: place(seq),
            seen,
        };
        assert_eq!(see(&mut here, 3, thread(root, seen)).await, Ok(()));
        let told = ServerFrame::ThreadsSeen {
            request: None,
            threads: vec![thread(root, seen)],
        };
        there.until(|frame| (frame == told).then_some(())).await;
        let nowhere = see(&mut here, 4, thread(seen, root)).await;
        assert_eq!(nowhere, Err(ErrorCode::Malformed));
        here.tell(conversation, "fence").await;
        let heard = frames_between(&mut hers, "fence").await;
        assert!(!heard.iter().any(is_seen), "{heard:?}");
        // Whoever was away hears it too.
        drop(there);
        assert_eq!(named(&phone, codec).await, [told]);
        assert_eq!(named(&zoya, codec).await, []);
    }
}
