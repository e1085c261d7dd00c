//! Fenced code.

use crate::line::Line;
use crate::meter::tick;

/// The fewest backticks that are a fence.
const FENCE: usize = 3;
/// Longest name of a language, in bytes.
const LANGUAGE_BYTES: usize = 24;

/// Code between fences.
pub(crate) struct Fence {
    /// The word after the first fence.
    pub(crate) language: Option<String>,
    /// The lines between.
    pub(crate) code: String,
    /// How many lines it takes.
    pub(crate) used: usize,
}

/// The code that begins with the first of these lines. Without a second fence it reaches to
/// the last.
pub(crate) fn fence(lines: &[Line<'_>]) -> Option<Fence> {
    let (first, rest) = lines.split_first()?;
    let opening = first.trim_start().text;
    let width = backticks(opening.bytes());
    let info = opening.get(width..)?;
    tick(info.len());
    if width < FENCE || info.contains('`') {
        return None;
    }
    let language = language(info.trim());
    let mut code = Vec::new();
    if language.is_none() && !info.trim().is_empty() {
        code.push(info);
    }
    let mut used = 1;
    for line in rest {
        used += 1;
        tick(line.text.len());
        match before_closing(line.text, width) {
            None => code.push(line.text),
            Some(before) => {
                // Many close the fence at the end of the last line.
                if !before.trim().is_empty() {
                    code.push(before);
                }
                break;
            }
        }
    }
    Some(Fence {
        language,
        code: code.join("\n"),
        used,
    })
}

/// The language that the rest of a fence's line names. Anything but one word is code.
fn language(info: &str) -> Option<String> {
    let name = info.split([',', '{']).next().unwrap_or_default();
    let fits = !name.is_empty()
        && name.len() <= LANGUAGE_BYTES
        && !info.contains(char::is_whitespace)
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+#-_.".contains(&b));
    fits.then(|| name.to_owned())
}

/// What stands before a fence of at least this width at the end of a line.
fn before_closing(line: &str, width: usize) -> Option<&str> {
    let line = line.trim_end();
    let found = backticks(line.bytes().rev());
    if found < width {
        return None;
    }
    line.get(..line.len() - found)
}

fn backticks(bytes: impl Iterator<Item = u8>) -> usize {
    let count = bytes.take_while(|&b| b == b'`').count();
    tick(1 + count);
    count
}
