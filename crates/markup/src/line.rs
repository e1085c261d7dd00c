//! Lines, and what is taken from their beginning.

use crate::chars::all_blank;
use crate::meter::tick;

/// Columns of a tab.
const TAB: usize = 4;

/// A line, or what is left of it within a quote or list.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Without its break.
    pub(crate) text: &'a str,
    /// Where it begins in the message, in bytes.
    pub(crate) at: usize,
}

/// The lines of a message.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    text.split('\n')
        .map(|text| {
            let line = Line { text, at };
            at += text.len() + 1;
            line
        })
        .collect()
}

impl<'a> Line<'a> {
    /// Whether nothing is on it.
    pub(crate) fn is_blank(self) -> bool {
        tick(1 + self.text.len());
        all_blank(self.text)
    }

    /// The columns that it is indented by.
    pub(crate) fn indent(self) -> usize {
        tick(1);
        spaces(self.text).map(|(_, columns)| columns).sum()
    }

    /// The line without its first bytes.
    pub(crate) fn skip(self, bytes: usize) -> Self {
        Self {
            text: self.text.get(bytes..).unwrap_or_default(),
            at: self.at + bytes.min(self.text.len()),
        }
    }

    /// The line without its indentation, up to so many columns.
    pub(crate) fn dedent(self, columns: usize) -> Self {
        let mut taken = 0;
        let bytes = spaces(self.text)
            .take_while(|(_, width)| {
                let fits = taken < columns;
                taken += width;
                fits
            })
            .count();
        self.skip(bytes)
    }

    /// The line without its indentation.
    pub(crate) fn trim_start(self) -> Self {
        self.skip(spaces(self.text).count())
    }
}

/// The spaces and tabs that a text begins with, and their columns.
fn spaces(text: &str) -> impl Iterator<Item = (u8, usize)> {
    text.bytes().map_while(|byte| {
        tick(1);
        match byte {
            b' ' => Some((byte, 1)),
            b'\t' => Some((byte, TAB)),
            _ => None,
        }
    })
}
