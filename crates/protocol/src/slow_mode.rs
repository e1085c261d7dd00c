//! Slow mode of a group: how often a member may write. One rule for browser and server.

use serde::{Deserialize, Serialize};

use crate::{Role, Timestamp};

/// How long a member waits after a message before the next one.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum SlowMode {
    /// Not at all.
    #[default]
    Off,
    /// Ten seconds.
    TenSeconds,
    /// Half a minute.
    HalfMinute,
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// A quarter of an hour.
    QuarterHour,
    /// An hour.
    Hour,
}

impl SlowMode {
    /// All of them, the shortest first.
    pub const ALL: [Self; 7] = [
        Self::Off,
        Self::TenSeconds,
        Self::HalfMinute,
        Self::Minute,
        Self::FiveMinutes,
        Self::QuarterHour,
        Self::Hour,
    ];

    /// Its name in a form and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::TenSeconds => "ten_seconds",
            Self::HalfMinute => "half_minute",
            Self::Minute => "minute",
            Self::FiveMinutes => "five_minutes",
            Self::QuarterHour => "quarter_hour",
            Self::Hour => "hour",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// How long that is.
    #[must_use]
    pub const fn millis(self) -> u64 {
        let seconds = match self {
            Self::Off => 0,
            Self::TenSeconds => 10,
            Self::HalfMinute => 30,
            Self::Minute => 60,
            Self::FiveMinutes => 5 * 60,
            Self::QuarterHour => 15 * 60,
            Self::Hour => 60 * 60,
        };
        seconds * 1_000
    }

    /// Whether somebody with this role waits at all.
    #[must_use]
    pub fn slows(self, role: Role) -> bool {
        self != Self::Off && role == Role::Member
    }

    /// From when on somebody may write who last wrote at `wrote_at`; `None` if they need not
    /// wait.
    #[must_use]
    pub fn until(
        self,
        role: Role,
        wrote_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let wrote_at = wrote_at.filter(|_| self.slows(role))?;
        let until = Timestamp::from_millis(wrote_at.millis().saturating_add(self.millis()));
        (now < until).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn members_wait_and_whoever_manages_the_group_does_not() {
        let slow = SlowMode::TenSeconds;
        for (role, wrote_at, now, expected) in [
            (Role::Member, None, 5, None),
            (Role::Member, Some(5), 5, Some(10_005)),
            (Role::Member, Some(5), 10_004, Some(10_005)),
            (Role::Member, Some(5), 10_005, None),
            // A clock that went back.
            (Role::Member, Some(5_000), 5, Some(15_000)),
            (Role::Admin, Some(5), 5, None),
            (Role::Owner, Some(5), 5, None),
        ] {
            let until = slow.until(role, wrote_at.map(at), at(now));
            assert_eq!(until, expected.map(at), "{role:?} {wrote_at:?} {now}");
        }
        assert_eq!(SlowMode::Off.until(Role::Member, Some(at(5)), at(5)), None);
        let end = at(u64::MAX - 1);
        let until = SlowMode::Hour.until(Role::Member, Some(end), end);
        assert_eq!(until, Some(at(u64::MAX)));
    }

    #[test]
    fn each_has_a_name_and_is_longer_than_the_one_before() {
        for pair in SlowMode::ALL.windows(2) {
            assert!(pair[0].millis() < pair[1].millis() && pair[0] < pair[1]);
        }
        for slow in SlowMode::ALL {
            assert_eq!(SlowMode::named(slow.name()), Some(slow));
            let json = serde_json_name(slow);
            assert_eq!(json, format!("\"{}\"", slow.name()));
        }
        assert_eq!(SlowMode::named("Off"), None);
    }

    fn serde_json_name(slow: SlowMode) -> String {
        String::from_utf8(crate::Codec::Json.encode(&slow).unwrap()).unwrap()
    }
}
