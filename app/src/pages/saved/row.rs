//! A saved message in the list: the way to it, and the way out of the list.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::html::Button;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::Row;
use crate::api::saved::Unsave;
use crate::components::permalink::permalink;
use crate::format::excerpt;
use crate::i18n::{fill, texts};
use crate::live::Live;
use crate::pages::hit::hit;
use crate::ui::{Glyph, Icon};

/// How much of a message is repeated in the name of a button.
const NAMED_CHARS: usize = 60;

/// A row. What is removed stays in its place, so that it can be taken back.
#[component]
pub(super) fn SavedRow(
    /// The message.
    row: Row,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let place = row.place;
    let news = live.saved_news();
    let is_removed = Memo::new(move |_| {
        news.track();
        live.saved_state(place) == Some(false)
    });
    let (remove, undo) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    let change = move |on: bool| {
        live.save(place, on);
        // The button goes; the other one is in its place.
        let focus = move || {
            let button = if on { remove } else { undo };
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        };
        set_timeout(focus, Duration::ZERO);
    };
    let s = texts().saved();
    let removed = move || {
        view! {
            <p class="saved-removed" role="status">
                <span class="grow">{s.removed_row}</span>
                <button
                    type="button"
                    class="link-button"
                    node_ref=undo
                    on:click=move |_| change(true)
                >
                    {s.undo}
                </button>
            </p>
        }
    };
    move || {
        let row = row.clone();
        let inside = if is_removed.get() {
            removed().into_any()
        } else {
            view! {
                {link(&row)}
                <Remove row node=remove remove=move || change(false) />
            }
            .into_any()
        };
        view! {
            <li class="saved-item" data-testid="saved-item">
                {inside}
            </li>
        }
    }
}

fn link(row: &Row) -> AnyView {
    let place = row.place;
    match &row.said {
        None => view! { <p class="form-hint saved-unreadable">{texts().saved().unreadable}</p> }
            .into_any(),
        Some((at, text)) => {
            let href = permalink(place.conversation, place.seq);
            view! {
                <a class="conversation hit" href=href>
                    {hit(at, text.clone())}
                </a>
            }
            .into_any()
        }
    }
}

/// Out of the list. A plain form where there is no script.
#[component]
fn Remove(row: Row, node: NodeRef<Button>, remove: impl Fn() + 'static) -> impl IntoView {
    let s = texts().saved();
    let text = row.said.as_ref().map_or(s.unreadable, |(_, text)| text);
    let text = excerpt(text, NAMED_CHARS);
    let name = fill(s.remove_named, &[("text", &text)]);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        remove();
    };
    view! {
        <form method="post" action=Unsave::url() on:submit=submit>
            <input type="hidden" name="conversation" value=row.place.conversation.to_string() />
            <input type="hidden" name="seq" value=row.place.seq.to_string() />
            <button type="submit" class="icon-button" node_ref=node aria-label=name title=s.remove>
                <Icon glyph=Glyph::Close />
            </button>
        </form>
    }
}
