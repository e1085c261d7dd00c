//! Measures the search index: how fast it is made, what it takes on the disk, what it costs
//! those who write meanwhile, and how long searches take.
//!
//! `cargo run --release --features store-surreal/measure --example search_index [messages]
//! [conversations] [searches]`. Whoever searches is in every tenth of the conversations, and what
//! they find elsewhere is counted. The figures in docs/performance.md come from here.
#![recursion_limit = "256"]
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a measuring tool prints its table and stops at the first failure"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chat::{
    Actor, Chat, Command, Config, Connection, Deps, Device, Outgoing, SendCommand, SignUp, Store,
};
use protocol::{
    Codec, ConversationId, DisplayName, EmailAddress, Intent, Password, SearchQuery, SendId, Seq,
    ServerFrame, Timestamp, Username,
};
use security::{KeyRing, PasswordParams};
use store_surreal::{Options, SurrealStore};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Different words, and words in a message.
const VOCABULARY: usize = 30_000;
const LENGTH: usize = 10;

/// Sends under way at once, and in how many connections.
const UNDER_WAY: usize = 60;
const TABS: usize = 4;

const ROMAN: &[&str] = &[
    "ka", "kha", "ga", "cha", "ja", "ta", "da", "na", "pa", "ba", "ma", "ya", "ra", "la", "va",
    "sha", "sa", "ha", "ki", "ti", "mu", "ro", "le", "du", "ne", "khi", "gu", "cho",
];
const DEVANAGARI: &[&str] = &[
    "क", "ख", "ग", "च", "ज", "त", "द", "न", "प", "ब", "म", "य", "र", "ल", "व", "श", "स", "ह", "कि",
    "ति", "मु", "रो", "ले", "दु", "ने", "खि", "गु", "चो",
];

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Few words are said often and most seldom: the logarithm of the rank is even.
    fn word(&mut self) -> usize {
        let even = (self.next() % 1_000_000) as f64 / 1e6;
        ((VOCABULARY as f64).powf(even) as usize).min(VOCABULARY - 1)
    }
}

fn vocabulary() -> Vec<String> {
    let mut dice = Dice(7);
    let word = |number: usize| {
        let script = if number % 3 == 0 { DEVANAGARI } else { ROMAN };
        let count = 1 + number.min(300) / 100 + (dice.next() % 2) as usize;
        let syllables = (0..count).map(|_| script[dice.next() as usize % script.len()]);
        syllables.collect()
    };
    (0..VOCABULARY).map(word).collect()
}

/// One in so many conversations is of whoever searches.
const TENTH: usize = 10;

struct World {
    chat: Arc<Chat>,
    people: People,
}

#[derive(Clone, Copy)]
struct People {
    /// Writes everywhere.
    asha: Actor,
    /// Is in some conversations, and searches.
    bilal: Actor,
}

async fn open(directory: &Path, keys: &Arc<KeyRing>, index: bool, known: Option<People>) -> World {
    let store = SurrealStore::open(Options::at(directory))
        .await
        .expect("opens");
    let store: Arc<dyn Store> = Arc::new(store);
    let config = Config {
        password: PasswordParams {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        },
        index,
        rate_limits: false,
        ..Config::default()
    };
    let deps = Deps {
        store,
        keys: Arc::clone(keys),
        config,
    };
    let chat = Chat::open(deps, NOW).await.expect("starts");
    let people = match known {
        Some(people) => people,
        None => People {
            asha: person(&chat, "asha").await,
            bilal: person(&chat, "bilal").await,
        },
    };
    World { chat, people }
}

async fn person(chat: &Chat, name: &str) -> Actor {
    let form = SignUp {
        display_name: DisplayName::parse(name).expect("name"),
        username: Username::parse(name).expect("name"),
        email: EmailAddress::parse(&format!("{name}@example.org")).expect("address"),
        password: Password::parse_new("chabi tala kunji".to_owned()).expect("password"),
    };
    let device = Device {
        address: "192.0.2.7".parse().expect("address"),
        name: "measure".to_owned(),
    };
    let signed_in = chat.sign_up(form, device, NOW).await.expect("signs up");
    signed_in.actor()
}

async fn group(world: &World, number: usize) -> ConversationId {
    let title = DisplayName::parse(&format!("group {number}")).expect("title");
    let id = SendId::from_parts(NOW, number as u128);
    let bilal = world.people.bilal.user();
    let others = Vec::from_iter((number % TENTH == 0).then_some(bilal));
    let asha = &world.people.asha;
    let made = world.chat.create_group(asha, id, title, others, NOW);
    made.await.expect("a group").id
}

/// Writes messages from one connection, round and round the conversations.
async fn write(world: &World, words: &[String], ids: &[ConversationId], tab: usize, count: usize) {
    let connected = world.chat.connect(&world.people.asha, Codec::Binary, NOW);
    let Connection {
        id, mut outgoing, ..
    } = connected.expect("connects");
    let mut dice = Dice(99 + tab as u64);
    let (mut sent, mut settled) = (0, 0);
    while settled < count {
        while sent < count && sent - settled < UNDER_WAY {
            let text: Vec<&str> = (0..LENGTH).map(|_| words[dice.word()].as_str()).collect();
            let intent = Intent::Text {
                text: text.join(" "),
                reply_to: None,
            };
            let command = SendCommand {
                send_id: SendId::from_parts(NOW, u128::from(dice.next()) << 8 | tab as u128),
                conversation: ids[(sent * TABS + tab) % ids.len()],
                command: Command::try_from(intent).expect("a text"),
                after: Seq(u64::MAX >> 2),
                retry: false,
            };
            world.chat.send(&world.people.asha, id, command, NOW);
            sent += 1;
        }
        if let Some(Outgoing::Frame(bytes)) = outgoing.recv().await {
            match Codec::Binary.decode(&bytes).expect("a frame") {
                ServerFrame::Ack { .. } => settled += 1,
                ServerFrame::Reject { code, .. } => assert!(code.is_transient(), "{code:?}"),
                _ => {}
            }
        }
        if outgoing.is_empty() {
            world.chat.drained(id);
        }
    }
    world.chat.disconnect(id, NOW);
}

/// Messages per second.
async fn fill(world: &World, words: &[String], ids: &[ConversationId], count: usize) -> f64 {
    let started = Instant::now();
    let tabs = (0..TABS).map(|tab| write(world, words, ids, tab, count / TABS));
    futures_util::future::join_all(tabs).await;
    count as f64 / started.elapsed().as_secs_f64()
}

fn bytes_in(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).expect("directory").flatten();
    let size = |entry: std::fs::DirEntry| {
        if entry.file_type().expect("type").is_dir() {
            bytes_in(&entry.path())
        } else {
            entry.metadata().expect("size").len()
        }
    };
    entries.map(size).sum()
}

fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1_024
}

/// Searches, and counts what is found and what of that is in conversations of others.
async fn search(world: &World, text: &str, own: &[ConversationId]) -> Found {
    let query = SearchQuery::parse(text).expect("a query");
    let within = <&[_; 1]>::try_from(own).map(|[only]| *only).ok();
    let started = Instant::now();
    let found = world
        .chat
        .search(&world.people.bilal, &query, within, None, NOW)
        .await;
    let took = started.elapsed();
    let page = found.expect("a page");
    let is_foreign = |conversation| !own.contains(&conversation);
    Found {
        took,
        hits: page.hits.len(),
        foreign: page
            .hits
            .iter()
            .filter(|hit| is_foreign(hit.conversation))
            .count(),
        whole: page.next.is_none(),
    }
}

struct Found {
    took: Duration,
    hits: usize,
    foreign: usize,
    whole: bool,
}

async fn measure(
    world: &World,
    name: &str,
    searches: usize,
    own: &[ConversationId],
    mut query: impl FnMut() -> String,
) {
    let (mut times, mut hits, mut foreign, mut whole) = (Vec::new(), 0, 0, 0);
    for _ in 0..searches {
        let found = search(world, &query(), own).await;
        times.push(found.took.as_secs_f64() * 1e3);
        hits += found.hits;
        foreign += found.foreign;
        whole += usize::from(found.whole || found.hits >= 20);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (mean, answered) = (hits as f64 / searches as f64, 100 * whole / searches);
    let (p50, p99, most) = (at(0.5), at(0.99), at(1.0));
    println!("| {name} | {p50:.2} | {p99:.2} | {most:.2} | {mean:.1} | {answered} % | {foreign} |");
}

async fn measure_all(world: &World, words: &[String], searches: usize, own: &[ConversationId]) {
    println!(
        "| Search for | p50 ms | p99 ms | longest ms | found | answered at once | of others |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut dice = Dice(5);
    let mut from =
        |least: usize, most: usize| words[least + dice.next() as usize % (most - least)].clone();
    measure(
        world,
        "one of the 100 most frequent words",
        searches,
        own,
        || from(0, 100),
    )
    .await;
    measure(world, "one of the next 2,900", searches, own, || {
        from(100, 3_000)
    })
    .await;
    measure(world, "one of the other 27,000", searches, own, || {
        from(3_000, VOCABULARY)
    })
    .await;
    measure(
        world,
        "a seldom word and a frequent one",
        searches,
        own,
        || format!("{} {}", from(3_000, VOCABULARY), from(0, 100)),
    )
    .await;
    measure(world, "two seldom words", searches, own, || {
        format!("{} {}", from(3_000, VOCABULARY), from(3_000, VOCABULARY))
    })
    .await;
    measure(
        world,
        "the first three letters of a word",
        searches,
        own,
        || from(0, VOCABULARY).chars().take(3).collect(),
    )
    .await;
    let mut n = 0;
    measure(world, "a word that nobody wrote", searches, own, || {
        n += 1;
        format!("zzyzx{n}q")
    })
    .await;
    measure(world, "a seldom word from:asha", searches, own, || {
        format!("{} from:asha", from(3_000, VOCABULARY))
    })
    .await;
}

async fn run(messages: usize, conversations: usize, searches: usize) {
    let directory = tempfile::tempdir().expect("directory");
    let (keys, words) = (Arc::new(KeyRing::for_tests()), vocabulary());
    let world = open(directory.path(), &keys, false, None).await;
    let mut ids = Vec::new();
    for number in 0..conversations {
        ids.push(group(&world, number).await);
    }
    println!("{messages} messages of {LENGTH} words in {conversations} conversations\n");
    let rate = fill(&world, &words, &ids, messages).await;
    println!("- written without an index: {rate:.0}/s");
    let people = world.people;
    world.chat.drain(NOW).await;
    drop(world);
    let without = bytes_in(directory.path());
    let world = open(directory.path(), &keys, true, Some(people)).await;
    let started = Instant::now();
    for id in &ids {
        let query = SearchQuery::parse("zzyzx").expect("a query");
        let chat = &world.chat;
        let found = chat
            .search(&people.asha, &query, Some(*id), None, NOW)
            .await;
        found.expect("a page");
    }
    world.chat.index_idle().await;
    let rate = messages as f64 / started.elapsed().as_secs_f64();
    println!("- indexed: {rate:.0}/s, resident {} MiB", resident_mib());
    world.chat.drain(NOW).await;
    drop(world);
    let with = bytes_in(directory.path());
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let each = with.saturating_sub(without) as f64 / messages as f64;
    let (without, with) = (mib(without), mib(with));
    println!(
        "- on the disk: {without:.1} MiB, with the index {with:.1} MiB: {each:.0} bytes a message\n"
    );
    let world = open(directory.path(), &keys, true, Some(people)).await;
    let own: Vec<_> = ids.iter().copied().step_by(TENTH).collect();
    println!("Whoever searches is in {} of them.\n", own.len());
    measure_all(&world, &words, searches, &own).await;
    println!("\n- resident after the searches {} MiB", resident_mib());
    let more = group(&world, conversations + 1).await;
    let count = messages.min(40_000);
    let chat = Arc::clone(&world.chat);
    let ticking = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        loop {
            ticks.tick().await;
            chat.tick(NOW).await;
        }
    });
    let rate = fill(&world, &words, &[more], count).await;
    ticking.abort();
    let metrics = world.chat.metrics();
    println!("- {count} written into one more conversation while it is indexed: {rate:.0}/s");
    println!("- entries followed by then: {}", metrics.index_entries);
    world.chat.drain(NOW).await;
}

fn main() {
    let argument = |number: usize, usual: usize| {
        let given = std::env::args().nth(number);
        given.map_or(usual, |text| text.parse().expect("a number"))
    };
    let (messages, conversations, searches) =
        (argument(1, 100_000), argument(2, 1), argument(3, 300));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(10 * 1024 * 1024)
        .build()
        .expect("a runtime");
    runtime.block_on(run(messages, conversations, searches));
}
