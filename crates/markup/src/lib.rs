//! What people type, as a tree: bold, lists, code, links, mentions and the rest.
//!
//! ```text
//! text ─▶ line: lines ─▶ block: quotes, lists, code ─▶ inline: the text of one paragraph
//!                                                        └▶ assemble: pieces to a tree
//! ```
//!
//! The tree holds texts and checked addresses, never HTML: whoever shows it makes text nodes.
//! Every text is valid; what is no markup stays as typed, line breaks included, so paragraphs
//! and code are to be shown with `white-space: pre-wrap`.
//!
//! A message may come from an attacker. The work grows with the length of the text alone, the
//! tree is at most [`DEPTH`] containers and in the innermost [`DEPTH`] spans deep, and it has
//! about [`NODES`] nodes at most. Why it is no library: docs/decisions/0014-markup.md.

mod assemble;
mod block;
mod chars;
mod emoji;
mod fence;
mod highlight;
mod inline;
mod line;
mod list;
mod mentioned;
mod meter;
mod openers;
mod plain;
mod tree;
mod url;
#[cfg(test)]
mod work_tests;

pub use emoji::emoji_only;
pub use highlight::{Class, Span, highlight};
pub use mentioned::Mentioned;
pub use plain::{HIDDEN, mentions, plain};
pub use tree::{Block, Inline, Item, Mention, Style, Target};

/// How deep quotes and lists go into each other, and how deep spans do within a paragraph.
/// What is deeper stays as typed.
pub const DEPTH: usize = 8;

/// Nodes of one message, counted generously; what comes after them stays as typed.
pub const NODES: usize = 2_000;

/// Longest address that becomes a link, in bytes.
pub const URL_BYTES: usize = 2_048;

/// The tree of a text.
///
/// ```
/// use markup::{Block, Inline, Style, parse};
///
/// let bold = Inline::Styled(Style::Bold, vec![Inline::Text("hi".into())]);
/// assert_eq!(parse("**hi**"), [Block::Paragraph(vec![bold])]);
/// ```
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    block::Parser::new().blocks(&line::lines(text), 0)
}
