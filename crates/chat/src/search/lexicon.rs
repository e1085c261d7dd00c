//! Words that were folded before: in what people write the same few thousand words come again
//! and again, and folding one costs many times what finding it here costs.

use std::sync::Arc;

use folding::Term;
use quick_cache::sync::Cache;

/// Words held. With their terms about half a kilobyte each, more for the longest.
const WORDS: usize = 8_192;

pub(crate) struct Lexicon {
    words: Cache<Box<str>, Arc<[Term]>>,
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        Self {
            words: Cache::new(WORDS),
        }
    }

    /// The terms of a word, the exact ones first.
    pub(super) fn terms(&self, word: &str) -> Arc<[Term]> {
        if let Some(terms) = self.words.get(word) {
            return terms;
        }
        let terms: Arc<[Term]> = folding::index_terms(word).into();
        self.words.insert(word.into(), Arc::clone(&terms));
        terms
    }

    /// The same, if it is held.
    pub(super) fn known(&self, word: &str) -> Option<Arc<[Term]>> {
        self.words.get(word)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn word_by_word_a_text_has_the_terms_that_it_has_as_a_whole() {
        let lexicon = Lexicon::new();
        for text in [
            "Kal Kulsum ke ghar ज़िंदगी mubarak",
            "https://example.org/snake_case?a=camelCase covid19 12.5",
            "کیسے ہو؟ नमस्ते, é ÄRGER d'accord x",
            "",
        ] {
            let whole: BTreeSet<Term> = folding::index_terms(text).into_iter().collect();
            for _ in 0..2 {
                let words = folding::words(text);
                let parts = words.iter().map(|word| lexicon.terms(word.text));
                let parts: BTreeSet<Term> = parts.flat_map(|terms| terms.to_vec()).collect();
                assert_eq!(parts, whole, "{text}");
            }
        }
    }
}
