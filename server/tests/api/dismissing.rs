//! What people delete for themselves alone, over HTTP and over real sockets.

use protocol::{
    ClientFrame, Codec, Content, ConversationId, Dismissal, Dismissed, ErrorCode, ResumePoint,
    SavedPlace, Seq, ServerFrame,
};

use crate::support::{Socket, TestServer, frames_between, sockets};

fn place(conversation: ConversationId, seq: u64) -> SavedPlace {
    SavedPlace {
        conversation,
        seq: Seq(seq),
    }
}

async fn dismiss(socket: &mut Socket, place: SavedPlace) -> Result<Dismissed, ErrorCode> {
    let (request, dismissal) = (3, Dismissal::This);
    let frame = ClientFrame::Dismiss {
        request,
        place,
        dismissal,
    };
    socket.say(&frame).await;
    socket
        .until(|frame| match frame {
            ServerFrame::Dismissed {
                request: Some(3),
                dismissed,
                ..
            } => Some(Ok(dismissed)),
            ServerFrame::Refused { request: 3, code } => Some(Err(code)),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn it_is_gone_from_all_that_the_account_reads_and_from_nothing_else() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, id) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        here.tell(id, "the first").await;
        other.tell(id, "the secret code").await;
        let dismissed = dismiss(&mut here, place(id, 2)).await.unwrap();
        assert!(dismissed.contains(Seq(2)) && !dismissed.contains(Seq(1)));
        let told = there
            .until(|frame| match frame {
                ServerFrame::Dismissed {
                    request: None,
                    dismissed,
                    ..
                } => Some(dismissed),
                _ => None,
            })
            .await;
        assert_eq!(told, dismissed);
        // Nobody else is told: neither now nor in what they read.
        here.tell(id, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        let is_told = |frame: &ServerFrame| matches!(frame, ServerFrame::Dismissed { .. });
        assert!(!heard.iter().any(is_told), "{heard:?}");
        for path in [format!("/c/{id}"), "/".to_owned()] {
            let page = phone.page(&path).await.ok();
            assert!(!page.text().contains("secret"), "{path}");
        }
        let theirs = zoya.page(&format!("/c/{id}")).await.ok();
        assert!(theirs.text().contains("the secret code"));
        // Whoever was away hears how it is now, and gets nothing of it.
        drop(there);
        let mut back = phone.silent_socket(codec).await;
        let known = ResumePoint {
            conversation: id,
            seq: Seq(1),
        };
        let frames = back.hello(&[known]).await;
        let all = ServerFrame::Dismissed {
            request: None,
            conversation: id,
            dismissed,
        };
        assert!(frames.contains(&all), "{frames:?}");
        let of_it = frames.iter().filter_map(|frame| match frame {
            ServerFrame::Event { message } if message.seq == Seq(2) => Some(&message.content),
            _ => None,
        });
        assert_eq!(of_it.collect::<Vec<_>>(), [&Content::Dismissed]);
    }
}

#[tokio::test]
async fn what_is_not_ones_own_to_read_is_refused_over_the_socket() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    zoya.socket().await.tell(id, "one").await;
    let stranger = server.user("stranger").await;
    let mut socket = stranger.socket().await;
    let refused = dismiss(&mut socket, place(id, 1)).await;
    assert_eq!(refused, Err(ErrorCode::NotFound));
    let mut socket = meera.socket().await;
    for seq in [0, 9, u64::MAX] {
        let refused = dismiss(&mut socket, place(id, seq)).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{seq}");
    }
}
