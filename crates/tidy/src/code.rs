//! Telling code from comments and strings.

/// The source with comments and the insides of literals replaced by blanks. Every character
/// stays on its line and at its place.
#[must_use]
pub fn code_only(source: &str) -> String {
    let text: Vec<char> = source.chars().collect();
    let at = |place: usize| text.get(place).copied().unwrap_or('\0');
    let mut out = String::with_capacity(source.len());
    let mut place = 0;
    while place < text.len() {
        let end = match (at(place), at(place + 1)) {
            ('/', '/') => line_end(&text, place),
            ('/', '*') => comment_end(&text, place),
            ('"', _) => string_end(&text, place),
            ('r', '"' | '#') if !is_word(at(place.wrapping_sub(1))) => raw_end(&text, place),
            ('\'', '\\') => char_end(&text, place + 3),
            ('\'', _) if at(place + 2) == '\'' => place + 3,
            _ => place,
        };
        if end == place {
            out.push(at(place));
            place += 1;
        } else {
            for &c in text.get(place..end).unwrap_or_default() {
                out.push(if c == '\n' { '\n' } else { ' ' });
            }
            place = end;
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_end(text: &[char], from: usize) -> usize {
    let rest = text.iter().skip(from);
    from + rest.take_while(|&&c| c != '\n').count()
}

fn comment_end(text: &[char], from: usize) -> usize {
    let mut depth = 0_u32;
    let mut place = from;
    while place < text.len() {
        match (text.get(place), text.get(place + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                place += 2;
            }
            (Some('*'), Some('/')) => {
                depth -= 1;
                place += 2;
                if depth == 0 {
                    return place;
                }
            }
            _ => place += 1,
        }
    }
    place
}

fn string_end(text: &[char], from: usize) -> usize {
    let mut place = from + 1;
    while let Some(c) = text.get(place) {
        match c {
            '\\' => place += 2,
            '"' => return place + 1,
            _ => place += 1,
        }
    }
    text.len()
}

/// `r"..."` and `r#"..."#`; a raw identifier such as `r#type` is none.
fn raw_end(text: &[char], from: usize) -> usize {
    let hashes = text
        .iter()
        .skip(from + 1)
        .take_while(|&&c| c == '#')
        .count();
    if text.get(from + 1 + hashes) != Some(&'"') {
        return from;
    }
    let mut place = from + 2 + hashes;
    while place < text.len() {
        let closes = text.get(place) == Some(&'"')
            && text
                .iter()
                .skip(place + 1)
                .take(hashes)
                .filter(|&&c| c == '#')
                .count()
                == hashes;
        if closes {
            return place + 1 + hashes;
        }
        place += 1;
    }
    place
}

fn char_end(text: &[char], from: usize) -> usize {
    let rest = text.iter().skip(from);
    from + rest.take_while(|&&c| c != '\'').count() + 1
}

/// A function and how many lines it takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line it begins in, counted from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace.
    pub lines: usize,
}

/// All functions with a body. Give it what [`code_only`] returns.
#[must_use]
pub fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(name) = function_name(line)
            && let Some(length) = body_lines(lines.get(index..).unwrap_or_default())
        {
            found.push(Function {
                name: name.to_owned(),
                line: index + 1,
                lines: length,
            });
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let before_is_qualifiers = before.split_whitespace().all(|word| {
        word.starts_with("pub") || matches!(word, "const" | "async" | "unsafe" | "in" | "extern")
    });
    let name = after.split(|c| !is_word(c)).next()?;
    (before_is_qualifiers && !name.is_empty()).then_some(name)
}

/// Lines up to the brace that closes the body; `None` for a declaration without a body.
fn body_lines(lines: &[&str]) -> Option<usize> {
    let mut depth = 0_i32;
    let mut opened = false;
    for (index, line) in lines.iter().enumerate() {
        for c in line.chars() {
            match c {
                '{' => {
                    depth += 1;
                    opened = true;
                }
                '}' => depth -= 1,
                ';' if !opened && depth == 0 => return None,
                '(' | '[' if !opened => depth += 1,
                ')' | ']' if !opened => depth -= 1,
                _ => {}
            }
        }
        if opened && depth == 0 {
            return Some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{code_only, functions};

    #[test]
    fn comments_and_literals_are_blank() {
        let source = "let a = \"x { \\\" y\"; // fn no() {\nlet b = '{'; /* { /* } */ */ c<'a>()";
        let code = code_only(source);
        assert!(!code.contains('{') && !code.contains("no"), "{code}");
        assert!(code.contains("c<'a>()"), "{code}");
        assert_eq!(code.lines().count(), 2);
        assert_eq!(code_only("r#\"fn x() {\"# + r#type").trim(), "+ r#type");
    }

    #[test]
    fn functions_are_measured_from_their_name_to_their_brace() {
        let code = "trait T {\n    fn declared(&self) -> [u8; 2];\n}\npub(crate) async fn long(\n    \
                    a: u8,\n) {\n    if a {\n    }\n}\nfn short() {}\n";
        let found: Vec<_> = functions(code)
            .into_iter()
            .map(|f| (f.name, f.line, f.lines))
            .collect();
        assert_eq!(
            found,
            [("long".to_owned(), 4, 6), ("short".to_owned(), 10, 1)]
        );
    }
}
