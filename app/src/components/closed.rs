//! Why one does not write in a conversation.

use std::collections::BTreeSet;

use leptos::prelude::*;
use protocol::permission::{Action, Rule, permit};
use protocol::{ConversationSummary, Person, UserId};

use crate::components::requests::waits_for;
use crate::components::{BlockedHere, naming};
use crate::i18n::{Texts, fill};

/// Why one does not write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Closed {
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
    /// In words.
    #[must_use]
    pub fn reason(&self, t: &Texts) -> String {
        let about = |text, person| fill(text, &[("name", t.called(person))]);
        match self {
            Self::Announcements => t.groups().rule_announcements.to_owned(),
            Self::Deserted => t.own_data().account_gone.to_owned(),
            Self::Blocked(person) => about(t.blocking().cannot_write, person),
            Self::Unanswered(person) => about(t.requests().closed, person),
        }
    }

    /// In place of the composer, with the way back if there is one.
    pub fn shown(self, t: &Texts) -> AnyView {
        if let Self::Blocked(person) = self {
            let name = t.called(&person).to_owned();
            return view! { <BlockedHere user=person.id name /> }.into_any();
        }
        view! {
            <p class="composer-closed" data-testid="closed">
                {self.reason(t)}
            </p>
        }
        .into_any()
    }
}

/// Why somebody does not write there, if that is so.
#[must_use]
pub fn why_closed(
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

#[cfg(test)]
mod tests {
    use protocol::limits::REQUEST_MESSAGES;
    use protocol::{
        ConversationId, ConversationKind, DisplayName, GroupSettings, Member, Request, Role, Seq,
        Timestamp, Username,
    };

    use super::*;
    use crate::i18n::Locale;

    const ME: UserId = UserId::from_bytes([1; 16]);

    fn person(id: UserId, name: &str) -> Person {
        Person {
            id,
            username: Username::parse("somebody").unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
        }
    }

    fn conversation(kind: ConversationKind, people: &[Person]) -> ConversationSummary {
        let read_seq = Seq::ZERO;
        let members = people.iter().map(|person| Member {
            person: person.clone(),
            role: Role::Member,
            read_seq,
            delivered_seq: read_seq,
        });
        ConversationSummary {
            id: ConversationId::from_bytes([9; 16]),
            kind,
            title: None,
            description: None,
            settings: GroupSettings {
                announcements_only: kind == ConversationKind::Group,
                ..GroupSettings::default()
            },
            members: members.collect(),
            member_count: 2,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(0),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq,
            unread: 0,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    #[test]
    fn whoever_cannot_write_learns_why() {
        let (me, meera) = (
            person(ME, "Zoya"),
            person(UserId::from_bytes([2; 16]), "Meera"),
        );
        let both = [me.clone(), meera.clone()];
        let (nobody, blocked) = (BTreeSet::new(), BTreeSet::from([meera.id]));
        let direct = conversation(ConversationKind::Direct, &both);
        let group = conversation(ConversationKind::Group, &both);
        let deserted = conversation(ConversationKind::Direct, &[me]);
        let asks = |by, written| ConversationSummary {
            request: Some(Request { by, written }),
            ..direct.clone()
        };
        for (summary, blocked, expected) in [
            (direct.clone(), &nobody, None),
            (asks(ME, REQUEST_MESSAGES - 1), &nobody, None),
            (asks(meera.id, REQUEST_MESSAGES), &nobody, None),
            (
                asks(ME, REQUEST_MESSAGES),
                &nobody,
                Some("Meera has not answered yet. You can write again when they do."),
            ),
            (
                direct.clone(),
                &blocked,
                Some("You have blocked Meera. Neither of you can write here."),
            ),
            (
                deserted,
                &nobody,
                Some(
                    "This account was deleted. You can still read the conversation, but nobody would get what you write.",
                ),
            ),
            (group, &blocked, Some("Only admins write in this group.")),
        ] {
            let closed = why_closed(&summary, ME, blocked);
            let reason = closed.map(|closed| closed.reason(Locale::En.texts()));
            assert_eq!(reason.as_deref(), expected);
        }
    }
}
