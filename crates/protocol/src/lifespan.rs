//! How long the messages of a conversation stay. One rule for browser and server.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How long a message stays after it was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifespan {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// Ninety days.
    Quarter,
}

impl Lifespan {
    /// All, the shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Quarter];

    /// Its name in a form and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Quarter => "quarter",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// When a message goes that was written at this moment.
    #[must_use]
    pub const fn end(self, written_at: Timestamp) -> Timestamp {
        const HOUR_MS: u64 = 60 * 60 * 1_000;
        let hours = match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Quarter => 90 * 24,
        };
        written_at.plus_millis(hours * HOUR_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_and_is_longer_than_the_one_before() {
        let written = Timestamp::from_millis(5);
        for pair in Lifespan::ALL.windows(2) {
            assert!(pair[0].end(written) < pair[1].end(written) && pair[0] < pair[1]);
        }
        for lifespan in Lifespan::ALL {
            assert_eq!(Lifespan::named(lifespan.name()), Some(lifespan));
            let json = crate::Codec::Json.encode(&lifespan).unwrap();
            assert_eq!(json, format!("\"{}\"", lifespan.name()).into_bytes());
        }
        assert_eq!(Lifespan::named("Hour"), None);
        let day = Timestamp::from_millis(24 * 60 * 60 * 1_000 + 5);
        assert_eq!(Lifespan::Day.end(written), day);
    }
}
