//! Which crate may know which, proved with `cargo tree`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cargo::{WASM_TARGET, cargo};
use crate::place::{Places, list, member_names};
use crate::{Result, shell};

/// What must never reach the browser.
const SERVER_ONLY: [&str; 5] = ["surrealdb", "mio", "argon2", "axum", "tokio"];

/// All of ours that the browser gets.
const IN_THE_BROWSER: [&str; 5] = ["app", "client", "frontend", "markup", "protocol"];

/// Runs all checks and returns how many there were.
pub(crate) fn check(places: &Places) -> Result<u64> {
    let mut done = 0;
    for name in SERVER_ONLY {
        absent_in_the_browser(places, name)?;
        done += 1;
    }
    only_ours_in_the_browser(places)?;
    only_the_store_names_the_database(places)?;
    same_features(places)?;
    Ok(done + 3)
}

fn tree(places: &Places, args: &[&str]) -> Command {
    let mut command = cargo(places, &places.target());
    command.args(["tree", "--locked", "--quiet"]).args(args);
    command
}

/// `cargo tree -i X` fails when X is not in the tree, and also when X is misspelt; that it
/// succeeds for the server is the control.
fn absent_in_the_browser(places: &Places, name: &str) -> Result<()> {
    let server = ["-p", "server", "-e", "normal", "-i", name];
    if shell::ask(&mut tree(places, &server)).is_none() {
        return Err(format!(
            "control failed: {name} is not below the server either; the check proves nothing"
        ));
    }
    let browser = ["-p", "frontend", "--target", WASM_TARGET];
    let mut command = tree(places, &browser);
    command.args(["-e", "normal", "-i", name]);
    match shell::ask(&mut command) {
        None => Ok(()),
        // `cargo tree -i` prints nothing and succeeds for a crate that only other targets use.
        Some(text) if text.is_empty() => Ok(()),
        Some(text) => Err(format!("{name} reaches the browser:\n{text}")),
    }
}

fn only_ours_in_the_browser(places: &Places) -> Result<()> {
    let args = ["-p", "frontend", "--target", WASM_TARGET, "-e", "normal"];
    let mut command = tree(places, &args);
    command.args(["--prefix", "none", "-f", "{p}"]);
    let text = shell::ask(&mut command).ok_or("cargo tree -p frontend failed")?;
    let members = member_names(&places.root)?;
    let found: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| members.iter().any(|member| member == name))
        .collect();
    let expected = BTreeSet::from(IN_THE_BROWSER);
    if found == expected {
        Ok(())
    } else {
        Err(format!(
            "the browser has {found:?} of ours, not {expected:?}"
        ))
    }
}

fn only_the_store_names_the_database(places: &Places) -> Result<()> {
    let mut namers = BTreeSet::new();
    for member in member_folders(&places.root)? {
        let manifest = places.root.join(&member).join("Cargo.toml");
        let text = fs::read_to_string(&manifest)
            .map_err(|e| format!("cannot read {}: {e}", manifest.display()))?;
        if text.lines().any(|line| line.starts_with("surrealdb")) {
            namers.insert(member);
        }
    }
    let expected = BTreeSet::from(["crates/store-surreal".to_owned()]);
    if namers == expected {
        Ok(())
    } else {
        Err(format!(
            "these depend on surrealdb: {namers:?}, not {expected:?}"
        ))
    }
}

fn member_folders(root: &Path) -> Result<Vec<String>> {
    let names = member_names(root)?;
    let mut found = Vec::new();
    for folder in ["", "crates", "xtask"] {
        for entry in list(&root.join(folder)) {
            let name = entry.file_name().and_then(|n| n.to_str()).unwrap_or("");
            if entry.join("Cargo.toml").is_file() && names.iter().any(|n| n == name) {
                let inside = entry.strip_prefix(root).unwrap_or(&entry);
                found.push(inside.display().to_string());
            }
        }
    }
    Ok(found)
}

/// Dev-dependencies must not add features to anything that is built for the server too, or
/// `test` would compile the database once more than `run`.
fn same_features(places: &Places) -> Result<()> {
    let features = |edges: &str| -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut command = tree(places, &["-e", edges, "--prefix", "none"]);
        command.args(["-f", "{p}|{f}"]);
        let text = shell::ask(&mut command).ok_or("cargo tree failed")?;
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines() {
            let line = line.trim_end_matches(" (*)");
            if let Some((package, features)) = line.split_once('|') {
                found
                    .entry(package.to_owned())
                    .or_default()
                    .insert(features.to_owned());
            }
        }
        Ok(found)
    };
    let built = features("normal,build")?;
    let tested = features("normal,build,dev")?;
    let ours = places.root.display().to_string();
    for (package, features) in &built {
        let same = tested.get(package).is_none_or(|other| other == features);
        if !same && !package.contains(&ours) {
            return Err(format!(
                "dev-dependencies change the features of {package}: {features:?} for a build, \
                 {:?} for a test; the database would be compiled twice",
                tested.get(package)
            ));
        }
    }
    Ok(())
}
