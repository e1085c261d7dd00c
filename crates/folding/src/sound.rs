//! The sound of a word, as far as its spelling tells.
//!
//! Each script is read into the same [`Pattern`]s. A spelling seldom tells everything (Urdu
//! writes no short vowels, Roman no length), so each place in a pattern is a *set* of sounds
//! that it may stand for, and two patterns meet when the sets meet at every place.

mod builder;
mod devanagari;
mod irregular;
mod roman;
mod urdu;

use crate::exact::{exact, letters};
use crate::words::WORD_BYTES;

/// Most skeletons of one word.
pub const SKELETONS: usize = 6;

/// Sets of consonants. Two that differ here but not in [`FAMILIES`] share a skeleton.
pub(crate) mod consonant {
    pub(crate) const K: u32 = 1;
    pub(crate) const KH: u32 = 1 << 1;
    pub(crate) const G: u32 = 1 << 2;
    pub(crate) const CH: u32 = 1 << 3;
    pub(crate) const CHH: u32 = 1 << 4;
    pub(crate) const J: u32 = 1 << 5;
    pub(crate) const JH: u32 = 1 << 6;
    pub(crate) const Z: u32 = 1 << 7;
    pub(crate) const T: u32 = 1 << 8;
    pub(crate) const TH: u32 = 1 << 9;
    pub(crate) const D: u32 = 1 << 10;
    pub(crate) const DH: u32 = 1 << 11;
    pub(crate) const N: u32 = 1 << 12;
    pub(crate) const M: u32 = 1 << 13;
    pub(crate) const P: u32 = 1 << 14;
    pub(crate) const F: u32 = 1 << 15;
    pub(crate) const B: u32 = 1 << 16;
    pub(crate) const BH: u32 = 1 << 17;
    pub(crate) const Y: u32 = 1 << 18;
    pub(crate) const R: u32 = 1 << 19;
    pub(crate) const L: u32 = 1 << 20;
    pub(crate) const V: u32 = 1 << 21;
    pub(crate) const S: u32 = 1 << 22;
    pub(crate) const SH: u32 = 1 << 23;
    pub(crate) const H: u32 = 1 << 24;
    /// ड़ ڑ: written r in Lahore and d in Delhi.
    pub(crate) const RR: u32 = D | DH | R;
}

use consonant::{
    B, BH, CH, CHH, D, DH, F, G, H, J, JH, K, KH, L, M, N, P, R, S, SH, T, TH, V, Y, Z,
};

/// The classes of a skeleton, each with its letter.
const FAMILIES: [(u32, &str); 18] = [
    (K, "k"),
    (KH, "x"),
    (G, "g"),
    (CH | CHH, "c"),
    (J | JH | Z, "j"),
    (T | TH, "t"),
    (D | DH, "d"),
    (N, "n"),
    (M, "m"),
    (P, "p"),
    (F, "f"),
    (B | BH, "b"),
    (Y, "y"),
    (R, "r"),
    (L, "l"),
    (V, "v"),
    (S | SH, "s"),
    (H, "h"),
];

/// The classes of the vowel at the end.
const ENDINGS: [(u8, &str); 4] = [
    (vowel::NONE, ""),
    (vowel::A, "a"),
    (vowel::I | vowel::E, "i"),
    (vowel::O, "o"),
];

/// Sets of vowels. Long and short are told apart where scripts do; u and o never, since
/// Urdu writes both as و and Roman wavers.
pub(crate) mod vowel {
    /// None, or the unwritten a of kam.
    pub(crate) const NONE: u8 = 1;
    pub(crate) const SHORT_I: u8 = 1 << 1;
    pub(crate) const SHORT_U: u8 = 1 << 2;
    pub(crate) const A: u8 = 1 << 3;
    pub(crate) const I: u8 = 1 << 4;
    /// e and ai.
    pub(crate) const E: u8 = 1 << 5;
    /// u, o and au.
    pub(crate) const O: u8 = 1 << 6;
    /// What Urdu does not write.
    pub(crate) const UNWRITTEN: u8 = NONE | SHORT_I | SHORT_U;
    pub(crate) const ANY: u8 = 0x7F;
}

/// A consonant and what follows it before the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Sound {
    pub(crate) consonant: u32,
    pub(crate) vowel: u8,
}

/// One way to read a word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Pattern {
    /// The vowel it begins with; 0 when it begins with a consonant.
    pub(crate) start: u8,
    pub(crate) sounds: Vec<Sound>,
}

impl Pattern {
    /// Whether both may be the same word.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.sounds.len() == other.sounds.len() && self.opens(other) && {
            let last = |pattern: &Self| pattern.sounds.last().map_or(pattern.start, |s| s.vowel);
            last(self) & last(other) != 0
        }
    }

    /// Whether `other` may go on where this one stops: two places at least, and the vowel at
    /// the end does not count, since the rest of it may not have been typed.
    pub(crate) fn begins(&self, other: &Self) -> bool {
        let places = self.sounds.len() + usize::from(self.start != 0);
        places >= 2 && self.sounds.len() <= other.sounds.len() && self.opens(other)
    }

    /// Everything but the vowel after the last consonant of `self`.
    fn opens(&self, other: &Self) -> bool {
        let starts = match (self.start, other.start) {
            (0, 0) => true,
            (one, two) => one & two != 0,
        };
        let last = self.sounds.len().saturating_sub(1);
        let mut pairs = self.sounds.iter().zip(&other.sounds).enumerate();
        starts
            && pairs.all(|(place, (one, two))| {
                one.consonant & two.consonant != 0 && (place == last || one.vowel & two.vowel != 0)
            })
    }

    /// The skeletons: `a` for a vowel at the start, a letter for each consonant, and `a`, `i`
    /// or `o` for a vowel at the end. More than one where a consonant is of two families.
    fn keys(&self, ending: bool) -> Vec<String> {
        let mut keys = vec![String::new()];
        if self.start != 0 {
            extend(&mut keys, &["a"]);
        }
        for sound in &self.sounds {
            extend(&mut keys, &families(sound.consonant));
        }
        if ending {
            let last = self.sounds.last().map_or(self.start, |sound| sound.vowel);
            extend(&mut keys, &endings(last));
        }
        keys
    }
}

/// Each key with each of the letters at its end, as far as there is room.
fn extend(keys: &mut Vec<String>, letters: &[&str]) {
    let longer = |key: &String| {
        let key = key.clone();
        letters.iter().map(move |letter| format!("{key}{letter}"))
    };
    *keys = keys.iter().flat_map(longer).take(SKELETONS).collect();
}

fn families(consonant: u32) -> Vec<&'static str> {
    pick(&FAMILIES, |set| set & consonant != 0)
}

fn endings(vowel: u8) -> Vec<&'static str> {
    pick(&ENDINGS, |set| set & vowel != 0)
}

fn pick<S: Copy>(classes: &[(S, &'static str)], has: impl Fn(S) -> bool) -> Vec<&'static str> {
    let picked = classes.iter().filter(|(set, _)| has(*set));
    picked.map(|(_, letter)| *letter).collect()
}

/// The ways to read a word; none for numbers, for other scripts and for a mixture of scripts.
pub(crate) fn patterns(word: &str) -> Vec<Pattern> {
    let word = word
        .get(..word.floor_char_boundary(WORD_BYTES))
        .unwrap_or(word);
    if let Some(roman) = irregular::spelled_out(&exact(word)) {
        return roman::read(roman);
    }
    let letters = letters(word);
    match letters.chars().next() {
        Some('a'..='z') => roman::read(&letters),
        Some('\u{0900}'..='\u{097F}') => devanagari::read(&letters),
        Some('\u{0600}'..='\u{06FF}') => urdu::read(&letters),
        _ => Vec::new(),
    }
}

/// The skeletons of a word, at most [`SKELETONS`], without repetition. Two spellings may be
/// the same word when they share one. None for numbers, for scripts other than Roman,
/// Devanagari and Urdu, and for what has a single sound.
#[must_use]
pub fn skeletons(word: &str) -> Vec<String> {
    keys(&patterns(word), true)
}

/// The skeletons of all patterns, with or without the vowel at the end.
pub(crate) fn keys(patterns: &[Pattern], ending: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for key in patterns.iter().flat_map(|pattern| pattern.keys(ending)) {
        if key.len() >= 2 && found.len() < SKELETONS && !found.contains(&key) {
            found.push(key);
        }
    }
    found
}
