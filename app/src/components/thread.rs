//! The messages of a conversation. No live region: the announcer speaks.

pub mod edge;
pub mod further;
mod mentioned;

use client::{Attention, DayLabel, Newer, RowKey};
use leptos::prelude::*;
use protocol::{ConversationKind, Seq, Timestamp, UserId};

use crate::components::actions::{
    Actions, AskDelete, MessageSheet, about_message, controls_key, dismissed_line, follow_jump,
    forward_dialog, press, tab_stop,
};
use crate::components::composer::focus_composer;
use crate::components::layers::Layers;
use crate::components::message::MessageRow;
use crate::components::naming;
use crate::components::notice::NoticeRow;
use crate::components::scroller::{Scroller, watch_tab};
use crate::i18n::texts;
use crate::live::{ConversationView, Live, LiveItem, RowView, heading};
use crate::ui::{Glyph, Icon, TimeStyle, has_fine_pointer, keep_focus, local_text};
use edge::OlderEdge;
use further::{NewerEdge, NotThere};
use mentioned::next_mention;

/// The column, its pill, and what they report of the reader.
#[component]
pub fn Thread(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// Where the reader is.
    scroller: Scroller,
    /// What is being done.
    actions: Actions,
    /// Whether something lies over the messages, so that nobody sees them.
    covered: Signal<bool>,
) -> impl IntoView {
    let t = texts();
    scroller.start();
    follow_jump(actions);
    let stop = tab_stop(actions);
    attend(live, &view, scroller, covered);
    leave_with_escape(live, &view, scroller);
    stop_selecting_with_escape(actions);
    let fresh = count_fresh(live, &view, scroller);
    let in_group = is_group(&view);
    let label = {
        let summary = view.summary.clone();
        Memo::new(move |_| {
            summary.with(|summary| {
                let summary = summary.as_ref();
                summary.map_or_else(String::new, |it| naming::region(it, live.me(), t))
            })
        })
    };
    view! {
        <div class="thread-host">
            <section
                class="thread"
                class:thread-selecting=move || actions.selection.is_on()
                node_ref=scroller.frame
                // A message is the stop, where there is any.
                tabindex=move || if stop.with(Option::is_some) { "-1" } else { "0" }
                aria-label=move || label.get()
                on:scroll=move |_| {
                    scroller.scrolled();
                    actions.pointed_elsewhere();
                }
                on:keydown=move |event| controls_key(&event, actions)
            >
                <div class="thread-body">
                    <h2 class="hidden-text">{move || label.get()}</h2>
                    <OlderEdge view=view.clone() live scroller />
                    <Rows in_group live scroller actions stop />
                    <NewerEdge view=view.clone() live scroller />
                </div>
            </section>
            <NotThere view />
            <div class="pill-place">
                {next_mention(actions, scroller)}
                <Pill scroller fresh />
            </div>
            <MessageSheet actions />
            <AskDelete actions />
            {dismissed_line(actions)}
            {about_message(actions)}
            {forward_dialog(actions)}
        </div>
    }
}

/// The column itself, and what pointers and the focus do in it.
#[component]
fn Rows(
    in_group: bool,
    live: Live,
    scroller: Scroller,
    actions: Actions,
    stop: Memo<Option<RowKey>>,
) -> impl IntoView {
    let hand = actions.press;
    let on_server = is_server();
    let in_order = move || {
        // A row that is moved loses the focus.
        if !on_server {
            keep_focus(".thread", &[".thread"]);
        }
        scroller.shown.get()
    };
    view! {
        <ol
            node_ref=scroller.list
            on:focusin=move |event| actions.focus_came(&event)
            on:focusout=move |_| actions.focus_left()
            on:pointermove=move |event| {
                actions.pointed(&event);
                hand.moved(&event);
            }
            on:pointerleave=move |_| actions.pointed_elsewhere()
            on:pointerdown=move |event| press(&event, actions)
            on:pointerup=move |_| hand.up()
            on:pointercancel=move |_| hand.up()
            on:contextmenu=move |event| hand.menu(&event)
            on:click=move |event| actions.clicked(&event)
        >
            <For each=in_order key=LiveItem::key let(item)>
                {entry(item, in_group, live, scroller, actions, stop)}
            </For>
        </ol>
    }
}

fn entry(
    item: LiveItem,
    in_group: bool,
    live: Live,
    scroller: Scroller,
    actions: Actions,
    stop: Memo<Option<RowKey>>,
) -> AnyView {
    match item {
        LiveItem::Day { day, at } => view! { <Day day at live /> }.into_any(),
        LiveItem::UnreadDivider => {
            let t = texts();
            view! {
                <li class="divider" data-testid="unread-divider">
                    <span>{t.new_messages}</span>
                </li>
            }
            .into_any()
        }
        LiveItem::Message { key, view } => {
            view! { <MessageRow key view in_group live scroller actions stop /> }.into_any()
        }
        LiveItem::Notice { key, view } => view! { <NoticeRow key view live /> }.into_any(),
    }
}

/// The heading of a day. It changes its words at midnight.
#[component]
pub(super) fn Day(
    /// Its number, see [`Live::today`].
    day: i64,
    /// A moment in it.
    at: Timestamp,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let today = live.today();
    let weekday = local_text(at, TimeStyle::Weekday);
    let date = local_text(at, TimeStyle::Date);
    view! {
        <li class="day">
            <h3>
                {move || match heading(day, today.get()) {
                    DayLabel::Today => t.today.to_owned(),
                    DayLabel::Yesterday => t.yesterday.to_owned(),
                    DayLabel::Weekday => weekday(),
                    DayLabel::Date => date(),
                }}
            </h3>
        </li>
    }
}

/// What the button to the newest message says, if it is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Jump {
    /// So many came while the reader was elsewhere.
    New(u32),
    /// The newest message is far away.
    Latest,
}

fn jump(at_end: bool, far: bool, fresh: u32) -> Option<Jump> {
    match (at_end, far, fresh) {
        (true, ..) => None,
        (false, _, 1..) => Some(Jump::New(fresh)),
        (false, far, 0) => far.then_some(Jump::Latest),
    }
}

/// The way to the newest message.
#[component]
fn Pill(scroller: Scroller, fresh: Signal<u32>) -> impl IntoView {
    let t = texts();
    // Without a script it would lead nowhere.
    let jump = Memo::new(move |_| {
        let looked = scroller.looked.get();
        looked
            .then(|| jump(scroller.at_end.get(), scroller.far.get(), fresh.get()))
            .flatten()
    });
    let go = move |_| {
        scroller.to_end();
        // The button goes away and must not take the focus with it.
        if has_fine_pointer() {
            focus_composer();
        } else {
            scroller.focus();
        }
    };
    move || {
        jump.get().map(|jump| {
            let (class, text) = match jump {
                Jump::New(count) => ("pill pill-new", t.count(&t.new_count, count.into())),
                Jump::Latest => ("pill", t.jump_to_latest.to_owned()),
            };
            view! {
                <button type="button" class=class data-testid="jump" on:click=go>
                    <Icon glyph=Glyph::Down />
                    <span>{text}</span>
                </button>
            }
        })
    }
}

/// Messages of others that came since the reader was last at the end, or that were unread when
/// the conversation was opened.
fn count_fresh(live: Live, view: &ConversationView, scroller: Scroller) -> Signal<u32> {
    let me = live.me();
    let read = view
        .summary
        .with_untracked(|summary| summary.as_ref().map(|summary| summary.read_seq));
    let seen = RwSignal::new(read.unwrap_or_default());
    let (newest, items) = (view.newest.clone(), view.items.clone());
    Effect::new(move |_| {
        if scroller.at_end.get() {
            seen.set(newest.get());
        }
    });
    let (id, rows, newer) = (view.id, view.rows.clone(), view.newer.clone());
    let fresh = Memo::new(move |_| {
        let seen = seen.get();
        if newer.get() != Newer::AtNewest {
            rows.track();
            return live.fresh(id, seen);
        }
        items.with(|items| {
            let rows = items.iter().rev().filter_map(|item| match item {
                LiveItem::Message { view, .. } => Some(view),
                _ => None,
            });
            let places = rows.map(|view| view.with_untracked(|view| place(view, me)));
            fresh(places, seen)
        })
    });
    fresh.into()
}

/// Where a row stands, and whether somebody else wrote it.
fn place(view: &RowView, me: UserId) -> (Option<Seq>, bool) {
    (view.row.seq, view.row.key.author != me)
}

/// How many rows of others follow a place; from the newest row on.
fn fresh(rows: impl Iterator<Item = (Option<Seq>, bool)>, seen: Seq) -> u32 {
    let count = rows
        .take_while(|(seq, _)| seq.is_none_or(|seq| seq > seen))
        .filter(|(seq, others)| seq.is_some() && *others)
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Reports what the reader sees.
fn attend(live: Live, view: &ConversationView, scroller: Scroller, covered: Signal<bool>) {
    let id = view.id;
    let newest = view.newest.clone();
    let tab = RwSignal::new((false, false));
    watch_tab(move |visible, focused| tab.set((visible, focused)));
    Effect::new(move |_| {
        newest.track();
        let (visible, focused) = tab.get();
        live.attend(
            id,
            Attention {
                visible,
                focused,
                // What is covered keeps its place, so it may be at its end all the same.
                at_end: scroller.at_end.get() && !covered.get(),
            },
        );
    });
    let on_server = is_server();
    on_cleanup(move || {
        if !on_server {
            let nothing = Attention {
                visible: false,
                focused: false,
                at_end: false,
            };
            live.attend(id, nothing);
        }
    });
    // Away and back to the end: the divider has served its purpose.
    Effect::new(move |was: Option<bool>| {
        let at_end = scroller.at_end.get();
        if at_end && was == Some(false) && scroller.has_been_away() {
            live.clear_divider(id);
        }
        at_end
    });
}

/// Esc goes to the newest message and takes the divider away.
fn leave_with_escape(live: Live, view: &ConversationView, scroller: Scroller) {
    let id = view.id;
    if let Some(layers) = Layers::current() {
        layers.push(move || {
            if scroller.nothing_to_leave() {
                return false;
            }
            scroller.to_end();
            live.clear_divider(id);
            true
        });
    }
}

/// Esc ends selecting, before it goes anywhere.
fn stop_selecting_with_escape(actions: Actions) {
    if let Some(layers) = Layers::current() {
        layers.push(move || actions.stop_selecting());
    }
}

/// Whether authors are to be told apart. What a conversation is never changes.
fn is_group(view: &ConversationView) -> bool {
    view.summary.with_untracked(|summary| {
        let kind = summary.as_ref().map(|summary| summary.kind);
        kind == Some(ConversationKind::Group)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pill_counts_what_came_and_is_gone_at_the_end() {
        for ((at_end, far, fresh), expected) in [
            ((true, false, 0), None),
            ((true, true, 3), None),
            ((false, false, 0), None),
            ((false, true, 0), Some(Jump::Latest)),
            ((false, false, 3), Some(Jump::New(3))),
            ((false, true, 1), Some(Jump::New(1))),
        ] {
            assert_eq!(jump(at_end, far, fresh), expected);
        }
    }

    #[test]
    fn only_what_others_wrote_after_the_place_is_new() {
        let rows = [
            (None, false),
            (Some(Seq(9)), true),
            (Some(Seq(8)), false),
            (Some(Seq(7)), true),
            (Some(Seq(6)), true),
        ];
        assert_eq!(fresh(rows.into_iter(), Seq(6)), 2);
        assert_eq!(fresh(rows.into_iter(), Seq(9)), 0);
        assert_eq!(fresh(rows.into_iter(), Seq(0)), 3);
    }
}
