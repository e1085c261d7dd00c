//! Messages whose time is over leave this device by its own clock, with a connection or without,
//! and also what an earlier page has stored. The server says the same in its time.

use std::collections::BTreeSet;

use protocol::{ChangeKind, Content, ConversationId, Message, Seq, Timestamp};

use super::Client;
use crate::conversation::Conversation;
use crate::thread::ThreadRun;

impl Conversation {
    /// Before this, nothing that is held is over.
    fn soonest(&self) -> Option<Timestamp> {
        let last = self
            .summary
            .as_ref()
            .and_then(|it| it.last_message.as_ref());
        let last = last.filter(|last| last.content.is_said());
        let last = last.and_then(|last| last.marks.expires_at);
        let window = self.window.held().and_then(|run| run.soonest());
        let thread = self.thread.as_ref().and_then(ThreadRun::soonest);
        self.timeline
            .soonest()
            .into_iter()
            .chain(window)
            .chain(thread)
            .chain(last)
            .min()
    }
}

impl Client {
    /// When a message of one's own is over that has got this place. `None` where only the server
    /// knows: how long messages stay there may be said in a place that is not held.
    pub(super) fn expires_at(
        &self,
        id: ConversationId,
        seq: Seq,
        (content, sent_at): (&Content, Timestamp),
    ) -> Option<Option<Timestamp>> {
        if !content.is_said() {
            return Some(None);
        }
        let it = self.conversations.get(&id)?;
        if it.timeline.is_anchored() && seq > it.timeline.last().next() {
            return None;
        }
        let lifespan = match (it.timeline.lifespan_at(seq), &it.summary) {
            (Some(told), _) => told,
            // It describes the conversation as it was after that place.
            (None, Some(summary)) if summary.last_seq >= seq => return None,
            (None, summary) => summary.as_ref().and_then(|it| it.lifespan),
        };
        Some(lifespan.map(|lifespan| lifespan.end(sent_at)))
    }

    /// Takes away what is over.
    pub(super) fn expire_messages(&mut self) {
        let now = self.server_clock.now();
        let is_due = |it: &&Conversation| it.soonest().is_some_and(|at| at <= now);
        let due: Vec<_> = self.conversations.values().filter(is_due).collect();
        let due: Vec<ConversationId> = due.into_iter().map(|it| it.id).collect();
        for id in due {
            let Some(it) = self.conversations.get_mut(&id) else {
                continue;
            };
            let gone = it.timeline.expire(now);
            it.window.expire(now);
            if let Some(thread) = &mut it.thread {
                thread.expire(now);
            }
            if let Some(last) = it.summary.as_mut().and_then(|it| it.last_message.as_mut()) {
                last.expire_at(now);
            }
            it.recount();
            self.work.messages.entry(id).or_default().extend(gone);
            self.rows_changed(id);
            self.list_changed(id);
        }
    }

    /// Takes away what is over of what an earlier page has stored, and stores that.
    pub(super) fn expire_stored(&mut self, messages: &mut [Message]) {
        let now = self.server_clock.now();
        let mut over = BTreeSet::new();
        for message in messages.iter_mut() {
            if message.expire_at(now) {
                over.insert((message.conversation, message.seq));
            }
        }
        for message in messages {
            let id = message.conversation;
            let is_over = over.contains(&(id, message.seq));
            if is_over || withdraw(message, &over) {
                let to_save = self.work.messages.entry(id).or_default();
                to_save.push(message.clone());
            }
        }
    }

    /// When this device has to look again.
    pub(super) fn expiry_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self
            .conversations
            .values()
            .filter_map(Conversation::soonest);
        Some(self.server_clock.reaches(ends.min()?, now))
    }
}

/// Takes the words out of an edit of what is over.
fn withdraw(message: &mut Message, over: &BTreeSet<(ConversationId, Seq)>) -> bool {
    let Content::Change(change) = &mut message.content else {
        return false;
    };
    let gone = matches!(change.kind, ChangeKind::Edit(_))
        && over.contains(&(message.conversation, change.target));
    if gone {
        change.kind = ChangeKind::Withdrawn;
    }
    gone
}
