//! What the reader may do with a group, and doing it.

use client::{Delivery, Waiting};
use leptos::prelude::*;
use protocol::permission::{Action, Rule, permit};
use protocol::{
    ConversationId, ConversationSummary, GroupSettings, Intent, Member, Role, SlowMode, UserId,
};

use crate::i18n::Texts;
use crate::live::{ConversationView, Live};

/// A group and what its reader may do with it.
#[derive(Clone, Copy)]
pub struct Desk {
    pub(super) id: ConversationId,
    pub(super) live: Live,
    pub(super) summary: Signal<Option<ConversationSummary>>,
    /// What was asked for and waits, or was refused.
    pub(super) waiting: Signal<Vec<Waiting>>,
    role: Memo<Option<Role>>,
}

impl Desk {
    pub(super) fn new(view: &ConversationView, live: Live) -> Self {
        let summary: Signal<Option<ConversationSummary>> = view.summary.clone().into();
        let me = live.me();
        let role = Memo::new(move |_| summary.with(|summary| role_of(summary.as_ref()?, me)));
        Self {
            id: view.id,
            live,
            summary,
            waiting: view.waiting.clone().into(),
            role,
        }
    }

    /// What the reader is in it.
    pub(super) fn role(self) -> Option<Role> {
        self.role.get()
    }

    /// Which rule forbids something, if one does.
    pub(super) fn rule(self, action: Action) -> Option<Rule> {
        let role = self.role.get();
        self.summary.with(|summary| {
            let Some(summary) = summary else {
                return Some(Rule::NotAMember);
            };
            permit(summary.kind, summary.settings, role, action).err()
        })
    }

    /// Asks the server for something.
    pub(super) fn ask(self, intent: Intent) {
        self.live.act(self.id, intent);
    }

    /// What somebody is called, before a postposition.
    pub(super) fn name(self, user: UserId, t: &Texts) -> String {
        let name = self.live.name(user);
        name.unwrap_or_else(|| t.groups().somebody_oblique.to_owned())
    }

    /// The group's name.
    pub(super) fn title(self, t: &Texts) -> String {
        self.summary.with(|summary| {
            let title = summary.as_ref().and_then(|summary| summary.title.as_ref());
            title.map_or_else(|| t.group_name.to_owned(), ToString::to_string)
        })
    }

    /// The rules as they will stand when everything that waits is done.
    pub(super) fn settings(self) -> GroupSettings {
        let asked = self.waiting.with(|waiting| {
            asked(waiting, |intent| match intent {
                Intent::Configure { settings } => Some(*settings),
                _ => None,
            })
        });
        asked.unwrap_or_else(|| {
            let settings = |summary: &ConversationSummary| summary.settings;
            self.summary
                .with(|summary| summary.as_ref().map(settings).unwrap_or_default())
        })
    }

    /// Slow mode as it will be when everything that waits is done.
    pub(super) fn slow_mode(self) -> SlowMode {
        let asked = self.waiting.with(|waiting| {
            asked(waiting, |intent| match intent {
                Intent::SlowMode { slow_mode } => Some(*slow_mode),
                _ => None,
            })
        });
        asked.unwrap_or_else(|| {
            let slow_mode = |summary: &ConversationSummary| summary.slow_mode;
            self.summary
                .with(|summary| summary.as_ref().map(slow_mode).unwrap_or_default())
        })
    }
}

/// The newest of what was asked for and not refused.
fn asked<T>(waiting: &[Waiting], pick: impl Fn(&Intent) -> Option<T>) -> Option<T> {
    let mut newest_first = waiting.iter().rev();
    newest_first.find_map(|waiting| match waiting.delivery {
        Delivery::Failed { code: Some(_) } => None,
        _ => pick(&waiting.intent),
    })
}

fn role_of(summary: &ConversationSummary, me: UserId) -> Option<Role> {
    let mut members = summary.members.iter();
    members
        .find(|member| member.person.id == me)
        .map(|member| member.role)
}

/// What a rule says.
pub const fn told(t: &Texts, rule: Rule) -> &'static str {
    let g = t.groups();
    match rule {
        Rule::NotAMember => g.rule_not_member,
        Rule::GroupsOnly => g.rule_groups,
        Rule::AnnouncementsOnly => g.rule_announcements,
        Rule::AdminsOnly => g.rule_admins,
        Rule::OwnerOnly => g.rule_owner,
        Rule::NotTheOwner => g.rule_not_owner,
    }
}

/// Who would own a group after its owner has left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Succession {
    /// Nobody is left.
    Nobody,
    /// This one.
    Named(UserId),
    /// One of several admins.
    EldestAdmin,
    /// One of several members.
    EldestMember,
    /// Not everybody is known here.
    Either,
}

/// Who follows, as far as it is known here. How long somebody has been in a group is known to the
/// server alone, so of several it is only told how one of them is chosen
/// ([`protocol::permission::successor`]).
pub(super) fn succession(summary: &ConversationSummary, me: UserId) -> Succession {
    let others = || summary.members.iter().filter(|it| it.person.id != me);
    let known = usize::try_from(summary.member_count).unwrap_or(usize::MAX);
    if summary.members.len() < known {
        return Succession::Either;
    }
    let Some(highest) = others().map(|member| member.role).max() else {
        return Succession::Nobody;
    };
    let candidates: Vec<&Member> = others().filter(|member| member.role == highest).collect();
    match (&*candidates, highest) {
        ([one], _) => Succession::Named(one.person.id),
        (_, Role::Member) => Succession::EldestMember,
        (_, Role::Admin | Role::Owner) => Succession::EldestAdmin,
    }
}

#[cfg(test)]
mod tests {
    use protocol::permission::successor;
    use protocol::{
        ConversationKind, DisplayName, ErrorCode, Person, SendId, Seq, Timestamp, Username,
    };

    use super::*;

    const ME: UserId = UserId::from_bytes([0; 16]);

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn group(others: &[(u8, Role)], member_count: u32) -> ConversationSummary {
        let me = (0, Role::Owner);
        let members = std::iter::once(&me).chain(others);
        ConversationSummary {
            id: ConversationId::from_bytes([9; 16]),
            kind: ConversationKind::Group,
            title: None,
            description: None,
            settings: GroupSettings::default(),
            members: members
                .map(|(n, role)| Member {
                    person: Person {
                        id: user(*n),
                        username: Username::parse("somebody").unwrap(),
                        display_name: DisplayName::parse("Somebody").unwrap(),
                    },
                    role: *role,
                    read_seq: Seq::ZERO,
                    delivered_seq: Seq::ZERO,
                })
                .collect(),
            member_count,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(1),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    #[test]
    fn rules_that_wait_are_shown_and_refused_ones_are_not() {
        let settings = GroupSettings {
            announcements_only: true,
            history_for_new: false,
        };
        let waiting = |intent, delivery| Waiting {
            send_id: SendId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([9; 16]),
            intent,
            delivery,
        };
        let code = Some(ErrorCode::Forbidden);
        let sends = waiting(Intent::Configure { settings }, Delivery::Sending);
        let refused = waiting(
            Intent::Configure {
                settings: GroupSettings::default(),
            },
            Delivery::Failed { code },
        );
        let other = waiting(Intent::Leave, Delivery::Sending);
        let pick = |intent: &Intent| match intent {
            Intent::Configure { settings } => Some(*settings),
            _ => None,
        };
        assert_eq!(
            asked(&[sends, refused.clone(), other], pick),
            Some(settings)
        );
        assert_eq!(asked(&[refused], pick), None);
    }

    #[test]
    fn whoever_follows_is_named_where_only_one_can() {
        let (member, admin) = (Role::Member, Role::Admin);
        for (others, count, expected) in [
            (&[][..], 1, Succession::Nobody),
            (&[(1, member)], 2, Succession::Named(user(1))),
            (&[(1, member), (2, admin)], 3, Succession::Named(user(2))),
            (&[(1, member), (2, member)], 3, Succession::EldestMember),
            (
                &[(1, admin), (2, admin), (3, member)],
                4,
                Succession::EldestAdmin,
            ),
            (&[(1, admin)], 200, Succession::Either),
        ] {
            assert_eq!(succession(&group(others, count), ME), expected);
            // Whatever the times are, the server comes to the same.
            if let Succession::Named(named) = expected {
                for newest in [1, 2] {
                    let at = |n: u8| Timestamp::from_millis(if n == newest { 9 } else { 1 });
                    let stay = others.iter().map(|(n, role)| (user(*n), *role, at(*n)));
                    assert_eq!(successor(stay), Some(named));
                }
            }
        }
    }
}
