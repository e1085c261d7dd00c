//! A client as the protocol asks for it: it resumes from what it holds, sends again what was
//! not acked under the same id, and writes down everything it is told.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::limits::{FRAME_BYTES, PAGE_MESSAGES};
use protocol::{
    ClientFrame, Codec, Content, ConversationId, Intent, Message, ResumePoint, SendId, Seq,
    ServerFrame, Timestamp, UserId,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::checker::{
    History, Invariant, Log, Seen, Violation, Witness, Written, text_of, violation,
};

/// An answer that takes longer than this never comes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Sends under way per conversation.
const UNDER_WAY: usize = 16;

/// The server is gone: what a crash looks like from here.
#[derive(Debug)]
pub(crate) struct Gone;

/// A message without ack.
struct Pending {
    id: SendId,
    text: String,
    /// What was known when it was written; never raised.
    after: Seq,
    transmitted: bool,
}

/// What a client holds of a conversation.
#[derive(Default)]
struct Place {
    /// Everything up to here was received.
    held: Seq,
    pending: VecDeque<Pending>,
    /// The server said that it will not replay: everything up to here is to be fetched.
    behind: Option<Seq>,
    log: Log,
}

/// One device of a user, over all restarts of the server.
pub(crate) struct Client {
    number: u32,
    user: UserId,
    token: String,
    conversations: BTreeMap<ConversationId, Place>,
    random: StdRng,
    written: u64,
    violations: Vec<Violation>,
}

type Stream = WebSocketStream<TcpStream>;

/// A client's connection to one life of the server.
pub(crate) struct Line {
    stream: Stream,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr, token: &str) -> Result<Self, Gone> {
        let tcp = TcpStream::connect(address).await.map_err(|_| Gone)?;
        tcp.set_nodelay(true).map_err(|_| Gone)?;
        let mut request = format!("ws://{address}/ws")
            .into_client_request()
            .expect("a request");
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).expect("a header");
        request.headers_mut().insert("authorization", bearer);
        let protocol = HeaderValue::from_static(Codec::Binary.subprotocol());
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let config = WebSocketConfig::default()
            .read_buffer_size(8 * 1024)
            .write_buffer_size(8 * 1024)
            .max_message_size(Some(FRAME_BYTES));
        match client_async_with_config(request, tcp, Some(config)).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
                panic!("the upgrade was refused: {}", answer.status())
            }
            Err(_) => Err(Gone),
        }
    }

    async fn feed(&mut self, frame: &ClientFrame) -> Result<(), Gone> {
        let bytes = Codec::Binary.encode(frame).expect("a frame");
        self.stream
            .feed(Frame::Binary(bytes.into()))
            .await
            .map_err(|_| Gone)
    }

    async fn flush(&mut self) -> Result<(), Gone> {
        self.stream.flush().await.map_err(|_| Gone)
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> Result<(), Gone> {
        self.feed(frame).await?;
        self.flush().await
    }

    pub(crate) async fn next(&mut self) -> Result<ServerFrame, Gone> {
        loop {
            match self.stream.next().await {
                Some(Ok(Frame::Binary(bytes))) => {
                    return Ok(Codec::Binary
                        .decode(&bytes)
                        .expect("a frame of the protocol"));
                }
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return Err(Gone),
                Some(Ok(_)) => {}
            }
        }
    }
}

impl Client {
    pub(crate) fn new(
        number: u32,
        user: UserId,
        token: String,
        conversations: impl IntoIterator<Item = ConversationId>,
        seed: u64,
    ) -> Self {
        Self {
            number,
            user,
            token,
            conversations: conversations
                .into_iter()
                .map(|id| (id, Place::default()))
                .collect(),
            random: StdRng::seed_from_u64(seed ^ (u64::from(number) << 32)),
            written: 0,
            violations: Vec::new(),
        }
    }

    pub(crate) fn witness(&self) -> Witness {
        let logs = self.conversations.iter();
        Witness {
            user: self.user,
            logs: logs.map(|(id, place)| (*id, place.log.clone())).collect(),
        }
    }

    pub(crate) fn violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }

    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    /// Sends without ack.
    pub(crate) fn waiting(&self) -> usize {
        self.conversations
            .values()
            .map(|place| place.pending.len())
            .sum()
    }

    pub(crate) fn acked(&self) -> usize {
        self.conversations
            .values()
            .map(|place| place.log.acked.len())
            .sum()
    }

    /// Connects, catches up, sends again what was not acked and waits until it is, and then
    /// reads every conversation from its beginning as a new device would.
    pub(crate) async fn settle(
        &mut self,
        address: SocketAddr,
        all: &Barrier,
    ) -> Result<(Line, Vec<History>), Gone> {
        let mut line = Line::open(address, &self.token).await?;
        self.hello(&mut line).await?;
        loop {
            match self.next(&mut line).await? {
                ServerFrame::Resumed => break,
                frame => self.apply(frame),
            }
        }
        self.fetch_missed(&mut line).await?;
        self.send_again(&mut line).await?;
        while self
            .conversations
            .values()
            .any(|place| !place.pending.is_empty())
        {
            let frame = self.next(&mut line).await?;
            self.on_frame(&mut line, frame).await?;
        }
        // Others may still be sending again; their messages have to come here too.
        let mut everybody = std::pin::pin!(all.wait());
        loop {
            tokio::select! {
                _ = &mut everybody => break,
                frame = line.next() => {
                    let frame = frame?;
                    self.on_frame(&mut line, frame).await?;
                }
            }
        }
        let histories = self.read_all(&mut line).await?;
        Ok((line, histories))
    }

    /// Writes until the server is gone.
    pub(crate) async fn talk(&mut self, mut line: Line) {
        // Ends by its error only.
        let Err(Gone) = self.talk_on(&mut line).await;
    }

    async fn talk_on(&mut self, line: &mut Line) -> Result<std::convert::Infallible, Gone> {
        let pace = Duration::from_millis(self.random.random_range(100..300));
        let mut tick = tokio::time::interval(pace);
        tick.reset_after(pace.mul_f64(self.random.random()));
        loop {
            tokio::select! {
                frame = line.next() => {
                    let frame = frame?;
                    self.on_frame(line, frame).await?;
                }
                _ = tick.tick() => self.write_some(line).await?,
            }
        }
    }

    async fn write_some(&mut self, line: &mut Line) -> Result<(), Gone> {
        let which = self.random.random_range(0..self.conversations.len());
        let conversation = *self
            .conversations
            .keys()
            .nth(which)
            .expect("a conversation");
        for _ in 0..self.random.random_range(1..=4) {
            let random = (u128::from(self.number) << 40) | u128::from(self.written);
            let id = SendId::from_parts(Timestamp::from_millis(1_000), random);
            let text = format!(
                "{} writes {} {:x}",
                self.number,
                self.written,
                self.random.random::<u64>()
            );
            let place = self.conversations.get_mut(&conversation).expect("a place");
            if place.pending.len() >= UNDER_WAY {
                return Ok(());
            }
            self.written += 1;
            place.log.written.push(Written {
                id,
                text: text.clone(),
            });
            place.pending.push_back(Pending {
                id,
                text: text.clone(),
                after: place.held,
                transmitted: true,
            });
            let frame = ClientFrame::Send {
                send_id: id,
                conversation,
                intent: Intent::text(text),
                after: place.held,
                retry: false,
            };
            line.feed(&frame).await?;
        }
        line.flush().await
    }

    async fn hello(&mut self, line: &mut Line) -> Result<(), Gone> {
        let resume = self
            .conversations
            .iter()
            .map(|(id, place)| ResumePoint {
                conversation: *id,
                seq: place.held,
            })
            .collect();
        line.send(&ClientFrame::Hello { resume }).await
    }

    /// Sends everything without ack, in the order of writing.
    async fn send_again(&mut self, line: &mut Line) -> Result<(), Gone> {
        for (conversation, place) in &mut self.conversations {
            for pending in &mut place.pending {
                line.feed(&ClientFrame::Send {
                    send_id: pending.id,
                    conversation: *conversation,
                    intent: Intent::text(pending.text.clone()),
                    after: pending.after,
                    retry: pending.transmitted,
                })
                .await?;
                pending.transmitted = true;
            }
        }
        line.flush().await
    }

    async fn next(&mut self, line: &mut Line) -> Result<ServerFrame, Gone> {
        match timeout(PATIENCE, line.next()).await {
            Ok(frame) => frame,
            Err(_) => {
                let waiting: usize = self.conversations.values().map(|p| p.pending.len()).sum();
                self.fail(
                    Invariant::Retries,
                    &format!("no answer, {waiting} sends without ack"),
                );
                Err(Gone)
            }
        }
    }

    async fn on_frame(&mut self, line: &mut Line, frame: ServerFrame) -> Result<(), Gone> {
        if frame == ServerFrame::Resync {
            self.hello(line).await?;
            return self.send_again(line).await;
        }
        self.apply(frame);
        Ok(())
    }

    fn apply(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Event { message } => self.on_event(&message),
            ServerFrame::Ack {
                send_id,
                conversation,
                seq,
                ..
            } => self.on_ack(conversation, send_id, seq),
            ServerFrame::Behind {
                conversation,
                last_seq,
            } => {
                if let Some(place) = self.conversations.get_mut(&conversation) {
                    place.behind = Some(last_seq);
                }
            }
            ServerFrame::Reject { send_id, code, .. } => {
                self.fail(
                    Invariant::Retries,
                    &format!("{send_id} was refused: {code:?}"),
                );
            }
            ServerFrame::Error { code } => {
                self.fail(
                    Invariant::Retries,
                    &format!("a frame was refused: {code:?}"),
                );
            }
            _ => {}
        }
    }

    fn on_event(&mut self, message: &Message) {
        let conversation = message.conversation;
        let seen = Seen {
            author: message.author,
            id: message.send_id,
            text: text_of(message).unwrap_or_default().to_owned(),
        };
        let known = self.conversations.contains_key(&conversation);
        let readable = matches!(message.content, Content::Text(_));
        if !known || !readable {
            self.fail(Invariant::NoGhosts, &format!("an event of {conversation}"));
            return;
        }
        self.receive(conversation, message.seq, &seen);
    }

    fn on_ack(&mut self, conversation: ConversationId, id: SendId, seq: Seq) {
        let Some(place) = self.conversations.get_mut(&conversation) else {
            self.fail(Invariant::NoGhosts, &format!("an ack of {conversation}"));
            return;
        };
        if let Some(first) = place.log.acked.get(&id).copied() {
            if first != seq {
                self.fail(
                    Invariant::Retries,
                    &format!("{id} at {first}, then at {seq}"),
                );
            }
            return;
        }
        let position = place.pending.iter().position(|pending| pending.id == id);
        let Some(pending) = position.and_then(|index| place.pending.remove(index)) else {
            self.fail(Invariant::NoGhosts, &format!("an ack of {id}"));
            return;
        };
        place.log.acked.insert(id, seq);
        // The first copy of a retry may lie behind: it was received as an event before.
        if seq > place.held {
            let seen = Seen {
                author: self.user,
                id,
                text: pending.text,
            };
            self.receive(conversation, seq, &seen);
        }
    }

    /// Takes a message that must be the next one.
    fn receive(&mut self, conversation: ConversationId, seq: Seq, seen: &Seen) {
        let Some(place) = self.conversations.get_mut(&conversation) else {
            return;
        };
        let held = place.held;
        if place.behind.is_none() {
            place.held = held.max(seq);
        }
        let before = place.log.seen.insert(seq, seen.clone());
        if place.behind.is_none() && seq != held.next() {
            self.fail(
                Invariant::OneOrder,
                &format!("{conversation}: {seq} came after {held}"),
            );
        }
        if before.is_some_and(|before| before != *seen) {
            self.fail(
                Invariant::OneOrder,
                &format!("{conversation}: {seq} is another message now"),
            );
        }
    }

    /// Fetches what the server did not replay.
    async fn fetch_missed(&mut self, line: &mut Line) -> Result<(), Gone> {
        let behind: Vec<(ConversationId, Seq, Seq)> = self
            .conversations
            .iter()
            .filter_map(|(id, place)| Some((*id, place.held.next(), place.behind?)))
            .collect();
        for (conversation, from, to) in behind {
            let messages = self.fetch(line, conversation, from, to).await?;
            if let Some(place) = self.conversations.get_mut(&conversation) {
                place.behind = None;
            }
            for message in messages {
                self.on_event(&message);
            }
            // What came live in the meantime follows on.
            if let Some(place) = self.conversations.get_mut(&conversation) {
                while place.log.seen.contains_key(&place.held.next()) {
                    place.held = place.held.next();
                }
            }
        }
        Ok(())
    }

    /// Reads everything from the beginning, and checks that what came live is all of it.
    async fn read_all(&mut self, line: &mut Line) -> Result<Vec<History>, Gone> {
        let mut histories = Vec::new();
        let conversations: Vec<ConversationId> = self.conversations.keys().copied().collect();
        for conversation in conversations {
            let messages = self
                .fetch(line, conversation, Seq(1), Seq(u64::MAX))
                .await?;
            let last = messages.last().map_or(Seq::ZERO, |message| message.seq);
            let held = self
                .conversations
                .get(&conversation)
                .map(|place| place.held);
            if held != Some(last) {
                self.fail(
                    Invariant::OneOrder,
                    &format!("{conversation}: {held:?} came live, history ends at {last}"),
                );
            }
            histories.push(History {
                conversation,
                messages,
            });
        }
        Ok(histories)
    }

    /// Reads the places from `from` to `to` or the end, page by page.
    async fn fetch(
        &mut self,
        line: &mut Line,
        conversation: ConversationId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<Message>, Gone> {
        let mut messages: Vec<Message> = Vec::new();
        let mut from = from;
        loop {
            let last = Seq(to.0.min(from.0 + PAGE_MESSAGES - 1));
            line.send(&ClientFrame::Fetch {
                request: 1,
                conversation,
                from,
                to: last,
            })
            .await?;
            let page = loop {
                match self.next(line).await? {
                    ServerFrame::Page { page, .. } => break page,
                    ServerFrame::Refused { code, .. } => {
                        self.fail(Invariant::Durable, &format!("{conversation}: {code:?}"));
                        return Ok(messages);
                    }
                    frame => self.on_frame(line, frame).await?,
                }
            };
            messages.extend(page.messages);
            if last >= page.last_seq || last >= to {
                return Ok(messages);
            }
            from = last.next();
        }
    }

    fn fail(&mut self, invariant: Invariant, text: &str) {
        let text = format!("client {}: {text}", self.number);
        self.violations.push(violation(invariant, text));
    }
}
