//! The words about slow mode.

mod en;
mod hi;
mod ur;

use protocol::SlowMode;

use super::{Locale, Plural, Texts};

part! {
    slow: SlowTexts;
    title hint off ten_seconds half_minute minute five_minutes quarter_hour hour
    // Over the composer.
    pace wait wait_spoken over
    // What happened.
    turned_on turned_off to_set is_on;
    seconds minutes
}

impl SlowTexts {
    /// How often that is.
    #[must_use]
    pub const fn named(&self, slow_mode: SlowMode) -> &'static str {
        match slow_mode {
            SlowMode::Off => self.off,
            SlowMode::TenSeconds => self.ten_seconds,
            SlowMode::HalfMinute => self.half_minute,
            SlowMode::Minute => self.minute,
            SlowMode::FiveMinutes => self.five_minutes,
            SlowMode::QuarterHour => self.quarter_hour,
            SlowMode::Hour => self.hour,
        }
    }
}
