//! Who is in a conversation, what they have seen, what they are called, and no longer being in
//! one.

use protocol::{ConversationId, Person, Seq, ServerFrame, UserId};

use super::Client;
use crate::names::{Heard, members};
use crate::{Change, Effect, summary};

impl Client {
    /// The server says whom the account blocks.
    pub(super) fn blocks(&mut self, users: Vec<UserId>) {
        let is_news = self.people.block(users);
        self.blocks_changed(is_news);
    }

    /// Other people are blocked now, or not.
    pub(super) fn blocks_changed(&mut self, is_news: bool) {
        if is_news {
            self.requests_changed();
            self.change(Change::Blocked);
        }
    }

    /// Somebody is called like this.
    pub(super) fn learn(&mut self, person: &Person) {
        let heard = self.names.learn(person);
        if heard != Heard::Known {
            self.change(Change::Person(person.id));
        }
        if heard == Heard::Renamed {
            self.rename_members();
        }
    }

    /// Somebody is called differently, wherever they are a member.
    fn rename_members(&mut self) {
        let mut renamed = Vec::new();
        for it in self.conversations.values_mut() {
            if it.rename_members(&self.names) {
                renamed.push(it.id);
            }
        }
        for id in renamed {
            self.list_changed(id);
        }
    }

    /// Asks who those at the top of the list are, where that was told before the present
    /// connection.
    pub(super) fn doubt_names(&mut self) {
        let list = self.list();
        let rows = list.iter().filter_map(|id| self.conversations.get(id));
        let summaries = rows.filter_map(|it| it.summary.as_ref());
        let shown = summaries.flat_map(members).map(|person| person.id);
        self.names.doubt(shown);
    }

    /// Somebody was asked for by name. They may be members whose coming was heard of before
    /// their name.
    pub(super) fn learn_all(&mut self, persons: &[Person]) {
        for person in persons {
            self.learn(person);
        }
        let mut completed = Vec::new();
        for it in self.conversations.values_mut() {
            if it.complete(&self.names) {
                completed.push(it.id);
            }
        }
        for id in completed {
            self.list_changed(id);
        }
    }

    /// Learns what the members of a conversation are called, and who is to be asked for before
    /// its row can be shown.
    pub(super) fn learn_members(&mut self, id: ConversationId) {
        let Some(summary) = self
            .conversations
            .get(&id)
            .and_then(|it| it.summary.as_ref())
        else {
            return;
        };
        let mut renamed = false;
        for person in members(summary) {
            let heard = self.names.learn(person);
            renamed |= heard == Heard::Renamed;
            if heard != Heard::Known {
                self.work.changes.insert(Change::Person(person.id));
            }
        }
        if let Some(last) = &summary.last_message {
            self.names.want_all_of(last);
        }
        if renamed {
            self.rename_members();
        }
    }

    /// The same from what this device remembers, which may be out of date.
    pub(super) fn recall_members(&mut self, id: ConversationId) {
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        for person in it.summary.iter().flat_map(members) {
            if self.names.recall(person) {
                self.work.changes.insert(Change::Person(person.id));
            }
        }
        it.rename_members(&self.names);
        let last = it.summary.as_ref().and_then(|it| it.last_message.as_ref());
        if let Some(last) = last {
            self.names.want_all_of(last);
        }
    }

    /// Somebody else has come further. It is stored with the next change of the row: there are
    /// many of these, and one that is lost is told again.
    pub(super) fn reached(&mut self, frame: &ServerFrame) {
        match *frame {
            ServerFrame::Seen {
                conversation,
                user,
                seq,
            } => self.seen_by_other(conversation, user, seq),
            ServerFrame::Delivered {
                conversation,
                user,
                seq,
            } => self.delivered_to_other(conversation, user, seq),
            _ => {}
        }
    }

    /// Somebody has seen everything up to a place, or it is not shown any more.
    fn seen_by_other(&mut self, id: ConversationId, user: UserId, seq: Seq) {
        let me = self.config.me;
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        let Some(summary) = &mut it.summary else {
            return;
        };
        let is_new = match seq {
            Seq::ZERO => summary::unseen(summary, user),
            seq => summary::seen(summary, user, seq),
        };
        if user == me || !is_new {
            return;
        }
        if it.note_seen(me) {
            self.rows_changed(id);
        }
        self.change(Change::List(id));
    }

    /// A device of the other one of two has everything up to a place.
    fn delivered_to_other(&mut self, id: ConversationId, user: UserId, seq: Seq) {
        let me = self.config.me;
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        let summary = it.summary.as_mut();
        let is_new = summary.is_some_and(|it| summary::delivered(it, user, seq));
        if user == me || !is_new {
            return;
        }
        if it.note_seen(me) {
            self.rows_changed(id);
        }
        self.change(Change::List(id));
    }

    /// The account is not in this conversation any more. Nothing of it is kept but what the user
    /// wrote and the server has not taken.
    pub(super) fn gone(&mut self, id: ConversationId) {
        let outbox = self.outbox.gone(id);
        for send_id in outbox.over {
            self.effect(Effect::ForgetOutbox(send_id));
        }
        for send_id in outbox.failed {
            self.work.announcements.push(Change::SendFailed {
                conversation: id,
                send_id,
            });
        }
        for slot in self.arrangements.give_up(|(of, _)| *of == id) {
            self.forget_arrangement(slot);
        }
        self.reminders_gone(id);
        self.dismissals_gone(id);
        self.drafts.leave(id);
        self.seen_threads.leave(id);
        self.answers_gone(id);
        self.fetches.forget(id);
        if self.typists.leave(id) {
            self.change(Change::Typing(id));
        }
        self.conversations.remove(&id);
        self.work.messages.remove(&id);
        self.work.conversations.remove(&id);
        self.effect(Effect::ForgetConversation(id));
        self.change(Change::Gone(id));
        self.change(Change::List(id));
        self.rows_changed(id);
    }
}
