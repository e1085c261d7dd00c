//! What people hide, over HTTP and a socket.

use protocol::{
    ClientFrame, Codec, ConversationId, Presence, Privacy, PrivacyField, Seq, ServerFrame, UserId,
};

use crate::support::{Answer, Socket, TestServer, TestUser, frames_between};

async fn set(user: &TestUser, what: PrivacyField, hides: bool) -> Answer {
    let hides = hides.to_string();
    let fields = [("what", what.name()), ("hides", hides.as_str())];
    user.post("/api/set_privacy", &fields).await
}

/// What a connection is told that its account hides, next.
async fn told(socket: &mut Socket) -> Privacy {
    let privacy = socket.until(|frame| match frame {
        ServerFrame::Privacy { privacy } => Some(privacy),
        _ => None,
    });
    privacy.await
}

/// How far somebody has read, as a connection is told next.
async fn seen(socket: &mut Socket, of: UserId) -> Seq {
    let seq = socket.until(|frame| match frame {
        ServerFrame::Seen { user, seq, .. } if user == of => Some(seq),
        _ => None,
    });
    seq.await
}

async fn presence(socket: &mut Socket, of: UserId) -> Presence {
    let presence = socket.until(|frame| match frame {
        ServerFrame::Presence { user, presence } if user == of => Some(presence),
        _ => None,
    });
    presence.await
}

async fn read(socket: &mut Socket, conversation: ConversationId, seq: Seq) {
    socket
        .say(&ClientFrame::MarkRead { conversation, seq })
        .await;
    let told = socket.until(|frame| match frame {
        ServerFrame::Read { seq: to, .. } if to == seq => Some(()),
        _ => None,
    });
    told.await;
}

/// How another member stands in the list of conversations.
async fn listed_member(user: &TestUser, of: UserId) -> serde_json::Value {
    let rows = user.get("/api/list_conversations").await.ok().json();
    let members = rows[0]["members"].as_array().unwrap();
    let is_it = |member: &&serde_json::Value| member["person"]["id"] == of.to_string();
    members.iter().find(is_it).unwrap().clone()
}

/// How far another member has read, by the list of conversations.
async fn listed(user: &TestUser, of: UserId) -> u64 {
    let member = listed_member(user, of).await;
    member["read_seq"].as_u64().unwrap()
}

#[tokio::test]
async fn how_far_somebody_has_read_is_told_until_they_hide_it_and_again_after() {
    let server = TestServer::start().await;
    let (meera, phone, zoya, conversation) = server.two_devices().await;
    let (mut hers, mut there) = (meera.socket().await, phone.socket_in(Codec::Json).await);
    let mut theirs = zoya.socket().await;
    let first = theirs.tell(conversation, "one").await;
    read(&mut hers, conversation, first).await;
    assert_eq!(seen(&mut theirs, meera.id).await, first);
    assert_eq!(listed(&zoya, meera.id).await, first.0);

    set(&phone, PrivacyField::Reading, true).await.ok();
    let hidden = Privacy::default().with(PrivacyField::Reading, true);
    for socket in [&mut hers, &mut there] {
        assert_eq!(told(socket).await, hidden);
    }
    assert_eq!(seen(&mut theirs, meera.id).await, Seq::ZERO);
    let privacy = meera.get("/api/privacy").await.ok().json();
    assert_eq!(privacy["hides_reading"], true);
    assert_eq!(privacy["hides_presence"], false);
    let second = theirs.tell(conversation, "two").await;
    read(&mut hers, conversation, second).await;
    for (user, other) in [(&zoya, &meera), (&meera, &zoya)] {
        assert_eq!(listed(user, other.id).await, 0);
    }
    hers.tell(conversation, "a fence").await;
    let is_seen = |frame: &ServerFrame| matches!(frame, ServerFrame::Seen { .. });
    let frames = frames_between(&mut theirs, "a fence").await;
    assert!(!frames.iter().any(is_seen), "{frames:?}");

    // As the form sends it that is not ticked.
    let what = [("what", PrivacyField::Reading.name())];
    meera.post("/api/set_privacy", &what).await.ok();
    assert_eq!(told(&mut hers).await, Privacy::default());
    assert!(seen(&mut theirs, meera.id).await >= second);
    hers.until(|frame| matches!(frame, ServerFrame::Resync).then_some(()))
        .await;
    let frames = hers
        .hello(&[protocol::ResumePoint {
            conversation,
            seq: second,
        }])
        .await;
    assert!(frames.iter().any(is_seen), "{frames:?}");
    assert!(listed(&meera, zoya.id).await >= second.0);
}

#[tokio::test]
async fn whoever_hides_their_presence_goes_for_the_others_at_once() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let mut theirs = zoya.socket().await;
    let mut hers = meera.socket().await;
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Online);
    set(&meera, PrivacyField::Presence, true).await.ok();
    let gone = Presence::Offline { since: None };
    assert_eq!(presence(&mut theirs, meera.id).await, gone);
    let hidden = Privacy::default().with(PrivacyField::Presence, true);
    assert_eq!(told(&mut hers).await, hidden);
    set(&meera, PrivacyField::Presence, false).await.ok();
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Online);
}

#[tokio::test]
async fn what_cannot_be_hidden() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    for (what, hides) in [("everything", "true"), ("reading", "perhaps"), ("", "")] {
        let fields = [("what", what), ("hides", hides)];
        let answer = meera.post("/api/set_privacy", &fields).await;
        assert_eq!(answer.status, 400, "{what} {hides}");
    }
    let call = crate::support::Call::post("/api/set_privacy", &[("what", "reading")]);
    server.call(call).await.refused(401, "unauthenticated");
}

/// How far a device of another has said to be, by the list of conversations.
async fn listed_delivered(user: &TestUser, of: UserId) -> u64 {
    let member = listed_member(user, of).await;
    member["delivered_seq"].as_u64().unwrap()
}

#[tokio::test]
async fn what_a_device_has_is_told_and_listed_until_its_account_hides_it() {
    let server = TestServer::start().await;
    let (meera, zoya, conversation) = server.pair().await;
    let (mut hers, mut theirs) = (meera.socket().await, zoya.socket_in(Codec::Json).await);
    let seq = theirs.tell(conversation, "one").await;
    assert_eq!(listed_delivered(&zoya, meera.id).await, 0);
    hers.say(&ClientFrame::Received { conversation, seq }).await;
    let told = theirs.until(|frame| match frame {
        ServerFrame::Delivered { user, seq, .. } if user == meera.id => Some(seq),
        _ => None,
    });
    assert_eq!(told.await, seq);
    assert_eq!(listed_delivered(&zoya, meera.id).await, seq.0);
    set(&meera, PrivacyField::Reading, true).await.ok();
    assert_eq!(seen(&mut theirs, meera.id).await, Seq::ZERO);
    assert_eq!(listed_delivered(&zoya, meera.id).await, 0);
}
