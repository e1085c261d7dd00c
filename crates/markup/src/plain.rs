//! A message as a line of words, and the mentions in it.

use crate::parse;
use crate::tree::{Block, Inline, Mention, Style};

/// What stands for a spoiler: its length says nothing about what is hidden.
pub const HIDDEN: &str = "█████";

/// The text without its markup, for previews, notifications and what is spoken. Blocks and
/// lines are divided by `\n`; items keep their number or get a bullet; of a link its label is
/// left, and of a spoiler [`HIDDEN`].
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    plain_blocks(&parse(text), &mut out);
    out
}

fn plain_blocks(blocks: &[Block], out: &mut String) {
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match block {
            Block::Paragraph(inlines) => plain_inlines(inlines, out),
            Block::Quote(inside) => plain_blocks(inside, out),
            Block::Code { code, .. } => out.push_str(code),
            Block::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    match item.number {
                        Some(number) => out.push_str(&number.to_string()),
                        None => out.push('•'),
                    }
                    out.push_str(if item.number.is_some() { ". " } else { " " });
                    plain_blocks(&item.blocks, out);
                }
            }
        }
    }
}

fn plain_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Styled(Style::Spoiler, _) => out.push_str(HIDDEN),
            Inline::Styled(_, inside) | Inline::Link { label: inside, .. } => {
                plain_inlines(inside, out);
            }
            Inline::Mention(mention) => out.push_str(&mention.text),
        }
    }
}

/// The mentions of a text in their order; one who is named twice is there twice. None is in
/// code or in the label of a link.
pub fn mentions(text: &str) -> impl Iterator<Item = Mention> {
    let mut found = Vec::new();
    // Most messages have none, and are not parsed for it.
    if text.contains('@') {
        blocks_mentions(parse(text), &mut found);
    }
    found.into_iter()
}

fn blocks_mentions(blocks: Vec<Block>, found: &mut Vec<Mention>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => inlines_mentions(inlines, found),
            Block::Quote(inside) => blocks_mentions(inside, found),
            Block::Code { .. } => {}
            Block::List(items) => {
                for item in items {
                    blocks_mentions(item.blocks, found);
                }
            }
        }
    }
}

fn inlines_mentions(inlines: Vec<Inline>, found: &mut Vec<Mention>) {
    for inline in inlines {
        match inline {
            Inline::Mention(mention) => found.push(mention),
            Inline::Styled(_, inside) => inlines_mentions(inside, found),
            Inline::Text(_) | Inline::Code(_) | Inline::Link { .. } => {}
        }
    }
}
