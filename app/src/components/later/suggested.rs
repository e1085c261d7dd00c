//! The times that most people choose.

use leptos::prelude::*;
use protocol::Timestamp;

use super::times::Suggestion;
use crate::i18n::texts;
use crate::ui::{Clock, TimeStyle};

/// A list of them.
#[component]
pub fn Suggested(
    /// Which.
    times: Signal<Vec<(Suggestion, Timestamp)>>,
    /// One is chosen.
    choose: impl Fn(Timestamp) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let l = texts().later();
    let one = move |(name, at): (Suggestion, Timestamp)| {
        view! {
            <li>
                <button type="button" class="later-time" on:click=move |_| choose(at)>
                    <span>{name.name(l)}</span>
                    <span class="form-hint">
                        <Clock at style=TimeStyle::DateAndClock />
                    </span>
                </button>
            </li>
        }
    };
    let all = move || times.get().into_iter().map(one).collect_view();
    view! { <ul class="later-times">{all}</ul> }
}
