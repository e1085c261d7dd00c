//! The words about messages that disappear.

mod en;
mod hi;
mod ur;

use protocol::Lifespan;

use super::{Locale, Texts};

part! {
    disappearing: DisappearingTexts;
    title hint hour day week quarter never
    // Over the composer.
    line
    // What happened.
    turned_on turned_off to_set;
}

impl DisappearingTexts {
    /// After which time.
    #[must_use]
    pub const fn named(&self, lifespan: Option<Lifespan>) -> &'static str {
        match lifespan {
            None => self.never,
            Some(Lifespan::Hour) => self.hour,
            Some(Lifespan::Day) => self.day,
            Some(Lifespan::Week) => self.week,
            Some(Lifespan::Quarter) => self.quarter,
        }
    }
}
