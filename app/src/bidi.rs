//! Controls of direction in texts of people (Unicode Bidi Algorithm, 2).

use std::borrow::Cow;

const POP_FORMATTING: char = '\u{202C}';
const POP_ISOLATE: char = '\u{2069}';

const fn is_embedding(c: char) -> bool {
    matches!(c, '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}')
}

const fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2068}')
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}')
}

/// Whether a text whose controls are paired may yet turn what stands beside it: all but isolates
/// may.
#[must_use]
pub fn turns(text: &str) -> bool {
    text.chars()
        .any(|c| is_embedding(c) || c == POP_FORMATTING || is_mark(c))
}

/// The text without the controls that lack their beginning or end: those would reach beyond it.
/// Linear in its length.
#[must_use]
pub fn paired(text: &str) -> Cow<'_, str> {
    let unpaired = unpaired(text);
    if unpaired.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut unpaired = unpaired.into_iter().peekable();
    let kept = text
        .char_indices()
        .filter(|(at, _)| unpaired.next_if_eq(at).is_none());
    Cow::Owned(kept.map(|(_, c)| c).collect())
}

/// The places of controls without another half, ascending. The end of an isolate ends the
/// embeddings in it, which have none then.
fn unpaired(text: &str) -> Vec<usize> {
    let (mut open, mut unpaired) = (Vec::new(), Vec::new());
    // How many of those that are open: nothing is looked for in vain.
    let mut isolates = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_embedding(c) || is_isolate(c) => {
                isolates += usize::from(is_isolate(c));
                open.push((at, c));
            }
            POP_FORMATTING => {
                if open.pop_if(|(_, begun)| is_embedding(*begun)).is_none() {
                    unpaired.push(at);
                }
            }
            POP_ISOLATE if isolates == 0 => unpaired.push(at),
            POP_ISOLATE => {
                isolates -= 1;
                while let Some((at, _)) = open.pop_if(|(_, begun)| is_embedding(*begun)) {
                    unpaired.push(at);
                }
                open.pop();
            }
            _ => {}
        }
    }
    unpaired.extend(open.into_iter().map(|(at, _)| at));
    unpaired.sort_unstable();
    unpaired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_other_half_is_dropped() {
        for (text, expected) in [
            ("abc", "abc"),
            ("\u{202E}abc", "abc"),
            ("abc\u{202C}", "abc"),
            ("abc\u{2069}", "abc"),
            ("\u{2067}abc", "abc"),
            ("\u{202E}abc\u{202C}", "\u{202E}abc\u{202C}"),
            ("\u{2067}abc\u{2069}", "\u{2067}abc\u{2069}"),
            // An isolate ends what is open in it, and only that.
            (
                "\u{202B}\u{2066}\u{202E}a\u{2069}\u{202C}",
                "\u{202B}\u{2066}a\u{2069}\u{202C}",
            ),
            ("\u{202E}\u{2066}\u{202C}\u{2069}", "\u{2066}\u{2069}"),
            ("\u{2069}\u{2066}", ""),
            ("\u{200F}a", "\u{200F}a"),
        ] {
            assert_eq!(paired(text), expected, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn isolates_turn_nothing_beside_them_and_all_else_may() {
        for (text, expected) in [
            ("abc", false),
            ("عمران", false),
            ("\u{2067}abc\u{2069}", false),
            ("\u{202E}abc\u{202C}", true),
            ("\u{200F}abc", true),
        ] {
            assert_eq!(turns(text), expected, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn many_are_paired_in_linear_time() {
        let nested = "\u{2066}".repeat(20_000) + &"\u{2069}".repeat(20_000);
        assert_eq!(paired(&nested), nested);
        let embedded = "\u{2066}".to_owned() + &"\u{202E}".repeat(20_000) + &"\u{2069}".repeat(9);
        assert_eq!(paired(&embedded), "\u{2066}\u{2069}");
        let unmatched = "\u{202E}".repeat(20_000) + &"\u{2069}".repeat(20_000);
        assert_eq!(paired(&unmatched), "");
    }
}
