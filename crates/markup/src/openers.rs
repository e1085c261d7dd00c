//! What was opened and waits for its end.
//!
//! Few wait at a time, so looking through them is cheap, and what they enclose cannot be
//! deeper than [`DEPTH`]. When there are too many, the oldest becomes text: the newest are
//! the likeliest to be closed.

use crate::DEPTH;
use crate::meter::tick;

/// A mark that may begin a span.
pub(crate) struct Opener {
    /// Its character.
    pub(crate) byte: u8,
    /// How many of them are not used up by an end.
    pub(crate) left: usize,
    /// Its place among the pieces.
    pub(crate) piece: usize,
    /// Where its content begins, in bytes.
    pub(crate) content: usize,
    /// Links before it.
    pub(crate) links: usize,
}

impl Opener {
    /// The levels that it can begin: three stars are two.
    const fn levels(&self) -> usize {
        self.left.div_ceil(2)
    }
}

/// All that wait, the oldest first.
#[derive(Default)]
pub(crate) struct Openers(Vec<Opener>);

impl Openers {
    /// Adds one.
    pub(crate) fn push(&mut self, opener: Opener) {
        while self.0.iter().map(Opener::levels).sum::<usize>() + opener.levels() > DEPTH {
            // What somebody wanted hidden stays hidden as long as possible.
            let Some(oldest) = self.0.iter().position(|other| other.byte != b'|') else {
                break;
            };
            self.0.remove(oldest);
        }
        tick(1 + self.0.len());
        self.0.push(opener);
    }

    /// The place of the newest that fits. Nothing but its own end reaches across the
    /// beginning of a spoiler, or it would no longer be hidden.
    pub(crate) fn find(&self, fits: impl Fn(&Opener) -> bool) -> Option<usize> {
        tick(1 + self.0.len());
        for (place, opener) in self.0.iter().enumerate().rev() {
            if fits(opener) {
                return Some(place);
            }
            if opener.byte == b'|' {
                return None;
            }
        }
        None
    }

    /// The one at this place.
    pub(crate) fn get(&self, place: usize) -> Option<&Opener> {
        self.0.get(place)
    }

    /// Ends the one at this place with so many characters. The ones after it become text.
    pub(crate) fn close(&mut self, place: usize, used: usize) {
        self.0.truncate(place + 1);
        if let Some(opener) = self.0.last_mut() {
            opener.left = opener.left.saturating_sub(used);
            if opener.left == 0 {
                self.0.pop();
            }
        }
    }

    /// Makes the one at this place text.
    pub(crate) fn remove(&mut self, place: usize) {
        if place < self.0.len() {
            self.0.remove(place);
        }
    }

    /// An empty line: only spoilers go on behind it.
    pub(crate) fn end_of_paragraph(&mut self) {
        self.0.retain(|opener| opener.byte == b'|');
    }
}
