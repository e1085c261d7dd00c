//! Addresses: where they begin and end in a text, and which ones become links.

use crate::URL_BYTES;
use crate::chars::{is_invisible, is_punctuation};
use crate::meter::tick;

/// The schemes that become links; each other one is text.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The bytes of the scheme that a text begins with, in any case.
pub(crate) fn scheme(text: &str) -> Option<usize> {
    tick(SCHEMES.len());
    SCHEMES
        .iter()
        .map(|scheme| scheme.len())
        .zip(SCHEMES)
        .find(|&(len, scheme)| {
            text.as_bytes()
                .get(..len)
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
        })
        .map(|(len, _)| len)
}

/// How far a text goes that could be one address, in bytes.
pub(crate) fn extent(text: &str) -> usize {
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let ends = c.is_whitespace()
            || c.is_control()
            || is_invisible(c)
            || matches!(c, '<' | '>' | '"' | '`' | '\\');
        if ends {
            return at;
        }
        // The end of a spoiler or of a link's text.
        if matches!((before, c), ('|', '|') | (']', '(')) {
            return at - 1;
        }
        before = c;
        tick(1);
    }
    text.len()
}

/// An address without what belongs to the sentence around it: punctuation and marks at its
/// end, and brackets that it does not open.
pub(crate) fn trimmed(url: &str) -> &str {
    tick(url.len());
    let surplus = |open, close| {
        let count = |c| url.chars().filter(|&other| other == c).count();
        usize::saturating_sub(count(close), count(open))
    };
    let mut round = surplus('(', ')');
    let mut square = surplus('[', ']');
    url.trim_end_matches(|c| match c {
        ')' if round > 0 => {
            round -= 1;
            true
        }
        ']' if square > 0 => {
            square -= 1;
            true
        }
        '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '|' => true,
        _ => !c.is_ascii() && is_punctuation(c),
    })
}

/// The address at the beginning of a text that goes on to a closing bracket.
pub(crate) fn before_bracket(text: &str) -> Option<&str> {
    let mut open = 0_usize;
    let text = text.get(..extent(text))?;
    for (at, byte) in text.bytes().enumerate() {
        tick(1);
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return text.get(..at).filter(|url| is_link(url)),
            b')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Whether an address with one of the schemes becomes a link: it has a host and not, before
/// that, something that looks like one (`https://bank.example@evil.example`).
pub(crate) fn is_link(url: &str) -> bool {
    tick(url.len());
    if url.len() > URL_BYTES || extent(url) != url.len() {
        return false;
    }
    let Some((start, rest)) = scheme(url).and_then(|scheme| url.split_at_checked(scheme)) else {
        return false;
    };
    if start.ends_with(':') {
        let address = rest.split('?').next().unwrap_or_default();
        return address
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || c == '[')
        && host.chars().all(|c| {
            if c.is_ascii() {
                c.is_ascii_alphanumeric() || "-._:[]%".contains(c)
            } else {
                !is_punctuation(c)
            }
        })
}
