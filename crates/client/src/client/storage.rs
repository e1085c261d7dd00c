//! Taking over what an earlier page stored.

use std::collections::BTreeMap;

use protocol::{ConversationId, Message, Seq};

use super::Client;
use crate::{Change, Effect, FolderWish, ReminderWish, Restored, SavedWish};

impl Client {
    pub(super) fn restore(&mut self, mut restored: Restored) {
        let me = self.config.me;
        self.expire_stored(&mut restored.messages);
        for mut saved in std::mem::take(&mut restored.conversations) {
            self.privacy.strip(&mut saved.summary, me);
            let id = saved.summary.id;
            if let Some(it) = self.known(id) {
                let is_new = it.summary.is_none();
                it.restore(saved, me);
                if is_new && self.is_open(id) {
                    self.unmark(id);
                }
            }
            self.see_restored(id);
            self.recall_members(id);
            self.change(Change::List(id));
        }
        for (id, messages) in by_conversation(std::mem::take(&mut restored.messages)) {
            let Some(it) = self.known(id) else {
                continue;
            };
            let added = it.timeline.absorb(newest_run(messages));
            let Some(it) = self.conversations.get_mut(&id) else {
                continue;
            };
            for entry in &added.placed {
                it.note(entry, me, &self.names);
                self.names.want_all_of(entry);
            }
            self.rows_changed(id);
            self.change(Change::List(id));
        }
        let ids: Vec<ConversationId> = self.conversations.keys().copied().collect();
        for id in ids {
            if let Some(it) = self.conversations.get_mut(&id) {
                it.settle();
                it.recount();
            }
            self.trim(id);
        }
        let answers = std::mem::take(&mut restored.answers);
        self.restore_answers(answers, &restored.outbox);
        self.restore_wishes(&mut restored);
        for entry in restored.outbox {
            let (send_id, id) = (entry.send_id, entry.conversation);
            let arrived = self.conversations.get(&id).is_some_and(|it| {
                it.timeline
                    .entries()
                    .any(|row| row.key.author == me && row.key.send_id == send_id)
            });
            if arrived {
                self.effect(Effect::ForgetOutbox(send_id));
            } else if self.known(id).is_some() && self.outbox.restore(entry) {
                self.rows_changed(id);
                self.change(Change::List(id));
            }
        }
    }

    /// What the user has written and arranged, and the server has not answered for.
    fn restore_wishes(&mut self, restored: &mut Restored) {
        for saved in std::mem::take(&mut restored.drafts) {
            self.restore_draft(saved);
        }
        for saved in std::mem::take(&mut restored.arrangements) {
            self.arrangements.restore(saved.slot(), saved.change);
            self.change(Change::List(saved.conversation));
        }
        for SavedWish { place, on } in std::mem::take(&mut restored.saved) {
            self.saved.wishes.restore(place, on);
            self.change(Change::Rows(place.conversation));
        }
        for wish in std::mem::take(&mut restored.dismissals) {
            self.dismissals.wishes.restore(wish.place, wish.dismissal);
            self.dismissed_changed(wish.place.conversation);
        }
        for ReminderWish { place, remind_at } in std::mem::take(&mut restored.reminders) {
            self.reminders.wishes.restore(place, remind_at);
            self.change(Change::Reminders);
        }
        self.restore_folders(restored);
    }

    fn restore_folders(&mut self, restored: &mut Restored) {
        let (folders, wishes) = (&mut restored.folders, &mut restored.folder_wishes);
        if folders.is_empty() && wishes.is_empty() {
            return;
        }
        self.folders.restore(std::mem::take(folders));
        let wishes = std::mem::take(wishes);
        for FolderWish {
            folder,
            folder_name,
        } in wishes
        {
            self.folders.wishes.restore(folder, folder_name);
        }
        self.change(Change::Folders);
    }
}

fn by_conversation(messages: Vec<Message>) -> BTreeMap<ConversationId, BTreeMap<Seq, Message>> {
    let mut sorted: BTreeMap<ConversationId, BTreeMap<Seq, Message>> = BTreeMap::new();
    for message in messages.into_iter().filter(|it| it.seq > Seq::ZERO) {
        sorted
            .entry(message.conversation)
            .or_default()
            .insert(message.seq, message);
    }
    sorted
}

/// The newest messages without a gap. Not everything written may have reached the disk.
fn newest_run(messages: BTreeMap<Seq, Message>) -> Vec<Message> {
    let mut run: Vec<Message> = Vec::new();
    for message in messages.into_values().rev() {
        if run
            .last()
            .is_some_and(|newer| newer.seq != message.seq.next())
        {
            break;
        }
        run.push(message);
    }
    run.reverse();
    run
}
