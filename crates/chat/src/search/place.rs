//! Which conversation is meant by what is typed after `in:`.

use protocol::{ConversationId, ConversationKind, ConversationSummary, Person, UserId};

use crate::{Actor, Chat, ChatError};

impl Chat {
    /// The one conversation of the actor's that a word names: its id, the title of a group
    /// (without the spaces, `Chai Club` is `chaiclub` or `chai-club`), or the username or name
    /// of the other one of a direct conversation, with or without `@`. With one's own name the
    /// notes.
    ///
    /// # Errors
    /// `Refused(NotFound)` if there is none or more than one; `Store`.
    pub async fn place_named(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<ConversationId, ChatError> {
        if let Ok(id) = name.parse() {
            return Ok(id);
        }
        let list = self.conversations(actor).await?;
        meant(&list, actor.user(), name).ok_or_else(|| protocol::ErrorCode::NotFound.into())
    }
}

/// What counts first decides: a title, then a username, then somebody's name.
fn meant(list: &[ConversationSummary], me: UserId, name: &str) -> Option<ConversationId> {
    let username = name.trim_start_matches('@').to_lowercase();
    let wanted = folded(name);
    let title = |it: &ConversationSummary| {
        let title = it.title.as_ref().map(|title| folded(title.as_str()));
        it.kind == ConversationKind::Group && !wanted.is_empty() && title.as_ref() == Some(&wanted)
    };
    let user = |it: &ConversationSummary| {
        partner(it, me).is_some_and(|person| person.username.as_str() == username)
    };
    let called = |it: &ConversationSummary| {
        let is_called = |person: &Person| folded(person.display_name.as_str()) == wanted;
        !wanted.is_empty() && partner(it, me).is_some_and(is_called)
    };
    let ways: [&dyn Fn(&ConversationSummary) -> bool; 3] = [&title, &user, &called];
    // A username is one person's.
    let ways = if name.starts_with('@') {
        &ways[1..2]
    } else {
        &ways[..]
    };
    for way in ways {
        let mut those = list.iter().filter(|it| way(it));
        match (those.next(), those.next()) {
            (Some(one), None) => return Some(one.id),
            (Some(_), Some(_)) => return None,
            (None, _) => {}
        }
    }
    None
}

/// The other one of a direct conversation; of the notes oneself.
fn partner(it: &ConversationSummary, me: UserId) -> Option<&Person> {
    let mut persons = it.members.iter().map(|member| &member.person);
    match it.kind {
        ConversationKind::Direct => persons.find(|person| person.id != me),
        ConversationKind::Notes => persons.next(),
        ConversationKind::Group => None,
    }
}

/// The letters of a name, as they are compared.
fn folded(name: &str) -> String {
    let words = folding::words(name).into_iter();
    words
        .filter(folding::Word::is_wanted)
        .map(|word| folding::exact(word.text))
        .collect()
}

#[cfg(test)]
mod tests {
    use protocol::{DisplayName, GroupSettings, Member, Role, Seq, Timestamp, Username};

    use super::*;

    const ME: UserId = UserId::from_bytes([1; 16]);

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

    fn conversation(
        n: u8,
        kind: ConversationKind,
        title: Option<&str>,
        other: Member,
    ) -> ConversationSummary {
        let me = member(1, "zoya", "Zoya");
        let members = match kind {
            ConversationKind::Notes => vec![me],
            _ => vec![me, other],
        };
        ConversationSummary {
            id: id(n),
            kind,
            title: title.map(|title| DisplayName::parse(title).unwrap()),
            description: None,
            settings: GroupSettings::default(),
            member_count: 2,
            members,
            pins: Vec::new(),
            created_at: Timestamp::from_millis(1),
            last_seq: Seq::ZERO,
            last_message: None,
            read_seq: Seq::ZERO,
            unread: 0,
            preferences: Default::default(),
            mentions: 0,
            slow_mode: protocol::SlowMode::Off,
            lifespan: None,
            request: None,
        }
    }

    fn id(n: u8) -> ConversationId {
        ConversationId::from_bytes([n; 16])
    }

    fn list() -> Vec<ConversationSummary> {
        use ConversationKind::{Direct, Group, Notes};
        let bilal = || member(2, "bilal", "Bilal Ahmed");
        vec![
            conversation(1, Notes, None, bilal()),
            conversation(2, Direct, None, bilal()),
            conversation(3, Direct, None, member(3, "bilal2", "Bilal Ahmed")),
            conversation(4, Group, Some("Chai Club"), bilal()),
            conversation(5, Group, Some("चाय ☕"), bilal()),
            conversation(6, Group, Some("Twins"), bilal()),
            conversation(7, Group, Some("twins"), bilal()),
            conversation(8, Direct, None, member(4, "chaiclub", "Ömer")),
        ]
    }

    #[test]
    fn a_word_names_one_conversation() {
        for (name, expected) in [
            ("chaiclub", Some(4)),
            ("Chai-Club", Some(4)),
            ("CHAI_CLUB", Some(4)),
            ("@chaiclub", Some(8)),
            ("चाय", Some(5)),
            ("@bilal", Some(2)),
            ("bilal", Some(2)),
            ("@Bilal2", Some(3)),
            ("omer", Some(8)),
            ("@zoya", Some(1)),
            // Two are called this.
            ("BilalAhmed", None),
            ("twins", None),
            ("@omer", None),
            ("nobody", None),
            ("@", None),
            ("☕", None),
            ("", None),
        ] {
            assert_eq!(meant(&list(), ME, name), expected.map(id), "{name}");
        }
    }
}
