//! The conversation list.

mod counts;
mod row;

use client::{Filter, ListRow};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use protocol::{ConversationId, Section};
use wasm_bindgen::JsCast;

use crate::components::actions::along;
use crate::components::organising::{From, MenuButton, NothingHere, Organising};
use crate::i18n::texts;
use crate::live::{ListItem, Live};
use crate::preferences::Preferences;
use crate::ui::{Glyph, Icon, IconSize, Mounted, Press, keep_focus};
use row::entry;

/// The list: one tab stop, arrow keys move inside. Without script every row is a tab stop.
#[component]
pub fn ConversationList(
    /// Everything live.
    live: Live,
    /// The conversation on screen.
    current: Signal<Option<ConversationId>>,
) -> impl IntoView {
    let t = texts();
    let o = t.organising();
    let list = live.list();
    let filter = Preferences::current().filter;
    let mounted = use_context::<Mounted>();
    let shown = Memo::new(move |_| shown(list, filter.get(), current.get()));
    // The row that last had the focus, else the one on screen, else the first.
    let focused = RwSignal::new(None);
    let tab_stop = Memo::new(move |_| {
        let wanted = [focused.get(), current.get()];
        shown.with(|Shown(rows)| {
            let there = |id: &ConversationId| rows.iter().any(|row| row.1.id == *id);
            let first = rows.first().map(|row| row.1.id);
            wanted.into_iter().flatten().find(there).or(first)
        })
    });
    let rows = Rows {
        live,
        current,
        focused,
        tab_stop,
        mounted,
    };
    let in_section =
        move |is_it: fn(Section) -> bool| Memo::new(move |_| shown.with(|it| it.of(is_it)));
    let favourites = in_section(|section| section == Section::Favourites);
    let others = in_section(|section| section != Section::Favourites);
    let is_empty = Memo::new(move |_| list.with(Vec::is_empty));
    let has_favourites = Memo::new(move |_| favourites.with(|Shown(rows)| !rows.is_empty()));
    let nothing = Memo::new(move |_| shown.with(|Shown(rows)| rows.is_empty()));
    view! {
        <nav
            class="conversations"
            aria-label=t.conversations_region
            on:keydown=move |event| move_focus(&event)
        >
            {move || is_empty.get().then(|| view! { <NoConversations /> })}
            {move || {
                (nothing.get() && !is_empty.get())
                    .then(|| view! { <NothingHere filter=filter.get() list /> })
            }}
            <div class="favourites" hidden=move || !has_favourites.get()>
                <h2 class="list-heading">
                    <Icon glyph=Glyph::Star size=IconSize::Small />
                    {o.favourites}
                </h2>
                <Part rows items=favourites />
                <h2 class="list-heading hidden-text">{o.elsewhere}</h2>
            </div>
            <Part rows items=others />
        </nav>
    }
}

/// Rows of the list, with where each stands. Two are the same if they are of the same
/// conversations.
#[derive(Clone)]
struct Shown(Vec<(Section, ListItem)>);

impl Shown {
    fn of(&self, is_it: fn(Section) -> bool) -> Self {
        let rows = self.0.iter().filter(|row| is_it(row.0));
        Self(rows.cloned().collect())
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let place = |row: &(Section, ListItem)| (row.0, row.1.id);
        let (ours, theirs) = (self.0.iter().map(place), other.0.iter().map(place));
        ours.eq(theirs)
    }
}

/// The rows that a filter leaves. What is on screen stays where it is: it was unread a moment
/// ago.
fn shown(list: Signal<Vec<ListItem>>, filter: Filter, current: Option<ConversationId>) -> Shown {
    list.with(|rows| {
        let rows = rows.iter().filter_map(|item| {
            let kept = filter == Filter::Unread && current == Some(item.id);
            item.row.with(|row| {
                let is_listed = row.section < Section::Archive;
                let is_shown = filter.shows(row) || kept && is_listed;
                is_shown.then(|| (row.section, item.clone()))
            })
        });
        Shown(rows.collect())
    })
}

#[component]
fn NoConversations() -> impl IntoView {
    let t = texts();
    view! {
        <div class="empty">
            <h2>{t.no_conversations}</h2>
            <p>{t.no_conversations_hint}</p>
            <a class="btn btn-primary" href="/new">
                {t.new_chat}
            </a>
        </div>
    }
}

/// What all rows share.
#[derive(Clone, Copy)]
struct Rows {
    live: Live,
    current: Signal<Option<ConversationId>>,
    focused: RwSignal<Option<ConversationId>>,
    tab_stop: Memo<Option<ConversationId>>,
    mounted: Option<Mounted>,
}

impl Rows {
    fn tabindex(self, id: ConversationId) -> &'static str {
        let is_roving = self.mounted.is_some_and(|mounted| mounted.0.get());
        if !is_roving || self.tab_stop.get() == Some(id) {
            "0"
        } else {
            "-1"
        }
    }
}

/// A part of the list.
#[component]
fn Part(rows: Rows, items: Memo<Shown>) -> impl IntoView {
    let on_server = is_server();
    let in_order = move || {
        // A row that is moved loses the focus.
        if !on_server {
            keep_focus(".conversations", &[".conversations a[tabindex=\"0\"]"]);
        }
        items.get().0
    };
    let is_empty = move || items.with(|Shown(rows)| rows.is_empty());
    view! {
        <ul hidden=is_empty>
            <For each=in_order key=|(_, item)| item.id let((_, item))>
                <ListEntry item rows />
            </For>
        </ul>
    }
}

/// One row. Its name is what is read: who, what they said, what is new, and then the time.
#[component]
fn ListEntry(item: ListItem, rows: Rows) -> impl IntoView {
    let ListItem { id, row } = item;
    let live = rows.live;
    let is_current = move || (rows.current.get() == Some(id)).then_some("page");
    let class = {
        let row = row.clone();
        move || {
            if row.with(ListRow::is_unread) {
                "conversation conversation-unread"
            } else {
                "conversation"
            }
        }
    };
    let organising = Organising::current();
    let hand = organising.map(Organising::press);
    let menu = move |event: leptos::ev::MouseEvent| {
        if let Some(organising) = organising {
            event.prevent_default();
            organising.open_menu(id, From::Row);
        }
    };
    let clicked = move |event: leptos::ev::MouseEvent| {
        // The finger has opened the menu.
        if hand.is_some_and(Press::is_under_finger) {
            event.prevent_default();
        }
    };
    view! {
        <li class="conversation-item">
            <a
                class=class
                href=format!("/c/{id}")
                aria-current=is_current
                on:focus=move |_| rows.focused.set(Some(id))
                on:contextmenu=menu
                on:click=clicked
                on:keydown=move |event| {
                    let _ = organising.is_some_and(|it| it.menu_key(&event, id));
                }
                on:pointerdown=move |event| {
                    if let Some(organising) = organising {
                        organising.touched(&event, id);
                    }
                }
                on:pointermove=move |event| {
                    if let Some(hand) = hand {
                        hand.moved(&event);
                    }
                }
                on:pointerup=move |_| lift(hand)
                on:pointercancel=move |_| lift(hand)
                tabindex=move || rows.tabindex(id)
            >
                {move || row.with(|row| entry(row, live).into_any())}
            </a>
            <MenuButton
                id
                from=From::Row
                class="tool row-more"
                tabindex="-1"
            />
        </li>
    }
}

fn lift(hand: Option<Press>) {
    if let Some(hand) = hand {
        hand.up();
    }
}

/// Arrow keys, Home and End move the focus along the rows, from one part into the next, and to the
/// button of a row and back.
fn move_focus(event: &KeyboardEvent) {
    if crate::keys::is_composing(event) || event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let links = document().query_selector_all(".conversations .conversation-item > a");
    let (Ok(links), Some(row)) = (links, row_of(event)) else {
        return;
    };
    let links: Vec<web_sys::HtmlElement> = (0..links.length())
        .filter_map(|at| links.item(at)?.dyn_into().ok())
        .collect();
    let at = links.iter().position(|link| {
        let link: &web_sys::Element = link;
        row.first_element_child().as_ref() == Some(link)
    });
    let Some(at) = at else {
        return;
    };
    if let Some(to_button) = along(&event.key()) {
        event.prevent_default();
        let button = row.last_element_child().filter(|_| to_button);
        let button = button.and_then(|button| button.dyn_into().ok());
        if let Some(target) = button.or_else(|| links.get(at).cloned()) {
            let _ = target.focus();
        }
        return;
    }
    let to = match event.key().as_str() {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => links.len().saturating_sub(1),
        _ => return,
    };
    event.prevent_default();
    if let Some(link) = links.get(to) {
        let _ = link.focus();
    }
}

fn row_of(event: &KeyboardEvent) -> Option<web_sys::Element> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(".conversation-item").ok().flatten()
}
