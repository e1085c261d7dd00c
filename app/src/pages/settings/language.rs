//! The language of the interface.

use std::cell::Cell;

use leptos::html::Button;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::preferences::SetPreferences;
use crate::i18n::{Locale, texts};
use crate::pages::system::explain;
use crate::preferences::Preferences;
use crate::ui::{Glyph, Icon, Summary};

thread_local! {
    /// Another language makes every view anew, and the button that was pressed goes with the
    /// old ones. This tells its successor to take the focus.
    static JUST_CHANGED: Cell<bool> = const { Cell::new(false) };
}

/// The languages in their own words. Buttons: arrow keys through a list of radio buttons would
/// change the whole page at each step.
#[component]
pub fn Language() -> impl IntoView {
    let t = texts();
    let current = Preferences::current().locale.get_untracked();
    let action = ServerAction::<SetPreferences>::new();
    let refused = Signal::derive(move || match action.value().get() {
        Some(Err(error)) => Some(explain(t, &error)),
        _ => None,
    });
    let button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get()
            && JUST_CHANGED.take()
        {
            let _ = button.focus();
        }
    });
    let choices = Locale::ALL.map(|locale| {
        let is_current = locale == current;
        let node = if is_current { button } else { NodeRef::new() };
        view! {
            <li>
                <Choice locale is_current node />
            </li>
        }
    });
    view! {
        <p class="form-hint">{t.language_hint}</p>
        <Summary text=refused />
        <form method="post" action=SetPreferences::url()>
            <ul class="rows">{choices.collect_view()}</ul>
        </form>
    }
}

#[component]
fn Choice(locale: Locale, is_current: bool, node: NodeRef<Button>) -> impl IntoView {
    let preferences = Preferences::current();
    let change = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if !is_current {
            JUST_CHANGED.set(true);
            preferences.set_locale(locale);
        }
    };
    view! {
        <button
            node_ref=node
            type="submit"
            name="locale"
            value=locale.code()
            lang=locale.code()
            class="row-button"
            aria-current=is_current.then_some("true")
            on:click=change
        >
            <span class="grow">{locale.own_name()}</span>
            {is_current.then(|| view! { <Icon glyph=Glyph::Tick /> })}
        </button>
    }
}
