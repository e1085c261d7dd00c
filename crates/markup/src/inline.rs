//! The text of one paragraph: spans, code, links, mentions.
//!
//! One pass over the bytes. Every mark is ASCII, so no mark is ever inside of a character. What
//! was looked at in vain is either passed over or remembered, and not looked at again.

mod marks;
mod words;

use core::ops::Range;

use crate::assemble::{Piece, assemble};
use crate::line::Line;
use crate::meter::tick;
use crate::openers::Openers;
use crate::tree::Inline;

/// Most backticks that begin code.
const TICKS: usize = 8;

/// The nodes of a paragraph of these lines. Takes from `nodes` what it makes.
pub(crate) fn inline(lines: &[Line<'_>], nodes: &mut usize) -> Vec<Inline> {
    let mut text = String::new();
    // Where each line begins in the paragraph and in the message.
    let mut places = Vec::new();
    for line in lines {
        if !places.is_empty() {
            text.push('\n');
        }
        places.push((text.len(), line.at));
        text.push_str(line.text);
    }
    tick(text.len());
    let mut scanner = Scanner::new(&text, nodes);
    scanner.run();
    assemble(scanner.pieces, |range: Range<usize>| {
        let next = places.partition_point(|&(here, _)| here <= range.start);
        let (here, there) = places.get(next.wrapping_sub(1)).copied().unwrap_or((0, 0));
        range.start - here + there..range.end - here + there
    })
}

/// Cuts a text into pieces.
struct Scanner<'a, 'n> {
    text: &'a str,
    /// How far it is, in bytes.
    at: usize,
    /// Where the text begins that is not yet a piece.
    plain: usize,
    pieces: Vec<Piece<'a>>,
    openers: Openers,
    nodes: &'n mut usize,
    /// Up to where there is no end for code that begins with so many backticks.
    no_code: [usize; TICKS + 1],
    /// Links so far.
    links: usize,
    /// Where the last `||` is.
    last_bars: Option<usize>,
}

impl<'a, 'n> Scanner<'a, 'n> {
    fn new(text: &'a str, nodes: &'n mut usize) -> Self {
        tick(text.len());
        Self {
            text,
            at: 0,
            plain: 0,
            pieces: Vec::new(),
            openers: Openers::default(),
            nodes,
            no_code: [0; TICKS + 1],
            links: 0,
            last_bars: text.rfind("||"),
        }
    }

    fn run(&mut self) {
        while *self.nodes > 0
            && let Some(&byte) = self.text.as_bytes().get(self.at)
        {
            tick(1);
            match byte {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' => self.emphasis(byte),
                b'|' => self.bars(),
                b'[' => self.bracket(),
                b']' => self.end_of_label(),
                b'@' => self.mention(),
                b'h' | b'H' | b'm' | b'M' => self.url(),
                b'\n' => self.line_break(),
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        self.flush();
    }

    /// What comes at a place.
    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The character before.
    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    /// How often a byte is repeated from here on.
    fn repeated(&self, byte: u8) -> usize {
        let rest = self.rest(self.at).bytes();
        let count = rest.take_while(|&other| other == byte).count();
        tick(count);
        count
    }

    /// Makes a piece of the text up to here.
    fn flush(&mut self) {
        if let Some(text) = self.text.get(self.plain..self.at)
            && !text.is_empty()
        {
            self.push(Piece::Text(text));
        }
        self.plain = self.at;
    }

    fn push(&mut self, piece: Piece<'a>) {
        let nodes = match piece {
            // The link and its label.
            Piece::Url(_) => 2,
            _ => 1,
        };
        *self.nodes = self.nodes.saturating_sub(nodes);
        self.pieces.push(piece);
    }

    /// Makes a piece that takes so many bytes.
    fn take(&mut self, piece: Piece<'a>, bytes: usize) {
        self.flush();
        self.push(piece);
        self.at += bytes;
        self.plain = self.at;
    }
}
