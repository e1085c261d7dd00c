//! Bringing people into a group.

use std::collections::BTreeSet;

use leptos::html::Input;
use leptos::prelude::*;
use protocol::Intent;
use protocol::permission::Action;

use super::act::Act;
use super::desk::Desk;
use super::focus_soon;
use crate::i18n::texts;
use crate::pages::people::picker::{Choice, Picker};

const ADD_ID: &str = "add-people";

/// The button, and the choice that it opens.
#[component]
pub(super) fn AddPeople(desk: Desk) -> impl IntoView {
    let g = texts().groups();
    let adding = RwSignal::new(false);
    view! {
        <Show
            when=move || adding.get() && desk.rule(Action::Add).is_none()
            fallback=move || {
                view! {
                    <Act
                        desk
                        name=ADD_ID
                        label=g.add_people
                        action=Signal::stored(Action::Add)
                        act=move || adding.set(true)
                    />
                }
            }
        >
            <Adding desk adding />
        </Show>
    }
}

#[component]
fn Adding(desk: Desk, adding: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let members = Memo::new(move |_| {
        desk.summary.with(|summary| {
            let members = summary.iter().flat_map(|summary| &summary.members);
            members
                .map(|member| member.person.id)
                .collect::<BTreeSet<_>>()
        })
    });
    let choice = Choice::new(members.into());
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let done = move || {
        adding.set(false);
        focus_soon(ADD_ID);
    };
    let add = move |_| {
        let users = choice.ids();
        if users.is_empty() {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
            return;
        }
        desk.ask(Intent::Add { users });
        done();
    };
    view! {
        <div class="adding">
            <Picker choice me=Some(desk.live.me()) input />
            <div class="buttons">
                <button type="button" class="btn btn-primary" on:click=add>
                    {t.groups().add}
                </button>
                <button type="button" class="btn btn-quiet" on:click=move |_| done()>
                    {t.cancel}
                </button>
            </div>
        </div>
    }
}
