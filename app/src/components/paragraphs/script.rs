//! The script and the language that a line is in.

/// The face and its open lines are chosen by the script of the words, not by the page.
pub(super) fn face(line: &str) -> Option<&'static str> {
    let is_devanagari = |c| matches!(c, '\u{0900}'..='\u{097F}');
    if line.chars().any(is_arabic) {
        Some("nastaliq")
    } else {
        line.chars().any(is_devanagari).then_some("devanagari")
    }
}

/// The language that a line is to be read aloud in, if it is certain. It is Urdu if most of the
/// letters are of that script, and some are such as neither Arabic nor Persian has. Where
/// nothing is said, whoever reads aloud decides.
pub(super) fn language(line: &str) -> Option<&'static str> {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let arabic = line
        .chars()
        .filter(|c| c.is_alphabetic() && is_arabic(*c))
        .count();
    let own = |c| matches!(c, 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ھ' | 'ہ' | 'ۂ' | 'ۃ' | 'ے' | 'ۓ');
    (arabic * 2 > letters && line.chars().any(own)).then_some("ur")
}

const fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{0870}'..='\u{08FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_set_by_its_script_and_read_by_its_language() {
        for (line, face_of_it, language_of_it) in [
            ("Chai at 5?", None, None),
            ("क्षत्रिय, ok", Some("devanagari"), None),
            ("یہ پیغام اُردو میں ہے", Some("nastaliq"), Some("ur")),
            ("سلام، کیا حال ہے Bilal?", Some("nastaliq"), Some("ur")),
            ("السلام عليكم", Some("nastaliq"), None),
            ("این پیام به فارسی است", Some("nastaliq"), None),
            (
                "\"ٹھیک\" means that it is all right",
                Some("nastaliq"),
                None,
            ),
            ("שלום", None, None),
            ("👍 12", None, None),
        ] {
            assert_eq!(
                (face(line), language(line)),
                (face_of_it, language_of_it),
                "{line}"
            );
        }
    }
}
