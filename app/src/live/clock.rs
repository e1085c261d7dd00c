//! The time of day, from the browser's clock or from the request.

use std::cell::Cell;

use js_sys::Date;
use protocol::Timestamp;
use wasm_bindgen::JsValue;

use crate::ui::local_day;

/// When the request came in. The server puts it into the context of every page, so that the
/// headings of days are right in the HTML already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestTime(pub Timestamp);

/// The browser's clock.
pub(super) fn now() -> Timestamp {
    // Whole and not negative; a conversion from a float stops at the ends.
    Timestamp::from_millis(Date::now() as u64)
}

/// The time of day. To be called in a browser only.
#[must_use]
pub fn time_now() -> Timestamp {
    now()
}

/// Minutes that UTC is ahead of the reader at this moment. To be called in a browser only.
#[must_use]
pub fn zone_offset() -> i32 {
    offset()
}

/// Minutes that UTC is ahead of the reader at this moment.
pub(super) fn offset() -> i32 {
    Date::new_0().get_timezone_offset() as i32
}

/// Numbers days. Remembers the last one: rows come in order, and asking the browser for the
/// time zone of every row would be most of the work of laying them out.
pub(super) struct Days {
    in_browser: bool,
    last: Cell<Option<Day>>,
}

#[derive(Clone, Copy)]
struct Day {
    number: i64,
    from: Timestamp,
    until: Timestamp,
}

impl Days {
    /// In the reader's time zone, or in UTC.
    pub(super) const fn new(in_browser: bool) -> Self {
        Self {
            in_browser,
            last: Cell::new(None),
        }
    }

    /// The number of the day that a moment is in.
    pub(super) fn number(&self, at: Timestamp) -> i64 {
        if !self.in_browser {
            return local_day(at, false);
        }
        if let Some(day) = self.last.get()
            && day.from <= at
            && at < day.until
        {
            return day.number;
        }
        let number = local_day(at, true);
        self.last.set(Some(Day {
            number,
            from: midnight(at, 0),
            until: midnight(at, 1),
        }));
        number
    }
}

/// The next midnight of the reader's calendar. To be called in a browser only.
pub(super) fn next_midnight(now: Timestamp) -> Timestamp {
    midnight(now, 1)
}

/// The beginning of the day that a moment is in, or of one of the days after.
fn midnight(at: Timestamp, days_later: i32) -> Timestamp {
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    let (month, day) = (date.get_month() as i32, date.get_date() as i32);
    let begin = Date::new_with_year_month_day(date.get_full_year(), month, day + days_later);
    Timestamp::from_millis(begin.get_time() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_server_days_are_those_of_utc() {
        let days = Days::new(false);
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!(days.number(Timestamp::from_millis(day - 1)), 0);
        assert_eq!(days.number(Timestamp::from_millis(day)), 1);
    }
}
