//! Escapes, code, addresses, mentions and line breaks.

use protocol::Username;
use protocol::limits::USERNAME_MAX;

use super::Scanner;
use crate::assemble::Piece;
use crate::chars::{all_blank, is_word};
use crate::meter::tick;
use crate::tree::Target;
use crate::url;

/// What a backslash makes text. Before anything else it is one itself: `C:\new (old)`.
const ESCAPABLE: &[u8] = b"\\`*_~|[]@>-.)#!";

/// From so many backticks on, code goes on behind an empty line.
const LONG: usize = 3;

impl Scanner<'_, '_> {
    pub(super) fn escape(&mut self) {
        let next = self.text.as_bytes().get(self.at + 1);
        match next {
            // ¯\_(ツ)_/¯ keeps its arm.
            Some(b'_') if self.before() == Some('¯') => self.at += 2,
            Some(byte) if ESCAPABLE.contains(byte) => {
                self.flush();
                self.plain = self.at + 1;
                self.at += 2;
            }
            _ => self.at += 1,
        }
    }

    pub(super) fn code(&mut self) {
        let ticks = self.repeated(b'`');
        let from = self.at + ticks;
        let is_vain = self.no_code.get(ticks).is_none_or(|&end| self.at < end);
        let end = if is_vain {
            None
        } else {
            self.end_of_code(from, ticks)
        };
        let code = end
            .and_then(|end| self.text.get(from..end))
            .filter(|code| !all_blank(code));
        let Some(code) = code else {
            self.at = from;
            return;
        };
        tick(code.len());
        let inside = code.strip_prefix(' ').and_then(|c| c.strip_suffix(' '));
        self.take(Piece::Code(inside.unwrap_or(code)), code.len() + 2 * ticks);
    }

    /// Where the same number of backticks is again.
    fn end_of_code(&mut self, from: usize, ticks: usize) -> Option<usize> {
        let mut run = 0;
        let mut line_is_empty = false;
        let mut end = from;
        // One byte too many, for a run that ends with the text.
        for byte in self.rest(from).bytes().chain([0]) {
            tick(1);
            if byte == b'`' {
                run += 1;
            } else if run == ticks {
                return Some(end - run);
            } else {
                run = 0;
            }
            if byte == b'\n' {
                if line_is_empty && ticks < LONG {
                    break;
                }
                line_is_empty = true;
            } else if !byte.is_ascii_whitespace() {
                line_is_empty = false;
            }
            end += 1;
        }
        if let Some(vain) = self.no_code.get_mut(ticks) {
            *vain = end;
        }
        None
    }

    pub(super) fn url(&mut self) {
        let rest = self.rest(self.at);
        let is_inside = self.before().is_some_and(|c| c.is_ascii_alphanumeric());
        if is_inside || url::scheme(rest).is_none() {
            self.at += 1;
            return;
        }
        let whole = rest.get(..url::extent(rest)).unwrap_or_default();
        let url = url::trimmed(whole);
        if url::is_link(url) {
            self.take(Piece::Url(url), url.len());
            self.links += 1;
        } else {
            self.at += whole.len().max(1);
        }
    }

    pub(super) fn mention(&mut self) {
        let is_inside = self
            .before()
            .is_some_and(|c| matches!(c, '@' | '.' | '-' | '+' | '/') || is_word(c));
        let rest = self.rest(self.at + 1);
        let name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-".contains(b);
        let bytes = rest.bytes().take(USERNAME_MAX + 1).take_while(name);
        let run = rest.get(..bytes.count()).unwrap_or_default();
        tick(1 + run.len());
        let is_address = rest.as_bytes().get(run.len()) == Some(&b'@');
        let is_too_long = run.len() > USERNAME_MAX;
        let name = run.trim_end_matches(['_', '.', '-']);
        let target = if name.eq_ignore_ascii_case("all") {
            Some(Target::All)
        } else {
            Username::parse(name).ok().map(Target::User)
        };
        match (target, self.text.get(self.at..=self.at + name.len())) {
            (Some(target), Some(text)) if !is_inside && !is_address && !is_too_long => {
                self.take(Piece::Mention(target, text, self.at), text.len());
            }
            _ => self.at += 1,
        }
    }

    pub(super) fn line_break(&mut self) {
        self.at += 1;
        let mut spaces = self
            .rest(self.at)
            .bytes()
            .inspect(|_| tick(1))
            .skip_while(|b| matches!(b, b' ' | b'\t' | b'\r'));
        if spaces.next() == Some(b'\n') {
            self.openers.end_of_paragraph();
        }
    }
}
