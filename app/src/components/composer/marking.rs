//! What shortcuts and the bar do to the text: marks around what is selected, signs before its lines,
//! or no longer.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// What stands for the address of a link until there is one.
const ADDRESS: &str = "https://";

/// The sign of a mark, and how often it stands on each side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark(u8, usize);

impl Mark {
    pub(super) const BOLD: Self = Self(b'*', 2);
    pub(super) const ITALIC: Self = Self(b'*', 1);
    pub(super) const CODE: Self = Self(b'`', 1);
    pub(super) const STRIKE: Self = Self(b'~', 2);
    pub(super) const HIDDEN: Self = Self(b'|', 2);

    /// The mark that a shortcut sets: bold, italic, code, strike.
    pub(super) const fn of(letter: char, shift: bool) -> Option<Self> {
        match (letter, shift) {
            ('b', false) => Some(Self::BOLD),
            ('i', false) => Some(Self::ITALIC),
            ('e', false) => Some(Self::CODE),
            ('x', true) => Some(Self::STRIKE),
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

/// What can be made of what is selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// Something with marks around it.
    Marked(Mark),
    /// Lines that begin with a sign.
    Lines(&'static str),
    /// A link.
    Link,
}

impl Format {
    fn change(self, text: &[u16], selection: (usize, usize)) -> Option<Change> {
        match self {
            Self::Marked(mark) => toggle(text, selection, mark),
            Self::Lines(sign) => toggle_lines(text, selection, sign),
            Self::Link => link(text, selection),
        }
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

/// Begins every line in which something is selected with a sign, or takes it away where all have
/// it.
fn toggle_lines(text: &[u16], (start, end): (usize, usize), sign: &str) -> Option<Change> {
    let sign: Vec<u16> = sign.encode_utf16().collect();
    let newline = u16::from(b'\n');
    let before = text.get(..start)?;
    let first = before.iter().rposition(|unit| *unit == newline);
    let first = first.map_or(0, |at| at + 1);
    // A line of which only the beginning is reached is not selected.
    let reached = if text.get(start..end)?.ends_with(&[newline]) {
        end - 1
    } else {
        end
    };
    let rest = text.get(reached..)?.iter();
    let last = rest.take_while(|unit| **unit != newline).count() + reached;
    let lines = text.get(first..last)?.split(|unit| *unit == newline);
    let is_set = lines.clone().all(|line| line.starts_with(&sign));
    let changed = lines.map(|line| match line.strip_prefix(sign.as_slice()) {
        Some(bare) if is_set => bare.to_vec(),
        Some(_) => line.to_vec(),
        None => [sign.as_slice(), line].concat(),
    });
    let changed = changed.collect::<Vec<_>>().join(&newline);
    let selection = if start < end {
        (first, first + changed.len())
    } else if is_set {
        let caret = start.saturating_sub(sign.len()).max(first);
        (caret, caret)
    } else {
        (start + sign.len(), start + sign.len())
    };
    Some(Change {
        place: (first, last),
        text: changed,
        selection,
    })
}

/// Makes a link of what is selected: an address wants a label, anything else an address.
fn link(text: &[u16], selection: (usize, usize)) -> Option<Change> {
    let (start, end) = without_space(text, selection);
    let selected = String::from_utf16_lossy(text.get(start..end)?);
    let is_address = ["https://", "http://"]
        .iter()
        .any(|scheme| selected.starts_with(scheme))
        && !selected.contains(char::is_whitespace);
    let (label, address) = if is_address {
        ("", selected.as_str())
    } else {
        (selected.as_str(), ADDRESS)
    };
    // Behind the bracket; what is missing is selected, so that it is written or pasted over.
    let in_label = start + 1;
    let selection = if label.is_empty() {
        (in_label, in_label)
    } else {
        let in_address = in_label + (end - start) + 2;
        (in_address, in_address + ADDRESS.len())
    };
    Some(Change {
        place: (start, end),
        text: format!("[{label}]({address})").encode_utf16().collect(),
        selection,
    })
}

/// What is selected, or where the caret is.
fn selected(node: &HtmlTextAreaElement) -> Option<(usize, usize)> {
    let place = |at: Result<Option<u32>, _>| at.ok().flatten().and_then(|at| at.try_into().ok());
    Some((place(node.selection_start())?, place(node.selection_end())?))
}

/// Makes something else of what is selected in the text area. Whether the browser told nobody that
/// the text is another.
pub(super) fn apply(node: &HtmlTextAreaElement, format: Format) -> bool {
    let text: Vec<u16> = node.value().encode_utf16().collect();
    let change = selected(node).and_then(|selection| format.change(&text, selection));
    let Some(change) = change else {
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

/// Puts a text in the place of what is selected, and the caret after it. A text area without the
/// focus does not take it: on a phone it would bring its keyboard.
pub(super) fn insert(node: &HtmlTextAreaElement, text: &str) {
    let Some((start, end)) = selected(node) else {
        return;
    };
    let active = leptos::prelude::document().active_element();
    if active.is_some_and(|active| node.is_same_node(Some(&active))) {
        replace(node, (start, end), text);
        return;
    }
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
        let _ = node.set_range_text_with_start_and_end_and_mode(text, start, end, "end");
    }
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
    fn check(format: Format, before: &str, after: &str) {
        let at = |sign| {
            before
                .encode_utf16()
                .position(|unit| unit == u16::from(sign))
        };
        let (start, end) = (at(b'[').unwrap(), at(b']').unwrap() - 1);
        let mut text: Vec<u16> = before.replace(['[', ']'], "").encode_utf16().collect();
        let change = format.change(&text, (start, end)).unwrap();
        text.splice(change.place.0..change.place.1, change.text);
        text.insert(change.selection.1, b']'.into());
        text.insert(change.selection.0, b'['.into());
        assert_eq!(String::from_utf16(&text).unwrap(), after, "{before}");
    }

    #[test]
    fn a_mark_is_set_and_taken_away() {
        let mark = |letter, shift| Format::Marked(Mark::of(letter, shift).unwrap());
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
            (Format::Marked(Mark::HIDDEN), "a [b]", "a ||[b]||"),
            (Format::Marked(Mark::HIDDEN), "a ||[b]||", "a [b]"),
        ] {
            check(mark, before, after);
        }
    }

    #[test]
    fn lines_begin_with_a_sign_or_no_longer() {
        let (list, quote) = (Format::Lines("- "), Format::Lines("> "));
        for (format, before, after) in [
            (list, "[]", "- []"),
            (list, "- []", "[]"),
            (list, "one\ntw[]o\nthree", "one\n- tw[]o\nthree"),
            (list, "one\n- tw[]o", "one\ntw[]o"),
            (list, "-[] two", "[]two"),
            (list, "o[ne\ntwo]", "[- one\n- two]"),
            (list, "[- one\n- two]", "[one\ntwo]"),
            // What is half a list becomes a whole one.
            (list, "[- one\ntwo]", "[- one\n- two]"),
            (quote, "[एक\n]دو", "[> एक]\nدو"),
            (quote, "> 😀 [एक]", "[😀 एक]"),
        ] {
            check(format, before, after);
        }
    }

    #[test]
    fn a_link_is_given_what_it_lacks() {
        for (before, after) in [
            ("see [it] now", "see [it](<https://>) now"),
            ("see[ it ]now", "see [it](<https://>) now"),
            ("see [https://x.example/a]", "see [<>](https://x.example/a)"),
            ("see []", "see [<>](https://)"),
        ] {
            let at = before.find('[').unwrap();
            let end = before.find(']').unwrap() - 1;
            let mut text: Vec<u16> = before.replace(['[', ']'], "").encode_utf16().collect();
            let change = Format::Link.change(&text, (at, end)).unwrap();
            text.splice(change.place.0..change.place.1, change.text);
            text.insert(change.selection.1, b'>'.into());
            text.insert(change.selection.0, b'<'.into());
            assert_eq!(String::from_utf16(&text).unwrap(), after, "{before}");
        }
    }

    #[test]
    fn only_four_letters_set_marks() {
        for (letter, shift) in [('b', true), ('x', false), ('k', false), ('i', true)] {
            assert_eq!(Mark::of(letter, shift), None);
        }
    }
}
