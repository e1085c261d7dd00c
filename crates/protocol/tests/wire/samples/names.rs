//! What the frames are called on the wire.

use protocol::{ClientFrame, ServerFrame};

/// The frame's name on the wire. A new variant has to be named here, and then the tests ask
/// for a sample of it and for its description.
pub(crate) const fn client_name(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::Hello { .. } => "hello",
        ClientFrame::Send { .. } => "send",
        ClientFrame::MarkRead { .. } => "mark_read",
        ClientFrame::Typing { .. } => "typing",
        ClientFrame::Fetch { .. } => "fetch",
        ClientFrame::Ping { .. } => "ping",
        ClientFrame::Arrange { .. } => "arrange",
        ClientFrame::Save { .. } => "save",
        ClientFrame::Remind { .. } => "remind",
        ClientFrame::Dismiss { .. } => "dismiss",
        ClientFrame::Active { .. } => "active",
        ClientFrame::Draft { .. } => "draft",
        ClientFrame::Folder { .. } => "folder",
        ClientFrame::SeeThread { .. } => "see_thread",
    }
}

/// As [`client_name`].
pub(crate) const fn server_name(frame: &ServerFrame) -> &'static str {
    match frame {
        ServerFrame::Welcome { .. } => "welcome",
        ServerFrame::Resumed => "resumed",
        ServerFrame::Event { .. } => "event",
        ServerFrame::Ack { .. } => "ack",
        ServerFrame::Reject { .. } => "reject",
        ServerFrame::Page { .. } => "page",
        ServerFrame::Refused { .. } => "refused",
        ServerFrame::Behind { .. } => "behind",
        ServerFrame::Conversation { .. } => "conversation",
        ServerFrame::Read { .. } => "read",
        ServerFrame::Typing { .. } => "typing",
        ServerFrame::Presence { .. } => "presence",
        ServerFrame::Resync => "resync",
        ServerFrame::Pong { .. } => "pong",
        ServerFrame::Error { .. } => "error",
        ServerFrame::Draining { .. } => "draining",
        ServerFrame::Seen { .. } => "seen",
        ServerFrame::Gone { .. } => "gone",
        ServerFrame::Arranged { .. } => "arranged",
        ServerFrame::Blocked { .. } => "blocked",
        ServerFrame::Saved { .. } => "saved",
        ServerFrame::AllSaved { .. } => "all_saved",
        ServerFrame::Scheduled { .. } => "scheduled",
        ServerFrame::Reminder { .. } => "reminder",
        ServerFrame::Reminders { .. } => "reminders",
        ServerFrame::Privacy { .. } => "privacy",
        ServerFrame::Dismissed { .. } => "dismissed",
        ServerFrame::Status { .. } => "status",
        ServerFrame::Availability { .. } => "availability",
        ServerFrame::DraftKept { .. } => "draft_kept",
        ServerFrame::Draft { .. } => "draft",
        ServerFrame::Folder { .. } => "folder",
        ServerFrame::Folders { .. } => "folders",
        ServerFrame::ThreadsSeen { .. } => "threads_seen",
    }
}

/// All names that [`client_name`] can return.
pub(crate) const CLIENT_NAMES: [&str; 14] = [
    "hello",
    "send",
    "mark_read",
    "typing",
    "fetch",
    "ping",
    "arrange",
    "save",
    "remind",
    "dismiss",
    "active",
    "draft",
    "folder",
    "see_thread",
];

/// All names that [`server_name`] can return.
pub(crate) const SERVER_NAMES: [&str; 34] = [
    "welcome",
    "resumed",
    "event",
    "ack",
    "reject",
    "page",
    "refused",
    "behind",
    "conversation",
    "read",
    "typing",
    "presence",
    "resync",
    "pong",
    "error",
    "draining",
    "seen",
    "gone",
    "arranged",
    "blocked",
    "saved",
    "all_saved",
    "scheduled",
    "reminder",
    "reminders",
    "privacy",
    "dismissed",
    "status",
    "availability",
    "draft_kept",
    "draft",
    "folder",
    "folders",
    "threads_seen",
];
