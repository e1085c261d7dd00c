//! Keys that mean the same on every keyboard and in every input method.

use unicode_segmentation::UnicodeSegmentation;
use web_sys::KeyboardEvent;

/// Whether the key belongs to an input method that is composing a word. Enter then confirms
/// the word and sends nothing. Safari reports the last key of a composition by its number only.
#[must_use]
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// The letter of a shortcut with Ctrl (Cmd on a Mac): what the layout writes if that is Latin,
/// otherwise what stands on the physical key, so that Hindi and Urdu layouts have shortcuts
/// and Dvorak keeps its own.
#[must_use]
pub fn shortcut(event: &KeyboardEvent) -> Option<char> {
    let is_shortcut = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    if is_shortcut {
        letter(&event.key(), &event.code())
    } else {
        None
    }
}

/// Whether the key writes a character into whatever has the focus.
#[must_use]
pub fn writes(event: &KeyboardEvent) -> bool {
    !event.ctrl_key() && !event.meta_key() && !event.alt_key() && is_one_grapheme(&event.key())
}

fn letter(key: &str, code: &str) -> Option<char> {
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
        // A Latin layout's digits and signs are what they are.
        (Some(c), None) if c.is_ascii() => Some(c),
        _ => code
            .strip_prefix("Key")
            .and_then(|letter| letter.chars().next())
            .map(|c| c.to_ascii_lowercase()),
    }
}

/// Named keys such as `Enter` have several; white space is left to buttons and scrolling.
fn is_one_grapheme(key: &str) -> bool {
    key.graphemes(true).count() == 1 && !key.chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_decides_if_it_is_latin_and_the_place_otherwise() {
        for (key, code, expected) in [
            ("k", "KeyK", Some('k')),
            ("K", "KeyK", Some('k')),
            ("क", "KeyK", Some('k')),
            ("ک", "KeyK", Some('k')),
            ("j", "KeyC", Some('j')),
            ("/", "Slash", Some('/')),
            ("Enter", "Enter", None),
            ("F6", "F6", None),
        ] {
            assert_eq!(letter(key, code), expected, "{key} {code}");
        }
    }

    #[test]
    fn characters_of_every_script_write() {
        for key in ["a", "क", "ہ", "क्ष", "?", "é"] {
            assert!(is_one_grapheme(key), "{key}");
        }
        for key in ["Enter", "Escape", "ArrowUp", " ", "Dead", ""] {
            assert!(!is_one_grapheme(key), "{key}");
        }
    }
}
