//! The choices on the screen.

use leptos::ev;
use leptos::prelude::*;

use super::choices::Choice;
use super::{LIST_ID, Search, option_id, use_go};
use crate::i18n::{has_rtl, texts};
use crate::ui::Avatar;

/// The list under the field.
#[component]
pub(super) fn Options(search: Search) -> impl IntoView {
    let o = texts().organising();
    let go = use_go(search);
    let count = move || search.choices.with(Vec::len);
    let option = move |(at, choice): (usize, Choice)| {
        let is_active = move || search.at.get().min(count().saturating_sub(1)) == at;
        // A finger or a mouse must not take the focus from where one types.
        let keep = |event: ev::MouseEvent| event.prevent_default();
        view! {
            <li
                id=option_id(at)
                role="option"
                class="conversation"
                aria-selected=move || is_active().to_string()
                on:mousedown=keep
                on:click=move |_| go.run(at)
            >
                {entry(choice)}
            </li>
        }
    };
    Effect::new(move |_| {
        search.at.track();
        search.choices.track();
        let active = document().query_selector(".switcher [aria-selected=\"true\"]");
        if let Ok(Some(active)) = active {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            active.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    view! {
        <ul id=LIST_ID role="listbox" aria-label=o.go_to>
            {move || search.choices.get().into_iter().enumerate().map(option).collect_view()}
        </ul>
    }
}

fn entry(choice: Choice) -> impl IntoView {
    let class = if has_rtl(&choice.title) {
        "conversation-name nastaliq"
    } else {
        "conversation-name"
    };
    view! {
        <Avatar id=choice.face name=choice.title.clone() shape=choice.shape />
        <span class="conversation-text">
            <span class=class>
                <bdi>{choice.title}</bdi>
            </span>
            {choice
                .username
                .map(|username| {
                    view! {
                        <span class="conversation-last">
                            <bdi dir="ltr">{format!("@{username}")}</bdi>
                        </span>
                    }
                })}
        </span>
    }
}
