//! What can happen, and how often.

use client::{Delivery, Draft, Input};
use protocol::{CloseCode, ConversationId, Intent, SendId, Seq};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore as _;

use crate::device::{Fate, Written};
use crate::faulty_store::Faults;
use crate::link::Server;
use crate::world::World;

/// Messages that a slow reader is flooded with: more than wait for one connection.
const FLOOD: usize = protocol::limits::CONNECTION_QUEUE + 60;

/// One schedule of so many has a slow reader.
const SLOW_ONE_OF: u32 = 40;

/// Frames that are moved at a time.
const SOME: usize = 6;

/// The character of a schedule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) people: usize,
    pub(crate) second_device: bool,
    pub(crate) opened_before: usize,
    pub(crate) commit_batch: usize,
    pub(crate) loaded_conversations: usize,
    /// Strangers ask each other.
    pub(crate) message_requests: bool,
    /// The first device hardly reads.
    pub(crate) slow: bool,
    steps: usize,
    /// Of 1,000 steps, how many are of the kind.
    cuts: usize,
    crashes: usize,
    restarts: usize,
    faults: Faults,
}

impl Plan {
    pub(crate) fn draw(random: &mut ChaCha8Rng) -> Self {
        let slow = random.next_u32().is_multiple_of(SLOW_ONE_OF);
        let mut pick = |of: &[usize]| {
            let at = usize::try_from(random.next_u32()).unwrap() % of.len();
            of[at]
        };
        Self {
            people: pick(&[2, 2, 2, 3]),
            second_device: pick(&[0, 0, 1]) == 1,
            opened_before: pick(&[0, 1, 2, 4]),
            commit_batch: pick(&[1, 2, 300]),
            loaded_conversations: pick(&[1, 2, 20_000]),
            // Who asks writes too little for a flood.
            message_requests: pick(&[0, 0, 1]) == 1 && !slow,
            slow,
            steps: pick(&[60, 120, 200, 300]),
            cuts: pick(&[0, 10, 40, 100]),
            crashes: pick(&[0, 0, 5, 20]),
            restarts: pick(&[0, 0, 5, 20]),
            faults: Faults {
                failing: u32::try_from(pick(&[0, 0, 20, 150])).unwrap(),
                pauses: u32::try_from(pick(&[0, 1, 4])).unwrap(),
            },
        }
    }
}

impl World {
    /// Lets everything happen that the plan provides for, then heals and compares.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        let plan = self.plan;
        self.say(|| format!("{plan:?}"));
        if plan.slow {
            self.flood();
        }
        self.store.set(plan.faults);
        for _ in 0..plan.steps {
            self.happen();
        }
        self.settle()?;
        self.compare()?;
        self.count();
        Ok(())
    }

    fn happen(&mut self) {
        let millis = [0, 0, 0, 1, 5, 40, 300][self.below(7)];
        self.pass(millis);
        let Plan {
            cuts,
            crashes,
            restarts,
            ..
        } = self.plan;
        let device = self.below(self.devices.len());
        let dice = self.below(1_000);
        if dice < cuts {
            self.cut(device);
        } else if dice < cuts + crashes {
            self.stop_server();
        } else if dice < cuts + crashes + restarts {
            self.restart(device);
        } else {
            self.go_on(device);
        }
        let rounds = self.below(4);
        if let Some(server) = &self.server {
            server.run(rounds);
        } else if self.chance(25) {
            self.say(|| "the server starts".to_owned());
            self.start_server();
        }
    }

    /// What happens all the time.
    fn go_on(&mut self, device: usize) {
        match self.below(100) {
            0..55 => self.bustle(device),
            55..60 => self.take(device),
            60..65 => self.write(device),
            65..70 => self.hear(device),
            70..74 => self.save(device),
            74..76 => {
                let millis = [1_000, 5_000, 11_000, 31_000][self.below(4)];
                self.pass(millis);
            }
            _ => self.act(device),
        }
    }

    /// Everything that concerns one device goes on a little, or most of it.
    fn bustle(&mut self, device: usize) {
        let it = &self.devices[device];
        let idle = it.link.is_none() && !it.connecting && !it.refreshing;
        if let Some(at) = it.wake_at.filter(|_| idle)
            && self.chance(50)
        {
            let here = self.now.plus_millis(self.devices[device].clock_ahead);
            self.pass(at.millis_since(here));
        }
        if self.chance(80) {
            self.wake(device);
        }
        if self.chance(80) {
            let works = !self.chance(10);
            self.connect(device, works);
            self.refresh(device, works);
            self.name(device, works);
        }
        if self.chance(50) {
            self.receive_thread(device);
        }
        if self.chance(70) {
            self.save(device);
        }
        for _ in 0..self.below(3) {
            self.take(device);
            let rounds = self.below(6);
            if let Some(server) = &self.server {
                server.run(rounds);
            }
        }
        if self.chance(80) {
            self.write(device);
        }
        if self.chance(80) {
            self.hear(device);
        }
    }

    fn hear(&mut self, device: usize) {
        for _ in 0..=self.below(SOME) {
            self.receive(device);
        }
    }

    fn take(&mut self, device: usize) {
        let Some(server) = &self.server else {
            return;
        };
        let it = &mut self.devices[device];
        if let Some(link) = &mut it.link {
            let taken = link.take(server, self.now);
            if let Some(frame) = taken.filter(|_| self.told) {
                eprintln!("         {} is heard: {frame}", it.name);
            }
        }
        for link in &mut it.left {
            link.take(server, self.now);
        }
    }

    fn write(&mut self, device: usize) {
        let most = 1 + self.below(SOME);
        let notices = self.chance(20);
        let Some(server) = &self.server else {
            return;
        };
        let it = &mut self.devices[device];
        if let Some(link) = &mut it.link {
            link.write(server, most, self.now);
        }
        for link in &mut it.left {
            link.write(server, most, self.now);
            if notices {
                link.unregister(server, self.now);
            }
        }
        it.left.retain(|link| link.registered);
    }

    fn save(&mut self, device: usize) {
        for _ in 0..=self.below(SOME) {
            if let Some(send_id) = self.devices[device].store() {
                self.step(device, Input::Saved { send_id });
            }
        }
    }

    /// Something happens to a socket.
    fn cut(&mut self, device: usize) {
        let (way, kept, told) = (self.below(5), self.below(8), self.chance(50));
        let now = self.now;
        let it = &mut self.devices[device];
        let (Some(link), Some(server)) = (&mut it.link, &self.server) else {
            return;
        };
        self.tally.cuts += 1;
        match way {
            // The client notices, the server only later; some of what was sent arrives.
            0 | 1 => {
                link.up.truncate(kept);
                it.leave();
                self.say(|| format!("{} is cut off", self.devices[device].name));
                let code = told.then_some(1006);
                self.step(device, Input::SocketClosed { code });
            }
            // The server notices, the client later or by silence.
            2 | 3 => {
                link.unregister(server, now);
                link.break_off(kept, told);
                let name = &self.devices[device].name;
                self.say(|| format!("the server loses {name}, which is told: {told}"));
            }
            _ => {
                let codes = [
                    CloseCode::Timeout,
                    CloseCode::TryAgainLater,
                    CloseCode::Restart,
                    CloseCode::PolicyViolation,
                ];
                let code = codes[kept % codes.len()];
                link.end(server, code, now);
                let name = &self.devices[device].name;
                self.say(|| format!("the server closes {name}: {code:?}"));
            }
        }
    }

    /// The server stops: at once, or in order.
    fn stop_server(&mut self) {
        self.count();
        let Some(server) = self.server.take() else {
            return;
        };
        if self.chance(40) {
            self.say(|| "the server drains".to_owned());
            self.tally.drains += 1;
            self.drain(&server);
        } else {
            self.say(|| "the server crashes".to_owned());
            self.tally.crashes += 1;
        }
        drop(server);
        for device in 0..self.devices.len() {
            let (kept, told) = (self.below(8), self.chance(80));
            let it = &mut self.devices[device];
            if let Some(link) = &mut it.link {
                link.break_off(kept, told);
            }
            it.left.clear();
        }
    }

    fn drain(&mut self, server: &Server) {
        let chat = std::sync::Arc::clone(&server.chat);
        let now = self.now;
        let drained = server.runtime.spawn(async move { chat.drain(now).await });
        for _ in 0..self.below(40) {
            server.run(1);
            let device = self.below(self.devices.len());
            let now = self.now;
            if let Some(link) = &mut self.devices[device].link {
                link.take(server, now);
                link.write(server, SOME, now);
            }
            self.receive(device);
        }
        drained.abort();
    }

    /// The tab is closed and opened again, with or without a page from the server.
    fn restart(&mut self, device: usize) {
        self.say(|| format!("{} starts again", self.devices[device].name));
        self.tally.client_restarts += 1;
        let writes = self.devices[device].writes.len();
        let (stored, seed) = (self.below(writes + 1), self.random.next_u64());
        let before = self.lost(device);
        self.devices[device].restart(stored, seed, self.now);
        self.tally.messages_lost_with_a_tab += self.lost(device) - before;
        if self.chance(50) {
            self.load_page(device);
        }
        self.step(device, Input::Start);
    }

    fn lost(&self, device: usize) -> u64 {
        let written = self.devices[device].written.iter();
        written.filter(|it| it.fate == Fate::Lost).count() as u64
    }

    /// The user does something.
    fn act(&mut self, device: usize) {
        let list = self.devices[device].client.list();
        let at = self.below(list.len());
        let Some(id) = list.get(at).copied().filter(|_| !self.chance(4)) else {
            if self.chance(50) {
                self.create_group(device);
            } else {
                self.open_direct(device);
            }
            return;
        };
        let input = match self.below(110) {
            100..104 => return self.dismiss(device, id),
            104..106 => return self.open_thread(device, id),
            106 => return self.remind(device, id),
            107 => return self.stand(device),
            0..30 => return self.send(device, id),
            30..50 => return self.alter(device, id),
            50..65 => {
                let newest = self.devices[device].client.newest(id);
                let back = self.below(3) as u64;
                Input::MarkRead {
                    conversation: id,
                    seq: Seq(newest.0.saturating_sub(back)),
                }
            }
            65..75 => Input::Open(id),
            75..78 => Input::Close,
            78..80 => Input::LoadOlder(id),
            80..81 => self.wander(device, id),
            81..83 => return self.arrange(device, id),
            83..84 => return self.save_message(device, id),
            84..86 => Input::Composing {
                conversation: id,
                active: self.chance(60),
            },
            86..87 => return self.call_folder(device),
            87..90 => Input::Drafted {
                conversation: id,
                draft: self.chance(60).then(|| Draft {
                    text: format!("half a thought of {device}"),
                    caret: 4,
                    reply_to: None,
                }),
            },
            90..92 => return self.decide(device, id),
            92..93 => return self.put_aside(device),
            93..95 => Input::BecameVisible,
            95..96 => Input::NetworkOffline,
            96..98 => Input::NetworkOnline,
            98..99 => Input::ClearDivider(id),
            99 => return self.load_page(device),
            _ => return self.accept(device, id),
        };
        self.step(device, input);
    }

    /// The user looks at what is further back, and comes back.
    fn wander(&mut self, device: usize, id: ConversationId) -> Input {
        let newest = self.devices[device].client.newest(id).0.max(1);
        let seq = Seq(1 + self.random.next_u64() % (newest + 2));
        match self.below(10) {
            0..7 => {
                self.step(device, Input::Open(id));
                Input::GoTo {
                    conversation: id,
                    seq,
                }
            }
            7..9 => Input::LoadNewer(id),
            _ => Input::GoToNewest(id),
        }
    }

    fn send(&mut self, device: usize, id: ConversationId) {
        let send_id = self.fresh_send_id();
        let summary = self.devices[device].client.conversation(id).cloned();
        let address = summary.map(|it| self.address(&it)).unwrap_or_default();
        let it = &self.devices[device];
        let text = format!("{} writes number {}{address}", it.name, it.written.len());
        self.tally.messages += 1;
        self.ask(device, id, send_id, Intent::text(text));
    }

    /// Something is to be written.
    pub(crate) fn ask(
        &mut self,
        device: usize,
        conversation: ConversationId,
        send_id: SendId,
        intent: Intent,
    ) {
        self.say(|| {
            format!(
                "{send_id}: {} asks for {intent:?}",
                self.devices[device].name
            )
        });
        self.devices[device].written.push(Written {
            send_id,
            conversation,
            intent: intent.clone(),
            fate: Fate::Unsaved,
            tried_again: false,
        });
        let input = Input::Send {
            conversation,
            intent,
            send_id,
        };
        self.step(device, input);
        let it = &mut self.devices[device];
        if !it.has_queued(send_id) {
            // It is so already.
            it.written.retain(|written| written.send_id != send_id);
        }
    }

    pub(crate) fn fresh_send_id(&mut self) -> SendId {
        let random = u128::from(self.random.next_u64());
        SendId::from_parts(self.now, random)
    }

    /// The user tries a message again that is shown as failed, or gives it up.
    fn decide(&mut self, device: usize, id: ConversationId) {
        let failed = self.devices[device]
            .client
            .rows(id)
            .find(|row| matches!(row.delivery, Delivery::Failed { .. }))
            .map(|row| row.key.send_id);
        let Some(send_id) = failed else {
            return;
        };
        if self.chance(50) {
            self.step(device, Input::Retry { send_id });
        } else {
            self.say(|| format!("{send_id} is given up"));
            let it = &mut self.devices[device];
            it.decide(send_id, Fate::Saved, Fate::Discarded);
            it.decide(send_id, Fate::Unsaved, Fate::Discarded);
            self.step(device, Input::Discard { send_id });
        }
    }

    /// The second person writes more than the first one's connection can hold.
    fn flood(&mut self) {
        for _ in 0..4 {
            (0..self.devices.len()).for_each(|device| self.pump(device));
            self.open_direct(1);
        }
        let mine: Vec<ConversationId> = self.devices[1].client.list();
        let shared = mine.into_iter().find(|id| {
            let summary = self.devices[0].client.conversation(*id);
            summary.is_some_and(|summary| summary.members.len() > 1)
        });
        let Some(id) = shared else {
            return;
        };
        // The first person's message is stored, and its ack waits before the flood.
        self.send(0, id);
        while !self.devices[0].writes.is_empty() {
            self.save(0);
        }
        for _ in 0..FLOOD {
            self.take(0);
            self.send(1, id);
            self.pump(1);
        }
        // Whoever wrote it all looks at its beginning.
        self.step(1, Input::Open(id));
        let seq = Seq(5);
        self.step(
            1,
            Input::GoTo {
                conversation: id,
                seq,
            },
        );
        for _ in 0..4 {
            self.pump(1);
        }
        if self.chance(50) {
            // Reads all that waits, and is told that something is missing.
            for _ in 0..FLOOD {
                self.write(0);
                self.hear(0);
            }
        } else if self.devices[0].link.is_some() {
            // The ack is lost, and the message by now far behind the newest.
            self.devices[0].leave();
            self.step(0, Input::SocketClosed { code: None });
        }
    }

    /// Moves what concerns one device.
    fn pump(&mut self, device: usize) {
        self.wake(device);
        self.connect(device, true);
        while !self.devices[device].writes.is_empty() {
            self.save(device);
        }
        self.take(device);
        if let Some(server) = &self.server {
            server.run(4);
        }
        self.write(device);
        while self.receive(device) {}
    }
}
