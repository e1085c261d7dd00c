//! What the client knows, as signals. Only what changed is set, and only if it is different.

use std::collections::BTreeMap;

use client::{Change, Client, Item, ListRow, Newer, Older, RowKey, layout};
use leptos::prelude::*;
use protocol::{ConversationId, CustomStatus, Person, Presence, Seq, UserId};

use super::clock::Days;
use super::{ConversationView, ListItem, LiveItem, RowView};

/// Sets a signal if that changes its value.
pub(super) fn show<S, T>(signal: &S, value: T)
where
    S: WithUntracked<Value = T> + Set<Value = T>,
    T: PartialEq + 'static,
{
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

/// The signals that exist so far, by what they show.
#[derive(Default)]
pub(super) struct Views {
    list: BTreeMap<ConversationId, ArcRwSignal<ListRow>>,
    conversations: BTreeMap<ConversationId, Shown>,
    presence: BTreeMap<UserId, ArcRwSignal<Option<Presence>>>,
    statuses: BTreeMap<UserId, ArcRwSignal<Option<CustomStatus>>>,
    persons: BTreeMap<UserId, ArcRwSignal<Option<Person>>>,
}

/// A conversation's signals and those of its rows.
struct Shown {
    view: ConversationView,
    rows: Column,
    answers: Column,
}

impl ConversationView {
    /// Of a conversation that nothing is known of.
    pub(super) fn empty(id: ConversationId) -> Self {
        Self {
            id,
            summary: ArcRwSignal::new(None),
            gone: ArcRwSignal::new(false),
            items: ArcRwSignal::new(Vec::new()),
            thread: ArcRwSignal::new(None),
            answers: ArcRwSignal::new(Vec::new()),
            rows: ArcTrigger::new(),
            waiting: ArcRwSignal::new(Vec::new()),
            pins: ArcRwSignal::new(Vec::new()),
            older: ArcRwSignal::new(Older::More),
            newer: ArcRwSignal::new(Newer::AtNewest),
            sought: ArcRwSignal::new(None),
            newest: ArcRwSignal::new(Seq::ZERO),
            typing: ArcRwSignal::new(Vec::new()),
        }
    }
}

impl Views {
    /// The signals of a conversation.
    pub(super) fn conversation(
        &mut self,
        client: &Client,
        days: &Days,
        id: ConversationId,
    ) -> ConversationView {
        if let Some(shown) = self.conversations.get(&id) {
            return shown.view.clone();
        }
        let mut shown = Shown {
            view: ConversationView::empty(id),
            rows: Column::default(),
            answers: Column::default(),
        };
        shown.summarise(client);
        shown.lay_out(client, days);
        show(&shown.view.typing, client.typing(id));
        let view = shown.view.clone();
        self.conversations.insert(id, shown);
        view
    }

    /// The signal of somebody's presence.
    pub(super) fn presence(
        &mut self,
        client: &Client,
        user: UserId,
    ) -> ArcRwSignal<Option<Presence>> {
        self.presence
            .entry(user)
            .or_insert_with(|| ArcRwSignal::new(client.presence(user)))
            .clone()
    }

    /// The signal of what somebody says of themselves for a while.
    pub(super) fn custom_status(
        &mut self,
        client: &Client,
        user: UserId,
    ) -> ArcRwSignal<Option<CustomStatus>> {
        self.statuses
            .entry(user)
            .or_insert_with(|| ArcRwSignal::new(client.custom_status(user).cloned()))
            .clone()
    }

    /// The signal of who somebody is.
    pub(super) fn person(&mut self, client: &Client, user: UserId) -> ArcRwSignal<Option<Person>> {
        self.persons
            .entry(user)
            .or_insert_with(|| ArcRwSignal::new(client.person(user).cloned()))
            .clone()
    }

    /// Reads again what a change names. The list's order is not: it is asked for once, by
    /// [`Views::order`], after all changes of a step.
    pub(super) fn update(&mut self, client: &Client, days: &Days, change: Change) {
        match change {
            Change::List(id) => {
                match (self.list.get(&id), client.list_row(id)) {
                    (Some(signal), Some(row)) => show(signal, row),
                    (None, Some(row)) => {
                        self.list.insert(id, ArcRwSignal::new(row));
                    }
                    (_, None) => {
                        self.list.remove(&id);
                    }
                }
                if let Some(shown) = self.conversations.get(&id) {
                    shown.summarise(client);
                }
            }
            Change::Rows(id) => {
                if let Some(shown) = self.conversations.get_mut(&id) {
                    shown.lay_out(client, days);
                }
            }
            Change::Typing(id) => {
                if let Some(shown) = self.conversations.get(&id) {
                    show(&shown.view.typing, client.typing(id));
                }
            }
            Change::Presence(user) => {
                if let Some(signal) = self.presence.get(&user) {
                    show(signal, client.presence(user));
                }
            }
            Change::Status(user) => {
                if let Some(signal) = self.statuses.get(&user) {
                    show(signal, client.custom_status(user).cloned());
                }
            }
            Change::Gone(id) => {
                if let Some(shown) = self.conversations.get(&id) {
                    show(&shown.view.gone, true);
                }
            }
            Change::Person(user) => {
                if let Some(signal) = self.persons.get(&user) {
                    show(signal, client.person(user).cloned());
                }
            }
            Change::Connection => {
                // What can be loaded depends on it.
                for (id, shown) in &self.conversations {
                    show(&shown.view.older, client.older(*id));
                    show(&shown.view.newer, client.newer(*id));
                }
            }
            Change::Blocked
            | Change::Privacy
            | Change::Availability
            | Change::Saved
            | Change::Reminders
            | Change::Folders
            | Change::Dismissals
            | Change::Redrafted(_)
            | Change::Scheduled
            | Change::Announce { .. }
            | Change::SendRefused { .. }
            | Change::SendFailed { .. } => {}
        }
    }

    /// The list in its order.
    pub(super) fn order(&self, client: &Client, list: RwSignal<Vec<ListItem>>) {
        let ids = client.list();
        let same = list.try_with_untracked(|rows| {
            rows.len() == ids.len() && rows.iter().zip(&ids).all(|(row, id)| row.id == *id)
        });
        if same == Some(false) {
            let rows = ids.into_iter().filter_map(|id| {
                let row = self.list.get(&id)?.clone();
                Some(ListItem { id, row })
            });
            list.set(rows.collect());
        }
    }

    /// Days begin elsewhere now: midnight has come, or the reader has travelled.
    pub(super) fn lay_out_again(&mut self, client: &Client, days: &Days) {
        for shown in self.conversations.values_mut() {
            shown.lay_out(client, days);
        }
    }
}

impl Shown {
    fn summarise(&self, client: &Client) {
        let id = self.view.id;
        let mut summary = client.conversation(id).cloned();
        if let Some(summary) = &mut summary {
            summary.preferences = client.preferences(id);
            summary.request = client.request(id);
        }
        if summary.is_some() {
            show(&self.view.gone, false);
        }
        show(&self.view.summary, summary);
        show(&self.view.pins, client.pins(id));
    }

    fn lay_out(&mut self, client: &Client, days: &Days) {
        let id = self.view.id;
        // Before the items: whoever looks at those asks which they are.
        show(&self.view.newer, client.newer(id));
        show(&self.view.sought, client.sought(id));
        let by_day = |at| days.number(at);
        let divider = client.divider(id);
        let items = layout(client.shown(id), client.me(), divider, by_day);
        self.rows.set(&self.view.items, client, id, items);
        show(&self.view.thread, client.thread(id));
        let items = layout(client.thread_rows(id), client.me(), None, by_day);
        self.answers.set(&self.view.answers, client, id, items);
        show(&self.view.waiting, client.waiting(id));
        show(&self.view.pins, client.pins(id));
        self.view.rows.notify();
        show(&self.view.older, client.older(id));
        show(&self.view.newest, client.newest(id));
    }
}

/// The signals of the rows of one column.
#[derive(Default)]
struct Column(BTreeMap<RowKey, ArcRwSignal<RowView>>);

impl Column {
    /// Brings rows and items up to date.
    fn set(
        &mut self,
        shown: &ArcRwSignal<Vec<LiveItem>>,
        client: &Client,
        id: ConversationId,
        items: Vec<Item<'_>>,
    ) {
        let mut rows = BTreeMap::new();
        let mut new = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Day { day, at } => new.push(LiveItem::Day { day, at }),
                Item::UnreadDivider => new.push(LiveItem::UnreadDivider),
                Item::Message {
                    row,
                    first_of_group,
                    last_of_group,
                } => {
                    let fresh = RowView {
                        row: row.clone(),
                        first_of_group,
                        last_of_group,
                        saved: row.seq.is_some_and(|seq| client.is_saved(id, seq)),
                        new_answers: client.new_answers(id, row),
                    };
                    if let Some(view) = self.row(&mut rows, fresh) {
                        new.push(LiveItem::Message { key: row.key, view });
                    }
                }
                Item::Notice { row } => {
                    let fresh = RowView {
                        row: row.clone(),
                        first_of_group: true,
                        last_of_group: true,
                        saved: false,
                        new_answers: None,
                    };
                    if let Some(view) = self.row(&mut rows, fresh) {
                        new.push(LiveItem::Notice { key: row.key, view });
                    }
                }
            }
        }
        self.0 = rows;
        let same = shown.with_untracked(|old| {
            old.len() == new.len() && old.iter().zip(&new).all(|(a, b)| a.key() == b.key())
        });
        if !same {
            shown.set(new);
        }
    }

    /// The signal of a row, which goes from the rows shown before to those shown `now`. `None`
    /// for a row that is among them already: a keyed list cannot hold a key twice.
    fn row(
        &mut self,
        now: &mut BTreeMap<RowKey, ArcRwSignal<RowView>>,
        fresh: RowView,
    ) -> Option<ArcRwSignal<RowView>> {
        let key = fresh.row.key;
        if now.contains_key(&key) {
            return None;
        }
        let view = match self.0.remove(&key) {
            Some(view) => {
                show(&view, fresh);
                view
            }
            None => ArcRwSignal::new(fresh),
        };
        now.insert(key, view.clone());
        Some(view)
    }
}
