//! Hand-written words in three scripts: what is one word meets, what is not does not.
//!
//! `pairs.tsv` has a word in each line: its Roman spellings, then Devanagari, then Urdu, with
//! tabs between scripts and blanks between spellings.

use std::collections::HashSet;

use folding::{Match, exact, index_terms, query_terms, rank, skeletons};

const PAIRS: &str = include_str!("pairs.tsv");
const STRANGERS: &str = include_str!("strangers.tsv");

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(['\t', ' ']).collect())
}

fn share_a_skeleton(one: &str, other: &str) -> bool {
    let others = skeletons(other);
    skeletons(one).iter().any(|key| others.contains(key))
}

/// Whether the one is found for the other as a whole word, both ways.
fn meet(one: &str, other: &str) -> bool {
    let is_whole = |found| matches!(found, Some(Match::Exact | Match::Sound));
    is_whole(rank(one, other)) && is_whole(rank(other, one))
}

#[test]
fn spellings_of_a_word_meet() {
    let mut complaints = Vec::new();
    let mut rows = 0;
    for row in PAIRS.lines().filter(|line| !line.starts_with('#')) {
        rows += 1;
        assert_eq!(row.split('\t').count(), 3, "{row}");
        let words: Vec<&str> = row.split(['\t', ' ']).collect();
        for (place, one) in words.iter().enumerate() {
            for other in words.iter().skip(place + 1) {
                let same = exact(one) == exact(other);
                if !meet(one, other) || !(same || share_a_skeleton(one, other)) {
                    let keys = (skeletons(one), skeletons(other));
                    complaints.push(format!("{one} and {other} {keys:?}"));
                }
            }
        }
    }
    assert!(rows >= 300, "{rows} words only");
    let missed = complaints.len();
    assert!(missed == 0, "{missed} of {rows} words:\n{}", complaints.join("\n"));
}
