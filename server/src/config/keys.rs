//! Every setting by name. The table in `docs/configuration.md` is made from this one.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use super::{Config, Environment, LogFormat, PREFIX, StoreKind, Token};

/// A setting.
pub struct Key {
    /// Its name in the file; a dot stands for a table.
    pub name: &'static str,
    /// Its default as written in the file.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Result<(), String>,
}

impl Key {
    /// Its environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// All settings.
pub const KEYS: &[Key] = &[
    Key {
        name: "environment",
        default: "development",
        meaning: "`development` or `production`. Production refuses what would endanger people: messages in memory only, rate limits off, weak, missing or readable keys, a public address without https.",
        set: |config, value| {
            config.environment = one_of(
                value,
                &[
                    ("development", Environment::Development),
                    ("production", Environment::Production),
                ],
            )?;
            Ok(())
        },
    },
    Key {
        name: "listen",
        default: "127.0.0.1:3000",
        meaning: "Address and port to listen on. Port 0 takes a free one and prints it.",
        set: |config, value| parse(value, &mut config.listen),
    },
    Key {
        name: "public_url",
        default: "",
        meaning: "The address people type, such as `https://chat.example`. Requests from any other origin are refused; https makes cookies Secure. Empty: the address asked for counts if it is `localhost` or a bare IP address. Needed in production unless the server listens on this machine only.",
        set: |config, value| {
            config.public_url = optional(value)?;
            Ok(())
        },
    },
    Key {
        name: "data_dir",
        default: "data",
        meaning: "Folder of the database and the keys. Made at the first start, readable by its owner only. Production refuses one that others may use.",
        set: |config, value| {
            config.data_dir = path(value)?;
            Ok(())
        },
    },
    Key {
        name: "store",
        default: "surrealkv",
        meaning: "`surrealkv` keeps messages in the data folder; `memory` loses them when the process ends and is for development only.",
        set: |config, value| {
            config.store = one_of(
                value,
                &[
                    ("surrealkv", StoreKind::SurrealKv),
                    ("memory", StoreKind::Memory),
                ],
            )?;
            Ok(())
        },
    },
    Key {
        name: "site_root",
        default: "target/site",
        meaning: "Folder of the built assets: styles, scripts, WebAssembly, icons.",
        set: |config, value| {
            config.site_root = path(value)?;
            Ok(())
        },
    },
    Key {
        name: "trusted_proxies",
        default: "",
        meaning: "Addresses or networks of the reverse proxies in front, separated by commas. Only their `X-Forwarded-For` is believed. Needed in production with an https `public_url`: the server ends no TLS itself.",
        set: |config, value| {
            config.trusted_proxies = value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| item.parse().map_err(|e| format!("{item}: {e}")))
                .collect::<Result<_, _>>()?;
            Ok(())
        },
    },
    Key {
        name: "metrics_token",
        default: "",
        meaning: "Bearer token that opens `/metrics` from elsewhere; at least 16 characters. Without it only this machine may ask, and nothing that came through a proxy.",
        set: |config, value| {
            if !value.is_empty() && value.len() < 16 {
                return Err("at least 16 characters".to_owned());
            }
            config.metrics_token = (!value.is_empty()).then(|| Token(value.to_owned()));
            Ok(())
        },
    },
    Key {
        name: "log.format",
        default: "text",
        meaning: "`text` for people or `json`, one object per line.",
        set: |config, value| {
            config.log_format = one_of(
                value,
                &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            )?;
            Ok(())
        },
    },
    Key {
        name: "log.level",
        default: "info",
        meaning: "What is logged, as `tracing` directives such as `warn,server=debug`. Message texts, passwords and tokens never are.",
        set: |config, value| {
            value.clone_into(&mut config.log_level);
            Ok(())
        },
    },
    Key {
        name: "message_requests",
        default: "true",
        meaning: "Whether whoever writes to somebody with whom they share no conversation waits for an answer: five messages, shown apart as a request. `false` where everybody knows everybody, as in a family or a class. Requests that there are already stay until they are answered.",
        set: |config, value| parse(value, &mut config.message_requests),
    },
    Key {
        name: "limits.connections",
        default: "20000",
        meaning: "TCP connections open at the same time; further ones wait.",
        set: |config, value| count(value, &mut config.limits.connections),
    },
    Key {
        name: "limits.connections_per_address",
        default: "1024",
        meaning: "TCP connections from one address at the same time, those of WebSockets included; further ones are closed. An IPv6 network of 64 bits counts as one. Those of this machine and of `trusted_proxies` are not counted.",
        set: |config, value| count(value, &mut config.limits.connections_per_address),
    },
    Key {
        name: "limits.sockets_per_address",
        default: "256",
        meaning: "WebSockets from one client address at the same time; an IPv6 network of 64 bits counts as one. Those of this machine itself are not counted.",
        set: |config, value| count(value, &mut config.limits.sockets_per_address),
    },
    Key {
        name: "limits.rate_limits",
        default: "true",
        meaning: "Whether rate limits apply; off only for load tests.",
        set: |config, value| parse(value, &mut config.limits.rate_limits),
    },
    Key {
        name: "limits.password_hashes",
        default: "2",
        meaning: "Passwords hashed at the same time; each takes a core and 19 MiB meanwhile.",
        set: |config, value| count(value, &mut config.limits.password_hashes),
    },
    Key {
        name: "limits.header_timeout_ms",
        default: "10000",
        meaning: "Milliseconds that the head of a request may take, and a connection may idle between two.",
        set: |config, value| millis(value, &mut config.limits.header_timeout),
    },
    Key {
        name: "limits.body_timeout_ms",
        default: "10000",
        meaning: "Milliseconds that the body of a request may take.",
        set: |config, value| millis(value, &mut config.limits.body_timeout),
    },
    Key {
        name: "limits.write_timeout_ms",
        default: "10000",
        meaning: "Milliseconds that a write to a WebSocket may wait for a client that does not read.",
        set: |config, value| millis(value, &mut config.limits.write_timeout),
    },
    Key {
        name: "limits.hello_timeout_ms",
        default: "5000",
        meaning: "Milliseconds that a WebSocket may stay silent before its `hello`.",
        set: |config, value| millis(value, &mut config.limits.hello_timeout),
    },
    Key {
        name: "limits.heartbeat_ms",
        default: "30000",
        meaning: "Milliseconds between two pings of a WebSocket.",
        set: |config, value| millis(value, &mut config.limits.heartbeat),
    },
    Key {
        name: "limits.idle_timeout_ms",
        default: "75000",
        meaning: "Milliseconds of silence after which a WebSocket is closed; more than two heartbeats.",
        set: |config, value| millis(value, &mut config.limits.idle_timeout),
    },
    Key {
        name: "limits.drain_timeout_ms",
        default: "5000",
        meaning: "Milliseconds that stopping may take.",
        set: |config, value| millis(value, &mut config.limits.drain_timeout),
    },
];

/// The answer to `--help`.
pub(super) fn help() -> String {
    let mut text = String::from(
        "baatcheet [--config FILE]            the server\n\
         baatcheet seed-demo [--config FILE]  fills an empty server with a demonstration\n\
         baatcheet reports [done ID]          reads what people have reported, while the server is stopped\n\n\
         Settings, from FILE (baatcheet.toml) and the environment:\n",
    );
    for key in KEYS {
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "  {:<28} {:<40} [{}]",
            key.name,
            key.variable(),
            key.default
        );
    }
    text
}

fn parse<T: std::str::FromStr>(value: &str, into: &mut T) -> Result<(), String>
where
    T::Err: std::fmt::Display,
{
    *into = value.parse().map_err(|e| format!("{value}: {e}"))?;
    Ok(())
}

fn optional<T: std::str::FromStr>(value: &str) -> Result<Option<T>, String>
where
    T::Err: std::fmt::Display,
{
    if value.is_empty() {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|e| format!("{value}: {e}"))
}

fn one_of<T: Copy>(value: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices
        .iter()
        .find(|(name, _)| *name == value)
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            format!("{value} is none of {}", names.join(", "))
        })
}

fn path(value: &str) -> Result<PathBuf, String> {
    if value.is_empty() {
        return Err("must name a folder".to_owned());
    }
    Ok(PathBuf::from(value))
}

/// Far above what a machine holds; more would not fit the counters behind it.
const MOST: usize = 1_000_000;
/// A day in milliseconds: longer than anybody waits.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;

fn count(value: &str, into: &mut usize) -> Result<(), String> {
    parse(value, into)?;
    if !(1..=MOST).contains(into) {
        return Err(format!("must be at least 1 and at most {MOST}"));
    }
    Ok(())
}

fn millis(value: &str, into: &mut Duration) -> Result<(), String> {
    let mut number = 0_u64;
    parse(value, &mut number)?;
    if !(1..=LONGEST_MS).contains(&number) {
        return Err(format!("must be at least 1 and at most {LONGEST_MS}"));
    }
    *into = Duration::from_millis(number);
    Ok(())
}
