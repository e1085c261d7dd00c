//! What somebody wrote, as it is shown: its markup as nodes of the page, never as HTML, and a
//! paragraph for each line, in its own direction.

mod code;
mod lines;
mod script;
mod spans;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use leptos::prelude::*;
use markup::{Block, Inline, Item};
use protocol::Username;

use crate::components::spoken::Spoken;
use crate::pages::workspace::Session;
use crate::ui::Mounted;

/// Lines of a text that become paragraphs; what follows stands in the last one of its block, with
/// its line breaks.
const MOST_PARAGRAPHS: usize = 64;

/// Numbers above this need more room beside the items.
const SHORT_NUMBERS: u32 = 99;

/// The paragraphs of a text.
pub fn paragraphs(text: &str) -> AnyView {
    Writer::new(text, None, false).blocks(markup::parse(text), Around::Nothing)
}

/// The paragraphs of a message in the column, where the tab key stops once for all of them and
/// arrows lead from button to button.
///
/// In a group everybody can be mentioned.
pub fn message(text: &str, in_group: bool) -> AnyView {
    let mounted = use_context::<Mounted>();
    Writer::new(text, mounted, in_group).blocks(markup::parse(text), Around::Nothing)
}

/// The beginning of a message where another part of the page names it, in its own direction and
/// face.
pub fn quoted(text: String) -> impl IntoView + use<> {
    let class = script::face(&text).map_or_else(
        || "quote-text".to_owned(),
        |face| format!("quote-text {face}"),
    );
    let lang = script::language(&text);
    view! {
        <span class=class dir="auto" lang=lang>
            {text}
        </span>
    }
}

/// What a line stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    /// A quote or an item. Its own direction is that of the first words in it; the style sheet
    /// finds each line's.
    Container,
}

/// Makes the nodes.
struct Writer {
    /// The reader's name.
    me: Option<Username>,
    in_group: bool,
    spoken: Spoken,
    /// Set where buttons are reached by arrows: without script by the tab key.
    by_arrows: Option<Mounted>,
    /// Nothing but a few emoji.
    large: bool,
    /// Paragraphs that may still be made.
    left: Cell<usize>,
}

impl Writer {
    fn new(text: &str, by_arrows: Option<Mounted>, in_group: bool) -> Self {
        let known = Session::current().known();
        Self {
            me: known.map(|(person, _)| person.username),
            in_group,
            spoken: Spoken::current(),
            by_arrows,
            large: markup::emoji_only(text).is_some(),
            left: Cell::new(MOST_PARAGRAPHS),
        }
    }

    fn blocks(&self, blocks: Vec<Block>, around: Around) -> AnyView {
        let blocks = blocks.into_iter().map(|block| self.block(block, around));
        blocks.collect_view().into_any()
    }

    fn block(&self, block: Block, around: Around) -> AnyView {
        match block {
            Block::Paragraph(inlines) => {
                let lines = lines::split(inlines, self.left.get().max(1));
                self.left.set(self.left.get().saturating_sub(lines.len()));
                let lines = lines.into_iter().map(|line| self.line(line, around));
                lines.collect_view().into_any()
            }
            Block::Quote(inside) => {
                let inside = self.blocks(inside, Around::Container);
                view! { <blockquote dir="auto">{inside}</blockquote> }.into_any()
            }
            Block::List(items) => self.list(items),
            Block::Code { language, code } => self.code(language, code),
        }
    }

    fn list(&self, items: Vec<Item>) -> AnyView {
        let largest = items.iter().filter_map(|item| item.number).max();
        let items = items.into_iter().map(|item| {
            let number = item.number.map(|number| number.to_string());
            let inside = self.blocks(item.blocks, Around::Container);
            view! {
                <li dir="auto" value=number>
                    {inside}
                </li>
            }
        });
        let items = items.collect_view();
        match largest {
            None => view! { <ul class="items">{items}</ul> }.into_any(),
            Some(largest) => {
                let class = if largest > SHORT_NUMBERS {
                    "items items-wide"
                } else {
                    "items"
                };
                view! { <ol class=class>{items}</ol> }.into_any()
            }
        }
    }

    fn line(&self, line: Vec<Inline>, around: Around) -> AnyView {
        if line.is_empty() {
            return view! { <p><br /></p> }.into_any();
        }
        let mut words = String::new();
        lines::words(&line, &mut words);
        let class = if self.large {
            Some("large-emoji")
        } else {
            script::face(&words)
        };
        let dir = (around == Around::Nothing).then_some("auto");
        let spans = self.spans(line);
        view! {
            <p dir=dir class=class lang=script::language(&words)>
                {spans}
            </p>
        }
        .into_any()
    }

    /// Of a button.
    fn tabindex(&self) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
        let by_arrows = self.by_arrows;
        move || {
            by_arrows
                .is_some_and(|mounted| mounted.0.get())
                .then_some("-1")
        }
    }
}
