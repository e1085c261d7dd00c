//! The upper end of the column.

use client::Older;
use leptos::prelude::*;
use protocol::{ConversationId, ConversationKind, ConversationSummary};

use crate::components::naming;
use crate::components::scroller::Scroller;
use crate::components::trail::details_path;
use crate::i18n::{fill, texts};
use crate::live::{ConversationView, Live};

/// What stands above the oldest row: a way to older ones, or the beginning.
#[component]
pub fn OlderEdge(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
    /// Where the reader is.
    scroller: Scroller,
) -> impl IntoView {
    let t = texts();
    let ConversationView {
        id, summary, older, ..
    } = view;
    let load = move |_| {
        scroller.focus();
        scroller.moved();
        live.load_older(id);
    };
    let button = move |label: &'static str| {
        view! {
            <button type="button" class="link-button" on:click=load>
                {label}
            </button>
        }
    };
    let alone = {
        let summary = summary.clone();
        Memo::new(move |_| summary.with(|summary| summary.as_ref().is_some_and(is_alone)))
    };
    let beginning = Memo::new(move |_| {
        summary.with(|summary| {
            summary.as_ref().map(|summary| match summary.kind {
                ConversationKind::Notes => t.notes_start.to_owned(),
                ConversationKind::Direct => {
                    let name = naming::title(summary, live.me(), t);
                    fill(t.conversation_start, &[("name", &name)])
                }
                ConversationKind::Group => t.history_start.to_owned(),
            })
        })
    });
    move || {
        if !scroller.at_oldest.get() {
            return view! { <div class="edge"></div> }.into_any();
        }
        match older.get() {
            Older::More => view! { <div class="edge">{button(t.load_older)}</div> }.into_any(),
            Older::Loading => view! { <div class="edge">{t.loading_older}</div> }.into_any(),
            Older::Failed => view! {
                <div class="edge" data-testid="older-failed">
                    <span>{t.older_failed}</span>
                    {button(t.retry)}
                </div>
            }
            .into_any(),
            Older::Full => view! { <div class="edge">{t.history_full}</div> }.into_any(),
            Older::AtStart => view! {
                <p class="start">{beginning.get()}</p>
                {alone.get().then(|| view! { <Alone id /> })}
            }
            .into_any(),
        }
    }
}

fn is_alone(summary: &ConversationSummary) -> bool {
    summary.kind == ConversationKind::Group && summary.member_count <= 1
}

/// Nobody is there to read it yet.
#[component]
fn Alone(id: ConversationId) -> impl IntoView {
    let g = texts().groups();
    view! {
        <p class="start" data-testid="alone">
            <span>{g.alone}</span>
            <a class="btn btn-primary" href=details_path(id)>
                {g.add_people}
            </a>
        </p>
    }
}
