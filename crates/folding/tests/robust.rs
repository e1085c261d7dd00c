//! Any text at all: nothing panics, and the bounds hold.

use folding::{
    INDEX_TERMS, Match, SKELETONS, WORD_BYTES, WORDS, exact, index_terms, query_terms, rank,
    skeletons, words,
};

/// What a test draws from: scripts and marks that have rules, and everything.
const POOLS: [(u32, u32); 9] = [
    (0x20, 0x7E),
    (0x61, 0x7A),
    (0xC0, 0x36F),
    (0x900, 0x97F),
    (0x600, 0x6FF),
    (0x200B, 0x2060),
    (0xFB50, 0xFEFF),
    (0x1F300, 0x1F6FF),
    (0, 0x10_FFFF),
];

/// SplitMix64, so that a failure can be repeated with its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn text(&mut self) -> String {
        let length = self.below(24);
        let pool = self.below(POOLS.len() as u64);
        let mut text = String::new();
        for _ in 0..length {
            // Mostly one script, as people write, and sometimes any.
            let pool = if self.below(5) == 0 {
                self.below(9)
            } else {
                pool
            };
            let pool = usize::try_from(pool).ok().and_then(|pool| POOLS.get(pool));
            let (first, last) = pool.copied().unwrap_or((0x61, 0x7A));
            let code = u64::from(first) + self.below(u64::from(last - first) + 1);
            text.extend(u32::try_from(code).ok().and_then(char::from_u32));
        }
        text
    }
}

fn check(text: &str, context: &str) {
    let found = words(text);
    assert!(found.len() <= WORDS, "{context}");
    for word in &found {
        assert_eq!(text.get(word.range()), Some(word.text), "{context}");
        assert!(word.text.len() <= WORD_BYTES, "{context}");
    }
    let folded = exact(text);
    assert_eq!(exact(&folded), folded, "{context}");
    assert!(skeletons(text).len() <= SKELETONS, "{context}");
    let terms = index_terms(text);
    assert!(terms.len() <= INDEX_TERMS, "{context}");
    assert!(query_terms(text).len() <= 2 + 2 * SKELETONS, "{context}");
    let own = (!folded.is_empty()).then_some(Match::Exact);
    assert_eq!(rank(text, text), own, "{context}");
}

#[test]
fn any_text_is_folded() {
    for seed in 0..20_000 {
        let text = Random(seed).text();
        check(&text, &format!("seed {seed}: {text:?}"));
    }
}

/// Quadratic work on these would not end within the patience of anybody.
#[test]
fn long_texts_are_folded() {
    for unit in [
        "a", "क", "क्", "ن", "ئ", "न्", "e ", "a_", "\u{301}", "\u{200D}", "नं ", "😀",
    ] {
        let text = unit.repeat(1 << 17);
        assert!(words(&text).len() <= WORDS);
        assert!(index_terms(&text).len() <= INDEX_TERMS);
        assert!(skeletons(&text).len() <= SKELETONS);
        let _ = rank(&text, unit);
    }
}
