//! Who may be meant by the beginning of a name: which part of the text it is, and who fits.

use std::ops::Range;

use protocol::limits::USERNAME_MAX;
use protocol::permission::{Action, permit};
use protocol::{ConversationKind, ConversationSummary, Person, UserId};

/// People offered at once.
const MOST: usize = 8;

/// What stands for everybody.
const ALL: &str = "all";

/// The beginning of a name, with an `@` before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Begun {
    /// Its place with the `@`, and with what follows of the word, in UTF-16.
    pub(super) place: Range<usize>,
    /// What is written of it.
    pub(super) term: String,
    /// Whether a space follows it.
    pub(super) spaced: bool,
}

/// Whom a name may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Candidate {
    /// Somebody.
    Person(Person),
    /// Everybody. Whether the writer may mention them.
    All(bool),
}

impl Candidate {
    /// What is written.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Person(person) => person.username.as_str(),
            Self::All(_) => ALL,
        }
    }

    /// Whether it can be taken.
    pub(super) const fn is_free(&self) -> bool {
        !matches!(self, Self::All(false))
    }
}

/// What a key does to the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Press {
    Go(usize),
    Take(usize),
    Dismiss,
}

/// The same for a key without others held; `None` if it is not for the list. One who may not be
/// meant is not taken: sending says why.
pub(super) fn press(key: &str, found: &[Candidate], active: usize) -> Option<Press> {
    let last = found.len().checked_sub(1)?;
    let active = active.min(last);
    match key {
        "ArrowDown" => Some(Press::Go(if active == last { 0 } else { active + 1 })),
        "ArrowUp" => Some(Press::Go(active.checked_sub(1).unwrap_or(last))),
        "Enter" | "Tab" => {
            let is_free = found.get(active).is_some_and(Candidate::is_free);
            is_free.then_some(Press::Take(active))
        }
        "Escape" => Some(Press::Dismiss),
        _ => None,
    }
}

/// The name that is being written before the caret, which is counted in UTF-16. What is written
/// must not be a mention already in another word: an address has an `@` too.
pub(super) fn begun(text: &str, caret: usize) -> Option<Begun> {
    let units = |text: &str| text.encode_utf16().count();
    let mut seen = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            let is_caret = seen >= caret;
            seen += c.len_utf16();
            is_caret
        })
        .map_or(text.len(), |(at, _)| at);
    let (before, after) = text.split_at_checked(end)?;
    let (outside, term) = before.rsplit_once('@')?;
    let is_name = term.chars().count() <= USERNAME_MAX && term.chars().all(is_part);
    let is_inside = outside
        .chars()
        .next_back()
        .is_some_and(|c| is_part(c) || matches!(c, '@' | '+' | '/' | '\\' | '`'));
    if !is_name || is_inside {
        return None;
    }
    let rest = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let (rest, after) = after.split_at_checked(rest)?;
    let from = units(outside);
    Some(Begun {
        place: from..from + 1 + units(term) + units(rest),
        term: term.to_owned(),
        spaced: after.starts_with(char::is_whitespace),
    })
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// Who fits: by the beginning of the username, or of any word of the name on screen. Everybody
/// comes last.
pub(super) fn candidates(summary: &ConversationSummary, me: UserId, term: &str) -> Vec<Candidate> {
    let term = term.to_lowercase();
    let others = summary.members.iter().map(|member| &member.person);
    let mut fitting: Vec<(u8, String, &Person)> = others
        .filter(|person| person.id != me)
        .filter_map(|person| {
            let name = person.display_name.as_str().to_lowercase();
            Some((rank(person, &name, &term)?, name, person))
        })
        .collect();
    fitting.sort_by(|(a, name, _), (b, other, _)| (a, name).cmp(&(b, other)));
    let people = fitting
        .into_iter()
        .map(|(_, _, person)| Candidate::Person(person.clone()));
    let all = (summary.kind == ConversationKind::Group && ALL.starts_with(&term))
        .then(|| Candidate::All(may_mention_all(summary, me)));
    let room = MOST - all.iter().len();
    people.take(room).chain(all).collect()
}

/// Whether somebody may mention everybody.
pub(super) fn may_mention_all(summary: &ConversationSummary, me: UserId) -> bool {
    let mut members = summary.members.iter();
    let role = members
        .find(|member| member.person.id == me)
        .map(|member| member.role);
    let action = Action::MentionAll(summary.member_count);
    permit(summary.kind, summary.settings, role, action).is_ok()
}

/// How well somebody fits, the best first.
fn rank(person: &Person, name: &str, term: &str) -> Option<u8> {
    let mut words = name.split_whitespace();
    if person.username.as_str().starts_with(term) || name.starts_with(term) {
        Some(0)
    } else {
        words.any(|word| word.starts_with(term)).then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use protocol::{
        ConversationId, DisplayName, GroupSettings, Member, Role, Seq, Timestamp, Username,
    };

    use super::*;

    fn at(text: &str) -> Option<(Range<usize>, String)> {
        let caret = text.find('|').unwrap();
        let caret = text[..caret].encode_utf16().count();
        begun(&text.replace('|', ""), caret).map(|begun| (begun.place, begun.term))
    }

    #[test]
    fn a_name_begins_with_its_sign_outside_of_words() {
        for (text, expected) in [
            ("@|", Some((0..1, ""))),
            ("@as|", Some((0..3, "as"))),
            ("hello @as|", Some((6..9, "as"))),
            ("(@as|)", Some((1..4, "as"))),
            ("@as|ha, chai", Some((0..5, "as"))),
            ("😀 @आशा|", Some((3..7, "आशा"))),
            ("سلام @زو|", Some((5..8, "زو"))),
            ("one\n@a|", Some((4..6, "a"))),
            ("@asha @b|", Some((6..8, "b"))),
            ("|", None),
            ("as|", None),
            ("@asha |", None),
            ("mail@as|", None),
            ("@@|", None),
            ("\\@as|", None),
            ("`@as|", None),
            ("|@as", None),
        ] {
            let expected = expected.map(|(place, term)| (place, term.to_owned()));
            assert_eq!(at(text), expected, "{text}");
        }
        let long = format!("@{}|", "a".repeat(USERNAME_MAX + 1));
        assert_eq!(at(&long), None);
    }

    fn member(n: u8, username: &str, name: &str) -> Member {
        Member {
            person: Person {
                id: UserId::from_bytes([n; 16]),
                username: Username::parse(username).unwrap(),
                display_name: DisplayName::parse(name).unwrap(),
            },
            role: Role::Member,
            read_seq: Seq::ZERO,
            delivered_seq: Seq::ZERO,
        }
    }

    fn group(members: Vec<Member>, member_count: u32) -> ConversationSummary {
        ConversationSummary {
            id: ConversationId::from_bytes([9; 16]),
            kind: ConversationKind::Group,
            title: None,
            description: None,
            settings: GroupSettings::default(),
            members,
            member_count,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(0),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            preferences: protocol::Preferences::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    fn names(summary: &ConversationSummary, term: &str) -> Vec<String> {
        let found = candidates(summary, UserId::from_bytes([1; 16]), term);
        found.iter().map(|it| it.name().to_owned()).collect()
    }

    #[test]
    fn people_are_found_by_username_and_by_every_word_of_their_name_in_any_script() {
        let members = vec![
            member(1, "asha", "Asha Rao"),
            member(2, "zoya", "زویا خان"),
            member(3, "meera", "मीरा Sharma"),
            member(4, "samir", "Ásgeir Samir"),
        ];
        let summary = group(members, 4);
        for (term, expected) in [
            ("", vec!["samir", "zoya", "meera", "all"]),
            ("ZO", vec!["zoya"]),
            ("خا", vec!["zoya"]),
            ("मी", vec!["meera"]),
            ("s", vec!["samir", "meera"]),
            ("ásg", vec!["samir"]),
            ("A", vec!["all"]),
            ("asha", vec![]),
            ("hma", vec![]),
        ] {
            assert_eq!(names(&summary, term), expected, "{term}");
        }
        let direct = ConversationSummary {
            kind: ConversationKind::Direct,
            ..summary
        };
        assert_eq!(names(&direct, "a"), Vec::<String>::new());
    }

    #[test]
    fn a_large_group_offers_few_and_says_who_may_mention_all() {
        let members = (1..=100).map(|n| member(n, &format!("user{n}"), &format!("User {n}")));
        let summary = group(members.collect(), 500);
        let found = candidates(&summary, UserId::from_bytes([1; 16]), "");
        assert_eq!(found.len(), MOST);
        assert_eq!(found.last(), Some(&Candidate::All(false)));
        assert!(!found.iter().all(Candidate::is_free));
    }

    #[test]
    fn keys_go_through_the_list_and_take_who_may_be_meant() {
        let person = member(2, "alia", "Alia").person;
        let found = [Candidate::Person(person), Candidate::All(false)];
        for (key, active, expected) in [
            ("ArrowDown", 0, Some(Press::Go(1))),
            ("ArrowDown", 1, Some(Press::Go(0))),
            ("ArrowUp", 0, Some(Press::Go(1))),
            ("ArrowUp", 9, Some(Press::Go(0))),
            ("Enter", 0, Some(Press::Take(0))),
            ("Tab", 0, Some(Press::Take(0))),
            ("Escape", 1, Some(Press::Dismiss)),
            ("a", 0, None),
            // Who may not be meant: Enter sends, which says why, and Tab leads on.
            ("Enter", 1, None),
            ("Tab", 1, None),
        ] {
            assert_eq!(press(key, &found, active), expected, "{key} {active}");
        }
        let all = [Candidate::All(true)];
        assert_eq!(press("Enter", &all, 0), Some(Press::Take(0)));
        assert_eq!(press("Enter", &[], 0), None);
    }
}
