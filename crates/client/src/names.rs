//! Who is who: the people that this client has heard of, and those it has to ask for.
//!
//! People change their names. Whoever is connected is told; what was heard before that, or on
//! an earlier connection, is asked for again where it is shown.

use std::collections::{BTreeMap, BTreeSet};

use protocol::poll::NOBODY;
use protocol::{ConversationSummary, Message, Notice, Person, UserId};

/// People whose names are remembered.
const MOST: usize = 10_000;
/// People that one request asks for.
const AT_ONCE: usize = 100;

/// People by id.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: BTreeMap<UserId, Person>,
    /// Who is named somewhere and not known.
    wanted: BTreeSet<UserId>,
    /// Whom the server was asked for on the present connection.
    asked: BTreeSet<UserId>,
    /// Whom the server has named since the last connection ended.
    sure: BTreeSet<UserId>,
}

/// What was heard of somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Heard {
    /// Nothing new.
    Known,
    /// Who they are.
    New,
    /// That they are called differently now.
    Renamed,
}

impl Names {
    pub(crate) fn get(&self, user: UserId) -> Option<&Person> {
        self.known.get(&user)
    }

    /// The server names somebody.
    pub(crate) fn learn(&mut self, person: &Person) -> Heard {
        self.wanted.remove(&person.id);
        let heard = match self.known.get(&person.id) {
            Some(before) if before == person => Heard::Known,
            Some(_) => Heard::Renamed,
            None if self.known.len() >= MOST => return Heard::Known,
            None => Heard::New,
        };
        self.sure.insert(person.id);
        if heard != Heard::Known {
            self.known.insert(person.id, person.clone());
        }
        heard
    }

    /// This device remembers somebody; whether that is news. What is known is newer.
    pub(crate) fn recall(&mut self, person: &Person) -> bool {
        let is_news = !self.known.contains_key(&person.id) && self.known.len() < MOST;
        if is_news {
            self.wanted.remove(&person.id);
            self.known.insert(person.id, person.clone());
        }
        is_news
    }

    /// These are shown, the most important first. Who of them was named before the present
    /// connection may be called differently by now: so many as one request takes are asked for.
    pub(crate) fn doubt(&mut self, shown: impl Iterator<Item = UserId>) {
        let doubtful = shown.filter(|user| {
            self.known.contains_key(user)
                && !self.sure.contains(user)
                && !self.wanted.contains(user)
        });
        let doubtful: BTreeSet<UserId> = doubtful.take(AT_ONCE).collect();
        self.wanted.extend(doubtful);
    }

    /// Somebody is to be shown by name.
    pub(crate) fn want(&mut self, user: UserId) {
        let is_somebody = user != NOBODY;
        if is_somebody && self.wanted.len() < MOST && !self.known.contains_key(&user) {
            self.wanted.insert(user);
        }
    }

    /// Whoever an entry names is to be shown by name. Those who reacted are not: they are asked
    /// for when somebody looks.
    pub(crate) fn want_all_of(&mut self, entry: &Message) {
        self.want(entry.author);
        for user in named(&entry.content) {
            self.want(user);
        }
    }

    /// Whom to ask for now, in portions. Nobody is asked for twice on a connection, so that one
    /// who does not exist is not asked for for ever.
    pub(crate) fn ask(&mut self) -> Vec<Vec<UserId>> {
        let new: Vec<UserId> = self.wanted.difference(&self.asked).copied().collect();
        self.asked.extend(&new);
        new.chunks(AT_ONCE).map(<[UserId]>::to_vec).collect()
    }

    /// The connection is gone, and with it perhaps the answers.
    pub(crate) fn reset(&mut self) {
        self.asked.clear();
        self.sure.clear();
    }
}

/// The people that the rows of a conversation can name without asking.
pub(crate) fn members(summary: &ConversationSummary) -> impl Iterator<Item = &Person> {
    summary.members.iter().map(|member| &member.person)
}

fn named(content: &protocol::Content) -> Vec<UserId> {
    let protocol::Content::Notice(notice) = content else {
        return Vec::new();
    };
    match notice {
        Notice::Added { users } => users.clone(),
        Notice::Removed { user } | Notice::RoleChanged { user, .. } => vec![*user],
        Notice::Joined { by } => vec![*by],
        Notice::Left { successor } => successor.iter().copied().collect(),
        Notice::Created { .. }
        | Notice::Renamed { .. }
        | Notice::Described { .. }
        | Notice::Configured { .. }
        | Notice::Slowed { .. }
        | Notice::Lifespan { .. }
        | Notice::Accepted
        | Notice::Dissolved => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use protocol::{DisplayName, Username};

    use super::*;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    fn person(n: u8, name: &str) -> Person {
        Person {
            id: user(n),
            username: Username::parse("somebody").unwrap(),
            display_name: DisplayName::parse(name).unwrap(),
        }
    }

    #[test]
    fn who_is_not_known_is_asked_for_once_on_a_connection() {
        let mut names = Names::default();
        names.want(user(1));
        names.want(user(1));
        assert_eq!(names.ask(), [vec![user(1)]]);
        names.want(user(1));
        names.want(user(2));
        assert_eq!(names.ask(), [vec![user(2)]]);
        assert_eq!(names.learn(&person(2, "Two")), Heard::New);
        names.reset();
        assert_eq!(names.ask(), [vec![user(1)]]);
    }

    #[test]
    fn who_is_known_is_not_asked_for() {
        let mut names = Names::default();
        assert_eq!(names.learn(&person(1, "One")), Heard::New);
        assert_eq!(names.learn(&person(1, "One")), Heard::Known);
        assert_eq!(names.learn(&person(1, "Another")), Heard::Renamed);
        names.want(user(1));
        assert!(names.ask().is_empty());
        assert_eq!(names.get(user(1)), Some(&person(1, "Another")));
    }

    #[test]
    fn who_is_shown_is_asked_for_again_on_the_next_connection() {
        let mut names = Names::default();
        names.learn(&person(1, "One"));
        assert!(names.recall(&person(2, "Two")));
        assert!(
            !names.recall(&person(1, "Long ago")),
            "what is known is newer"
        );
        let shown = || [3, 2, 1].map(user).into_iter();
        names.doubt(shown());
        assert_eq!(names.ask(), [vec![user(2)]], "nobody knows of the third");
        assert_eq!(names.learn(&person(2, "Second")), Heard::Renamed);
        names.doubt(shown());
        assert!(names.ask().is_empty());
        names.reset();
        names.learn(&person(1, "One"));
        names.doubt(shown());
        assert_eq!(names.ask(), [vec![user(2)]]);
    }

    #[test]
    fn of_many_who_are_shown_the_first_are_asked_for() {
        let mut names = Names::default();
        let shown = || (1..=200).rev().map(user);
        for n in 1..=200 {
            names.recall(&person(n, "Somebody"));
        }
        names.doubt(shown().flat_map(|user| [user; 3]));
        let asked = names.ask().concat();
        assert!(
            asked.len() <= AT_ONCE && asked.contains(&user(200)),
            "{asked:?}"
        );
        assert!(!asked.contains(&user(1)));
    }

    #[test]
    fn one_request_asks_for_so_many() {
        let mut names = Names::default();
        for n in 1..=AT_ONCE + 1 {
            let id = u128::try_from(n).unwrap().to_be_bytes();
            names.want(UserId::from_bytes(id));
        }
        let asked: Vec<usize> = names.ask().iter().map(Vec::len).collect();
        assert_eq!(asked, [AT_ONCE, 1]);
    }
}
