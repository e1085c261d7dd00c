//! Addresses of messages: `/c/<conversation>?at=<place>#at`. Whoever is not in the conversation sees
//! what they see of every other that there is not.

use client::Absence;
use protocol::{ConversationId, Seq};

use crate::i18n::Texts;

/// The id of the message that a page was asked for, in the page as it comes from the server: by
/// it a browser without a script finds the message.
pub const ASKED_FOR: &str = "at";
/// What names the place in the query of an address.
pub const AT: &str = "at";

/// The address of a message.
#[must_use]
pub fn permalink(id: ConversationId, seq: Seq) -> String {
    format!("/c/{id}?{AT}={seq}#{ASKED_FOR}")
}

/// The place that an address names. What is none is passed over: the conversation opens as
/// without it.
#[must_use]
pub fn place_in(text: &str) -> Option<Seq> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_number)?;
    (number > 0).then_some(Seq(number))
}

/// Why a place cannot be shown.
#[must_use]
pub const fn explain_absence(t: &Texts, absence: Absence) -> &'static str {
    match absence {
        Absence::NoMessage => t.search().no_message,
        Absence::BeforeJoining => t.search().before_joining,
        Absence::NotLoaded => t.actions().not_loaded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_place() {
        let id = ConversationId::from_bytes([7; 16]);
        let address = permalink(id, Seq(1_234));
        assert_eq!(address, format!("/c/{id}?at=1234#at"));
        let (address, _) = address.split_once('#').unwrap();
        let (_, place) = address.split_once("at=").unwrap();
        assert_eq!(place_in(place), Some(Seq(1_234)));
        assert_eq!(place_in("18446744073709551615"), Some(Seq(u64::MAX)));
    }

    #[test]
    fn case_43_what_is_no_place_is_passed_over() {
        for text in [
            "",
            "0",
            "-1",
            "+1",
            "1e3",
            "1.0",
            " 1",
            "0x10",
            "18446744073709551616",
            "99999999999999999999999999",
            "\u{0661}",
            "1&at=2",
            "<script>",
        ] {
            assert_eq!(place_in(text), None, "{text}");
        }
    }
}
