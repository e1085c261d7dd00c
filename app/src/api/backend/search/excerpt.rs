//! A part of a text around the first thing that is found in it.

use core::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::api::search::Piece;

/// Characters, as they are read, before what is found.
const BEFORE: usize = 40;
/// Characters in all.
const MOST: usize = 160;

/// The excerpt. `found` are places in the text, ascending and apart.
pub(super) fn excerpt(text: &str, found: &[Range<usize>]) -> Vec<Piece> {
    let stretch = stretch(text, found.first().map_or(0, |first| first.start));
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, found| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            let text = text.to_owned();
            pieces.push(Piece { text, found });
        }
    };
    let mut at = stretch.start;
    for range in found {
        if range.start >= at && range.end <= stretch.end {
            push(at..range.start, false);
            push(range.clone(), true);
            at = range.end;
        }
    }
    push(at..stretch.end, false);
    dotted(pieces, stretch.start > 0, stretch.end < text.len())
}

/// Says where something is left out.
fn dotted(mut pieces: Vec<Piece>, before: bool, after: bool) -> Vec<Piece> {
    let dots = || Piece {
        text: "…".to_owned(),
        found: false,
    };
    if before {
        pieces.insert(0, dots());
    }
    if after {
        pieces.push(dots());
    }
    pieces
}

/// What of a text is shown, whole characters, in bytes. It begins with a word.
fn stretch(text: &str, first: usize) -> Range<usize> {
    let starts: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
    let hit = starts.partition_point(|at| *at < first);
    let from = hit.saturating_sub(BEFORE);
    let begin = |at: usize| starts.get(at).copied().unwrap_or(text.len());
    let mut start = begin(from);
    if start > 0 {
        let before = text.get(start..first).unwrap_or_default();
        let gap = before.find(char::is_whitespace);
        start += gap.map_or(0, |gap| gap + before.get(gap..).map_or(0, leading_space));
    }
    start..begin(from + MOST)
}

/// Bytes of the white space that a text begins with.
fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, word: &str) -> String {
        let found: Vec<_> = text
            .match_indices(word)
            .map(|(at, word)| at..at + word.len())
            .collect();
        let pieces = excerpt(text, &found);
        let show = |piece: &Piece| {
            if piece.found {
                format!("[{}]", piece.text)
            } else {
                piece.text.clone()
            }
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn short_texts_are_shown_whole() {
        assert_eq!(shown("chai? more chai!", "chai"), "[chai]? more [chai]!");
        assert_eq!(shown("कैसे हो", "कैसे"), "[कैसे] हो");
        assert_eq!(shown("nothing", "chai"), "nothing");
        assert_eq!(shown("", "chai"), "");
    }

    #[test]
    fn of_long_texts_what_stands_around_the_first_is_shown() {
        let text = format!("{}chai {}", "word ".repeat(40), "after ".repeat(60));
        let excerpt = shown(&text, "chai");
        assert!(excerpt.starts_with("…word word"), "{excerpt}");
        assert!(excerpt.contains(" [chai] after"), "{excerpt}");
        assert!(excerpt.ends_with('…'), "{excerpt}");
        assert!(excerpt.chars().count() <= MOST + 4);
    }

    #[test]
    fn characters_stay_whole() {
        for text in ["नि".repeat(400), "👩‍👩‍👧‍👦".repeat(400), "e\u{301}".repeat(400)]
        {
            let text = format!("{text} chai {text}");
            let excerpt = shown(&text, "chai");
            assert!(excerpt.contains("[chai]"), "{excerpt}");
            let parts = excerpt.trim_matches('…').split("[chai]");
            for part in parts {
                for one in part.trim().graphemes(true) {
                    assert!(text.contains(one) && one.chars().count() > 1, "{one:?}");
                }
            }
        }
    }
}
