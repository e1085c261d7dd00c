//! What people say of themselves and how they are there, over HTTP and a socket.

use protocol::{
    Availability, ClientFrame, Codec, CustomStatus, Presence, ServerFrame, Timestamp, UserId,
};

use crate::support::{Answer, Call, Socket, TestServer, TestUser};

const TEXT: &str = "रास्ते में";

async fn says(user: &TestUser, emoji: &str, text: &str, lasting: &str) -> Answer {
    let fields = [("emoji", emoji), ("text", text), ("lasting", lasting)];
    user.post("/api/set_status", &fields).await
}

async fn is_there(user: &TestUser, availability: &str) -> Answer {
    let fields = [("availability", availability), ("lasting", "hour")];
    user.post("/api/set_availability", &fields).await
}

/// What a connection is told that somebody says, next.
async fn told(socket: &mut Socket, of: UserId) -> Option<CustomStatus> {
    let status = socket.until(|frame| match frame {
        ServerFrame::Status { user, status } if user == of => Some(status),
        _ => None,
    });
    status.await
}

async fn chosen(socket: &mut Socket) -> Availability {
    let availability = socket.until(|frame| match frame {
        ServerFrame::Availability { availability } => Some(availability),
        _ => None,
    });
    availability.await
}

async fn presence(socket: &mut Socket, of: UserId) -> Presence {
    let presence = socket.until(|frame| match frame {
        ServerFrame::Presence { user, presence } if user == of => Some(presence),
        _ => None,
    });
    presence.await
}

#[tokio::test]
async fn a_status_reaches_everybody_it_is_for_and_is_cleared_by_one_request() {
    let server = TestServer::start().await;
    let (meera, phone, zoya, _) = server.two_devices().await;
    let mut there = phone.socket_in(Codec::Json).await;
    let mut theirs = zoya.socket().await;
    let answer = says(&meera, "🚌", TEXT, "hour").await.ok().json();
    let until = answer["until"].as_u64().map(Timestamp::from_millis);
    for socket in [&mut there, &mut theirs] {
        let status = told(socket, meera.id).await.unwrap();
        assert_eq!(status.text().unwrap().as_str(), TEXT);
        assert_eq!(status.until(), until);
    }
    let mut later = zoya.silent_socket(Codec::Binary).await;
    let frames = later.hello(&[]).await;
    let is_it = |frame: &ServerFrame| matches!(frame, ServerFrame::Status { user, status: Some(_) } if *user == meera.id);
    assert!(frames.iter().any(is_it), "{frames:?}");
    let path = format!("/api/profile?user={}", meera.id);
    let profile = zoya.get(&path).await.ok().json();
    assert_eq!(profile["status"]["emoji"], "🚌");

    phone.post("/api/clear_status", &[]).await.ok();
    for socket in [&mut there, &mut theirs] {
        assert_eq!(told(socket, meera.id).await, None);
    }
    assert!(zoya.get(&path).await.ok().json()["status"].is_null());
}

#[tokio::test]
async fn how_somebody_is_there_is_told_to_their_devices_and_seen_by_the_others() {
    let server = TestServer::start().await;
    let (meera, phone, zoya, _) = server.two_devices().await;
    let mut theirs = zoya.socket().await;
    let (mut hers, mut there) = (meera.socket().await, phone.socket().await);
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Online);
    is_there(&meera, "busy").await.ok();
    for socket in [&mut hers, &mut there] {
        let availability = chosen(socket).await;
        assert!(matches!(
            availability,
            Availability::Busy { until: Some(_) }
        ));
    }
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Busy);
    is_there(&phone, "automatic").await.ok();
    assert_eq!(chosen(&mut hers).await, Availability::Automatic);
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Online);

    for socket in [&mut hers, &mut there] {
        socket.say(&ClientFrame::Active { active: false }).await;
    }
    assert_eq!(presence(&mut theirs, meera.id).await, Presence::Away);
    is_there(&meera, "invisible").await.ok();
    let gone = presence(&mut theirs, meera.id).await;
    assert!(
        matches!(gone, Presence::Offline { since: Some(_) }),
        "{gone:?}"
    );
    let own = meera.get("/api/own_profile").await.ok().json();
    assert_eq!(own["availability"], "invisible");
}

#[tokio::test]
async fn what_somebody_says_of_themselves_is_read_by_others_but_not_across_a_block() {
    let server = TestServer::start().await;
    let (meera, zoya, _) = server.pair().await;
    let about = [("about", "chai and cricket")];
    meera.post("/api/set_about", &about).await.ok();
    let path = format!("/api/profile?user={}", meera.id);
    let profile = zoya.get(&path).await.ok().json();
    assert_eq!(profile["about"], "chai and cricket");
    let page = zoya.page(&format!("/people/{}", meera.id)).await.ok();
    assert!(page.text().contains("chai and cricket"));
    let other = zoya.id.to_string();
    let fields = [("user", other.as_str()), ("blocks", "true")];
    meera.post("/api/set_blocked", &fields).await.ok();
    assert!(zoya.get(&path).await.ok().json()["about"].is_null());
    meera.post("/api/set_about", &[("about", " ")]).await.ok();
    let own = meera.get("/api/own_profile").await.ok().json();
    assert!(own["about"].is_null());
}

#[tokio::test]
async fn what_cannot_be_said() {
    let server = TestServer::start().await;
    let meera = server.user("meera").await;
    let long = "x".repeat(141);
    let answer = meera.post("/api/set_about", &[("about", &long)]).await;
    answer.refused(422, "invalid_fields");
    for (emoji, text) in [("", ""), ("ab", "x"), ("", "a\u{202E}b"), ("🚌", &long)] {
        let answer = says(&meera, emoji, text, "hour").await;
        answer.refused(422, "invalid_fields");
    }
    for lasting in ["", "for ever"] {
        assert_eq!(says(&meera, "🚌", "", lasting).await.status, 400);
    }
    assert_eq!(is_there(&meera, "everywhere").await.status, 400);
    let nobody = UserId::from_bytes([7; 16]);
    let profile = meera.get(&format!("/api/profile?user={nobody}")).await;
    profile.refused(404, "not_found");
    let call = Call::post("/api/clear_status", &[]);
    server.call(call).await.refused(401, "unauthenticated");
}
