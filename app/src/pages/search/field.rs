//! What is typed, and what narrows it: a plain form.

use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::html::{Input, Ul};
use leptos::prelude::*;
use protocol::limits::QUERY_BYTES;

use super::query::{Asked, FILTERS, with_filter};
use crate::components::naming;
use crate::i18n::{Texts, fill, texts};
use crate::keys::is_composing;
use crate::live::Live;
use crate::pages::looking::{Pause, typed};
use crate::pages::people::results::focus_first;
use crate::ui::{Glyph, Icon};

pub(super) const FORM_ID: &str = "search-form";
const INPUT_ID: &str = "search-words";
pub(super) const STATUS_ID: &str = "search-status";

/// The form. Enter looks up at once; the arrow leads to the results.
#[component]
pub(super) fn SearchForm(
    /// What is asked for.
    asked: Memo<Asked>,
    /// The field.
    input: NodeRef<Input>,
    /// The results.
    list: NodeRef<Ul>,
    /// Something else is asked for.
    show: Callback<String>,
    /// The same is asked for again.
    again: Callback<()>,
) -> impl IntoView {
    let t = texts();
    let s = t.search();
    let pause = Pause::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed(input);
        if text == asked.with_untracked(|asked| asked.q.trim().to_owned()) {
            again.run(());
        } else {
            show.run(text);
        }
    };
    let to_results = move |event: KeyboardEvent| {
        if event.key() == "ArrowDown" && !is_composing(&event) && focus_first(list) {
            event.prevent_default();
        }
    };
    let within = move || asked.with(|asked| asked.within.clone());
    view! {
        <form
            id=FORM_ID
            class="form-field"
            role="search"
            method="get"
            action="/search"
            on:submit=submit
        >
            <label for=INPUT_ID>{s.field}</label>
            <div class="with-button">
                <input
                    node_ref=input
                    id=INPUT_ID
                    name="q"
                    type="search"
                    class="input text-field"
                    value=asked.with_untracked(|asked| asked.q.clone())
                    maxlength=QUERY_BYTES.to_string()
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="search"
                    dir="auto"
                    aria-describedby=STATUS_ID
                    on:input=move |_| pause.typed(move || show.run(typed(input)))
                    on:keydown=to_results
                />
                <button type="submit" class="icon-button" aria-label=t.search>
                    <Icon glyph=Glyph::Search />
                </button>
            </div>
            {move || {
                let within = within();
                (!within.is_empty()).then(|| view! { <input type="hidden" name="in" value=within /> })
            }}
        </form>
    }
}

/// Where is searched, and the way to search everywhere.
#[component]
pub(super) fn Within(
    /// What is asked for.
    asked: Memo<Asked>,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let s = t.search();
    let name = move || {
        let id = asked.with(|asked| asked.within.parse().ok())?;
        let summary = live.conversation(id).summary;
        summary.with(|summary| Some(naming::title(summary.as_ref()?, live.me(), t)))
    };
    let everywhere = move || {
        asked.with(|asked| {
            let asked = Asked {
                within: String::new(),
                before: String::new(),
                ..asked.clone()
            };
            asked.address()
        })
    };
    move || {
        let is_within = asked.with(|asked| !asked.within.is_empty());
        is_within.then(|| {
            let name = name().unwrap_or_else(|| t.group_name.to_owned());
            view! {
                <p class="search-within" data-testid="within">
                    <span>{fill(s.search_in, &[("name", &name)])}</span>
                    <a class="link-button" href=everywhere>
                        {s.leave_place}
                    </a>
                </p>
            }
        })
    }
}

/// What can narrow a search. Without a script each is a link to the same with one more.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    asked: Memo<Asked>,
    /// The field.
    input: NodeRef<Input>,
) -> impl IntoView {
    let t = texts();
    let chip = |filter: &'static str| {
        let href = move || {
            asked.with(|asked| {
                let asked = Asked {
                    q: with_filter(&asked.q, filter),
                    before: String::new(),
                    ..asked.clone()
                };
                asked.address()
            })
        };
        let put = move |event: MouseEvent| {
            let Some(field) = input.get_untracked() else {
                return;
            };
            // What is complete is looked for at once, by the link.
            if filter.ends_with(':') {
                event.prevent_default();
                event.stop_propagation();
                field.set_value(&with_filter(&field.value(), filter));
                let _ = field.focus();
            }
        };
        view! {
            <li>
                <a class="chip filter" href=href on:click=put title=meaning(t, filter)>
                    <bdi dir="ltr">{filter}</bdi>
                    <span class="hidden-text">" " {meaning(t, filter)}</span>
                </a>
            </li>
        }
    };
    view! {
        <ul class="filters" aria-label=t.search().filters>
            {FILTERS.map(chip).collect_view()}
        </ul>
    }
}

fn meaning(t: &Texts, filter: &str) -> &'static str {
    let s = t.search();
    match filter {
        "from:" => s.filter_from,
        "in:" => s.filter_in,
        "before:" => s.filter_before,
        "after:" => s.filter_after,
        _ => s.filter_link,
    }
}
