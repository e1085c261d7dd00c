//! One life of the server, in a process of its own: this test program, started again with
//! `--serve <data directory> <fault>`. The real store and the real server, with the faulty
//! store between them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use chat::{Chat, Deps, Device, SignUp, Store};
use protocol::{ConversationId, DisplayName, EmailAddress, Password, Timestamp, UserId, Username};
use security::{KeyRing, PasswordParams};
use serde::{Deserialize, Serialize};
use server::clock::Clock;
use store_surreal::{Options, SurrealStore};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::faulty_store::{Fault, FaultyStore};

/// People in the test; each of the first ten has a second device.
pub(crate) const PEOPLE: usize = 190;
/// How long a start may take before it counts as failed.
const START: Duration = Duration::from_secs(30);

/// Somebody, as the first life has signed them up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) user: UserId,
    pub(crate) token: String,
}

/// Who there is and who talks with whom: what the first life leaves beside the data.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cast {
    pub(crate) accounts: Vec<Account>,
    /// Conversations of two of them, by number.
    pub(crate) conversations: Vec<(ConversationId, usize, usize)>,
}

fn cast_file(data: &Path) -> PathBuf {
    data.join("cast.json")
}

impl Cast {
    pub(crate) fn read(data: &Path) -> Self {
        let text = std::fs::read_to_string(cast_file(data)).expect("the first life wrote it");
        serde_json::from_str(&text).expect("as it was written")
    }
}

/// The server in its own process, seen from the test.
pub(crate) struct Life {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Life {
    /// Starts a server and waits until it listens. `None` if it was killed before.
    pub(crate) async fn begin(data: &Path, fault: Fault) -> Option<Self> {
        let log = std::fs::File::options()
            .append(true)
            .create(true)
            .open(data.join("server.log"))
            .expect("a log");
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .arg("--serve")
            .arg(data)
            .arg(fault.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let stdout = child.stdout.take().expect("was piped");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(START, lines.next_line())
            .await
            .expect("the server listens in time")
            .expect("a line");
        match line {
            Some(line) => Some(Self {
                child,
                address: line.parse().expect("an address"),
            }),
            None => {
                child.wait().await.expect("it ended");
                None
            }
        }
    }

    /// Waits until the server is gone by itself, as a faulty store makes it.
    pub(crate) async fn ended(&mut self) {
        self.child.wait().await.expect("it ended");
    }

    /// Kills the server.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it can be killed");
    }
}

/// The server's side: serves until the process is killed.
pub(crate) async fn serve(data: &Path, fault: Fault) {
    let store = SurrealStore::open(Options::at(data.join("db")))
        .await
        .expect("the database opens after every crash");
    let store: Arc<dyn Store> = Arc::new(store);
    if !cast_file(data).exists() {
        let chat = open(Arc::clone(&store)).await;
        let cast = sign_up(&chat).await;
        let text = serde_json::to_string(&cast).expect("plain data");
        std::fs::write(cast_file(data), text).expect("room for a file");
        drop(chat);
    }
    let chat = open(Arc::new(FaultyStore::new(store, fault))).await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    say(&listener.local_addr().expect("bound").to_string());
    let mut config = server::config::Config::default();
    config.limits.rate_limits = false;
    let deps = server::Deps {
        chat,
        config,
        clock: Clock::system(),
    };
    server::run(listener, deps, std::future::pending())
        .await
        .expect("serves until it is killed");
}

#[expect(clippy::print_stdout, reason = "the line that the test waits for")]
fn say(line: &str) {
    println!("{line}");
}

async fn open(store: Arc<dyn Store>) -> Arc<Chat> {
    let deps = Deps {
        store,
        keys: Arc::new(KeyRing::for_tests()),
        config: chat::Config {
            // One sign-in lasts over all lives.
            access_ttl_ms: 24 * 60 * 60 * 1_000,
            password: PasswordParams {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            },
            rate_limits: false,
            message_requests: false,
            ..chat::Config::default()
        },
    };
    Chat::open(deps, now()).await.expect("chat opens")
}

fn now() -> Timestamp {
    Clock::system().now()
}

/// Makes the people, each pair's conversation, and some between the pairs.
async fn sign_up(chat: &Arc<Chat>) -> Cast {
    let mut signing = tokio::task::JoinSet::new();
    for n in 0..PEOPLE {
        let chat = Arc::clone(chat);
        signing.spawn(async move {
            let form = SignUp {
                display_name: DisplayName::parse(&format!("Person {n}")).expect("a name"),
                username: Username::parse(&format!("person{n}")).expect("a name"),
                email: EmailAddress::parse(&format!("person{n}@kill.test")).expect("an address"),
                password: Password::parse_new("not one of the common".to_owned()).expect("long"),
            };
            let device = Device {
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
                name: "kill test".to_owned(),
            };
            let signed = chat.sign_up(form, device, now()).await.expect("signed up");
            let account = Account {
                user: signed.person.id,
                token: signed.access_token,
            };
            (n, account)
        });
    }
    let mut accounts = signing.join_all().await;
    accounts.sort_unstable_by_key(|(n, _)| *n);
    let accounts: Vec<Account> = accounts.into_iter().map(|(_, account)| account).collect();

    let pairs = (0..PEOPLE / 2).map(|n| (2 * n, 2 * n + 1));
    let across = (0..PEOPLE / 8).map(|n| (8 * n, 8 * n + 2));
    let mut conversations = Vec::new();
    for (one, other) in pairs.chain(across) {
        let (Some(first), Some(second)) = (accounts.get(one), accounts.get(other)) else {
            continue;
        };
        let actor = chat
            .authenticate(&first.token, now())
            .await
            .expect("signed in");
        let opened = chat
            .open_direct(&actor, second.user, now())
            .await
            .expect("opened");
        conversations.push((opened.id, one, other));
    }
    Cast {
        accounts,
        conversations,
    }
}
