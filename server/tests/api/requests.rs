//! Message requests over real sockets, in both encodings.

use protocol::limits::REQUEST_MESSAGES;
use protocol::{Codec, Content, ErrorCode, Intent, Notice, ServerFrame};

use crate::support::TestServer;

async fn asking() -> TestServer {
    TestServer::with(|setup| setup.chat.message_requests = true).await
}

#[tokio::test]
async fn a_stranger_writes_so_much_until_the_other_accepts_on_any_device() {
    for codec in Codec::ALL {
        let server = asking().await;
        let (meera, zoya, id) = server.pair().await;
        let mut hers = meera.socket_in(codec).await;
        let mut theirs = zoya.socket_in(codec).await;
        let mut phone = zoya.socket_in(codec).await;
        for _ in 0..REQUEST_MESSAGES {
            hers.tell(id, "hello").await;
        }
        let refused = hers.ask(id, Intent::text("more")).await;
        assert_eq!(refused, Err(ErrorCode::NotAccepted));
        let list = zoya.get("/api/list_conversations").await.ok().json();
        assert_eq!(list[0]["request"]["by"], meera.id.to_string());
        assert_eq!(list[0]["request"]["written"], REQUEST_MESSAGES);

        theirs.ask(id, Intent::Accept).await.unwrap();
        for socket in [&mut hers, &mut phone] {
            let accepted = socket.until(|frame| match frame {
                ServerFrame::Event { message } => {
                    (message.content == Content::Notice(Notice::Accepted)).then_some(message)
                }
                _ => None,
            });
            assert_eq!(accepted.await.author, zoya.id);
            let told = socket.until(|frame| match frame {
                ServerFrame::Conversation { summary } => Some(summary.request),
                _ => None,
            });
            assert_eq!(told.await, None);
        }
        hers.tell(id, "at last").await;
    }
}
