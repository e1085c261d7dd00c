//! Where one writes, or why one does not.

use leptos::prelude::*;

use crate::components::closed::{Closed, why_closed};
use crate::components::requests::tell_when_all_is_written;
use crate::components::{
    Actions, Composer, RefusedChanges, RequestBar, Scroller, SelectionBar, TypingLine, WaitingLine,
};
use crate::i18n::texts;
use crate::live::{ConversationView, Live};
use crate::pages::workspace::NoComposer;

/// Where one writes, or why one does not.
#[component]
pub(super) fn Writing(
    view: ConversationView,
    live: Live,
    scroller: Scroller,
    actions: Actions,
) -> impl IntoView {
    let me = live.me();
    let closed = {
        let summary = view.summary.clone();
        let blocked = live.blocked();
        Memo::new(move |_| {
            blocked
                .with(|blocked| summary.with(|summary| why_closed(summary.as_ref()?, me, blocked)))
        })
    };
    let unanswered = Memo::new(move |_| match closed.get() {
        Some(Closed::Unanswered(person)) => Some(person),
        _ => None,
    });
    tell_when_all_is_written(unanswered, scroller);
    view! {
        <div class="composer-zone" class:selecting=move || actions.selection_is_on()>
            <SelectionBar actions />
            <RefusedChanges actions />
            <WaitingLine id=view.id />
            <TypingLine view=view.clone() live />
            <RequestBar view=view.clone() live />
            {move || {
                if let Some(closed) = closed.get() {
                    NoComposer::say();
                    closed.shown(texts())
                } else {
                    view! { <Composer view=view.clone() live scroller actions /> }.into_any()
                }
            }}
        </div>
    }
}
