//! What somebody says of themselves for a while, and whether they are there.

use leptos::prelude::*;
use protocol::{CustomStatus, Presence};

use crate::i18n::{Texts, has_rtl, texts};
use crate::ui::{Clock, TimeStyle};

/// The rhombus of a presence: filled, half, with a bar, or hollow. Never colour alone; the word is
/// for whoever shows it.
pub const fn mark(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "nuqta nuqta-full",
        Presence::Away => "nuqta nuqta-half",
        Presence::Busy => "nuqta nuqta-bar",
        Presence::Offline { .. } => "nuqta",
    }
}

/// The word for a presence.
pub const fn word(presence: Presence, t: &Texts) -> &'static str {
    match presence {
        Presence::Online => t.online,
        Presence::Away => t.standing().away,
        Presence::Busy => t.standing().busy,
        Presence::Offline { .. } => t.offline,
    }
}

/// Shape and word, never colour alone.
#[component]
pub fn PresenceLine(
    /// Whether somebody is there.
    presence: Presence,
) -> impl IntoView {
    let t = texts();
    let class = if presence == Presence::Online {
        "presence presence-online"
    } else {
        "presence"
    };
    let words = match presence {
        Presence::Offline { since: Some(since) } => view! {
            <span>{t.last_seen} " " <Clock at=since style=TimeStyle::DateAndClock /></span>
        }
        .into_any(),
        presence => word(presence, t).into_any(),
    };
    view! {
        <p class=class>
            <span class=mark(presence) aria-hidden="true"></span>
            {words}
        </p>
    }
}

/// A status: an emoji, a text, and until when.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn StatusLine(
    /// What is said.
    status: CustomStatus,
    /// Whether its end is shown.
    #[prop(optional)]
    ends: bool,
) -> impl IntoView {
    let emoji = status.emoji().map(ToString::to_string);
    let text = status.text().map(ToString::to_string);
    let class = if text.as_deref().is_some_and(has_rtl) {
        "status-text nastaliq"
    } else {
        "status-text"
    };
    let until = status.until().filter(|_| ends);
    view! {
        <p class="custom-status">
            {emoji.map(|emoji| view! { <span class="status-emoji">{emoji}</span> })}
            {text.map(|text| view! { <bdi class=class>{text}</bdi> })}
            {until
                .map(|until| {
                    view! {
                        <span class="form-hint">
                            {texts().standing().ends} " "
                            <Clock at=until style=TimeStyle::DateAndClock />
                        </span>
                    }
                })}
        </p>
    }
}
