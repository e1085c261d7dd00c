//! What a screen shows.

use serde::{Deserialize, Serialize};

use crate::{
    ConversationId, Description, DisplayName, Lifespan, Message, Preferences, Request, Section,
    Seq, SlowMode, Timestamp, UserId, Username,
};

/// The newest message a client holds of a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumePoint {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The newest place up to which the client misses nothing.
    pub seq: Seq,
}

/// A person as others see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The unique name.
    pub username: Username,
    /// The name on screen.
    pub display_name: DisplayName,
}

impl Person {
    /// What others see of an account that was deleted. Clients say it in the language of
    /// whoever reads it.
    #[must_use]
    pub fn gone(id: UserId) -> Self {
        Self {
            id,
            username: Username::gone(id),
            display_name: DisplayName::gone(),
        }
    }

    /// Whether the account was deleted.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.username.is_reserved()
    }
}

/// What a conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people; unique per pair.
    Direct,
    /// One person's notes; unique per person.
    Notes,
    /// Any number of people under a name.
    Group,
}

/// What a member may do in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and writes.
    Member,
    /// Manages members too.
    Admin,
    /// May do everything, delete included.
    Owner,
}

/// Somebody's membership.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// The newest place they have seen, where they let others know.
    pub read_seq: Seq,
}

/// The rules of a group that its admins choose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSettings {
    /// Only admins write.
    pub announcements_only: bool,
    /// Whoever comes sees what was written before.
    pub history_for_new: bool,
}

/// One row of the conversation list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationSummary {
    /// Which conversation.
    pub id: ConversationId,
    /// What it is.
    pub kind: ConversationKind,
    /// A group's name.
    pub title: Option<DisplayName>,
    /// What a group is about.
    pub description: Option<Description>,
    /// The rules of a group.
    pub settings: GroupSettings,
    /// Everybody in it, the caller first; of a group at most
    /// [`crate::limits::SUMMARY_MEMBERS`], the others are asked for.
    pub members: Vec<Member>,
    /// How many are in it.
    pub member_count: u32,
    /// The places of pinned messages, the one pinned last first.
    pub pins: Vec<Seq>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The newest place; [`Seq::ZERO`] while nothing was written.
    pub last_seq: Seq,
    /// The newest entry that is shown: no change.
    pub last_message: Option<Message>,
    /// The caller's read cursor: the newest place they have seen.
    pub read_seq: Seq,
    /// Messages of others after `read_seq`; counts at most [`ConversationSummary::UNREAD_CAP`].
    pub unread: u32,
    /// How the caller has arranged it; nobody else sees that.
    pub preferences: Preferences,
    /// Those among them that mention the caller.
    pub mentions: u32,
    /// How often members of a group write.
    #[serde(default)]
    pub slow_mode: SlowMode,
    /// How long messages stay that are written now; `None` for good.
    #[serde(default)]
    pub lifespan: Option<Lifespan>,
    /// That one of two has written and the other has not answered yet.
    #[serde(default)]
    pub request: Option<Request>,
}

impl ConversationSummary {
    /// Where counting unread messages stops; shown as "999+".
    pub const UNREAD_CAP: u32 = 1_000;

    /// The place of the newest entry that is shown; what brings it back from the archive.
    #[must_use]
    pub fn shown_seq(&self) -> Seq {
        self.last_message
            .as_ref()
            .map_or(Seq::ZERO, |message| message.seq)
    }

    /// Where it stands in the list, at a moment of the server's clock.
    #[must_use]
    pub fn section(&self, now: Timestamp) -> Section {
        self.section_with(self.preferences, self.request, now)
    }

    /// The same with other preferences, and with what is left of a request.
    #[must_use]
    pub fn section_with(
        &self,
        preferences: Preferences,
        request: Option<Request>,
        now: Timestamp,
    ) -> Section {
        let me = self.members.first().map(|me| me.person.id);
        let asks_me = |request: Request| me.is_some_and(|me| request.is_to(me));
        match preferences.section(self.shown_seq(), now) {
            section if !request.is_some_and(asks_me) => section,
            Section::Archive => Section::Hidden,
            _ if self.last_message.is_none() => Section::Hidden,
            _ => Section::Requests,
        }
    }

    /// What the list is sorted by, newest first: the last message's time, or the creation's.
    #[must_use]
    pub fn active_at(&self) -> Timestamp {
        self.last_message
            .as_ref()
            .map_or(self.created_at, |message| message.sent_at)
    }
}

/// Who of a conversation has seen a message.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readers {
    /// Those who have.
    pub seen: Vec<Person>,
    /// Those who have not.
    pub waiting: Vec<Person>,
}

/// Consecutive messages of a conversation, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryPage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The messages, each `seq` one more than the one before.
    pub messages: Vec<Message>,
    /// The newest place of the conversation when the page was read.
    pub last_seq: Seq,
}

/// Whether somebody is there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At least one connection is open.
    Online,
    /// None is, since the time given.
    Offline {
        /// When the last connection closed; `None` if not known.
        since: Option<Timestamp>,
    },
    /// Connections are open, and nobody has been active on any of them for a while.
    Away,
    /// At least one is open, and they are not to be disturbed.
    Busy,
}
