//! Slow mode over real sockets, in both encodings.

use protocol::{
    Codec, Content, ConversationId, ErrorCode, Intent, Notice, Seq, ServerFrame, SlowMode,
};

use crate::support::{Socket, TestServer, react};

const SLOW: SlowMode = SlowMode::Minute;

const fn slowly(slow_mode: SlowMode) -> Intent {
    Intent::SlowMode { slow_mode }
}

/// The next message of a member is refused; how long they have to wait.
async fn refused(socket: &mut Socket, id: ConversationId) -> u64 {
    let sent = socket.write(id, "more").await;
    let (code, left) = socket
        .until(|frame| match frame {
            ServerFrame::Reject {
                send_id,
                code,
                retry_after_ms,
            } if send_id == sent => Some((code, retry_after_ms)),
            ServerFrame::Ack { send_id, .. } if send_id == sent => panic!("it was accepted"),
            _ => None,
        })
        .await;
    assert_eq!(code, ErrorCode::SlowMode);
    u64::from(left.unwrap())
}

#[tokio::test]
async fn a_member_is_slowed_on_all_their_devices_and_told_how_long() {
    for codec in Codec::ALL {
        let server = TestServer::start().await;
        let (meera, zoya) = (server.user("meera").await, server.user("zoya").await);
        let id = meera.create_group("Chai", &[&zoya]).await;
        let mut owner = meera.socket_in(codec).await;
        let mut member = zoya.socket_in(codec).await;
        let mut phone = zoya.socket_in(codec).await;
        let set = member.ask(id, slowly(SLOW)).await;
        assert_eq!(set, Err(ErrorCode::Forbidden));
        owner.ask(id, slowly(SLOW)).await.unwrap();
        let notice = member.message().await.content;
        let expected = Notice::Slowed { slow_mode: SLOW };
        assert_eq!(notice, Content::Notice(expected));
        let told = member.until(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(summary.slow_mode),
            _ => None,
        });
        assert_eq!(told.await, SLOW);

        let first = member.tell(id, "chai").await;
        for socket in [&mut member, &mut phone] {
            let left = refused(socket, id).await;
            assert!((1..=SLOW.millis()).contains(&left), "{left}");
        }
        // What is no message goes on, and whoever manages the group.
        member.ask(id, react(first, "👍")).await.unwrap();
        let places = [owner.tell(id, "one").await, owner.tell(id, "two").await];
        assert_eq!(places, [Seq(first.0 + 2), Seq(first.0 + 3)]);
        owner.ask(id, slowly(SlowMode::Off)).await.unwrap();
        member.tell(id, "at last").await;
    }
}
