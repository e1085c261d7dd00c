//! Reports: what somebody tells those who run the server of a person or of a message.

use serde::{Deserialize, Serialize};

use crate::{ReportNote, SavedPlace, UserId};

/// Why something is reported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// Advertising, or the same to many.
    Spam,
    /// Insults, threats, harassment.
    Abuse,
    /// Anything else.
    Other,
}

impl ReportReason {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Spam, Self::Abuse, Self::Other];

    /// Its name in a form and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::Other => "other",
        }
    }
}

/// What is reported.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// Somebody.
    Person(UserId),
    /// A message, and whoever wrote it.
    Message(SavedPlace),
}

/// A report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What is reported.
    pub about: Reported,
    /// Why.
    pub reason: ReportReason,
    /// What there is to be said of it.
    pub note: Option<ReportNote>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_one_name_everywhere() {
        for reason in ReportReason::ALL {
            let json = crate::Codec::Json.encode(&reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.name()).into_bytes());
        }
    }
}
