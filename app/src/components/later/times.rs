//! Times that are suggested, and times as a date-time field has them. The first half is the rule;
//! the second asks the browser for its calendar, and is to be called in a browser only.

use js_sys::Date;
use protocol::Timestamp;
use wasm_bindgen::JsValue;

use crate::i18n::LaterTexts;

const HOUR_MS: u64 = 60 * 60 * 1_000;
/// How long a reminder that has come is put off.
pub const TWENTY_MINUTES_MS: u64 = 20 * 60 * 1_000;
const MORNING: u32 = 9;
const EVENING: u32 = 18;
const DAYS_OF_WEEK: u32 = 7;

/// A time that is suggested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suggestion {
    /// Twenty minutes from now.
    InTwentyMinutes,
    /// An hour from now.
    InAnHour,
    /// Three hours from now.
    InThreeHours,
    /// At six today.
    ThisEvening,
    /// At nine tomorrow.
    Tomorrow,
    /// At nine on the next Monday.
    Monday,
}

/// When that is, by the reader's calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// So many milliseconds from now.
    In(u64),
    /// On the hour of a day.
    At {
        /// How many days from today.
        days: u32,
        /// Which hour.
        hour: u32,
    },
}

impl Suggestion {
    /// What it is called.
    #[must_use]
    pub const fn name(self, l: &LaterTexts) -> &'static str {
        match self {
            Self::InTwentyMinutes => l.in_twenty_minutes,
            Self::InThreeHours => l.in_three_hours,
            Self::InAnHour => l.in_an_hour,
            Self::ThisEvening => l.this_evening,
            Self::Tomorrow => l.tomorrow,
            Self::Monday => l.monday,
        }
    }
}

/// What is suggested on a day of the week (Sunday is 0) in an hour. None twice: where tomorrow is
/// Monday, it is called tomorrow; and the evening is more than an hour away.
#[must_use]
pub fn suggestions(weekday: u32, hour: u32) -> Vec<(Suggestion, When)> {
    let mut all = vec![(Suggestion::InAnHour, When::In(HOUR_MS))];
    if hour + 1 < EVENING {
        let evening = When::At {
            days: 0,
            hour: EVENING,
        };
        all.push((Suggestion::ThisEvening, evening));
    }
    all.extend(mornings(weekday));
    all
}

/// What is suggested for a reminder.
#[must_use]
pub fn reminder_suggestions(weekday: u32, _hour: u32) -> Vec<(Suggestion, When)> {
    let mut all = vec![
        (Suggestion::InTwentyMinutes, When::In(TWENTY_MINUTES_MS)),
        (Suggestion::InAnHour, When::In(HOUR_MS)),
        (Suggestion::InThreeHours, When::In(3 * HOUR_MS)),
    ];
    all.extend(mornings(weekday));
    all
}

fn mornings(weekday: u32) -> impl Iterator<Item = (Suggestion, When)> {
    let at = |days| When::At {
        days,
        hour: MORNING,
    };
    let to_monday = (DAYS_OF_WEEK - weekday % DAYS_OF_WEEK) % DAYS_OF_WEEK + 1;
    let monday = (to_monday > 1).then(|| (Suggestion::Monday, at(to_monday)));
    [(Suggestion::Tomorrow, at(1))].into_iter().chain(monday)
}

/// What a rule suggests on a day of the week in an hour.
pub type Suggesting = fn(u32, u32) -> Vec<(Suggestion, When)>;

/// What a rule suggests now, with the moments.
#[must_use]
pub fn suggested_now(suggesting: Suggesting, now: Timestamp) -> Vec<(Suggestion, Timestamp)> {
    let today = date(now);
    let moment = |when| match when {
        When::In(millis) => now.plus_millis(millis),
        When::At { days, hour } => {
            // A day beyond the month is one of the next.
            let day = today.get_date().saturating_add(days) as i32;
            let (year, month) = (today.get_full_year(), today.get_month() as i32);
            let at = Date::new_with_year_month_day_hr(year, month, day, hour as i32);
            Timestamp::from_millis(at.get_time() as u64)
        }
    };
    let suggested = suggesting(today.get_day(), today.get_hours());
    let suggested = suggested.into_iter();
    suggested.map(|(name, when)| (name, moment(when))).collect()
}

/// A moment as a date-time field has it: `2026-11-30T09:00`, in the reader's time zone.
#[must_use]
pub fn to_field(at: Timestamp) -> String {
    let at = date(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        at.get_full_year(),
        at.get_month() + 1,
        at.get_date(),
        at.get_hours(),
        at.get_minutes()
    )
}

/// The moment that a field means; `None` for no whole one.
#[must_use]
pub fn from_field(value: &str) -> Option<Timestamp> {
    // Without a zone it is read in the reader's (ECMAScript, 21.4.1.18).
    let millis = Date::new(&JsValue::from_str(value)).get_time();
    (millis.is_finite() && millis >= 0.0).then(|| Timestamp::from_millis(millis as u64))
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.millis() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(weekday: u32, hour: u32) -> Vec<Suggestion> {
        let all = suggestions(weekday, hour).into_iter();
        all.map(|(name, _)| name).collect()
    }

    #[test]
    fn what_is_suggested_depends_on_the_day_and_the_hour() {
        use Suggestion::{InAnHour, Monday, ThisEvening, Tomorrow};
        let (friday, sunday) = (5, 0);
        let all = [InAnHour, ThisEvening, Tomorrow, Monday];
        assert_eq!(names(friday, 10), all);
        assert_eq!(names(friday, 16), all);
        assert_eq!(names(friday, 17), [InAnHour, Tomorrow, Monday]);
        assert_eq!(names(friday, 23), [InAnHour, Tomorrow, Monday]);
        assert_eq!(names(sunday, 17), [InAnHour, Tomorrow]);
    }

    #[test]
    fn a_reminder_comes_soon_or_on_a_morning() {
        use Suggestion::{InAnHour, InThreeHours, InTwentyMinutes, Monday, Tomorrow};
        let names = |weekday| {
            let all = reminder_suggestions(weekday, 10).into_iter();
            all.map(|(name, _)| name).collect::<Vec<_>>()
        };
        let (friday, sunday) = (5, 0);
        let soon = [InTwentyMinutes, InAnHour, InThreeHours, Tomorrow];
        assert_eq!(names(friday), [&soon[..], &[Monday]].concat());
        assert_eq!(names(sunday), soon);
    }

    #[test]
    fn monday_is_the_next_one() {
        for (weekday, days) in [(1, 7), (2, 6), (3, 5), (4, 4), (5, 3), (6, 2)] {
            let monday = When::At { days, hour: 9 };
            let last = suggestions(weekday, 20).pop();
            assert_eq!(last, Some((Suggestion::Monday, monday)), "{weekday}");
        }
    }
}
