//! What Ctrl or Cmd and a letter do to the text: marks around what is selected, or no longer.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// The sign of a mark, and how often it stands on each side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark(u8, usize);

impl Mark {
    /// The mark that a shortcut sets: bold, italic, code, strike.
    pub(super) const fn of(letter: char, shift: bool) -> Option<Self> {
        match (letter, shift) {
            ('b', false) => Some(Self(b'*', 2)),
            ('i', false) => Some(Self(b'*', 1)),
            ('e', false) => Some(Self(b'`', 1)),
            ('x', true) => Some(Self(b'~', 2)),
            _ => None,
        }
    }

    /// How often the sign stands at the beginning of a text.
    fn run(self, mut text: impl Iterator<Item = u16>) -> usize {
        let mut count = 0;
        while text.next() == Some(self.0.into()) {
            count += 1;
        }
        count
    }

    /// Whether this mark is among so many signs: three are bold and italic.
    fn is_in(self, run: usize) -> bool {
        run.min(3) & self.1 == self.1
    }
}

/// What stands in the place of a part of the text, and what is selected then. Everything is
/// counted as the browser does, in UTF-16.
#[derive(PartialEq, Eq, Debug)]
struct Change {
    place: (usize, usize),
    text: Vec<u16>,
    selection: (usize, usize),
}

/// Sets a mark around what is selected, or takes it away if it is there.
fn toggle(text: &[u16], selection: (usize, usize), mark: Mark) -> Option<Change> {
    let Mark(sign, count) = mark;
    let (start, end) = without_space(text, selection);
    let (before, rest) = text.split_at_checked(start)?;
    let (selected, after) = rest.split_at_checked(end - start)?;
    let run_before = mark.run(before.iter().rev().copied());
    let run_after = mark.run(after.iter().copied());
    if mark.is_in(run_before.min(run_after)) {
        return Some(Change {
            place: (start - count, end + count),
            text: selected.to_vec(),
            selection: (start - count, end - count),
        });
    }
    let run_inside = mark
        .run(selected.iter().copied())
        .min(mark.run(selected.iter().rev().copied()));
    if selected.len() > 2 * run_inside && mark.is_in(run_inside) {
        return Some(Change {
            place: (start, end),
            text: selected.get(count..selected.len() - count)?.to_vec(),
            selection: (start, end - 2 * count),
        });
    }
    if selected.is_empty() && run_before == 0 && mark.is_in(run_after) {
        // What was being written with the mark goes on without it.
        return Some(Change {
            place: (end, end),
            text: Vec::new(),
            selection: (end + count, end + count),
        });
    }
    let signs = vec![u16::from(sign); count];
    Some(Change {
        place: (start, end),
        text: [&signs, selected, &signs].concat(),
        selection: (start + count, end + count),
    })
}

/// Marks hold words: white space at the ends of what is selected stays outside.
fn without_space(text: &[u16], (start, end): (usize, usize)) -> (usize, usize) {
    let is_space = |unit: &u16| char::from_u32((*unit).into()).is_some_and(char::is_whitespace);
    let selected = text.get(start..end).unwrap_or_default();
    let leading = selected.iter().take_while(|unit| is_space(unit)).count();
    let trailing = selected
        .iter()
        .rev()
        .take_while(|unit| is_space(unit))
        .count();
    if leading == selected.len() {
        (start, end)
    } else {
        (start + leading, end - trailing)
    }
}

/// Toggles a mark in the text area. Whether the browser told nobody that the text is another.
pub(super) fn apply(node: &HtmlTextAreaElement, mark: Mark) -> bool {
    let text: Vec<u16> = node.value().encode_utf16().collect();
    let place = |at: Result<Option<u32>, _>| at.ok().flatten().and_then(|at| at.try_into().ok());
    let (Some(start), Some(end)) = (place(node.selection_start()), place(node.selection_end()))
    else {
        return false;
    };
    let Some(change) = toggle(&text, (start, end), mark) else {
        return false;
    };
    select(node, change.place);
    let (from, to) = change.place;
    let is_same = text.get(from..to) == Some(change.text.as_slice());
    let silent = !is_same && !type_in(node, &String::from_utf16_lossy(&change.text));
    select(node, change.selection);
    silent
}

/// Puts a text in a place and the caret after it, as if it was typed.
pub(super) fn replace(node: &HtmlTextAreaElement, place: (usize, usize), text: &str) {
    select(node, place);
    type_in(node, text);
    let end = place.0 + text.encode_utf16().count();
    select(node, (end, end));
}

fn select(node: &HtmlTextAreaElement, (start, end): (usize, usize)) {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let _ = node.set_selection_range(place(start), place(end));
}

/// Puts a text in the place of what is selected, as if it was typed: a command that is out of
/// fashion, and the only one that the browser's own undo knows. Whether there is such a command;
/// without it the text is put there all the same, and what was undone before cannot be.
fn type_in(node: &HtmlTextAreaElement, text: &str) -> bool {
    let document = leptos::prelude::document().unchecked_into::<HtmlDocument>();
    let typed = if text.is_empty() {
        document.exec_command("delete")
    } else {
        document.exec_command_with_show_ui_and_value("insertText", false, text)
    };
    let typed = typed == Ok(true);
    if !typed {
        let _ = node.set_range_text(text);
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `[` and `]` around what is selected, before and after.
    fn check(mark: Mark, before: &str, after: &str) {
        let at = |sign| {
            before
                .encode_utf16()
                .position(|unit| unit == u16::from(sign))
        };
        let (start, end) = (at(b'[').unwrap(), at(b']').unwrap() - 1);
        let mut text: Vec<u16> = before.replace(['[', ']'], "").encode_utf16().collect();
        let change = toggle(&text, (start, end), mark).unwrap();
        text.splice(change.place.0..change.place.1, change.text);
        text.insert(change.selection.1, b']'.into());
        text.insert(change.selection.0, b'['.into());
        assert_eq!(String::from_utf16(&text).unwrap(), after, "{before}");
    }

    #[test]
    fn a_mark_is_set_and_taken_away() {
        let mark = |letter, shift| Mark::of(letter, shift).unwrap();
        let (bold, italic) = (mark('b', false), mark('i', false));
        let (code, strike) = (mark('e', false), mark('x', true));
        for (mark, before, after) in [
            (bold, "a [b] c", "a **[b]** c"),
            (bold, "a **[b]** c", "a [b] c"),
            (bold, "a [**b**] c", "a [b] c"),
            (bold, "a *[b]* c", "a ***[b]*** c"),
            (bold, "***[b]***", "*[b]*"),
            (italic, "***[b]***", "**[b]**"),
            (italic, "**[b]**", "***[b]***"),
            (italic, "[b]", "*[b]*"),
            (code, "[b]", "`[b]`"),
            (code, "`[b]`", "[b]"),
            (strike, "~~[b]~~", "[b]"),
            (strike, "[b]", "~~[b]~~"),
            // Without the space that a double click selects.
            (bold, "a[ b ]c", "a **[b]** c"),
            (bold, "[ ]", "**[ ]**"),
            // Nothing is selected.
            (bold, "a []", "a **[]**"),
            (bold, "a **[]**", "a []"),
            (bold, "**a[]**", "**a**[]"),
            (italic, "**a[]**", "**a*[]***"),
            // Two units and more for one character.
            (bold, "😀 [क्षत्रिय]", "😀 **[क्षत्रिय]**"),
            (bold, "😀 **[اردو 😀]**", "😀 [اردو 😀]"),
        ] {
            check(mark, before, after);
        }
    }

    #[test]
    fn only_four_letters_set_marks() {
        for (letter, shift) in [('b', true), ('x', false), ('k', false), ('i', true)] {
            assert_eq!(Mark::of(letter, shift), None);
        }
    }
}
