//! The configuration: defaults, then the file, then the environment, each over the one before.
//! The only place that reads the environment and the command line.

mod commands;
mod keys;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use commands::{Asked, Line};

pub use commands::{Command, ReportsTask, SEED_DEMO};
pub use keys::{KEYS, Key};

use crate::network::Network;
use crate::origin::{Origin, OwnOrigin};

/// The file read from the working directory when none is named.
const FILE: &str = "baatcheet.toml";
/// Where cargo-leptos tells pages to reload, as the workspace's manifest says.
const RELOAD_PORT: u16 = 3001;
/// What the names of all environment variables begin with.
const PREFIX: &str = "BAATCHEET_";

/// What the server is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's own machine: everything works without configuration.
    Development,
    /// For other people: settings that would endanger them are refused.
    Production,
}

/// Where messages are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// SurrealDB over SurrealKV in the data directory.
    SurrealKv,
    /// In memory only; gone with the process.
    Memory,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Bounds of this server. Those of the protocol are in `protocol::limits`.
#[derive(Debug, Clone)]
pub struct Limits {
    /// TCP connections open at the same time; further ones wait in the system's queue.
    pub connections: usize,
    /// TCP connections from one address at the same time. This machine's own and those of
    /// trusted proxies are not counted.
    pub connections_per_address: usize,
    /// Sockets from one client address at the same time. This machine's own are not counted.
    pub sockets_per_address: usize,
    /// Whether rate limits apply; off only for load tests.
    pub rate_limits: bool,
    /// Password hashes computed at the same time.
    pub password_hashes: usize,
    /// How long the head of a request may take, and a connection may idle between requests.
    pub header_timeout: Duration,
    /// How long the body of a request may take.
    pub body_timeout: Duration,
    /// How long a write to a socket may wait for a client that does not read.
    pub write_timeout: Duration,
    /// How long a socket may wait before its `Hello`.
    pub hello_timeout: Duration,
    /// Time between two pings of a socket.
    pub heartbeat: Duration,
    /// Silence after which a socket is closed.
    pub idle_timeout: Duration,
    /// How long stopping may take.
    pub drain_timeout: Duration,
}

/// A secret from the configuration. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The secret.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Everything that can be configured; [`KEYS`] is the same as a table.
#[derive(Debug, Clone)]
pub struct Config {
    /// What the server is run for.
    pub environment: Environment,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The origin in the browser's bar; unset, the address asked for counts if it is this
    /// machine's own name or a bare IP address.
    pub public_url: Option<Origin>,
    /// Where the database and the keys are.
    pub data_dir: PathBuf,
    /// Where messages are kept.
    pub store: StoreKind,
    /// Where the built pages' assets are.
    pub site_root: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// What opens `/metrics` to callers that are not on this machine.
    pub metrics_token: Option<Token>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as `tracing` directives.
    pub log_level: String,
    /// Whether whoever writes to a person with whom they share nothing waits for an answer.
    pub message_requests: bool,
    /// Bounds.
    pub limits: Limits,
    /// Where the development tool tells pages to reload; set by that tool only.
    pub reload_port: Option<u16>,
}

/// Why the server will not start like this.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not valid TOML: {message}")]
    NotToml {
        /// Which.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Nothing is configured by this name.
    #[error("{0} is not a setting; docs/configuration.md lists them all")]
    Unknown(String),
    /// The value does not fit.
    #[error("{name}: {message}")]
    Invalid {
        /// Of what.
        name: String,
        /// What would fit.
        message: String,
    },
    /// The command line does not fit.
    #[error(
        "unknown argument {0}; there are seed-demo, reports, reports done ID, --config FILE, --version and --help"
    )]
    Argument(String),
    /// A setting that would endanger people.
    #[error("refused in production: {0}")]
    Unsafe(&'static str),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            environment: Environment::Development,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            public_url: None,
            data_dir: PathBuf::from("data"),
            store: StoreKind::SurrealKv,
            site_root: PathBuf::from("target/site"),
            trusted_proxies: Vec::new(),
            metrics_token: None,
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            message_requests: true,
            limits: Limits::default(),
            reload_port: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            connections_per_address: 1_024,
            sockets_per_address: 256,
            rate_limits: true,
            password_hashes: 2,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            hello_timeout: Duration::from_millis(protocol::limits::HELLO_MS),
            heartbeat: Duration::from_millis(protocol::limits::HEARTBEAT_MS),
            idle_timeout: Duration::from_millis(protocol::limits::CONNECTION_IDLE_MS),
            drain_timeout: Duration::from_secs(5),
        }
    }
}

impl Config {
    /// Reads the command line, the file and the environment of this process.
    ///
    /// # Errors
    /// [`ConfigError`], which names the setting and what would fit.
    pub fn from_process() -> Result<Command, ConfigError> {
        let (asked, file) = match commands::read(std::env::args().skip(1))? {
            Line::Print(text) => return Ok(Command::Print(text)),
            Line::Run(asked, file) => (asked, file),
        };
        let text = match &file {
            Some(path) => Some(read(path)?),
            None if Path::new(FILE).exists() => Some(read(Path::new(FILE))?),
            None => None,
        };
        let path = file.unwrap_or_else(|| PathBuf::from(FILE));
        let mut config = Self::from_sources(text.as_deref(), &path, std::env::vars())?;
        if is_watched() {
            config.reload_port = Some(RELOAD_PORT);
        }
        let config = Box::new(config);
        Ok(match asked {
            Asked::Serve => Command::Serve(config),
            Asked::SeedDemo => Command::SeedDemo(config),
            Asked::Reports(task) => Command::Reports(config, task),
        })
    }

    /// Puts the sources together and checks the whole.
    ///
    /// # Errors
    /// As [`Config::from_process`].
    pub fn from_sources(
        file: Option<&str>,
        path: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        for (name, value) in file.map_or_else(|| Ok(BTreeMap::new()), |text| flatten(text, path))? {
            let key = KEYS
                .iter()
                .find(|key| key.name == name)
                .ok_or_else(|| ConfigError::Unknown(name.clone()))?;
            config.set(key, &name, &value)?;
        }
        for (variable, value) in environment {
            if let Some(key) = KEYS.iter().find(|key| key.variable() == variable) {
                config.set(key, &variable, &value)?;
            } else if variable.starts_with(PREFIX) {
                return Err(ConfigError::Unknown(variable));
            }
        }
        config.check()?;
        Ok(config)
    }

    fn set(&mut self, key: &Key, named: &str, value: &str) -> Result<(), ConfigError> {
        (key.set)(self, value.trim()).map_err(|message| ConfigError::Invalid {
            name: named.to_owned(),
            message,
        })
    }

    /// Refuses settings that do not go together and, in production, what would endanger
    /// people.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] and [`ConfigError::Unsafe`].
    pub fn check(&self) -> Result<(), ConfigError> {
        // A client that answers every ping would be closed for its silence.
        if self.limits.idle_timeout <= self.limits.heartbeat * 2 {
            return Err(ConfigError::Invalid {
                name: "limits.idle_timeout_ms".to_owned(),
                message: "must be more than twice limits.heartbeat_ms".to_owned(),
            });
        }
        if self.environment == Environment::Development {
            return Ok(());
        }
        if self.store == StoreKind::Memory {
            return Err(ConfigError::Unsafe(
                "store = \"memory\" loses every message when the process ends",
            ));
        }
        if !self.limits.rate_limits {
            return Err(ConfigError::Unsafe(
                "limits.rate_limits = false lets passwords be guessed without end",
            ));
        }
        match &self.public_url {
            None if !self.listen.ip().is_loopback() => Err(ConfigError::Unsafe(
                "public_url is needed to tell our own pages from other sites",
            )),
            Some(own) if !own.is_secure() && !own.is_loopback() => Err(ConfigError::Unsafe(
                "public_url must begin with https://, or passwords travel in the open",
            )),
            Some(own) if own.is_secure() && self.trusted_proxies.is_empty() => {
                Err(ConfigError::Unsafe(
                    "trusted_proxies must name the proxy that ends TLS for public_url, or all \
                     visitors are one to every limit",
                ))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn own_origin(&self) -> OwnOrigin {
        self.public_url
            .clone()
            .map_or(OwnOrigin::AsAddressed, OwnOrigin::Fixed)
    }
}

/// Whether the development tool runs this process.
#[expect(
    clippy::disallowed_methods,
    reason = "this module reads the environment"
)]
fn is_watched() -> bool {
    std::env::var_os("LEPTOS_WATCH").is_some()
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// `[limits] connections = 5` as `limits.connections` → `5`.
fn flatten(text: &str, path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let not_toml = |message: String| ConfigError::NotToml {
        path: path.to_owned(),
        message,
    };
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        // The message alone: the error also quotes the line, which may hold a secret.
        not_toml(e.message().to_owned())
    })?;
    let mut flat = BTreeMap::new();
    for (name, value) in table {
        if let toml::Value::Table(inner) = value {
            for (inner_name, value) in inner {
                let name = format!("{name}.{inner_name}");
                let value =
                    scalar(&value).ok_or_else(|| not_toml(format!("{name} is no value")))?;
                flat.insert(name, value);
            }
        } else {
            let value = scalar(&value).ok_or_else(|| not_toml(format!("{name} is no value")))?;
            flat.insert(name, value);
        }
    }
    Ok(flat)
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(on.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(scalar).collect();
            Some(items?.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests;
