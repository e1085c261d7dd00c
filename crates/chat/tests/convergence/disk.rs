//! What a tab stores, and what waits to be stored.

use std::collections::BTreeMap;

use client::{
    DismissalWish, Effect, FolderWish, OutboxEntry, ReminderWish, Restored, SavedArrangement,
    SavedConversation, SavedDraft, SavedWish,
};
use protocol::{
    ConversationId, Folder, FolderId, Message, PreferenceField, SavedPlace, SendId, Seq,
};

/// Something to be stored. Storage works in order and later.
#[derive(Debug)]
pub(crate) enum Write {
    Entry(OutboxEntry),
    Forget(SendId),
    Messages(Vec<Message>),
    ForgetMessages(ConversationId, Seq),
    ForgetConversation(ConversationId),
    Conversations(Vec<SavedConversation>),
    Draft(SavedDraft),
    Arrangement(SavedArrangement),
    ForgetArrangement((ConversationId, PreferenceField)),
    Wish(SavedWish),
    ForgetWish(SavedPlace),
    Reminder(ReminderWish),
    ForgetReminder(SavedPlace),
    Dismissal(DismissalWish),
    ForgetDismissal(SavedPlace),
    FolderWish(FolderWish),
    ForgetFolderWish(FolderId),
    Folders(Vec<Folder>),
}

impl Write {
    /// What an effect asks to be stored of what its user has arranged, saved or begun.
    pub(crate) fn of_own(effect: Effect) -> Option<Self> {
        Some(match effect {
            Effect::SaveDraft(draft) => Self::Draft(draft),
            Effect::SaveArrangement(saved) => Self::Arrangement(saved),
            Effect::ForgetArrangement {
                conversation,
                field,
            } => Self::ForgetArrangement((conversation, field)),
            Effect::SaveReminder(wish) => Self::Reminder(wish),
            Effect::ForgetReminder(place) => Self::ForgetReminder(place),
            Effect::SaveDismissal(wish) => Self::Dismissal(wish),
            Effect::ForgetDismissal(place) => Self::ForgetDismissal(place),
            Effect::SaveFolderWish(wish) => Self::FolderWish(wish),
            Effect::ForgetFolderWish(folder) => Self::ForgetFolderWish(folder),
            Effect::SaveFolders(folders) => Self::Folders(folders),
            Effect::SaveWish(wish) => Self::Wish(wish),
            Effect::ForgetWish(place) => Self::ForgetWish(place),
            _ => return None,
        })
    }
}

/// What is stored.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    pub(crate) outbox: BTreeMap<SendId, OutboxEntry>,
    pub(crate) messages: BTreeMap<(ConversationId, Seq), Message>,
    pub(crate) conversations: BTreeMap<ConversationId, SavedConversation>,
    pub(crate) drafts: BTreeMap<ConversationId, SavedDraft>,
    pub(crate) arrangements: BTreeMap<(ConversationId, PreferenceField), SavedArrangement>,
    pub(crate) saved: BTreeMap<SavedPlace, SavedWish>,
    pub(crate) reminders: BTreeMap<SavedPlace, ReminderWish>,
    pub(crate) dismissals: BTreeMap<SavedPlace, DismissalWish>,
    pub(crate) folders: Vec<Folder>,
    pub(crate) folder_wishes: BTreeMap<FolderId, FolderWish>,
}

impl Disk {
    pub(crate) fn restored(&self) -> Restored {
        Restored {
            outbox: self.outbox.values().cloned().collect(),
            messages: self.messages.values().cloned().collect(),
            conversations: self.conversations.values().cloned().collect(),
            drafts: self.drafts.values().cloned().collect(),
            answers: Vec::new(),
            arrangements: self.arrangements.values().copied().collect(),
            saved: self.saved.values().copied().collect(),
            reminders: self.reminders.values().copied().collect(),
            dismissals: self.dismissals.values().copied().collect(),
            folders: self.folders.clone(),
            folder_wishes: self.folder_wishes.values().cloned().collect(),
        }
    }

    /// Wishes that the server has not answered for.
    pub(crate) fn wishes(&self) -> usize {
        self.arrangements.len()
            + self.folder_wishes.len()
            + self.saved.len()
            + self.reminders.len()
            + self.dismissals.len()
    }

    /// Stores what somebody has arranged, saved or begun.
    pub(crate) fn store_own(&mut self, write: Write) {
        match write {
            Write::Draft(SavedDraft {
                conversation,
                draft: None,
                told: true,
            }) => {
                self.drafts.remove(&conversation);
            }
            Write::Draft(draft) => {
                self.drafts.insert(draft.conversation, draft);
            }
            Write::Arrangement(saved) => {
                self.arrangements.insert(saved.slot(), saved);
            }
            Write::ForgetArrangement(slot) => {
                self.arrangements.remove(&slot);
            }
            Write::Wish(wish) => {
                self.saved.insert(wish.place, wish);
            }
            Write::ForgetWish(place) => {
                self.saved.remove(&place);
            }
            Write::Reminder(wish) => {
                self.reminders.insert(wish.place, wish);
            }
            Write::ForgetReminder(place) => {
                self.reminders.remove(&place);
            }
            Write::Dismissal(wish) => {
                self.dismissals.insert(wish.place, wish);
            }
            Write::ForgetDismissal(place) => {
                self.dismissals.remove(&place);
            }
            Write::FolderWish(wish) => {
                self.folder_wishes.insert(wish.folder, wish);
            }
            Write::ForgetFolderWish(folder) => {
                self.folder_wishes.remove(&folder);
            }
            Write::Folders(folders) => self.folders = folders,
            other => panic!("{other:?} is not only theirs"),
        }
    }
}
