//! What goes into the client and what comes out.

use protocol::{
    Arrangement, ClientFrame, ConversationId, ConversationSummary, Dismissal, Folder, FolderId,
    FolderName, HistoryPage, Intent, Message, Person, PreferenceField, SavedPlace, SendId, Seq,
    ServerFrame, ThreadPage, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::{
    DismissalWish, Draft, FolderWish, OutboxEntry, ReminderWish, RowKey, SavedAnswer,
    SavedArrangement, SavedDraft, SavedThread, SavedWish,
};

/// What a client is made from.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Whose client it is.
    pub me: UserId,
    /// Seeds the jitter of reconnections; random in a browser, fixed in a test.
    pub seed: u64,
    /// Entries that are read on each side of a place that somebody goes to:
    /// [`protocol::limits::AROUND_MESSAGES`], or fewer in a test.
    pub around: u64,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The page is ready; connect. Comes after [`Input::Restored`] where there is storage.
    Start,
    /// The browser says that there is a network.
    NetworkOnline,
    /// The browser says that there is none.
    NetworkOffline,
    /// Somebody is at the device: a key, a touch, a movement. A few times a minute are enough.
    Alive,
    /// The tab is looked at.
    BecameVisible,
    /// The tab is in the background.
    BecameHidden,
    /// The user asked to connect now.
    ConnectNow,
    /// The socket asked for by [`Effect::Connect`] is open.
    SocketOpened,
    /// It closed or could not be opened. Nothing is reported of a socket after
    /// [`Effect::CloseSocket`] or a further [`Effect::Connect`].
    SocketClosed {
        /// The close code, where there was one.
        code: Option<u16>,
    },
    /// A frame arrived.
    Frame(ServerFrame),
    /// [`Effect::RefreshSession`] succeeded.
    SessionRefreshed,
    /// Nobody is signed in any more: the refresh was refused, or another tab signed out.
    SessionGone,
    /// [`Effect::RefreshSession`] got no answer.
    RefreshFailed,
    /// The time asked for by [`Effect::WakeAt`] has come. Harmless at any other time.
    Tick,
    /// The page was made at this moment of the server's clock.
    Served(Timestamp),
    /// What an earlier page saved.
    Restored(Restored),
    /// What the server put into the page, or what a request outside the socket returned.
    Seeded(Seeded),
    /// The same for a place that is to be shown: the page around it.
    SeededAround {
        /// Which place.
        seq: Seq,
        /// What stands around it.
        page: HistoryPage,
    },
    /// The same of a thread: its newest answers, or those before a place.
    SeededThread {
        /// Before which place.
        before: Option<Seq>,
        /// The page.
        page: ThreadPage,
    },
    /// A thread of the conversation on screen is shown too, or none any more.
    OpenThread {
        /// Of which conversation.
        conversation: ConversationId,
        /// The place of its root.
        root: Option<Seq>,
    },
    /// A conversation is on screen now.
    Open(ConversationId),
    /// No conversation is on screen any more.
    Close,
    /// A message was written, or something else is to be: a change of a message, or of a group.
    /// Whether it is permitted is for the caller to ask first, see [`protocol::permission`].
    Send {
        /// Where to.
        conversation: ConversationId,
        /// What is to be written. A reaction or pin that is as it should be already, or that
        /// only takes back one that nobody has heard of, is not written.
        intent: Intent,
        /// Fresh for each.
        send_id: SendId,
    },
    /// [`Effect::SaveOutbox`] was carried out, or there is no storage. An entry is not
    /// transmitted before, so that none can be both sent and forgotten.
    Saved {
        /// Of which entry.
        send_id: SendId,
    },
    /// Try an entry again that was not sent.
    Retry {
        /// Which.
        send_id: SendId,
    },
    /// Give up an entry that was not sent, or put aside the news that it failed.
    Discard {
        /// Which.
        send_id: SendId,
    },
    /// The screen nears the oldest row it has, or the user asked to try that again.
    LoadOlder(ConversationId),
    /// The same at the newer end, where what is shown does not reach the newest message.
    LoadNewer(ConversationId),
    /// Somebody wants to see the message at a place; [`crate::Client::sought`] says what became
    /// of it.
    GoTo {
        /// Where.
        conversation: ConversationId,
        /// Its place.
        seq: Seq,
    },
    /// Back to the newest messages.
    GoToNewest(ConversationId),
    /// Everything up to `seq` was seen; decided by [`crate::mark_read`].
    MarkRead {
        /// Where.
        conversation: ConversationId,
        /// The newest place seen.
        seq: Seq,
    },
    /// The user arranges a conversation for themselves.
    Arrange {
        /// Which.
        conversation: ConversationId,
        /// What is to be different.
        change: Arrangement,
    },
    /// The user saves a message to look at it again, or no longer.
    Save {
        /// Which message.
        place: SavedPlace,
        /// Whether it is to be saved.
        on: bool,
    },
    /// The user wants to be reminded of a message, or no longer.
    Remind {
        /// Which message.
        place: SavedPlace,
        /// When, in place of an earlier time; `None` puts the reminder aside.
        at: Option<Timestamp>,
    },
    /// The user deletes something for themselves alone, or shows it again.
    Dismiss {
        /// Which message or notice.
        place: SavedPlace,
        /// What is to become of it.
        dismissal: Dismissal,
    },
    /// The user makes a folder, renames it or deletes it.
    CallFolder {
        /// Which; random for a new one.
        folder: FolderId,
        /// What it is to be called; `None` deletes it.
        name: Option<FolderName>,
    },
    /// Somebody is to be shown by name: who reacted, for example. Authors and whoever a notice
    /// names are asked for without this.
    NameThese(Vec<UserId>),
    /// The answer to [`Effect::NeedPersons`].
    Persons(Vec<Person>),
    /// The unread divider has served its purpose (Esc, or scrolled away and back to the end).
    ClearDivider(ConversationId),
    /// A key was pressed in the composer (`active`), or it was emptied or left.
    Composing {
        /// Where.
        conversation: ConversationId,
        /// Whether somebody types.
        active: bool,
    },
    /// The text in the composer changed; debounced by the caller.
    Drafted {
        /// Where.
        conversation: ConversationId,
        /// `None` when the composer is empty.
        draft: Option<Draft>,
    },
    /// The text in the field of a thread changed.
    Answering {
        /// Where the root of the thread is.
        root: SavedPlace,
        /// All of it.
        text: String,
    },
    /// Another tab of this device has changed a draft.
    DraftedElsewhere {
        /// Where.
        conversation: ConversationId,
        /// `None` when the composer is empty.
        draft: Option<Draft>,
    },
}

/// Something to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Open a socket; answered by [`Input::SocketOpened`] or [`Input::SocketClosed`].
    Connect,
    /// Close the socket and forget it.
    CloseSocket,
    /// Send a frame on the open socket.
    Transmit(ClientFrame),
    /// Give [`Input::Tick`] at this time; replaces every earlier wish.
    WakeAt(Timestamp),
    /// Renew the session over HTTP; answered by [`Input::SessionRefreshed`],
    /// [`Input::SessionGone`] or [`Input::RefreshFailed`].
    RefreshSession,
    /// Store an entry durably; answered by [`Input::Saved`].
    SaveOutbox(OutboxEntry),
    /// Delete a stored entry; unknown ones are no error.
    ForgetOutbox(SendId),
    /// Store a wish of how a conversation is to be arranged, over an older one of the same
    /// [`SavedArrangement::slot`].
    SaveArrangement(SavedArrangement),
    /// The server has answered for a wish: delete it. Unknown ones are no error.
    ForgetArrangement {
        /// Of which conversation.
        conversation: ConversationId,
        /// Of what.
        field: PreferenceField,
    },
    /// Store a wish of whether a message is saved, over an older one of the same message.
    SaveWish(SavedWish),
    /// The server has answered for such a wish: delete it. Unknown ones are no error.
    ForgetWish(SavedPlace),
    /// Store a wish of a reminder, over an older one of the same message.
    SaveReminder(ReminderWish),
    /// The server has answered for such a wish: delete it. Unknown ones are no error.
    ForgetReminder(SavedPlace),
    /// Store a wish of what is to be deleted for the user alone, over an older one of the same
    /// message.
    SaveDismissal(DismissalWish),
    /// The server has answered for such a wish: delete it. Unknown ones are no error.
    ForgetDismissal(SavedPlace),
    /// Store a wish of what a folder is called, over an older one of the same folder.
    SaveFolderWish(FolderWish),
    /// The server has answered for such a wish: delete it. Unknown ones are no error.
    ForgetFolderWish(FolderId),
    /// Store the folders that the server has named, over those stored before.
    SaveFolders(Vec<Folder>),
    /// Store messages, over older ones of the same place: they may have been changed since.
    SaveMessages {
        /// Of which conversation.
        conversation: ConversationId,
        /// The messages, ascending.
        messages: Vec<Message>,
    },
    /// The user has cleared a conversation up to a place: delete what is stored of it up to there,
    /// whether it is held or not. What is left of those that are held is stored after this.
    ForgetMessages {
        /// Of which conversation.
        conversation: ConversationId,
        /// The last place that goes.
        up_to: Seq,
    },
    /// The account is not in a conversation any more: delete its row, its messages and its draft.
    /// What waits for it in the outbox stays, it has failed.
    ForgetConversation(ConversationId),
    /// Ask over HTTP who these are (`GET /api/persons`), at most a hundred; answered by
    /// [`Input::Persons`]. Nobody is asked for twice on one connection.
    NeedPersons(Vec<UserId>),
    /// Store rows of the conversation list, over older ones of the same id.
    SaveConversations(Vec<SavedConversation>),
    /// Store a draft over an older one of the same conversation. Nothing is left to be stored
    /// where there is none and the server knows.
    SaveDraft(SavedDraft),
    /// Store what stands in the field of a thread, over what stood there before.
    SaveAnswer(SavedAnswer),
    /// Something on screen has to be read again.
    Changed(Change),
}

/// What the screen must read again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// A row of the conversation list, and with it perhaps the order.
    List(ConversationId),
    /// The rows of a conversation, its divider, the state of its older end, or what waits there.
    Rows(ConversationId),
    /// The account is not in a conversation any more, and nothing is known of it.
    Gone(ConversationId),
    /// What somebody is called.
    Person(UserId),
    /// Which messages are saved; [`Change::Rows`] comes for those that are held.
    Saved,
    /// Which reminders there are: [`crate::Client::reminders`].
    Reminders,
    /// Which folders there are: [`crate::Client::folders`].
    Folders,
    /// What the user has deleted for themselves; [`Change::Rows`] comes for those that are held.
    Dismissals,
    /// [`crate::Client::status`].
    Connection,
    /// Who types in a conversation.
    Typing(ConversationId),
    /// Whether somebody is there.
    Presence(UserId),
    /// [`crate::Client::blocked`].
    Blocked,
    /// [`crate::Client::privacy`].
    Privacy,
    /// [`crate::Client::custom_status`] of somebody.
    Status(UserId),
    /// [`crate::Client::availability`].
    Availability,
    /// Another device has changed the draft of the conversation on screen:
    /// [`crate::Client::draft_of`], and before that [`crate::Client::draft_before`].
    Redrafted(ConversationId),
    /// What the account has scheduled may be another than it was.
    Scheduled,
    /// A message of somebody else arrived that was not known before.
    Announce {
        /// Where.
        conversation: ConversationId,
        /// Its row.
        key: RowKey,
    },
    /// An entry could not be queued: too many wait already, or it holds nothing that the server
    /// would take. The composer keeps it.
    SendRefused {
        /// Which.
        send_id: SendId,
    },
    /// An entry was refused by the server for good, or has waited too long. A message's row says
    /// so; anything else is in [`crate::Client::waiting`] or [`crate::Client::failures`].
    SendFailed {
        /// Where.
        conversation: ConversationId,
        /// Which.
        send_id: SendId,
    },
}

/// A row of the conversation list as it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedConversation {
    /// The row. Its `read_seq` and `unread` are this device's view.
    pub summary: ConversationSummary,
    /// The read cursor that the server is known to have.
    pub confirmed_read: Seq,
    /// The threads that were seen beyond what was read.
    #[serde(default)]
    pub threads: Vec<SavedThread>,
}

/// What storage held.
#[derive(Clone, Default, Debug)]
pub struct Restored {
    /// Entries not answered for, in any order.
    pub outbox: Vec<OutboxEntry>,
    /// Messages of any conversations, in any order.
    pub messages: Vec<Message>,
    /// The conversation list, in any order.
    pub conversations: Vec<SavedConversation>,
    /// Drafts, one of a conversation at most.
    pub drafts: Vec<SavedDraft>,
    /// What stands in the fields of threads.
    pub answers: Vec<SavedAnswer>,
    /// Wishes not answered for.
    pub arrangements: Vec<SavedArrangement>,
    /// Wishes of which messages are saved, not answered for.
    pub saved: Vec<SavedWish>,
    /// Wishes of reminders, not answered for.
    pub reminders: Vec<ReminderWish>,
    /// Wishes of what is deleted for the user alone, not answered for.
    pub dismissals: Vec<DismissalWish>,
    /// The folders that the server has named.
    pub folders: Vec<Folder>,
    /// Wishes of folders, not answered for.
    pub folder_wishes: Vec<FolderWish>,
}

/// What the server told outside the socket.
#[derive(Clone, Default, Debug)]
pub struct Seeded {
    /// Rows of the conversation list.
    pub summaries: Vec<ConversationSummary>,
    /// Pages of history.
    pub pages: Vec<HistoryPage>,
}
