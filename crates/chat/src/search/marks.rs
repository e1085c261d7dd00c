//! Where the words of a query stand in a text that answers it, for whoever shows it.

use core::ops::Range;

use folding::Part;
use protocol::SearchQuery;

use super::matcher::Matcher;

/// The places in a text, in bytes, of the words that answer a query: ascending, and none in
/// another. None if the query has no words.
#[must_use]
pub fn found_in(query: &SearchQuery, text: &str) -> Vec<Range<usize>> {
    let Ok(matcher) = Matcher::new(query, None) else {
        return Vec::new();
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in folding::words(text) {
        let range = word.range();
        let is_known = found.last().is_some_and(|last| last.end >= range.end);
        // Parts of a word that is marked as a whole are in its mark.
        if is_known && word.part == Part::Piece {
            continue;
        }
        if matcher.finds(word.text) {
            found.push(range);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        let query = SearchQuery::parse(query).unwrap();
        let found = found_in(&query, text);
        assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        found.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn words_are_marked_in_every_script() {
        for (query, text, expected) in [
            ("kaise", "Aap kaise ho? Kaise!", &["kaise", "Kaise"][..]),
            ("kaise", "आप कैसे हो", &["कैसे"]),
            ("kaise", "آپ کیسے ہو", &["کیسے"]),
            ("कैसे ho", "kaise ho bhai", &["kaise", "ho"]),
            // Of the last word a beginning, and the whole word is marked.
            ("chai sam", "samosas with chai", &["samosas", "chai"]),
            ("sam chai", "samosas with chai", &["chai"]),
            ("ali.khan", "ask @ali.khan", &["ali", "khan"]),
            ("alikhan", "aliKhan", &["aliKhan"]),
            ("from:asha has:link", "https://example.org", &[]),
            ("tea", "nothing here", &[]),
        ] {
            assert_eq!(marked(query, text), expected, "{query}: {text}");
        }
    }

    #[test]
    fn case_41_hostile_texts_are_no_trouble() {
        let long = "kaise ".repeat(5_000);
        assert!(marked("kaise", &long).len() <= folding::WORDS);
        for text in ["", "\u{202E}", "\u{0}", &"\u{301}".repeat(9_000)] {
            assert_eq!(marked("kaise", text), [""; 0]);
        }
    }
}
