//! What clients say.

use serde::{Deserialize, Serialize};

use crate::{
    Arrangement, ConversationId, Dismissal, FolderId, Intent, ResumePoint, SavedPlace, SeenThread,
    SendId, Seq, Timestamp,
};

/// From the client. Texts are bare here; the server parses them at its border so that a
/// refusal can name the `send_id` it belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame, within [`crate::limits::HELLO_MS`]. May be sent again after `Resync`.
    Hello {
        /// What the client holds, at most [`crate::limits::RESUME_POINTS`]. For each, exactly
        /// what is missing follows, or `Behind`. Conversations not named here are announced
        /// by their summary alone.
        resume: Vec<ResumePoint>,
    },
    /// Write an entry: a message, or a change. Answered by `Ack` or `Reject` with the same `send_id`.
    Send {
        /// Made once per entry, kept through every retry.
        send_id: SendId,
        /// Where to.
        conversation: ConversationId,
        /// What is to be written.
        intent: Intent,
        /// The newest place of the conversation that the author knew when the entry was
        /// made. Never raise it on a retry: the server looks for the first copy after it.
        after: Seq,
        /// Whether this `send_id` may have been transmitted before.
        retry: bool,
    },
    /// Everything up to `seq` was seen. Cursors only move forward.
    MarkRead {
        /// Where.
        conversation: ConversationId,
        /// The newest place seen.
        seq: Seq,
    },
    /// The composer is in use, or no longer. Once in [`crate::limits::TYPING_INTERVAL_MS`] at most.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Whether somebody types.
        active: bool,
    },
    /// Read messages by place. Answered by `Page` or `Refused` with the same `request`.
    Fetch {
        /// Chosen by the client to match the answer.
        request: u32,
        /// Where.
        conversation: ConversationId,
        /// First place wanted.
        from: Seq,
        /// Last place wanted; at most [`crate::limits::PAGE_MESSAGES`] are returned, the
        /// newest of the range.
        to: Seq,
    },
    /// Answered by `Pong`. For clients that cannot see WebSocket pings.
    Ping {
        /// Returned in the `Pong`.
        nonce: u32,
    },
    /// Arrange a conversation for oneself. Answered by `Arranged` or `Refused` with the same
    /// `request`; may be repeated.
    Arrange {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which.
        conversation: ConversationId,
        /// What is to be different.
        change: Arrangement,
    },
    /// Save a message to look at it again, or no longer. Answered by `Saved` or `Refused` with
    /// the same `request`; may be repeated.
    Save {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which message.
        place: SavedPlace,
        /// Whether it is to be saved.
        on: bool,
    },
    /// Be told of a message again at a time, or no longer. Answered by `Reminder` or `Refused`
    /// with the same `request`; may be repeated.
    Remind {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which message.
        place: SavedPlace,
        /// When, in place of an earlier time; `None` puts the reminder aside.
        at: Option<Timestamp>,
    },
    /// Delete a message for oneself alone, all before it too, or show it again. Answered by
    /// `Dismissed` or `Refused` with the same `request`; may be repeated.
    Dismiss {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which message or notice.
        place: SavedPlace,
        /// What is to become of it.
        dismissal: Dismissal,
    },
    /// Whether somebody is active at this device. A fresh connection counts as active; it is said
    /// when that changes, after [`crate::limits::AWAY_MS`] without a sign of life.
    Active {
        /// Whether somebody is.
        active: bool,
    },
    /// Keep what stands in the composer of a conversation, for the account's other devices.
    /// Answered by `DraftKept` or `Refused` with the same `request`; may be repeated.
    Draft {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which conversation.
        conversation: ConversationId,
        /// All of it; empty where there is none any more.
        text: String,
        /// The place of the message that it answers.
        reply_to: Option<Seq>,
    },
    /// Make a folder, rename it, or delete it; its conversations stay. Answered by `Folder` or
    /// `Refused` with the same `request`; may be repeated.
    Folder {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which folder.
        folder: FolderId,
        /// What it is called from now on; empty where there is no such folder any more.
        name: String,
    },
    /// The device has everything up to `seq` of a conversation of two, seen or not.
    Received {
        /// Where.
        conversation: ConversationId,
        /// The newest place that it has.
        seq: Seq,
    },
    /// The answers of a thread were seen up to a place. Answered by `ThreadsSeen` or `Refused`
    /// with the same `request`; may be repeated.
    SeeThread {
        /// Chosen by the client to match the answer, of one row with those of `Fetch`.
        request: u32,
        /// Which, and how far.
        thread: SeenThread,
    },
}
