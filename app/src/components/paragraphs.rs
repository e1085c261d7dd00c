//! The text of a message: a paragraph for each line, each in its own direction.

use leptos::prelude::*;

use crate::format::{Span, linkify};
use crate::i18n::has_rtl;

/// Lines that become paragraphs; what follows stands in the last one, with its line breaks.
const MOST_PARAGRAPHS: usize = 64;

/// The paragraphs of a text.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    lines(text).map(paragraph).collect_view()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.splitn(MOST_PARAGRAPHS, '\n')
}

fn paragraph(line: &str) -> impl IntoView + use<> {
    // Its face and its open lines are chosen by the script of the words, not by the page.
    let lang = has_rtl(line).then_some("ur");
    if line.is_empty() {
        return view! { <p><br /></p> }.into_any();
    }
    let spans = linkify(line).into_iter().map(|span| match span {
        Span::Text(text) => text.to_owned().into_any(),
        Span::Link(address) => link(address).into_any(),
    });
    view! {
        <p dir="auto" lang=lang>
            {spans.collect_view()}
        </p>
    }
    .into_any()
}

fn link(address: &str) -> impl IntoView + use<> {
    let (href, text) = (address.to_owned(), address.to_owned());
    view! {
        <a href=href dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
            {text}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_paragraph_and_no_text_makes_too_many() {
        assert_eq!(lines("a\n\nb").collect::<Vec<_>>(), ["a", "", "b"]);
        let tall = "x\n".repeat(4_000);
        assert_eq!(lines(&tall).count(), MOST_PARAGRAPHS);
        let joined = lines(&tall).collect::<Vec<_>>().join("\n");
        assert_eq!(joined, tall);
    }
}
