//! What there is to read.

use std::collections::BTreeSet;

use client::{Amend, Row, RowKey, Status, Waiting};
use leptos::prelude::*;
use protocol::{
    Availability, ConversationId, CustomStatus, Person, Preferences, Presence, Privacy, Seq,
    Timestamp, UserId,
};

use crate::i18n::texts;

use super::{Announcement, ConversationView, Left, ListItem, Live, Storage};

impl Live {
    /// The conversation list, the most recently active first.
    #[must_use]
    pub fn list(&self) -> Signal<Vec<ListItem>> {
        self.signals.list.into()
    }

    /// Unread messages over all conversations.
    #[must_use]
    pub fn unread(&self) -> Signal<u32> {
        self.signals.unread.into()
    }

    /// Whom the user blocks.
    #[must_use]
    pub fn blocked(&self) -> Signal<BTreeSet<UserId>> {
        self.signals.blocked.into()
    }

    /// What the user hides from others.
    #[must_use]
    pub fn privacy(&self) -> Signal<Privacy> {
        self.signals.privacy.into()
    }

    /// What the connection strip shows.
    #[must_use]
    pub fn status(&self) -> Signal<Status> {
        self.signals.status.into()
    }

    /// Whether what is written survives a reload.
    #[must_use]
    pub fn storage(&self) -> Signal<Storage> {
        self.signals.storage.into()
    }

    /// Messages of this tab that the server has not answered for.
    #[must_use]
    pub fn unsent(&self) -> Signal<usize> {
        self.signals.unsent.into()
    }

    /// Changes whenever what the account has scheduled may be another than before.
    #[must_use]
    pub fn scheduled_changes(&self) -> Signal<u32> {
        self.signals.scheduled.into()
    }

    /// The same, with those of the account's other tabs.
    pub async fn unsent_on_device(self) -> usize {
        let stored = match self.browser() {
            Some(browser) => browser.keeper.unsent().await,
            None => 0,
        };
        stored.max(self.signals.unsent.try_get_untracked().unwrap_or_default())
    }

    /// Everything that was refused for good and that no row shows. To be told, and then tried
    /// again or discarded.
    #[must_use]
    pub fn failures(&self) -> Signal<Vec<Waiting>> {
        self.signals.failures.into()
    }

    /// The newest announcement; the number tells two equal ones apart.
    #[must_use]
    pub fn announcement(&self) -> Signal<Option<(u64, Announcement)>> {
        self.signals.announcement.into()
    }

    /// The number of today in the reader's time zone; UTC until the page is mounted.
    #[must_use]
    pub fn today(&self) -> Signal<i64> {
        self.signals.today.into()
    }

    /// Why the account has left this tab; `None` as long as it has not.
    #[must_use]
    pub fn left(&self) -> Signal<Option<Left>> {
        self.signals.left.into()
    }

    /// The signals of one conversation.
    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> ConversationView {
        self.core
            .try_update_value(|core| core.conversation(id))
            .unwrap_or_else(|| ConversationView::empty(id))
    }

    /// Whether somebody is there, where known.
    #[must_use]
    pub fn presence(&self, user: UserId) -> Signal<Option<Presence>> {
        self.core
            .try_update_value(|core| core.presence(user))
            .unwrap_or_else(|| ArcRwSignal::new(None))
            .into()
    }

    /// What somebody says of themselves for a while, where known.
    #[must_use]
    pub fn custom_status(&self, user: UserId) -> Signal<Option<CustomStatus>> {
        self.core
            .try_update_value(|core| core.custom_status(user))
            .unwrap_or_else(|| ArcRwSignal::new(None))
            .into()
    }

    /// How the user wants to be there for others.
    #[must_use]
    pub fn availability(&self) -> Signal<Availability> {
        self.signals.availability.into()
    }

    /// Who somebody is, where known. [`Live::name_these`] asks.
    #[must_use]
    pub fn person(&self, user: UserId) -> Signal<Option<Person>> {
        self.core
            .try_update_value(|core| core.person(user))
            .unwrap_or_else(|| ArcRwSignal::new(None))
            .into()
    }

    /// What somebody is called, where known. Read reactively.
    #[must_use]
    pub fn name(&self, user: UserId) -> Option<String> {
        let person = self.person(user);
        person.with(|person| Some(texts().called(person.as_ref()?).to_owned()))
    }

    /// What whoever is signed in is called: as they were known when the page was made, unless
    /// something newer is known. Read reactively.
    #[must_use]
    pub fn called(&self, me: &Person) -> String {
        let name = self.name(me.id);
        name.unwrap_or_else(|| me.display_name.to_string())
    }

    /// How a conversation is arranged, as the user has last wished.
    #[must_use]
    pub fn preferences(&self, conversation: ConversationId) -> Preferences {
        self.core
            .try_with_value(|core| core.client().preferences(conversation))
            .unwrap_or_default()
    }

    /// The time of the server's clock when something last happened.
    #[must_use]
    pub fn server_now(&self) -> Timestamp {
        self.core
            .try_with_value(|core| core.client().server_now())
            .unwrap_or_default()
    }

    /// The time of the server's clock, as far as it is known.
    #[must_use]
    pub fn server_time(&self) -> Timestamp {
        let now = self.core.try_with_value(|core| core.server_time());
        now.unwrap_or_default()
    }

    /// From when on the user may write in a conversation, by the server's clock; `None` if they
    /// need not wait.
    #[must_use]
    pub fn may_write_at(&self, conversation: ConversationId) -> Option<Timestamp> {
        self.core
            .try_with_value(|core| core.may_write_at(conversation))
            .flatten()
    }

    /// The row at a place, where it is held.
    #[must_use]
    pub fn row_at(&self, conversation: ConversationId, seq: Seq) -> Option<Row> {
        self.core
            .try_with_value(|core| core.client().row_at(conversation, seq).cloned())
            .flatten()
    }

    /// Messages of others after a place, among the newest that are held.
    #[must_use]
    pub fn fresh(&self, conversation: ConversationId, seen: Seq) -> u32 {
        let fresh = self
            .core
            .try_with_value(|core| core.client().fresh(conversation, seen));
        fresh.map_or(0, |count| u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Everybody else who has seen what stands at a place.
    #[must_use]
    pub fn seen_by(&self, conversation: ConversationId, seq: Seq) -> Vec<UserId> {
        self.core
            .try_with_value(|core| core.client().seen_by(conversation, seq))
            .unwrap_or_default()
    }

    /// How the words of a message can be changed now.
    #[must_use]
    pub fn amend(&self, conversation: ConversationId, key: RowKey) -> Amend {
        self.core
            .try_with_value(|core| core.client().amend(conversation, key))
            .unwrap_or(Amend::No)
    }
}
