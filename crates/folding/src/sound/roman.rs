//! Hindi, Urdu and English in Latin letters, spelled as people please.

use super::Pattern;
use super::builder::{Builder, Fork, Kind};
use super::consonant::{
    B, BH, CH, CHH, D, DH, F, G, H, J, JH, K, KH, L, M, N, P, R, RR, S, SH, T, TH, V, Y, Z,
};
use super::irregular::has_flapped_r;
use super::vowel::{A, E, I, NONE, O, SHORT_I, SHORT_U, UNWRITTEN};

/// Reads a word in small letters without accents.
pub(super) fn read(word: &str) -> Vec<Pattern> {
    let mut reader = Reader {
        letters: word.chars().collect(),
        place: 0,
        flapped: has_flapped_r(word),
        builder: Builder::new(),
    };
    if !reader.letters.iter().all(char::is_ascii_lowercase) {
        return Vec::new();
    }
    while reader.place < reader.letters.len() {
        reader.step();
    }
    reader.finish()
}

struct Reader {
    letters: Vec<char>,
    place: usize,
    /// The first r inside is the one of larka.
    flapped: bool,
    builder: Builder,
}

impl Reader {
    fn at(&self, ahead: usize) -> char {
        let place = self.place + ahead;
        self.letters.get(place).copied().unwrap_or('\0')
    }

    fn before(&self) -> char {
        let before = self.place.checked_sub(1);
        let before = before.and_then(|place| self.letters.get(place));
        before.copied().unwrap_or('\0')
    }

    fn is(&self, letters: &str) -> bool {
        letters.chars().enumerate().all(|(i, c)| self.at(i) == c)
    }

    fn step(&mut self) {
        match self.at(0) {
            'a' | 'e' | 'i' | 'o' | 'u' => self.vowel(),
            'y' if !is_vowel(self.at(1)) => self.put(Kind::Front, SHORT_I | I | E, 1),
            // The glide of gayi and chahiye, which others leave out.
            'y' if self.builder.after_vowel() && matches!(self.at(1), 'i' | 'e') => self.place += 1,
            _ => self.consonant(),
        }
    }

    fn put(&mut self, kind: Kind, set: u8, letters: usize) {
        self.builder.vowel(kind, set);
        self.place += letters;
    }

    fn vowel(&mut self) {
        let glides = is_vowel(self.at(2));
        match (self.at(0), self.at(1)) {
            ('a', 't') if self.is("ation") => self.put(Kind::Front, E, 1),
            ('a', 'a') => self.put(Kind::Open, A, 2),
            ('a', 'i' | 'e') => self.put(Kind::Front, E, 2),
            ('a', 'y') if !glides => self.put(Kind::Front, E, 2),
            ('e', 'i') => self.put(Kind::Front, E | I, 2),
            ('e', 'y') if !glides => self.put(Kind::Front, E | I, 2),
            ('e', 'e') | ('i', 'i') => self.put(Kind::Front, I, 2),
            ('e', 'a') => self.put(Kind::Front, I, 2),
            ('i', 'e') => self.put(Kind::Front, SHORT_I | I | E, 2),
            ('o', 'o') | ('u', 'u') | ('a', 'u' | 'o') | ('e', 'u') => self.put(Kind::Back, O, 2),
            ('o', 'a') if self.at(2) != '\0' => self.put(Kind::Back, O, 2),
            ('o', 'u') => self.put(Kind::Back, O | SHORT_U | NONE, 2),
            ('a' | 'o' | 'e', 'w') if !glides => self.put(Kind::Back, O, 2),
            ('a', _) => self.put(Kind::Open, NONE | A, 1),
            ('i', _) => self.put(Kind::Front, SHORT_I | I, 1),
            ('u', _) => self.put(Kind::Back, SHORT_U | O | NONE, 1),
            ('e', _) => {
                let weak = if self.is_weak() { NONE } else { 0 };
                self.put(Kind::Front, E | SHORT_I | weak, 1);
            }
            _ => {
                let weak = if self.is_weak() { NONE } else { 0 };
                self.put(Kind::Back, O | SHORT_U | weak, 1);
            }
        }
    }

    /// Whether e and o may be no more than a murmur: kehna, bohot, paper, doctor.
    fn is_weak(&self) -> bool {
        let starts = self
            .letters
            .iter()
            .take(self.place)
            .any(|c| is_vowel(*c) || *c == 'y');
        let goes_on = self.letters.iter().skip(self.place + 1);
        let is_inside = starts && goes_on.clone().any(|c| is_vowel(*c));
        self.at(1) == 'h'
            || self.before() == 'h'
            || is_inside
            || (self.at(1) == 'r' && self.place > 0 && goes_on.count() == 1)
            || (starts && self.at(2) == '\0' && matches!(self.at(1), 'd' | 'l' | 'n' | 'r' | 't'))
    }

    fn consonant(&mut self) {
        if self.is("tion") {
            self.add(SH, 4);
            self.add(N, 0);
            return;
        }
        if self.place == 0 && self.is("sch") {
            self.add(S, 1);
            self.add(K, 2);
            return;
        }
        let (set, letters) = self.spelled();
        match self.at(0) {
            // sunna may be सुनना.
            'n' if self.at(1) == 'n' && self.is_last_vowel(2) && self.builder.after_vowel() => {
                self.builder.fork(Fork::Twice(self.builder.len()));
                self.add(N, 2);
            }
            'x' if self.place > 0 => {
                self.add(K, 0);
                self.add(S, 1);
            }
            'r' if self.at(1) == 'h' && self.builder.after_vowel() => {
                self.builder.fork(Fork::Rh(self.builder.len()));
                self.add(R, 1);
                self.add(H, 1);
            }
            'r' if self.flapped && self.place > 0 => {
                self.flapped = false;
                self.add(RR, 1);
            }
            'n' if self.is_nasal() => {
                self.builder.fork(Fork::Drop(self.builder.len()));
                self.add(N, 1);
            }
            _ => self.add(set, letters),
        }
    }

    fn add(&mut self, set: u32, letters: usize) {
        if set != 0 {
            self.builder.consonant(set, UNWRITTEN);
            self.builder.close();
        }
        self.place += letters;
    }

    /// Whether this n may only say that the vowel before it is nasal: hain, nahin. Not in
    /// `din` and `jan`, where that vowel is short.
    fn is_nasal(&self) -> bool {
        let ends = self.at(1) == '\0' && self.builder.after_vowel();
        let vowels = self.letters.iter().filter(|c| is_vowel(**c)).count();
        ends && (vowels > 1 || !matches!(self.before(), 'a' | 'i'))
    }

    /// Whether the word ends with a vowel that begins `ahead`.
    fn is_last_vowel(&self, ahead: usize) -> bool {
        let mut rest = self.letters.iter().skip(self.place + ahead);
        rest.len() > 0 && rest.all(|c| is_vowel(*c))
    }

    /// The consonant here and how many letters it takes; no sound for what is no letter.
    fn spelled(&self) -> (u32, usize) {
        match (self.at(0), self.at(1), self.at(2)) {
            ('c', 'h', 'h') => (CHH, 3),
            ('c', 'h', _) => (CH | CHH, 2),
            ('c', 'c', 'h') => (CH, 1),
            ('c', 'k', _) => (K, 2),
            ('c', 'e' | 'i' | 'y', _) => (S, 1),
            ('t', 'c', 'h') if self.at(3) == '\0' => (CH | CHH, 3),
            ('k', 'h', _) => (KH, 2),
            ('g', 'h', _) | ('g', _, _) => (G, 1 + usize::from(self.at(1) == 'h')),
            ('j', 'h', _) => (JH, 2),
            ('z', 'h', _) => (Z, 2),
            ('t', 'h', _) => (TH, 2),
            ('d', 'h', _) => (DH, 2),
            ('p', 'h', _) => (F, 2),
            ('b', 'h', _) => (BH, 2),
            ('s', 'h', _) => (SH, 2),
            ('w', 'h', _) => (V, 2),
            (letter, _, _) => (single(letter), 1),
        }
    }

    fn finish(mut self) -> Vec<Pattern> {
        let [.., before, 'e'] = self.letters.as_slice() else {
            return self.builder.finish();
        };
        if !is_vowel(*before) && *before != 'y' && self.builder.len() > 1 {
            self.builder.fork(Fork::SilentE);
        }
        self.builder.finish()
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// A letter by itself. Some stand for the aspirates too, which many do not write in tik, acha
/// and muje, and j for z, which many do not say.
fn single(letter: char) -> u32 {
    match letter {
        'b' => B,
        'c' | 'k' | 'q' => K,
        'd' => D,
        'f' => F,
        'h' => H,
        'j' => J | JH | Z,
        'l' => L,
        'm' => M,
        'n' => N,
        'p' => P,
        'r' => R,
        's' => S | SH,
        't' => T | TH,
        'v' | 'w' => V,
        'x' => KH,
        'y' => Y,
        'z' => Z,
        _ => 0,
    }
}
