//! What the quick switcher offers: a pure function of what is known and what was typed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use client::ListRow;
use protocol::{ConversationId, Person, SearchTerm, Section, UserId};

use crate::components::naming;
use crate::i18n::Texts;
use crate::ui::AvatarShape;

/// Choices that are offered at most.
const MOST: usize = 20;
/// Conversations that are offered before anything is typed.
const RECENT: usize = 8;

/// Where a choice leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hit {
    /// To a conversation that is there.
    Conversation(ConversationId),
    /// To the conversation with somebody, which is made if there is none.
    Person(UserId),
}

/// Something to go to.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Choice {
    pub(super) hit: Hit,
    pub(super) title: String,
    /// Of a person.
    pub(super) username: Option<String>,
    pub(super) face: UserId,
    pub(super) shape: AvatarShape,
}

/// Conversations that the term finds, the most recently active first, then other people; the most
/// recent ones without a term.
pub(super) fn choices(
    rows: &[ListRow],
    people: &[Person],
    typed: &str,
    (me, current): (UserId, Option<ConversationId>),
    t: &Texts,
) -> Vec<Choice> {
    let mut rows: Vec<&ListRow> = rows.iter().collect();
    rows.sort_by_key(|row| Reverse(row.active_at));
    let Ok(term) = SearchTerm::parse(typed) else {
        if !typed.trim().is_empty() {
            return Vec::new();
        }
        let recent = rows
            .into_iter()
            .filter(|row| row.section < Section::Archive && Some(row.summary.id) != current);
        return recent.take(RECENT).map(|row| of_row(row, me, t)).collect();
    };
    let partner = |row: &&ListRow| naming::partner(&row.summary, me).map(|person| person.id);
    let known: BTreeSet<UserId> = rows.iter().filter_map(partner).collect();
    let found = rows.into_iter().filter(|row| is_found(row, &term, me, t));
    let others = people
        .iter()
        .filter(|person| person.id != me && !known.contains(&person.id));
    found
        .map(|row| of_row(row, me, t))
        .chain(others.map(of_person))
        .take(MOST)
        .collect()
}

/// By the same rule as people are found by the server.
fn is_found(row: &ListRow, term: &SearchTerm, me: UserId, t: &Texts) -> bool {
    let username = naming::partner(&row.summary, me).map(|person| person.username.as_str());
    let title = naming::title(&row.summary, me, t);
    term.finds(username.unwrap_or_default(), &title)
}

fn of_row(row: &ListRow, me: UserId, t: &Texts) -> Choice {
    Choice {
        hit: Hit::Conversation(row.summary.id),
        title: naming::title(&row.summary, me, t),
        username: naming::partner(&row.summary, me).map(|person| person.username.to_string()),
        face: naming::face(&row.summary, me),
        shape: naming::shape(&row.summary),
    }
}

fn of_person(person: &Person) -> Choice {
    Choice {
        hit: Hit::Person(person.id),
        title: person.display_name.to_string(),
        username: Some(person.username.to_string()),
        face: person.id,
        shape: AvatarShape::Person,
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        ConversationKind, ConversationSummary, DisplayName, GroupSettings, Member, Preferences,
        Role, Seq, Timestamp, Username,
    };

    use super::*;
    use crate::i18n::Locale;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn person(n: u8, username: &str, name: &str) -> Person {
        Person {
            id: user(n),
            username: Username::parse(username).unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
        }
    }

    /// A conversation with somebody, or a group of that name; the later the more recent.
    fn row(n: u8, kind: ConversationKind, username: &str, name: &str) -> ListRow {
        let members = [person(1, "asha", "Asha"), person(n, username, name)];
        let members = members.map(|person| Member {
            person,
            role: Role::Member,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        });
        let summary = ConversationSummary {
            id: ConversationId::from_bytes([n; 16]),
            kind,
            title: DisplayName::parse(name).ok(),
            description: None,
            settings: GroupSettings::default(),
            members: members.into(),
            member_count: 2,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(n.into()),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
            preferences: Preferences::default(),
        };
        ListRow {
            active_at: summary.active_at(),
            summary,
            draft: None,
            delivery: None,
            unsent: None,
            section: Section::Others,
            muted: false,
        }
    }

    fn rows() -> Vec<ListRow> {
        let direct = ConversationKind::Direct;
        vec![
            row(2, direct, "zoya", "ज़ोया खान"),
            row(3, ConversationKind::Group, "imran", "Chai at five"),
            row(4, direct, "imran", "عمران احمد"),
            row(5, direct, "bilal", "Bilal Khan"),
        ]
    }

    fn titles(rows: &[ListRow], people: &[Person], typed: &str) -> Vec<String> {
        let here = (user(1), Some(ConversationId::from_bytes([5; 16])));
        let found = choices(rows, people, typed, here, Locale::En.texts());
        found.into_iter().map(|choice| choice.title).collect()
    }

    #[test]
    fn words_are_found_by_their_beginnings_in_every_script() {
        for (typed, expected) in [
            ("kha", vec!["Bilal Khan"]),
            ("खा", vec!["ज़ोया खान"]),
            ("احم", vec!["عمران احمد"]),
            ("at chai", vec!["Chai at five"]),
            ("@imr", vec!["عمران احمد"]),
            ("han", vec![]),
            ("\u{7}", vec![]),
        ] {
            assert_eq!(titles(&rows(), &[], typed), expected, "{typed}");
        }
    }

    #[test]
    fn without_a_term_the_recent_ones_are_offered_but_where_one_is() {
        let mut rows = rows();
        assert_eq!(
            titles(&rows, &[], "  "),
            ["عمران احمد", "Chai at five", "ज़ोया खान"]
        );
        rows[1].section = Section::Archive;
        assert_eq!(titles(&rows, &[], ""), ["عمران احمد", "ज़ोया खान"]);
        // What is put away is found all the same.
        assert_eq!(titles(&rows, &[], "chai"), ["Chai at five"]);
    }

    #[test]
    fn other_people_come_after_and_nobody_twice() {
        let people = [
            person(5, "bilal", "Bilal Khan"),
            person(1, "asha", "Asha Khan"),
            person(9, "farah", "Farah Khan"),
        ];
        assert_eq!(
            titles(&rows(), &people, "khan"),
            ["Bilal Khan", "Farah Khan"]
        );
    }

    #[test]
    fn no_more_is_offered_than_can_be_looked_through() {
        let many: Vec<ListRow> = (2..60)
            .map(|n| row(n, ConversationKind::Direct, "bilal", "Bilal"))
            .collect();
        assert_eq!(titles(&many, &[], "bi").len(), MOST);
        assert_eq!(titles(&many, &[], "").len(), RECENT);
    }
}
