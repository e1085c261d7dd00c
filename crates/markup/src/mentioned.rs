//! Whom a message mentions: one answer for the browser and the server.

use protocol::limits::MENTIONS_PER_MESSAGE;
use protocol::{Content, ConversationKind, Username};

use crate::plain::mentions;
use crate::tree::Target;

/// Whom a message mentions. Who of them is in the conversation is for others to find out; nobody
/// else is told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mentioned {
    all: bool,
    users: Vec<Username>,
}

impl Mentioned {
    /// Whom an entry mentions: if it is not forwarded, the first [`MENTIONS_PER_MESSAGE`] names of
    /// its text. There is an `@all` in groups only.
    #[must_use]
    pub fn of(kind: ConversationKind, content: &Content) -> Self {
        match content {
            // It names those whom somebody else has meant.
            Content::Text(text) if !text.forwarded => Self::in_text(kind, text.body.as_str()),
            _ => Self::default(),
        }
    }

    /// [`Mentioned::of`], of a text that is not an entry yet.
    #[must_use]
    pub fn in_text(kind: ConversationKind, text: &str) -> Self {
        let mut found = Self::default();
        for mention in mentions(text) {
            match mention.target {
                Target::All => found.all |= kind == ConversationKind::Group,
                Target::User(name) => {
                    if found.users.len() < MENTIONS_PER_MESSAGE && !found.users.contains(&name) {
                        found.users.push(name);
                    }
                }
            }
        }
        found
    }

    /// Whether everybody is mentioned.
    #[must_use]
    pub const fn all(&self) -> bool {
        self.all
    }

    /// Whether somebody is mentioned, by name or with everybody.
    #[must_use]
    pub fn includes(&self, name: &Username) -> bool {
        self.all || self.users.contains(name)
    }

    /// Whether nobody is.
    #[must_use]
    pub const fn is_nobody(&self) -> bool {
        !self.all && self.users.is_empty()
    }

    /// How many names it holds.
    #[must_use]
    pub const fn names(&self) -> usize {
        self.users.len() + self.all as usize
    }

    /// Whom one of two mentions and the other does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let only = |a: &Self, b: &Self| -> Vec<Username> {
            let users = a.users.iter().filter(|name| !b.users.contains(name));
            users.cloned().collect()
        };
        let mut users = only(self, other);
        users.append(&mut only(other, self));
        Self {
            all: self.all != other.all,
            users,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::MessageBody;

    use super::*;

    fn of(kind: ConversationKind, text: &str) -> Mentioned {
        Mentioned::of(
            kind,
            &Content::Text(MessageBody::parse(text).unwrap().into()),
        )
    }

    fn name(name: &str) -> Username {
        Username::parse(name).unwrap()
    }

    #[test]
    fn names_count_outside_of_code_and_links_only() {
        let asha = name("asha");
        for (text, expected) in [
            ("@asha", true),
            ("@ASHA, chai?", true),
            ("**hello @asha**", true),
            ("> @asha", true),
            ("- ||@asha||", true),
            ("चाय @asha, اور", true),
            ("asha", false),
            ("@ashank", false),
            ("mail@asha", false),
            ("@asha@example.org", false),
            ("\\@asha", false),
            ("`@asha`", false),
            ("```\n@asha\n```", false),
            ("[@asha](https://example.org)", false),
        ] {
            for kind in [ConversationKind::Direct, ConversationKind::Group] {
                assert_eq!(of(kind, text).includes(&asha), expected, "{text}");
            }
        }
    }

    #[test]
    fn all_are_mentioned_in_groups_only() {
        let asha = name("asha");
        assert!(of(ConversationKind::Group, "@all").includes(&asha));
        assert!(of(ConversationKind::Group, "@All!").all());
        for kind in [ConversationKind::Direct, ConversationKind::Notes] {
            assert!(of(kind, "@all").is_nobody());
        }
        assert!(of(ConversationKind::Group, "`@all`").is_nobody());
    }

    #[test]
    fn what_is_deleted_or_forwarded_mentions_nobody() {
        let body = MessageBody::parse("@asha @all").unwrap();
        let forwarded = Content::Text(protocol::Text {
            forwarded: true,
            ..body.into()
        });
        assert!(Mentioned::of(ConversationKind::Group, &forwarded).is_nobody());
        assert!(Mentioned::of(ConversationKind::Group, &Content::Deleted).is_nobody());
    }

    #[test]
    fn names_beyond_the_limit_are_text() {
        let text: String = (0..=MENTIONS_PER_MESSAGE)
            .map(|n| format!("@user{n} @user0 "))
            .collect();
        let found = of(ConversationKind::Group, &text);
        assert_eq!(found.names(), MENTIONS_PER_MESSAGE);
        assert!(found.includes(&name(&format!("user{}", MENTIONS_PER_MESSAGE - 1))));
        assert!(!found.includes(&name(&format!("user{MENTIONS_PER_MESSAGE}"))));
    }

    #[test]
    fn the_difference_is_whoever_is_in_one_of_both() {
        let kind = ConversationKind::Group;
        let between = |a, b| of(kind, a).difference(&of(kind, b));
        assert!(between("@asha @bilal", "@bilal @asha").is_nobody());
        let news = between("@asha @bilal", "@bilal @chandra");
        let told = ["asha", "bilal", "chandra"].map(|it| news.includes(&name(it)));
        assert_eq!(told, [true, false, true]);
        assert!(between("@all", "@asha").includes(&name("bilal")));
        assert!(!between("@all @asha", "@all").includes(&name("bilal")));
    }
}
