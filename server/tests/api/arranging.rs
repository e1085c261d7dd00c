//! Conversations that people arrange for themselves, over real sockets.

use std::sync::Arc;

use protocol::{
    Arrangement, ClientFrame, Codec, ConversationId, ErrorCode, Mute, Preferences, ResumePoint,
    Seq, ServerFrame, Timestamp,
};

use crate::support::{
    Call, Ended, Fault, FaultyStore, Frame, Socket, TestServer, frames_between, sockets,
};

const FAVOURITE: Arrangement = Arrangement::Favourite(true);

fn favourite() -> Preferences {
    Preferences {
        favourite: true,
        ..Preferences::default()
    }
}

async fn arrange(
    socket: &mut Socket,
    request: u32,
    conversation: ConversationId,
    change: Arrangement,
) -> Result<Preferences, ErrorCode> {
    let frame = ClientFrame::Arrange {
        request,
        conversation,
        change,
    };
    socket.say(&frame).await;
    socket
        .until(|frame| match frame {
            ServerFrame::Arranged {
                request: Some(it),
                preferences,
                ..
            } if it == request => Some(Ok(preferences)),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

async fn told(socket: &mut Socket) -> Preferences {
    socket
        .until(|frame| match frame {
            ServerFrame::Arranged {
                request: None,
                preferences,
                ..
            } => Some(preferences),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn one_device_arranges_and_the_others_hear_of_it_in_either_encoding() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, id) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        let outcome = arrange(&mut here, 3, id, FAVOURITE).await;
        assert_eq!(outcome, Ok(favourite()));
        assert_eq!(told(&mut there).await, favourite());
        // Nobody else is told: neither now nor in what they read.
        here.tell(id, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        let is_told = |frame: &ServerFrame| matches!(frame, ServerFrame::Arranged { .. });
        assert!(!heard.iter().any(is_told), "{heard:?}");
        let list = zoya.get("/api/list_conversations").await.ok().json();
        assert_eq!(list[0]["preferences"]["favourite"], false);
        let list = phone.get("/api/list_conversations").await.ok().json();
        assert_eq!(list[0]["preferences"]["favourite"], true);
        // Whoever was away hears how it is now.
        drop(there);
        let mut back = phone.silent_socket(codec).await;
        let conversation = id;
        let point = ResumePoint {
            conversation,
            seq: Seq::ZERO,
        };
        let frames = back.hello(&[point]).await;
        assert!(frames.iter().any(is_told), "{frames:?}");
    }
}

#[tokio::test]
async fn case_12_whoever_is_not_in_it_is_refused_as_if_there_were_none() {
    let server = TestServer::start().await;
    let (_, _, id) = server.pair().await;
    let stranger = server.user("chandra").await;
    let mut socket = stranger.socket().await;
    let unknown = ConversationId::from_bytes([9; 16]);
    for (request, id) in (1..).zip([id, unknown]) {
        let outcome = arrange(&mut socket, request, id, FAVOURITE).await;
        assert_eq!(outcome, Err(ErrorCode::NotFound));
    }
}

#[tokio::test]
async fn case_43_nonsense_is_refused_and_ends_nothing_but_itself() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let mut socket = meera.socket_in(Codec::Json).await;
    let far = Arrangement::Mute(Mute::Until(Timestamp::from_millis(u64::MAX >> 16)));
    let outcome = arrange(&mut socket, 1, id, far).await;
    assert_eq!(outcome, Err(ErrorCode::Malformed));
    let place = Arrangement::Archive(Some(Seq(u64::MAX)));
    let archived = arrange(&mut socket, 2, id, place).await.unwrap();
    assert_eq!(archived.archived, Some(Seq::ZERO));
    // What is no frame ends the connection, as any other.
    let frame = format!(
        r#"{{"arrange":{{"request":3,"conversation":"{id}","change":{{"favourite":"yes"}}}}}}"#
    );
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
    store.set(Fault::Full);
    let outcome = arrange(&mut here, 1, id, FAVOURITE).await;
    assert_eq!(outcome, Err(ErrorCode::StorageUnavailable));
    store.set(Fault::None);
    let outcome = arrange(&mut here, 2, id, Arrangement::MarkUnread(true)).await;
    let expected = Preferences {
        marked_unread: true,
        ..Preferences::default()
    };
    assert_eq!(outcome, Ok(expected));
    assert_eq!(told(&mut there).await, expected);
}

#[tokio::test]
async fn the_first_paint_shows_what_the_filter_leaves() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let group = meera.create_group("Chai", &[&zoya]).await;
    let shown = async |filter: &str| {
        let cookies = format!("{}; bc_filter={filter}", meera.cookies());
        let page = server.call(Call::page("/").cookies(&cookies)).await.ok();
        [id, group].map(|id| page.text().contains(&format!("href=\"/c/{id}\"")))
    };
    assert_eq!(shown("all").await, [true, true]);
    assert_eq!(shown("groups").await, [false, true]);
    assert_eq!(shown("unread").await, [false, false]);
    assert_eq!(shown("<script>").await, [true, true], "nonsense is nothing");
    let mut socket = meera.socket().await;
    let archive = Arrangement::Archive(Some(Seq(9)));
    arrange(&mut socket, 1, id, archive).await.unwrap();
    assert_eq!(shown("all").await, [false, true]);
    assert_eq!(shown("archived").await, [true, false]);

    let form = Call::form("/api/set_preferences", "/", &[("filter", "groups")]);
    let answer = meera.call(form).await;
    assert_eq!(answer.cookie("bc_filter").as_deref(), Some("groups"));
    let nonsense = meera.post("/api/set_preferences", &[("filter", "x")]).await;
    nonsense.refused(400, "malformed");
}
