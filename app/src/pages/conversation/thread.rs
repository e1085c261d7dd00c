//! A thread beside its conversation, or over it: the root, its answers, and where one answers.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ErrorCode, Seq, Thread};

use crate::api::ApiError;
use crate::api::messages::thread;
use crate::components::Pace;
use crate::components::answers::line::line_id;
use crate::components::answers::{AnswerField, answer_row};
use crate::components::closed::why_closed;
use crate::i18n::texts;
use crate::live::{ConversationView, Live, LiveItem};
use crate::pages::sheet::arrived_by_link;
use crate::pages::side::Side;
use crate::pages::system::explain;

const TITLE_ID: &str = "thread-title";

/// What loads a thread, and what came of it.
#[derive(Clone, Copy)]
struct Loading {
    live: Live,
    view: StoredValue<ConversationView>,
    root: Seq,
    pending: RwSignal<bool>,
    /// The newest answers were asked for while something else was.
    again: StoredValue<bool>,
    failed: RwSignal<Option<Failure>>,
}

/// What was asked for in vain, and why.
#[derive(Clone)]
struct Failure {
    part: Part,
    error: ApiError,
}

/// What of a thread is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The newest answers.
    Newest,
    /// Those before the ones that are held.
    Earlier,
}

impl Loading {
    fn new(view: &ConversationView, live: Live, root: Seq) -> Self {
        let loading = Self {
            live,
            view: StoredValue::new(view.clone()),
            root,
            pending: RwSignal::new(false),
            again: StoredValue::new(false),
            failed: RwSignal::new(None),
        };
        let state = view.thread.clone();
        Effect::new(move |_| {
            state.track();
            loading.ask_if_wanted();
        });
        let status = live.status();
        Effect::new(move |was: Option<bool>| {
            let is_quiet = status.get() == client::Status::Quiet;
            let unreachable = loading.failed.with_untracked(|failed| {
                let failed = failed.as_ref().filter(|failed| failed.error.unreachable);
                failed.map(|failed| failed.part)
            });
            if let (Some(false), true, Some(part)) = (was, is_quiet, unreachable) {
                loading.ask(part);
            }
            is_quiet
        });
        loading
    }

    /// Asks for the newest answers where they are not known.
    fn ask_if_wanted(self) {
        let state = self.view.with_value(|view| view.thread.get_untracked());
        let state = state.filter(|state| state.root == self.root);
        if state.is_some_and(|state| !state.loaded || state.stale) {
            self.ask(Part::Newest);
        }
    }

    fn ask(self, part: Part) {
        if self.pending.get_untracked() {
            if part == Part::Newest {
                self.again.set_value(true);
            }
            return;
        }
        self.failed.set(None);
        let before = match part {
            Part::Newest => None,
            Part::Earlier => {
                let Some(first) = untrack(|| self.more_before()) else {
                    return;
                };
                Some(first)
            }
        };
        self.pending.set(true);
        let id = self.view.with_value(|view| view.id);
        spawn_local(async move {
            let place = before.map(|seq| seq.to_string());
            let page = thread(id, self.root, place.unwrap_or_default()).await;
            // The thread may be closed by now.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match page {
                Ok(page) => {
                    self.live.seed_thread(before, page);
                    if self.again.try_update_value(std::mem::take) == Some(true) {
                        self.ask_if_wanted();
                    }
                }
                Err(error) => self.failed.set(Some(Failure { part, error })),
            }
        });
    }

    fn more_before(self) -> Option<Seq> {
        self.view
            .with_value(|view| view.thread.get())
            .and_then(|state| state.more_before)
    }
}

/// The thread.
#[component]
pub(super) fn ThreadSide(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// The place of its root.
    root: Seq,
    /// How often the reader may write.
    pace: Pace,
) -> impl IntoView {
    let t = texts();
    let id = view.id;
    live.open_thread(id, root);
    leave_when_gone(&view, live, root);
    let loading = Loading::new(&view, live, root);
    let closed = {
        let (summary, blocked) = (view.summary.clone(), live.blocked());
        Memo::new(move |_| {
            blocked.with(|blocked| {
                summary.with(|summary| why_closed(summary.as_ref()?, live.me(), blocked))
            })
        })
    };
    let reply_to = answered(&view, root);
    let moved = arrived_by_link();
    view! {
        <Side title=t.threads().title title_id=TITLE_ID class="thread-side" home=format!("/c/{id}")>
            <Rows view loading />
            <div class="composer-zone">
                {move || match closed.get() {
                    Some(closed) => closed.shown(t),
                    None => {
                        view! { <AnswerField id live root reply_to pace moved /> }
                            .into_any()
                    }
                }}
            </div>
        </Side>
    }
}

/// What the next answer answers: the root, or the newest answer where the root is not shown.
fn answered(view: &ConversationView, root: Seq) -> Signal<Option<Seq>> {
    let answers = view.answers.clone();
    Signal::derive(move || {
        answers.with(|items| {
            let mut places = items.iter().filter_map(LiveItem::seq).peekable();
            match places.peek() {
                Some(first) if *first == root => Some(root),
                _ => places.last(),
            }
        })
    })
}

/// The root and what answers it. The newest is at the end, which stays in sight.
#[component]
fn Rows(view: ConversationView, loading: Loading) -> impl IntoView {
    let w = texts().threads();
    let (id, live, root) = (view.id, loading.live, loading.root);
    let (answers, state) = (view.answers.clone(), view.thread.clone());
    let is_loaded = Memo::new(move |_| state.with(|state| state.is_some_and(|it| it.loaded)));
    let has_root = {
        let answers = answers.clone();
        Memo::new(move |_| answers.with(|items| items.iter().any(|item| item.seq() == Some(root))))
    };
    let is_alone = {
        let answers = answers.clone();
        Memo::new(move |_| {
            let is_message = |item: &&LiveItem| matches!(item, LiveItem::Message { .. });
            answers.with(|items| items.iter().filter(is_message).count() <= 1)
        })
    };
    view! {
        <div class="thread-answers" tabindex="0" aria-labelledby=TITLE_ID role="group">
            <div class="thread-answers-body">
                {move || {
                    (is_loaded.get() && !has_root.get())
                        .then(|| view! { <p class="form-hint">{w.before_joining}</p> })
                }}
                <ol>
                    <For each=move || head(&answers.get(), root) key=LiveItem::key let(item)>
                        {answer_row(item, id, live)}
                    </For>
                </ol>
                <Between view=view.clone() loading />
                <ol>
                    <For each=move || tail(&view.answers.get(), root) key=LiveItem::key let(item)>
                        {answer_row(item, id, live)}
                    </For>
                </ol>
                {move || {
                    (is_loaded.get() && has_root.get() && is_alone.get())
                        .then(|| view! { <p class="form-hint">{w.no_answers}</p> })
                }}
            </div>
        </div>
    }
}

/// The root, with its day.
fn head(items: &[LiveItem], root: Seq) -> Vec<LiveItem> {
    split(items, root).0.to_vec()
}

/// The answers.
fn tail(items: &[LiveItem], root: Seq) -> Vec<LiveItem> {
    split(items, root).1.to_vec()
}

fn split(items: &[LiveItem], root: Seq) -> (&[LiveItem], &[LiveItem]) {
    let at = items.iter().position(|item| item.seq() == Some(root));
    items.split_at(at.map_or(0, |at| at + 1))
}

/// What stands between the root and the answers that are shown: how many there are, and the way
/// to earlier ones.
#[component]
fn Between(view: ConversationView, loading: Loading) -> impl IntoView {
    let t = texts();
    let w = t.threads();
    let (id, live, root) = (view.id, loading.live, loading.root);
    let count = Memo::new(move |_| {
        view.rows.track();
        match live.row_at(id, root)?.marks.thread {
            Some(Thread::Root(answers)) => Some(answers.count),
            _ => None,
        }
    });
    let more = Memo::new(move |_| loading.more_before().is_some());
    let says = move || {
        if loading.pending.get() {
            w.loading_more
        } else {
            w.more
        }
    };
    let failed = move || {
        loading.failed.get().map(|Failure { part, error }| {
            let why = match error.code {
                ErrorCode::NotFound => explain(t, &error),
                _ => format!("{} {}", w.failed, explain(t, &error)),
            };
            let retry = move |_| loading.ask(part);
            view! {
                <p class="edge" role="alert">
                    <span>{why}</span>
                    <button type="button" class="link-button" on:click=retry>
                        {t.retry}
                    </button>
                </p>
            }
        })
    };
    view! {
        {move || {
            count
                .get()
                .map(|count| {
                    view! { <h3 class="divider thread-count"><span>{t.count(&w.answers, count.into())}</span></h3> }
                })
        }}
        {failed}
        {move || {
            more.get()
                .then(|| {
                    view! {
                        <p class="edge needs-script">
                            <button
                                type="button"
                                class="link-button"
                                on:click=move |_| loading.ask(Part::Earlier)
                            >
                                {says}
                            </button>
                        </p>
                    }
                })
        }}
    }
}

/// Closes the thread with its view, and leads the focus back to the line that opened it.
fn leave_when_gone(view: &ConversationView, live: Live, root: Seq) {
    let id = view.id;
    let on_server = is_server();
    on_cleanup(move || {
        if on_server {
            return;
        }
        live.close_thread(id, root);
        request_animation_frame(move || {
            let active = document().active_element();
            let is_lost = active.is_none_or(|active| active.tag_name() == "BODY");
            if is_lost {
                crate::pages::group::focus_soon(line_id(root));
            }
        });
    });
}
