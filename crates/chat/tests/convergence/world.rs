//! One schedule: a server over a store, a few devices, and what happens to them, drawn from a
//! seed; then the network heals, and everything must settle.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat::{Chat, ChatError, Config, Deps, Device as Agent, SignIn, SignUp, SignedIn};
use client::{Input, Seeded};
use protocol::limits::FIRST_PAINT_MESSAGES;
use protocol::{
    Codec, ConversationId, DisplayName, EmailAddress, ErrorCode, Password, SendId, ServerFrame,
    Timestamp, UserId, Username,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use security::{KeyRing, PasswordParams};

use crate::device::Device;
use crate::faulty_store::{Faults, FaultyStore};
use crate::link::{Link, Server};
use crate::schedule::Plan;
use crate::tally::Tally;

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const PASSWORD: &str = "correct horse battery";
const CHEAP: PasswordParams = PasswordParams {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// Rounds that let every task of an undisturbed server finish what it has.
const ROUNDS: usize = 8;
/// Rounds of settling after which something goes in a circle.
const PATIENCE: usize = 2_000;
/// How far the time goes in each.
const STEP_MS: u64 = 1_000;
/// How long nothing may happen before everything counts as settled: longer than anybody waits
/// for an answer, shorter than the silence before a ping.
const CALM_MS: u64 = 12_000;

/// A group that was asked for.
#[derive(Debug, Clone)]
pub(crate) struct AskedGroup {
    pub(crate) founder: UserId,
    pub(crate) send_id: SendId,
    pub(crate) members: BTreeSet<UserId>,
}

pub(crate) struct World {
    pub(crate) random: ChaCha8Rng,
    pub(crate) now: Timestamp,
    pub(crate) plan: Plan,
    pub(crate) server: Option<Server>,
    pub(crate) store: Arc<FaultyStore>,
    keys: Arc<KeyRing>,
    pub(crate) devices: Vec<Device>,
    pub(crate) people: Vec<UserId>,
    pub(crate) conversations: BTreeSet<ConversationId>,
    /// Who could not open a conversation with whom, and will try again.
    unopened: Vec<(usize, UserId)>,
    /// Groups that were asked for: by whom, under which id, and whose they were to be.
    pub(crate) asked_groups: Vec<AskedGroup>,
    /// Who asked for them and had no answer.
    unmade: Vec<(usize, usize)>,
    pub(crate) tally: Tally,
    pub(crate) told: bool,
}

impl World {
    /// Two or three people with two or three devices in all, and some of their conversations.
    pub(crate) fn new(seed: u64, told: bool) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let plan = Plan::draw(&mut random);
        let mut world = Self {
            store: Arc::new(FaultyStore::new(random.next_u64())),
            random,
            now: START,
            plan,
            server: None,
            keys: Arc::new(KeyRing::for_tests()),
            devices: Vec::new(),
            people: Vec::new(),
            conversations: BTreeSet::new(),
            unopened: Vec::new(),
            asked_groups: Vec::new(),
            unmade: Vec::new(),
            tally: Tally::default(),
            told,
        };
        world.start_server();
        for name in ["asha", "bilal", "chitra"].iter().take(world.plan.people) {
            let signed_in = world.sign_up(name);
            world.people.push(signed_in.person.id);
            world.add_device(format!("{name}'s device"), signed_in);
        }
        if world.plan.second_device {
            let signed_in = world.sign_in("asha");
            world.add_device("asha's second device".to_owned(), signed_in);
        }
        for _ in 0..world.plan.opened_before {
            let device = world.below(world.devices.len());
            world.open_direct(device);
        }
        for device in 0..world.devices.len() {
            world.load_page(device);
            world.step(device, Input::Start);
        }
        world
    }

    /// A number below `bound`; 0 for 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.next_u32()).unwrap() % bound.max(1)
    }

    /// Whether something happens that does so `percent` times of 100.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn say(&self, what: impl FnOnce() -> String) {
        if self.told {
            let at = self.now.millis_since(START);
            eprintln!("{at:>8} {}", what());
        }
    }

    pub(crate) fn start_server(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let deps = Deps {
            store: Arc::<FaultyStore>::clone(&self.store),
            keys: Arc::clone(&self.keys),
            config: Config {
                password: CHEAP,
                rate_limits: false,
                commit_batch: self.plan.commit_batch,
                loaded_conversations: self.plan.loaded_conversations,
                message_requests: self.plan.message_requests,
                ..Config::default()
            },
        };
        let chat = runtime.block_on(Chat::open(deps, self.now)).unwrap();
        self.server = Some(Server::new(chat, runtime));
    }

    /// Runs a call of the product to its end.
    pub(crate) fn call<T>(&self, call: impl AsyncFnOnce(&Chat, Timestamp) -> T) -> Option<T> {
        let server = self.server.as_ref()?;
        let call = call(&server.chat, self.now);
        Some(server.runtime.block_on(call))
    }

    fn sign_up(&mut self, name: &str) -> SignedIn {
        // Ids begin with the time, so that they have the same order in every run of a seed.
        self.now = self.now.plus_millis(1);
        let form = SignUp {
            display_name: DisplayName::parse(name).unwrap(),
            username: Username::parse(name).unwrap(),
            email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
            password: Password::parse_new(PASSWORD.to_owned()).unwrap(),
        };
        let call = self.call(async |chat, now| chat.sign_up(form, agent(), now).await);
        call.unwrap().unwrap()
    }

    fn sign_in(&mut self, name: &str) -> SignedIn {
        self.now = self.now.plus_millis(1);
        let form = SignIn {
            login: name.to_owned(),
            password: Password::parse_existing(PASSWORD.to_owned()).unwrap(),
        };
        let call = self.call(async |chat, now| chat.sign_in(form, agent(), now).await);
        call.unwrap().unwrap()
    }

    fn add_device(&mut self, name: String, signed_in: SignedIn) {
        let seed = self.random.next_u64();
        let clock_ahead = u64::from(self.random.next_u32() % 3) * 1_000_000;
        let device = Device::new(name, signed_in, seed, clock_ahead);
        self.devices.push(device);
    }

    pub(crate) fn step(&mut self, device: usize, input: Input) {
        let device = &mut self.devices[device];
        device.step(input, self.now);
    }

    /// Its user opens the conversation with somebody, as a page does it: outside the socket.
    pub(crate) fn open_direct(&mut self, device: usize) {
        let with = self.below(self.people.len());
        self.open_direct_with(device, self.people[with]);
    }

    fn open_direct_with(&mut self, device: usize, with: UserId) {
        self.now = self.now.plus_millis(1);
        let token = self.devices[device].signed_in.access_token.clone();
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            chat.open_direct(&actor, with, now).await
        });
        let Some(Ok(summary)) = call else {
            self.unopened.push((device, with));
            return;
        };
        let id = summary.id;
        self.conversations.insert(id);
        self.say(|| format!("{} opens {id}", self.devices[device].name));
        let seeded = Seeded {
            summaries: vec![summary],
            pages: Vec::new(),
        };
        self.step(device, Input::Seeded(seeded));
    }

    /// Its user makes a group of some of the others.
    pub(crate) fn create_group(&mut self, device: usize) {
        let founder = self.devices[device].me;
        let mut members = BTreeSet::from([founder]);
        for user in self.people.clone() {
            if self.chance(60) {
                members.insert(user);
            }
        }
        let send_id = self.fresh_send_id();
        self.asked_groups.push(AskedGroup {
            founder,
            send_id,
            members,
        });
        self.ask_for_group(device, self.asked_groups.len() - 1);
    }

    fn ask_for_group(&mut self, device: usize, asked: usize) {
        self.now = self.now.plus_millis(1);
        let token = self.devices[device].signed_in.access_token.clone();
        let AskedGroup {
            send_id, members, ..
        } = self.asked_groups[asked].clone();
        let title = DisplayName::parse(&format!("group {asked}")).unwrap();
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            let users = members.into_iter().collect();
            chat.create_group(&actor, send_id, title, users, now).await
        });
        match call {
            Some(Ok(summary)) => {
                self.tally.groups += 1;
                self.say(|| format!("{} makes {}", self.devices[device].name, summary.id));
                let seeded = Seeded {
                    summaries: vec![summary],
                    pages: Vec::new(),
                };
                self.step(device, Input::Seeded(seeded));
            }
            // It was made and its founder is in it no longer.
            Some(Err(ChatError::Refused(ErrorCode::NotFound))) => {}
            _ => self.unmade.push((device, asked)),
        }
    }

    /// The page comes from the server with its list and perhaps a conversation.
    pub(crate) fn load_page(&mut self, device: usize) {
        let token = self.devices[device].signed_in.access_token.clone();
        let with_page = self.chance(50);
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            let summaries = chat.conversations(&actor).await?;
            let mut pages = Vec::new();
            if let Some(first) = summaries.first().filter(|_| with_page) {
                let page = chat.newest(&actor, first.id, FIRST_PAINT_MESSAGES).await?;
                pages.push(page);
            }
            Ok::<_, ChatError>(Seeded { summaries, pages })
        });
        if let Some(Ok(seeded)) = call {
            self.step(device, Input::Seeded(seeded));
        }
    }

    /// A socket that the client asked for is opened, or is not.
    pub(crate) fn connect(&mut self, device: usize, works: bool) {
        if !std::mem::take(&mut self.devices[device].connecting) {
            return;
        }
        let token = self.devices[device].signed_in.access_token.clone();
        let codec = Codec::ALL[usize::from(self.chance(15))];
        let actor = self
            .call(async |chat, now| chat.authenticate(&token, now).await)
            .filter(|_| works)
            .and_then(Result::ok);
        let link = self
            .server
            .as_ref()
            .zip(actor)
            .and_then(|(server, actor)| Link::open(server, actor, codec, self.now).ok());
        self.say(|| {
            let id = link.as_ref().map(|link| link.id);
            format!("{} connects: {id:?}", self.devices[device].name)
        });
        if let Some(mut link) = link {
            link.slow = self.plan.slow && device == 0;
            self.devices[device].link = Some(link);
            self.step(device, Input::SocketOpened);
        } else {
            self.step(device, Input::SocketClosed { code: None });
        }
    }

    /// A session that the client wants renewed is, or the server does not answer.
    pub(crate) fn refresh(&mut self, device: usize, works: bool) {
        if !std::mem::take(&mut self.devices[device].refreshing) {
            return;
        }
        // A request that is lost; an answer that is lost ends the session if it is not asked
        // for again within the grace period.
        let input = match works.then(|| self.renew(device)).flatten() {
            Some(()) => Input::SessionRefreshed,
            None => Input::RefreshFailed,
        };
        self.step(device, input);
    }

    /// The names that a client has asked for come, or the request is lost.
    pub(crate) fn name(&mut self, device: usize, works: bool) {
        let unnamed = std::mem::take(&mut self.devices[device].unnamed);
        if unnamed.is_empty() || !works {
            return;
        }
        let token = self.devices[device].signed_in.access_token.clone();
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            chat.persons(&actor, &unnamed).await
        });
        if let Some(Ok(persons)) = call {
            self.step(device, Input::Persons(persons));
        }
    }

    /// Exchanges a device's tokens, if there is a server.
    pub(crate) fn renew(&mut self, device: usize) -> Option<()> {
        let token = self.devices[device].signed_in.refresh_token.clone();
        match self.call(async |chat, now| chat.refresh(&token, now).await)? {
            Ok(signed_in) => self.devices[device].signed_in = signed_in,
            Err(error) => panic!("a session was lost: {error}"),
        }
        Some(())
    }

    pub(crate) fn pass(&mut self, millis: u64) {
        let before = self.now.millis() / 1_000;
        self.now = self.now.plus_millis(millis);
        // About once a second; what a longer time brings, a few ticks bring too.
        let seconds = (self.now.millis() / 1_000 - before).min(3);
        if let Some(server) = &mut self.server {
            server.tick(seconds, self.now);
        }
    }

    /// Gives a client its time, if it has asked for it.
    pub(crate) fn wake(&mut self, device: usize) {
        let it = &mut self.devices[device];
        let there = self.now.plus_millis(it.clock_ahead);
        if it.wake_at.is_some_and(|at| at <= there) {
            it.wake_at = None;
            self.step(device, Input::Tick);
        }
    }

    /// Heals everything and waits until nothing happens any more.
    pub(crate) fn settle(&mut self) -> Result<(), String> {
        self.say(|| "everything heals".to_owned());
        self.store.set(Faults::default());
        self.plan.slow = false;
        if self.server.is_none() {
            self.start_server();
        }
        for device in 0..self.devices.len() {
            if let Some(link) = &mut self.devices[device].link {
                link.slow = false;
            }
            self.step(device, Input::NetworkOnline);
        }
        self.wait(CALM_MS)?;
        for (device, with) in std::mem::take(&mut self.unopened) {
            self.open_direct_with(device, with);
        }
        for (device, asked) in std::mem::take(&mut self.unmade) {
            self.ask_for_group(device, asked);
        }
        self.wait(CALM_MS)
    }

    /// Lets everything move until nothing does for a time.
    pub(crate) fn wait(&mut self, calm_ms: u64) -> Result<(), String> {
        let mut calm_since = self.now;
        for _ in 0..PATIENCE {
            if self.round() {
                calm_since = self.now.plus_millis(STEP_MS);
            } else if self.now.millis_since(calm_since) >= calm_ms {
                return Ok(());
            }
            self.pass(STEP_MS);
        }
        let state: Vec<String> = self
            .devices
            .iter()
            .map(|it| {
                let (live, unsent) = (it.client.is_live(), it.client.unsent());
                format!("{}: live {live}, {unsent} unsent", it.name)
            })
            .collect();
        Err(format!("does not settle: {state:?}"))
    }

    /// Moves everything that can move once; whether that was anything of importance.
    fn round(&mut self) -> bool {
        let mut moved = false;
        for device in 0..self.devices.len() {
            self.wake(device);
            moved |= self.devices[device].connecting || self.devices[device].refreshing;
            self.connect(device, true);
            self.refresh(device, true);
            self.name(device, true);
            moved |= self.renew_thread(device);
            self.put_aside(device);
            while let Some(saved) = self.store_next(device) {
                moved = true;
                if let Some(send_id) = saved {
                    self.step(device, Input::Saved { send_id });
                }
            }
            moved |= !self.devices[device].client.is_live();
            // Silent: the client will find out that nobody is there.
            let link = &self.devices[device].link;
            moved |= link.as_ref().is_some_and(|link| !link.registered);
            moved |= self.devices[device].client.unsent() > 0;
            moved |= self.devices[device].client.wishes() > 0;
            moved |= self.exchange(device);
        }
        moved
    }

    /// `None` if nothing waits to be stored.
    fn store_next(&mut self, device: usize) -> Option<Option<SendId>> {
        let it = &mut self.devices[device];
        (!it.writes.is_empty()).then(|| it.store())
    }

    fn exchange(&mut self, device: usize) -> bool {
        let Some(server) = &self.server else {
            return false;
        };
        let now = self.now;
        server.run(ROUNDS);
        let it = &mut self.devices[device];
        let busy = !it.is_idle();
        for mut link in std::mem::take(&mut it.left) {
            link.unregister(server, now);
        }
        if let Some(link) = &mut it.link {
            let taken = link.take(server, now);
            if let Some(frame) = taken.filter(|_| self.told) {
                eprintln!("         {} is heard: {frame}", it.name);
            }
            server.run(ROUNDS);
            link.write(server, usize::MAX, now);
        }
        while self.receive(device) {}
        busy
    }

    /// The client receives the next frame.
    pub(crate) fn receive(&mut self, device: usize) -> bool {
        let it = &mut self.devices[device];
        let Some(down) = it.link.as_mut().and_then(|link| link.down.pop_front()) else {
            return false;
        };
        match down {
            crate::link::Down::Frame(frame) => {
                self.say(|| format!("{} hears {frame:?}", self.devices[device].name));
                if let ServerFrame::Reject { send_id, code, .. } = &*frame
                    && (!code.is_transient() || *code == ErrorCode::SlowMode)
                {
                    self.devices[device].was_refused(*send_id);
                }
                self.step(device, Input::Frame(*frame));
            }
            crate::link::Down::Close(code) => {
                self.say(|| format!("{} is closed: {code:?}", self.devices[device].name));
                let it = &mut self.devices[device];
                it.leave();
                self.step(device, Input::SocketClosed { code });
            }
        }
        true
    }

    /// Adds what the store and the server have counted.
    pub(crate) fn count(&mut self) {
        if let Some(server) = &self.server {
            let metrics = server.chat.metrics();
            self.tally.duplicates_recognised += metrics.duplicates_recognised;
            self.tally.resyncs += metrics.resyncs;
        }
        (
            self.tally.store_failures,
            self.tally.failed_commits_that_were_stored,
        ) = self.store.failures();
    }
}

fn agent() -> Agent {
    Agent {
        address: "192.0.2.7".parse().unwrap(),
        name: "A browser".to_owned(),
    }
}
