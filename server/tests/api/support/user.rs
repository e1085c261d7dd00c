//! Somebody who uses the server.

use std::net::SocketAddr;

use protocol::{Codec, ConversationId, SendId, Timestamp, UserId};

use super::{Answer, Call, Ended, Frame, PASSWORD, Socket, exchange};

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct TestUser {
    pub(crate) server: SocketAddr,
    pub(crate) name: String,
    pub(crate) id: UserId,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl TestUser {
    pub(crate) async fn sign_up(server: SocketAddr, name: &str) -> Self {
        let answer = exchange(server, Self::sign_up_form(name)).await.ok();
        Self::of(server, name, &answer).await
    }

    pub(crate) fn sign_up_form(name: &str) -> Call {
        let email = format!("{name}@example.org");
        Call::post(
            "/api/sign_up",
            &[
                ("display_name", name),
                ("username", name),
                ("email", &email),
                ("password", PASSWORD),
            ],
        )
    }

    pub(crate) fn sign_in_form(login: &str, password: &str) -> Call {
        Call::post("/api/sign_in", &[("login", login), ("password", password)])
    }

    /// The same person on another device.
    pub(crate) async fn on_another_device(&self) -> Self {
        let form = Self::sign_in_form(&self.name, PASSWORD);
        let answer = exchange(self.server, form).await.ok();
        Self::of(self.server, &self.name, &answer).await
    }

    pub(crate) async fn sign_in(server: SocketAddr, name: &str, password: &str) -> Self {
        let form = Self::sign_in_form(name, password);
        let answer = exchange(server, form).await.ok();
        Self::of(server, name, &answer).await
    }

    async fn of(server: SocketAddr, name: &str, answer: &Answer) -> Self {
        let mut user = Self {
            server,
            name: name.to_owned(),
            id: UserId::from_bytes([0; 16]),
            access: answer.cookie("bc_access").unwrap(),
            refresh: answer.cookie("bc_refresh").unwrap(),
        };
        let start = user.get("/api/start").await.ok().json();
        user.id = start["me"]["id"].as_str().unwrap().parse().unwrap();
        user
    }

    /// The `Cookie` header.
    pub(crate) fn cookies(&self) -> String {
        format!("bc_access={}; bc_refresh={}", self.access, self.refresh)
    }

    pub(crate) async fn call(&self, call: Call) -> Answer {
        exchange(self.server, call.cookies(&self.cookies())).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Call::get(path)).await
    }

    pub(crate) async fn page(&self, path: &str) -> Answer {
        self.call(Call::page(path)).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.call(Call::post(path, fields)).await
    }

    /// Exchanges the refresh token; what came is kept by the caller.
    pub(crate) async fn refresh(&self) -> Answer {
        self.post("/api/session/refresh", &[]).await
    }

    pub(crate) async fn open_direct(&self, other: &Self) -> ConversationId {
        let with = other.id.to_string();
        let answer = self.post("/api/open_direct", &[("with", &with)]).await.ok();
        answer.json()["id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn create_group(&self, title: &str, others: &[&Self]) -> ConversationId {
        let answer = self.ask_for_group(&send_id(), title, others).await.ok();
        answer.json()["id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn ask_for_group(
        &self,
        send_id: &SendId,
        title: &str,
        others: &[&Self],
    ) -> Answer {
        let users: Vec<String> = others.iter().map(|other| other.id.to_string()).collect();
        let (send_id, users) = (send_id.to_string(), users.join(","));
        let fields = [("send_id", &*send_id), ("title", title), ("users", &users)];
        self.post("/api/create_group", &fields).await
    }

    /// A socket that has said hello, in our own encoding.
    pub(crate) async fn socket(&self) -> Socket {
        self.socket_in(Codec::Binary).await
    }

    pub(crate) async fn socket_in(&self, codec: Codec) -> Socket {
        let mut socket = self.silent_socket(codec).await;
        socket.hello(&[]).await;
        socket
    }

    /// A socket that has not said anything.
    pub(crate) async fn silent_socket(&self, codec: Codec) -> Socket {
        let bearer = format!("Bearer {}", self.access);
        let opened = Socket::open(self.server, codec, &[("authorization", &bearer)]).await;
        opened.unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// Sends an intent as no client would write it, on a socket of its own. How that ends.
    pub(crate) async fn send_by_hand(&self, conversation: ConversationId, intent: &str) -> Ended {
        let frame = format!(
            r#"{{"send":{{"send_id":"{}","conversation":"{conversation}","intent":{intent},"after":0,"retry":false}}}}"#,
            send_id()
        );
        let mut socket = self.socket_in(Codec::Json).await;
        socket.send(Frame::Text(frame.into())).await;
        socket.ended().await
    }
}

/// A socket of each device, that has said hello.
pub(crate) async fn sockets(codec: Codec, [a, b, c]: [&TestUser; 3]) -> [Socket; 3] {
    [
        a.socket_in(codec).await,
        b.socket_in(codec).await,
        c.socket_in(codec).await,
    ]
}

/// A new id for a message.
pub(crate) fn send_id() -> SendId {
    SendId::from_parts(Timestamp::from_millis(1), rand::random())
}
