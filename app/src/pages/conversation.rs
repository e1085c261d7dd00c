//! A conversation in the pane.

mod place;
pub mod thread;
pub mod writing;

use std::time::Duration;

use leptos::html::H1;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use leptos_router::params::ParamsMap;
use protocol::{ConversationId, ConversationKind, ConversationSummary, ErrorCode, Seq};

use crate::api::ApiError;
use crate::api::conversations::{Opened, conversation};
use crate::api::loading::{Loaded, load};
use crate::chunks::Details;
use crate::components::{
    Actions, ConversationHeader, DETAILS, PinnedLine, Scroller, Thread, naming, thread_of,
};
use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::pages::system::{Gone, Refused};
use crate::pages::workspace::{NoComposer, document_title};
use crate::ui::{Mounted, PageTitle, has_fine_pointer, window_is};
use place::{follow_place, place_asked_for};
use thread::ThreadSide;
use writing::Writing;

/// Placeholders appear when the answer takes longer than this, in milliseconds.
const PATIENCE_MS: f64 = 150.0;
/// Once there, they stay for as long, so that nothing flickers.
const PLACEHOLDERS_MS: f64 = 300.0;

/// The conversation that the document was asked for, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct FirstPage(Loaded<Result<Option<Opened>, ApiError>>);

impl FirstPage {
    /// Asks for it.
    pub fn provide(id: Option<ConversationId>, at: String, thread: Option<Seq>) -> Self {
        let mounted = is_mounted();
        let page = Self(load(
            || (),
            move |()| {
                let at = at.clone();
                async move {
                    match id {
                        // Later pages ask for themselves.
                        Some(id) if !mounted => {
                            let thread = thread.map(|seq| seq.to_string());
                            conversation(id, at, thread.unwrap_or_default())
                                .await
                                .map(Some)
                        }
                        _ => Ok(None),
                    }
                }
            },
        ));
        provide_context(page);
        page
    }

    /// Makes it known. Before anything is shown: list and pane must show the same, and the
    /// browser the same as the server.
    pub async fn take(self, live: Live) {
        if let Ok(Some(opened)) = self.0.await {
            take(live, opened);
        }
    }
}

/// Whether the page has been taken over from the server already.
fn is_mounted() -> bool {
    use_context::<Mounted>().is_some_and(|mounted| mounted.0.get_untracked())
}

/// The conversation in the address. Each has a view of its own, so that a late answer for one
/// can never be shown as another.
#[component]
pub fn ConversationPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| {
            is_page(params)
                .then(|| params.get("id")?.parse().ok())
                .flatten()
        })
    });
    move || match (id.get(), Live::current()) {
        (Some(id), Some(live)) => view! { <OneConversation id live /> }.into_any(),
        _ => view! { <NotHere error=ApiError::new(ErrorCode::NotFound) /> }.into_any(),
    }
}

/// Whether what follows the conversation in the address is something.
fn is_page(params: &ParamsMap) -> bool {
    let part = params.get("part");
    part.is_none_or(|part| part == DETAILS || thread_of(&part).is_some())
}

/// The thread that the address asks for.
fn thread_asked_for() -> Memo<Option<Seq>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| thread_of(&params.get("part")?)))
}

/// One conversation: from the page the server rendered, from what is known already, or asked
/// for now.
#[component]
fn OneConversation(id: ConversationId, live: Live) -> impl IntoView {
    if is_mounted() {
        let view = live.conversation(id);
        return if view.summary.with_untracked(Option::is_some) {
            view! { <Pane view live moved=true /> }.into_any()
        } else {
            view! { <Asked id live /> }.into_any()
        };
    }
    let Some(FirstPage(first)) = use_context() else {
        return view! { <NotHere error=ApiError::new(ErrorCode::Internal) /> }.into_any();
    };
    let at = place_asked_for().get_untracked();
    Suspend::new(async move {
        match first.await {
            Ok(Some(opened)) if opened.summary.id == id => {
                let among_newest = opened.around.is_none();
                let view = take(live, opened);
                if let Some(seq) = at.filter(|_| among_newest) {
                    live.go_to(id, seq);
                }
                view! { <Pane view live moved=false /> }.into_any()
            }
            Ok(_) => view! { <NotHere error=ApiError::new(ErrorCode::NotFound) /> }.into_any(),
            Err(error) => view! { <NotHere error /> }.into_any(),
        }
    })
    .into_any()
}

/// What the server said of a conversation becomes known.
fn take(live: Live, opened: Opened) -> ConversationView {
    let id = opened.summary.id;
    live.seed(vec![opened.summary], vec![opened.page]);
    if let Some((seq, page)) = opened.around {
        live.seed_around(seq, page);
    }
    if let Some(page) = opened.thread {
        live.open_thread(id, page.root);
        live.seed_thread(None, page);
    }
    live.conversation(id)
}

/// A conversation that is not known here yet.
#[component]
fn Asked(id: ConversationId, live: Live) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<(), ApiError>>);
    let at = place_asked_for();
    let ask = move || {
        answer.set(None);
        spawn_local(async move {
            let asked_at = js_sys::Date::now();
            let at = at.get_untracked().map(|seq| seq.to_string());
            let opened = conversation(id, at.unwrap_or_default(), String::new()).await;
            let show = move || {
                let known = opened.map(|opened| {
                    take(live, opened);
                });
                answer.try_set(Some(known));
            };
            let rest = rest_of_placeholders(js_sys::Date::now() - asked_at);
            set_timeout(show, Duration::from_millis(rest));
        });
    };
    Effect::new(move |_| ask());
    move || match answer.get() {
        None => view! { <Placeholders /> }.into_any(),
        Some(Ok(())) => view! { <Pane view=live.conversation(id) live moved=true /> }.into_any(),
        Some(Err(error)) => {
            let retry =
                (error.code != ErrorCode::NotFound).then_some(Callback::new(move |()| ask()));
            view! { <NotHere error retry /> }.into_any()
        }
    }
}

/// There is no such conversation, or not now.
#[component]
fn NotHere(
    error: ApiError,
    #[prop(optional_no_strip)] retry: Option<Callback<()>>,
) -> impl IntoView {
    NoComposer::say();
    view! { <Refused error retry /> }
}

/// How long placeholders that have appeared must still stay, in milliseconds.
fn rest_of_placeholders(waited_ms: f64) -> u64 {
    if waited_ms <= PATIENCE_MS {
        return 0;
    }
    // Positive and below half a second.
    (PATIENCE_MS + PLACEHOLDERS_MS - waited_ms).max(0.0) as u64
}

/// Shapes of groups where messages will be.
#[component]
fn Placeholders() -> impl IntoView {
    let t = texts();
    let bubble = |mine: bool| {
        let class = if mine {
            "message message-head message-mine"
        } else {
            "message message-head"
        };
        view! {
            <div class=class>
                <div class="bubble placeholder"></div>
            </div>
        }
    };
    view! {
        <div class="thread" aria-busy="true">
            <div class="thread-body late">
                <p class="hidden-text">{t.loading}</p>
                {[false, true, false, false, true].map(bubble).collect_view()}
            </div>
        </div>
    }
}

/// A conversation that there is, until its reader is not in it any more.
#[component]
fn Pane(
    view: ConversationView,
    live: Live,
    /// Whether the reader came here from another page.
    moved: bool,
) -> impl IntoView {
    let gone = Memo::new({
        let gone = view.gone.clone();
        move |_| gone.get()
    });
    let is_group = view
        .summary
        .with_untracked(|summary| summary.as_ref().is_some_and(is_group));
    move || {
        if gone.get() {
            NoComposer::say();
            view! { <Gone is_group /> }.into_any()
        } else {
            view! { <Present view=view.clone() live moved /> }.into_any()
        }
    }
}

fn is_group(summary: &ConversationSummary) -> bool {
    summary.kind == ConversationKind::Group
}

/// Bar, messages, composer, and the details of a group where they are asked for.
#[component]
fn Present(view: ConversationView, live: Live, moved: bool) -> impl IntoView {
    let t = texts();
    live.open(Some(view.id));
    let scroller = Scroller::new(live, &view);
    let actions = Actions::new(live, &view, scroller);
    let heading = NodeRef::<H1>::new();
    let unread = live.unread();
    let name = {
        let summary = view.summary.clone();
        Memo::new(move |_| {
            summary.with(|summary| {
                let title = summary
                    .as_ref()
                    .map(|summary| naming::title(summary, live.me(), t));
                title.unwrap_or_default()
            })
        })
    };
    let details = details_asked_for(&view);
    let thread = thread_asked_for();
    let covered = covered(details, thread);
    let at = place_asked_for();
    follow_place(at, actions);
    let is_plain = !details.get_untracked() && thread.get_untracked().is_none();
    if moved && is_plain && at.get_untracked().is_none() {
        focus_first(heading);
    }
    let (of_details, of_thread) = (view.clone(), view.clone());
    let pace = actions.pace();
    view! {
        <PageTitle text=move || document_title(unread.get(), &name.get()) />
        <ConversationHeader view=view.clone() live heading />
        <PinnedLine actions />
        <Thread view=view.clone() live scroller actions covered />
        <Writing view live scroller actions />
        {move || {
            details.get().then(|| view! { <Details view=of_details.clone() live /> })
        }}
        {move || {
            thread.get().map(|root| view! { <ThreadSide view=of_thread.clone() live root pace /> })
        }}
    }
}

/// Whether something lies over the messages, which is where it is not beside them.
fn covered(details: Memo<bool>, thread: Memo<Option<Seq>>) -> Signal<bool> {
    let is_wide = window_is("(width >= 1200px)");
    Signal::derive(move || !is_wide.get() && (details.get() || thread.get().is_some()))
}

/// Whether the address asks for the details, and there are any.
fn details_asked_for(view: &ConversationView) -> Memo<bool> {
    let params = use_params_map();
    let summary = view.summary.clone();
    Memo::new(move |_| {
        let asked = params.with(|params| params.get("part").is_some_and(|part| part == DETAILS));
        asked && summary.with(|summary| summary.as_ref().is_some_and(is_group))
    })
}

/// Where there is a keyboard, one writes; on a touch screen the keyboard would cover what one
/// came to read.
fn focus_first(heading: NodeRef<H1>) {
    Effect::new(move |_| {
        let Some(heading) = heading.get() else {
            return;
        };
        if has_fine_pointer() {
            crate::components::focus_composer();
        } else {
            let _ = heading.focus();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_that_appear_stay_for_a_moment() {
        for (waited, rest) in [
            (0.0, 0),
            (150.0, 0),
            (151.0, 299),
            (400.0, 50),
            (9_000.0, 0),
        ] {
            assert_eq!(rest_of_placeholders(waited), rest, "{waited}");
        }
    }
}
