//! What somebody typed to say who they are.

use protocol::{EmailAddress, Username};

/// The one account that a typed login can mean. Accounts are looked up and guesses are counted
/// by this and nothing else, or a spelling that finds the account would have guesses of its
/// own.
#[derive(PartialEq, Eq, Hash)]
// Nowhere else: addresses are personal.
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Login {
    Username(Username),
    /// An e-mail address, folded.
    Email(String),
    /// What no account can have, as it was typed.
    Nobody(String),
}

impl Login {
    pub(crate) fn parse(typed: &str) -> Self {
        let name = typed.trim();
        let name = name.strip_prefix('@').unwrap_or(name);
        let parsed = if name.contains('@') {
            EmailAddress::parse(name).map(|email| Self::Email(email.fold()))
        } else {
            Username::parse(name).map(Self::Username)
        };
        parsed.unwrap_or_else(|_| Self::Nobody(typed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_login_are_one() {
        let meera = Login::Username(Username::parse("meera").unwrap());
        for spelling in [
            "meera",
            "@meera",
            " Meera ",
            "MEERA",
            "@ meera",
            "@\u{2003}meera",
            "\u{a0}@\t\u{3000} meera\n",
        ] {
            assert_eq!(Login::parse(spelling), meera, "{spelling:?}");
        }
        let email = Login::Email("meera@example.org".to_owned());
        for spelling in [
            "meera@example.org",
            "Meera@Example.ORG ",
            "@meera@example.org",
            "@\u{2003}meera@example.org",
        ] {
            assert_eq!(Login::parse(spelling), email, "{spelling:?}");
        }
    }

    #[test]
    fn what_nobody_can_have_is_as_it_was_typed() {
        for typed in ["", "@", "no such name!", "@@meera", "a@b"] {
            assert_eq!(Login::parse(typed), Login::Nobody(typed.to_owned()));
        }
    }
}
