//! One client and a server in miniature: whatever is done on either side, in whatever order
//! frames arrive and connections break, in the end the client shows what the server has.

use std::collections::{BTreeMap, VecDeque};

use markup::Mentioned;
use proptest::prelude::*;
use protocol::{ChangeKind, Content, ConversationKind, ErrorCode, Intent, Notice, UserId};

use super::*;
use crate::Older;
use crate::intent;

/// Places that one page holds and one resume replays; few, so that gaps are usual.
const PAGE: u64 = 7;

/// What a server knows of the one conversation, and what it has said to the client.
#[derive(Default)]
struct Server {
    log: Log,
    stored: BTreeMap<SendId, Seq>,
    /// How far everybody has read.
    read: BTreeMap<UserId, Seq>,
    said: VecDeque<ServerFrame>,
    /// Whether the connection has said hello: before, nothing is live.
    greeted: bool,
}

impl Server {
    fn last(&self) -> Seq {
        Seq(self.log.last())
    }

    fn read(&self, who: u8) -> Seq {
        self.read.get(&user(who)).copied().unwrap_or_default()
    }

    fn unread(&self) -> u32 {
        let read = self.read(ME);
        let after = self.log.entries.iter().filter(|it| it.seq > read);
        let unread = after.filter(|it| it.author != user(ME) && it.content.counts());
        u32::try_from(unread.count()).unwrap()
    }

    fn mentions(&self) -> u32 {
        let read = self.read(ME);
        let after = self.log.entries.iter().filter(|it| it.seq > read);
        let unread = after.filter(|it| it.author != user(ME));
        u32::try_from(unread.filter(|it| is_for_me(&it.content)).count()).unwrap()
    }

    fn summary(&self) -> ConversationSummary {
        let mut summary = group(self.log.last(), &[ME, THEM, 3]);
        let shown = |it: &&Message| !matches!(it.content, Content::Change(_));
        summary.last_message = self.log.entries.iter().rev().find(shown).cloned();
        summary.read_seq = self.read(ME);
        for (member, who) in summary.members.iter_mut().zip([ME, THEM, 3]) {
            member.read_seq = self.read(who);
        }
        summary.unread = self.unread();
        summary.mentions = self.mentions();
        for entry in &self.log.entries {
            match &entry.content {
                Content::Notice(Notice::Renamed { title }) => {
                    summary.title = Some(title.clone());
                }
                Content::Change(change) => match change.kind {
                    ChangeKind::Pin(true) if !summary.pins.contains(&change.target) => {
                        summary.pins.insert(0, change.target);
                    }
                    ChangeKind::Pin(false) | ChangeKind::Delete => {
                        summary.pins.retain(|it| *it != change.target);
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        summary
    }

    /// A cursor may stand anywhere among own entries that follow it: whether they were written
    /// before or after it was moved, each side saw in its own order.
    fn settled(&self, mut summary: ConversationSummary) -> ConversationSummary {
        let mut entries = self.log.entries.iter();
        while let Some(next) = entries.find(|it| it.seq == summary.read_seq.next())
            && next.author == user(ME)
        {
            summary.read_seq = next.seq;
        }
        // It says the same.
        summary.members[0].read_seq = summary.read_seq;
        summary
    }

    fn happen(&mut self, author: u8, deed: Deed, target: usize) {
        let before = self.mentions();
        let message = self.log.happen(author, deed, target).clone();
        self.wrote(&message);
        if self.greeted {
            let is_change = matches!(message.content, Content::Change(_));
            self.said.push_back(ServerFrame::Event { message });
            if is_change && self.mentions() != before {
                self.tell_read();
            }
        }
    }

    fn wrote(&mut self, entry: &Message) {
        let read = self.read.entry(entry.author).or_default();
        if *read == entry.seq.prev() {
            *read = entry.seq;
        }
    }

    /// Somebody else sees everything.
    fn see(&mut self, who: u8) {
        self.read.insert(user(who), self.last());
        if self.greeted {
            self.tell_seen(who);
        }
    }

    fn tell_seen(&mut self, who: u8) {
        self.said.push_back(ServerFrame::Seen {
            conversation: here(),
            user: user(who),
            seq: self.read(who),
        });
    }

    fn hear(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Hello { resume } => self.greet(resume.first().map(|it| it.seq)),
            ClientFrame::Send {
                send_id, intent, ..
            } => self.write(send_id, &intent),
            ClientFrame::MarkRead { seq, .. } => {
                let read = self.read(ME).max(seq.min(self.last()));
                self.read.insert(user(ME), read);
                self.tell_read();
            }
            ClientFrame::Fetch {
                request, from, to, ..
            } => {
                let page = HistoryPage {
                    conversation: here(),
                    messages: self.log.newest_of(from.0, to.0, PAGE),
                    last_seq: self.last(),
                };
                self.said.push_back(ServerFrame::Page { request, page });
            }
            ClientFrame::Ping { nonce } => self.said.push_back(ServerFrame::Pong { nonce }),
            ClientFrame::Typing { .. }
            | ClientFrame::Arrange { .. }
            | ClientFrame::Save { .. }
            | ClientFrame::Remind { .. }
            | ClientFrame::Dismiss { .. }
            | ClientFrame::Active { .. }
            | ClientFrame::Draft { .. }
            | ClientFrame::Received { .. }
            | ClientFrame::Folder { .. }
            | ClientFrame::SeeThread { .. } => {}
        }
    }

    fn greet(&mut self, held: Option<Seq>) {
        self.greeted = true;
        self.said.push_back(welcome(ME));
        let summary = Box::new(self.summary());
        let described = ServerFrame::Conversation { summary };
        match held {
            Some(held) if self.last().since(held) <= PAGE => {
                let missed = self.log.page(held.0 + 1, self.log.last());
                let events = missed.into_iter();
                self.said
                    .extend(events.map(|message| ServerFrame::Event { message }));
                self.tell_read();
                self.tell_seen(THEM);
                self.tell_seen(3);
            }
            Some(_) => {
                self.said.push_back(ServerFrame::Behind {
                    conversation: here(),
                    last_seq: self.last(),
                });
                self.said.push_back(described);
            }
            None => self.said.push_back(described),
        }
        self.said.push_back(ServerFrame::Resumed);
    }

    fn tell_read(&mut self) {
        self.said.push_back(ServerFrame::Read {
            conversation: here(),
            seq: self.read(ME),
            unread: self.unread(),
            mentions: self.mentions(),
        });
    }

    fn write(&mut self, send_id: SendId, intent: &Intent) {
        let seq = match self.stored.get(&send_id) {
            Some(seq) => *seq,
            None => {
                let content = intent::content(intent).unwrap().unwrap();
                let target = match &content {
                    Content::Change(change) => self.log.page(change.target.0, change.target.0),
                    _ => Vec::new(),
                };
                if target.iter().any(|it| it.content == Content::Deleted) {
                    self.said.push_back(ServerFrame::Reject {
                        send_id,
                        code: ErrorCode::NotFound,
                        retry_after_ms: None,
                    });
                    return;
                }
                let seq = self.log.last() + 1;
                let mut entry = entry(seq, ME, content);
                entry.send_id = send_id;
                let entry = self.log.append(entry).clone();
                self.wrote(&entry);
                self.stored.insert(send_id, entry.seq);
                entry.seq
            }
        };
        self.said.push_back(ServerFrame::Ack {
            send_id,
            conversation: here(),
            seq,
            sent_at: at(seq.0),
        });
    }
}

fn is_for_me(content: &Content) -> bool {
    Mentioned::of(ConversationKind::Group, content).includes(&person(ME).username)
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody does something elsewhere; the client's own user on another device.
    Elsewhere(u8, Deed, usize),
    /// Somebody else sees everything.
    See(u8),
    /// The user does something here.
    Here(Deed, usize),
    /// Some of what the server has said arrives.
    Listen(usize),
    /// The device stores what it was asked to.
    Store,
    Cut,
    /// The page is closed and opened again.
    Restart,
    Open,
    Close,
    LoadOlder,
    MarkRead,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Say),
        2 => Just(Deed::Edit),
        1 => Just(Deed::Delete),
        3 => any::<bool>().prop_map(Deed::React),
        1 => any::<bool>().prop_map(Deed::Pin),
        1 => Just(Deed::Rename),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let target = 0..40_usize;
    prop_oneof![
        6 => (1..4_u8, deed(), target.clone())
            .prop_map(|(who, deed, at)| Step::Elsewhere(who, deed, at)),
        1 => (2..4_u8).prop_map(Step::See),
        4 => (deed(), target).prop_map(|(deed, at)| Step::Here(deed, at)),
        6 => (1..6_usize).prop_map(Step::Listen),
        3 => Just(Step::Store),
        1 => Just(Step::Cut),
        1 => Just(Step::Restart),
        1 => Just(Step::Open),
        1 => Just(Step::Close),
        1 => Just(Step::LoadOlder),
        1 => Just(Step::MarkRead),
    ]
}

/// The client, its device and its server.
struct World {
    client: Client,
    server: Server,
    now: u64,
    to_store: Vec<OutboxEntry>,
    disk: Disk,
    ids: u8,
}

/// What the device holds. Messages and the list are written at once, the outbox by and by.
#[derive(Default)]
struct Disk {
    outbox: BTreeMap<SendId, OutboxEntry>,
    messages: BTreeMap<Seq, Message>,
    conversation: Option<SavedConversation>,
}

impl Disk {
    fn restored(&self) -> Restored {
        Restored {
            outbox: self.outbox.values().cloned().collect(),
            messages: self.messages.values().cloned().collect(),
            conversations: self.conversation.iter().cloned().collect(),
            drafts: Vec::new(),
            answers: Vec::new(),
            arrangements: Vec::new(),
            saved: Vec::new(),
            reminders: Vec::new(),
            dismissals: Vec::new(),
            folders: Vec::new(),
            folder_wishes: Vec::new(),
        }
    }
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            client: new_client(),
            server: Server::default(),
            now: 0,
            to_store: Vec::new(),
            disk: Disk::default(),
            ids: 0,
        };
        world.step(Input::Start);
        world
    }

    fn step(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.client.step(input, at(self.now)) {
                match effect {
                    Effect::Connect => inputs.push_back(Input::SocketOpened),
                    Effect::Transmit(frame) => self.server.hear(frame),
                    Effect::SaveOutbox(entry) => self.to_store.push(entry),
                    Effect::ForgetOutbox(send_id) => {
                        self.to_store.retain(|entry| entry.send_id != send_id);
                        self.disk.outbox.remove(&send_id);
                    }
                    Effect::SaveMessages { messages, .. } => {
                        let placed = messages.into_iter().map(|it| (it.seq, it));
                        self.disk.messages.extend(placed);
                    }
                    Effect::SaveConversations(saved) => {
                        self.disk.conversation = saved.into_iter().next();
                    }
                    _ => {}
                }
            }
        }
    }

    fn act(&mut self, step: Step) {
        self.now += 100;
        let here = here();
        match step {
            Step::Elsewhere(who, deed, target) => self.server.happen(who, deed, target),
            Step::See(who) => self.server.see(who),
            Step::Here(deed, target) => self.ask(deed, target),
            Step::Listen(frames) => {
                for _ in 0..frames {
                    self.listen();
                }
            }
            Step::Store => {
                for entry in std::mem::take(&mut self.to_store) {
                    let send_id = entry.send_id;
                    self.disk.outbox.insert(send_id, entry);
                    self.step(Input::Saved { send_id });
                }
            }
            Step::Cut => {
                self.server.said.clear();
                self.server.greeted = false;
                self.step(Input::SocketClosed { code: None });
                self.step(Input::ConnectNow);
            }
            Step::Restart => {
                self.server.said.clear();
                self.server.greeted = false;
                self.client = new_client();
                self.to_store.clear();
                self.step(Input::Restored(self.disk.restored()));
                self.step(Input::Start);
            }
            Step::Open => self.step(Input::Open(here)),
            Step::Close => self.step(Input::Close),
            Step::LoadOlder => self.step(Input::LoadOlder(here)),
            Step::MarkRead => {
                let (conversation, seq) = (here, self.client.newest(here));
                self.step(Input::MarkRead { conversation, seq });
            }
        }
    }

    fn listen(&mut self) {
        if let Some(frame) = self.server.said.pop_front() {
            self.step(Input::Frame(frame));
        }
    }

    /// The user does something to a message that is shown and has a place.
    fn ask(&mut self, deed: Deed, target: usize) {
        let rows = self.client.rows(here());
        let places: Vec<Seq> = rows
            .filter(|row| matches!(row.content, Content::Text(_)))
            .filter_map(|row| row.seq)
            .collect();
        let words = format!("said {}", self.ids);
        let target = places.get(target % places.len().max(1)).copied();
        let intent = match (deed, target) {
            (Deed::Rename, _) => Intent::Rename { title: words },
            (Deed::Edit, Some(target)) => Intent::Edit {
                target,
                text: words,
            },
            (Deed::Delete, Some(target)) => Intent::Delete { target },
            (Deed::React(on), Some(target)) => Intent::React {
                target,
                emoji: "👍".to_owned(),
                on,
            },
            (Deed::Pin(on), Some(target)) => Intent::Pin { target, on },
            _ => text(&words),
        };
        self.ids += 1;
        let send_id = send_id(self.ids);
        let conversation = here();
        self.step(Input::Send {
            conversation,
            intent,
            send_id,
        });
    }

    fn is_caught_up(&self) -> bool {
        let points = self.client.resume_points();
        points.first().map(|point| point.seq) == Some(self.server.last())
    }

    /// Lets everything arrive that is on its way, and all of history be read.
    fn settle(&mut self) {
        self.act(Step::Open);
        for _ in 0..400 {
            self.act(Step::Store);
            self.now += 1_000;
            self.step(Input::Tick);
            while !self.server.said.is_empty() {
                self.listen();
            }
            for failure in self.client.failures() {
                let send_id = failure.send_id;
                self.step(Input::Discard { send_id });
            }
            match self.client.older(here()) {
                Older::More | Older::Failed => self.act(Step::LoadOlder),
                Older::AtStart if self.client.unsent() == 0 && self.is_caught_up() => return,
                _ => {}
            }
        }
    }
}

fn check(world: &World) -> Result<(), TestCaseError> {
    let (client, server) = (&world.client, &world.server);
    let shown: Vec<_> = client.rows(here()).map(|row| row.entry(here())).collect();
    let expected: Vec<_> = server
        .log
        .entries
        .iter()
        .filter(|it| !matches!(it.content, Content::Change(_)))
        .map(|it| Some(it.clone()))
        .collect();
    prop_assert_eq!(shown, expected);
    prop_assert!(client.rows(here()).all(|row| !row.waiting));
    prop_assert_eq!(client.unsent(), 0);
    let summary = client.conversation(here()).cloned();
    prop_assert_eq!(
        summary.map(|it| server.settled(it)),
        Some(server.settled(server.summary()))
    );
    prop_assert_eq!(client.pins(here()), server.summary().pins);
    prop_assert!(world.disk.outbox.is_empty());
    for (seq, stored) in &world.disk.messages {
        let now = &server.log.page(seq.0, seq.0)[0];
        prop_assert_eq!(stored, now, "what is stored is what there is now");
    }
    Ok(())
}

proptest! {
    #[test]
    fn in_the_end_the_client_shows_what_the_server_has(
        steps in prop::collection::vec(step(), 1..100),
    ) {
        let mut world = World::new();
        for step in steps {
            world.act(step);
        }
        world.settle();
        check(&world)?;
    }
}
