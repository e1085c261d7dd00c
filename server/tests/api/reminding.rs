//! Reminders, over HTTP and over real sockets.

use protocol::{
    ClientFrame, Codec, ConversationId, ErrorCode, Reminder, SavedPlace, Seq, ServerFrame,
    Timestamp,
};

use crate::support::{Socket, TestServer, frames_between, sockets};

/// A time that is over: what is to be told then is told at once.
const OVER: Timestamp = Timestamp::from_millis(1);

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

async fn remind(
    socket: &mut Socket,
    request: u32,
    place: SavedPlace,
    at: Option<Timestamp>,
) -> Result<(), ErrorCode> {
    socket
        .say(&ClientFrame::Remind { request, place, at })
        .await;
    socket
        .until(|frame| match frame {
            ServerFrame::Reminder {
                request: Some(it), ..
            } if it == request => Some(Ok(())),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

/// Waits until one has come.
async fn comes(socket: &mut Socket) -> Reminder {
    socket
        .until(|frame| match frame {
            ServerFrame::Reminder {
                reminder: Some(reminder),
                ..
            } if reminder.due => Some(reminder),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn it_comes_on_every_device_in_either_encoding_and_to_nobody_else() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, id) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        here.tell(id, "**the** code is 7").await;
        let it = place(id, 1);
        assert_eq!(remind(&mut here, 3, it, Some(OVER)).await, Ok(()));
        let expected = Reminder {
            place: it,
            at: OVER,
            due: true,
        };
        assert_eq!(comes(&mut here).await, expected);
        assert_eq!(comes(&mut there).await, expected);
        here.tell(id, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        let is_told = |frame: &ServerFrame| {
            matches!(
                frame,
                ServerFrame::Reminder { .. } | ServerFrame::Reminders { .. }
            )
        };
        assert!(!heard.iter().any(is_told), "{heard:?}");
        let list: serde_json::Value = phone.get("/api/reminders").await.ok().json();
        assert_eq!(list["items"][0]["said"]["text"], "the code is 7");
        let none: serde_json::Value = zoya.get("/api/reminders").await.ok().json();
        assert_eq!(none["items"], serde_json::json!([]));
        // Whoever was away hears how it is now.
        drop(there);
        let mut back = phone.silent_socket(codec).await;
        let frames = back.hello(&[]).await;
        let all = ServerFrame::Reminders {
            reminders: vec![expected],
        };
        assert!(frames.contains(&all), "{frames:?}");
    }
}

#[tokio::test]
async fn the_page_of_reminders_works_without_a_script() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let mut socket = meera.socket().await;
    let empty = meera.page("/reminders").await.ok();
    assert!(empty.text().contains("You have no reminders"));
    zoya.socket().await.tell(id, "the code is 7").await;
    let outcome = remind(&mut socket, 1, place(id, 1), Some(OVER)).await;
    assert_eq!(outcome, Ok(()));
    let page = meera.page("/reminders").await.ok();
    let html = page.text();
    let link = format!("/c/{id}?at=1#at");
    for part in ["the code is 7", &link, "action=\"/api/put_reminder_aside\""] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    let conversation = id.to_string();
    let fields = [("conversation", &*conversation), ("seq", "1")];
    meera.post("/api/put_reminder_aside", &fields).await.ok();
    let page = meera.page("/reminders").await.ok();
    assert!(page.text().contains("You have no reminders"));
}

#[tokio::test]
async fn what_is_not_theirs_is_refused_as_if_there_were_no_message() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let stranger = server.user("chandra").await;
    meera.socket().await.tell(id, "secret").await;
    let mut socket = stranger.socket().await;
    let outcome = remind(&mut socket, 1, place(id, 1), Some(OVER)).await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    let mut own = meera.socket().await;
    let far = Some(Timestamp::from_millis(u64::MAX));
    let outcome = remind(&mut own, 1, place(id, 1), far).await;
    assert_eq!(outcome, Err(ErrorCode::TimeOutOfRange));
}
