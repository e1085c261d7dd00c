//! What stands for a message in the index: keyed hashes of the terms of its words, of its
//! author, and of whether it has a link.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use folding::{INDEX_TERMS, TermKind};
use protocol::{Message, UserId};
use security::SearchKey;

use super::blocks::TOKEN_BITS;
use super::lexicon::Lexicon;

/// Version of what is indexed and how; with that of the folding it is the version of an index.
const FORMAT: u32 = 2;

/// The version of the index of this build.
pub(super) const VERSION: u32 = (FORMAT << 16) | folding::VERSION as u32;

/// First bytes of terms that are no words, which the kinds of words leave free.
const AUTHOR: u8 = 0xF0;
const LINK: u8 = 0xF1;

/// The token of a term under the key of a conversation.
pub(super) fn token(key: &SearchKey, term: &[u8]) -> u64 {
    key.token(term) >> (u64::BITS - TOKEN_BITS)
}

pub(super) fn author_term(user: UserId) -> Vec<u8> {
    [&[AUTHOR][..], &user.to_bytes()].concat()
}

pub(super) fn link_term() -> Vec<u8> {
    vec![LINK]
}

/// Whether a text has an address in it.
pub(super) fn has_link(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        ["http://", "https://", "www."].iter().any(|begin| {
            word.char_indices().any(|(at, _)| {
                let rest = word.get(at..).unwrap_or_default();
                let head = rest.get(..begin.len());
                head.is_some_and(|head| head.eq_ignore_ascii_case(begin))
                    && rest.len() > begin.len()
            })
        })
    })
}

/// Makes the tokens of many messages of one conversation.
pub(super) struct Tokens<'a> {
    lexicon: &'a Lexicon,
    key: SearchKey,
    words: HashMap<String, Arc<Word>>,
}

/// The tokens of a word.
struct Word {
    exact: Vec<u64>,
    others: Vec<u64>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, key: SearchKey) -> Self {
        Self {
            lexicon,
            key,
            words: HashMap::new(),
        }
    }

    /// The tokens of a message in any order; none of one that says nothing. Of a text that is
    /// too long the whole words come first, as in [`folding::index_terms`].
    pub(super) fn of(&mut self, message: &Message) -> HashSet<u64> {
        let Some(text) = message.content.words() else {
            return HashSet::new();
        };
        let text = text.as_ref();
        let mut seen = HashSet::new();
        let found = folding::words(text);
        let words = found.iter().filter(|word| seen.insert(word.text));
        let words: Vec<Arc<Word>> = words.map(|word| self.word(word.text)).collect();
        let exact = words.iter().flat_map(|word| &word.exact);
        let others = words.iter().flat_map(|word| &word.others);
        let mut tokens = HashSet::new();
        for token in exact.chain(others) {
            if tokens.len() >= INDEX_TERMS {
                break;
            }
            tokens.insert(*token);
        }
        tokens.insert(token(&self.key, &author_term(message.author)));
        if has_link(text) {
            tokens.insert(token(&self.key, &link_term()));
        }
        tokens
    }

    fn word(&mut self, text: &str) -> Arc<Word> {
        if let Some(word) = self.words.get(text) {
            return Arc::clone(word);
        }
        let (mut exact, mut others) = (Vec::new(), Vec::new());
        for term in self.lexicon.terms(text).iter() {
            let token = token(&self.key, &term.bytes);
            match term.kind {
                TermKind::Exact => exact.push(token),
                _ => others.push(token),
            }
        }
        let word = Arc::new(Word { exact, others });
        self.words.insert(text.to_owned(), Arc::clone(&word));
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_seen_wherever_they_stand() {
        for text in ["http://a", "see (HTTPS://example.org)", "نمستے www.a.b"] {
            assert!(has_link(text), "{text}");
        }
        for text in ["http://", "https", "awww.", "12:30", "http :// x", ""] {
            assert!(!has_link(text), "{text}");
        }
    }
}
