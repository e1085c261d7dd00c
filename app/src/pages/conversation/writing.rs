//! Where one writes, or why one does not.

use std::collections::BTreeSet;

use leptos::prelude::*;
use protocol::permission::{Action, Rule, permit};
use protocol::{ConversationSummary, Person, UserId};

use crate::components::requests::{tell_when_all_is_written, waits_for};
use crate::components::{
    Actions, BlockedHere, Composer, RefusedChanges, RequestBar, Scroller, SelectionBar, TypingLine,
    WaitingLine, naming,
};
use crate::i18n::{Texts, fill, texts};
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

/// Why one does not write.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Closed {
    /// Only admins do.
    Announcements,
    /// The account of the other one was deleted.
    Deserted,
    /// The reader blocks the other one.
    Blocked(Person),
    /// The reader has written what they may before the other one answers.
    Unanswered(Person),
}

impl Closed {
    pub(super) fn shown(self, t: &Texts) -> AnyView {
        let why = match self {
            Self::Announcements => t.groups().rule_announcements,
            Self::Deserted => t.own_data().account_gone,
            Self::Blocked(person) => {
                let name = t.called(&person).to_owned();
                return view! { <BlockedHere user=person.id name /> }.into_any();
            }
            Self::Unanswered(person) => {
                return note(fill(t.requests().closed, &[("name", t.called(&person))]));
            }
        };
        note(why.to_owned())
    }
}

fn note(why: String) -> AnyView {
    view! {
        <p class="composer-closed" data-testid="closed">
            {why}
        </p>
    }
    .into_any()
}

pub(super) fn why_closed(
    summary: &ConversationSummary,
    me: UserId,
    blocked: &BTreeSet<UserId>,
) -> Option<Closed> {
    if naming::is_deserted(summary, me) {
        return Some(Closed::Deserted);
    }
    let partner = naming::partner(summary, me);
    if let Some(partner) = partner.filter(|partner| blocked.contains(&partner.id)) {
        return Some(Closed::Blocked(partner.clone()));
    }
    if let Some(person) = waits_for(summary, me) {
        return Some(Closed::Unanswered(person));
    }
    let mut members = summary.members.iter();
    let role = members
        .find(|member| member.person.id == me)
        .map(|member| member.role);
    let permitted = permit(summary.kind, summary.settings, role, Action::Send);
    (permitted == Err(Rule::AnnouncementsOnly)).then_some(Closed::Announcements)
}
