//! What signing in and signing up share: the frame, the choice of language, and the way on.

use std::cell::RefCell;

use leptos::html::Main;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::api::ApiError;
use crate::api::preferences::SetPreferences;
use crate::i18n::{Locale, texts};
use crate::live::announce_sign_in;
use crate::preferences::Preferences;

thread_local! {
    /// Another language makes every view anew. This hands what stood in the fields, by their
    /// ids, to the new ones.
    static WRITTEN: RefCell<Option<Vec<(String, String)>>> = const { RefCell::new(None) };
}

/// Notes what stands in the fields, to be given back by [`give_back`].
fn note_fields(main: &Element) {
    let fields = main.query_selector_all("input[id]").ok();
    let written = fields.iter().flat_map(|fields| {
        (0..fields.length()).filter_map(|index| {
            let field: HtmlInputElement = fields.item(index)?.dyn_into().ok()?;
            Some((field.id(), field.value()))
        })
    });
    WRITTEN.set(Some(written.collect()));
}

/// Puts what was noted into the fields, and the focus back on the language that was chosen.
fn give_back(main: &Element) {
    let Some(written) = WRITTEN.take() else {
        return;
    };
    let find = |selector: &str| main.query_selector(selector).ok().flatten();
    for (id, value) in written {
        let field = find(&format!("#{id}")).and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field {
            field.set_value(&value);
        }
    }
    let chosen = find(".languages [aria-current]").and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(chosen) = chosen {
        let _ = chosen.focus();
    }
}

/// The form beside a quiet sheet with a sample of what it leads to.
#[component]
pub fn EntryFrame(
    /// The heading.
    title: &'static str,
    /// The form.
    children: Children,
) -> impl IntoView {
    let t = texts();
    let main = NodeRef::<Main>::new();
    Effect::new(move |_| {
        if let Some(main) = main.get() {
            give_back(&main);
        }
    });
    view! {
        <div class="entry">
            <main class="entry-form" node_ref=main>
                <p class="wordmark">
                    <span class="nuqta nuqta-full" aria-hidden="true"></span>
                    "BaatCheet"
                </p>
                <h1>{title}</h1>
                {children()}
                <LanguagePicker main />
            </main>
            <div class="entry-paper" aria-hidden="true">
                <div class="message message-head">
                    <div class="bubble">{t.sample_one}</div>
                </div>
                <div class="message message-head message-mine">
                    <div class="bubble">{t.sample_two}</div>
                </div>
                <div class="message message-head">
                    <div class="bubble">{t.sample_three}</div>
                </div>
            </div>
        </div>
    }
}

/// The languages in their own words; a plain form where there is no script.
#[component]
fn LanguagePicker(main: NodeRef<Main>) -> impl IntoView {
    let t = texts();
    let preferences = Preferences::current();
    let current = preferences.locale.get_untracked();
    let buttons = Locale::ALL.map(|locale| {
        view! {
            <button
                type="submit"
                name="locale"
                value=locale.code()
                lang=locale.code()
                class="link-button"
                aria-current=(locale == current).then_some("true")
                on:click=move |event| {
                    event.prevent_default();
                    if let Some(main) = main.get_untracked() {
                        note_fields(&main);
                    }
                    preferences.set_locale(locale);
                }
            >
                {locale.own_name()}
            </button>
        }
    });
    view! {
        <form class="languages" method="post" action=SetPreferences::url() aria-label=t.language>
            {buttons.collect_view()}
        </form>
    }
}

/// The path to go to afterwards, from the query. The server checks it again.
pub fn next_path() -> String {
    let next = use_query_map().with_untracked(|query| query.get("next"));
    next.map(|next| crate::api::auth::local_path(&next).to_owned())
        .unwrap_or_default()
}

/// The same path for a link to the other form.
pub fn with_next(page: &str, next: &str) -> String {
    if next.is_empty() || next == "/" {
        page.to_owned()
    } else {
        format!("{page}?next={}", crate::format::encode(next))
    }
}

/// Why they are here, for whoever follows a link to a group and is not signed in.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Invited(
    /// Where they go afterwards.
    next: String,
) -> impl IntoView {
    next.starts_with("/join/")
        .then(|| view! { <p>{texts().invites().sign_in_first}</p> })
}

/// Goes to the page that the server names when nothing is refused.
pub fn go_on(answer: Signal<Option<Result<String, ApiError>>>) {
    Effect::new(move |_| {
        if let Some(Ok(path)) = answer.get() {
            announce_sign_in();
            // A full load: nothing of an earlier session stays in memory.
            let _ = window().location().assign(&path);
        }
    });
}
