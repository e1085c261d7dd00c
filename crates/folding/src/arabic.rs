//! Letters of the Arabic script: which stand in for which, and the presentation forms that
//! old programs and PDF files leave behind (Unicode 17, blocks FB50–FDFF and FE70–FEFF).
//! The full NFKC table knows them too, and costs the browser as much as this whole crate.

/// A presentation form as plain letters; `None` for everything else.
pub(crate) fn plain_letters(c: char) -> Option<&'static str> {
    let code = u32::from(c);
    match c {
        '\u{FDF2}' => Some("اللہ"),
        '\u{FDFA}' => Some("صلی"),
        '\u{FEF5}'..='\u{FEF6}' => Some("لآ"),
        '\u{FEF7}'..='\u{FEFC}' => Some("لا"),
        '\u{FB50}'..='\u{FBFF}' => letter_of(code, &URDU_FORMS),
        '\u{FE80}'..='\u{FEF4}' => letter_of(code, &ARABIC_FORMS),
        // Vowel points that stand alone.
        '\u{FE70}'..='\u{FE7F}' => Some(""),
        _ => None,
    }
}

/// The last row that begins at or before `code`; the forms of a letter stand side by side.
fn letter_of(code: u32, forms: &[(u32, &'static str)]) -> Option<&'static str> {
    let rows = forms.iter().take_while(|(first, _)| *first <= code);
    rows.last().map(|(_, letter)| *letter)
}

const URDU_FORMS: [(u32, &str); 30] = [
    (0xFB50, "ا"),
    (0xFB52, "ب"),
    (0xFB56, "پ"),
    (0xFB5A, "ب"),
    (0xFB5E, "ت"),
    (0xFB66, "ٹ"),
    (0xFB6A, "و"),
    (0xFB6E, "و"),
    (0xFB72, "ج"),
    (0xFB7A, "چ"),
    (0xFB82, "د"),
    (0xFB88, "ڈ"),
    (0xFB8A, "ژ"),
    (0xFB8C, "ڑ"),
    (0xFB8E, "ک"),
    (0xFB92, "گ"),
    (0xFB96, "گ"),
    (0xFB9E, "ں"),
    (0xFBA0, "ن"),
    (0xFBA4, "ہ"),
    (0xFBAA, "ھ"),
    (0xFBAE, "ے"),
    (0xFBB0, "ئے"),
    (0xFBB2, ""),
    (0xFBD3, "ک"),
    (0xFBD7, "و"),
    (0xFBE4, "ی"),
    (0xFBEA, "ئ"),
    (0xFBFC, "ی"),
    (0xFC00, ""),
];

const ARABIC_FORMS: [(u32, &str); 36] = [
    (0xFE80, "ء"),
    (0xFE81, "آ"),
    (0xFE83, "ا"),
    (0xFE85, "ؤ"),
    (0xFE87, "ا"),
    (0xFE89, "ئ"),
    (0xFE8D, "ا"),
    (0xFE8F, "ب"),
    (0xFE93, "ہ"),
    (0xFE95, "ت"),
    (0xFE99, "ث"),
    (0xFE9D, "ج"),
    (0xFEA1, "ح"),
    (0xFEA5, "خ"),
    (0xFEA9, "د"),
    (0xFEAB, "ذ"),
    (0xFEAD, "ر"),
    (0xFEAF, "ز"),
    (0xFEB1, "س"),
    (0xFEB5, "ش"),
    (0xFEB9, "ص"),
    (0xFEBD, "ض"),
    (0xFEC1, "ط"),
    (0xFEC5, "ظ"),
    (0xFEC9, "ع"),
    (0xFECD, "غ"),
    (0xFED1, "ف"),
    (0xFED5, "ق"),
    (0xFED9, "ک"),
    (0xFEDD, "ل"),
    (0xFEE1, "م"),
    (0xFEE5, "ن"),
    (0xFEE9, "ہ"),
    (0xFEED, "و"),
    (0xFEEF, "ی"),
    (0xFEF5, "لا"),
];

/// The Urdu letter for one that an Arabic, Persian or Kashmiri keyboard gives instead. Hamza
/// and madd stay, because the sound needs them.
pub(crate) fn urdu_letter(c: char) -> char {
    match c {
        'أ' | 'إ' | 'ٱ' => 'ا',
        'ي' | 'ى' | 'ې' | 'ێ' | 'ۍ' => 'ی',
        'ۓ' => 'ے',
        'ك' | 'ڪ' => 'ک',
        'ه' | 'ە' | 'ۀ' | 'ۂ' | 'ۃ' | 'ة' | 'ۿ' => 'ہ',
        'ڤ' => 'ف',
        _ => c,
    }
}

/// Vowel points, Quranic marks and tatweel: written for teaching and decoration.
pub(crate) fn is_ornament(c: char) -> bool {
    matches!(c,
        '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}')
}

/// Whether ھ after this letter is its aspiration; after anything else it is a plain h.
pub(crate) fn takes_aspiration(c: char) -> bool {
    "بپتٹجچدڈرڑکگلمن".contains(c)
}
