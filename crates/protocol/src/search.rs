//! Looking for messages: what is typed, what comes back, and where a search goes on.
//!
//! A query is words, and between them `from:asha`, `in:` with a conversation, `before:` and
//! `after:` with a day (`2026-11-30`, in UTC), and `has:link`. What looks like one of these and
//! is none is refused, so that nobody takes everything for an answer to what was misspelt. A
//! word with a colon that begins with none of these names is a word.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits::{QUERY_BYTES, QUERY_WORDS};
use crate::{ConversationId, IdError, Message, Seq, TextError, Timestamp, Username};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// A search for messages that was checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchQuery {
    /// The words, as typed; all have to be found, and of the last a beginning.
    pub words: Vec<String>,
    /// Who wrote it.
    pub from: Option<Username>,
    /// Where, as typed: what a title means only the caller knows.
    pub within: Option<String>,
    /// Written before this moment.
    pub before: Option<Timestamp>,
    /// Written at this moment or later.
    pub after: Option<Timestamp>,
    /// Whether it has a link.
    pub has_link: bool,
}

impl SearchQuery {
    /// Reads what was typed. White space separates; nothing is escaped.
    ///
    /// # Errors
    /// `TooLong` beyond [`QUERY_BYTES`] or [`QUERY_WORDS`]; `InvalidFormat` for a filter that
    /// is none, or twice there; `Empty` if neither a word, an author nor `has:link` is asked
    /// for.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() > QUERY_BYTES {
            return Err(TextError::TooLong);
        }
        let mut query = Self::default();
        for part in text.split_whitespace() {
            let filter = part.split_once(':');
            if !query.take(filter)? {
                query.words.push(part.to_owned());
            }
        }
        if query.words.len() > QUERY_WORDS {
            return Err(TextError::TooLong);
        }
        if query.words.is_empty() && query.from.is_none() && !query.has_link {
            return Err(TextError::Empty);
        }
        Ok(query)
    }

    /// Whether it was a filter.
    fn take(&mut self, filter: Option<(&str, &str)>) -> Result<bool, TextError> {
        let Some((name, value)) = filter else {
            return Ok(false);
        };
        match name.to_ascii_lowercase().as_str() {
            "from" => set(
                &mut self.from,
                Username::parse(value.trim_start_matches('@')),
            )?,
            "in" if !value.is_empty() => set(&mut self.within, Ok(value.to_owned()))?,
            "before" => set(&mut self.before, day(value))?,
            "after" => set(&mut self.after, day(value))?,
            "has" if value.eq_ignore_ascii_case("link") && !self.has_link => self.has_link = true,
            "in" | "has" => return Err(TextError::InvalidFormat),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn set<T>(place: &mut Option<T>, value: Result<T, TextError>) -> Result<(), TextError> {
    let value = value.map_err(|_| TextError::InvalidFormat)?;
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(TextError::InvalidFormat),
    }
}

/// The beginning of a day, `YYYY-MM-DD`, in UTC, from 1970 on.
fn day(text: &str) -> Result<Timestamp, TextError> {
    let number = |part: Option<&str>, length: usize| {
        part.filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u64>().ok())
            .ok_or(TextError::InvalidFormat)
    };
    let mut parts = text.splitn(3, '-');
    let year = number(parts.next(), 4)?;
    let (month, date) = (number(parts.next(), 2)?, number(parts.next(), 2)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&date) {
        return Err(TextError::InvalidFormat);
    }
    let years: u64 = (1970..year)
        .map(|year| 365 + u64::from(is_leap(year)))
        .sum();
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    Ok(Timestamp::from_millis((years + months + date - 1) * DAY_MS))
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Where a search goes on. As text `<last activity>.<conversation>.<place>`; made by the
/// server, and checked like anything else that comes in: it permits nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SearchFrom {
    /// When the conversation was last active as the search began with it.
    pub active_at: Timestamp,
    /// The conversation that is searched next.
    pub conversation: ConversationId,
    /// Only places before this one are left of it.
    pub below: Seq,
}

impl fmt::Display for SearchFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let active_at = self.active_at.millis();
        write!(f, "{active_at}.{}.{}", self.conversation, self.below)
    }
}

impl FromStr for SearchFrom {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(IdError);
        let active_at = part()?.parse().map_err(|_| IdError)?;
        let conversation = part()?.parse()?;
        let below = part()?.parse().map_err(|_| IdError)?;
        Ok(Self {
            active_at: Timestamp::from_millis(active_at),
            conversation,
            below: Seq(below),
        })
    }
}

/// What a search has found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchPage {
    /// Messages, those first that have the words in the script in which they were typed, then
    /// the newest first.
    pub hits: Vec<Message>,
    /// Where it goes on, as the text of a [`SearchFrom`]; `None` if all was searched. It may go
    /// on also where nothing was found yet.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SearchQuery, TextError> {
        SearchQuery::parse(text)
    }

    #[test]
    fn words_and_filters_in_any_order() {
        let query =
            parse(" kal  from:@Asha नमस्ते before:2026-11-30 has:LINK in:चाय after:1970-01-02");
        let expected = SearchQuery {
            words: vec!["kal".to_owned(), "नमस्ते".to_owned()],
            from: Some(Username::parse("asha").unwrap()),
            within: Some("चाय".to_owned()),
            before: Some(Timestamp::from_millis(1_795_996_800_000)),
            after: Some(Timestamp::from_millis(DAY_MS)),
            has_link: true,
        };
        assert_eq!(query, Ok(expected));
        assert!(parse("from:asha").is_ok());
        assert!(parse("has:link").is_ok());
    }

    #[test]
    fn a_word_with_a_colon_is_a_word() {
        for word in ["12:30", "https://example.org", ":)", "note:this", ":"] {
            assert_eq!(parse(word).unwrap().words, [word]);
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in [
            "x from:",
            "x from:a/b",
            "x in:",
            "x has:",
            "x has:cats",
            "x before:",
            "x after:today",
            "x before:2026-02-29",
            "x before:2026-13-01",
            "x before:2026-00-10",
            "x after:26-1-1",
            "x before:2026-11-31",
            "x before:1969-12-31",
            "x before:+026-11-30",
            "x before:2026-11-30-1",
            "x has:link has:link",
            "x from:asha from:zoya",
        ] {
            assert_eq!(parse(text), Err(TextError::InvalidFormat), "{text}");
        }
        assert!(parse("x after:2028-02-29").is_ok());
        assert!(parse("x after:9999-12-31").is_ok());
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for text in ["", " \n\t\u{3000}", "in:x", "before:2026-11-30"] {
            assert_eq!(parse(text), Err(TextError::Empty), "{text}");
        }
        let words = |count| vec!["x"; count].join(" ");
        assert!(parse(&words(QUERY_WORDS)).is_ok());
        assert_eq!(parse(&words(QUERY_WORDS + 1)), Err(TextError::TooLong));
        assert!(parse(&"x".repeat(QUERY_BYTES)).is_ok());
        assert_eq!(parse(&"x".repeat(QUERY_BYTES + 1)), Err(TextError::TooLong));
    }

    #[test]
    fn where_it_goes_on_is_read_back() {
        let from = SearchFrom {
            active_at: Timestamp::from_millis(1_800_000_000_000),
            conversation: ConversationId::from_bytes([7; 16]),
            below: Seq(1 << 40),
        };
        assert_eq!(from.to_string().parse(), Ok(from));
        let id = from.conversation;
        for text in [
            "",
            ".",
            "1",
            "1.2.3",
            &format!("1.{id}"),
            &format!("-1.{id}.2"),
            &format!("1.{id}.2.3"),
        ] {
            assert!(text.parse::<SearchFrom>().is_err(), "{text}");
        }
    }
}
