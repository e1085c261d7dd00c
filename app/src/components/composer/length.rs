//! How much of a message is used up, as a person counts: a family of emoji is one.

use protocol::MessageBody;
use protocol::limits::{MESSAGE_BYTES, MESSAGE_GRAPHEMES};

/// The rest from which on it is shown: a tenth.
const SHOWN_LEFT: usize = MESSAGE_GRAPHEMES / 10;

/// The length of a text against what a message may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::components) enum Length {
    /// Far from the limit.
    Fits,
    /// Not much is left.
    Near {
        /// So many graphemes.
        left: usize,
    },
    /// Too many graphemes.
    Over {
        /// So many.
        by: usize,
    },
    /// Few enough graphemes, but of too many bytes.
    Heavy,
}

/// Measures what a message would hold: white space at its end does not count.
pub(in crate::components) fn measure(text: &str) -> Length {
    let text = text.trim_end();
    // A grapheme has a byte at least, and nobody waits for a novel to be counted.
    if text.len() < MESSAGE_GRAPHEMES - SHOWN_LEFT {
        return Length::Fits;
    }
    let count = MessageBody::graphemes(text);
    if count > MESSAGE_GRAPHEMES {
        let by = count - MESSAGE_GRAPHEMES;
        Length::Over { by }
    } else if text.len() > MESSAGE_BYTES {
        Length::Heavy
    } else if MESSAGE_GRAPHEMES - count <= SHOWN_LEFT {
        let left = MESSAGE_GRAPHEMES - count;
        Length::Near { left }
    } else {
        Length::Fits
    }
}

impl Length {
    /// Whether the message cannot be sent.
    pub(in crate::components) const fn is_too_long(self) -> bool {
        matches!(self, Self::Over { .. } | Self::Heavy)
    }

    /// What the counter shows; less than nothing above the limit.
    pub(in crate::components) fn left(self) -> Option<i64> {
        match self {
            Self::Fits | Self::Heavy => None,
            Self::Near { left } => i64::try_from(left).ok(),
            Self::Over { by } => i64::try_from(by).ok().map(|by| -by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_appears_at_nine_tenths_and_counts_as_people_do() {
        let family = "👨‍👩‍👧‍👦";
        for (text, expected) in [
            (String::new(), Length::Fits),
            ("a".repeat(3_599), Length::Fits),
            ("a".repeat(3_600), Length::Near { left: 400 }),
            ("a".repeat(4_000), Length::Near { left: 0 }),
            ("a".repeat(4_000) + "\n\n ", Length::Near { left: 0 }),
            ("a".repeat(4_001), Length::Over { by: 1 }),
            ("a".repeat(3_599) + family, Length::Near { left: 400 }),
            (family.repeat(1_000), Length::Fits),
            (family.repeat(2_000), Length::Heavy),
            ("हि".repeat(4_002), Length::Over { by: 2 }),
        ] {
            let start: String = text.chars().take(3).collect();
            assert_eq!(measure(&text), expected, "{start} {}", text.len());
        }
        assert_eq!(Length::Over { by: 2 }.left(), Some(-2));
    }

    #[test]
    fn what_is_too_long_here_is_refused_by_the_server_too() {
        for text in ["a".repeat(4_000), "a".repeat(4_001), "👨‍👩‍👧‍👦".repeat(2_000)]
        {
            let refused = MessageBody::parse(&text).is_err();
            assert_eq!(measure(&text).is_too_long(), refused, "{}", text.len());
        }
    }
}
