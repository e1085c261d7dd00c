//! The text of a message: a paragraph for each line, each in its own direction.

use leptos::prelude::*;

use crate::format::{Span, linkify};

/// Lines that become paragraphs; what follows stands in the last one, with its line breaks.
const MOST_PARAGRAPHS: usize = 64;

/// The paragraphs of a text.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    lines(text).map(paragraph).collect_view()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.splitn(MOST_PARAGRAPHS, '\n')
}

/// The beginning of a message where another part of the page names it, in its own direction and
/// face.
pub fn quoted(text: String) -> impl IntoView + use<> {
    let class = face(&text).map_or_else(
        || "quote-text".to_owned(),
        |face| format!("quote-text {face}"),
    );
    let lang = is_urdu(&text).then_some("ur");
    view! {
        <span class=class dir="auto" lang=lang>
            {text}
        </span>
    }
}

fn paragraph(line: &str) -> impl IntoView + use<> {
    if line.is_empty() {
        return view! { <p><br /></p> }.into_any();
    }
    let spans = linkify(line).into_iter().map(|span| match span {
        Span::Text(text) => text.to_owned().into_any(),
        Span::Link(address) => link(address).into_any(),
    });
    view! {
        <p dir="auto" class=face(line) lang=is_urdu(line).then_some("ur")>
            {spans.collect_view()}
        </p>
    }
    .into_any()
}

/// The face and its open lines are chosen by the script of the words, not by the page.
fn face(line: &str) -> Option<&'static str> {
    let is_devanagari = |c| matches!(c, '\u{0900}'..='\u{097F}');
    if line.chars().any(is_arabic) {
        Some("nastaliq")
    } else {
        line.chars().any(is_devanagari).then_some("devanagari")
    }
}

/// Whether a line is to be read aloud in Urdu: most of its letters are of that script, and some
/// are such as neither Arabic nor Persian has. Where that is not certain nothing is said, and
/// whoever reads aloud decides.
fn is_urdu(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let arabic = line
        .chars()
        .filter(|c| c.is_alphabetic() && is_arabic(*c))
        .count();
    let own = |c| matches!(c, 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ھ' | 'ہ' | 'ۂ' | 'ۃ' | 'ے' | 'ۓ');
    arabic * 2 > letters && line.chars().any(own)
}

const fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{0870}'..='\u{08FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
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
    fn a_line_is_set_by_its_script_and_read_by_its_language() {
        for (line, face_of_it, urdu) in [
            ("Chai at 5?", None, false),
            ("क्षत्रिय, ok", Some("devanagari"), false),
            ("یہ پیغام اُردو میں ہے", Some("nastaliq"), true),
            ("سلام، کیا حال ہے Bilal?", Some("nastaliq"), true),
            ("السلام عليكم", Some("nastaliq"), false),
            ("این پیام به فارسی است", Some("nastaliq"), false),
            (
                "\"ٹھیک\" means that it is all right",
                Some("nastaliq"),
                false,
            ),
            ("שלום", None, false),
            ("👍 12", None, false),
        ] {
            assert_eq!((face(line), is_urdu(line)), (face_of_it, urdu), "{line}");
        }
    }

    #[test]
    fn every_line_is_a_paragraph_and_no_text_makes_too_many() {
        assert_eq!(lines("a\n\nb").collect::<Vec<_>>(), ["a", "", "b"]);
        let tall = "x\n".repeat(4_000);
        assert_eq!(lines(&tall).count(), MOST_PARAGRAPHS);
        let joined = lines(&tall).collect::<Vec<_>>().join("\n");
        assert_eq!(joined, tall);
    }
}
