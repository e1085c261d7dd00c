//! What an account lets others know of it, and what it learns of them in turn. One rule for
//! browser and server.

use serde::{Deserialize, Serialize};

/// What somebody can hide.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyField {
    /// How far they have read.
    Reading,
    /// Whether they are there and type, and when they were there last.
    Presence,
}

impl PrivacyField {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Reading, Self::Presence];

    /// Its name in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Presence => "presence",
        }
    }
}

/// What an account hides from everybody else. Whoever hides something sees it of nobody.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// How far it has read.
    pub hides_reading: bool,
    /// Whether it is there and types, and when it was there last.
    pub hides_presence: bool,
}

impl Privacy {
    /// Whether something is hidden.
    #[must_use]
    pub const fn hides(self, what: PrivacyField) -> bool {
        match what {
            PrivacyField::Reading => self.hides_reading,
            PrivacyField::Presence => self.hides_presence,
        }
    }

    /// The same, with one thing hidden or not.
    #[must_use]
    pub const fn with(mut self, what: PrivacyField, hides: bool) -> Self {
        match what {
            PrivacyField::Reading => self.hides_reading = hides,
            PrivacyField::Presence => self.hides_presence = hides,
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_hidden_for_itself() {
        let shown = Privacy::default();
        for what in PrivacyField::ALL {
            assert!(!shown.hides(what));
            let hidden = shown.with(what, true);
            for other in PrivacyField::ALL {
                assert_eq!(hidden.hides(other), other == what);
            }
            assert_eq!(hidden.with(what, true), hidden);
            assert_eq!(hidden.with(what, false), shown);
        }
    }

    #[test]
    fn a_form_and_the_wire_call_them_the_same() {
        for what in PrivacyField::ALL {
            let wire = serde_json::to_string(&what).unwrap();
            assert_eq!(wire, format!("\"{}\"", what.name()));
        }
    }
}
