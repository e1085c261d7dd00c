//! What can be done with a conversation, in a dialog: beside its row or its header where there is
//! a mouse, at the lower edge of a touch screen.

use std::time::Duration;

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::{ConversationId, ConversationKind, ConversationSummary, Mute, Reported, Section};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::clear::Clear;
use super::stay::Stays;
use super::{From, Open, Organising, Part};
use crate::components::actions::sheet::{close, focus_is_lost, move_inside};
use crate::components::{Blocking, Foldering, Reporting, naming};
use crate::i18n::fill;
use crate::ui::{Glyph, Icon, Mounted, TimeStyle, local_text};

const HOUR_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The dialog, once for all conversations.
#[component]
pub fn ConversationMenu(
    /// What is being arranged.
    organising: Organising,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    show_when_open(organising, node);
    let open = Memo::new(move |_| organising.open.get());
    let closed = move |_| {
        let Some(Open { id, .. }) = organising.open.get_untracked() else {
            return;
        };
        organising.open.set(None);
        // The dialog gives the focus back to what opened it, where that can have it.
        if focus_is_lost(node) {
            focus_row(id);
        }
    };
    let beside = move |event: leptos::ev::MouseEvent| {
        let on_backdrop = event.target() == event.current_target();
        if on_backdrop && !organising.press.is_under_finger() {
            close(node);
        }
    };
    let label = move || {
        let name = open.get().map(|open| organising.title(open.id));
        let name = name.unwrap_or_default();
        fill(organising.t.organising().actions_of, &[("name", &name)])
    };
    view! {
        <dialog
            node_ref=node
            class="message-sheet conversation-menu"
            class:untouchable=move || organising.press.under_finger.get()
            aria-label=label
            data-testid="conversation-menu"
            on:close=closed
            on:click=beside
            on:keydown=move |event| move_inside(&event)
        >
            {move || open.get().map(|open| view! { <Inside open organising node /> })}
        </dialog>
    }
}

/// Opens the dialog once what belongs in it is there.
fn show_when_open(organising: Organising, node: NodeRef<Dialog>) {
    Effect::new(move |_| {
        if organising.open.get().is_none() {
            return;
        }
        let show = move || {
            let is_open = organising.open.try_get_untracked().flatten().is_some();
            if let Some(dialog) = node.get_untracked().filter(|_| is_open) {
                if !dialog.open() {
                    let _ = dialog.show_modal();
                }
                let _first = focus(".conversation-menu .sheet-list button");
            }
        };
        set_timeout(show, Duration::ZERO);
    });
}

/// Puts the focus on a row of the list, or near it where the row is not there any more.
pub(super) fn focus_row(id: ConversationId) {
    if !focus(&format!(".conversations a[href=\"/c/{id}\"]")) {
        let _found = focus(".conversations a[tabindex=\"0\"]") || focus(".filters input:checked");
    }
}

/// Whether there was something to put it on.
fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|found| found.focus().is_ok())
}

#[component]
fn Inside(open: Open, organising: Organising, node: NodeRef<Dialog>) -> impl IntoView {
    let Open { id, part, .. } = open;
    let name = organising.title(id);
    view! {
        <div class="sheet-body">
            <p class="sheet-what">
                <bdi>{name}</bdi>
            </p>
            {muted_line(organising, id)}
            {match part {
                Part::All => view! { <Deeds open organising node /> }.into_any(),
                Part::Mute => view! { <Times id organising node /> }.into_any(),
                Part::Stay => view! { <Stays id organising node /> }.into_any(),
                Part::Clear => view! { <Clear id organising node /> }.into_any(),
            }}
        </div>
    }
}

/// How it is muted, if it is.
fn muted_line(organising: Organising, id: ConversationId) -> Option<impl IntoView> {
    let o = organising.t.organising();
    let live = organising.live;
    let mute = live.preferences(id).mute;
    let text = match mute {
        _ if !mute.is_on(live.server_now()) => return None,
        Mute::Until(end) => {
            let time = local_text(end, TimeStyle::DateAndClock)();
            fill(o.muted_until, &[("time", &time)])
        }
        Mute::ExceptMentions => o.muted_mentions.to_owned(),
        Mute::Always | Mute::Off => o.muted.to_owned(),
    };
    Some(view! {
        <p class="sheet-what">
            <Icon glyph=Glyph::Muted />
            {text}
        </p>
    })
}

/// A line of the menu.
pub(super) fn line(glyph: Glyph, name: &'static str, run: impl Fn() + 'static) -> impl IntoView {
    view! {
        <li>
            <button type="button" on:click=move |_| run()>
                <Icon glyph />
                <span>{name}</span>
            </button>
        </li>
    }
}

#[component]
fn Deeds(open: Open, organising: Organising, node: NodeRef<Dialog>) -> impl IntoView {
    let Open { id, .. } = open;
    let o = organising.t.organising();
    let live = organising.live;
    let summary = live.conversation(id).summary.get_untracked();
    let now = live.server_now();
    let preferences = live.preferences(id);
    let is_unread = preferences.marked_unread || summary.as_ref().is_some_and(|it| it.unread > 0);
    let is_archived = summary
        .as_ref()
        .is_some_and(|it| it.section(now) == Section::Archive);
    // What is done leaves the menu.
    let deed = move |glyph, name, run: fn(Organising, ConversationId)| {
        line(glyph, name, move || {
            close(node);
            run(organising, id);
        })
    };
    let mark = if is_unread {
        deed(Glyph::Tick, o.mark_read, |it, id| it.live.mark_read(id))
    } else {
        deed(Glyph::Mark, o.mark_unread, |it, id| {
            it.arrange(id, protocol::Arrangement::MarkUnread(true));
        })
    };
    let favour = if preferences.favourite {
        o.take_favourite
    } else {
        o.add_favourite
    };
    let folder = folder_line(organising, id, node);
    let part = move |part| move || organising.open.set(Some(Open { part, ..open }));
    let stay = organising.t.disappearing().title;
    let stay = line(Glyph::Timer, stay, part(Part::Stay));
    let clear = organising.t.dismissing().clear;
    let clear = line(Glyph::Bin, clear, part(Part::Clear));
    let mute = if preferences.is_muted(now) {
        deed(Glyph::Bell, o.unmute, |it, id| it.mute(id, Mute::Off)).into_any()
    } else {
        line(Glyph::Muted, o.mute, part(Part::Mute)).into_any()
    };
    let archive = if organising.asks(id) {
        let delete = organising.t.requests().delete;
        deed(Glyph::Bin, delete, Organising::archive)
    } else if is_archived {
        deed(Glyph::Archive, o.unarchive, Organising::take_out)
    } else {
        deed(Glyph::Archive, o.archive, Organising::archive)
    };
    let block = summary.as_ref();
    let block = block.and_then(|summary| block_line(organising, summary, node));
    let report = summary.as_ref();
    let report = report.and_then(|summary| report_line(organising, summary, node));
    view! {
        <ul class="sheet-list">
            {mark} {deed(Glyph::Star, favour, Organising::favour)} {mute} {folder} {stay}
            {archive} {clear} {block} {report}
        </ul>
    }
}

/// Putting the conversation into a folder. What strangers ask is in none.
fn folder_line(
    organising: Organising,
    id: ConversationId,
    node: NodeRef<Dialog>,
) -> Option<impl IntoView + use<>> {
    let foldering = Foldering::current().filter(|_| !organising.asks(id))?;
    let label = organising.t.folders().menu;
    Some(line(Glyph::Folder, label, move || {
        close(node);
        foldering.ask(id, organising.title(id), move || focus_row(id));
    }))
}

/// Blocking whom the conversation is with, or no longer.
fn block_line(
    organising: Organising,
    summary: &ConversationSummary,
    node: NodeRef<Dialog>,
) -> Option<impl IntoView + use<>> {
    let blocking = Blocking::current()?;
    let partner = naming::partner(summary, organising.live.me())?;
    if partner.is_gone() {
        return None;
    }
    let (user, name) = (partner.id, organising.t.called(partner).to_owned());
    let b = organising.t.blocking();
    let is_blocked = untrack(|| blocking.is_blocked(user));
    let label = if is_blocked { b.unblock } else { b.block };
    Some(line(Glyph::Barred, label, move || {
        close(node);
        if is_blocked {
            blocking.unblock(user, name.clone());
        } else {
            blocking.ask(user, name.clone());
        }
    }))
}

/// Reporting whom the conversation is with.
fn report_line(
    organising: Organising,
    summary: &ConversationSummary,
    node: NodeRef<Dialog>,
) -> Option<impl IntoView + use<>> {
    let reporting = Reporting::current()?;
    let partner = naming::partner(summary, organising.live.me())?;
    if partner.is_gone() {
        return None;
    }
    let (id, user) = (summary.id, partner.id);
    let name = organising.t.called(partner).to_owned();
    let label = organising.t.requests().report;
    Some(line(Glyph::Alert, label, move || {
        close(node);
        let about = Reported::Person(user);
        reporting.ask((about, user), name.clone(), move || focus_row(id));
    }))
}

/// For how long it is to be silent.
#[component]
fn Times(id: ConversationId, organising: Organising, node: NodeRef<Dialog>) -> impl IntoView {
    let o = organising.t.organising();
    let summary = organising.live.conversation(id).summary;
    let is_group = summary.with_untracked(|it| {
        it.as_ref()
            .is_some_and(|it| it.kind == ConversationKind::Group)
    });
    let time = move |glyph, name, mute: fn(Organising) -> Mute| {
        line(glyph, name, move || {
            close(node);
            organising.mute(id, mute(organising));
        })
    };
    view! {
        <ul class="sheet-list">
            {time(Glyph::Clock, o.mute_hour, |it| it.until(HOUR_MS))}
            {time(Glyph::Clock, o.mute_day, |it| it.until(DAY_MS))}
            {time(Glyph::Muted, o.mute_always, |_| Mute::Always)}
            {is_group.then(|| time(Glyph::Note, o.mute_mentions, |_| Mute::ExceptMentions))}
        </ul>
    }
}

impl Organising {
    /// So long from now, by the server's clock.
    fn until(self, millis: u64) -> Mute {
        Mute::Until(self.live.server_now().plus_millis(millis))
    }
}

/// The button that opens the menu.
#[component]
pub fn MenuButton(
    /// Of which conversation.
    id: ConversationId,
    /// Where it stands.
    from: From,
    /// Where the tab key finds it.
    tabindex: &'static str,
    /// What it looks like.
    class: &'static str,
) -> impl IntoView {
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    Organising::current().map(|organising| {
        let name = move || {
            let summary = organising.live.conversation(id).summary;
            summary.track();
            let name = organising.title(id);
            let o = organising.t.organising();
            fill(o.actions_of, &[("name", &name)])
        };
        view! {
            <button
                type="button"
                class=class
                class:menu-anchor=move || organising.is_open(id, from)
                tabindex=tabindex
                hidden=move || !is_live()
                aria-haspopup="dialog"
                aria-label=name
                on:click=move |_| organising.open_menu(id, from)
            >
                <Icon glyph=Glyph::More />
            </button>
        }
    })
}
