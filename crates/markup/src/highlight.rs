//! Colours for fenced code: a scanner that knows comments, strings, numbers and words, and a
//! table that says what these look like in a language. It does not understand the language;
//! where it is wrong, a word has another colour.

mod languages;

use self::languages::{LANGUAGES, Language, Rule};
use crate::meter::tick;

/// Spans of one text; what comes after them has no colour.
const SPANS: usize = 2_000;

/// What a part of code is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// Anything else.
    Plain,
    /// A word of the language, a tag or a property.
    Keyword,
    /// A string or character.
    String,
    /// A comment.
    Comment,
    /// A number.
    Number,
}

/// A part of code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span<'a> {
    /// What it is.
    pub class: Class,
    /// The part.
    pub text: &'a str,
}

/// The parts of code in their order; together they are the code. In a language that is not
/// known all is plain. `language` is the word after the fence, in any case.
#[must_use]
pub fn highlight<'a>(language: &str, code: &'a str) -> Vec<Span<'a>> {
    let known = LANGUAGES.iter().find(|known| {
        known
            .names
            .split(' ')
            .any(|name| name.eq_ignore_ascii_case(language))
    });
    let mut painter = Painter {
        code,
        at: 0,
        plain: 0,
        spans: Vec::new(),
    };
    if let Some(language) = known {
        painter.run(language);
    }
    painter.at = code.len();
    painter.flush();
    painter.spans
}

struct Painter<'a> {
    code: &'a str,
    /// How far it is, in bytes.
    at: usize,
    /// Where the part begins that has no colour.
    plain: usize,
    spans: Vec<Span<'a>>,
}

impl<'a> Painter<'a> {
    fn run(&mut self, language: &Language) {
        while self.spans.len() < SPANS
            && let Some(rest) = self.code.get(self.at..)
            && let Some(first) = rest.chars().next()
        {
            let before = self.code.get(..self.at).unwrap_or_default();
            let (class, bytes) = part(language, before, rest, first);
            tick(1 + bytes);
            if class != Class::Plain {
                self.flush();
                let text = rest.get(..bytes).unwrap_or_default();
                self.spans.push(Span { class, text });
                self.plain += bytes;
            }
            self.at += bytes;
        }
    }

    fn flush(&mut self) {
        if let Some(text) = self.code.get(self.plain..self.at)
            && !text.is_empty()
        {
            let class = Class::Plain;
            self.spans.push(Span { class, text });
        }
        self.plain = self.at;
    }
}

/// What the rest of code begins with, and its bytes.
fn part(language: &Language, before: &str, rest: &str, first: char) -> (Class, usize) {
    tick(language.rules.len());
    for rule in language.rules {
        if let Some(found) = matched(rule, before, rest) {
            return found;
        }
    }
    if first.is_ascii_digit() {
        return (Class::Number, number(rest));
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || language.inside_words.contains(c);
    let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    match rest.get(..word) {
        Some(text) if word > 0 => {
            let is_keyword = is_keyword(language, before, text, rest.get(word..));
            let class = if is_keyword {
                Class::Keyword
            } else {
                Class::Plain
            };
            (class, word)
        }
        _ => (Class::Plain, first.len_utf8()),
    }
}

fn is_keyword(language: &Language, before: &str, word: &str, after: Option<&str>) -> bool {
    if language.is_markup {
        return before.ends_with('<') || before.ends_with("</") || before.ends_with("<!");
    }
    if language.has_properties && after.is_some_and(|after| after.starts_with(':')) {
        return true;
    }
    tick(language.keywords.len());
    language.keywords.split(' ').any(|keyword| {
        keyword == word || (language.folds_case && keyword.eq_ignore_ascii_case(word))
    })
}

/// Digits, letters and points between digits: `0xff`, `1_000u32`, `1.5e3`.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let goes_on = byte.is_ascii_alphanumeric()
            || *byte == b'_'
            || (*byte == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

fn matched(rule: &Rule, before: &str, rest: &str) -> Option<(Class, usize)> {
    match *rule {
        Rule::Line(mark) => {
            let begins = mark != "#" || before.chars().next_back().is_none_or(char::is_whitespace);
            let is_comment = begins && rest.starts_with(mark);
            is_comment.then(|| (Class::Comment, rest.find('\n').unwrap_or(rest.len())))
        }
        Rule::Block(open, close) => {
            let inside = rest.strip_prefix(open)?;
            let end = inside.find(close).map(|end| end + close.len());
            Some((Class::Comment, open.len() + end.unwrap_or(inside.len())))
        }
        Rule::Quoted(mark) => {
            let inside = rest.strip_prefix(mark)?;
            Some((Class::String, mark.len() + string(inside, mark, false)))
        }
        Rule::Spanning(mark) => {
            let inside = rest.strip_prefix(mark)?;
            Some((Class::String, mark.len() + string(inside, mark, true)))
        }
        Rule::Attribute(mark) => {
            let inside = rest.strip_prefix(mark).filter(|_| before.ends_with('='))?;
            Some((Class::String, mark.len() + string(inside, mark, true)))
        }
        Rule::Character => character(rest),
    }
}

/// Bytes up to the end of a string. Without an end it goes to the end of the line, or of the
/// code if strings span lines.
fn string(inside: &str, mark: &str, spans_lines: bool) -> usize {
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        if c == '\n' && !spans_lines {
            return at;
        }
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if inside.get(at..).is_some_and(|rest| rest.starts_with(mark)) {
            return at + mark.len();
        }
    }
    inside.len()
}

/// `'a'` and `'\n'`, but not the lifetime `'a`.
fn character(rest: &str) -> Option<(Class, usize)> {
    let inside = rest.strip_prefix('\'')?;
    let mut chars = inside.chars();
    let first = chars.next()?;
    if first == '\\' {
        return Some((Class::String, 1 + string(inside, "'", false)));
    }
    let end = 1 + first.len_utf8() + 1;
    (chars.next() == Some('\'')).then_some((Class::String, end))
}

#[cfg(test)]
#[path = "highlight/highlight_tests.rs"]
mod tests;
