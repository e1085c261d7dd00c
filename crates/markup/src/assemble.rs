//! Makes the tree of the pieces that a paragraph was cut into.

use core::ops::Range;

use crate::tree::{Inline, Mention, Style, Target};

/// A piece of a paragraph, in the order of the text.
pub(crate) enum Piece<'a> {
    /// Text.
    Text(&'a str),
    /// Code.
    Code(&'a str),
    /// An address in the text.
    Url(&'a str),
    /// A name with its `@`, and the place of that in the paragraph.
    Mention(Target, &'a str, usize),
    /// A mark: what of it is text, and up to two spans that begin behind that, the inner one
    /// first.
    Mark(&'a str, [Option<Span<'a>>; 2]),
    /// The end of the innermost span.
    End,
}

/// A span.
#[derive(Clone, Copy)]
pub(crate) enum Span<'a> {
    /// Styled text.
    Style(Style),
    /// A link to an address.
    Link(&'a str),
}

/// The tree. `place` tells where in the message a range of the paragraph is.
pub(crate) fn assemble(
    pieces: Vec<Piece<'_>>,
    place: impl Fn(Range<usize>) -> Range<usize>,
) -> Vec<Inline> {
    let mut open: Vec<(Span<'_>, Vec<Inline>)> = Vec::new();
    let mut nodes = Vec::new();
    for piece in pieces {
        let in_link = open.iter().any(|(span, _)| matches!(span, Span::Link(_)));
        match piece {
            Piece::Text(text) => push_text(&mut nodes, text),
            Piece::Code(code) => nodes.push(Inline::Code(code.to_owned())),
            Piece::Url(text) | Piece::Mention(_, text, _) if in_link => {
                push_text(&mut nodes, text);
            }
            Piece::Url(url) => nodes.push(Inline::Link {
                url: url.to_owned(),
                label: vec![Inline::Text(url.to_owned())],
            }),
            Piece::Mention(target, text, at) => nodes.push(Inline::Mention(Mention {
                target,
                text: text.to_owned(),
                place: place(at..at + text.len()),
            })),
            Piece::Mark(text, spans) => {
                push_text(&mut nodes, text);
                for span in spans.into_iter().rev().flatten() {
                    open.push((span, core::mem::take(&mut nodes)));
                }
            }
            Piece::End => {
                if let Some((span, before)) = open.pop() {
                    let inside = core::mem::replace(&mut nodes, before);
                    nodes.push(node(span, inside));
                }
            }
        }
    }
    nodes
}

fn node(span: Span<'_>, inside: Vec<Inline>) -> Inline {
    match span {
        Span::Style(style) => Inline::Styled(style, inside),
        Span::Link(url) => Inline::Link {
            url: url.to_owned(),
            label: inside,
        },
    }
}

fn push_text(nodes: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(before)) = nodes.last_mut() {
        before.push_str(text);
    } else {
        nodes.push(Inline::Text(text.to_owned()));
    }
}
