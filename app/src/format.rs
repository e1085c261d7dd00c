//! How things read: initials, times, excerpts. Pure, so that it is tested here.

use protocol::{Timestamp, UserId};

use crate::bidi::paired;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let mut words = name.split_whitespace();
    let first = words.next();
    // Two joined Arabic letters would be read as a word.
    let last = words.next_back().filter(|_| !crate::i18n::has_rtl(name));
    first
        .into_iter()
        .chain(last)
        .filter_map(|word| word.graphemes(true).next())
        .flat_map(str::chars)
        .flat_map(char::to_uppercase)
        .collect()
}

/// One of the avatar's eight hues, always the same for the same person.
#[must_use]
pub fn hue(user: UserId) -> &'static str {
    const HUES: [&str; 8] = [
        "hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7",
    ];
    let sum = user.to_bytes().iter().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    HUES.into_iter().nth(sum % HUES.len()).unwrap_or("hue-0")
}

/// Year, month and day of a moment in UTC (proleptic Gregorian calendar).
#[must_use]
pub fn civil(at: Timestamp) -> (u64, u64, u64) {
    // Howard Hinnant's algorithm: years begin in March, eras have 400 of them.
    let days = at.millis() / DAY_MS + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

/// The time of day in UTC, such as `18:02`: what the server can say without knowing where the
/// reader is.
#[must_use]
pub fn clock(at: Timestamp) -> String {
    let minutes = at.millis() % DAY_MS / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The date in UTC, such as `22/11/2026`.
#[must_use]
pub fn date(at: Timestamp) -> String {
    let (year, month, day) = civil(at);
    format!("{day:02}/{month:02}/{year}")
}

/// For the `datetime` attribute, to the minute.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    let (year, month, day) = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{}Z", clock(at))
}

/// A count in a place of fixed size.
#[must_use]
pub fn capped(count: u32) -> String {
    if count >= protocol::ConversationSummary::UNREAD_CAP {
        format!("{}+", protocol::ConversationSummary::UNREAD_CAP - 1)
    } else {
        count.to_string()
    }
}

/// Percent-encodes everything but letters, digits and `-_.~/`, for a value in a query.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The beginning of a text on one line, for lists and announcements. It turns the direction of
/// nothing that follows it, wherever it is cut off.
#[must_use]
pub fn excerpt(text: &str, most_chars: usize) -> String {
    paired(&beginning(text, most_chars)).into_owned()
}

fn beginning(text: &str, most_chars: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for c in word.chars() {
            if count >= most_chars {
                out.push('…');
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_graphemes_of_the_first_and_last_word() {
        for (name, expected) in [
            ("Ayesha Khan", "AK"),
            ("zoya", "Z"),
            ("Ana Maria de Souza", "AS"),
            ("क्षमा शर्मा", "क्षश"),
            ("زویا خان", "ز"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn moments_read_in_utc() {
        let at = Timestamp::from_millis(1_795_336_920_000);
        assert_eq!(iso(at), "2026-11-22T08:42Z");
        assert_eq!((clock(at), date(at)), ("08:42".into(), "22/11/2026".into()));
        assert_eq!(civil(Timestamp::from_millis(0)), (1970, 1, 1));
        let leap_day = Timestamp::from_millis(1_709_164_800_000);
        assert_eq!(civil(leap_day), (2024, 2, 29));
        assert_eq!(civil(leap_day.plus_millis(DAY_MS)), (2024, 3, 1));
    }

    #[test]
    fn values_are_encoded_for_a_query() {
        assert_eq!(encode("/c/1?a=b&c"), "/c/1%3Fa%3Db%26c");
        assert_eq!(encode("é"), "%C3%A9");
    }

    #[test]
    fn excerpts_stay_on_one_line() {
        assert_eq!(excerpt("a\n\n b\tc", 10), "a b c");
        assert_eq!(excerpt("abcdef", 3), "abc…");
        assert_eq!(excerpt("\u{202E}abcdef\u{202C}", 3), "ab…");
        assert_eq!(capped(999), "999");
        assert_eq!(capped(1_000), "999+");
    }
}
