//! What the style sheet asks of the screen, for what is decided by the same in code.

use leptos::ev;
use leptos::prelude::*;

/// Whether a media query holds now. To be called in a browser only.
#[must_use]
pub fn media_holds(query: &str) -> bool {
    let query = window().match_media(query).ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Whether a media query about the size of the window holds, as long as the caller's view lives.
/// It does not before it was looked at in a browser.
pub fn window_is(query: &'static str) -> Signal<bool> {
    let holds = RwSignal::new(false);
    Effect::new(move |_| {
        let look = move || {
            let now = media_holds(query);
            if holds
                .try_get_untracked()
                .is_some_and(|before| before != now)
            {
                holds.set(now);
            }
        };
        look();
        let handle = window_event_listener(ev::resize, move |_| look());
        on_cleanup(move || handle.remove());
    });
    holds.into()
}
