//! Messages that wait on the server for their time, and those that were not sent.
//!
//! The list, sending one now and deleting one work without script; changing one needs the
//! reader's calendar, and so script.

pub mod changing;
pub mod desk;
pub mod item;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use protocol::{ConversationId, Scheduled};

use crate::api::ApiError;
use crate::api::loading::{Loaded, load_first};
use crate::api::scheduled::list_scheduled;
use crate::components::{SCHEDULED, Trail, UndoLine};
use crate::i18n::{fill, texts};
use crate::live::Live;
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{PageTitle, Summary};
use desk::{Desk, ask_delete};
use item::Item;

const LIST_ID: &str = "scheduled-list";

/// Puts the focus on a list: the button that led here goes with its row.
pub fn focus_remaining(id: &'static str) {
    request_animation_frame(move || {
        let list = document().get_element_by_id(id);
        let list = list.and_then(|it| wasm_bindgen::JsCast::dyn_into(it).ok());
        if let Some(list) = list {
            let list: web_sys::HtmlElement = list;
            let _ = list.focus();
        }
    });
}

/// The page.
#[component]
pub fn ScheduledPage() -> impl IntoView {
    let t = texts();
    let l = t.later();
    let Some(live) = Live::current() else {
        return ().into_any();
    };
    let desk = Desk::new(live);
    let trail = Trail::current();
    let back = Callback::new(move |event: leptos::ev::MouseEvent| {
        if trail.is_some_and(|trail| trail.back_to_conversation() || trail.back_to_list()) {
            event.prevent_default();
        }
    });
    let said = move || {
        let deleted = desk.deleted.with(Option::is_some);
        deleted.then(|| l.deleted.to_owned())
    };
    let over = move || {
        desk.deleted.try_set(None);
    };
    view! {
        <PageTitle text=move || format!("{} · BaatCheet", l.title) />
        <Sheet title=l.title back="/" on_back=back>
            <div class="page">
                <noscript>
                    <p class="form-hint">{l.needs_script}</p>
                </noscript>
                <Summary text=desk.problem.into() />
                <List desk />
            </div>
        </Sheet>
        {ask_delete(desk)}
        <UndoLine said=Signal::derive(said) undo=move || desk.undo() over />
    }
    .into_any()
}

/// What is listed: what the server says to this page first, and what it says later.
#[component]
fn List(desk: Desk) -> impl IntoView {
    let later = desk.later;
    let known = move || later.and_then(|later| later.list.get());
    let first = load_first(
        || (),
        move |()| {
            let known = untrack(known);
            async move {
                match known {
                    Some(list) => Ok(list),
                    None => list_scheduled().await,
                }
            }
        },
    );
    let query = use_query_map();
    let within = Memo::new(move |_| {
        let within = query.with(|query| query.get("in"));
        within.and_then(|id| id.parse::<ConversationId>().ok())
    });
    view! {
        <Transition>
            <Listed desk first within />
        </Transition>
    }
}

/// What the page shows instead of rows.
#[derive(Clone, PartialEq)]
enum Instead {
    Nothing,
    Loading,
    Failed(ApiError),
}

#[component]
fn Listed(
    desk: Desk,
    first: Loaded<Result<Vec<Scheduled>, ApiError>>,
    within: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let known = move || desk.later.and_then(|later| later.list.get());
    let shown = move || match (known(), first.get()) {
        (Some(list), _) => Some(Ok(list)),
        (None, first) => first,
    };
    let instead = Memo::new(move |_| match shown() {
        Some(Ok(_)) => Instead::Nothing,
        Some(Err(error)) => Instead::Failed(error),
        None => Instead::Loading,
    });
    let list = Memo::new(move |_| {
        let all = shown().and_then(Result::ok).unwrap_or_default();
        let within = within.get();
        let is_asked_for = |it: &Scheduled| within.is_none_or(|id| it.conversation == id);
        all.into_iter().filter(is_asked_for).collect::<Vec<_>>()
    });
    move || match instead.get() {
        Instead::Nothing => view! { <Rows desk list within /> }.into_any(),
        Instead::Failed(error) => view! { <Failed error /> }.into_any(),
        Instead::Loading => ().into_any(),
    }
}

#[component]
fn Failed(error: ApiError) -> impl IntoView {
    let t = texts();
    let why = explain(t, &error);
    view! {
        <p class="form-error" role="alert">
            {fill(t.later().not_listed, &[("reason", &why)])}
        </p>
        <a class="btn" href="" rel="external">
            {t.retry}
        </a>
    }
}

/// A row is made anew only when its message is another: somebody may be changing one.
#[component]
fn Rows(
    desk: Desk,
    list: Memo<Vec<Scheduled>>,
    within: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let l = texts().later();
    let is_within = Memo::new(move |_| within.get().is_some());
    let is_empty = Memo::new(move |_| list.with(Vec::is_empty));
    let everywhere = move || {
        is_within.get().then(|| {
            view! {
                <a class="link-button" href=SCHEDULED>
                    {l.everywhere}
                </a>
            }
        })
    };
    let none = move || {
        is_empty.get().then(|| {
            let none = if is_within.get() { l.none_here } else { l.none };
            view! {
                <p>{none}</p>
                <p class="form-hint">{l.none_hint}</p>
            }
        })
    };
    view! {
        {everywhere}
        <div id=LIST_ID class="later-list" tabindex="-1" data-testid="scheduled">
            {none}
            <For each=move || list.get() key=identity let(message)>
                <Item desk message />
            </For>
        </div>
    }
}

/// What makes a message another one.
fn identity(message: &Scheduled) -> String {
    let Scheduled {
        id,
        due,
        text,
        unsent,
        ..
    } = message;
    let words = text.as_ref().map(|text| text.body.as_str());
    format!("{id} {} {unsent:?} {words:?}", due.millis())
}
