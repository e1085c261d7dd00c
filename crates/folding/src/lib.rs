//! Turns text into the words and keys by which it is searched.
//!
//! Index, query and browser call the same functions, so what is written in one spelling is
//! looked for in the same. A word has two keys:
//!
//! - [`exact`] takes away what people leave out or write differently in *one* script: case,
//!   accents, nukta, vowel points, the Arabic letters that stand in for Urdu ones.
//! - [`skeletons`] are what is left of its *sound*: the consonants in classes, whether it
//!   begins with a vowel, and the class of a vowel at the end. `kaise`, «कैसे» and «کیسے» share
//!   `ksi`. Skeletons are for finding candidates in an index and let more in than they should.
//!
//! [`rank`] has both words at hand and looks closer: it compares the vowels between the
//! consonants and the aspirates too, as far as both spellings show them.
//!
//! [`index_terms`] and [`query_terms`] list what goes into an index and what is asked of it.
//! `docs/decisions/0015-search-folding.md` says why it is done so, and what is lost.

mod arabic;
mod exact;
mod rank;
mod sound;
mod terms;
mod words;

pub use exact::exact;
pub use rank::{Match, Query, rank};
pub use sound::{SKELETONS, skeletons};
pub use terms::{INDEX_TERMS, PREFIX_MAX, PREFIX_MIN, Term, TermKind, index_terms, query_terms};
pub use words::{Part, WORD_BYTES, WORDS, Word, words};

/// Version of the keys. Terms of another version do not meet these: whoever stores terms
/// stores this number with them, and makes them anew when it has changed.
pub const VERSION: u16 = 1;
