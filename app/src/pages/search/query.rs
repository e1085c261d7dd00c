//! What was typed, before anybody is asked. Pure.

use protocol::{SearchQuery, TextError};

use crate::components::SEARCH;
use crate::format::encode;
use crate::i18n::{Texts, fill};

/// What can be put before a value to narrow a search, and the whole of the one without a value.
pub(super) const FILTERS: [&str; 5] = ["from:", "in:", "before:", "after:", "has:link"];

/// What is asked for, as it stands in the address.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// What was typed.
    pub q: String,
    /// The id of the one conversation that is searched, or nothing.
    pub within: String,
    /// Where the page before ended, without a script.
    pub before: String,
}

impl Asked {
    /// Its address.
    pub(super) fn address(&self) -> String {
        let parts = [
            ("q", &self.q),
            ("in", &self.within),
            ("before", &self.before),
        ];
        let parts = parts
            .into_iter()
            .map(|(name, value)| (name, value.trim()))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)));
        match parts.collect::<Vec<_>>().join("&").as_str() {
            "" => SEARCH.to_owned(),
            query => format!("{SEARCH}?{query}"),
        }
    }
}

/// Why something cannot be looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Complaint {
    /// What follows `from:` is no username.
    From(String),
    /// Nothing follows `in:`.
    In(String),
    /// What follows is no day.
    Day(String),
    /// Something else than `link` follows `has:`.
    Has(String),
    /// A filter is there twice.
    Twice,
    /// It is too long, or has too many words.
    TooLong,
}

/// What to do about what was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Typed {
    /// There is nothing to look for.
    Nothing,
    /// The server can be asked.
    Query,
    /// It would refuse.
    Wrong(Complaint),
}

pub(super) fn typed(q: &str) -> Typed {
    match SearchQuery::parse(q) {
        Ok(_) => Typed::Query,
        Err(TextError::Empty) => Typed::Nothing,
        Err(TextError::TooLong) => Typed::Wrong(Complaint::TooLong),
        Err(_) => Typed::Wrong(
            q.split_whitespace()
                .find_map(wrong)
                .unwrap_or(Complaint::Twice),
        ),
    }
}

/// What is wrong with one word, by itself.
fn wrong(part: &str) -> Option<Complaint> {
    let (name, _) = part.split_once(':')?;
    SearchQuery::parse(&format!("x {part}")).err()?;
    let part = part.to_owned();
    Some(match name.to_ascii_lowercase().as_str() {
        "from" => Complaint::From(part),
        "in" => Complaint::In(part),
        "has" => Complaint::Has(part),
        _ => Complaint::Day(part),
    })
}

impl Complaint {
    pub(super) fn says(&self, t: &Texts) -> String {
        let s = t.search();
        match self {
            Self::From(part) => fill(s.bad_from, &[("filter", part)]),
            Self::In(part) => fill(s.bad_in, &[("filter", part)]),
            Self::Has(part) => fill(s.bad_has, &[("filter", part)]),
            Self::Day(part) => {
                let name = part.split(':').next().unwrap_or_default();
                let day = format!("{name}:2026-01-31");
                fill(s.bad_date, &[("filter", part), ("day", &day)])
            }
            Self::Twice => s.twice.to_owned(),
            Self::TooLong => s.too_long.to_owned(),
        }
    }
}

/// What was typed with one more filter.
pub(super) fn with_filter(q: &str, filter: &str) -> String {
    let q = q.trim_end();
    if q.split_whitespace().any(|part| part == filter) {
        return q.to_owned();
    }
    match q {
        "" => filter.to_owned(),
        q => format!("{q} {filter}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn what_is_asked_for_stands_in_the_address() {
        let asked = |q: &str, within: &str| Asked {
            q: q.to_owned(),
            within: within.to_owned(),
            before: String::new(),
        };
        assert_eq!(asked("", "").address(), "/search");
        assert_eq!(
            asked(" chai & x ", "").address(),
            "/search?q=chai%20%26%20x"
        );
        assert_eq!(asked("", "01K").address(), "/search?in=01K");
        assert_eq!(
            asked("ज़", "01K").address(),
            "/search?q=%E0%A4%9C%E0%A4%BC&in=01K"
        );
    }

    #[test]
    fn what_cannot_be_looked_for_says_which_part_of_it() {
        let wrong = |complaint| Typed::Wrong(complaint);
        let part = str::to_owned;
        for (q, expected) in [
            ("", Typed::Nothing),
            ("in:@asha", Typed::Nothing),
            ("chai from:asha", Typed::Query),
            ("12:30", Typed::Query),
            ("chai from:", wrong(Complaint::From(part("from:")))),
            ("chai FROM:a/b", wrong(Complaint::From(part("FROM:a/b")))),
            ("chai in:", wrong(Complaint::In(part("in:")))),
            (
                "before:today chai",
                wrong(Complaint::Day(part("before:today"))),
            ),
            (
                "chai after:2026-02-30",
                wrong(Complaint::Day(part("after:2026-02-30"))),
            ),
            ("chai has:cats", wrong(Complaint::Has(part("has:cats")))),
            ("chai from:asha from:zoya", wrong(Complaint::Twice)),
            (&"x".repeat(600), wrong(Complaint::TooLong)),
            (&"x ".repeat(60), wrong(Complaint::TooLong)),
        ] {
            assert_eq!(typed(q), expected, "{q}");
        }
        let t = Locale::En.texts();
        assert_eq!(
            Complaint::Day(part("after:x")).says(t),
            "“after:x”: a day follows, as in after:2026-01-31."
        );
    }

    #[test]
    fn a_filter_is_put_at_the_end_and_not_twice() {
        assert_eq!(with_filter("", "from:"), "from:");
        assert_eq!(with_filter("chai ", "from:"), "chai from:");
        assert_eq!(with_filter("has:link chai", "has:link"), "has:link chai");
    }
}
