//! What is still to be written to the disk.

use std::collections::{BTreeMap, BTreeSet};

use client::{
    DismissalWish, Effect, FolderWish, OutboxEntry, ReminderWish, SavedAnswer, SavedArrangement,
    SavedConversation, SavedDraft, SavedWish,
};
use protocol::{
    ConversationId, Folder, FolderId, Message, PreferenceField, SavedPlace, SendId, Seq,
};

use super::idb::Change;
use super::records::{self, CONVERSATIONS, DRAFTS, MESSAGES, OUTBOX};
use super::retention::{Retention, Surplus};

/// A change with its store.
pub(super) type StoreChange = (&'static str, Change);

/// Something that only this device has, by its place on the disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Place {
    Outbox(SendId),
    Draft(ConversationId),
    Answer(SavedPlace),
    Arrangement(ConversationId, PreferenceField),
    Saved(SavedPlace),
    Reminder(SavedPlace),
    Dismissal(SavedPlace),
    Folder(FolderId),
    Folders,
}

/// Changes of what only this device has. Kept until they are on the disk; for one place only
/// the last counts.
#[derive(Default)]
pub(super) struct Own {
    waiting: BTreeMap<Place, Option<String>>,
    /// Entries that were done with here. They are not taken up again from the disk, whatever
    /// another tab has there at this moment.
    forgotten: BTreeSet<SendId>,
}

/// What was taken out of [`Own`] to be written.
#[derive(Default)]
pub(super) struct Batch(BTreeMap<Place, Option<String>>);

impl Own {
    /// Remembers an entry of the outbox.
    pub(super) fn save(&mut self, entry: &OutboxEntry) {
        let text = records::encode(entry);
        self.waiting.insert(Place::Outbox(entry.send_id), text);
    }

    /// Forgets an entry of the outbox.
    pub(super) fn forget(&mut self, send_id: SendId) {
        self.forgotten.insert(send_id);
        self.waiting.insert(Place::Outbox(send_id), None);
    }

    /// Remembers or forgets a draft.
    pub(super) fn draft(&mut self, saved: &SavedDraft) {
        let place = Place::Draft(saved.conversation);
        self.waiting.insert(place, records::draft(saved));
    }

    /// The same of one that an earlier page stored, unless there is a newer one.
    pub(super) fn restate_draft(&mut self, saved: &SavedDraft) {
        self.waiting
            .entry(Place::Draft(saved.conversation))
            .or_insert_with(|| records::draft(saved));
    }

    /// Remembers or forgets what stands in the field of a thread.
    fn answer(&mut self, saved: &SavedAnswer) {
        let text = records::answer(saved);
        self.waiting.insert(Place::Answer(saved.root), text);
    }

    /// Forgets the draft of a conversation that is gone.
    fn forget_draft(&mut self, conversation: ConversationId) {
        self.waiting.insert(Place::Draft(conversation), None);
    }

    /// Remembers how a conversation is to be arranged.
    pub(super) fn arrange(&mut self, saved: &SavedArrangement) {
        let (conversation, field) = saved.slot();
        let text = records::encode(saved);
        let place = Place::Arrangement(conversation, field);
        self.waiting.insert(place, text);
    }

    /// Forgets how a conversation was to be arranged.
    pub(super) fn arranged(&mut self, conversation: ConversationId, field: PreferenceField) {
        let place = Place::Arrangement(conversation, field);
        self.waiting.insert(place, None);
    }

    /// Remembers whether a message is to be saved; `None` forgets it.
    pub(super) fn save_message(&mut self, place: SavedPlace, wish: Option<&SavedWish>) {
        let text = wish.and_then(records::encode);
        self.waiting.insert(Place::Saved(place), text);
    }

    /// Remembers a reminder that is to be set or put aside; `None` forgets it.
    pub(super) fn remind(&mut self, place: SavedPlace, wish: Option<&ReminderWish>) {
        let text = wish.and_then(records::encode);
        self.waiting.insert(Place::Reminder(place), text);
    }

    /// Remembers what is to be deleted for the user alone, or shown again; `None` forgets it.
    pub(super) fn dismiss(&mut self, place: SavedPlace, wish: Option<&DismissalWish>) {
        let text = wish.and_then(records::encode);
        self.waiting.insert(Place::Dismissal(place), text);
    }

    /// Remembers what a folder is to be called; `None` forgets it.
    fn call_folder(&mut self, folder: FolderId, wish: Option<&FolderWish>) {
        let text = wish.and_then(records::encode);
        self.waiting.insert(Place::Folder(folder), text);
    }

    /// Remembers the folders that the server has named.
    fn folders(&mut self, folders: Vec<Folder>) {
        let text = records::folders_text(folders);
        self.waiting.insert(Place::Folders, text);
    }

    /// Whether an entry was done with here.
    pub(super) fn has_forgotten(&self, send_id: SendId) -> bool {
        self.forgotten.contains(&send_id)
    }

    /// Entries on the disk, as they will be when what waits here is there too.
    pub(super) fn with_unwritten(&self, mut entries: BTreeSet<SendId>) -> BTreeSet<SendId> {
        for (place, text) in &self.waiting {
            if let (Place::Outbox(send_id), Some(_)) = (place, text) {
                entries.insert(*send_id);
            }
        }
        entries
    }

    /// Whether there is anything that is not on the disk, and nowhere else.
    pub(super) fn has_unwritten(&self) -> bool {
        let mut waiting = self.waiting.iter();
        waiting.any(|(place, text)| text.is_some() && *place != Place::Folders)
    }

    /// Takes out everything; `None` if there is nothing.
    pub(super) fn take(&mut self) -> Option<Batch> {
        let waiting = std::mem::take(&mut self.waiting);
        (!waiting.is_empty()).then_some(Batch(waiting))
    }

    /// Puts back what could not be written, where nothing newer waits.
    pub(super) fn put_back(&mut self, batch: Batch) {
        for (place, text) in batch.0 {
            self.waiting.entry(place).or_insert(text);
        }
    }

    /// The account signs out.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }
}

impl Batch {
    /// The entries of the outbox that are remembered with it.
    pub(super) fn saved(&self) -> Vec<SendId> {
        self.0
            .iter()
            .filter_map(|(place, text)| match place {
                Place::Outbox(send_id) if text.is_some() => Some(*send_id),
                _ => None,
            })
            .collect()
    }

    /// What to do on the disk.
    pub(super) fn changes(&self) -> Vec<StoreChange> {
        self.0
            .iter()
            .map(|(place, text)| {
                let (store, key) = match place {
                    Place::Outbox(send_id) => (OUTBOX, send_id.to_string()),
                    Place::Draft(conversation) => (DRAFTS, conversation.to_string()),
                    Place::Answer(root) => (DRAFTS, records::answer_key(*root)),
                    Place::Arrangement(conversation, field) => {
                        (OUTBOX, records::arrangement_key(*conversation, *field))
                    }
                    Place::Saved(place) => (OUTBOX, records::saved_key(*place)),
                    Place::Reminder(place) => (OUTBOX, records::reminder_key(*place)),
                    Place::Dismissal(place) => (OUTBOX, records::dismissal_key(*place)),
                    Place::Folder(folder) => (OUTBOX, records::folder_key(*folder)),
                    Place::Folders => (OUTBOX, records::FOLDERS_KEY.to_owned()),
                };
                let change = match text {
                    Some(text) => Change::Put(key, text.clone()),
                    None => Change::Delete(key),
                };
                (store, change)
            })
            .collect()
    }
}

/// Copies of what the server has, to be written when there is time and room.
#[derive(Default)]
pub(super) struct Copies {
    messages: Vec<Message>,
    conversations: BTreeMap<ConversationId, SavedConversation>,
    /// Conversations of which nothing may stay, deleted before anything is stored.
    forgotten: BTreeSet<ConversationId>,
    /// Up to where nothing of a conversation may stay, likewise.
    cleared: BTreeMap<ConversationId, Seq>,
    retention: Retention,
    off: bool,
}

impl Copies {
    /// Remembers messages.
    pub(super) fn messages(&mut self, messages: Vec<Message>) {
        if !self.off {
            self.messages.extend(messages);
        }
    }

    /// Remembers rows of the conversation list.
    pub(super) fn conversations(&mut self, rows: Vec<SavedConversation>) {
        if !self.off {
            let rows = rows.into_iter().map(|row| (row.summary.id, row));
            self.conversations.extend(rows);
        }
    }

    /// Deletes a conversation.
    pub(super) fn forget(&mut self, id: ConversationId) {
        self.messages.retain(|message| message.conversation != id);
        self.conversations.remove(&id);
        self.retention.forget_one(id);
        self.forgotten.insert(id);
    }

    /// Deletes messages of a conversation up to a place.
    pub(super) fn clear(&mut self, id: ConversationId, up_to: Seq) {
        self.messages
            .retain(|message| message.conversation != id || message.seq > up_to);
        self.retention.clear(id, up_to);
        let cleared = self.cleared.entry(id).or_default();
        *cleared = up_to.max(*cleared);
    }

    /// Takes note of what is on the disk already.
    pub(super) fn found(&mut self, messages: &[Message]) {
        for message in messages {
            // What is not worth keeping goes with the surplus.
            self.retention.admit(message);
        }
    }

    /// Takes out what to do on the disk; nothing if there is nothing to do.
    pub(super) fn take(&mut self) -> Vec<StoreChange> {
        let mut changes = Vec::new();
        for id in std::mem::take(&mut self.forgotten) {
            changes.push((CONVERSATIONS, Change::Delete(id.to_string())));
            changes.push(deletion(Surplus::all_of(id)));
        }
        for (conversation, until) in std::mem::take(&mut self.cleared) {
            changes.push(deletion(Surplus {
                conversation,
                until,
            }));
        }
        for message in std::mem::take(&mut self.messages) {
            if self.retention.admit(&message)
                && let Some(text) = records::encode(&message)
            {
                let key = records::message_key(message.conversation, message.seq);
                changes.push((MESSAGES, Change::Put(key, text)));
            }
        }
        for (id, row) in std::mem::take(&mut self.conversations) {
            if let Some(text) = records::encode(&row) {
                changes.push((CONVERSATIONS, Change::Put(id.to_string(), text)));
            }
        }
        changes.extend(self.retention.surplus().into_iter().map(deletion));
        changes
    }

    /// There is no room: nothing more is copied by this page.
    pub(super) fn give_up(&mut self) {
        self.off = true;
        self.messages.clear();
        self.conversations.clear();
        self.retention.forget();
    }
}

fn deletion(surplus: Surplus) -> StoreChange {
    let first = records::message_key(surplus.conversation, Seq::ZERO);
    let last = records::message_key(surplus.conversation, surplus.until);
    (MESSAGES, Change::DeleteBetween(first, last))
}

/// Puts what an effect wants written where it waits; gives back every other effect.
pub(super) fn queue(own: &mut Own, copies: &mut Copies, effect: Effect) -> Option<Effect> {
    match effect {
        Effect::SaveOutbox(entry) => own.save(&entry),
        Effect::ForgetOutbox(send_id) => own.forget(send_id),
        Effect::SaveDraft(saved) => own.draft(&saved),
        Effect::SaveAnswer(saved) => own.answer(&saved),
        Effect::SaveArrangement(saved) => own.arrange(&saved),
        Effect::ForgetArrangement {
            conversation,
            field,
        } => own.arranged(conversation, field),
        Effect::SaveWish(wish) => own.save_message(wish.place, Some(&wish)),
        Effect::ForgetWish(place) => own.save_message(place, None),
        Effect::SaveReminder(wish) => own.remind(wish.place, Some(&wish)),
        Effect::ForgetReminder(place) => own.remind(place, None),
        Effect::SaveDismissal(wish) => own.dismiss(wish.place, Some(&wish)),
        Effect::ForgetDismissal(place) => own.dismiss(place, None),
        Effect::SaveFolderWish(wish) => own.call_folder(wish.folder, Some(&wish)),
        Effect::ForgetFolderWish(folder) => own.call_folder(folder, None),
        Effect::SaveFolders(folders) => own.folders(folders),
        Effect::SaveMessages { messages, .. } => copies.messages(messages),
        Effect::ForgetMessages {
            conversation,
            up_to,
        } => copies.clear(conversation, up_to),
        Effect::SaveConversations(rows) => copies.conversations(rows),
        Effect::ForgetConversation(id) => {
            own.forget_draft(id);
            copies.forget(id);
        }
        other => return Some(other),
    }
    None
}

#[cfg(test)]
mod tests;
