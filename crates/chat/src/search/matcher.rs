//! Whether a message answers a query, and what the index is asked for it.

use folding::{Match, PREFIX_MIN, Term, TermKind};
use protocol::limits::QUERY_WORDS;
use protocol::{ErrorCode, Message, SearchQuery, Timestamp, UserId};
use security::SearchKey;

use super::lexicon::Lexicon;
use super::segment::Times;
use super::tokens::{author_term, has_link, link_term, token};

/// Parts of words that one search looks for: `ali.khan` has two.
const PARTS: usize = 2 * QUERY_WORDS;

/// A query made ready to be compared with many messages.
pub(super) struct Matcher {
    words: Vec<Wanted>,
    from: Option<UserId>,
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    has_link: bool,
}

/// A word that has to be found.
struct Wanted {
    query: folding::Query,
    /// A text that answers has one of these.
    terms: Vec<Term>,
    /// Whether a longer word answers as well.
    may_go_on: bool,
    chars: usize,
}

impl Matcher {
    /// Of a query whose author, if it names one, is known.
    pub(super) fn new(query: &SearchQuery, from: Option<UserId>) -> Result<Self, ErrorCode> {
        let parts = query.words.iter().flat_map(|word| folding::words(word));
        let parts: Vec<_> = parts.filter(folding::Word::is_wanted).collect();
        if parts.len() > PARTS {
            return Err(ErrorCode::TooLong);
        }
        if parts.is_empty() && from.is_none() && !query.has_link {
            return Err(ErrorCode::Empty);
        }
        let last = parts.len().saturating_sub(1);
        let words = parts.iter().enumerate();
        Ok(Self {
            words: words
                .map(|(at, word)| Wanted::new(word.text, at == last))
                .collect(),
            from,
            before: query.before,
            after: query.after,
            has_link: query.has_link,
        })
    }

    /// What the index is asked: a message that answers has one of the tokens of each. What
    /// finds fewest messages, as far as that can be guessed, comes first.
    pub(super) fn needs(&self, key: &SearchKey) -> Vec<Vec<u64>> {
        let mut words: Vec<&Wanted> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars));
        let mut needs: Vec<Vec<u64>> = words
            .iter()
            .map(|word| {
                word.terms
                    .iter()
                    .map(|term| token(key, &term.bytes))
                    .collect()
            })
            .collect();
        if self.has_link {
            needs.push(vec![token(key, &link_term())]);
        }
        if let Some(author) = self.from {
            needs.push(vec![token(key, &author_term(author))]);
        }
        needs
    }

    /// Whether there may be an answer among messages of these times.
    pub(super) fn meets(&self, times: Times) -> bool {
        self.before.is_none_or(|before| times.oldest < before)
            && self.after.is_none_or(|after| times.newest >= after)
    }

    /// Whether a word is one of those that are looked for.
    pub(super) fn finds(&self, word: &str) -> bool {
        self.words
            .iter()
            .any(|wanted| wanted.compare(word).is_some())
    }

    /// How well a message answers; the worst of its words counts.
    pub(super) fn rank(&self, lexicon: &Lexicon, message: &Message) -> Option<Match> {
        let text = message.content.words()?;
        let sent = Times {
            oldest: message.sent_at,
            newest: message.sent_at,
        };
        if !self.meets(sent) || self.from.is_some_and(|from| from != message.author) {
            return None;
        }
        if self.has_link && !has_link(&text) {
            return None;
        }
        let found = folding::words(&text);
        let mut worst = Match::Exact;
        for word in &self.words {
            let best = found
                .iter()
                .filter_map(|found| word.rank(lexicon, found.text))
                .min()?;
            worst = worst.max(best);
        }
        Some(worst)
    }
}

impl Wanted {
    fn new(word: &str, is_last: bool) -> Self {
        let chars = word.chars().count();
        // Shorter beginnings are not in the index.
        let may_go_on = is_last && chars >= PREFIX_MIN;
        let mut terms = folding::query_terms(word);
        terms.retain(|term| may_go_on || matches!(term.kind, TermKind::Exact | TermKind::Skeleton));
        Self {
            query: folding::Query::new(word),
            terms,
            may_go_on,
            chars,
        }
    }

    fn rank(&self, lexicon: &Lexicon, word: &str) -> Option<Match> {
        // Comparing terms is quicker than comparing sounds, if they are at hand.
        if let Some(terms) = lexicon.known(word)
            && !terms.iter().any(|term| self.terms.contains(term))
        {
            return None;
        }
        self.compare(word)
    }

    fn compare(&self, word: &str) -> Option<Match> {
        let whole = |rank: &Match| matches!(rank, Match::Exact | Match::Sound);
        self.query
            .rank(word)
            .filter(|rank| self.may_go_on || whole(rank))
    }
}
