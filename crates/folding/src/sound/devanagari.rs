//! Hindi in Devanagari.

use super::Pattern;
use super::builder::{Builder, Fork, Kind};
use super::consonant::{
    B, BH, CH, CHH, D, DH, F, G, H, J, JH, K, KH, L, M, N, P, R, RR, S, SH, T, TH, V, Y, Z,
};
use super::vowel::{A, E, I, NONE, O, SHORT_I, SHORT_U};

const NUKTA: char = '\u{093C}';
const VIRAMA: char = '\u{094D}';

/// Reads a word in which nukta is a character of its own.
pub(super) fn read(word: &str) -> Vec<Pattern> {
    let mut reader = Reader {
        letters: word.chars().collect(),
        place: 0,
        builder: Builder::new(),
    };
    if !reader
        .letters
        .iter()
        .all(|c| ('\u{0900}'..='\u{097F}').contains(c))
    {
        return Vec::new();
    }
    while reader.place < reader.letters.len() {
        reader.step();
    }
    reader.builder.finish()
}

struct Reader {
    letters: Vec<char>,
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

    fn step(&mut self) {
        let c = self.at(0);
        if let Some((kind, set)) = vowel(c) {
            if ('\u{0904}'..='\u{0914}').contains(&c) {
                self.builder.hiatus();
            }
            // मेहनत, मोहब्बत: before h these are written for a murmur.
            let weak = if self.at(1) == 'ह' {
                NONE | SHORT_I | SHORT_U
            } else {
                0
            };
            self.builder.vowel(kind, set | weak);
            self.place += 1;
            return;
        }
        match c {
            VIRAMA => self.builder.close(),
            'ँ' | 'ं' => self.nasal(),
            'ृ' | 'ऋ' => {
                self.builder.consonant(R, NONE);
                self.builder.vowel(Kind::Front, SHORT_I);
            }
            'ॐ' => {
                self.builder.vowel(Kind::Back, O);
                self.builder.consonant(M, NONE);
            }
            'ज' if self.at(1) == VIRAMA && self.at(2) == 'ञ' => {
                self.builder.consonant(G, NONE);
                self.builder.close();
                self.builder.consonant(Y, NONE);
                self.place += 2;
            }
            'य' => self.glide(),
            _ => self.consonant(c),
        }
        self.place += 1;
    }

    fn consonant(&mut self, c: char) {
        let has_nukta = self.at(1) == NUKTA;
        let starts = self.builder.is_empty();
        // ड and ढ between vowels are ड़ and ढ़ with the dot left out, unless English.
        let is_flap = matches!(c, 'ड' | 'ढ')
            && (has_nukta || (!starts && self.before() != VIRAMA && !is_nasal(self.before())))
            && self.at(1) != VIRAMA;
        let set = if is_flap { RR } else { consonant(c, has_nukta) };
        if set == 0 {
            return;
        }
        if c == 'व' && self.at(1) == '\0' && self.builder.after_vowel() {
            self.builder.fork(Fork::FinalO);
        }
        self.builder.consonant(set, NONE);
        let is_sonant = matches!(c, 'ण' | 'न' | 'म' | 'र' | 'व');
        if is_sonant && self.at(1) == '\0' && self.before() == VIRAMA {
            self.builder.fork(Fork::FinalA);
        }
    }

    /// ं and ँ: silent at the end after a vowel, m at the end otherwise; inside a word after a
    /// long vowel some write an n for it in Roman and some nothing.
    fn nasal(&mut self) {
        let has_vowel = self.builder.after_vowel();
        match self.at(1) {
            '\0' if has_vowel => {}
            '\0' => self.builder.consonant(M, NONE),
            // मैंने is spoken with one n.
            'न' | 'म' => {}
            next => {
                if has_vowel {
                    self.builder.fork(Fork::Drop(self.builder.len()));
                }
                let wavers = matches!(next, 'य' | 'र' | 'ल' | 'व');
                self.builder.consonant(if wavers { N | M } else { N }, NONE);
                self.builder.close();
            }
        }
    }

    fn glide(&mut self) {
        let next = self.at(1);
        let ends = next == '\0';
        let is_front = matches!(next, 'ी' | 'े' | 'ि');
        if ends && self.before() == VIRAMA {
            // राज्य, सत्य: spoken with an a at the end.
            self.builder.consonant(Y, A);
        } else if !self.builder.is_empty() && (ends || is_front) && self.before() != VIRAMA {
            // चाय, समय, and the glide of गयी, which others leave out.
            self.builder.hiatus();
            if ends {
                self.builder.vowel(Kind::Front, E);
            }
        } else {
            self.builder.consonant(Y, NONE);
        }
    }
}

fn is_nasal(c: char) -> bool {
    matches!(c, 'ँ' | 'ं')
}

fn vowel(c: char) -> Option<(Kind, u8)> {
    Some(match c {
        'अ' => (Kind::Open, NONE),
        'आ' | 'ा' => (Kind::Open, A),
        'इ' | 'ि' => (Kind::Front, SHORT_I),
        'ई' | 'ी' => (Kind::Front, I),
        'उ' | 'ु' => (Kind::Back, SHORT_U),
        'ऊ' | 'ू' | 'ओ' | 'ो' | 'औ' | 'ौ' | 'ऒ' | 'ॊ' => (Kind::Back, O),
        'ए' | 'े' | 'ऐ' | 'ै' | 'ऎ' | 'ॆ' => (Kind::Front, E),
        'ऍ' | 'ॅ' => (Kind::Front, E | NONE),
        'ऑ' | 'ॉ' => (Kind::Open, A | O),
        _ => return None,
    })
}

fn consonant(c: char, has_nukta: bool) -> u32 {
    match c {
        'क' => K,
        'ख' => KH,
        'ग' | 'घ' => G,
        'च' => CH,
        'छ' => CHH,
        'ज' if has_nukta => Z,
        'ज' => J | Z,
        'झ' if has_nukta => Z,
        'झ' => JH,
        'ट' | 'त' => T,
        'ठ' | 'थ' => TH,
        'ड' | 'द' => D,
        'ढ' | 'ध' => DH,
        'ङ' | 'ञ' | 'ण' | 'न' => N,
        'प' => P,
        'फ' => F,
        'ब' => B,
        'भ' => BH,
        'म' => M,
        'र' => R,
        'ल' | 'ळ' => L,
        'व' => V,
        'श' | 'ष' => SH,
        'स' => S,
        'ह' => H,
        _ => 0,
    }
}
