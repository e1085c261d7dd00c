//! Which files are part of the program.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Source, code_only};

/// Rust files that no crate root leads to by `mod`.
#[must_use]
pub fn unreachable(sources: &[Source]) -> Vec<String> {
    let by_path: BTreeMap<&str, &Source> = sources.iter().map(|s| (s.path.as_str(), s)).collect();
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<String> = sources
        .iter()
        .map(|source| source.path.clone())
        .filter(|path| is_root(path))
        .collect();
    while let Some(path) = waiting.pop() {
        let Some(source) = by_path.get(path.as_str()) else {
            continue;
        };
        if reached.insert(path.clone()) {
            waiting.extend(declared(source));
        }
    }
    sources
        .iter()
        .map(|source| source.path.clone())
        .filter(|path| !reached.contains(path))
        .collect()
}

/// What cargo finds by itself: `src/lib.rs`, `src/main.rs`, and each file directly in `tests`,
/// `examples`, `benches` or `src/bin`.
fn is_root(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or("");
    let folder = parts.next().unwrap_or("");
    match folder {
        "src" => matches!(name, "lib.rs" | "main.rs"),
        "tests" | "examples" | "benches" | "bin" => {
            let above = parts.next().unwrap_or("");
            folder == "bin" || above != "src"
        }
        _ => name == "build.rs" || (name == "main.rs" && is_target_folder(parts.next())),
    }
}

/// `tests/NAME/main.rs` is a test of its own.
fn is_target_folder(above: Option<&str>) -> bool {
    matches!(above, Some("tests" | "examples" | "benches" | "bin"))
}

/// Where the modules that this file declares would be; both places, of which one exists.
fn declared(source: &Source) -> Vec<String> {
    let (folder, name) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let stem = name.trim_end_matches(".rs");
    let inside = if stem == "mod" || is_root(&source.path) {
        folder.to_owned()
    } else {
        format!("{folder}/{stem}")
    };
    let mut found = Vec::new();
    let code = code_only(&source.text);
    let mut given = None;
    for (line, raw) in code.lines().zip(source.text.lines()) {
        if raw.trim_start().starts_with("#[path") {
            given = raw.split('"').nth(1).map(str::to_owned);
            continue;
        }
        let Some(module) = module_name(line) else {
            if !line.trim().is_empty() && !line.trim_start().starts_with("#[") {
                given = None;
            }
            continue;
        };
        match given.take() {
            Some(path) => found.push(normal(&format!("{folder}/{path}"))),
            None => {
                found.push(format!("{inside}/{module}.rs"));
                found.push(format!("{inside}/{module}/mod.rs"));
            }
        }
    }
    found
}

/// The name in `mod name;` or `pub mod name;`.
fn module_name(line: &str) -> Option<&str> {
    let declaration = line.trim().strip_suffix(';')?;
    let (before, name) = declaration.rsplit_once("mod ")?;
    let qualified = before.is_empty() || before.trim_start().starts_with("pub");
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (qualified && plain).then_some(name)
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::unreachable;
    use crate::Source;

    fn file(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_file_that_nothing_declares_is_found() {
        let files = [
            file(
                "a/src/lib.rs",
                "mod used;\n// mod dead;\n#[cfg(test)]\n#[path = \"odd.rs\"]\nmod t;",
            ),
            file("a/src/used.rs", "pub(crate) mod inner;"),
            file("a/src/used/inner.rs", ""),
            file("a/src/odd.rs", ""),
            file("a/src/dead.rs", ""),
            file("a/tests/story.rs", "mod support;"),
            file("a/tests/support/mod.rs", ""),
        ];
        assert_eq!(unreachable(&files), ["a/src/dead.rs"]);
    }
}
