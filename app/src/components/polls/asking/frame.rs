//! What stands around the fields of a poll.

use leptos::prelude::*;

use super::{Asking, ERROR_ID, TITLE_ID};
use crate::components::composer::Pace;
use crate::i18n::texts;
use crate::ui::{Glyph, Icon};

pub(super) fn head(asking: Asking) -> impl IntoView {
    let t = texts();
    view! {
        <div class="dialog-head">
            <h2 id=TITLE_ID>{t.polls().title}</h2>
            <button
                type="button"
                class="icon-button"
                aria-label=t.close
                title=t.close
                on:click=move |_| asking.close()
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

pub(super) fn send_button(pace: Pace) -> impl IntoView {
    view! {
        <div class="dialog-buttons">
            <button
                type="submit"
                class="btn btn-primary"
                aria-disabled=move || pace.is_waiting().then_some("true")
                aria-describedby=ERROR_ID
            >
                {texts().polls().send}
            </button>
        </div>
    }
}
