//! How cargo is called, in one place, because what is selected decides what is built twice.

use std::path::Path;
use std::process::Command;

use crate::place::Places;

/// Default members whose tests need neither the web stack nor the database.
pub(crate) const RULES: [&str; 10] = [
    "protocol",
    "client",
    "markup",
    "folding",
    "security",
    "chat",
    "store-contract",
    "demo",
    "tidy",
    "xtask",
];

/// The other default members.
pub(crate) const SERVER: [&str; 4] = ["app", "loadtest", "server", "store-surreal"];

/// The profile of everything that runs in the browser, `lib-profile-release` of cargo-leptos.
pub(crate) const WASM_PROFILE: &str = "wasm-release";

/// The browser's target.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Cargo with our target folder, and without what `cargo run` put into the environment of
/// this program: build scripts that look at it would run again.
pub(crate) fn cargo(places: &Places, target: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&places.root);
    clean(&mut command);
    command.env("CARGO_TARGET_DIR", target);
    command
}

/// Takes away what `cargo run` adds to the environment.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
            || matches!(
                &*text,
                "CARGO" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE"
            );
        if ours {
            command.env_remove(&name);
        }
    }
    if let Some(paths) = std::env::var_os("LD_LIBRARY_PATH") {
        let kept: Vec<_> = std::env::split_paths(&paths)
            .filter(|path| {
                let text = path.to_string_lossy();
                !text.contains("/target/") && !text.contains("/toolchains/")
            })
            .collect();
        match std::env::join_paths(&kept) {
            Ok(joined) if !joined.is_empty() => command.env("LD_LIBRARY_PATH", joined),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
}

/// Cargo for all that runs natively, and its tests: `verb --release` with the workspace's default
/// members.
///
/// Cargo unifies features over the packages that are selected. With another selection
/// (`-p server` alone, `--workspace`, `--all-features`) some crate below SurrealDB would get another
/// feature set, and the database would be compiled a second time, twenty minutes on two
/// cores. `boundary::same_features` checks that tests do not change the features either.
pub(crate) fn native(places: &Places, verb: &str) -> Command {
    let mut command = cargo(places, &places.target());
    command.args([verb, "--release", "--locked"]);
    command
}

/// Cargo for crates named one by one: [`RULES`], some or all, or [`SERVER`] as a whole.
pub(crate) fn packages<'a>(
    places: &Places,
    verb: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Command {
    let mut command = native(places, verb);
    for name in names {
        command.args(["-p", name]);
    }
    command
}
