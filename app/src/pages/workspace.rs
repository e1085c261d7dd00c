//! The frame of all signed-in pages: the conversation list beside one pane.

pub mod session;
pub mod sidebar;
pub mod switcher;

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::{Outlet, Redirect};
use leptos_router::hooks::use_location;
use protocol::{ConversationId, ErrorCode, Person};
use wasm_bindgen::JsCast;

use crate::api::ApiError;
use crate::api::conversations::load_start;
use crate::api::loading::load;
use crate::components::permalink::AT;
use crate::components::{
    Announcer, BlockQuestion, Blocking, COMPOSER_ID, ConnectionStrip, ConversationMenu,
    DueReminders, FolderDialog, Foldering, Later, Layers, OnScreen, Organising, RemindDialog,
    Reminding, ReportDialog, Reporting, SEARCH, Speaker, Spoken, SpokenLine, Trail, UndoStrip,
    conversation_in, dialog_is_open, make_room_for_keyboard, tell_not_dismissed, tell_not_saved,
    tell_trifles, thread_in,
};
use crate::i18n::texts;
use crate::keys::shortcut;
use crate::live::Live;
use crate::pages::conversation::FirstPage;
use crate::pages::entry::with_next;
use crate::pages::search::{LastSearch, SEARCH_FIELD};
use crate::pages::system::explain;
use crate::ui::{PageTitle, media_holds};
pub use session::Session;
use sidebar::{Sidebar, is_home};
use switcher::{Door, Switcher};

/// The id of the pane.
const CONTENT_ID: &str = "content";
/// The row of the list where the tab key stops.
const FIRST_ROW: &str = ".conversations a[tabindex=\"0\"]";

/// The frame. It asks who is signed in once per load of the page.
#[component]
pub fn Workspace() -> impl IntoView {
    let session = Session::current();
    match session.known() {
        Some((me, live)) => view! { <Frame me live /> }.into_any(),
        None => first_load(session).into_any(),
    }
}

/// Both questions are asked here, beside each other, and not where the answers are shown: what
/// is inside a `Suspense` is made several times on the server.
fn first_load(session: Session) -> impl IntoView {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let query = location.query.get_untracked();
    let start = load(|| (), |()| load_start());
    let at = query.get(AT).unwrap_or_default();
    let first = FirstPage::provide(conversation_in(&path), at, thread_in(&path));
    let here = path + &query.to_query_string();
    view! {
        <Suspense fallback=|| {
            view! { <Boot /> }
        }>
            {Suspend::new(async move {
                match start.await {
                    Ok(start) => {
                        let me = start.me.clone();
                        let live = session.begin(start);
                        first.take(live).await;
                        view! { <Frame me live /> }.into_any()
                    }
                    Err(error) => view! { <NotLoaded error here /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Nobody is signed in, or the list cannot be had.
#[component]
fn NotLoaded(error: ApiError, here: String) -> impl IntoView {
    let t = texts();
    if error.code == ErrorCode::Unauthenticated {
        return view! { <Redirect path=with_next("/login", &here) /> }.into_any();
    }
    view! {
        <Title text="BaatCheet" />
        <main class="message-page">
            <h1>{t.list_failed}</h1>
            <p>{explain(t, &error)}</p>
            <a href=here rel="external" class="btn btn-primary">
                {t.retry}
            </a>
        </main>
    }
    .into_any()
}

/// The frame before it is known who is signed in.
#[component]
fn Boot() -> impl IntoView {
    const ROWS: usize = 6;
    let t = texts();
    let row = |_| {
        view! {
            <div class="placeholder-row">
                <span></span>
                <span></span>
            </div>
        }
    };
    view! {
        <div class="workspace show-list" aria-busy="true">
            <div class="sidebar">
                <div class="bar">
                    <p class="bar-title wordmark">"BaatCheet"</p>
                </div>
                <p class="hidden-text">{t.loading}</p>
                <div class="late">{(0..ROWS).map(row).collect_view()}</div>
            </div>
            <main class="pane"></main>
        </div>
    }
}

/// Whether the conversation in the address turned out to be none that one can write in.
#[derive(Clone, Copy)]
pub(super) struct NoComposer(RwSignal<bool>);

impl NoComposer {
    /// Says so while the caller's view lives.
    pub(super) fn say() {
        if let Some(Self(no_composer)) = use_context() {
            Effect::new(move |_| {
                no_composer.set(true);
                on_cleanup(move || {
                    no_composer.try_set(false);
                });
            });
        }
    }
}

/// List, pane and what belongs to neither.
#[component]
fn Frame(me: Person, live: Live) -> impl IntoView {
    let t = texts();
    let path = use_location().pathname;
    let current = Memo::new(move |_| path.with(|path| conversation_in(path)));
    let layers = Layers::provide();
    let trail = Trail::provide();
    LastSearch::provide();
    search_with_shortcut(current);
    Speaker::provide();
    let spoken = Spoken::provide();
    tell_trifles(live, spoken);
    tell_not_saved(live, spoken);
    tell_not_dismissed(live, spoken);
    Later::provide(live);
    let reminding = Reminding::provide(live);
    let organising = Organising::provide(live);
    let foldering = Foldering::provide(live);
    let blocking = Blocking::provide(live);
    let reporting = Reporting::provide();
    let door = Door::provide();
    provide_context(OnScreen(current.into()));
    let no_composer = NoComposer(RwSignal::new(false));
    provide_context(no_composer);
    make_room_for_keyboard();
    close_with_escape(layers, trail, path);
    Effect::new(move |_| {
        if current.get().is_none() {
            live.open(None);
        }
    });
    follow_focus(trail, path);
    let class = move || {
        if is_home(path) {
            "workspace show-list"
        } else {
            "workspace show-pane"
        }
    };
    view! {
        <SkipLink current no_composer />
        <div class=class>
            <DueReminders reminding />
            <Sidebar me live path current />
            <ConnectionStrip />
            <div
                class="pane"
                id=CONTENT_ID
                tabindex="-1"
                role=move || if is_home(path) { "region" } else { "main" }
                aria-label=move || is_home(path).then_some(t.pick_conversation)
            >
                <Outlet />
            </div>
            <SpokenLine />
        </div>
        <ConversationMenu organising />
        <UndoStrip organising />
        <FolderDialog foldering />
        <RemindDialog reminding />
        <BlockQuestion blocking />
        <ReportDialog reporting />
        <Switcher door live current />
        <Announcer />
    }
}

/// The first stop: to where one writes, or to what one came for.
#[component]
fn SkipLink(current: Memo<Option<ConversationId>>, no_composer: NoComposer) -> impl IntoView {
    let t = texts();
    let target = move || {
        if current.get().is_some() && !no_composer.0.get() {
            (COMPOSER_ID, t.skip_to_composer)
        } else {
            (CONTENT_ID, t.skip_to_content)
        }
    };
    // The router would follow the link without moving the focus.
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let target = format!("#{}", target().0);
        let pane = format!("#{CONTENT_ID}");
        focus_first(&[&target, &pane, FIRST_ROW]);
    };
    view! {
        <a class="skip-link" href=move || format!("#{}", target().0) on:click=skip>
            {move || target().1}
        </a>
    }
}

/// Ctrl+Shift+F searches the conversation on screen, or all.
fn search_with_shortcut(current: Memo<Option<ConversationId>>) {
    let navigate = leptos_router::hooks::use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if !event.shift_key() || shortcut(&event) != Some('f') || dialog_is_open() {
                return;
            }
            event.prevent_default();
            // Whoever is there already goes to the field.
            if focus_first(&[SEARCH_FIELD]) {
                return;
            }
            let address = match current.get_untracked() {
                Some(id) => format!("{SEARCH}?in={id}"),
                None => SEARCH.to_owned(),
            };
            navigate(&address, leptos_router::NavigateOptions::default());
        });
        on_cleanup(move || listener.remove());
    });
}

/// On a narrow screen Esc closes the pane, last of all.
fn close_with_escape(layers: Layers, trail: Trail, path: Memo<String>) {
    let navigate = leptos_router::hooks::use_navigate();
    layers.push(move || {
        let is_compact = media_holds("(width < 768px)");
        if !is_compact || path.with_untracked(|path| path == "/") {
            return false;
        }
        if !trail.back_to_list() {
            navigate("/", leptos_router::NavigateOptions::default());
        }
        true
    });
}

/// The focus goes along with the reader: when what had it is gone, it goes to the new page, there
/// to what led to the page that was left, and in the list to the row that was left.
fn follow_focus(trail: Trail, path: Memo<String>) {
    Effect::new(move |was: Option<()>| {
        let now = path.get();
        let before = trail.step(&now);
        if was.is_some() {
            // The new page is there, and has had its own say.
            set_timeout(
                move || {
                    let active = document().active_element();
                    let is_gone = |active: web_sys::Element| {
                        let place = active.get_bounding_client_rect();
                        active.tag_name() == "BODY" || place.width() + place.height() == 0.0
                    };
                    if active.is_none_or(is_gone) {
                        let left = before.unwrap_or_default();
                        let row = format!(".conversations a[href=\"{left}\"]");
                        let pane = format!("#{CONTENT_ID}");
                        let link = format!("{pane} a[href=\"{left}\"]");
                        if now == "/" {
                            focus_first(&[&row, FIRST_ROW, &pane]);
                        } else {
                            focus_first(&[&link, &pane]);
                        }
                    }
                },
                Duration::ZERO,
            );
        }
    });
}

/// Puts the focus on what the first of these finds that is on the screen. Whether there is any.
fn focus_first(selectors: &[&str]) -> bool {
    let found = selectors.iter().find_map(|selector| {
        let element = document().query_selector(selector).ok().flatten()?;
        let element = element.dyn_into::<web_sys::HtmlElement>().ok()?;
        element.offset_parent().is_some().then_some(element)
    });
    found.is_some_and(|element| element.focus().is_ok())
}

/// The title of the document: what is new, where, and in what.
#[must_use]
pub fn document_title(unread: u32, name: &str) -> String {
    let count = match unread {
        0 => String::new(),
        count => format!("({}) ", crate::format::capped(count)),
    };
    let place = match name {
        "" => "BaatCheet".to_owned(),
        name => format!("{name} · BaatCheet"),
    };
    count + &place
}

/// No conversation is chosen. A narrow screen shows the list instead.
#[component]
pub fn Home() -> impl IntoView {
    let t = texts();
    let unread = Live::current().map(|live| live.unread());
    let title = move || document_title(unread.map_or(0, |unread| unread.get()), "");
    view! {
        <PageTitle text=title />
        <div class="empty">
            <h2>{t.pick_conversation}</h2>
            <p>{t.pick_conversation_hint}</p>
            <a class="btn btn-primary" href="/new">
                {t.new_chat}
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_what_is_new_and_where() {
        assert_eq!(document_title(0, ""), "BaatCheet");
        assert_eq!(document_title(3, ""), "(3) BaatCheet");
        assert_eq!(document_title(3, "Ayesha"), "(3) Ayesha · BaatCheet");
        assert_eq!(document_title(1_000, "A"), "(999+) A · BaatCheet");
    }
}
