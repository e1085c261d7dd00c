//! Urdu. Short vowels are not written, and و and ی are consonants or vowels as it comes.

use super::Pattern;
use super::builder::{Builder, Fork, Kind};
use super::consonant::{
    B, BH, CH, CHH, D, DH, F, G, H, J, JH, K, KH, L, M, N, P, R, RR, S, SH, T, TH, V, Y, Z,
};
use super::vowel::{A, E, I, NONE, O, SHORT_I, SHORT_U, UNWRITTEN};
use crate::arabic::is_ornament;

/// A final ً, as in مثلاً, is spoken; so is ٰ, as in اعلیٰ. Other points are not needed.
const TANWIN: char = '\u{064B}';
const DAGGER: char = '\u{0670}';

/// Reads a word of Urdu letters.
pub(super) fn read(word: &str) -> Vec<Pattern> {
    let is_spoken = |c: &char| !is_ornament(*c) || matches!(*c, TANWIN | DAGGER);
    let letters: Vec<char> = word.chars().filter(is_spoken).collect();
    let is_urdu = |c: &char| ('\u{0600}'..='\u{06FF}').contains(c);
    if !letters.iter().all(is_urdu) {
        return Vec::new();
    }
    let mut reader = Reader {
        vowels: vowels(&letters),
        letters,
        place: 0,
        builder: Builder::new(),
    };
    while reader.place < reader.letters.len() {
        reader.step();
        reader.place += 1;
    }
    reader.builder.finish()
}

/// Which of the letters are vowels. A و or ی before a vowel is a consonant, so it is decided
/// from the end.
fn vowels(letters: &[char]) -> Vec<bool> {
    let mut found = Vec::with_capacity(letters.len());
    let mut next = ('\0', false);
    for (place, &c) in letters.iter().enumerate().rev() {
        let before_silent_h = next.0 == 'ہ' && found.len() == 1;
        let is_vowel = match c {
            'ا' | 'آ' | 'ے' => true,
            'و' | 'ی' if after_alif(letters, place) && !matches!(next.0, '\0' | 'ں' | 'ئ') => {
                false
            }
            'و' | 'ی' => place > 0 && !next.1 && !before_silent_h,
            _ => false,
        };
        next = (c, is_vowel);
        found.push(is_vowel);
    }
    found.reverse();
    found
}

/// As in پشاور and شاید; but اور begins with a vowel.
fn after_alif(letters: &[char], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|place| letters.get(place));
    before == Some(&'آ') || (before == Some(&'ا') && place > 1)
}

struct Reader {
    letters: Vec<char>,
    vowels: Vec<bool>,
    place: usize,
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

    fn is_vowel(&self, ahead: usize) -> bool {
        let place = self.place + ahead;
        self.vowels.get(place).copied().unwrap_or(false)
    }

    fn step(&mut self) {
        match self.at(0) {
            'ا' | 'ع' if self.builder.is_empty() => self.start(),
            'ا' if self.at(1) == TANWIN => {}
            'ا' | 'آ' => self.builder.vowel(Kind::Open, A),
            'ے' => self.builder.vowel(Kind::Front, E),
            DAGGER => {
                *self.builder.slot() = NONE;
                self.builder.vowel(Kind::Open, A);
            }
            TANWIN => {
                self.builder.vowel(Kind::Open, NONE);
                self.builder.consonant(N, NONE);
            }
            'ع' => self.ain(),
            'ئ' => self.hamza(),
            'ؤ' => {
                self.builder.hiatus();
                self.builder.vowel(Kind::Back, O);
            }
            'و' => self.wau(),
            'ی' => self.ye(),
            'ں' if self.at(1) == '\0' => {}
            // اللہ has one l for the ear.
            'ل' if self.at(1) == 'ل' && self.at(2) == 'ہ' => {}
            c => self.consonant(c),
        }
    }

    /// ا and ع at the beginning carry a vowel, which is that of the next letter or unwritten.
    fn start(&mut self) {
        if matches!(self.at(1), 'ا' | 'آ') {
            return;
        }
        if self.is_vowel(1) {
            let (kind, set) = match self.at(1) {
                'و' => (Kind::Back, O | SHORT_U),
                _ => (Kind::Front, E | I | SHORT_I),
            };
            self.builder.vowel(kind, set);
            self.place += 1;
            return;
        }
        let long = if self.at(0) == 'ع' { A | E } else { 0 };
        self.builder.vowel(Kind::Open, UNWRITTEN | long);
        if self.at(1) == 'س' && matches!(self.at(2), 'ک' | 'ٹ' | 'پ' | 'ت' | 'ل' | 'م') {
            self.builder.fork(Fork::NoStart);
        }
    }

    /// Inside a word ع is silent and lengthens what stands before it: baad, mauqa, sher,
    /// or keeps it from the next vowel: shair.
    fn ain(&mut self) {
        if self.is_vowel(1) {
            return;
        }
        if !self.builder.after_vowel() {
            self.builder.vowel(Kind::Open, A | NONE | E);
        } else if self.before() == 'ا' && self.at(1) != '\0' {
            *self.builder.slot() = A | E;
        }
    }

    /// ئ holds two vowels apart, or stands for the second itself: ٹائم.
    fn hamza(&mut self) {
        self.builder.hiatus();
        if !matches!(self.at(1), 'ی' | 'ے' | 'و' | 'ا') {
            self.builder.vowel(Kind::Front, SHORT_I | I | E);
        }
    }

    fn wau(&mut self) {
        if self.is_vowel(0) {
            // Short in خوش, روپے, پولیس and in names.
            self.builder.vowel(Kind::Back, O | SHORT_U);
        } else {
            self.builder.consonant(V, UNWRITTEN);
        }
    }

    fn ye(&mut self) {
        if self.is_vowel(0) || self.before() == 'ئ' {
            if self.at(1) != DAGGER {
                let ends = self.at(1) == '\0';
                self.builder
                    .vowel(Kind::Front, if ends { I } else { I | E });
            }
        } else if self.at(1) == 'ے' && !self.builder.is_empty() {
            // The glide of چاہیے, which others leave out: what is before it is a short i.
            if !self.builder.after_vowel() {
                self.builder.vowel(Kind::Front, SHORT_I);
            }
        } else {
            let inside = self.at(1) == 'و' && !matches!(self.at(2), '\0' | 'ں');
            if inside && !self.builder.is_empty() {
                self.builder.fork(Fork::Iv(self.builder.len()));
            }
            self.builder.consonant(Y, UNWRITTEN);
        }
    }

    fn consonant(&mut self, c: char) {
        let breath = self.at(1) == 'ھ';
        let set = match (c, breath) {
            ('ب', true) => BH,
            ('پ', true) => F,
            ('ت' | 'ٹ', true) => TH,
            ('ج', true) => JH,
            ('چ', true) => CHH,
            ('د' | 'ڈ', true) => DH,
            ('ڑ', _) => RR,
            ('ک', true) => KH,
            ('گ', true) => G,
            _ => plain(c),
        };
        let is_one = breath && set != 0 && !matches!(c, 'ر' | 'ل' | 'م' | 'ن');
        if is_one {
            self.place += 1;
        }
        if set != 0 {
            self.builder.consonant(set, UNWRITTEN);
        }
    }
}

fn plain(c: char) -> u32 {
    match c {
        'ب' => B,
        'پ' => P,
        'ت' | 'ٹ' | 'ط' => T,
        'ث' | 'س' | 'ص' => S,
        'ج' => J,
        'چ' => CH,
        'ح' | 'ہ' | 'ھ' => H,
        'خ' => KH,
        'د' | 'ڈ' => D,
        'ذ' | 'ز' | 'ژ' | 'ض' | 'ظ' => Z,
        'ر' => R,
        'ش' => SH,
        'غ' | 'گ' => G,
        'ف' => F,
        'ق' | 'ک' => K,
        'ل' => L,
        'م' => M,
        'ن' | 'ں' => N,
        _ => 0,
    }
}
