//! Moments on the screen. The server writes UTC; once the page is mounted the reader's own
//! clock and calendar take over, so that both first renderings are the same.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use protocol::Timestamp;
use wasm_bindgen::JsValue;

use crate::format;
use crate::i18n::{Locale, locale};

/// Whether the page has been taken over from the server. In the context of the application.
#[derive(Clone, Copy)]
pub struct Mounted(pub RwSignal<bool>);

impl Mounted {
    /// The reader's time zone is another: all times are written anew.
    pub fn zone_changed(self) {
        // Each holds the zone that it was made in.
        FORMATTERS.take();
        // Says so to all that show a time, though it is mounted as before.
        self.0.set(true);
    }
}

/// What of a moment is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeStyle {
    /// The time of day.
    Clock,
    /// The name of the weekday.
    Weekday,
    /// The whole date.
    Date,
    /// The date in figures.
    ShortDate,
    /// The date with a short month.
    MediumDate,
    /// That and the time of day.
    DateAndClock,
}

thread_local! {
    /// Making an `Intl.DateTimeFormat` costs a hundred times what using it does.
    static FORMATTERS: RefCell<Vec<(Locale, TimeStyle, Function)>> = const { RefCell::new(Vec::new()) };
}

impl TimeStyle {
    /// What the server writes.
    #[must_use]
    pub fn in_utc(self, at: Timestamp) -> String {
        match self {
            Self::Clock => format::clock(at),
            Self::Weekday | Self::Date | Self::ShortDate | Self::MediumDate => format::date(at),
            Self::DateAndClock => both(&format::date(at), &format::clock(at)),
        }
    }

    /// What the browser writes. To be called in a browser only.
    #[must_use]
    pub fn in_browser(self, at: Timestamp, locale: Locale) -> String {
        if self == Self::DateAndClock {
            let [date, clock] =
                [Self::MediumDate, Self::Clock].map(|style| style.in_browser(at, locale));
            return both(&date, &clock);
        }
        FORMATTERS.with_borrow_mut(|formatters| {
            let known = formatters
                .iter()
                .position(|(l, s, _)| (*l, *s) == (locale, self));
            let at_index = known.unwrap_or_else(|| {
                formatters.push((locale, self, self.formatter(locale)));
                formatters.len() - 1
            });
            // Milliseconds since 1970 are exact in a double for 285,000 years.
            let date = Date::new(&JsValue::from_f64(at.millis() as f64));
            formatters
                .get(at_index)
                .and_then(|(.., formatter)| formatter.call1(&JsValue::NULL, &date).ok())
                .and_then(|text| text.as_string())
                .unwrap_or_else(|| self.in_utc(at))
        })
    }

    fn formatter(self, locale: Locale) -> Function {
        let options = Object::new();
        let fields: &[(&str, &str)] = match self {
            Self::Clock => &[("timeStyle", "short")],
            Self::Weekday => &[("weekday", "long")],
            Self::Date => &[("dateStyle", "long")],
            Self::ShortDate => &[("dateStyle", "short")],
            Self::MediumDate => &[("dateStyle", "medium")],
            Self::DateAndClock => &[("dateStyle", "medium"), ("timeStyle", "short")],
        };
        for (name, value) in fields {
            // Cannot fail on a plain object.
            let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
        }
        let wishes = window().navigator().languages();
        let tag = locale.intl(wishes.iter().filter_map(|tag| tag.as_string()));
        let locales = Array::of1(&tag.into());
        Intl::DateTimeFormat::new(&locales, &options).format()
    }
}

/// Date and time of day. Figures of both side by side would be put in an order of their own in
/// Urdu, so the time stands between the signs of an isolate (UAX #9).
fn both(date: &str, clock: &str) -> String {
    format!("{date} \u{2068}{clock}\u{2069}")
}

/// A moment in the reader's clock.
pub fn local_text(at: Timestamp, style: TimeStyle) -> impl Fn() -> String + Send + Sync + Clone {
    let mounted = use_context::<Mounted>();
    let locale = locale();
    move || {
        if mounted.is_some_and(|mounted| mounted.0.get()) {
            style.in_browser(at, locale.get())
        } else {
            style.in_utc(at)
        }
    }
}

/// A moment as `<time>`.
#[component]
pub fn Clock(
    /// When.
    at: Timestamp,
    /// What of it.
    style: TimeStyle,
) -> impl IntoView {
    view! { <time datetime=format::iso(at)>{local_text(at, style)}</time> }
}

/// The number of a moment's day, one more each day: in the reader's time zone in a browser, in
/// UTC otherwise.
#[must_use]
pub fn local_day(at: Timestamp, in_browser: bool) -> i64 {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let millis = i64::try_from(at.millis()).unwrap_or(i64::MAX);
    let ahead_ms = if in_browser {
        let date = Date::new(&JsValue::from_f64(at.millis() as f64));
        // Whole minutes between -14 and +12 hours; the browser counts them the other way.
        date.get_timezone_offset() as i64 * -60_000
    } else {
        0
    };
    millis.saturating_add(ahead_ms).div_euclid(DAY_MS)
}
