//! One message of the list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{Scheduled, SendId, Unsent};

use super::changing::Changing;
use super::desk::Desk;
use crate::api::scheduled::{SendScheduled, Unschedule};
use crate::components::actions::clipboard;
use crate::components::naming;
use crate::components::paragraphs::paragraphs;
use crate::components::spoken::Spoken;
use crate::i18n::{LaterTexts, has_rtl, texts};
use crate::ui::{Clock, TimeStyle};

/// Why it was not sent.
const fn why(l: &LaterTexts, unsent: Unsent) -> &'static str {
    match unsent {
        Unsent::NotFound => l.why_not_found,
        Unsent::Forbidden => l.why_forbidden,
        Unsent::Unreadable => l.why_unreadable,
        Unsent::Refused => l.why_refused,
    }
}

/// Where it goes, when, what it says, and what can be done with it.
#[expect(clippy::needless_pass_by_value, reason = "a view owns its properties")]
#[component]
pub fn Item(
    /// The page.
    desk: Desk,
    /// The message.
    message: Scheduled,
) -> impl IntoView {
    let id = message.id;
    let is_changing = Memo::new(move |_| desk.changing.get() == Some(id));
    let body = message.text.as_ref().map(|text| text.body.clone());
    let text = match &body {
        Some(body) => paragraphs(body.as_str()),
        None => view! { <p>{texts().later().unreadable}</p> }.into_any(),
    };
    let shown = message.clone();
    view! {
        <article class="later-item" data-testid="later-item">
            <Head desk message=message.clone() />
            <div class="later-text">{text}</div>
            {move || {
                if is_changing.get() {
                    view! { <Changing desk message=shown.clone() /> }.into_any()
                } else {
                    view! { <Ways desk message=shown.clone() /> }.into_any()
                }
            }}
        </article>
    }
}

#[component]
fn Head(desk: Desk, message: Scheduled) -> impl IntoView {
    let t = texts();
    let l = t.later();
    let id = message.conversation;
    let live = desk.live;
    let summary = live.conversation(id).summary;
    let place = move || {
        let title = summary.with(|summary| {
            let summary = summary.as_ref()?;
            Some(naming::title(summary, live.me(), t))
        });
        match title {
            Some(title) => {
                let class = if has_rtl(&title) { "nastaliq" } else { "" };
                view! {
                    <a href=format!("/c/{id}") class=class>
                        <bdi>{title}</bdi>
                    </a>
                }
                .into_any()
            }
            None => l.nowhere_known.into_any(),
        }
    };
    let answers = message
        .text
        .as_ref()
        .is_some_and(|text| text.reply_to.is_some());
    let when = match message.unsent {
        Some(unsent) => view! { <p class="form-error">{why(l, unsent)}</p> }.into_any(),
        None => view! {
            <p class="form-hint">
                {l.at} " " <Clock at=message.due style=TimeStyle::DateAndClock />
            </p>
        }
        .into_any(),
    };
    view! {
        <h2 class="later-place">{place}</h2>
        {when}
        {answers.then(|| view! { <p class="form-hint">{l.answers}</p> })}
    }
}

/// What can be done with it.
#[component]
fn Ways(desk: Desk, message: Scheduled) -> impl IntoView {
    let l = texts().later();
    let spoken = Spoken::current();
    let id = message.id;
    let can_be_read = message.text.is_some();
    let copied = message.unsent.and(message.text.clone()).map(|text| {
        let copy = move |_| {
            let text = text.body.as_str();
            clipboard::write(text, move || spoken.tell(l.copied));
        };
        view! {
            <button type="button" class="btn btn-quiet needs-script" on:click=copy>
                {l.copy}
            </button>
        }
    });
    let send = can_be_read.then(|| {
        let act = Callback::new(move |()| desk.send_now(id));
        view! { <Way address=SendScheduled::url() id label=l.send_now act /> }
    });
    let change = can_be_read.then(|| {
        view! {
            <button
                type="button"
                class="btn btn-quiet needs-script"
                on:click=move |_| desk.changing.set(Some(id))
            >
                {l.change}
            </button>
        }
    });
    let delete = Callback::new(move |()| desk.delete(message.clone()));
    view! {
        <div class="later-ways">
            {send} {change} {copied}
            <Way address=Unschedule::url() id label=l.delete act=delete />
        </div>
    }
}

/// A button that works without script too.
#[component]
fn Way(address: &'static str, id: SendId, label: &'static str, act: Callback<()>) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        act.run(());
    };
    view! {
        <form method="post" action=address on:submit=submit>
            <input type="hidden" name="id" value=id.to_string() />
            <button type="submit" class="btn btn-quiet">
                {label}
            </button>
        </form>
    }
}
