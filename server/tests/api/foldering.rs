//! Folders in which people keep conversations together, over real sockets.

use protocol::limits::FOLDER_NAME_GRAPHEMES;
use protocol::{
    Arrangement, ClientFrame, Codec, ErrorCode, Folder, FolderId, FolderName, ServerFrame,
};

use crate::support::{Socket, TestServer, TestUser, frames_between, sockets};

fn id(number: u8) -> FolderId {
    FolderId::from_bytes([number; 16])
}

fn folder(number: u8, text: &str) -> Folder {
    Folder {
        id: id(number),
        name: FolderName::parse(text).unwrap(),
    }
}

async fn call(socket: &mut Socket, request: u32, number: u8, name: &str) -> Result<(), ErrorCode> {
    let (folder, name) = (id(number), name.to_owned());
    let frame = ClientFrame::Folder {
        request,
        folder,
        name,
    };
    socket.say(&frame).await;
    socket
        .until(|frame| match frame {
            ServerFrame::Folder {
                request: Some(it), ..
            } if it == request => Some(Ok(())),
            ServerFrame::Refused { request: it, code } if it == request => Some(Err(code)),
            _ => None,
        })
        .await
}

fn is_told(frame: &ServerFrame) -> bool {
    matches!(
        frame,
        ServerFrame::Folder { .. } | ServerFrame::Folders { .. }
    )
}

/// What of folders a device hears that comes back.
async fn named(user: &TestUser, codec: Codec) -> Vec<ServerFrame> {
    let mut socket = user.silent_socket(codec).await;
    let frames = socket.hello(&[]).await;
    frames.into_iter().filter(is_told).collect()
}

#[tokio::test]
async fn they_are_on_every_device_in_either_encoding_and_with_nobody_else() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, phone, zoya, conversation) = server.two_devices().await;
        let devices = [&meera, &phone, &zoya];
        let [mut here, mut there, mut other] = sockets(codec, devices).await;
        for (request, text) in [(3, "घर"), (4, "گھر"), (5, "")] {
            assert_eq!(call(&mut here, request, 1, text).await, Ok(()));
            let told = ServerFrame::Folder {
                request: None,
                folder: id(1),
                name: FolderName::parse(text).ok(),
            };
            there.until(|frame| (frame == told).then_some(())).await;
        }
        assert_eq!(call(&mut here, 6, 2, "kept").await, Ok(()));
        let change = Arrangement::Folder(Some(id(2)));
        let arrange = ClientFrame::Arrange {
            request: 7,
            conversation,
            change,
        };
        here.say(&arrange).await;
        there
            .until(|frame| match frame {
                ServerFrame::Arranged { preferences, .. } => {
                    (preferences.folder == Some(id(2))).then_some(())
                }
                _ => None,
            })
            .await;
        here.tell(conversation, "fence").await;
        let heard = frames_between(&mut other, "fence").await;
        assert!(!heard.iter().any(is_told), "{heard:?}");
        // Whoever was away hears how it is now.
        drop(there);
        let folders = vec![folder(2, "kept")];
        let expected = [ServerFrame::Folders { folders }];
        assert_eq!(named(&phone, codec).await, expected);
        assert_eq!(named(&zoya, codec).await, []);
        let all: serde_json::Value = phone.get("/api/export/json").await.ok().json();
        assert_eq!(all["folders"][0]["name"], "kept");
        assert_eq!(all["conversations"][0]["folder"], "kept");
    }
}

#[tokio::test]
async fn what_cannot_be_a_name_is_refused() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let mut socket = meera.socket().await;
    let longest = "न".repeat(FOLDER_NAME_GRAPHEMES);
    for (request, name, outcome) in [
        (1, longest.clone(), Ok(())),
        (2, format!("{longest}न"), Err(ErrorCode::TooLong)),
        (3, "x\u{7}".to_owned(), Err(ErrorCode::ForbiddenCharacter)),
        (4, " \u{200b}".to_owned(), Err(ErrorCode::Empty)),
    ] {
        assert_eq!(call(&mut socket, request, 1, &name).await, outcome);
    }
    let folders = vec![folder(1, &longest)];
    let expected = [ServerFrame::Folders { folders }];
    assert_eq!(named(&meera, Codec::Json).await, expected);
}
