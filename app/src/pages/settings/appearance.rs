//! Theme and size of text.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::preferences::SetPreferences;
use crate::i18n::{Texts, fill, texts};
use crate::pages::system::explain;
use crate::preferences::{Preferences, TEXT_SIZES, Theme};
use crate::ui::{Mounted, Summary};

const SIZE_ID: &str = "text-size";
const PREVIEW_ID: &str = "text-preview";

/// Both take effect at once. Without script they are a form with a button.
#[component]
pub fn Appearance() -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    let action = ServerAction::<SetPreferences>::new();
    let refused = Signal::derive(move || match action.value().get() {
        Some(Err(error)) => Some(explain(t, &error)),
        _ => None,
    });
    view! {
        <form
            class="form"
            method="post"
            action=SetPreferences::url()
            // A browser that puts old choices back would show what is not so.
            autocomplete="off"
            on:submit=|event| event.prevent_default()
        >
            <Summary text=refused />
            <Themes />
            <TextSize />
            <button type="submit" class="btn btn-primary" hidden=is_live>
                {t.save}
            </button>
        </form>
    }
}

const fn name(theme: Theme, t: &Texts) -> &'static str {
    match theme {
        Theme::Auto => t.theme_auto,
        Theme::Subah => t.theme_subah,
        Theme::Raat => t.theme_raat,
    }
}

#[component]
fn Themes() -> impl IntoView {
    let t = texts();
    let preferences = Preferences::current();
    let current = preferences.theme.get_untracked();
    let choices = Theme::ALL.map(|theme| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    class="radio"
                    name="theme"
                    value=theme.code()
                    checked=theme == current
                    on:change=move |_| preferences.set_theme(theme)
                />
                <span>{name(theme, t)}</span>
            </label>
        }
    });
    view! {
        <fieldset>
            <legend class="form-legend">{t.theme}</legend>
            {choices.collect_view()}
        </fieldset>
    }
}

/// The slider. While it is dragged only the preview follows: everything else would move away
/// from under the pointer.
#[component]
fn TextSize() -> impl IntoView {
    let t = texts();
    let preferences = Preferences::current();
    let size = RwSignal::new(preferences.text_size.get_untracked());
    let (smallest, largest) = (*TEXT_SIZES.start(), *TEXT_SIZES.end());
    let says = move || fill(t.text_size_value, &[("count", &size.get().to_string())]);
    let follow = move |text: String| {
        if let Ok(chosen) = text.parse() {
            size.set(chosen);
        }
    };
    view! {
        <div class="form-field">
            <label for=SIZE_ID>{t.text_size}</label>
            <div class="range-row">
                <input
                    id=SIZE_ID
                    name="text_size"
                    type="range"
                    class="range"
                    min=smallest.to_string()
                    max=largest.to_string()
                    step="1"
                    value=size.get_untracked().to_string()
                    aria-valuetext=says
                    aria-describedby=PREVIEW_ID
                    on:input=move |event| follow(event_target_value(&event))
                    on:change=move |event| {
                        follow(event_target_value(&event));
                        preferences.set_text_size(size.get_untracked());
                    }
                />
                <output for=SIZE_ID>{says}</output>
            </div>
        </div>
        <Preview size />
    }
}

/// Two messages as they would look.
#[component]
fn Preview(size: RwSignal<u8>) -> impl IntoView {
    let t = texts();
    view! {
        <div class="form-field">
            <h3 class="form-legend">{t.preview}</h3>
            <div class="preview">
                <div class="preview-size" id=PREVIEW_ID data-size=move || size.get().to_string()>
                    <div class="message message-head">
                        <p class="bubble">{t.preview_theirs}</p>
                    </div>
                    <div class="message message-head message-mine">
                        <p class="bubble">{t.preview_mine}</p>
                    </div>
                </div>
            </div>
        </div>
    }
}
