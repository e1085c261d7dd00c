//! The way to what was chosen.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use protocol::{ConversationId, UserId};
use wasm_bindgen_futures::spawn_local;

use super::Search;
use super::choices::Hit;
use crate::api::conversations::open_direct;
use crate::i18n::{Texts, fill, texts};
use crate::pages::system::explain;

/// Goes to the choice at a place.
pub(super) fn use_go(search: Search) -> Callback<usize> {
    let navigate = use_navigate();
    let t = texts();
    Callback::new(move |at: usize| {
        let choice = search.choices.with_untracked(|all| {
            let last = all.len().checked_sub(1)?;
            all.get(at.min(last)).map(|choice| choice.hit)
        });
        let navigate = navigate.clone();
        let there = move |id: ConversationId| {
            search.close();
            navigate(
                &format!("/c/{id}"),
                leptos_router::NavigateOptions::default(),
            );
        };
        match choice {
            Some(Hit::Conversation(id)) => there(id),
            Some(Hit::Person(user)) => open_person(search, user, t, there),
            None => {}
        }
    })
}

fn open_person(
    search: Search,
    user: UserId,
    t: &'static Texts,
    there: impl Fn(ConversationId) + 'static,
) {
    spawn_local(async move {
        match open_direct(user).await {
            Ok(summary) => {
                let id = summary.id;
                search.live.seed(vec![summary], Vec::new());
                // Unless it was closed meanwhile.
                if search.door.0.get_untracked() {
                    there(id);
                }
            }
            Err(error) => {
                let reason = explain(t, &error);
                let text = fill(t.organising().opening_failed, &[("reason", &reason)]);
                search.refused.try_set(text);
            }
        }
    });
}
