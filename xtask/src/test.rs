//! All tests, and one line about them at the end.

use std::process::Command;

use crate::cargo::{RULES, SERVER, clean, native, packages};
use crate::place::Places;
use crate::report::Report;
use crate::run::{Built, build};
use crate::{Result, boundary, browser, budget, require, shell};

/// What ran.
#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
    /// Of those that passed: only at a second try.
    flaky: u64,
    /// Parts that broke without counting a single failed test.
    broken: Vec<String>,
}

impl Count {
    fn part(&mut self, name: &str, succeeded: bool, failed_before: u64) {
        if !succeeded && self.failed == failed_before {
            self.failed += 1;
            self.broken.push(name.to_owned());
        }
    }
}

/// Runs everything, or one part of it.
pub(crate) fn test(places: &Places, report: &Report, rest: &[String]) -> Result<()> {
    let part = rest.first().map(String::as_str);
    if let Some(unknown) = part.filter(|p| !["rules", "server", "browser"].contains(p)) {
        return Err(format!(
            "there is no part `{unknown}`: rules, server, browser"
        ));
    }
    let filters = rest.get(1..).unwrap_or_default();
    let mut count = Count::default();
    if let Some((name, mut tests)) = native_tests(places, part) {
        report.step(name, || cargo_test(&mut tests, filters, name, &mut count))?;
    }
    if part.is_none() {
        report.step("boundaries", || {
            tally("boundaries", boundary::check(places), &mut count);
            Ok(())
        })?;
    }
    if part.is_none_or(|part| part == "browser") {
        let built = build(places, report)?;
        let within = budget::check(places, &built.site).map(|()| 1);
        tally("size of the site", within, &mut count);
        playwright(places, report, &built, "chat", filters, &mut count)?;
    }
    summary(&count)
}

/// All of them in one call of cargo, which compiles a crate once for everybody who needs it.
fn native_tests(places: &Places, part: Option<&str>) -> Option<(&'static str, Command)> {
    match part {
        None => Some((
            "tests of the rules, the server, the store and the pages",
            native(places, "test"),
        )),
        Some("rules") => Some(("tests of the rules", packages(places, "test", RULES))),
        Some("server") => Some((
            "tests of the server, the store and the pages",
            packages(places, "test", SERVER),
        )),
        Some(_) => None,
    }
}

/// Pictures of every screen, into the cache.
pub(crate) fn screenshots(places: &Places, report: &Report) -> Result<()> {
    let built = build(places, report)?;
    let mut count = Count::default();
    playwright(places, report, &built, "screenshots", &[], &mut count)?;
    report.say(&format!(
        "pictures are in {}",
        places.cache.join("screenshots").display()
    ));
    summary(&count)
}

fn summary(count: &Count) -> Result<()> {
    for part in &count.broken {
        eprintln!("{part}: did not run to its end");
    }
    let flaky = match count.flaky {
        0 => String::new(),
        flaky => format!(" ({flaky} of them at the second try)"),
    };
    eprintln!("\n{} passed{flaky}, {} failed", count.passed, count.failed);
    if count.failed > 0 {
        return Err("tests failed".to_owned());
    }
    if count.passed == 0 {
        return Err("no test ran".to_owned());
    }
    Ok(())
}

fn tally(name: &str, result: Result<u64>, count: &mut Count) {
    match result {
        Ok(checks) => count.passed += checks,
        Err(error) => {
            eprintln!("{error}");
            count.failed += 1;
            count.broken.push(name.to_owned());
        }
    }
}

fn cargo_test(
    command: &mut Command,
    filters: &[String],
    name: &str,
    count: &mut Count,
) -> Result<()> {
    let before = count.failed;
    command.arg("--no-fail-fast");
    if !filters.is_empty() {
        command.arg("--").args(filters);
    }
    let succeeded = shell::watch(command, |line| {
        // test result: ok. 12 passed; 0 failed; 0 ignored; ..
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        count.passed += number_before(result, " passed");
        count.failed += number_before(result, " failed");
    })?;
    count.part(name, succeeded, before);
    Ok(())
}

fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .and_then(|before| before.rsplit([' ', ';']).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

fn playwright(
    places: &Places,
    report: &Report,
    built: &Built,
    project: &str,
    filters: &[String],
    count: &mut Count,
) -> Result<()> {
    let folder = places.root.join("end2end");
    let modules = require::node_modules(places, report, &folder)?;
    let chromium = browser::chromium(report)?;
    let results = places.cache.join("logs/browser-tests.json");
    let _absent = std::fs::remove_file(&results);
    report.step("tests in the browser", || {
        let mut command = Command::new(modules.join(".bin/playwright"));
        command
            .current_dir(&folder)
            .args(["test", "--reporter=list,json"])
            .arg(format!("--project={project}"))
            .args(filters)
            .env("E2E_SERVER", &built.server)
            .env("E2E_SITE", &built.site.folder)
            .env("E2E_CHROMIUM", &chromium)
            .env("E2E_SCREENSHOTS", places.cache.join("screenshots"))
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &results);
        clean(&mut command);
        let before = count.failed;
        let succeeded = shell::watch(&mut command, |_line| {})?;
        let text = std::fs::read_to_string(&results).unwrap_or_default();
        let flaky = stat(&text, "flaky");
        count.flaky += flaky;
        count.passed += stat(&text, "expected") + flaky;
        count.failed += stat(&text, "unexpected");
        count.part("browser", succeeded, before);
        Ok(())
    })
}

/// A number of the report's `"stats": {"expected": 3, ..}`.
fn stat(json: &str, name: &str) -> u64 {
    json.split_once("\"stats\"")
        .and_then(|(_, stats)| stats.split_once(&format!("\"{name}\"")))
        .and_then(|(_, after)| after.split([':', ',', '}', '\n']).nth(1))
        .and_then(|digits| digits.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{number_before, stat};

    #[test]
    fn the_counts_of_cargo_and_playwright_are_read() {
        let line = "ok. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            (
                number_before(line, " passed"),
                number_before(line, " failed")
            ),
            (12, 3)
        );
        let json = "{\"suites\":[{\"expected\":9}],\n \"stats\": {\n  \"expected\": 4,\n  \
                    \"skipped\": 0,\n  \"unexpected\": 1,\n  \"flaky\": 2\n }}";
        assert_eq!(stat(json, "expected"), 4);
        assert_eq!(stat(json, "unexpected"), 1);
        assert_eq!(stat(json, "flaky"), 2);
    }
}
