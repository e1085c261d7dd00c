//! What is said when nothing that is written outlives the tab.

use leptos::prelude::*;

use crate::i18n::texts;
use crate::live::{Live, Storage};

/// The id of the sentence, for the text area that it belongs to.
pub(super) const KEEPING_ID: &str = "composer-keeping";

/// The sentence, and a way on where there is one.
#[component]
pub fn Keeping(
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let storage = live.storage();
    let reload = move || {
        view! {
            <button
                type="button"
                class="link-button"
                on:click=move |_| {
                    let _ = window().location().reload();
                }
            >
                {t.reload}
            </button>
        }
    };
    view! {
        <p class="composer-note composer-warning" id=KEEPING_ID>
            {move || match storage.get() {
                Storage::Opening | Storage::Kept => None,
                Storage::MemoryOnly => Some(t.nothing_kept.into_any()),
                Storage::Outdated => {
                    Some(view! { {t.nothing_kept_outdated} " " {reload()} }.into_any())
                }
            }}
        </p>
    }
}
