//! Puts the sounds of a word together; what all scripts have in common.

use super::consonant::{B, BH, F, H, K, KH, M, N, P, RR, V, Y};
use super::vowel::{A, ANY, E, I, NONE, O, SHORT_I, SHORT_U, UNWRITTEN};
use super::{FAMILIES, Pattern, Sound};

/// Most patterns of one word.
const PATTERNS: usize = 4;

/// Where in the mouth a vowel is: decides what two vowels in a row make.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Front,
    Back,
}

/// What was put last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Vowel(Kind),
    /// A consonant, and the script may have left out a vowel.
    Consonant,
    /// A consonant that has no vowel.
    Closed,
}

/// A second way to read the same letters. The number is the place of a sound.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fork {
    /// The vowel before s and another consonant is only there to help the tongue: iskul.
    NoStart,
    /// English: late, office.
    SilentE,
    /// Is not spoken: the nasal of ankh, the n of nahin.
    Drop(usize),
    /// یو between consonants is not yo but iv: jivan.
    Iv(usize),
    /// r and h are one letter: parhna.
    Rh(usize),
    /// A doubled letter is two, with a murmur between them: sunna.
    Twice(usize),
    /// A murmur at the end that Roman may write: धर्म is dharm and dharma.
    FinalA,
    /// व at the end may be spoken o: पुलाव.
    FinalO,
}

pub(super) struct Builder {
    pattern: Pattern,
    last: Last,
    forks: Vec<Fork>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            pattern: Pattern::default(),
            last: Last::Nothing,
            forks: Vec::new(),
        }
    }

    /// How many consonants there are.
    pub(super) fn len(&self) -> usize {
        self.pattern.sounds.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.last == Last::Nothing
    }

    pub(super) fn after_vowel(&self) -> bool {
        matches!(self.last, Last::Vowel(_))
    }

    pub(super) fn fork(&mut self, fork: Fork) {
        self.forks.push(fork);
    }

    /// The vowel that was put last; nothing for a word that has not begun.
    pub(super) fn slot(&mut self) -> &mut u8 {
        match self.pattern.sounds.last_mut() {
            Some(sound) => &mut sound.vowel,
            None => &mut self.pattern.start,
        }
    }

    /// A consonant, and what may follow it when nothing is written.
    pub(super) fn consonant(&mut self, set: u32, unwritten: u8) {
        if self.last == Last::Closed && self.doubles(set) {
            return;
        }
        self.labial_nasal(set);
        if set == Y && self.last != Last::Nothing {
            // kya, kiya, کیا: what stands before y is heard in it.
            *self.slot() = ANY;
        }
        self.pattern.sounds.push(Sound {
            consonant: set,
            vowel: unwritten,
        });
        self.last = Last::Consonant;
    }

    /// Says that the last consonant has no vowel.
    pub(super) fn close(&mut self) {
        if self.last == Last::Consonant {
            self.last = Last::Closed;
        }
    }

    /// Adds a doubled consonant to the one before it: bachcha, makkhan.
    fn doubles(&mut self, set: u32) -> bool {
        let Some(before) = self.pattern.sounds.last_mut() else {
            return false;
        };
        let together = before.consonant | set;
        let is_family = FAMILIES
            .iter()
            .any(|(family, _)| family & before.consonant != 0 && together & !family == 0);
        if is_family {
            before.consonant = together;
        } else if (before.consonant, set) == (K, KH) || (before.consonant, set) == (P, F) {
            before.consonant = set;
        } else {
            return false;
        }
        true
    }

    /// Before b and p a nasal is spoken m, unless two words meet: लंबा, گنبد, but anpadh.
    fn labial_nasal(&mut self, set: u32) {
        let is_inside = self.len() > 1 || self.pattern.start != 0;
        let Some(before) = self.pattern.sounds.last_mut() else {
            return;
        };
        if set & !(B | BH | P) != 0 || before.consonant != N {
            return;
        }
        match self.last {
            Last::Closed => before.consonant = N | M,
            Last::Consonant if is_inside && before.vowel == UNWRITTEN => before.consonant = N | M,
            _ => {}
        }
    }

    /// A vowel after a consonant or at the start; after another vowel it is joined to it.
    pub(super) fn vowel(&mut self, kind: Kind, set: u8) {
        let Last::Vowel(before) = self.last else {
            *self.slot() = set;
            self.last = Last::Vowel(kind);
            return;
        };
        let glide = match (before, kind) {
            (Kind::Front, Kind::Open | Kind::Back) => Y,
            (Kind::Back, Kind::Open) => V,
            _ => 0,
        };
        if glide != 0 {
            if *self.slot() & !NONE != 0 {
                *self.slot() &= !NONE;
            }
            self.consonant(glide, NONE);
            *self.slot() = set;
        } else {
            let slot = self.slot();
            *slot = match (before, kind) {
                (Kind::Open, Kind::Open) => A,
                (Kind::Open, Kind::Front) => E,
                (Kind::Open, Kind::Back) => O,
                (Kind::Back, Kind::Front) => set,
                (Kind::Front, Kind::Front) | (Kind::Back, Kind::Back) => *slot | set,
                (Kind::Front | Kind::Back, _) => set,
            };
        }
        self.last = Last::Vowel(kind);
    }

    /// Says that the unwritten vowel is one, because another follows it: गई, گئی.
    pub(super) fn hiatus(&mut self) {
        if matches!(self.last, Last::Consonant) {
            *self.slot() = NONE;
            self.last = Last::Vowel(Kind::Open);
        }
    }

    /// All ways to read the word.
    pub(super) fn finish(mut self) -> Vec<Pattern> {
        self.silent_h();
        let end = settled(*self.slot());
        *self.slot() = end;
        // From the end, so that the places of the others stay what they were.
        self.forks.sort_unstable();
        let mut patterns = vec![self.pattern];
        for fork in self.forks.into_iter().rev() {
            let more: Vec<_> = patterns.iter().filter_map(|p| forked(p, fork)).collect();
            patterns.extend(more);
            if patterns.len() >= PATTERNS {
                break;
            }
        }
        patterns.retain(|pattern| pattern.start != 0 || !pattern.sounds.is_empty());
        patterns
    }

    /// h at the end is heard as the vowel before it or as a: bachcha is بچہ, jagah is jaga.
    fn silent_h(&mut self) {
        let sounds = &mut self.pattern.sounds;
        let is_silent = !matches!(self.last, Last::Vowel(_))
            && sounds.last().is_some_and(|sound| sound.consonant == H)
            && (sounds.len() > 1 || self.pattern.start != 0);
        if is_silent {
            sounds.pop();
            let slot = self.slot();
            if *slot & NONE != 0 {
                *slot |= A;
            }
        }
    }
}

/// What a vowel is at the end of a word, where none is short.
fn settled(vowel: u8) -> u8 {
    let long = vowel & (A | I | E | O);
    if long != 0 {
        long
    } else if vowel & NONE != 0 {
        NONE
    } else if vowel & SHORT_I != 0 {
        I
    } else if vowel & SHORT_U != 0 {
        O
    } else {
        vowel
    }
}

/// The pattern read the other way; `None` when that makes no sense.
fn forked(pattern: &Pattern, fork: Fork) -> Option<Pattern> {
    let mut other = pattern.clone();
    let sounds = &mut other.sounds;
    match fork {
        Fork::NoStart => other.start = 0,
        Fork::SilentE => {
            sounds.last_mut()?.vowel = NONE;
            let before = sounds.len().checked_sub(2);
            let slot = match before.and_then(|place| sounds.get_mut(place)) {
                Some(sound) => &mut sound.vowel,
                None => &mut other.start,
            };
            if *slot & (A | I) != 0 {
                *slot |= E;
            }
        }
        Fork::Drop(place) => {
            sounds.get(place)?;
            sounds.remove(place);
            if place == sounds.len() {
                match sounds.last_mut() {
                    Some(sound) => sound.vowel = settled(sound.vowel),
                    None => other.start = settled(other.start),
                }
            }
        }
        Fork::Iv(place) => {
            let sound = sounds.get_mut(place)?;
            (sound.consonant, sound.vowel) = (V, UNWRITTEN);
            sounds.get_mut(place.checked_sub(1)?)?.vowel = I | E;
        }
        Fork::Twice(place) => {
            let consonant = sounds.get(place)?.consonant;
            let vowel = UNWRITTEN;
            sounds.insert(place, Sound { consonant, vowel });
        }
        Fork::FinalO => {
            sounds.pop();
            sounds.last_mut()?.vowel = O;
        }
        Fork::FinalA => sounds.last_mut()?.vowel = A,
        Fork::Rh(place) => {
            let h = sounds.get(place + 1)?.vowel;
            sounds.remove(place + 1);
            let sound = sounds.get_mut(place)?;
            (sound.consonant, sound.vowel) = (RR, h);
        }
    }
    Some(other)
}
