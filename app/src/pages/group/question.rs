//! What is asked before somebody is removed, the group is handed over, or the reader leaves.

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use protocol::{Intent, Role, UserId};

use super::desk::{Desk, Succession, succession};
use super::focus_soon;
use super::members::MEMBERS_ID;
use crate::i18n::{Texts, fill, texts};
use crate::ui::{Question, ask};

/// What would be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    Remove(UserId),
    HandOver(UserId),
    Leave,
    Dissolve,
}

/// The question that is asked, and its dialog.
#[derive(Clone, Copy)]
pub struct Asking {
    asked: RwSignal<Asked>,
    dialog: NodeRef<Dialog>,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self {
            asked: RwSignal::new(Asked::Leave),
            dialog: NodeRef::new(),
        }
    }

    /// Asks.
    pub(super) fn ask(self, asked: Asked) {
        self.asked.set(asked);
        ask(self.dialog);
    }
}

/// The dialog, and what its answer does.
#[component]
pub(super) fn Questions(desk: Desk, asking: Asking) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let Asking { asked, dialog } = asking;
    let title = move || match asked.get() {
        Asked::Remove(user) => fill(g.ask_remove, &[("name", &desk.name(user, t))]),
        Asked::HandOver(user) => fill(g.ask_owner, &[("name", &desk.name(user, t))]),
        Asked::Leave => fill(g.ask_leave, &[("name", &desk.title(t))]),
        Asked::Dissolve => fill(g.ask_dissolve, &[("name", &desk.title(t))]),
    };
    let text = move || match asked.get() {
        Asked::Remove(user) => fill(g.ask_remove_text, &[("name", &desk.name(user, t))]),
        Asked::HandOver(user) => fill(g.ask_owner_text, &[("name", &desk.name(user, t))]),
        Asked::Leave => leaving(desk, t),
        Asked::Dissolve => g.ask_dissolve_text.to_owned(),
    };
    let answer = move || match asked.get() {
        Asked::Remove(_) => g.remove_now.to_owned(),
        Asked::HandOver(_) => g.hand_over.to_owned(),
        Asked::Leave => g.leave_now.to_owned(),
        Asked::Dissolve => g.dissolve_now.to_owned(),
    };
    let navigate = use_navigate();
    let yes = move || match asked.get_untracked() {
        Asked::Remove(user) => manage(desk, Intent::Remove { user }),
        Asked::HandOver(user) => manage(
            desk,
            Intent::SetRole {
                user,
                role: Role::Owner,
            },
        ),
        out @ (Asked::Leave | Asked::Dissolve) => {
            let is_leave = out == Asked::Leave;
            desk.ask(if is_leave {
                Intent::Leave
            } else {
                Intent::Dissolve
            });
            navigate("/", leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <Question
            node=dialog
            name="group-question"
            title=Signal::derive(title)
            text=Signal::derive(text)
            answer=Signal::derive(answer)
            yes
        />
    }
}

/// The button that led here goes away with what it does, so the focus goes to the list.
fn manage(desk: Desk, intent: Intent) {
    desk.ask(intent);
    focus_soon(MEMBERS_ID);
}

/// What leaving comes to. The owner is told who follows.
fn leaving(desk: Desk, t: &'static Texts) -> String {
    let g = t.groups();
    let is_owner = desk.role() == Some(Role::Owner);
    let follows = desk.summary.with(|summary| {
        let summary = summary.as_ref().filter(|_| is_owner)?;
        Some(succession(summary, desk.live.me()))
    });
    let follows = match follows {
        None => return g.ask_leave_text.to_owned(),
        Some(Succession::Nobody) => g.leave_last.to_owned(),
        Some(Succession::Named(user)) => fill(g.leave_successor, &[("name", &desk.name(user, t))]),
        Some(Succession::EldestAdmin) => g.leave_admin.to_owned(),
        Some(Succession::EldestMember) => g.leave_member.to_owned(),
        Some(Succession::Either) => g.leave_either.to_owned(),
    };
    format!("{} {follows}", g.ask_leave_text)
}
