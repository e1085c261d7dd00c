//! A server on a free port of this machine and people who use it over the network.

mod http;
mod intents;
mod logs;
mod socket;
mod store;
mod user;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chat::{Chat, MemoryStore, Store};
use security::{KeyRing, PasswordParams};
use server::clock::Clock;
use server::config::Config;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use http::{Answer, Call, encode, exchange};
pub(crate) use intents::{react, reply};
pub(crate) use logs::logged;
pub(crate) use socket::{Ended, Frame, Socket, frames_between};
pub(crate) use store::{Fault, FaultyStore};
pub(crate) use user::{TestUser, send_id, sockets};

/// What is waited for comes at once or never; this only ends a test that has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Everybody's password. Real ones differ; what is tested with it does not depend on it.
pub(crate) const PASSWORD: &str = "chai at five, two sugars";

/// Waits for what a test waits for.
#[track_caller]
pub(crate) fn soon<F: Future>(what: &str, future: F) -> impl Future<Output = F::Output> {
    let asked_at = std::panic::Location::caller();
    async move {
        match tokio::time::timeout(PATIENCE, future).await {
            Ok(output) => output,
            Err(_) => panic!("{asked_at}: waited in vain for {what}"),
        }
    }
}

/// What a server is made of, before it starts.
pub(crate) struct Setup {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chat: chat::Config,
    pub(crate) server: Config,
    pub(crate) clock: Clock,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            chat: chat::Config {
                password: PasswordParams {
                    memory_kib: 8,
                    passes: 1,
                    lanes: 1,
                },
                message_requests: false,
                ..chat::Config::default()
            },
            server: Config {
                site_root: PathBuf::from("/nonexistent"),
                ..Config::default()
            },
            clock: Clock::system(),
        }
    }
}

impl Setup {
    /// Without limits on how often: for tests that do much of something else.
    pub(crate) fn unlimited(&mut self) {
        self.chat.rate_limits = false;
        self.server.limits.rate_limits = false;
    }
}

/// A server in this process. Dropping it stops it.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<std::io::Result<()>>>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Setup)) -> Self {
        logs::begin();
        let mut setup = Setup::default();
        change(&mut setup);
        let clock = setup.clock;
        let deps = chat::Deps {
            store: setup.store,
            keys: Arc::new(KeyRing::for_tests()),
            config: setup.chat,
        };
        let chat = Chat::open(deps, clock.now()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let deps = server::Deps {
            chat,
            config: setup.server,
            clock: clock.clone(),
        };
        let running = tokio::spawn(server::run(listener, deps, async {
            // Dropping the test's end stops the server too.
            let _ = stopped.await;
        }));
        Self {
            address,
            clock,
            stop: Some(stop),
            running: Some(running),
        }
    }

    /// Does what SIGTERM does. The server is still running when this returns.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until the server has ended.
    pub(crate) async fn ended(&mut self) {
        let running = self.running.take().unwrap();
        soon("the end of the server", running)
            .await
            .unwrap()
            .unwrap();
    }

    pub(crate) async fn call(&self, call: Call) -> Answer {
        exchange(self.address, call).await
    }

    /// Somebody new, signed in.
    pub(crate) async fn user(&self, name: &str) -> TestUser {
        TestUser::sign_up(self.address, name).await
    }

    /// Two people and their conversation.
    pub(crate) async fn pair(&self) -> (TestUser, TestUser, protocol::ConversationId) {
        let (meera, zoya) = (self.user("meera").await, self.user("zoya").await);
        let conversation = meera.open_direct(&zoya).await;
        (meera, zoya, conversation)
    }

    /// Somebody on two devices, somebody else, and their conversation.
    pub(crate) async fn two_devices(
        &self,
    ) -> (TestUser, TestUser, TestUser, protocol::ConversationId) {
        let (meera, zoya, conversation) = self.pair().await;
        let phone = meera.on_another_device().await;
        (meera, phone, zoya, conversation)
    }

    /// Waits until `/metrics` has a sample, whose name is given without its prefix.
    pub(crate) async fn metrics_say(&self, sample: &str) {
        let line = format!("\nbaatcheet_{sample}\n");
        soon(sample, async {
            while !self.metrics().await.text().contains(&line) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    async fn metrics(&self) -> Answer {
        self.call(Call::get("/metrics")).await.ok()
    }

    /// A counter or gauge of `/metrics`.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let answer = self.metrics().await;
        let prefix = format!("baatcheet_{name} ");
        let line = answer
            .text()
            .lines()
            .find_map(|line| line.strip_prefix(&prefix))
            .map(str::to_owned);
        line.unwrap_or_else(|| panic!("no metric {name}"))
            .parse()
            .unwrap()
    }
}
