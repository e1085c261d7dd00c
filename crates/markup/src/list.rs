//! Items of lists: how they are marked, and which lines belong to them.

use crate::chars::all_blank;
use crate::line::Line;
use crate::meter::tick;

/// Most digits of a number, so that it is one and no telephone number.
const DIGITS: usize = 9;
/// How much further than an item's mark a line is indented that belongs to it.
const INSIDE: usize = 2;

/// The mark that an item begins with.
#[derive(Clone, Copy)]
pub(crate) struct Marker {
    /// Columns before it.
    indent: usize,
    /// Columns before what the item says.
    content: usize,
    /// Bytes before what the item says.
    bytes: usize,
    /// Its number, none for a bullet.
    pub(crate) number: Option<u32>,
}

/// The mark of a line: `-`, `*`, `1.` or `1)` and a space, with something behind it that is
/// itself no item and no row of dashes.
pub(crate) fn marker(line: Line<'_>) -> Option<Marker> {
    let (marker, content) = bare_marker(line)?;
    tick(content.text.len());
    let is_row = content
        .text
        .bytes()
        .all(|b| matches!(b, b'-' | b'*' | b' ' | b'\t'));
    let is_item = !is_row && !all_blank(content.text) && bare_marker(content).is_none();
    is_item.then_some(marker)
}

fn bare_marker(line: Line<'_>) -> Option<(Marker, Line<'_>)> {
    let body = line.trim_start();
    let digits = body
        .text
        .bytes()
        .take(DIGITS + 1)
        .take_while(u8::is_ascii_digit)
        .count();
    let mut rest = body.text.bytes().skip(digits);
    let fits = match rest.next()? {
        b'-' | b'*' => digits == 0,
        // A number that begins with a zero would not be shown as typed.
        b'.' | b')' => {
            (1..=DIGITS).contains(&digits) && (digits == 1 || !body.text.starts_with('0'))
        }
        _ => false,
    };
    if !fits || !matches!(rest.next(), Some(b' ' | b'\t')) {
        return None;
    }
    let content = body.skip(digits + 1).trim_start();
    let indent = line.indent();
    let marker = Marker {
        indent,
        content: indent + digits + INSIDE,
        bytes: content.at - line.at,
        number: body.text.get(..digits).and_then(|text| text.parse().ok()),
    };
    Some((marker, content))
}

impl Marker {
    /// Whether an item with the other mark goes on with the list that this one begins.
    pub(crate) fn is_sibling(self, other: Self) -> bool {
        other.indent < self.indent + INSIDE && self.number.is_some() == other.number.is_some()
    }

    /// The lines of the item that the first of these lines begins, without mark and
    /// indentation.
    pub(crate) fn inside<'a>(self, lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let mut found = Vec::new();
        let mut lines = lines.iter();
        found.extend(lines.next().map(|line| line.skip(self.bytes)));
        let mut blank = Vec::new();
        for line in lines {
            if line.is_blank() {
                blank.push(line.skip(line.text.len()));
            } else if line.indent() >= self.indent + INSIDE {
                found.append(&mut blank);
                found.push(line.dedent(self.content));
            } else {
                break;
            }
        }
        found
    }
}
