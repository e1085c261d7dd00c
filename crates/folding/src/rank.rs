//! How well a word of a text answers a word of a query.

use crate::exact::exact;
use crate::sound::{Pattern, patterns};

/// How a word was found, the best first: sort by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Match {
    /// The same word in the same script.
    Exact,
    /// The same script, and the text goes on: `mub` in `mubarak`.
    Prefix,
    /// It sounds the same: another script, or another spelling.
    Sound,
    /// It begins with the same sounds.
    SoundPrefix,
}

/// A word of a query, made ready to be compared with many.
#[derive(Clone, Debug)]
pub struct Query {
    exact: String,
    patterns: Vec<Pattern>,
}

impl Query {
    /// Folds one word of a query.
    #[must_use]
    pub fn new(word: &str) -> Self {
        Self {
            exact: exact(word),
            patterns: patterns(word),
        }
    }

    /// How well a word of a text answers it. Whatever is not `None` shares one of
    /// [`crate::query_terms`] with the text, as far as that was indexed.
    #[must_use]
    pub fn rank(&self, text_word: &str) -> Option<Match> {
        if self.exact.is_empty() {
            return None;
        }
        let folded = exact(text_word);
        if folded == self.exact {
            return Some(Match::Exact);
        }
        if folded.starts_with(&self.exact) {
            return Some(Match::Prefix);
        }
        let others = patterns(text_word);
        let any = |compare: fn(&Pattern, &Pattern) -> bool| {
            self.patterns
                .iter()
                .any(|one| others.iter().any(|other| compare(one, other)))
        };
        if any(Pattern::meets) {
            Some(Match::Sound)
        } else if any(Pattern::begins) {
            Some(Match::SoundPrefix)
        } else {
            None
        }
    }
}

/// How well `text_word` answers `query_word`; [`Query`] does it for many words.
#[must_use]
pub fn rank(query_word: &str, text_word: &str) -> Option<Match> {
    Query::new(query_word).rank(text_word)
}

#[cfg(test)]
mod tests {
    use super::{Match, rank};

    #[test]
    fn the_best_comes_first() {
        assert_eq!(rank("baat", "Baat"), Some(Match::Exact));
        assert_eq!(rank("baat", "baatein"), Some(Match::Prefix));
        assert_eq!(rank("baat", "बात"), Some(Match::Sound));
        assert_eq!(rank("baat", "बातें"), Some(Match::SoundPrefix));
        assert_eq!(rank("baat", "کتاب"), None);
        assert!(Match::Exact < Match::Prefix && Match::Prefix < Match::Sound);
        assert!(Match::Sound < Match::SoundPrefix);
    }

    #[test]
    fn a_query_is_answered_while_it_is_typed() {
        for (query, text) in [
            ("zin", "ज़िंदगी"),
            ("zind", "زندگی"),
            ("मुबा", "mubarak"),
            ("مبا", "मुबारक"),
            ("kais", "कैसे"),
            ("ap", "आपका"),
        ] {
            assert_eq!(
                rank(query, text),
                Some(Match::SoundPrefix),
                "{query} {text}"
            );
        }
        assert_eq!(rank("k", "कैसे"), None);
        assert_eq!(rank("", "कैसे"), None);
    }

    #[test]
    fn numbers_have_no_sound() {
        assert_eq!(rank("१२", "12"), Some(Match::Exact));
        assert_eq!(rank("12", "13"), None);
        assert_eq!(rank("1", "12"), Some(Match::Prefix));
    }
}
