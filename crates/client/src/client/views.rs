//! What the screen reads.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use protocol::{
    ConversationId, ConversationSummary, Mute, Person, Presence, SavedPlace, Section, Seq,
    Timestamp, UserId,
};

use super::Client;
use crate::list::Order;
use crate::status::status;
use crate::timeline::Timeline;
use crate::{Divider, ListRow, Newer, Row, Status, Waiting};

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

    /// The conversation list: section by section, the most recently active first.
    #[must_use]
    pub fn list(&self) -> Vec<ConversationId> {
        let rows = self.conversations.values();
        let rows = rows.filter_map(|it| {
            let summary = it.summary.as_ref()?;
            let active_at = Reverse(self.active_at(summary));
            Some((self.section_of(summary), active_at, it.id))
        });
        let shown = rows.filter(|(section, ..)| *section != Section::Hidden);
        let mut list: Vec<Order> = shown.collect();
        list.sort_unstable();
        list.into_iter().map(|(.., id)| id).collect()
    }

    /// A row of the conversation list.
    #[must_use]
    pub fn list_row(&self, id: ConversationId) -> Option<ListRow> {
        let it = self.conversations.get(&id)?;
        let unsent = self.outbox.rows(id).last();
        let summary = it.summary.as_ref()?;
        let active_at = self.active_at(summary);
        let section = self.section_of(summary);
        let mut summary = summary.clone();
        summary.preferences = self.arranged(&summary);
        summary.request = self.asked_in(&summary);
        summary.last_message = summary.last_message.filter(|last| !last.is_out_of_sight());
        let mut stored = None;
        if let Some(last) = &mut summary.last_message {
            self.outbox.apply_to_entry(last);
            let own = last.author == self.config.me && last.content.counts();
            stored = own.then(|| it.timeline.delivery(last.author, last.seq));
        }
        Some(ListRow {
            active_at,
            section,
            muted: summary.preferences.is_muted(self.server_now()),
            summary,
            draft: it.draft.clone(),
            delivery: unsent.map(|row| row.delivery).or(stored),
            unsent: unsent.and_then(|row| Some(row.content.words()?.into_owned())),
        })
    }

    fn active_at(&self, summary: &ConversationSummary) -> Timestamp {
        let unsent = self.outbox.rows(summary.id).last();
        unsent.map_or(summary.active_at(), |row| {
            row.sent_at.max(summary.active_at())
        })
    }

    /// Whom the account blocks, as far as the server has said.
    #[must_use]
    pub const fn blocked(&self) -> &BTreeSet<UserId> {
        self.people.blocked()
    }

    /// Unread messages over all conversations, but for those that are muted or put away and for
    /// requests; where
    /// all but mentions are muted, those. One that is marked counts as one.
    #[must_use]
    pub fn unread(&self) -> u32 {
        self.conversations
            .values()
            .filter_map(|it| {
                let summary = it.summary.as_ref()?;
                let preferences = self.arranged(summary);
                let marked = u32::from(preferences.marked_unread);
                let count = match preferences.mute {
                    Mute::ExceptMentions => summary.mentions,
                    mute if mute.is_on(self.server_now()) => 0,
                    _ => summary.unread.max(marked),
                };
                let calls = self.section_of(summary) < Section::Archive;
                calls.then_some(count)
            })
            .fold(0, u32::saturating_add)
    }

    /// A conversation as this client knows it.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&ConversationSummary> {
        self.conversations.get(&id)?.summary.as_ref()
    }

    /// The rows of a conversation, oldest first, echoes at the end: messages and notices, as all
    /// changes have made them that are known, and those that wait. Changes are no rows.
    pub fn rows(&self, id: ConversationId) -> impl Iterator<Item = &Row> {
        self.stored_rows(id).chain(self.outbox.rows(id))
    }

    pub(super) fn stored_rows(&self, id: ConversationId) -> impl DoubleEndedIterator<Item = &Row> {
        let conversation = self.conversations.get(&id);
        conversation.into_iter().flat_map(|it| it.rows())
    }

    /// The row at a place, where it is held: of a message that is answered, for example.
    #[must_use]
    pub fn row_at(&self, id: ConversationId, seq: Seq) -> Option<&Row> {
        self.conversations.get(&id)?.row(seq)
    }

    /// The newest place that has a row here; what counts as seen when the end is in sight. None
    /// where the rows shown do not reach it.
    #[must_use]
    pub fn newest(&self, id: ConversationId) -> Seq {
        if self.newer(id) != Newer::AtNewest {
            return Seq::ZERO;
        }
        // What is over is seen, too.
        let it = self.conversations.get(&id);
        it.and_then(|it| it.timeline.newest_said())
            .unwrap_or_default()
    }

    /// Everybody else who has seen what stands at a place, in the order of the members. In large
    /// groups nobody is told.
    #[must_use]
    pub fn seen_by(&self, id: ConversationId, seq: Seq) -> Vec<UserId> {
        let author = self.row_at(id, seq).map(|row| row.key.author);
        let members = self.conversation(id).into_iter().flat_map(|it| &it.members);
        members
            .filter(|member| member.read_seq >= seq)
            .map(|member| member.person.id)
            .filter(|user| *user != self.config.me && Some(*user) != author)
            .collect()
    }

    /// The places that are pinned, the one pinned last first, with what waits.
    #[must_use]
    pub fn pins(&self, id: ConversationId) -> Vec<Seq> {
        let mut pins = self
            .conversation(id)
            .map_or(Vec::new(), |it| it.pins.clone());
        self.outbox.apply_to_pins(id, &mut pins);
        let is_gone = |seq| self.row_at(id, seq).is_some_and(Row::is_out_of_sight);
        pins.retain(|seq| {
            let conversation = id;
            let place = SavedPlace {
                conversation,
                seq: *seq,
            };
            !is_gone(*seq) && !self.is_dismissed(place)
        });
        pins
    }

    /// What a conversation waits for beside messages (changes, and what is done to a group), in
    /// the order in which it was asked for. What was refused is in it until it is discarded.
    #[must_use]
    pub fn waiting(&self, id: ConversationId) -> Vec<Waiting> {
        self.outbox.waiting_in(id).collect()
    }

    /// Everything that was refused for good and that no row shows: changes, what was done to
    /// groups, and whatever was meant for conversations that the account is not in any more. To
    /// be told, and then tried again or discarded.
    #[must_use]
    pub fn failures(&self) -> Vec<Waiting> {
        self.outbox.failures(|id| self.conversation(id).is_some())
    }

    /// Who somebody is, where known. [`crate::Input::NameThese`] asks.
    #[must_use]
    pub fn person(&self, user: UserId) -> Option<&Person> {
        self.names.get(user)
    }

    /// Where the unread divider of the open conversation stands.
    #[must_use]
    pub fn divider(&self, id: ConversationId) -> Option<Divider> {
        let it = self.conversations.get(&id)?;
        let begins_after = it.window.run().map_or(Seq::ZERO, Timeline::base);
        it.divider.filter(|divider| begins_after <= divider.after)
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

    /// How many wishes about how conversations are to be arranged, about what is saved, about
    /// reminders, drafts, folders, threads and what is deleted for the user the server has not
    /// answered.
    #[must_use]
    pub fn wishes(&self) -> usize {
        let own = self.saved.wishes.len() + self.reminders.wishes.len();
        let kept = self.dismissals.wishes.len() + self.drafts.len();
        let others = self.folders.wishes.len() + self.seen_threads.len();
        self.arrangements.len() + own + kept + others
    }

    /// Messages that would be lost with this device: not stored by the server yet.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.unsent()
    }
}
