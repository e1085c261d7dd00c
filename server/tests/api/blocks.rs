//! Blocking, over HTTP and a socket.

use protocol::{Codec, ErrorCode, Intent, ServerFrame, UserId};

use crate::support::{Answer, Socket, TestServer, TestUser};

async fn set(user: &TestUser, other: UserId, blocks: bool) -> Answer {
    let (other, blocks) = (other.to_string(), blocks.to_string());
    let fields = [("user", other.as_str()), ("blocks", blocks.as_str())];
    user.post("/api/set_blocked", &fields).await
}

/// Whom a connection is told to be blocked, next.
async fn told(socket: &mut Socket) -> Vec<UserId> {
    let users = socket.until(|frame| match frame {
        ServerFrame::Blocked { users } => Some(users),
        _ => None,
    });
    users.await
}

#[tokio::test]
async fn who_is_blocked_is_refused_at_once_and_the_others_devices_are_told() {
    let server = TestServer::start().await;
    let (meera, phone, zoya, conversation) = server.two_devices().await;
    let (mut hers, mut there) = (meera.socket().await, phone.socket_in(Codec::Json).await);
    let mut theirs = zoya.socket().await;
    theirs.tell(conversation, "before").await;

    set(&meera, zoya.id, true).await.ok();
    for socket in [&mut hers, &mut there] {
        assert_eq!(told(socket).await, [zoya.id]);
    }
    for socket in [&mut theirs, &mut hers] {
        let refused = socket.ask(conversation, Intent::text("after")).await;
        assert_eq!(refused, Err(ErrorCode::Forbidden));
    }
    let list = meera.get("/api/blocked").await.ok().json();
    assert_eq!(list[0]["username"], "zoya");
    let list = zoya.get("/api/blocked").await.ok().json();
    assert_eq!(list.as_array().unwrap().len(), 0);

    set(&phone, zoya.id, false).await.ok();
    for socket in [&mut hers, &mut there] {
        assert_eq!(told(socket).await, []);
    }
    theirs.tell(conversation, "again").await;
}

#[tokio::test]
async fn who_cannot_be_blocked() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    set(&meera, meera.id, true).await.refused(403, "forbidden");
    let nobody = UserId::from_bytes([7; 16]);
    set(&meera, nobody, true).await.refused(404, "not_found");
    let fields = [("user", "nobody"), ("blocks", "true")];
    let answer = meera.post("/api/set_blocked", &fields).await;
    assert_eq!(answer.status, 400);
}
