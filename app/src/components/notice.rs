//! What happened to a conversation, as a line between the messages, and in words wherever else
//! it is told.

use client::RowKey;
use leptos::prelude::*;
use protocol::{Content, GroupSettings, Notice, Role, SlowMode, UserId};

use crate::components::message::ROW_ID;
use crate::i18n::{GroupTexts, Texts, fill, has_rtl, texts};
use crate::live::{Live, RowView};

/// People that a line names; the others are a number.
const MOST_NAMES: usize = 2;

/// Who tells, and what people are called.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// The words.
    pub t: &'static Texts,
    /// Who reads it.
    pub me: UserId,
    /// What somebody is called, where that is known.
    pub name_of: &'a dyn Fn(UserId) -> Option<String>,
}

impl Teller<'_> {
    /// A notice in words. Whoever is not known yet is "somebody".
    #[must_use]
    pub fn notice(&self, author: UserId, notice: &Notice) -> String {
        let g = self.t.groups();
        let by = &self.by(author);
        match notice {
            Notice::Created { title } => fill(g.created, &[("by", by), ("title", title.as_str())]),
            Notice::Renamed { title } => fill(g.renamed, &[("by", by), ("title", title.as_str())]),
            Notice::Described { description } => {
                let template = match description {
                    Some(_) => g.described,
                    None => g.undescribed,
                };
                fill(template, &[("by", by)])
            }
            Notice::Configured { settings } => {
                let (writing, history) = rules(g, *settings);
                let values = [("by", &**by), ("writing", writing), ("history", history)];
                fill(g.configured, &values)
            }
            Notice::Slowed { slow_mode } => {
                let s = self.t.slow();
                let template = match slow_mode {
                    SlowMode::Off => s.turned_off,
                    _ => s.turned_on,
                };
                fill(template, &[("by", by), ("pace", s.named(*slow_mode))])
            }
            Notice::Lifespan { lifespan } => {
                let d = self.t.disappearing();
                let template = match lifespan {
                    None => d.turned_off,
                    Some(_) => d.turned_on,
                };
                fill(template, &[("by", by), ("when", d.named(*lifespan))])
            }
            Notice::Accepted => fill(self.t.requests().accepted, &[("by", by)]),
            Notice::Added { users } => fill(g.added, &[("by", by), ("to", &self.to(users))]),
            Notice::Joined { by: maker } => {
                let w = self.t.invites();
                if *maker == self.me {
                    fill(w.joined_yours, &[("by", by)])
                } else {
                    fill(w.joined, &[("by", by), ("name", &self.name(*maker))])
                }
            }
            Notice::Removed { user } => fill(g.removed, &[("by", by), ("to", &self.to(&[*user]))]),
            Notice::Left { successor } => match successor {
                None => fill(g.left, &[("by", by)]),
                Some(user) if *user == self.me => fill(g.left_owner_you, &[("by", by)]),
                Some(user) => {
                    let name = &self.name(*user);
                    fill(g.left_owner, &[("by", by), ("name", name)])
                }
            },
            Notice::Dissolved => fill(g.dissolved, &[("by", by)]),
            Notice::RoleChanged { user, role } => {
                let template = match role {
                    Role::Member => g.made_member,
                    Role::Admin => g.made_admin,
                    Role::Owner => g.made_owner,
                };
                fill(template, &[("by", by), ("to", &self.to(&[*user]))])
            }
        }
    }

    /// People in a row: the reader first, not more than a few by name.
    #[must_use]
    pub fn list(&self, users: &[UserId]) -> String {
        let g = self.t.groups();
        let reader = users.iter().filter(|user| **user == self.me);
        let others = users.iter().filter(|user| **user != self.me);
        let mut names = reader.chain(others).map(|user| {
            if *user == self.me {
                g.listed_you.to_owned()
            } else {
                self.name(*user)
            }
        });
        let first = names.next().unwrap_or_default();
        let Some(second) = names.next() else {
            return first;
        };
        let rest = users.len().saturating_sub(MOST_NAMES);
        let third = match (rest, names.next()) {
            (0, _) | (_, None) => {
                return fill(g.list_two, &[("a", &first), ("b", &second)]);
            }
            (1, Some(third)) => third,
            (rest, Some(_)) => self.t.count(&g.others, rest as u64),
        };
        fill(
            g.list_three,
            &[("a", &first), ("b", &second), ("c", &third)],
        )
    }

    fn name(&self, user: UserId) -> String {
        let name = (self.name_of)(user);
        name.unwrap_or_else(|| self.t.groups().somebody.to_owned())
    }

    fn by(&self, user: UserId) -> String {
        let g = self.t.groups();
        if user == self.me {
            return g.by_you.to_owned();
        }
        (self.name_of)(user).map_or_else(
            || g.by_somebody.to_owned(),
            |name| fill(g.by, &[("name", &name)]),
        )
    }

    fn to(&self, users: &[UserId]) -> String {
        let g = self.t.groups();
        if users == [self.me] {
            return g.to_you.to_owned();
        }
        fill(g.to, &[("name", &self.list(users))])
    }
}

fn rules(g: &GroupTexts, settings: GroupSettings) -> (&'static str, &'static str) {
    let writing = if settings.announcements_only {
        g.admins_write
    } else {
        g.all_write
    };
    let history = if settings.history_for_new {
        g.history_all
    } else {
        g.history_none
    };
    (writing, history)
}

/// The line. Names that come later take their places in it.
#[component]
pub(super) fn NoticeRow(
    /// Its identity.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let text = Memo::new(move |_| {
        let teller = Teller {
            t,
            me: live.me(),
            name_of: &|user| live.name(user),
        };
        view.with(|view| match &view.row.content {
            Content::Notice(notice) => teller.notice(key.author, notice),
            _ => String::new(),
        })
    });
    let class = move || {
        if text.with(|text| has_rtl(text)) {
            "notice nastaliq"
        } else {
            "notice"
        }
    };
    view! {
        <li id=format!("{ROW_ID}{}", key.send_id) class=class data-testid="notice">
            <p>{move || text.get()}</p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Description, DisplayName};

    use super::*;
    use crate::i18n::Locale;

    const ME: UserId = UserId::from_bytes([0; 16]);

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn name_of(user: UserId) -> Option<String> {
        let names = [(1, "Meera"), (2, "Imran"), (3, "ज़ोया"), (4, "عمران")];
        let mut names = names.into_iter();
        names
            .find(|(n, _)| UserId::from_bytes([*n; 16]) == user)
            .map(|(_, name)| name.to_owned())
    }

    fn told(locale: Locale, author: UserId, notice: &Notice) -> String {
        let teller = Teller {
            t: locale.texts(),
            me: ME,
            name_of: &name_of,
        };
        teller.notice(author, notice)
    }

    fn added(users: &[UserId]) -> Notice {
        Notice::Added {
            users: users.to_vec(),
        }
    }

    #[test]
    fn every_notice_is_told_from_both_sides() {
        let title = DisplayName::parse("Cricket").unwrap();
        let settings = GroupSettings {
            announcements_only: true,
            history_for_new: false,
        };
        let described = Notice::Described {
            description: Some(Description::parse("Sundays").unwrap()),
        };
        let role = |role| Notice::RoleChanged {
            user: user(2),
            role,
        };
        let left = |successor| Notice::Left { successor };
        for (author, notice, expected) in [
            (
                ME,
                Notice::Created {
                    title: title.clone(),
                },
                "You created the group “Cricket”",
            ),
            (
                user(1),
                Notice::Renamed { title },
                "Meera named the group “Cricket”",
            ),
            (ME, described, "You changed the description"),
            (
                user(1),
                Notice::Described { description: None },
                "Meera removed the description",
            ),
            (
                user(1),
                Notice::Configured { settings },
                "Meera changed the rules: only admins write, newcomers see only what follows",
            ),
            (ME, Notice::Removed { user: user(2) }, "You removed Imran"),
            (user(1), Notice::Removed { user: ME }, "Meera removed you"),
            (ME, left(None), "You left"),
            (ME, Notice::Dissolved, "You deleted the group"),
            (
                user(1),
                left(Some(ME)),
                "Meera left. You own the group now.",
            ),
            (
                user(1),
                left(Some(user(2))),
                "Meera left. Imran owns the group now.",
            ),
            (user(1), role(Role::Admin), "Meera made Imran an admin"),
            (
                ME,
                role(Role::Member),
                "You made Imran an ordinary member again",
            ),
            (ME, role(Role::Owner), "You handed the group over to Imran"),
        ] {
            assert_eq!(told(Locale::En, author, &notice), expected);
        }
    }

    #[test]
    fn a_few_are_named_and_the_reader_first() {
        let meera = user(1);
        for (users, expected) in [
            (vec![user(2)], "Meera added Imran"),
            (vec![ME], "Meera added you"),
            (vec![user(2), user(3)], "Meera added Imran and ज़ोया"),
            (
                vec![user(2), user(3), ME],
                "Meera added you, Imran and ज़ोया",
            ),
            (
                vec![user(2), user(3), user(9), user(8)],
                "Meera added Imran, ज़ोया and 2 others",
            ),
        ] {
            assert_eq!(told(Locale::En, meera, &added(&users)), expected);
        }
    }

    #[test]
    fn whoever_is_not_known_yet_is_somebody() {
        assert_eq!(
            told(Locale::En, user(9), &added(&[user(8)])),
            "Somebody added somebody"
        );
    }

    #[test]
    fn hindi_and_urdu_say_it_in_their_own_order() {
        for (locale, author, users, expected) in [
            (Locale::Hi, user(3), vec![ME], "ज़ोया ने आपको जोड़ा"),
            (Locale::Hi, ME, vec![user(3)], "आपने ज़ोया को जोड़ा"),
            (
                Locale::Hi,
                user(3),
                vec![ME, user(1)],
                "ज़ोया ने आप और Meera को जोड़ा",
            ),
            (Locale::Ur, user(4), vec![ME], "عمران نے آپ کو شامل کیا"),
            (
                Locale::Ur,
                ME,
                vec![user(4), user(1)],
                "آپ نے عمران اور \u{2068}Meera\u{2069} کو شامل کیا",
            ),
        ] {
            assert_eq!(told(locale, author, &added(&users)), expected);
        }
    }

    #[test]
    fn a_name_of_the_other_direction_turns_nothing_around() {
        assert_eq!(
            told(Locale::En, user(4), &Notice::Left { successor: None }),
            "\u{2068}\u{2068}عمران\u{2069}\u{2069} left"
        );
    }

    #[test]
    fn whose_link_it_was_is_told() {
        let joined = |locale, author, by| told(locale, author, &Notice::Joined { by });
        for (author, by, expected) in [
            (ME, user(2), "You joined by a link of Imran"),
            (user(1), ME, "Meera joined by your link"),
            (user(1), user(9), "Meera joined by a link of somebody"),
        ] {
            assert_eq!(joined(Locale::En, author, by), expected);
        }
        let hindi = joined(Locale::Hi, user(3), user(2));
        assert_eq!(hindi, "ज़ोया ने Imran के लिंक से प्रवेश किया");
    }
}
