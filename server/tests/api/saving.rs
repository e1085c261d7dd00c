//! Messages that people save, over HTTP and over real sockets.

use std::sync::Arc;

use protocol::{
    ClientFrame, Codec, ConversationId, ErrorCode, Intent, SavedPlace, Seq, ServerFrame,
};

use crate::support::{
    Ended, Fault, FaultyStore, Frame, Socket, TestServer, TestUser, frames_between, sockets,
};

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

async fn save(
    socket: &mut Socket,
    request: u32,
    place: SavedPlace,
    on: bool,
) -> Result<(), ErrorCode> {
    let frame = ClientFrame::Save { request, place, on };
    socket.say(&frame).await;
    socket
        .until(|frame| match frame {
            ServerFrame::Saved {
                request: Some(it), ..
            } if it == request => Some(Ok(())),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

async fn told(socket: &mut Socket) -> (SavedPlace, bool) {
    socket
        .until(|frame| match frame {
            ServerFrame::Saved {
                request: None,
                place,
                on,
            } => Some((place, on)),
            _ => None,
        })
        .await
}

async fn listed(user: &TestUser) -> serde_json::Value {
    user.get("/api/saved").await.ok().json()
}

#[tokio::test]
async fn one_device_saves_and_the_others_hear_of_it_in_either_encoding() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, id) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        here.tell(id, "**the** code is 7").await;
        let it = place(id, 1);
        assert_eq!(save(&mut here, 3, it, true).await, Ok(()));
        assert_eq!(told(&mut there).await, (it, true));
        // Nobody else is told: neither now nor in what they read.
        here.tell(id, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        let is_told = |frame: &ServerFrame| {
            matches!(
                frame,
                ServerFrame::Saved { .. } | ServerFrame::AllSaved { .. }
            )
        };
        assert!(!heard.iter().any(is_told), "{heard:?}");
        assert_eq!(listed(&zoya).await["items"], serde_json::json!([]));
        let list = listed(&phone).await;
        assert_eq!(list["items"][0]["said"]["text"], "the code is 7");
        assert_eq!(list["items"][0]["place"]["seq"], 1);
        // Whoever was away hears how it is now.
        drop(there);
        let mut back = phone.silent_socket(codec).await;
        let frames = back.hello(&[]).await;
        let all = ServerFrame::AllSaved { places: vec![it] };
        assert!(frames.contains(&all), "{frames:?}");
    }
}

#[tokio::test]
async fn the_page_works_without_a_script() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    let empty = meera.page("/saved").await.ok();
    let html = empty.text();
    assert!(html.contains("You have saved nothing yet"), "{html}");
    zoya.socket().await.tell(id, "the code is 7").await;
    assert_eq!(save(&mut socket, 1, place(id, 1), true).await, Ok(()));
    let page = meera.page("/saved").await.ok();
    let html = page.text();
    let link = format!("/c/{id}?at=1#at");
    for part in ["the code is 7", &link, "action=\"/api/unsave\"", "zoya"] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let conversation = id.to_string();
    let fields = [("conversation", &*conversation), ("seq", "1")];
    meera.post("/api/unsave", &fields).await.ok();
    assert_eq!(told(&mut socket).await, (place(id, 1), false));
    let page = meera.page("/saved").await.ok();
    let html = page.text();
    // The list of conversations goes on showing the message.
    assert!(html.contains("You have saved nothing yet"), "{html}");
    assert!(!html.contains(&link), "{html}");
}

#[tokio::test]
async fn case_12_what_is_not_theirs_is_refused_as_if_there_were_none() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let stranger = server.user("chandra").await;
    meera.socket().await.tell(id, "secret").await;
    let mut socket = stranger.socket().await;
    let unknown = ConversationId::from_bytes([9; 16]);
    for (request, id) in (1..).zip([id, unknown]) {
        let outcome = save(&mut socket, request, place(id, 1), true).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
    // A group that was left shows nothing of what was saved there, nor what it is called.
    let group = meera.create_group("Cricket", &[&zoya]).await;
    meera.socket().await.tell(group, "the secret").await;
    let mut member = zoya.socket().await;
    let last = SavedPlace {
        conversation: group,
        seq: Seq(2),
    };
    assert_eq!(save(&mut member, 1, last, true).await, Ok(()));
    member.ask(group, Intent::Leave).await.unwrap();
    let list = listed(&zoya).await;
    assert_eq!(list["items"][0]["said"], serde_json::Value::Null);
    let text = list.to_string();
    assert!(
        !text.contains("secret") && !text.contains("Cricket"),
        "{text}"
    );
}

#[tokio::test]
async fn case_43_nonsense_is_refused_and_ends_nothing_but_itself() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let mut socket = meera.socket_in(Codec::Json).await;
    let outcome = save(&mut socket, 1, place(id, u64::MAX), true).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    assert_eq!(save(&mut socket, 2, place(id, 5), false).await, Ok(()));
    for before in ["x", "-1", "1.5"] {
        let address = format!("/api/saved?before={before}");
        meera.get(&address).await.refused(400, "malformed");
    }
    let fields = [("conversation", "nonsense"), ("seq", "1")];
    let refused = meera.post("/api/unsave", &fields).await;
    assert_eq!(refused.status, 400);
    // What is no frame ends the connection, as any other.
    let frame = r#"{"save":{"request":3,"place":{"seq":1},"on":true}}"#;
    socket.send(Frame::text(frame)).await;
    assert_eq!(socket.ended().await, Ended::Closed(1002));
}

#[tokio::test]
async fn nothing_is_told_that_could_not_be_stored() {
    let store = Arc::new(FaultyStore::new());
    let server = TestServer::with(|setup| {
        setup.store = Arc::<FaultyStore>::clone(&store);
    })
    .await;
    let (meera, phone, _, id) = server.two_devices().await;
    let (mut here, mut there) = (meera.socket().await, phone.socket().await);
    for text in ["one", "two"] {
        here.tell(id, text).await;
    }
    store.set(Fault::Full);
    let outcome = save(&mut here, 1, place(id, 1), true).await;
    assert_eq!(outcome, Err(ErrorCode::StorageUnavailable));
    store.set(Fault::None);
    assert_eq!(save(&mut here, 2, place(id, 2), true).await, Ok(()));
    assert_eq!(told(&mut there).await, (place(id, 2), true));
}
