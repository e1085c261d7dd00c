//! What the screen reads.

use std::cmp::Reverse;

use protocol::{ConversationId, ConversationSummary, Presence, Seq, Timestamp, UserId};

use super::{Client, status};
use crate::{Delivery, Divider, Draft, ListRow, Row, Status};

impl Client {
    /// Whose client it is.
    #[must_use]
    pub fn me(&self) -> UserId {
        self.config.me
    }

    /// What to say about the connection.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        status(&self.session, self.outbox.waiting(), now)
    }

    /// Whether frames flow in both directions right now.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.session.is_live()
    }

    /// The conversation list, the most recently active first.
    #[must_use]
    pub fn list(&self) -> Vec<ConversationId> {
        let mut list: Vec<(Reverse<Timestamp>, ConversationId)> = self
            .conversations
            .values()
            .filter_map(|it| Some((Reverse(self.active_at(it.summary.as_ref()?)), it.id)))
            .collect();
        list.sort_unstable();
        list.into_iter().map(|(_, id)| id).collect()
    }

    /// A row of the conversation list.
    #[must_use]
    pub fn list_row(&self, id: ConversationId) -> Option<ListRow> {
        let it = self.conversations.get(&id)?;
        let summary = it.summary.as_ref()?;
        let unsent = self.outbox.rows(id).last();
        let own = summary
            .last_message
            .as_ref()
            .filter(|message| message.author == self.config.me);
        Some(ListRow {
            summary: summary.clone(),
            draft: it.draft.clone(),
            delivery: unsent
                .map(|row| row.delivery)
                .or_else(|| own.map(|_| Delivery::Sent)),
            unsent: unsent.and_then(|row| Some(row.content.body()?.as_str().to_owned())),
            active_at: self.active_at(summary),
        })
    }

    fn active_at(&self, summary: &ConversationSummary) -> Timestamp {
        let unsent = self.outbox.rows(summary.id).last();
        unsent.map_or(summary.active_at(), |row| {
            row.sent_at.max(summary.active_at())
        })
    }

    /// Unread messages over all conversations.
    #[must_use]
    pub fn unread(&self) -> u32 {
        self.conversations
            .values()
            .filter_map(|it| Some(it.summary.as_ref()?.unread))
            .fold(0, u32::saturating_add)
    }

    /// A conversation as this client knows it.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.conversations.get(&id)?.summary.as_ref()
    }

    /// The rows of a conversation, oldest first, echoes at the end.
    pub fn rows(&self, id: ConversationId) -> impl Iterator<Item = &Row> {
        let stored = self
            .conversations
            .get(&id)
            .into_iter()
            .flat_map(|it| it.timeline.rows());
        stored.chain(self.outbox.rows(id))
    }

    /// The newest place up to which this client misses nothing.
    #[must_use]
    pub fn newest(&self, id: ConversationId) -> Seq {
        self.conversations
            .get(&id)
            .map_or(Seq::ZERO, |it| it.timeline.last())
    }

    /// Where the unread divider of the open conversation stands.
    #[must_use]
    pub fn divider(&self, id: ConversationId) -> Option<Divider> {
        self.conversations.get(&id)?.divider
    }

    /// Who types in a conversation, the longest first.
    #[must_use]
    pub fn typing(&self, id: ConversationId) -> Vec<UserId> {
        self.typists.in_conversation(id)
    }

    /// Whether somebody is there, where known.
    #[must_use]
    pub fn presence(&self, user: UserId) -> Option<Presence> {
        self.people.get(user)
    }

    /// What stands in a composer.
    #[must_use]
    pub fn draft_of(&self, id: ConversationId) -> Option<&Draft> {
        self.conversations.get(&id)?.draft.as_ref()
    }

    /// Messages that would be lost with this device: not stored by the server yet.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.unsent()
    }
}
