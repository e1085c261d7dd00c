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
        self.listed(users, self.t.groups().somebody)
    }

    /// The same before a postposition.
    pub(super) fn list_oblique(&self, users: &[UserId]) -> String {
        self.listed(users, self.t.groups().somebody_oblique)
    }

    fn listed(&self, users: &[UserId], somebody: &str) -> String {
        let g = self.t.groups();
        let reader = users.iter().filter(|user| **user == self.me);
        let others = users.iter().filter(|user| **user != self.me);
        let mut names = reader.chain(others).map(|user| {
            if *user == self.me {
                g.listed_you.to_owned()
            } else {
                (self.name_of)(*user).unwrap_or_else(|| somebody.to_owned())
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
        name.unwrap_or_else(|| self.t.groups().somebody_oblique.to_owned())
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
        fill(g.to, &[("name", &self.list_oblique(users))])
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
mod tests;
