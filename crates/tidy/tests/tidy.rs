//! The house rules that a compiler does not know. `docs/style.md` says why they are there.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs;

use tidy::{Source, code_only, functions, repository, sources, unreachable};

const CODE_LINES: usize = 400;
const TEST_LINES: usize = 600;
const FUNCTION_LINES: usize = 70;
const GATES_IN_APP: usize = 4;

/// Files that are longer than they should be, with the length they may not exceed. Only ever
/// take lines away here: the test says when a number can be lowered or an entry removed.
const LONG_FILES: [(&str, usize); 0] = [];

/// The same for functions, as `path::name`.
const LONG_FUNCTIONS: [(&str, usize); 0] = [];

/// Who may read the clock or wait.
const KEEPERS_OF_TIME: [&str; 6] = [
    "server/src/clock.rs",
    "xtask/src/",
    "loadtest/src/",
    // Waits between two tries of a commit that met another one.
    "crates/store-surreal/src/engine.rs",
    // Measurements and drills with real processes.
    "crates/store-surreal/examples/",
    "server/tests/kill/",
];

fn rust() -> Vec<Source> {
    sources(&[".rs"])
}

#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Holds a measure under its limit, or under what the exceptions grant, and makes the grants
/// shrink.
fn ratchet(name: &str, is: usize, limit: usize, grants: &[(&str, usize)]) -> Option<String> {
    let grant = grants.iter().find(|(granted, _)| *granted == name);
    match grant {
        None if is > limit => Some(format!("{name}: {is} lines, at most {limit}")),
        Some((_, allowed)) if is > *allowed => Some(format!(
            "{name}: {is} lines, its exception grants {allowed}"
        )),
        Some(_) if is <= limit => Some(format!("{name}: {is} lines, remove its exception")),
        Some((_, allowed)) if is < *allowed => {
            Some(format!("{name}: {is} lines, lower its exception to that"))
        }
        _ => None,
    }
}

#[test]
fn files_stay_small() {
    let complaints: Vec<String> = sources(&[".rs", ".ts", ".css"])
        .iter()
        .flat_map(|source| {
            let all = source.text.lines().count();
            let (is, limit) = if source.is_test() {
                (all, TEST_LINES)
            } else {
                (source.lines_of_code(), CODE_LINES)
            };
            [
                ratchet(&source.path, is, limit, &LONG_FILES),
                (all > TEST_LINES && is <= limit)
                    .then(|| format!("{}: {all} lines with its tests", source.path)),
            ]
        })
        .flatten()
        .collect();
    none(&complaints);
}

#[test]
fn functions_stay_small() {
    let mut complaints = Vec::new();
    for source in rust() {
        for function in functions(&code_only(&source.text)) {
            let name = format!("{}::{}", source.path, function.name);
            complaints.extend(ratchet(
                &name,
                function.lines,
                FUNCTION_LINES,
                &LONG_FUNCTIONS,
            ));
        }
    }
    none(&complaints);
}

#[test]
fn exceptions_name_what_exists() {
    let files = sources(&[".rs", ".ts", ".css"]);
    let known = |path: &str| files.iter().any(|file| file.path == path);
    let complaints: Vec<String> = LONG_FILES
        .iter()
        .map(|(path, _)| *path)
        .chain(
            LONG_FUNCTIONS
                .iter()
                .filter_map(|(name, _)| name.split("::").next()),
        )
        .filter(|path| !known(path))
        .map(|path| format!("{path} has an exception and does not exist"))
        .collect();
    none(&complaints);
}

#[test]
fn every_file_is_part_of_a_crate() {
    none(&unreachable(&rust()));
}

#[test]
fn feature_gates_in_the_app_stay_few() {
    let mut found = Vec::new();
    for source in rust() {
        if !source.path.starts_with("app/src/") {
            continue;
        }
        for (index, line) in source.text.lines().enumerate() {
            let gate = ["cfg(", "cfg!(", "cfg_attr("]
                .iter()
                .any(|gate| line.contains(gate));
            if gate && (line.contains("feature") || line.contains("target_")) {
                found.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    assert!(
        found.len() <= GATES_IN_APP,
        "{} gates, at most {GATES_IN_APP}:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn crates_obey_the_workspace_lints() {
    let complaints: Vec<String> = sources(&["Cargo.toml"])
        .into_iter()
        .filter(|manifest| manifest.path != "Cargo.toml")
        .filter(|manifest| !manifest.text.contains("[lints]\nworkspace = true"))
        .map(|manifest| format!("{} does not take the workspace's lints", manifest.path))
        .collect();
    none(&complaints);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not forbid itself.
    let words = [
        "TO".to_owned() + "DO",
        "FIX".to_owned() + "ME",
        "XX".to_owned() + "X",
    ];
    let mut complaints = Vec::new();
    for source in sources(&[
        ".rs", ".ts", ".css", ".toml", ".md", ".surql", ".js", ".mjs",
    ]) {
        for (index, line) in source.text.lines().enumerate() {
            let left = line
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| words.iter().any(|forbidden| forbidden == word));
            if left {
                complaints.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    for (source, line, text) in code_lines() {
        let later = "unimpl".to_owned() + "emented!(";
        if text.contains("todo!(") || text.contains(&later) {
            complaints.push(format!("{source}:{line}: {}", text.trim()));
        }
    }
    none(&complaints);
}

/// Every line of Rust, without comments and literals.
fn code_lines() -> Vec<(String, usize, String)> {
    rust()
        .iter()
        .flat_map(|source| {
            let code = code_only(&source.text);
            let lines: Vec<_> = code
                .lines()
                .enumerate()
                .map(|(index, line)| (source.path.clone(), index + 1, line.to_owned()))
                .collect();
            lines
        })
        .collect()
}

#[test]
fn time_comes_in_from_outside() {
    let asks = [
        "SystemTime::now",
        "Instant::now",
        "thread::sleep",
        "time::sleep",
    ];
    let complaints: Vec<String> = code_lines()
        .into_iter()
        .filter(|(path, ..)| {
            !KEEPERS_OF_TIME
                .iter()
                .any(|keeper| path.starts_with(keeper))
        })
        .filter(|(.., text)| asks.iter().any(|ask| text.contains(ask)))
        .map(|(path, line, text)| format!("{path}:{line}: {}", text.trim()))
        .collect();
    none(&complaints);
}

#[test]
fn modules_are_named_after_what_they_do_and_export_by_name() {
    let mut complaints: Vec<String> = rust()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| {
            path.split('/').any(|part| {
                matches!(
                    part.trim_end_matches(".rs"),
                    "utils" | "util" | "common" | "helpers"
                )
            })
        })
        .collect();
    for (path, line, text) in code_lines() {
        let text = text.trim();
        if text.starts_with("pub") && text.contains("use ") && text.ends_with("::*;") {
            complaints.push(format!("{path}:{line}: {text}"));
        }
    }
    none(&complaints);
}

#[test]
fn layout_follows_the_direction_of_the_script() {
    let mut complaints = Vec::new();
    for source in sources(&[".rs"]) {
        if !source.path.starts_with("app/src/") {
            continue;
        }
        for (index, line) in source.text.lines().enumerate() {
            let words = line.split(|c: char| c.is_whitespace() || c == '"');
            if let Some(class) = words.into_iter().find(|word| is_physical_class(word)) {
                complaints.push(format!("{}:{}: {class}", source.path, index + 1));
            }
        }
    }
    for source in sources(&[".css"]) {
        for (index, line) in source.text.lines().enumerate() {
            if is_physical_rule(line) {
                complaints.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    none(&complaints);
}

/// `ml-4`, `md:-left-2`, `text-right`: right for one direction of writing only.
fn is_physical_class(word: &str) -> bool {
    let class = word
        .rsplit(':')
        .next()
        .unwrap_or(word)
        .trim_start_matches('-');
    if matches!(
        class,
        "text-left" | "text-right" | "float-left" | "float-right"
    ) {
        return true;
    }
    let sides = [
        "ml-",
        "mr-",
        "pl-",
        "pr-",
        "left-",
        "right-",
        "border-l-",
        "border-r-",
    ];
    sides.iter().any(|side| {
        class.strip_prefix(side).is_some_and(|size| {
            size.starts_with(|c: char| c.is_ascii_digit() || c == '[' || c == '(')
                || matches!(size, "auto" | "px" | "full")
        })
    })
}

fn is_physical_rule(line: &str) -> bool {
    let rule = line.trim();
    let sides = ["left", "right"];
    let begins = sides.iter().any(|side| {
        [
            format!("{side}:"),
            format!("margin-{side}:"),
            format!("padding-{side}:"),
            format!("border-{side}:"),
            format!("text-align: {side}"),
            format!("float: {side}"),
        ]
        .iter()
        .any(|forbidden| rule.starts_with(forbidden.as_str()))
    });
    begins && !rule.ends_with("/* physical on purpose */")
}

#[test]
fn the_rules_about_direction_can_fail() {
    for class in ["ml-4", "md:-left-2", "pr-[3px]", "text-right", "right-1/2"] {
        assert!(is_physical_class(class), "{class}");
    }
    for class in ["ms-4", "right-to-left", "left", "mr-x", "chat-start"] {
        assert!(!is_physical_class(class), "{class}");
    }
    assert!(is_physical_rule("  margin-left: 1rem;"));
    assert!(!is_physical_rule("  margin-inline-start: 1rem;"));
}

/// The text between the braces of `enum NAME {`.
fn enum_body(code: &str, name: &str) -> String {
    let start = code.find(&format!("enum {name} {{")).unwrap();
    let after = code.split_at(start).1.split_once('{').unwrap().1;
    let mut depth = 1_u32;
    after
        .chars()
        .take_while(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth > 0
        })
        .collect()
}

fn variants(path: &str, name: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join(path)).unwrap();
    let body = enum_body(&code_only(&text), name);
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for line in body.lines() {
        let word: String = line
            .trim()
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .collect();
        if depth == 0 && word.starts_with(char::is_uppercase) {
            found.push(word);
        }
        for c in line.chars() {
            match c {
                '{' | '(' => depth += 1,
                '}' | ')' => depth -= 1,
                _ => {}
            }
        }
    }
    assert!(!found.is_empty(), "no variants of {name} in {path}");
    found
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

const FRAMES: &str = "crates/protocol/src/frame.rs";
const CLIENT_FRAMES: &str = "crates/protocol/src/frame/client.rs";
const ERRORS: &str = "crates/protocol/src/error.rs";
/// Everything that travels, in a fixed order.
const WIRE: [&str; 12] = [
    FRAMES,
    CLIENT_FRAMES,
    ERRORS,
    "crates/protocol/src/entry.rs",
    "crates/protocol/src/folding.rs",
    "crates/protocol/src/told.rs",
    "crates/protocol/src/dismissed.rs",
    "crates/protocol/src/intent.rs",
    "crates/protocol/src/poll.rs",
    "crates/protocol/src/model.rs",
    "crates/protocol/src/codec.rs",
    "crates/protocol/src/limits.rs",
];

/// FNV-1a over the code of the wire's types, without comments and white space.
fn wire_hash() -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for path in WIRE {
        let text = fs::read_to_string(repository().join(path)).unwrap();
        let without_tests = text.split("#[cfg(test)]").next().unwrap();
        for byte in code_only(without_tests)
            .bytes()
            .filter(|b| !b.is_ascii_whitespace())
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[test]
fn the_protocol_is_described_as_it_is() {
    let doc = fs::read_to_string(repository().join("docs/protocol.md")).unwrap();
    let mut complaints = Vec::new();
    for (path, frames) in [(CLIENT_FRAMES, "ClientFrame"), (FRAMES, "ServerFrame")] {
        for variant in variants(path, frames) {
            if !doc.contains(&format!("`{}`", snake(&variant))) {
                complaints.push(format!("the frame `{}` of {frames}", snake(&variant)));
            }
        }
    }
    for code in variants(ERRORS, "ErrorCode") {
        if !doc.contains(&format!("`{}`", snake(&code))) {
            complaints.push(format!("the error code `{}`", snake(&code)));
        }
    }
    let errors = fs::read_to_string(repository().join(ERRORS)).unwrap();
    for line in enum_body(&code_only(&errors), "CloseCode").lines() {
        if let Some((name, number)) = line.trim().trim_end_matches(',').split_once(" = ")
            && !doc.contains(number)
        {
            complaints.push(format!("the close code {number} ({name})"));
        }
    }
    assert!(
        complaints.is_empty(),
        "docs/protocol.md misses:\n{}",
        complaints.join("\n")
    );
    let hash = wire_hash();
    assert!(
        doc.contains(&format!("wire: {hash}")),
        "what travels has changed: read docs/protocol.md again, mend it, and write \
         `<!-- wire: {hash} -->` at its end"
    );
}

#[test]
fn every_error_code_is_used() {
    let code: String = rust()
        .into_iter()
        .filter(|source| source.path != ERRORS && !source.is_test())
        .map(|source| {
            let text = source
                .text
                .split("#[cfg(test)]\nmod ")
                .next()
                .unwrap()
                .to_owned();
            code_only(&text)
        })
        .collect();
    let complaints: Vec<String> = variants(ERRORS, "ErrorCode")
        .into_iter()
        .filter(|variant| {
            let name = format!("ErrorCode::{variant}");
            !code.match_indices(&name).any(|(at, _)| {
                let after = code.split_at(at + name.len()).1.chars().next();
                !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        })
        .map(|variant| format!("ErrorCode::{variant} is never raised"))
        .collect();
    none(&complaints);
}
