use super::*;

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_sources(Some(file), Path::new("test.toml"), environment)
}

#[track_caller]
fn refused(file: &str, part: &str) {
    let message = load(file, &[]).unwrap_err().to_string();
    assert!(message.contains(part), "{message}");
}

/// Every row of the table in the documentation, as this code has it.
fn documented_rows() -> String {
    KEYS.iter()
        .map(|key| {
            let default = if key.default.is_empty() {
                "empty".to_owned()
            } else {
                format!("`{}`", key.default)
            };
            format!(
                "| `{}` | `{}` | {default} | {} |\n",
                key.name,
                key.variable(),
                key.meaning
            )
        })
        .collect()
}

#[test]
fn the_documented_table_is_the_one_in_the_code() {
    let document = include_str!("../../../docs/configuration.md");
    let table: String = document
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert_eq!(table, documented_rows());
}

#[test]
fn every_documented_default_is_the_default() {
    let mut config = Config::default();
    for key in KEYS {
        (key.set)(&mut config, key.default).unwrap();
    }
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn the_environment_stands_over_the_file() {
    let file = "listen = \"127.0.0.1:4000\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n[limits]\nconnections = 7\n";
    let config = load(
        file,
        &[("BAATCHEET_LISTEN", "127.0.0.1:5000"), ("HOME", "/")],
    )
    .unwrap();
    assert_eq!(config.listen.port(), 5000);
    assert_eq!(config.limits.connections, 7);
    assert_eq!(config.trusted_proxies.len(), 2);
}

#[test]
fn mistakes_are_named() {
    refused("lisen = \"127.0.0.1:1\"", "lisen");
    refused("[limits]\nconnection = 1", "limits.connection");
    refused("[limits]\nconnections = 0", "at least 1");
    refused("listen = \"here\"", "listen");
    refused("store = \"mongo\"", "surrealkv, memory");
    refused("listen = ", "TOML");
    refused("metrics_token = \"short\"", "16");
    let unknown = load("", &[("BAATCHEET_LISTENN", "x")]).unwrap_err();
    assert!(unknown.to_string().contains("BAATCHEET_LISTENN"));
}

#[test]
fn limits_that_cannot_work_are_refused() {
    for limit in [
        "connections",
        "connections_per_address",
        "sockets_per_address",
        "password_hashes",
    ] {
        load(&format!("[limits]\n{limit} = 1000000"), &[]).unwrap();
        for number in ["0", "1000001", "-1", "9223372036854775807"] {
            refused(&format!("[limits]\n{limit} = {number}"), limit);
        }
    }
    for key in KEYS.iter().filter(|key| key.name.ends_with("_ms")) {
        let mut config = Config::default();
        (key.set)(&mut config, "86400000").unwrap();
        for number in ["0", "86400001", "18446744073709551615"] {
            assert!((key.set)(&mut config, number).is_err(), "{}", key.name);
        }
    }
    load("[limits]\nheartbeat_ms = 10\nidle_timeout_ms = 21", &[]).unwrap();
    for silence in ["9", "10", "20"] {
        refused(
            &format!("[limits]\nheartbeat_ms = 10\nidle_timeout_ms = {silence}"),
            "limits.idle_timeout_ms: must be more than twice limits.heartbeat_ms",
        );
    }
    refused("[limits]\nheartbeat_ms = 40000", "idle_timeout_ms");
}

#[test]
fn a_mistake_beside_a_secret_does_not_print_it() {
    let message = load("metrics_token = \"correct horse battery", &[])
        .unwrap_err()
        .to_string();
    assert!(!message.contains("horse"), "{message}");
    let config = load("metrics_token = \"correct horse battery\"", &[]).unwrap();
    assert!(!format!("{config:?}").contains("horse"));
}

#[test]
fn production_refuses_what_endangers_people() {
    let safe = "environment = \"production\"\npublic_url = \"https://chat.example\"\nlisten = \"0.0.0.0:443\"\ntrusted_proxies = [\"10.0.0.1\"]\n";
    load(safe, &[]).unwrap();
    refused(
        &safe.replace("trusted_proxies = [\"10.0.0.1\"]", ""),
        "trusted_proxies",
    );
    refused(&format!("{safe}store = \"memory\""), "memory");
    refused(
        &format!("{safe}[limits]\nrate_limits = false"),
        "rate_limits",
    );
    refused(&safe.replace("https", "http"), "https");
    refused(
        "environment = \"production\"\nlisten = \"0.0.0.0:80\"",
        "public_url",
    );
    load("environment = \"production\"", &[]).unwrap();
    load(
        "environment = \"production\"\npublic_url = \"http://localhost:3000\"",
        &[],
    )
    .unwrap();
}
