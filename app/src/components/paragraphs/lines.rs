//! The lines of a paragraph: each is set by its own script and direction.

use markup::{Inline, Style};

/// The lines of a paragraph, at least one and at most so many; what follows stands in the last
/// one, with its line breaks. A style that goes on over a line break goes on in the next line.
/// What is hidden, or leads somewhere, stays in one piece.
pub(super) fn split(inlines: Vec<Inline>, most: usize) -> Vec<Vec<Inline>> {
    let mut done = Vec::new();
    let mut line = Vec::new();
    for inline in inlines {
        let room = most.saturating_sub(done.len()).max(1);
        match inline {
            Inline::Text(text) => {
                for (index, part) in text.splitn(room, '\n').enumerate() {
                    if index > 0 {
                        done.push(std::mem::take(&mut line));
                    }
                    if !part.is_empty() {
                        line.push(Inline::Text(part.to_owned()));
                    }
                }
            }
            Inline::Styled(style, inside) if style != Style::Spoiler => {
                for (index, part) in split(inside, room).into_iter().enumerate() {
                    if index > 0 {
                        done.push(std::mem::take(&mut line));
                    }
                    if !part.is_empty() {
                        line.push(Inline::Styled(style, part));
                    }
                }
            }
            whole => line.push(whole),
        }
    }
    done.push(line);
    done
}

/// The words of a line, those that are hidden among them: for its script only.
pub(super) fn words(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Styled(_, inside) | Inline::Link { label: inside, .. } => words(inside, out),
            Inline::Code(_) | Inline::Mention(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use markup::{Block, parse};

    use super::*;

    const ALL: usize = 64;

    fn inlines(text: &str) -> Vec<Inline> {
        match parse(text).into_iter().next() {
            Some(Block::Paragraph(inlines)) => inlines,
            other => panic!("{text:?} is {other:?}"),
        }
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    #[test]
    fn a_style_goes_on_in_the_next_line() {
        let styled = |style, inside| Inline::Styled(style, vec![inside]);
        assert_eq!(
            split(inlines("a **b\nc** d\n\ne"), ALL),
            [
                vec![text("a "), styled(Style::Bold, text("b"))],
                vec![styled(Style::Bold, text("c")), text(" d")],
                vec![],
                vec![text("e")],
            ]
        );
    }

    #[test]
    fn what_is_hidden_stays_in_one_piece() {
        let lines = split(inlines("a ||b\nc||\nd"), ALL);
        let hidden = Inline::Styled(Style::Spoiler, vec![text("b\nc")]);
        assert_eq!(lines, [vec![text("a "), hidden], vec![text("d")]]);
    }

    #[test]
    fn no_text_makes_too_many_lines() {
        for tall in [
            "x\n".repeat(4_000) + "y",
            format!("**{}y**", "x\n".repeat(4_000)),
        ] {
            let lines = split(inlines(&tall), ALL);
            assert_eq!(lines.len(), ALL);
            let mut last = String::new();
            words(&lines[ALL - 1], &mut last);
            assert_eq!(last.matches('\n').count(), 4_000 - (ALL - 1));
        }
        assert_eq!(split(inlines("a\nb"), 0).len(), 1);
    }
}
