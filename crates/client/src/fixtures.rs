//! What the tests of this crate are made of.

use protocol::{
    Change, ChangeKind, Content, ConversationId, ConversationKind, ConversationSummary,
    DisplayName, Emoji, GroupSettings, Marks, Member, Message, MessageBody, Person, Role, SendId,
    Seq, Timestamp, UserId, Username,
};

pub(crate) const ME: u8 = 1;
pub(crate) const THEM: u8 = 2;

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000 + millis)
}

pub(crate) fn user(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

pub(crate) fn here() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}

pub(crate) fn send_id(n: u8) -> SendId {
    SendId::from_bytes([n; 16])
}

pub(crate) fn body(text: &str) -> MessageBody {
    MessageBody::parse(text).unwrap()
}

pub(crate) fn person(n: u8) -> Person {
    Person {
        id: user(n),
        username: Username::parse(&format!("user{n}")).unwrap(),
        display_name: DisplayName::parse(&format!("User {n}")).unwrap(),
    }
}

pub(crate) fn member(n: u8, role: Role) -> Member {
    Member {
        person: person(n),
        role,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
    }
}

/// The other one has read up to a place.
pub(crate) fn reached(read: u64) -> crate::row::Reached {
    crate::row::Reached {
        read: Seq(read),
        ..crate::row::Reached::NOWHERE
    }
}

/// A stored entry.
pub(crate) fn entry(seq: u64, author: u8, content: Content) -> Message {
    Message {
        conversation: here(),
        seq: Seq(seq),
        author: user(author),
        send_id: SendId::from_parts(at(seq), u128::from(author)),
        sent_at: at(seq),
        content,
        marks: Marks::default(),
    }
}

/// Words that mention the reader or somebody else, by turns.
fn words(what: &str, seq: u64) -> String {
    let name = [ME, THEM][usize::from(seq.is_multiple_of(3))];
    format!("{what} {seq} @user{name}")
}

/// A stored text.
pub(crate) fn message(seq: u64, author: u8) -> Message {
    let text = body(&format!("number {seq}"));
    entry(seq, author, Content::Text(text.into()))
}

/// A stored change.
pub(crate) fn change(seq: u64, author: u8, target: u64, kind: ChangeKind) -> Message {
    let target = Seq(target);
    entry(seq, author, Content::Change(Change { target, kind }))
}

pub(crate) fn edit(text: &str) -> ChangeKind {
    ChangeKind::Edit(body(text))
}

pub(crate) fn react(emoji: &str, on: bool) -> ChangeKind {
    let emoji = Emoji::parse(emoji).unwrap();
    ChangeKind::React { emoji, on }
}

/// A direct conversation.
pub(crate) fn summary(last: u64, read: u64, unread: u32) -> ConversationSummary {
    ConversationSummary {
        id: here(),
        kind: ConversationKind::Direct,
        title: None,
        description: None,
        settings: GroupSettings::default(),
        members: vec![member(ME, Role::Member), member(THEM, Role::Member)],
        member_count: 2,
        pins: Vec::new(),
        created_at: at(0),
        last_seq: Seq(last),
        last_message: (last > 0).then(|| message(last, THEM)),
        read_seq: Seq(read),
        unread,
        preferences: protocol::Preferences::default(),
        mentions: 0,
        slow_mode: protocol::SlowMode::Off,
        lifespan: None,
        request: None,
    }
}

/// A group of these, the first one its owner.
pub(crate) fn group(last: u64, users: &[u8]) -> ConversationSummary {
    let roles = std::iter::once(Role::Owner).chain(std::iter::repeat(Role::Member));
    let members = users.iter().zip(roles).map(|(n, role)| member(*n, role));
    ConversationSummary {
        kind: ConversationKind::Group,
        title: Some(DisplayName::parse("Chai").unwrap()),
        members: members.collect(),
        member_count: u32::try_from(users.len()).unwrap(),
        ..summary(last, last, 0)
    }
}

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Say,
    Edit,
    Delete,
    React(bool),
    Pin(bool),
    Rename,
}

/// What a server has of a conversation: every entry as it was appended, and as it is now.
#[derive(Clone, Default, Debug)]
pub(crate) struct Log {
    pub(crate) appended: Vec<Message>,
    pub(crate) entries: Vec<Message>,
}

impl Log {
    /// Somebody does something, to the message at `target` if it is a change and can be one.
    pub(crate) fn happen(&mut self, author: u8, deed: Deed, target: usize) -> &Message {
        let seq = u64::try_from(self.entries.len() + 1).unwrap();
        let texts: Vec<u64> = self
            .entries
            .iter()
            .filter(|it| matches!(it.content, Content::Text(_)))
            .map(|it| it.seq.0)
            .collect();
        let target = texts.get(target % texts.len().max(1)).copied();
        let kind = match deed {
            Deed::Say | Deed::Rename => None,
            Deed::Edit => Some(edit(&words("edited by", seq))),
            Deed::Delete => Some(ChangeKind::Delete),
            Deed::React(on) => Some(react(["👍", "❤️"][usize::from(seq % 2 == 0)], on)),
            Deed::Pin(on) => Some(ChangeKind::Pin(on)),
        };
        self.append(match (deed, target, kind) {
            (Deed::Rename, ..) => {
                let title = DisplayName::parse(&format!("Name {seq}")).unwrap();
                let renamed = protocol::Notice::Renamed { title };
                entry(seq, author, Content::Notice(renamed))
            }
            (_, Some(target), Some(kind)) => change(seq, author, target, kind),
            _ => {
                let text = body(&words("number", seq));
                entry(seq, author, Content::Text(text.into()))
            }
        })
    }

    /// As the committer does it.
    pub(crate) fn append(&mut self, entry: Message) -> &Message {
        if let Content::Change(change) = &entry.content {
            for other in &mut self.entries {
                if other.seq == change.target {
                    other.fold((&entry).into(), &change.kind);
                }
                if change.kind == ChangeKind::Delete
                    && let Content::Change(edit) = &mut other.content
                    && edit.target == change.target
                    && matches!(edit.kind, ChangeKind::Edit(_))
                {
                    edit.kind = ChangeKind::Withdrawn;
                }
            }
        }
        self.entries.push(entry.clone());
        self.appended.push(entry);
        self.appended.last().unwrap()
    }

    pub(crate) fn last(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap()
    }

    /// The entries of a range, as they are now.
    pub(crate) fn page(&self, from: u64, to: u64) -> Vec<Message> {
        let in_range = |it: &&Message| (from..=to).contains(&it.seq.0);
        self.entries.iter().filter(in_range).cloned().collect()
    }

    /// The newest entries of a range, as a page brings them.
    pub(crate) fn newest_of(&self, from: u64, to: u64, most: u64) -> Vec<Message> {
        let to = to.min(self.last());
        self.page(from.max((to + 1).saturating_sub(most)), to)
    }

    /// As it was after so many entries.
    pub(crate) fn after(&self, last: u64) -> Self {
        let mut log = Self::default();
        for entry in self.appended.iter().take_while(|it| it.seq.0 <= last) {
            log.append(entry.clone());
        }
        log
    }
}
