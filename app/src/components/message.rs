//! A message as a row of the column.

use client::{Delivery, RowKey};
use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::{Content, UserId};

use crate::components::naming;
use crate::components::paragraphs::paragraphs;
use crate::components::scroller::Scroller;
use crate::format::excerpt;
use crate::i18n::{Texts, fill, has_rtl, texts};
use crate::live::{Live, RowView};
use crate::ui::{Clock, Confirm, Glyph, Icon, IconSize, TimeStyle, ask, keep_focus};

/// What the id of a row in the page begins with; the rest is the message's own.
pub(super) const ROW_ID: &str = "m-";

/// How much of a message is repeated when it is to be deleted.
const NAMED_CHARS: usize = 80;

/// The names of everybody in the conversation.
pub(super) type Names = Memo<Vec<(UserId, String)>>;

/// A row. Its parts change in place, so that an acknowledgement moves and replaces nothing.
#[component]
pub(super) fn MessageRow(
    /// Its identity.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// Who is who.
    names: Names,
    /// Everything live.
    live: Live,
    /// Where it stands.
    scroller: Scroller,
) -> impl IntoView {
    let t = texts();
    let mine = key.author == live.me();
    let id = key.send_id;
    let class = {
        let view = view.clone();
        move || view.with(|view| row_class(view, mine))
    };
    let content = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| view.row.content.clone()))
    };
    // Who, what, how far it is, and only then when.
    let label = format!("a-{id} b-{id} s-{id} w-{id}");
    view! {
        <li id=format!("{ROW_ID}{id}")>
            <article class=class aria-labelledby=label>
                <Byline key view=view.clone() names mine />
                <div class="aside">
                    <div class="bubble" id=format!("b-{id}")>
                        {move || match content.get() {
                            Content::Text(text) => paragraphs(text.as_str()).into_any(),
                            Content::Unavailable => view! { <p>{t.message_unavailable}</p> }.into_any(),
                        }}
                    </div>
                    <LateTime key view=view.clone() />
                </div>
                {mine.then(|| view! { <State key view live scroller /> })}
            </article>
        </li>
    }
}

fn row_class(view: &RowView, mine: bool) -> String {
    let row = &view.row;
    [
        Some("message"),
        view.first_of_group.then_some("message-head"),
        mine.then_some("message-mine"),
        (row.delivery == Delivery::Sending).then_some("message-sending"),
        matches!(row.delivery, Delivery::Failed { .. }).then_some("message-failed"),
        (row.content == Content::Unavailable).then_some("message-missing"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ")
}

/// Who and when, shown once for a group; said for every row.
#[component]
fn Byline(key: RowKey, view: ArcRwSignal<RowView>, names: Names, mine: bool) -> impl IntoView {
    let t = texts();
    let id = key.send_id;
    let head =
        Memo::new(move |_| view.with(|view| view.first_of_group.then_some(view.row.sent_at)));
    let name = Memo::new(move |_| {
        if mine {
            return t.you.to_owned();
        }
        names
            .with(|names| {
                names
                    .iter()
                    .find(|(user, _)| *user == key.author)
                    .map(|(_, name)| name.clone())
            })
            .unwrap_or_default()
    });
    let name_class = move || match (mine, name.with(|name| has_rtl(name))) {
        (true, _) => "hidden-text",
        (false, true) => "nastaliq",
        (false, false) => "",
    };
    view! {
        <div class=move || if head.get().is_some() { "byline" } else { "byline hidden-text" }>
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
    move || {
        // What was not sent may be on its way again while one of its buttons has the focus.
        if !on_server {
            keep_focus(".failed", &[".thread"]);
        }
        let (delivery, last) = state.get();
        let (glyph, text, code) = match delivery {
            Delivery::Sending => (Glyph::Clock, t.sending, "sending"),
            Delivery::Sent => (Glyph::Tick, t.sent, "sent"),
            Delivery::Failed { code } => {
                let text = reason(t, code);
                let content = view.with_untracked(|view| view.row.content.clone());
                return view! { <Failed key text content live scroller /> }.into_any();
            }
        };
        view! {
            <div class=if last { "meta" } else { "meta hidden-text" } data-delivery=code>
                <Icon glyph size=IconSize::Small />
                <span class="hidden-text" id=format!("s-{id}")>
                    {text}
                </span>
            </div>
        }
        .into_any()
    }
}

fn reason(t: &Texts, code: Option<protocol::ErrorCode>) -> String {
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
    let discard = Callback::new(move |()| {
        scroller.focus();
        live.discard(id);
    });
    let named = excerpt(naming::text_of(&content, t), NAMED_CHARS);
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
            <Confirm
                dialog
                id=format!("d-{id}")
                title=t.delete_title
                text=Signal::stored(question)
                yes=t.delete
                confirmed=discard
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
