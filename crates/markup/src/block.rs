//! Quotes, lists, code and the paragraphs between them.
//!
//! A quote or list is the lines it takes, without their marks, parsed again one level deeper.
//! There are [`DEPTH`] levels at most, so no line is looked at more often than that.

use crate::fence::{Fence, fence};
use crate::inline::inline;
use crate::line::Line;
use crate::list::{Marker, marker};
use crate::meter::tick;
use crate::tree::{Block, Item};
use crate::{DEPTH, NODES};

/// Makes blocks of lines.
pub(crate) struct Parser {
    /// Nodes that may still be made.
    nodes: usize,
}

/// What lines begin with.
enum Start {
    /// So many lines of a paragraph.
    Text(usize),
    /// So many lines of a quote.
    Quote(usize),
    /// A list.
    List(Marker),
    /// Code.
    Code(Fence),
}

impl Parser {
    pub(crate) const fn new() -> Self {
        Self { nodes: NODES }
    }

    /// The blocks of lines that are inside `depth` quotes and lists.
    pub(crate) fn blocks(&mut self, lines: &[Line<'_>], depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let (mut at, mut waiting) = (0, 0);
        while at < lines.len() && self.nodes > 0 {
            let rest = lines.get(at..).unwrap_or_default();
            let start = start(rest, depth);
            if let Start::Text(count) = start {
                at += count;
                continue;
            }
            blocks.extend(self.paragraph(lines.get(waiting..at).unwrap_or_default()));
            let (block, used) = self.block(start, rest, depth);
            blocks.extend(block);
            at += used;
            waiting = at;
        }
        blocks.extend(self.paragraph(lines.get(waiting..).unwrap_or_default()));
        blocks
    }

    /// A block and how many lines it took.
    fn block(&mut self, start: Start, lines: &[Line<'_>], depth: usize) -> (Option<Block>, usize) {
        self.nodes = self.nodes.saturating_sub(1);
        match start {
            Start::Text(count) => (None, count),
            Start::Quote(count) => {
                let quoted = lines.iter().take(count).copied();
                let inside: Vec<_> = quoted.filter_map(unquoted).collect();
                (Some(Block::Quote(self.blocks(&inside, depth + 1))), count)
            }
            Start::List(first) => {
                let (items, used) = self.items(first, lines, depth);
                let list = (!items.is_empty()).then_some(Block::List(items));
                (list, used)
            }
            Start::Code(Fence {
                language,
                code,
                used,
            }) => (Some(Block::Code { language, code }), used),
        }
    }

    /// The items of a list and how many lines they took.
    fn items(&mut self, first: Marker, lines: &[Line<'_>], depth: usize) -> (Vec<Item>, usize) {
        let mut items: Vec<Item> = Vec::new();
        let (mut used, mut typed) = (0, None);
        while self.nodes > 0 {
            let rest = lines.get(used..).unwrap_or_default();
            let blank = match items.len() {
                0 => 0,
                _ => rest.iter().take_while(|line| line.is_blank()).count(),
            };
            let rest = rest.get(blank..).unwrap_or_default();
            let Some(mark) = rest.first().and_then(|&line| marker(line)) else {
                break;
            };
            if !first.is_sibling(mark) {
                break;
            }
            self.nodes -= 1;
            let before = items.last().and_then(|item| item.number);
            let number = match (mark.number, before) {
                (Some(number), Some(before)) if Some(number) == typed => {
                    Some(before.saturating_add(1))
                }
                (number, _) => number,
            };
            typed = mark.number;
            let inside = mark.inside(rest);
            used += blank + inside.len();
            let blocks = self.blocks(&inside, depth + 1);
            items.push(Item { number, blocks });
        }
        (items, used)
    }

    fn paragraph(&mut self, lines: &[Line<'_>]) -> Option<Block> {
        let from = lines.iter().position(|line| !line.is_blank())?;
        let last = lines.iter().rposition(|line| !line.is_blank())?;
        let lines = lines.get(from..=last)?;
        self.nodes = self.nodes.saturating_sub(1);
        let spans = inline(lines, &mut self.nodes);
        Some(Block::Paragraph(spans))
    }
}

fn start(lines: &[Line<'_>], depth: usize) -> Start {
    tick(1);
    let Some(&first) = lines.first() else {
        return Start::Text(1);
    };
    if let Some(fence) = fence(lines) {
        return if fence.code.trim().is_empty() {
            Start::Text(fence.used)
        } else {
            Start::Code(fence)
        };
    }
    if depth == DEPTH {
        return Start::Text(1);
    }
    if let Some(marker) = marker(first) {
        return Start::List(marker);
    }
    let quoted = lines.iter().map_while(|&line| unquoted(line));
    let (mut count, mut is_empty) = (0, true);
    for line in quoted {
        count += 1;
        tick(line.text.len());
        is_empty &= line.text.bytes().all(|b| matches!(b, b'>' | b' ' | b'\t'));
    }
    match count {
        0 => Start::Text(1),
        // Arrows that nothing follows are a drawing.
        _ if is_empty => Start::Text(count),
        _ => Start::Quote(count),
    }
}

/// What a line quotes: it begins with `>`s, and a space follows, or nothing. Without the space
/// it would be `>_<` and `>:(`.
fn unquoted(line: Line<'_>) -> Option<Line<'_>> {
    let body = line.trim_start();
    let marks = body.text.bytes().take_while(|&b| b == b'>').count();
    tick(1 + marks);
    let next = body.text.as_bytes().get(marks);
    if marks == 0 || !matches!(next, None | Some(b' ' | b'\t' | b'\r')) {
        return None;
    }
    let inside = body.skip(1);
    let space = usize::from(inside.text.starts_with(' '));
    Some(inside.skip(space))
}
