//! The conversation list.

mod counts;

use client::{DayLabel, Delivery, ListRow};
use leptos::ev::KeyboardEvent;
use leptos::html::Ul;
use leptos::prelude::*;
use protocol::{Content, ConversationId, ConversationKind, Message, Presence, Timestamp};
use wasm_bindgen::JsCast;

use crate::components::naming;
use crate::components::notice::Teller;
use crate::format::excerpt;
use crate::i18n::{Texts, has_rtl, texts};
use crate::live::{ListItem, Live, heading};
use crate::ui::{Avatar, Clock, Glyph, Icon, IconSize, Mounted, TimeStyle, keep_focus, local_day};

/// How much of a message a row can show at most.
const PREVIEW_CHARS: usize = 80;

/// The list: one tab stop, arrow keys move inside. Without script every row is a tab stop.
#[component]
pub fn ConversationList(
    /// Everything live.
    live: Live,
    /// The conversation on screen.
    current: Signal<Option<ConversationId>>,
) -> impl IntoView {
    let t = texts();
    let list = live.list();
    let mounted = use_context::<Mounted>();
    let node = NodeRef::<Ul>::new();
    // The row that last had the focus, else the one on screen, else the first.
    let focused = RwSignal::new(None);
    let tab_stop = Memo::new(move |_| {
        let wanted = [focused.get(), current.get()];
        list.with(|rows| {
            let there = |id: &ConversationId| rows.iter().any(|row| row.id == *id);
            let first = rows.first().map(|row| row.id);
            wanted.into_iter().flatten().find(there).or(first)
        })
    });
    let is_tab_stop = move |id: ConversationId| {
        !mounted.is_some_and(|mounted| mounted.0.get()) || tab_stop.get() == Some(id)
    };
    let on_server = is_server();
    let in_order = move || {
        // A row that is moved loses the focus.
        if !on_server {
            keep_focus(".conversations", &[".conversations a[tabindex=\"0\"]"]);
        }
        list.get()
    };
    view! {
        <nav class="conversations" aria-label=t.conversations_region on:keydown=move |event| move_focus(&event)>
            <Show
                when=move || list.with(|rows| !rows.is_empty())
                fallback=move || {
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
            >
                <ul node_ref=node>
                    <For each=in_order key=|item| item.id let(item)>
                        <ListEntry item live current focused is_tab_stop />
                    </For>
                </ul>
            </Show>
        </nav>
    }
}

/// One row. Its name is what is read: who, what they said, what is new, and then the time.
#[component]
fn ListEntry(
    item: ListItem,
    live: Live,
    current: Signal<Option<ConversationId>>,
    focused: RwSignal<Option<ConversationId>>,
    is_tab_stop: impl Fn(ConversationId) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let ListItem { id, row } = item;
    let is_current = move || (current.get() == Some(id)).then_some("page");
    let class = {
        let row = row.clone();
        move || {
            if row.with(|row| row.summary.unread > 0) {
                "conversation conversation-unread"
            } else {
                "conversation"
            }
        }
    };
    view! {
        <li>
            <a
                class=class
                href=format!("/c/{id}")
                aria-current=is_current
                on:focus=move |_| focused.set(Some(id))
                tabindex=move || if is_tab_stop(id) { "0" } else { "-1" }
            >
                {move || row.with(|row| entry(row, live).into_any())}
            </a>
        </li>
    }
}

fn entry(row: &ListRow, live: Live) -> impl IntoView + use<> {
    let t = texts();
    let me = live.me();
    let title = naming::title(&row.summary, me, t);
    let title_class = if has_rtl(&title) {
        "conversation-name nastaliq"
    } else {
        "conversation-name"
    };
    let presence = naming::partner(&row.summary, me).map(|person| live.presence(person.id));
    view! {
        <Avatar
            id=naming::face(&row.summary, me)
            name=title.clone()
            shape=naming::shape(&row.summary)
        />
        <span class="conversation-text">
            <span class=title_class>
                <bdi>{title}</bdi>
                {move || {
                    let online = presence.is_some_and(|p| p.get() == Some(Presence::Online));
                    online
                        .then(|| {
                            view! {
                                <span class="nuqta nuqta-full" aria-hidden="true"></span>
                                <span class="hidden-text">" " {t.online}</span>
                            }
                        })
                }}
            </span>
            {preview(row, live)}
        </span>
        <span class="conversation-side">
            {counts::counts(&row.summary)}
            {row.summary.last_message.as_ref().map(|message| view! { <When at=message.sent_at live /> })}
        </span>
    }
}

/// How far the newest message of one's own is, where that is worth a mark.
fn state_mark(delivery: Delivery, t: &'static Texts) -> Option<impl IntoView + use<>> {
    let (glyph, text, class) = match delivery {
        Delivery::Failed { .. } => (Glyph::Alert, t.not_sent, "danger"),
        Delivery::Sending => (Glyph::Clock, t.sending, ""),
        Delivery::Read => (Glyph::Ticks, t.read, ""),
        Delivery::Sent => return None,
    };
    Some(view! {
        <span class=class>
            <Icon glyph size=IconSize::Small />
            <span class="hidden-text">{text} " "</span>
        </span>
    })
}

/// The last words, or what is being written. Who and what are isolated from each other, so
/// that neither turns the other around.
fn preview(row: &ListRow, live: Live) -> impl IntoView + use<> {
    let t = texts();
    let (label, class, text) = if let Some(draft) = &row.draft {
        (
            Some(t.draft.to_owned()),
            "draft-label",
            naming::line(&draft.text, PREVIEW_CHARS),
        )
    } else if let Some(unsent) = &row.unsent {
        let label = Some(t.you_prefix.to_owned());
        (
            label,
            "conversation-label",
            naming::line(unsent, PREVIEW_CHARS),
        )
    } else if let Some(message) = &row.summary.last_message {
        let (label, text) = last_words(row, message, live);
        (label, "conversation-label", text)
    } else {
        (None, "", String::new())
    };
    let line = if has_rtl(&text) {
        "conversation-last nastaliq"
    } else {
        "conversation-last"
    };
    let mark = if row.draft.is_some() {
        None
    } else {
        row.delivery
    };
    view! {
        <span class=line>
            {mark.and_then(|delivery| state_mark(delivery, t))}
            {label
                .map(|label| {
                    view! {
                        <span class=class>
                            <bdi>{label}</bdi>
                        </span>
                        " "
                    }
                })}
            <bdi>{text}</bdi>
        </span>
    }
}

/// Who said what last, or what happened: a notice says itself who did it.
fn last_words(row: &ListRow, message: &Message, live: Live) -> (Option<String>, String) {
    let t = texts();
    let me = live.me();
    if let Content::Notice(notice) = &message.content {
        let teller = Teller {
            t,
            me,
            name_of: &|user| live.name(user),
        };
        let told = teller.notice(message.author, notice);
        return (None, excerpt(&told, PREVIEW_CHARS));
    }
    let text = naming::line_of(&message.content, t, PREVIEW_CHARS);
    let label = match row.summary.kind {
        ConversationKind::Notes => None,
        _ if message.author == me => Some(t.you_prefix.to_owned()),
        ConversationKind::Direct => None,
        ConversationKind::Group => live.name(message.author).map(|name| format!("{name}:")),
    };
    (label, text)
}

/// The time of day for today, then the weekday, then the date.
#[component]
fn When(at: Timestamp, live: Live) -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    move || {
        let in_browser = mounted.is_some_and(|mounted| mounted.0.get());
        match heading(local_day(at, in_browser), live.today().get()) {
            DayLabel::Today => view! { <Clock at style=TimeStyle::Clock /> }.into_any(),
            DayLabel::Yesterday => t.yesterday.into_any(),
            DayLabel::Weekday => view! { <Clock at style=TimeStyle::Weekday /> }.into_any(),
            DayLabel::Date => view! { <Clock at style=TimeStyle::ShortDate /> }.into_any(),
        }
    }
}

/// Arrow keys, Home and End move the focus along the rows.
fn move_focus(event: &KeyboardEvent) {
    if crate::keys::is_composing(event) || event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let Some(row) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("li").ok().flatten())
    else {
        return;
    };
    let target = match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        "Home" => row
            .parent_element()
            .and_then(|list| list.first_element_child()),
        "End" => row
            .parent_element()
            .and_then(|list| list.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    let link = target
        .and_then(|row| row.first_element_child())
        .and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(link) = link {
        let _ = link.focus();
    }
}
