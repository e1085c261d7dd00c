//! Marks that begin and end spans.

use super::Scanner;
use crate::assemble::{Piece, Span};
use crate::chars::{all_blank, is_opening, is_punctuation, is_word};
use crate::meter::tick;
use crate::openers::Opener;
use crate::tree::Style;
use crate::url;

/// Most stars or underscores that are a mark: bold and italic.
const MOST: usize = 3;

impl<'a> Scanner<'a, '_> {
    pub(super) fn emphasis(&mut self, byte: u8) {
        let run = self.repeated(byte);
        let is_mark = run <= MOST && (byte != b'~' || run == 2);
        let next = self.rest(self.at + run).chars().next();
        let sides = sides(byte, self.before(), next);
        let (opens, closes) = if is_mark { sides } else { (false, false) };
        let mut left = run;
        while closes && left > 0 {
            let fits = |opener: &Opener| {
                opener.byte == byte && (opener.left == left || opener.left == MOST || left == MOST)
            };
            let Some(place) = self.openers.find(fits) else {
                break;
            };
            let other = self.openers.get(place).map_or(0, |opener| opener.left);
            let used = left.min(other).min(2);
            let style = match (byte, used) {
                (b'~', _) => Style::Strike,
                (_, 1) => Style::Italic,
                _ => Style::Bold,
            };
            self.close(place, used, Span::Style(style), used);
            left -= used;
        }
        if opens && left > 0 {
            self.open(byte, left, left);
        } else {
            self.at += left;
        }
    }

    pub(super) fn bars(&mut self) {
        if !self.rest(self.at).starts_with("||") {
            self.at += 1;
            return;
        }
        if let Some(place) = self.openers.find(|opener| opener.byte == b'|') {
            let from = self.openers.get(place).map_or(self.at, |o| o.content);
            let inside = self.text.get(from..self.at).unwrap_or_default();
            tick(inside.len());
            if !all_blank(inside) {
                self.close(place, 2, Span::Style(Style::Spoiler), 2);
                return;
            }
            self.openers.remove(place);
        }
        if self.last_bars.is_some_and(|last| last >= self.at + 2) {
            self.open(b'|', 2, 2);
        } else {
            self.at += 2;
        }
    }

    pub(super) fn bracket(&mut self) {
        // A picture is shown as the text of a link to it.
        let before = self.text.get(self.plain..self.at).unwrap_or_default();
        let is_escaped = before == "!"
            && self
                .text
                .get(..self.plain)
                .is_some_and(|t| t.ends_with('\\'));
        let is_picture = before.ends_with('!') && !is_escaped;
        self.at -= usize::from(is_picture);
        self.open(b'[', 1, 1 + usize::from(is_picture));
    }

    pub(super) fn end_of_label(&mut self) {
        let Some(place) = self.openers.find(|opener| opener.byte == b'[') else {
            self.at += 1;
            return;
        };
        let target = self.rest(self.at).strip_prefix("](");
        match target.and_then(url::before_bracket) {
            Some(url) if self.is_label(place, url) => {
                self.close(place, 1, Span::Link(url), url.len() + 3);
                self.links += 1;
            }
            _ => {
                self.openers.remove(place);
                self.at += 1;
            }
        }
    }

    /// Whether what a bracket began can be shown in place of the address: there is something
    /// to be seen, and it is not another address.
    fn is_label(&mut self, place: usize, url: &str) -> bool {
        self.flush();
        let Some(opener) = self.openers.get(place) else {
            return false;
        };
        let label = self.text.get(opener.content..self.at).unwrap_or_default();
        tick(label.len());
        let inside = self.pieces.get(opener.piece + 1..).unwrap_or_default();
        let is_same = matches!(inside, [Piece::Url(other)] if *other == url);
        !all_blank(label) && (opener.links == self.links || is_same)
    }

    /// Lets a mark of so many bytes wait for its end.
    fn open(&mut self, byte: u8, left: usize, bytes: usize) {
        let text = self.rest(self.at).get(..bytes).unwrap_or_default();
        self.flush();
        self.openers.push(Opener {
            byte,
            left,
            piece: self.pieces.len(),
            content: self.at + bytes,
            links: self.links,
        });
        self.take(Piece::Mark(text, [None, None]), bytes);
    }

    /// Makes a span from an opener to here. The end takes so many bytes of the text and uses
    /// up so many characters of the beginning.
    fn close(&mut self, place: usize, used: usize, span: Span<'a>, bytes: usize) {
        let piece = self.openers.get(place).map(|opener| opener.piece);
        let mark = piece.and_then(|piece| self.pieces.get_mut(piece));
        if let Some(Piece::Mark(text, spans)) = mark {
            *text = match span {
                Span::Link(_) => "",
                Span::Style(_) => text.get(used..).unwrap_or_default(),
            };
            if let Some(free) = spans.iter_mut().find(|span| span.is_none()) {
                *free = Some(span);
            }
        }
        self.openers.close(place, used);
        self.take(Piece::End, bytes);
    }
}

/// Whether a mark can begin and end a span between two characters. CommonMark's rules, but:
/// an end may stand between punctuation and a letter, as in `**नमस्ते।**है`, and stars between
/// two digits multiply.
fn sides(byte: u8, before: Option<char>, next: Option<char>) -> (bool, bool) {
    let before = before.filter(|c| !c.is_whitespace());
    let next = next.filter(|c| !c.is_whitespace());
    let follows_word = before.is_some_and(is_word);
    let precedes_word = next.is_some_and(is_word);
    let is_digit = |c: char| c.is_ascii_digit();
    if byte == b'*' && before.is_some_and(is_digit) && next.is_some_and(is_digit) {
        return (false, false);
    }
    let opens = next.is_some_and(|c| !(is_punctuation(c) && follows_word));
    let closes = before.is_some_and(|c| !(is_opening(c) && next.is_some()));
    if byte == b'_' {
        (opens && !follows_word, closes && !precedes_word)
    } else {
        (opens, closes)
    }
}
