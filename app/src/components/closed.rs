//! Why one does not write in a conversation. Where one does, there is a composer.

use std::collections::BTreeSet;

use leptos::prelude::*;
use protocol::permission::{Action, Rule, permit};
use protocol::{ConversationSummary, Person, UserId};

use crate::components::requests::waits_for;
use crate::components::{BlockedHere, naming};
use crate::i18n::{Texts, fill};

/// Why one does not write.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Closed {
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
    /// What stands in the place of the composer.
    pub(crate) fn shown(self, t: &Texts) -> AnyView {
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

/// Decides; `blocked` are those whom the reader blocks.
pub(crate) fn why_closed(
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
