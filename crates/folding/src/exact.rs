//! The key of a word within its script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

use crate::arabic::{is_ornament, plain_letters, takes_aspiration, urdu_letter};

const NUKTA: char = '\u{093C}';
const VIRAMA: char = '\u{094D}';
const ANUSVARA: char = '\u{0902}';
const CANDRABINDU: char = '\u{0901}';

/// The word without what people leave out or write differently within one script, in NFC:
///
/// - lower case, `ß` as `ss`, Latin letters without accents, no apostrophes;
/// - Devanagari without nukta, `ँ` as `ं`, and `ं` for a nasal before a consonant of its own
///   row (हिन्दी is हिंदी);
/// - Urdu without vowel points, tatweel and hamza, Arabic letters as the Urdu ones, forms
///   as letters, ھ as ہ where it aspirates nothing;
/// - digits as ASCII, `1,200` as `1200`; no invisible characters.
///
/// It is empty for a text without letters and digits. Folding twice changes nothing.
#[must_use]
pub fn exact(word: &str) -> String {
    let letters = letters(word);
    let mut out = String::with_capacity(letters.len());
    for c in letters.chars() {
        let before = || out.chars().next_back();
        match c {
            NUKTA | 'ء' => {}
            CANDRABINDU => out.push(ANUSVARA),
            'ؤ' => out.push('و'),
            'ئ' => out.push('ی'),
            'ھ' if !before().is_some_and(takes_aspiration) => out.push('ہ'),
            '\u{0300}'..='\u{036F}' if before().is_some_and(|c| c.is_ascii_alphabetic()) => {}
            c if is_ornament(c) => {}
            c => out.push(c),
        }
    }
    with_anusvara(&out).nfc().collect()
}

/// The word with ं for every nasal consonant before a stop of its row.
fn with_anusvara(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let nasal = out.chars().next_back().filter(|_| c == VIRAMA);
        let is_one = nasal
            .zip(rest.peek())
            .is_some_and(|(n, stop)| is_of_the_row(n, *stop));
        if is_one {
            out.pop();
            out.push(ANUSVARA);
        } else {
            out.push(c);
        }
    }
    out
}

/// What [`exact`] and the sound of a word begin with: letters of one kind, still with the
/// marks that tell how it sounds. Not composed.
pub(crate) fn letters(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut in_latin = false;
    for c in word.nfc() {
        if let Some(letters) = plain_letters(c) {
            out.push_str(letters);
            continue;
        }
        // These would be taken apart into a letter and a mark that is thrown away.
        if matches!(c, 'آ' | 'ؤ' | 'ئ') {
            out.push(c);
            continue;
        }
        match urdu_letter(c) {
            plain if plain != c => out.push(plain),
            _ => decompose_canonical(c, |c| push_letter(&mut out, c, &mut in_latin)),
        }
    }
    out
}

fn push_letter(out: &mut String, c: char, in_latin: &mut bool) {
    if let Some(digit) = ascii_digit(c) {
        out.push(digit);
        return;
    }
    if let Some(plain) = plain_latin(c) {
        out.push_str(plain);
        *in_latin = true;
        return;
    }
    match c {
        '\u{0300}'..='\u{036F}' if *in_latin => {}
        '\u{0300}'..='\u{036F}' => out.push(c),
        'ς' => out.push('σ'),
        '\'' | '’' | '‘' | 'ʼ' | '`' | ',' | '٬' => {}
        _ if is_invisible(c) => {}
        c => {
            *in_latin = c.is_ascii_alphabetic();
            out.extend(c.to_lowercase());
        }
    }
}

/// Latin letters that Unicode does not take apart.
fn plain_latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' => "d",
        'ı' => "i",
        _ => return None,
    })
}

fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        '\u{0966}'..='\u{096F}' => 0x0966,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

/// Joiners, direction marks, soft hyphen and the selectors of pictures.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Whether a nasal consonant stands before a stop of its row, where anusvara is the same.
fn is_of_the_row(nasal: char, stop: char) -> bool {
    match nasal {
        'ङ' => matches!(stop, 'क'..='घ'),
        'ञ' => matches!(stop, 'च'..='झ'),
        'ण' => matches!(stop, 'ट'..='ढ'),
        'न' => matches!(stop, 'त'..='ध'),
        'म' => matches!(stop, 'प'..='भ'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::exact;

    #[track_caller]
    fn same(spellings: &[&str]) {
        for pair in spellings.windows(2) {
            if let [one, other] = pair {
                assert_eq!(exact(one), exact(other), "{one} {other}");
            }
        }
    }

    #[test]
    fn latin() {
        same(&["cafe", "Café", "CAFÉ", "cafe\u{301}"]);
        same(&["strasse", "Straße"]);
        same(&["dont", "don't", "Don’t"]);
        same(&["istanbul", "İSTANBUL", "ıstanbul"]);
        assert_ne!(exact("й"), exact("и"));
    }

    #[test]
    fn devanagari() {
        same(&["ज़रूर", "ज\u{93C}रूर", "जरूर", "\u{95B}रूर"]);
        same(&["हिन्दी", "हिंदी", "हि\u{200D}न्दी"]);
        same(&["माँ", "मां"]);
        same(&["लम्बा", "लंबा"]);
        assert_ne!(exact("तुम्हारा"), exact("तुंहारा"));
        assert_ne!(exact("दिन"), exact("दीन"));
    }

    #[test]
    fn urdu() {
        same(&["کیسے", "كيسے", "کَیسے", "کیـــسے"]);
        same(&["لیے", "لئے"]);
        same(&["ہے", "ھے", "هے"]);
        same(&["بہت", "بهت"]);
        same(&["اللہ", "\u{FDF2}", "الله"]);
        same(&["سلام", "\u{FEB3}\u{FEFC}\u{FEE1}"]);
        same(&["پانی", "\u{FB58}\u{FE8E}\u{FEE7}\u{FBFD}"]);
        assert_ne!(exact("بھائی"), exact("بہائی"));
        assert_ne!(exact("آم"), exact("ام"));
    }

    #[test]
    fn digits_and_emptiness() {
        same(&["2024", "२०२४", "٢٠٢٤", "۲۰۲۴"]);
        same(&["1200", "1,200"]);
        assert_eq!(exact("\u{200D}\u{0640}"), "");
    }
}
