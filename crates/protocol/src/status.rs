//! What people say of themselves: for good, and for a while. One rule for browser and server.

use serde::{Deserialize, Serialize};

use crate::{About, Availability, Emoji, Person, StatusText, TextError, Timestamp};

const MINUTE_MS: u64 = 60 * 1_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// Minutes that UTC may be ahead of somebody, either way.
const OFFSET: i32 = 14 * 60;

/// For how long something is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasting {
    /// Half an hour.
    HalfHour,
    /// An hour.
    Hour,
    /// Four hours.
    FourHours,
    /// Until the day ends where they are.
    Today,
    /// Until the week ends where they are, with its Sunday.
    Week,
    /// Until it is changed.
    Always,
}

impl Lasting {
    /// All, the shortest first.
    pub const ALL: [Self; 6] = [
        Self::HalfHour,
        Self::Hour,
        Self::FourHours,
        Self::Today,
        Self::Week,
        Self::Always,
    ];

    /// Its name in a form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfHour => "half_hour",
            Self::Hour => "hour",
            Self::FourHours => "four_hours",
            Self::Today => "today",
            Self::Week => "week",
            Self::Always => "always",
        }
    }

    /// When it ends that was chosen now by somebody whom UTC is `offset` minutes ahead of. An
    /// offset that nobody has is none.
    #[must_use]
    pub fn end(self, now: Timestamp, offset: i32) -> Option<Timestamp> {
        let minutes = match self {
            Self::HalfHour => 30,
            Self::Hour => 60,
            Self::FourHours => 4 * 60,
            Self::Today => return Some(midnight(now, offset, |_| 1)),
            // The first day of this calendar was a Thursday.
            Self::Week => return Some(midnight(now, offset, |day| 7 - (day + 3).rem_euclid(7))),
            Self::Always => return None,
        };
        Some(now.plus_millis(minutes * MINUTE_MS))
    }
}

/// The beginning of a day that comes so many days after the one that a moment is in.
fn midnight(now: Timestamp, offset: i32, days_later: impl Fn(i64) -> i64) -> Timestamp {
    let offset = if offset.abs() > OFFSET { 0 } else { offset };
    let behind = i64::from(offset) * MINUTE_MS.cast_signed();
    let day = (now.millis().cast_signed() - behind).div_euclid(DAY_MS.cast_signed());
    let begin = (day + days_later(day)) * DAY_MS.cast_signed() + behind;
    Timestamp::from_millis(begin.max(0).cast_unsigned())
}

/// What somebody says of themselves for a while: an emoji, a text, or both.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawStatus", into = "RawStatus")]
pub struct CustomStatus {
    emoji: Option<Emoji>,
    text: Option<StatusText>,
    until: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStatus {
    emoji: Option<Emoji>,
    text: Option<StatusText>,
    until: Option<Timestamp>,
}

impl CustomStatus {
    /// Of an emoji, a text, or both, until a moment of the server's clock.
    ///
    /// # Errors
    /// [`TextError::Empty`] if there is neither.
    pub fn new(
        emoji: Option<Emoji>,
        text: Option<StatusText>,
        until: Option<Timestamp>,
    ) -> Result<Self, TextError> {
        if emoji.is_none() && text.is_none() {
            return Err(TextError::Empty);
        }
        Ok(Self { emoji, text, until })
    }

    /// The emoji.
    #[must_use]
    pub const fn emoji(&self) -> Option<&Emoji> {
        self.emoji.as_ref()
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> Option<&StatusText> {
        self.text.as_ref()
    }

    /// When it ends; `None` if it stays until it is changed.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Whether it is over at a moment of the server's clock. Then it is as if there were none.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl TryFrom<RawStatus> for CustomStatus {
    type Error = TextError;

    fn try_from(raw: RawStatus) -> Result<Self, TextError> {
        Self::new(raw.emoji, raw.text, raw.until)
    }
}

impl From<CustomStatus> for RawStatus {
    fn from(status: CustomStatus) -> Self {
        let CustomStatus { emoji, text, until } = status;
        Self { emoji, text, until }
    }
}

/// Somebody as they show themselves to whoever looks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Who.
    pub person: Person,
    /// What they say of themselves.
    pub about: Option<About>,
    /// The same for a while; none that was over.
    pub status: Option<CustomStatus>,
}

/// An account as it wants to be seen, for its own eyes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnProfile {
    /// What it says of itself.
    pub about: Option<About>,
    /// The same for a while.
    pub status: Option<CustomStatus>,
    /// How it wants to be there for others.
    pub availability: Availability,
}

impl OwnProfile {
    /// What is in force of it at a moment of the server's clock.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self {
            about: self.about,
            status: self.status.filter(|status| !status.is_over(now)),
            availability: self.availability.at(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 60 * MINUTE_MS;
    /// Thursday, 26 November 2026, 20:00 UTC.
    const NOW: Timestamp = Timestamp::from_millis(1_795_723_200_000);

    fn after(hours: u64) -> Option<Timestamp> {
        Some(NOW.plus_millis(hours * HOUR_MS))
    }

    #[test]
    fn hours_are_counted_and_days_end_at_midnight_where_somebody_is() {
        let india = -330;
        for (lasting, offset, end) in [
            (Lasting::HalfHour, 0, Some(NOW.plus_millis(HOUR_MS / 2))),
            (Lasting::Hour, india, after(1)),
            (Lasting::FourHours, 0, after(4)),
            (Lasting::Today, 0, after(4)),
            // It is half past one on Friday there, with 22 hours and a half to go.
            (
                Lasting::Today,
                india,
                Some(NOW.plus_millis(45 * HOUR_MS / 2)),
            ),
            (Lasting::Today, 8 * 60, after(12)),
            (Lasting::Week, 0, after(4 + 3 * 24)),
            (
                Lasting::Week,
                india,
                Some(NOW.plus_millis(45 * HOUR_MS / 2 + 2 * DAY_MS)),
            ),
            (Lasting::Always, 0, None),
            (Lasting::Today, i32::MAX, after(4)),
            (Lasting::Today, i32::MIN + 1, after(4)),
        ] {
            assert_eq!(lasting.end(NOW, offset), end, "{lasting:?} {offset}");
        }
    }

    #[test]
    fn a_week_ends_with_its_sunday() {
        let sunday = NOW.plus_millis(3 * DAY_MS);
        assert_eq!(Lasting::Week.end(sunday, 0), after(4 + 3 * 24));
        let monday = NOW.plus_millis(4 * DAY_MS);
        assert_eq!(Lasting::Week.end(monday, 0), after(4 + 10 * 24));
    }

    #[test]
    fn the_beginning_of_time_is_no_trap() {
        for lasting in Lasting::ALL {
            for offset in [-OFFSET, 0, OFFSET] {
                let end = lasting.end(Timestamp::from_millis(0), offset);
                assert_eq!(end.is_none(), lasting == Lasting::Always);
            }
        }
    }

    #[test]
    fn a_form_and_the_wire_call_them_the_same() {
        for lasting in Lasting::ALL {
            let wire = serde_json::to_string(&lasting).unwrap();
            assert_eq!(wire, format!("\"{}\"", lasting.name()));
        }
    }

    #[test]
    fn a_status_says_something_and_ends_at_its_time() {
        assert_eq!(CustomStatus::new(None, None, None), Err(TextError::Empty));
        let json = r#"{"emoji":null,"text":null,"until":null}"#;
        assert!(serde_json::from_str::<CustomStatus>(json).is_err());
        let text = StatusText::parse("sabzi lene").unwrap();
        let status = CustomStatus::new(None, Some(text), Some(NOW)).unwrap();
        assert!(!status.is_over(Timestamp::from_millis(NOW.millis() - 1)));
        assert!(status.is_over(NOW));
        let emoji = Emoji::parse("🌙").unwrap();
        let always = CustomStatus::new(Some(emoji), None, None).unwrap();
        assert!(!always.is_over(Timestamp::from_millis(u64::MAX)));
    }
}
