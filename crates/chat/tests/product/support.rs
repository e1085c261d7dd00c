//! People, their connections, and what they see.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chat::{
    Actor, Chat, ChatError, Command, Config, Connection, ConnectionId, Deps, Device, IndexCursor,
    IndexKey, IndexSave, Outgoing, SendCommand, SignIn, SignUp, SignedIn, Store,
};
use protocol::{
    CloseCode, Codec, Content, ConversationId, ConversationSummary, DisplayName, EmailAddress,
    ErrorCode, Intent, Message, Password, ResumePoint, SendId, Seq, ServerFrame, Timestamp, UserId,
    Username,
};
use security::{KeyRing, PasswordParams};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::faulty_store::FaultyStore;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const PASSWORD: &str = "चाबी ताला 🔑 ";
/// Only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The product over a store that can be made to fail.
pub(crate) struct World {
    pub(crate) chat: Arc<Chat>,
    pub(crate) store: Arc<FaultyStore>,
    keys: Arc<KeyRing>,
    send_ids: AtomicU64,
}

/// No limits, so that a test can write much.
pub(crate) fn config() -> Config {
    Config {
        password: PasswordParams {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        },
        index: false,
        rate_limits: false,
        message_requests: false,
        ..Config::default()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let store = Arc::new(FaultyStore::new());
        let keys = Arc::new(KeyRing::for_tests());
        Self {
            chat: open(&store, &keys, config).await,
            store,
            keys,
            send_ids: AtomicU64::new(1),
        }
    }

    /// The same store under a new process.
    pub(crate) async fn restart(&mut self) {
        self.restart_with(config()).await;
    }

    pub(crate) async fn restart_with(&mut self, config: Config) {
        self.chat = open(&self.store, &self.keys, config).await;
    }

    pub(crate) async fn person(&self, name: &str) -> Actor {
        let form = SignUp {
            display_name: DisplayName::parse(&format!("{name} खान")).unwrap(),
            username: Username::parse(name).unwrap(),
            email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
            password: Password::parse_new(PASSWORD.to_owned()).unwrap(),
        };
        let signed_in = self.chat.sign_up(form, device(), NOW).await.unwrap();
        self.actor(&signed_in.access_token).await
    }

    /// The same account on a further device.
    pub(crate) async fn sign_in(&self, name: &str) -> Actor {
        self.actor(&self.tokens(name).await.access_token).await
    }

    /// The tokens of a further device.
    pub(crate) async fn tokens(&self, name: &str) -> SignedIn {
        let form = SignIn {
            login: name.to_owned(),
            password: Password::parse_existing(PASSWORD.to_owned()).unwrap(),
        };
        self.chat.sign_in(form, device(), NOW).await.unwrap()
    }

    pub(crate) async fn actor(&self, token: &str) -> Actor {
        self.chat.authenticate(token, NOW).await.unwrap()
    }

    /// Two people and their conversation.
    pub(crate) async fn pair(&self) -> (Actor, Actor, ConversationId) {
        let (a, b) = (self.person("asha").await, self.person("bilal").await);
        let summary = self.chat.open_direct(&a, b.user(), NOW).await.unwrap();
        (a, b, summary.id)
    }

    /// A connection that has not said `Hello`.
    pub(crate) fn connect(&self, actor: &Actor, codec: Codec) -> Tab {
        let Connection { id, outgoing, .. } = self.chat.connect(actor, codec, NOW).unwrap();
        Tab {
            chat: Arc::clone(&self.chat),
            actor: *actor,
            id,
            codec,
            outgoing,
        }
    }

    /// A live connection that knows everything there is.
    pub(crate) async fn tab(&self, actor: &Actor) -> Tab {
        let mut tab = self.connect(actor, Codec::Binary);
        tab.hello(&[]).await;
        tab
    }

    pub(crate) fn command(&self, conversation: ConversationId, text: &str) -> SendCommand {
        let text = text.to_owned();
        let reply_to = None;
        self.intend(conversation, Intent::Text { text, reply_to })
    }

    /// Something that is to be written.
    pub(crate) fn intend(&self, conversation: ConversationId, intent: Intent) -> SendCommand {
        SendCommand {
            send_id: self.send_id(),
            conversation,
            command: Command::try_from(intent).unwrap(),
            after: Seq::ZERO,
            retry: false,
        }
    }

    pub(crate) fn send_id(&self) -> SendId {
        let n = self.send_ids.fetch_add(1, Ordering::Relaxed);
        SendId::from_parts(NOW, u128::from(n))
    }

    /// A group of an owner and others.
    pub(crate) async fn group(&self, owner: &Actor, others: &[&Actor]) -> ConversationId {
        let users = others.iter().map(|other| other.user()).collect();
        let title = DisplayName::parse("चाय").unwrap();
        let made = self
            .chat
            .create_group(owner, self.send_id(), title, users, NOW);
        made.await.unwrap().id
    }

    /// What is sealed in the rows of a conversation.
    pub(crate) async fn opened_rows(&self, id: ConversationId) -> Vec<Vec<u8>> {
        let record = self.store.conversation(id).await.unwrap().unwrap();
        let key = self.keys.open_data_key(id.to_bytes(), &record.wrapped_key);
        let key = key.unwrap();
        let rows = self.store.messages(id, Seq(1), Seq(1 << 40)).await.unwrap();
        let opened = rows.iter().map(|row| {
            let (header, sealed) = row.bytes.split_at(42);
            let place = row.seq.0.to_be_bytes();
            let aad = [&id.to_bytes()[..], &place, header].concat();
            key.open(&aad, sealed).unwrap().to_vec()
        });
        opened.collect()
    }

    /// The smallest blocks of a conversation's index, oldest first.
    pub(crate) async fn index_of(&self, id: ConversationId) -> Vec<Vec<u8>> {
        let rows = self.store.index_rows(&small_blocks(id)).await.unwrap();
        rows.iter().map(|row| row.bytes.to_vec()).collect()
    }

    /// How far a conversation's index goes.
    pub(crate) async fn index_cursor(&self, id: ConversationId) -> IndexCursor {
        let cursors = self.store.index_cursors(&[id]).await.unwrap();
        cursors.first().unwrap().1
    }

    /// How many rows of the first blocks of a level there are.
    pub(crate) async fn index_rows(&self, id: ConversationId, level: u8, blocks: u64) -> usize {
        let keys = (0..blocks).flat_map(|block| {
            (0..1 << (4 * u16::from(level))).map(move |shard| IndexKey {
                conversation: id,
                level,
                block,
                shard,
            })
        });
        let keys: Vec<_> = keys.collect();
        self.store.index_rows(&keys).await.unwrap().len()
    }

    /// Changes a byte of the oldest of them.
    pub(crate) async fn damage_index(&self, id: ConversationId) {
        let mut rows = self.store.index_rows(&small_blocks(id)).await.unwrap();
        rows.truncate(1);
        for row in &mut rows {
            let mut bytes = row.bytes.to_vec();
            bytes[30] ^= 1;
            row.bytes = bytes.into();
        }
        let save = IndexSave {
            conversation: id,
            rows,
            removed: Vec::new(),
            cursor: self.index_cursor(id).await,
        };
        self.store.save_index(&save).await.unwrap();
    }

    /// Writes messages over a connection and waits for their acks.
    pub(crate) async fn write(&self, tab: &mut Tab, conversation: ConversationId, count: u64) {
        let mut after = Seq::ZERO;
        for n in 0..count {
            let command = self.command(conversation, &format!("text {n}"));
            let send_id = tab.send(SendCommand { after, ..command });
            let seq = tab.acked(send_id).await;
            assert!(seq > after);
            after = seq;
        }
    }

    /// Writes a message, whatever comes in between.
    pub(crate) async fn write_skipping(&self, tab: &mut Tab, conversation: ConversationId) {
        tab.does(self.command(conversation, "text")).await.unwrap();
    }

    /// Writes a message over a connection that is told of its new conversation first.
    pub(crate) async fn write_after_news(&self, tab: &mut Tab, conversation: ConversationId) {
        let news = tab.next().await;
        assert!(matches!(news, ServerFrame::Conversation { .. }), "{news:?}");
        self.write(tab, conversation, 1).await;
    }

    /// The whole conversation as the store has it, by way of its pages.
    pub(crate) async fn everything(
        &self,
        actor: &Actor,
        conversation: ConversationId,
    ) -> Vec<Message> {
        let mut all = Vec::new();
        let mut from = Seq(1);
        loop {
            let to = Seq(from.0 + 99);
            let page = self.chat.history(actor, conversation, from, to).await;
            let page = page.unwrap();
            all.extend(page.messages);
            from = to.next();
            if from > page.last_seq {
                return all;
            }
        }
    }
}

async fn open(store: &Arc<FaultyStore>, keys: &Arc<KeyRing>, config: Config) -> Arc<Chat> {
    let store: Arc<dyn Store> = Arc::<FaultyStore>::clone(store);
    let keys = Arc::clone(keys);
    let deps = Deps {
        store,
        keys,
        config,
    };
    Chat::open(deps, NOW).await.unwrap()
}

fn small_blocks(conversation: ConversationId) -> Vec<IndexKey> {
    let key = |block| IndexKey {
        conversation,
        level: 0,
        block,
        shard: 0,
    };
    (0..16).map(key).collect()
}

pub(crate) fn device() -> Device {
    Device {
        address: "192.0.2.7".parse().unwrap(),
        name: "Firefox".to_owned(),
    }
}

/// One open connection.
pub(crate) struct Tab {
    chat: Arc<Chat>,
    pub(crate) actor: Actor,
    pub(crate) id: ConnectionId,
    codec: Codec,
    outgoing: mpsc::Receiver<Outgoing>,
}

/// What comes out of a connection.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful at a time, compared by value"
)]
pub(crate) enum Got {
    Frame(ServerFrame),
    Close(CloseCode),
}

impl Tab {
    /// The next thing, as a socket would write it.
    pub(crate) async fn got(&mut self) -> Got {
        let Ok(next) = timeout(PATIENCE, self.outgoing.recv()).await else {
            panic!("nothing came");
        };
        let got = self.decode(next.unwrap());
        if self.outgoing.is_empty() {
            self.chat.drained(self.id);
        }
        got
    }

    fn decode(&self, outgoing: Outgoing) -> Got {
        match outgoing {
            Outgoing::Frame(bytes) => Got::Frame(self.codec.decode(&bytes).unwrap()),
            Outgoing::Close(code) => Got::Close(code),
        }
    }

    pub(crate) async fn next(&mut self) -> ServerFrame {
        match self.got().await {
            Got::Frame(frame) => frame,
            Got::Close(code) => panic!("closed with {code:?}"),
        }
    }

    /// How much is in the queue now.
    pub(crate) fn waiting(&self) -> usize {
        self.outgoing.len()
    }

    /// What is in the queue now.
    pub(crate) fn pending(&mut self) -> Vec<Got> {
        let mut pending = Vec::new();
        while let Ok(outgoing) = self.outgoing.try_recv() {
            pending.push(self.decode(outgoing));
        }
        pending
    }

    /// Says `Hello` and takes everything up to `Resumed`.
    pub(crate) async fn hello(&mut self, points: &[(ConversationId, u64)]) -> Vec<ServerFrame> {
        let (chat, actor, id) = (Arc::clone(&self.chat), self.actor, self.id);
        let points = resume_points(points);
        let hello = tokio::spawn(async move { chat.hello(&actor, id, points, NOW).await });
        let frames = self.until_resumed().await;
        hello.await.unwrap().unwrap();
        frames
    }

    pub(crate) async fn until_resumed(&mut self) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                ServerFrame::Resumed => return frames,
                frame => frames.push(frame),
            }
        }
    }

    pub(crate) fn send(&self, command: SendCommand) -> SendId {
        self.send_at(command, NOW)
    }

    pub(crate) fn send_at(&self, command: SendCommand, now: Timestamp) -> SendId {
        let send_id = command.send_id;
        self.chat.send(&self.actor, self.id, command, now);
        send_id
    }

    /// The place of a send; its ack has to be the next frame, but for how far others have read.
    pub(crate) async fn acked(&mut self, id: SendId) -> Seq {
        loop {
            match self.next().await {
                ServerFrame::Ack { send_id, seq, .. } if send_id == id => return seq,
                ServerFrame::Seen { .. } | ServerFrame::Delivered { .. } => {}
                other => panic!("expected the ack of {id}, got {other:?}"),
            }
        }
    }

    /// What comes of a send, whatever comes in between.
    pub(crate) async fn outcome(&mut self, id: SendId) -> Result<Seq, ErrorCode> {
        loop {
            match self.next().await {
                ServerFrame::Ack { send_id, seq, .. } if send_id == id => return Ok(seq),
                ServerFrame::Reject { send_id, code, .. } if send_id == id => return Err(code),
                _ => {}
            }
        }
    }

    /// What comes of so many sends, in any order.
    pub(crate) async fn outcomes(
        &mut self,
        count: usize,
    ) -> BTreeMap<SendId, Result<Seq, ErrorCode>> {
        let mut outcomes = BTreeMap::new();
        while outcomes.len() < count {
            match self.next().await {
                ServerFrame::Ack { send_id, seq, .. } => outcomes.insert(send_id, Ok(seq)),
                ServerFrame::Reject { send_id, code, .. } => outcomes.insert(send_id, Err(code)),
                _ => None,
            };
        }
        outcomes
    }

    /// Sends and waits for what comes of it.
    pub(crate) async fn does(&mut self, command: SendCommand) -> Result<Seq, ErrorCode> {
        let send_id = self.send(command);
        self.outcome(send_id).await
    }

    /// The next event, whatever comes in between.
    pub(crate) async fn next_event(&mut self) -> Message {
        loop {
            if let ServerFrame::Event { message } = self.next().await {
                return message;
            }
        }
    }

    /// The next summary, whatever comes in between.
    pub(crate) async fn next_summary(&mut self) -> ConversationSummary {
        loop {
            if let ServerFrame::Conversation { summary } = self.next().await {
                return *summary;
            }
        }
    }

    /// Why a send was refused, and how long to wait; has to be the next frame.
    pub(crate) async fn rejected(&mut self, id: SendId) -> (ErrorCode, Option<u32>) {
        match self.next().await {
            ServerFrame::Reject {
                send_id,
                code,
                retry_after_ms,
            } if send_id == id => (code, retry_after_ms),
            other => panic!("expected the refusal of {id}, got {other:?}"),
        }
    }

    /// The message that the next frame brings.
    pub(crate) async fn event(&mut self) -> Message {
        match self.next().await {
            ServerFrame::Event { message } => message,
            other => panic!("expected a message, got {other:?}"),
        }
    }

    pub(crate) async fn closed(&mut self) -> CloseCode {
        loop {
            if let Got::Close(code) = self.got().await {
                return code;
            }
        }
    }

    pub(crate) fn close(&self) {
        self.chat.disconnect(self.id, NOW);
    }

    pub(crate) fn user(&self) -> UserId {
        self.actor.user()
    }
}

pub(crate) fn resume_points(points: &[(ConversationId, u64)]) -> Vec<ResumePoint> {
    let point = |&(conversation, seq)| ResumePoint {
        conversation,
        seq: Seq(seq),
    };
    points.iter().map(point).collect()
}

/// The places of the events among frames.
pub(crate) fn events(frames: &[ServerFrame]) -> Vec<u64> {
    let seq = |frame: &ServerFrame| match frame {
        ServerFrame::Event { message } => Some(message.seq.0),
        _ => None,
    };
    frames.iter().filter_map(seq).collect()
}

pub(crate) fn text(message: &Message) -> &str {
    match &message.content {
        Content::Text(text) => text.body.as_str(),
        Content::Unavailable => "unavailable",
        Content::Deleted => "deleted",
        Content::Change(_) => "change",
        Content::Notice(_) => "notice",
        Content::Poll(poll) => poll.question.as_str(),
        Content::Dismissed => "dismissed",
    }
}

pub(crate) fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(text).collect()
}

pub(crate) fn places(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq.0).collect()
}

#[track_caller]
pub(crate) fn refused<T>(outcome: Result<T, ChatError>, code: ErrorCode) {
    match outcome {
        Ok(_) => panic!("expected {code:?}, but it was accepted"),
        Err(error) => assert_eq!(error.code(), code, "{error:?}"),
    }
}
