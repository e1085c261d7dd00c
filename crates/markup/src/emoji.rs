//! Messages of emoji alone, which are shown larger.

use protocol::Emoji;
use protocol::limits::EMOJI_BYTES;
use unicode_segmentation::UnicodeSegmentation as _;

/// Most emoji that are shown larger.
const MOST: usize = 3;

/// How many emoji a text consists of, if it is one to three and nothing else but white space.
#[must_use]
pub fn emoji_only(text: &str) -> Option<usize> {
    if text.len() > MOST * (EMOJI_BYTES + 1) {
        return None;
    }
    let mut count = 0;
    for grapheme in text.graphemes(true) {
        if grapheme.chars().all(char::is_whitespace) {
            continue;
        }
        if count == MOST || !is_picture(grapheme) {
            return None;
        }
        count += 1;
    }
    (count > 0).then_some(count)
}

/// An emoji that is shown as a picture. Signs like © and ↔ are letters among others unless a
/// variation selector says something else (UTS #51, 1.4.3).
fn is_picture(grapheme: &str) -> bool {
    let is_sign = grapheme.starts_with(|c| c < '\u{231A}');
    Emoji::parse(grapheme).is_ok() && (!is_sign || grapheme.contains(['\u{FE0F}', '\u{20E3}']))
}

#[cfg(test)]
mod tests {
    use super::emoji_only;

    #[test]
    fn one_to_three_emoji_alone() {
        for (text, count) in [
            ("😀", Some(1)),
            ("😀 😀\n😀", Some(3)),
            ("😀😀😀😀", None),
            ("👩‍👩‍👧‍👦", Some(1)),
            ("🇮🇳🇵🇰", Some(2)),
            ("👍🏽", Some(1)),
            ("❤️", Some(1)),
            ("1️⃣", Some(1)),
            ("©", None),
            ("©️", Some(1)),
            ("ok 😀", None),
            ("7", None),
            ("है", None),
            ("", None),
            (" ", None),
        ] {
            assert_eq!(emoji_only(text), count, "{text:?}");
        }
        assert_eq!(emoji_only(&" ".repeat(10_000)), None);
    }
}
