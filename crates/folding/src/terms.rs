//! What is put into an index for a text, and what is asked of it.

use std::collections::HashSet;

use crate::exact::exact;
use crate::sound::{keys, patterns};
use crate::words::words;

/// Most terms of one text. The exact words come first, then skeletons, then beginnings, so
/// that a text that is too long is still found by its whole words.
pub const INDEX_TERMS: usize = 1_024;

/// Shortest beginning of a word that is indexed, in characters.
pub const PREFIX_MIN: usize = 2;

/// Longest beginning of a word that is indexed, in characters. They are characters and not
/// graphemes because people type characters: a half typed स्ते is no beginning by graphemes.
pub const PREFIX_MAX: usize = 8;

/// Longest beginning of a skeleton that is indexed, in sounds.
const SOUND_PREFIX_MAX: usize = 4;

/// What a term is. Terms of different kinds differ in their first byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum TermKind {
    /// A whole word, folded by [`exact`].
    Exact = 1,
    /// The first [`PREFIX_MIN`] to [`PREFIX_MAX`] characters of a longer one.
    Prefix = 2,
    /// A skeleton.
    Skeleton = 3,
    /// The first 2 to 4 letters of a longer skeleton.
    SkeletonPrefix = 4,
}

/// One entry of an index, to be put through a keyed hash before it is stored.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// The kind in one byte, then the text in UTF-8.
    pub bytes: Vec<u8>,
}

impl Term {
    fn new(kind: TermKind, text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.push(kind as u8);
        bytes.extend_from_slice(text.as_bytes());
        Self { kind, bytes }
    }
}

/// The terms of a text, without repetition, at most [`INDEX_TERMS`], in a fixed order.
#[must_use]
pub fn index_terms(text: &str) -> Vec<Term> {
    let mut list = List::default();
    let mut seen = HashSet::new();
    let found = words(text);
    let mut folded: Vec<(&str, String)> = Vec::with_capacity(found.len());
    for word in &found {
        let key = exact(word.text);
        if !key.is_empty() && seen.insert(word.text) {
            folded.push((word.text, key));
        }
    }
    for (_, key) in &folded {
        list.add(TermKind::Exact, key);
    }
    let mut begun = Vec::new();
    for (word, _) in &folded {
        let patterns = patterns(word);
        for key in keys(&patterns, true) {
            list.add(TermKind::Skeleton, &key);
        }
        begun.extend(keys(&patterns, false));
    }
    for (_, key) in &folded {
        for beginning in beginnings(key, PREFIX_MAX).filter(|beginning| *beginning != key) {
            list.add(TermKind::Prefix, beginning);
        }
    }
    for key in &begun {
        for beginning in beginnings(key, SOUND_PREFIX_MAX) {
            list.add(TermKind::SkeletonPrefix, beginning);
        }
    }
    list.terms
}

/// The terms to look for one word of a query: a text that has any of them may answer it, and
/// [`crate::rank`] tells how well. At most two and twice [`crate::SKELETONS`].
#[must_use]
pub fn query_terms(word: &str) -> Vec<Term> {
    let mut list = List::default();
    let key = exact(word);
    if key.is_empty() {
        return list.terms;
    }
    list.add(TermKind::Exact, &key);
    if let Some(beginning) = beginnings(&key, PREFIX_MAX).last() {
        list.add(TermKind::Prefix, beginning);
    }
    let patterns = patterns(word);
    for key in keys(&patterns, true) {
        list.add(TermKind::Skeleton, &key);
    }
    for key in keys(&patterns, false) {
        if let Some(beginning) = beginnings(&key, SOUND_PREFIX_MAX).last() {
            list.add(TermKind::SkeletonPrefix, beginning);
        }
    }
    list.terms
}

/// The beginnings of a key from [`PREFIX_MIN`] to `most` characters, the whole included.
fn beginnings(key: &str, most: usize) -> impl Iterator<Item = &str> {
    let ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(most)
        .skip(PREFIX_MIN - 1)
        .filter_map(|end| key.get(..end))
}

#[derive(Default)]
struct List {
    terms: Vec<Term>,
    known: HashSet<Vec<u8>>,
}

impl List {
    fn add(&mut self, kind: TermKind, text: &str) {
        if self.terms.len() >= INDEX_TERMS {
            return;
        }
        let term = Term::new(kind, text);
        if self.known.insert(term.bytes.clone()) {
            self.terms.push(term);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INDEX_TERMS, TermKind, index_terms, query_terms};

    fn meets(query: &str, text: &str) -> bool {
        let terms = index_terms(text);
        query_terms(query).iter().any(|term| terms.contains(term))
    }

    #[test]
    fn terms_are_what_is_looked_for() {
        let text = "Kal Kulsum ke ghar ज़िंदगी mubarak";
        for query in [
            "kal",
            "کل",
            "kul",
            "جندگی",
            "zindgi",
            "मुबा",
            "mubara",
            "گھر",
        ] {
            assert!(meets(query, text), "{query}");
        }
        assert!(!meets("kitab", text));
        assert!(!meets("…", text));
    }

    #[test]
    fn kinds_differ_and_nothing_is_twice() {
        let terms = index_terms("kal kal kalam कल");
        let mut bytes: Vec<_> = terms.iter().map(|term| &term.bytes).collect();
        assert!(
            terms
                .iter()
                .all(|term| term.bytes.first() == Some(&(term.kind as u8)))
        );
        bytes.sort();
        bytes.dedup();
        assert_eq!(bytes.len(), terms.len());
    }

    #[test]
    fn a_long_text_keeps_its_whole_words() {
        let text: String = (0..2_000).map(|n| format!("{n} ")).collect();
        let terms = index_terms(&text);
        assert_eq!(terms.len(), INDEX_TERMS);
        assert!(terms.iter().all(|term| term.kind == TermKind::Exact));
    }
}
