//! The frames of the socket. One WebSocket message carries one frame.
//!
//! Both codecs encode the same enums: JSON as `{"send": {..}}`, binary with the variant's
//! number first. New variants and fields are added at the end under a new protocol version.

mod client;

use serde::{Deserialize, Serialize};

pub use self::client::ClientFrame;
use crate::{
    Availability, ConversationId, ConversationSummary, CustomStatus, Dismissed, DraftText,
    ErrorCode, Folder, FolderId, FolderName, HistoryPage, Message, Person, Preferences, Presence,
    Privacy, Reminder, SavedPlace, SeenThread, SendId, Seq, SessionId, Timestamp, UserId,
};

/// From the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ServerFrame {
    /// The answer to `Hello`, before anything else. What was missed follows as `Event`,
    /// `Conversation`, `Behind` and `Read`, then `Resumed`.
    Welcome {
        /// Who is signed in.
        me: Person,
        /// The session, which is the device.
        session: SessionId,
        /// The server's clock.
        now: Timestamp,
    },
    /// Everything that `Hello` asked for was sent; what follows is live.
    Resumed,
    /// A message was stored. Within a connection the events and acks of one conversation
    /// come in the order of their `seq`.
    Event {
        /// The message.
        message: Message,
    },
    /// The message is stored durably under this place. Comes instead of `Event` on the
    /// connection that sent it.
    Ack {
        /// The message's id.
        send_id: SendId,
        /// Where.
        conversation: ConversationId,
        /// Its place.
        seq: Seq,
        /// The time the server gave it.
        sent_at: Timestamp,
    },
    /// The message was not stored.
    Reject {
        /// The message's id.
        send_id: SendId,
        /// Why. If [`ErrorCode::is_transient`], the same send may be retried.
        code: ErrorCode,
        /// Milliseconds to wait before a retry, where the server knows.
        retry_after_ms: Option<u32>,
    },
    /// The answer to `Fetch`.
    Page {
        /// The request's number.
        request: u32,
        /// The messages.
        page: HistoryPage,
    },
    /// A `Fetch`, an `Arrange` or a `Save` was refused.
    Refused {
        /// The request's number.
        request: u32,
        /// Why.
        code: ErrorCode,
    },
    /// Too much was missed to replay it here: fetch what you show.
    Behind {
        /// Where.
        conversation: ConversationId,
        /// The newest place.
        last_seq: Seq,
    },
    /// A conversation that is new to this client, or whose members or title changed.
    Conversation {
        /// The whole row.
        summary: Box<ConversationSummary>,
    },
    /// The caller's own cursor moved, here or on another device, or an earlier message mentions
    /// them now or no longer.
    Read {
        /// Where.
        conversation: ConversationId,
        /// The newest place seen.
        seq: Seq,
        /// Messages of others after it.
        unread: u32,
        /// Those among them that mention the caller.
        mentions: u32,
    },
    /// Somebody types, or no longer. Expires after [`crate::limits::TYPING_EXPIRES_MS`].
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who; never the caller.
        user: UserId,
        /// Whether they type.
        active: bool,
    },
    /// Somebody who shares a conversation came or went.
    Presence {
        /// Who.
        user: UserId,
        /// Whether they are there.
        presence: Presence,
    },
    /// This connection was too slow and missed frames, or more is to be shown to the account than
    /// before: say `Hello` again with what you hold, and send again, as retries, what was not acked.
    Resync,
    /// The answer to `Ping`.
    Pong {
        /// The ping's number.
        nonce: u32,
    },
    /// The last frame was refused. The connection is closed if a close frame follows.
    Error {
        /// Why.
        code: ErrorCode,
    },
    /// The server stops soon: connect again after the delay.
    Draining {
        /// Milliseconds to wait before connecting again.
        reconnect_after_ms: u32,
    },
    /// Somebody else's read cursor moved, or is not shown any more.
    Seen {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// The newest place they have seen; [`Seq::ZERO`] where that is not shown any more.
        seq: Seq,
    },
    /// The caller is not, or no longer, in this conversation: forget it.
    Gone {
        /// Which conversation.
        conversation: ConversationId,
    },
    /// How the caller has arranged a conversation, here or on another device. Comes in the order
    /// in which the server took the changes.
    Arranged {
        /// The `Arrange` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// Which conversation.
        conversation: ConversationId,
        /// All of it, as it is from now on.
        preferences: Preferences,
    },
    /// Whom the caller blocks: all of them, each time that changes, and in a resume where it is
    /// anybody. After `Welcome` it is nobody.
    Blocked {
        /// At most [`crate::limits::BLOCKED`].
        users: Vec<UserId>,
    },
    /// A message is saved, or no longer, here or on another device. Comes in the order in which
    /// the server took the changes.
    Saved {
        /// The `Save` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// Which message.
        place: SavedPlace,
        /// Whether it is saved from now on.
        on: bool,
    },
    /// In a resume: messages that are saved, at most [`crate::limits::SAVED_PER_FRAME`]. Those
    /// that no such frame of the resume names are not.
    AllSaved {
        /// Which messages.
        places: Vec<SavedPlace>,
    },
    /// What the caller has scheduled in this conversation is not what it was. Comes on every
    /// connection of theirs; what it is now is asked for outside the socket.
    Scheduled {
        /// Which conversation.
        conversation: ConversationId,
    },
    /// A reminder is another than before: set here or on another device, put aside, or its time
    /// has come. Comes in the order in which the server took the changes.
    Reminder {
        /// The `Remind` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// Of which message.
        place: SavedPlace,
        /// What it is from now on; `None` if there is none any more.
        reminder: Option<Reminder>,
    },
    /// In a resume: all reminders, where there are any. Others are there no more.
    Reminders {
        /// At most [`crate::limits::REMINDERS`].
        reminders: Vec<Reminder>,
    },
    /// What the caller hides from others: all of it, each time that changes, and in a resume
    /// where it is anything. After `Welcome` it is nothing.
    Privacy {
        /// What is hidden from now on.
        privacy: Privacy,
    },
    /// What the caller has deleted for themselves in a conversation: all of it, each time that
    /// changes here or on another device, and in a resume. Comes in the order in which the server
    /// took the changes; what is read after it is without them. Of what is shown again the client
    /// reads the places.
    Dismissed {
        /// The `Dismiss` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// Which conversation.
        conversation: ConversationId,
        /// Which places.
        dismissed: Dismissed,
    },
    /// What somebody who shares a conversation, or the caller, says of themselves for a while. In
    /// a resume it comes for those who say something; after `Welcome` it is nobody.
    Status {
        /// Who.
        user: UserId,
        /// What, until it is over by the server's clock; `None` for nothing.
        status: Option<CustomStatus>,
    },
    /// How the caller wants to be there for others: each time that changes, and in a resume where
    /// it is not automatic. After `Welcome` it is.
    Availability {
        /// What is chosen from now on.
        availability: Availability,
    },
    /// The answer to `Draft`, in the order in which the server took the drafts.
    DraftKept {
        /// The request's number.
        request: u32,
    },
    /// What stands in the composer of a conversation on another device of the account. In a resume
    /// one for each that is kept; where neither this nor `DraftUnavailable` comes there is none.
    Draft {
        /// Which conversation.
        conversation: ConversationId,
        /// What it is from now on; `None` if there is none any more.
        draft: Option<DraftText>,
    },
    /// A folder was made, renamed or deleted, here or on another device. Comes in the order in
    /// which the server took the changes.
    Folder {
        /// The `Folder` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// Which folder.
        folder: FolderId,
        /// What it is called from now on; `None` if it is no more.
        name: Option<FolderName>,
    },
    /// In a resume: all folders, where there are any. Others are there no more.
    Folders {
        /// At most [`crate::limits::FOLDERS`].
        folders: Vec<Folder>,
    },
    /// In a resume: a draft is kept that cannot be read at present. What a device has of it stays.
    DraftUnavailable {
        /// Of which conversation.
        conversation: ConversationId,
    },
    /// A device of the other of two has everything up to a place; until `Seen` takes it back.
    Delivered {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
        /// The newest place that a device of theirs has.
        seq: Seq,
    },
    /// How far threads were seen, here or on another device, and in a resume before.
    ThreadsSeen {
        /// The `SeeThread` that this answers, on the connection that sent it.
        request: Option<u32>,
        /// At most [`crate::limits::THREADS_SEEN`].
        threads: Vec<SeenThread>,
    },
}
