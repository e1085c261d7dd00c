//! What stands in composers, over real sockets.

use protocol::limits::DRAFT_BYTES;
use protocol::{
    ClientFrame, Codec, ConversationId, DraftBody, DraftText, ErrorCode, Seq, ServerFrame,
};

use crate::support::{Socket, TestServer, frames_between, sockets};

async fn draft(
    socket: &mut Socket,
    request: u32,
    conversation: ConversationId,
    text: &str,
) -> Result<(), ErrorCode> {
    let text = text.to_owned();
    socket
        .say(&ClientFrame::Draft {
            request,
            conversation,
            text,
            reply_to: Some(Seq(1)),
        })
        .await;
    socket
        .until(|frame| match frame {
            ServerFrame::DraftKept { request: it } if it == request => Some(Ok(())),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

fn told(conversation: ConversationId, text: &str) -> ServerFrame {
    let text = DraftBody::parse(text).ok();
    ServerFrame::Draft {
        conversation,
        draft: text.map(|text| DraftText {
            text,
            reply_to: Some(Seq(1)),
        }),
    }
}

#[tokio::test]
async fn it_is_on_every_other_device_in_either_encoding_and_with_nobody_else() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, id) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        for (request, text) in [(3, "haan, \"kal\"\n "), (4, " \n")] {
            assert_eq!(draft(&mut here, request, id, text).await, Ok(()));
            let expected = told(id, text);
            let is_it = |frame| (frame == expected).then_some(());
            there.until(is_it).await;
        }
        assert_eq!(draft(&mut here, 5, id, "kept").await, Ok(()));
        here.tell(id, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        let is_told = |frame: &ServerFrame| matches!(frame, ServerFrame::Draft { .. });
        assert!(!heard.iter().any(is_told), "{heard:?}");
        // Whoever was away hears how it is now.
        drop(there);
        let mut back = phone.silent_socket(codec).await;
        let frames = back.hello(&[]).await;
        let named: Vec<_> = frames.iter().filter(|frame| is_told(frame)).collect();
        assert_eq!(named, [&told(id, "kept")]);
        let all: serde_json::Value = phone.get("/api/export/json").await.ok().json();
        assert_eq!(all["drafts"][0]["draft"]["text"], "kept");
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let server = TestServer::start().await;
    let (meera, _, id) = server.pair().await;
    let stranger = server.user("chandra").await;
    let mut socket = stranger.socket().await;
    let outcome = draft(&mut socket, 1, id, "mine").await;
    assert_eq!(outcome, Err(ErrorCode::NotFound));
    let mut own = meera.socket().await;
    for (request, text, code) in [
        (1, "x".repeat(DRAFT_BYTES + 1), ErrorCode::TooLong),
        (2, "x\u{7}".to_owned(), ErrorCode::ForbiddenCharacter),
    ] {
        assert_eq!(draft(&mut own, request, id, &text).await, Err(code));
    }
    // The longest, in what takes the most room on the wire.
    let longest = "\"".repeat(protocol::limits::MESSAGE_GRAPHEMES);
    assert_eq!(draft(&mut own, 3, id, &longest).await, Ok(()));
}
