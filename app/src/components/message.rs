//! A message as a row of the column.

pub mod chips;
pub mod marks;
pub mod quote;
pub mod reactors;

use client::{Delivery, RowKey};
use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::{Content, Text};

use crate::components::actions::{Actions, Tools};
use crate::components::answers::line::ThreadLine;
use crate::components::naming;
use crate::components::paragraphs::message;
use crate::components::permalink::ASKED_FOR;
use crate::components::polls::card::PollCard;
use crate::components::scroller::Scroller;
use crate::components::selecting::choice;
use crate::format::hue;
use crate::i18n::{Texts, fill, has_rtl, texts};
use crate::live::{Live, RowView};
use crate::ui::{
    Avatar, AvatarSize, Clock, Glyph, Icon, IconSize, Question, TimeStyle, ask, keep_focus,
};
use chips::Chips;
use marks::Marks;
use quote::{Quote, reply_to};

/// What the id of a row in the page begins with; the rest is the message's own.
pub(super) const ROW_ID: &str = "m-";

/// How much of a message is repeated when it is to be deleted.
const NAMED_CHARS: usize = 80;

/// A row. Its parts change in place, so that an acknowledgement moves and replaces nothing.
#[component]
pub(super) fn MessageRow(
    /// Its identity.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// Whether authors are to be told apart.
    in_group: bool,
    /// Everything live.
    live: Live,
    /// Where it stands.
    scroller: Scroller,
    /// What is being done.
    actions: Actions,
    /// Where the tab key stops.
    stop: Memo<Option<RowKey>>,
) -> impl IntoView {
    let mine = key.author == live.me();
    let id = key.send_id;
    let passing = passing_class(key, actions);
    let of_class = view.clone();
    let class = move || of_class.with(|view| row_class(view, mine)) + &passing.get();
    let asked_for = asked_for(key, actions);
    let is_stop = Memo::new(move |_| stop.get() == Some(key));
    let content = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| view.row.content.clone()))
    };
    let answers = Memo::new(move |_| content.with(reply_to));
    let is_poll = Memo::new(move |_| content.with(|it| matches!(it, Content::Poll(_))));
    let body = {
        let view = view.clone();
        move || {
            if is_poll.get() {
                view! { <PollCard key view=view.clone() actions is_stop /> }.into_any()
            } else {
                said(content, in_group)
            }
        }
    };
    // Who, what, what became of it, how far it is, and only then when.
    let label = format!("c-{id} a-{id} b-{id} r-{id} t-{id} e-{id} s-{id} w-{id}");
    view! {
        <li id=format!("{ROW_ID}{id}")>
            <article
                class=class
                aria-labelledby=label
                tabindex=move || if is_stop.get() { "0" } else { "-1" }
                id=asked_for
            >
                {choice(key, actions)}
                <Byline key view=view.clone() in_group live />
                <div class="aside">
                    <div class="bubble" id=format!("b-{id}")>
                        {move || {
                            answers.get().map(|reply_to| view! { <Quote reply_to actions /> })
                        }}
                        {body}
                        <Marks key view=view.clone() actions />
                    </div>
                    <LateTime key view=view.clone() />
                    <Tools key actions />
                </div>
                <Chips key view=view.clone() actions />
                <ThreadLine key view=view.clone() actions is_stop />
                {mine.then(|| view! { <State key view live scroller /> })}
            </article>
        </li>
    }
}

/// The id that the address of a message leads to, before there is script.
fn asked_for(key: RowKey, actions: Actions) -> Option<&'static str> {
    let is_it = is_server() && actions.found.get_untracked() == Some(key);
    is_it.then_some(ASKED_FOR)
}

/// What it says, or what stands for it.
pub(super) fn said(content: Memo<Content>, in_group: bool) -> AnyView {
    let t = texts();
    let said = move || match content.get() {
        Content::Text(text) => words(&text, in_group),
        other => view! { <p>{naming::text_of(&other, t).to_owned()}</p> }.into_any(),
    };
    said.into_any()
}

/// What it says, and whether that was said elsewhere before.
fn words(text: &Text, in_group: bool) -> AnyView {
    let said = message(text.body.as_str(), in_group);
    if !text.forwarded {
        return said;
    }
    view! {
        <span class="forwarded">
            <Icon glyph=Glyph::Forward size=IconSize::Small />
            {texts().forwarding().forwarded}
        </span>
        {said}
    }
    .into_any()
}

/// What a row looks like for as long as something is done with it.
fn passing_class(key: RowKey, actions: Actions) -> Memo<String> {
    Memo::new(move |_| {
        let this = Some(key);
        let passing = [
            (actions.is_open(key), " message-open"),
            (actions.found.get() == this, " message-found"),
            (actions.selectable.get() == this, " message-selectable"),
            (actions.selection.contains(key), " message-chosen"),
        ];
        let passing = passing.into_iter().filter(|(is_so, _)| *is_so);
        passing.map(|(_, class)| class).collect()
    })
}

fn row_class(view: &RowView, mine: bool) -> String {
    let row = &view.row;
    [
        Some("message"),
        view.first_of_group.then_some("message-head"),
        mine.then_some("message-mine"),
        (row.delivery == Delivery::Sending).then_some("message-sending"),
        matches!(row.delivery, Delivery::Failed { .. }).then_some("message-failed"),
        is_missing(&row.content).then_some("message-missing"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ")
}

const fn is_missing(content: &Content) -> bool {
    matches!(
        content,
        Content::Unavailable | Content::Deleted | Content::Dismissed
    )
}

/// Who and when, shown once for a group of rows; said for every row. Whoever writes is shown where
/// there could be others.
#[component]
fn Byline(key: RowKey, view: ArcRwSignal<RowView>, in_group: bool, live: Live) -> impl IntoView {
    let t = texts();
    let id = key.send_id;
    let shown = in_group && key.author != live.me();
    let head =
        Memo::new(move |_| view.with(|view| view.first_of_group.then_some(view.row.sent_at)));
    let name = Memo::new(move |_| {
        if key.author == live.me() {
            t.you.to_owned()
        } else {
            live.name(key.author).unwrap_or_default()
        }
    });
    let name_class = move || match (shown, name.with(|name| has_rtl(name))) {
        (false, _) => "hidden-text".to_owned(),
        (true, true) => format!("author nastaliq {}", hue(key.author)),
        (true, false) => format!("author {}", hue(key.author)),
    };
    let face = move || {
        (shown && head.get().is_some()).then(|| {
            view! { <Avatar id=key.author name=name.get() size=AvatarSize::Tiny /> }
        })
    };
    view! {
        <div class=move || if head.get().is_some() { "byline" } else { "byline hidden-text" }>
            {face}
            <b id=format!("a-{id}") class=name_class>
                <bdi>{move || name.get()}</bdi>
            </b>
            {move || {
                head.get()
                    .map(|at| {
                        view! {
                            <span id=format!("w-{id}")>
                                <Clock at style=TimeStyle::Clock />
                            </span>
                        }
                    })
            }}
        </div>
    }
}

/// The time of a row inside a group, in a place that is kept for it.
#[component]
fn LateTime(key: RowKey, view: ArcRwSignal<RowView>) -> impl IntoView {
    let id = key.send_id;
    let at =
        Memo::new(move |_| view.with(|view| (!view.first_of_group).then_some(view.row.sent_at)));
    move || {
        at.get().map(|at| {
            view! {
                <span class="late-time" id=format!("w-{id}")>
                    <Clock at style=TimeStyle::Clock />
                </span>
            }
        })
    }
}

/// How far a message of one's own is: a mark under the last of a group, words and two ways on
/// where it was not sent.
#[component]
fn State(key: RowKey, view: ArcRwSignal<RowView>, live: Live, scroller: Scroller) -> impl IntoView {
    let t = texts();
    let id = key.send_id;
    let state = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| (view.row.delivery, view.last_of_group)))
    };
    let on_server = is_server();
    let privacy = live.privacy();
    move || {
        // What was not sent may be on its way again while one of its buttons has the focus.
        if !on_server {
            keep_focus(".failed", &[".thread"]);
        }
        let (delivery, last) = state.get();
        let (glyph, text, code) = match delivery {
            Delivery::Sending => (Glyph::Clock, t.sending, "sending"),
            Delivery::Sent if privacy.get().hides_reading => (Glyph::Tick, t.hiding().sent, "sent"),
            Delivery::Sent => (Glyph::Tick, t.sent, "sent"),
            Delivery::Delivered => (Glyph::Ticks, t.delivered, "delivered"),
            Delivery::Read => (Glyph::Ticks, t.read, "read"),
            Delivery::Failed { code } => {
                let text = reason(t, code);
                let content = view.with_untracked(|view| view.row.content.clone());
                return view! { <Failed key text content live scroller /> }.into_any();
            }
        };
        view! {
            <div
                class=if last { "meta" } else { "meta hidden-text" }
                data-delivery=code
                title=text
            >
                <Icon glyph size=IconSize::Small />
                <span class="hidden-text" id=format!("s-{id}")>
                    {text}
                </span>
            </div>
        }
        .into_any()
    }
}

pub(super) fn reason(t: &Texts, code: Option<protocol::ErrorCode>) -> String {
    code.map_or_else(
        || t.not_sent.to_owned(),
        |code| fill(t.not_sent_reason, &[("reason", t.error(code))]),
    )
}

/// Not sent, why, and what to do about it. Both buttons go away when they are used, so the
/// focus goes to the column.
#[component]
fn Failed(
    key: RowKey,
    text: String,
    content: Content,
    live: Live,
    scroller: Scroller,
) -> impl IntoView {
    let t = texts();
    let id = key.send_id;
    let dialog = NodeRef::<Dialog>::new();
    let retry = move |_| {
        scroller.focus();
        live.retry(id);
    };
    let discard = move || {
        scroller.focus();
        live.discard(id);
    };
    let named = naming::line_of(&content, t, NAMED_CHARS);
    let question = fill(t.delete_unsent, &[("text", &named)]);
    view! {
        <div class="failed" data-delivery="failed">
            <Icon glyph=Glyph::Alert size=IconSize::Small />
            <span id=format!("s-{id}")>{text}</span>
            <button type="button" class="link-button" on:click=retry aria-describedby=format!("b-{id}")>
                {t.retry}
            </button>
            <button
                type="button"
                class="link-button"
                on:click=move |_| ask(dialog)
                aria-describedby=format!("b-{id}")
            >
                {t.delete}
            </button>
            <Question
                node=dialog
                name=format!("d-{id}")
                title=t.delete_title
                text=question
                answer=t.delete
                yes=discard
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use protocol::ErrorCode;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_failure_says_why_if_that_is_known() {
        let t = Locale::En.texts();
        assert_eq!(reason(t, None), "Not sent.");
        assert_eq!(
            reason(t, Some(ErrorCode::Forbidden)),
            "Not sent: You are not allowed to do that."
        );
    }
}
