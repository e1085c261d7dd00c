//! Kinds of characters.

/// Characters that are not seen: white space, and what takes no room or turns the direction.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_joiner(c) || is_invisible(c)
}

/// The joiners of Arabic and Indic writing: not seen, but part of words.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Characters that take no room (as `protocol` has them), but for the joiners.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}')
}

/// Punctuation: ASCII, Latin, Arabic, Indic, general and CJK.
pub(crate) const fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c,
            '\u{A1}' | '\u{A7}' | '\u{AB}' | '\u{AF}' | '\u{B6}' | '\u{B7}' | '\u{BB}' | '\u{BF}'
            | '\u{609}' | '\u{60A}' | '\u{60C}' | '\u{60D}' | '\u{61B}' | '\u{61D}'..='\u{61F}'
            | '\u{66A}'..='\u{66D}' | '\u{6D4}' | '\u{964}' | '\u{965}' | '\u{970}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{2E00}'..='\u{2E5D}'
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}')
}

/// Pictures and signs, by block.
const fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Part of a word. Said by what it is not: vowel signs, viramas, harakat and joiners are no
/// letters for Unicode, but a word does not end at them.
pub(crate) fn is_word(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_invisible(c) || is_punctuation(c) || is_symbol(c))
}

/// Brackets that begin something.
pub(crate) const fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '<' | '«' | '“' | '‘')
}

/// Whether nothing of a text is seen.
pub(crate) fn all_blank(text: &str) -> bool {
    text.chars().all(is_blank)
}
