//! Looking for messages: in all conversations, or in one.
//!
//! What is looked for stands in the address: the server renders the same results without a
//! script, and coming back from a message finds them again.

pub mod field;
pub mod kept;
pub mod query;
pub mod results;

use leptos::ev::MouseEvent;
use leptos::html::{Input, Ul};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use protocol::{ErrorCode, SearchQuery};
use wasm_bindgen::JsCast;

use crate::api::ApiError;
use crate::api::loading::{Loaded, load_first};
use crate::api::search::{Found, search};
use crate::components::Trail;
use crate::components::permalink::permalink;
use crate::i18n::{Texts, fill, texts};
use crate::live::Live;
use crate::pages::looking::{Failed, follow, in_place};
use crate::pages::sheet::{Sheet, arrived_by_link};
use crate::pages::system::explain;
use crate::ui::PageTitle;
use field::{FORM_ID, Filters, STATUS_ID, SearchForm, Within};
use kept::Kept;
pub use kept::LastSearch;
use query::{Asked, Typed, typed};
use results::{HitKey, Hits, rows};

/// Where one types what is looked for.
pub const SEARCH_FIELD: &str = "#search-words";

/// What was asked for and what came of it; `None` where the server was not asked.
#[derive(Clone, PartialEq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    asked: Asked,
    found: Option<Result<Found, ApiError>>,
}

async fn look_up(asked: Asked) -> Answer {
    let found = match typed(&asked.q) {
        Typed::Query => {
            let Asked { q, within, before } = asked.clone();
            Some(search(q, within, before).await)
        }
        Typed::Nothing | Typed::Wrong(_) => None,
    };
    Answer { asked, found }
}

/// What is said under the field, aloud too. `count` is of all pages, `more` whether there may be
/// more.
fn status(t: &Texts, answer: &Answer, (count, more): (usize, bool), pending: bool) -> String {
    let s = t.search();
    match (&answer.found, typed(&answer.asked.q)) {
        (None, Typed::Wrong(complaint)) => complaint.says(t),
        (None, _) if pending => s.searching.to_owned(),
        (None, _) => s.hint.to_owned(),
        (Some(Err(_)), _) => String::new(),
        (Some(Ok(_)), _) if count > 0 => t.count(&s.found, count as u64),
        (Some(Ok(_)), _) if more => s.nothing_yet.to_owned(),
        (Some(Ok(_)), _) => fill(s.nothing, &[("query", answer.asked.q.trim())]),
    }
}

/// Why a search failed.
fn failure(t: &Texts, answer: &Answer) -> Option<String> {
    let s = t.search();
    let Some(Err(error)) = &answer.found else {
        return None;
    };
    let named = || SearchQuery::parse(&answer.asked.q).ok()?.within;
    Some(match error.code {
        _ if error.unreachable => s.offline.to_owned(),
        ErrorCode::NotFound if answer.asked.within.is_empty() => {
            fill(s.no_place, &[("name", &named().unwrap_or_default())])
        }
        _ => format!("{} {}", s.failed, explain(t, error)),
    })
}

/// Everything that the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    asked: Memo<Asked>,
    answer: Loaded<Answer>,
    /// What was found beyond the first page.
    further: RwSignal<Vec<Found>>,
    /// What became of asking for more.
    asking: RwSignal<Option<Result<(), ApiError>>>,
    pending: RwSignal<bool>,
    input: NodeRef<Input>,
    list: NodeRef<Ul>,
}

impl Page {
    /// All pages found so far.
    fn pages(self) -> Vec<Found> {
        let first = self.answer.get().and_then(|answer| answer.found?.ok());
        first.into_iter().chain(self.further.get()).collect()
    }

    fn next(self) -> Option<String> {
        self.pages().pop()?.next
    }

    /// Goes on where the last page ended.
    fn more(self) {
        let Some(next) = untrack(|| self.next()) else {
            return;
        };
        self.asking.set(None);
        let asked = self.asked.get_untracked();
        self.pending.set(true);
        spawn_local(async move {
            let found = search(asked.q.clone(), asked.within.clone(), next.clone()).await;
            // Something else was asked for meanwhile, or the page is gone.
            let is_current = self.asked.try_with_untracked(|now| *now == asked);
            let goes_on = untrack(|| self.next()) == Some(next);
            if is_current != Some(true) || !goes_on {
                return;
            }
            self.pending.set(false);
            match found {
                Ok(found) => self.further.update(|further| further.push(found)),
                Err(error) => self.asking.set(Some(Err(error))),
            }
        });
    }
}

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let t = texts();
    let Some(live) = Live::current() else {
        return ().into_any();
    };
    let page = page();
    let title = {
        let s = t.search();
        move || format!("{} · BaatCheet", s.title)
    };
    let show = {
        let go = in_place();
        let asked = page.asked;
        Callback::new(move |q: String| {
            let within = asked.with_untracked(|asked| asked.within.clone());
            let before = String::new();
            go(&Asked { q, within, before }.address());
        })
    };
    let again = Callback::new(move |()| page.answer.refetch());
    let term = Memo::new(move |_| page.asked.with(|asked| asked.q.clone()));
    let is_return = use_context().is_some_and(|Restored(place)| place.with_value(Option::is_some));
    follow(term, page.input, !is_return, move |q| {
        show.run(q.to_owned())
    });
    let back = go_back();
    view! {
        <PageTitle text=title />
        <Sheet title=t.search().title back="/" on_back=back>
            <div class="page search-page">
                <SearchForm asked=page.asked input=page.input list=page.list show again />
                <Within asked=page.asked live />
                <Filters asked=page.asked input=page.input />
                <Transition set_pending=page.pending>
                    <Outcome page live />
                </Transition>
            </div>
        </Sheet>
    }
    .into_any()
}

fn page() -> Page {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let part = |name| query.get(name).unwrap_or_default();
            Asked {
                q: part("q"),
                within: part("in"),
                before: part("before"),
            }
        })
    });
    let kept = LastSearch::current()
        .filter(|_| arrived_by_link())
        .and_then(|last| last.take(&asked.get_untracked()));
    let further = RwSignal::new(Vec::new());
    let first = StoredValue::new(None);
    let restored = StoredValue::new(None);
    if let Some(kept) = kept {
        further.set(kept.further);
        first.set_value(Some(kept.answer));
        restored.set_value(Some((kept.scroll, kept.opened)));
    }
    provide_context(Restored(restored));
    let answer = load_first(
        move || asked.get(),
        move |asked| {
            let kept = first.try_update_value(Option::take).flatten();
            async move {
                match kept {
                    Some(answer) => answer,
                    None => look_up(asked).await,
                }
            }
        },
    );
    let page = Page {
        asked,
        answer,
        further,
        asking: RwSignal::new(None),
        pending: RwSignal::new(false),
        input: NodeRef::new(),
        list: NodeRef::new(),
    };
    Effect::new(move |was: Option<()>| {
        asked.track();
        if was.is_some() {
            page.further.set(Vec::new());
            page.asking.set(None);
        }
    });
    page
}

/// Where the reader was among the results, until they are shown again.
#[derive(Clone, Copy)]
struct Restored(StoredValue<Option<(i32, HitKey)>>);

/// Brings whoever comes back from a message to where they were.
fn restore(page: Page) {
    let Some(Restored(place)) = use_context() else {
        return;
    };
    Effect::new(move |_| {
        let is_there = page.answer.with(Option::is_some);
        let (Some(list), true) = (page.list.get(), is_there) else {
            return;
        };
        let Some((scroll, (id, seq))) = place.try_update_value(Option::take).flatten() else {
            return;
        };
        let go = move || {
            let link = format!("a[href=\"{}\"]", permalink(id, seq));
            let link = list.query_selector(&link).ok().flatten();
            if let Some(link) = link.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = link.focus();
            }
            if let Ok(Some(frame)) = list.closest(".sheet") {
                frame.set_scroll_top(scroll);
            }
        };
        set_timeout(go, std::time::Duration::ZERO);
    });
}

/// A search that failed without a connection is done when there is one.
fn try_again_online(page: Page, live: Live) {
    let status = live.status();
    Effect::new(move |was: Option<bool>| {
        let is_quiet = status.get() == client::Status::Quiet;
        let failed = page.answer.with_untracked(|answer| {
            let found = answer.as_ref().and_then(|answer| answer.found.as_ref());
            matches!(found, Some(Err(error)) if error.unreachable)
        });
        if was == Some(false) && is_quiet && failed {
            page.answer.refetch();
        }
        is_quiet
    });
}

/// Back to the conversation, where one came from there.
fn go_back() -> Callback<MouseEvent> {
    let trail = Trail::current();
    Callback::new(move |event: MouseEvent| {
        if trail.is_some_and(|trail| trail.back_to_list() || trail.back_to_conversation()) {
            event.prevent_default();
        }
    })
}

/// What came of it: words, and the list. Whatever reads the answer is in here: read further
/// outside, it would take the whole page away until there is another.
#[component]
fn Outcome(page: Page, live: Live) -> impl IntoView {
    let t = texts();
    restore(page);
    try_again_online(page, live);
    let found = Signal::derive(move || rows(&page.pages(), live.me(), t));
    let count = Memo::new(move |_| (found.with(Vec::len), page.next().is_some()));
    let says = move || {
        let answer = page.answer.get();
        answer.map(|answer| status(t, &answer, count.get(), page.pending.get()))
    };
    let failed = move || failure(t, &page.answer.get()?);
    let opened = {
        let last = LastSearch::current();
        Callback::new(move |key: HitKey| {
            let frame = page.list.get_untracked();
            let frame = frame.and_then(|list| list.closest(".sheet").ok().flatten());
            let kept = page.answer.get_untracked().map(|answer| Kept {
                answer,
                further: page.further.get_untracked(),
                scroll: frame.map_or(0, |frame| frame.scroll_top()),
                opened: key,
            });
            if let (Some(last), Some(kept)) = (last, kept) {
                last.set(kept);
            }
        })
    };
    view! {
        <p id=STATUS_ID class="form-hint people-status" role="status">
            {says}
        </p>
        <Failed form=FORM_ID why=Signal::derive(failed) />
        <Hits rows=found pending=page.pending input=page.input list=page.list opened />
        <More page />
    }
}

/// The way on.
#[component]
fn More(page: Page) -> impl IntoView {
    let t = texts();
    let s = t.search();
    let next = Memo::new(move |_| page.next());
    let go = move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        if !page.pending.get_untracked() {
            page.more();
        }
    };
    let failed = move || match page.asking.get() {
        Some(Err(error)) => Some(format!("{} {}", s.failed, explain(t, &error))),
        _ => None,
    };
    move || {
        next.get().map(|before| {
            let href = page.asked.with_untracked(|asked| {
                let asked = Asked {
                    before,
                    ..asked.clone()
                };
                asked.address()
            });
            let says = move || {
                if page.pending.get() {
                    s.loading_more
                } else {
                    s.more
                }
            };
            view! {
                <p class="search-more">
                    <a class="btn" href=href on:click=go data-testid="search-more">
                        {says}
                    </a>
                    <span role="alert">{failed}</span>
                </p>
            }
        })
    }
}

#[cfg(test)]
mod tests;
