//! Splitting a text into words.

use core::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Most words taken from one text, parts counted. A message has at most 4,000 graphemes, so
/// only one that is made of very short words has more.
pub const WORDS: usize = 1_024;

/// Longest word in bytes; of a longer one the beginning is taken. Devanagari takes three
/// bytes a character, so this is about 40 of those.
pub const WORD_BYTES: usize = 128;

/// How a word stands to its neighbours in the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// A word without parts.
    Plain,
    /// Made of parts, which follow: `example.com`, `snake_case`, `camelCase`, `covid19`.
    Whole,
    /// A part of the last [`Part::Whole`].
    Piece,
}

/// A word and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word<'a> {
    /// The word as written, at most [`WORD_BYTES`] long.
    pub text: &'a str,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Whether it has parts or is one.
    pub part: Part,
}

impl Word<'_> {
    /// The place in the text, in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether a query has to find it: of a word with parts the parts, so that `ali.khan`
    /// finds both `ali.khan` and `Ali Khan`.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.part != Part::Whole
    }
}

/// The words of a text in their order, at most [`WORDS`]: by UAX #29, which keeps marks,
/// virama, nukta and joiners in the word and leaves white space, punctuation and pictures
/// out. The signs before `@names` and `#tags` are left out as well; a word with parts is
/// followed by them.
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    for (start, whole) in text.unicode_word_indices() {
        if found.len() >= WORDS {
            break;
        }
        push(&mut found, start, whole);
    }
    found.truncate(WORDS);
    found
}

fn push<'a>(found: &mut Vec<Word<'a>>, start: usize, whole: &'a str) {
    let text = beginning(whole);
    let place = found.len();
    found.push(Word {
        text,
        start,
        part: Part::Plain,
    });
    let mut from = 0;
    let mut pieces = 0;
    let mut last = '\0';
    for (at, c) in text.char_indices().chain([(text.len(), '.')]) {
        let separates = is_separator(c);
        if separates || is_seam(last, c) {
            if let Some(piece) = text.get(from..at).filter(|piece| has_letter(piece))
                && piece.len() < text.len()
            {
                pieces += 1;
                found.push(Word {
                    text: piece,
                    start: start + from,
                    part: Part::Piece,
                });
            }
            from = if separates { at + c.len_utf8() } else { at };
        }
        last = c;
    }
    if pieces > 0
        && let Some(word) = found.get_mut(place)
    {
        word.part = Part::Whole;
    }
}

/// At most [`WORD_BYTES`] of a word.
fn beginning(word: &str) -> &str {
    let end = word.floor_char_boundary(WORD_BYTES);
    word.get(..end).unwrap_or(word)
}

fn has_letter(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric)
}

/// What UAX #29 lets stand inside a word and people read as a border. Apostrophes are none.
fn is_separator(c: char) -> bool {
    matches!(c, '.' | '_' | ':' | ',' | ';' | '/' | '-' | '\u{203F}')
}

/// Between `camel` and `Case`, and between letters and digits.
fn is_seam(before: char, after: char) -> bool {
    (before.is_lowercase() && after.is_uppercase())
        || (before.is_alphabetic() && after.is_numeric())
        || (before.is_numeric() && after.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{Part, WORD_BYTES, WORDS, words};

    fn texts(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn marks_and_joiners_stay_in_the_word() {
        assert_eq!(texts("नमस्ते, ज़िंदगी!"), ["नमस्ते", "ज़िंदगी"]);
        assert_eq!(texts("क्\u{200D}ष र्\u{200C}य"), ["क्\u{200D}ष", "र्\u{200C}य"]);
        assert_eq!(texts("آپ کیسے ہیں؟ ٹھیک۔"), ["آپ", "کیسے", "ہیں", "ٹھیک"]);
        assert_eq!(texts("اُردُو مےں"), ["اُردُو", "مےں"]);
        assert_eq!(texts("cafe\u{301} don’t"), ["cafe\u{301}", "don’t"]);
    }

    #[test]
    fn what_has_parts_is_found_whole_and_by_them() {
        assert_eq!(
            texts("https://example.com/a_b?x=12"),
            [
                "https",
                "example.com",
                "example",
                "com",
                "a_b",
                "a",
                "b",
                "x",
                "12"
            ]
        );
        assert_eq!(
            texts("@ali.khan #EidMubarak"),
            ["ali.khan", "ali", "khan", "EidMubarak", "Eid", "Mubarak"]
        );
        assert_eq!(
            texts("1,200 500rs"),
            ["1,200", "1", "200", "500rs", "500", "rs"]
        );
        assert_eq!(texts("आधा1 kg_"), ["आधा1", "आधा", "1", "kg_", "kg"]);
    }

    #[test]
    fn places_are_right() {
        let text = "हाँ, snake_case 😀 ठीक";
        for word in words(text) {
            assert_eq!(text.get(word.range()), Some(word.text));
        }
        let parts: Vec<Part> = words(text).iter().map(|word| word.part).collect();
        let (plain, piece) = (Part::Plain, Part::Piece);
        assert_eq!(parts, [plain, Part::Whole, piece, piece, plain]);
    }

    #[test]
    fn number_and_length_are_bounded() {
        assert_eq!(words(&"a_b ".repeat(5_000)).len(), WORDS);
        let long = "ज़".repeat(5_000);
        let found = words(&long);
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|word| word.text.len() <= WORD_BYTES));
        assert!(words("😀 … !?").is_empty());
    }
}
