//! What is measured, each in its own process: the server, and the relay it is compared with.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::failure::{During, Failure, Outcome};
use crate::http::Http;
use crate::options::Options;
use crate::process::{Process, beside};

/// How long a process may take until it answers.
const START: Duration = Duration::from_secs(60);
/// How often it is asked.
const ASK: Duration = Duration::from_millis(20);

/// A server or relay that answers.
pub(crate) struct Subject {
    process: Process,
    pub(crate) address: SocketAddr,
}

/// A directory for the server's data that is removed in the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(parent: &Path, name: &str) -> Outcome<Self> {
        let path = parent.join(format!("baatcheet-load-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).during("making a data directory")?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {error}", self.0.display());
        }
    }
}

impl Subject {
    /// Starts the server on a data directory, without rate limits; everything else as it comes.
    pub(crate) async fn server(options: &Options, data: &Path) -> Outcome<Self> {
        let program = server_program(options)?;
        let address = free_address()?;
        // No page is asked for, but without a site the server does not start.
        let site = data.join("site");
        std::fs::create_dir_all(site.join("pkg"))?;
        let env = [
            ("BAATCHEET_LISTEN", address.to_string()),
            (
                "BAATCHEET_DATA_DIR",
                data.join("data").display().to_string(),
            ),
            ("BAATCHEET_SITE_ROOT", site.display().to_string()),
            ("BAATCHEET_LIMITS_RATE_LIMITS", "false".to_owned()),
            ("BAATCHEET_MESSAGE_REQUESTS", "false".to_owned()),
            ("BAATCHEET_LOG_LEVEL", "warn".to_owned()),
        ];
        let process = Process::start(
            "the server",
            &program,
            &[],
            &env,
            &data.join("server.log"),
            options.pin.then_some(0),
        )?;
        let mut subject = Self { process, address };
        subject.answers(Some("/readyz")).await?;
        Ok(subject)
    }

    /// Starts the relay: this same program in another process.
    pub(crate) async fn relay(options: &Options, data: &Path) -> Outcome<Self> {
        let address = free_address()?;
        let process = Process::start(
            "the relay",
            &std::env::current_exe()?,
            &["relay", &address.to_string()],
            &[],
            &data.join("relay.log"),
            options.pin.then_some(0),
        )?;
        let mut subject = Self { process, address };
        subject.answers(None).await?;
        Ok(subject)
    }

    pub(crate) const fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(crate) async fn stop(self) -> Outcome<()> {
        self.process.stop().await
    }

    async fn answers(&mut self, path: Option<&str>) -> Outcome<()> {
        let patience = Instant::now() + START;
        while Instant::now() < patience {
            self.process.check()?;
            let answered = match (Http::connect(self.address).await, path) {
                (Ok(mut http), Some(path)) => http
                    .get(path, None)
                    .await
                    .is_ok_and(|answer| answer.status == 200),
                (Ok(_), None) => true,
                (Err(_), _) => false,
            };
            if answered {
                return Ok(());
            }
            sleep(ASK).await;
        }
        Err(Failure::new("the process does not answer"))
    }
}

/// The server's program.
pub(crate) fn server_program(options: &Options) -> Outcome<PathBuf> {
    match &options.server {
        Some(path) => Ok(path.clone()),
        None => beside("baatcheet"),
    }
}

/// An address on the loopback that is free now.
fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
