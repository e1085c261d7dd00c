//! What signing in and signing up share: the frame, the choice of language, and how a form
//! shows what was refused.

use std::cell::RefCell;

use leptos::html::{Input, Main};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use protocol::{ErrorCode, Field, FieldError};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::api::ApiError;
use crate::api::preferences::SetPreferences;
use crate::i18n::{Locale, texts};
use crate::live::announce_sign_in;
use crate::pages::system::explain;
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

/// What was refused, by the browser's own check or by the server.
#[derive(Clone, Copy)]
pub struct Refusals {
    checked: RwSignal<Vec<FieldError>>,
    answer: Signal<Option<Result<String, ApiError>>>,
}

impl Refusals {
    /// For a form with this answer of the server.
    pub fn new(answer: Signal<Option<Result<String, ApiError>>>) -> Self {
        Self {
            checked: RwSignal::new(Vec::new()),
            answer,
        }
    }

    /// Shows what the browser's check refused; nothing clears it.
    pub fn show(&self, errors: Vec<FieldError>) {
        self.checked.set(errors);
    }

    /// Why a field was refused.
    pub fn field(&self, field: Field) -> Signal<Option<ErrorCode>> {
        let Self { checked, answer } = *self;
        Signal::derive(move || {
            let of_check = checked.with(|errors| {
                errors
                    .iter()
                    .find(|error| error.field == field)
                    .map(|error| error.code)
            });
            of_check.or_else(|| {
                answer.with(|answer| match answer {
                    Some(Err(error)) => error.field(field),
                    _ => None,
                })
            })
        })
    }

    /// What to say of the form as a whole.
    pub fn summary(&self) -> Signal<Option<String>> {
        let Self { checked, answer } = *self;
        Signal::derive(move || {
            let t = texts();
            if checked.with(|errors| !errors.is_empty()) {
                return Some(t.error_fields.to_owned());
            }
            answer.with(|answer| match answer {
                Some(Err(error)) => Some(explain(t, error)),
                _ => None,
            })
        })
    }

    /// Puts the focus on the first refused field of the form, in its order, whenever something
    /// was refused, and goes to the page the server named when nothing was.
    pub fn follow(&self, fields: Vec<(Field, NodeRef<Input>)>) {
        let this = *self;
        Effect::new(move |_| {
            if let Some(Ok(path)) = this.answer.get() {
                announce_sign_in();
                // A full load: nothing of an earlier session stays in memory.
                let _ = window().location().assign(&path);
                return;
            }
            this.checked.track();
            let first = fields
                .iter()
                .find(|(field, _)| this.field(*field).get_untracked().is_some());
            if let Some(input) = first.and_then(|(_, node)| node.get_untracked()) {
                let _ = input.focus();
            }
        });
    }
}

/// What an input holds now. Read at the time of sending, so that what was typed or filled in
/// by a password manager before the page came to life counts.
pub fn value_of(node: NodeRef<Input>) -> String {
    node.get_untracked()
        .map(|input| input.value())
        .unwrap_or_default()
}
