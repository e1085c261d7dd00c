//! The words both sides of BaatCheet speak: identifiers, validated texts, what a screen
//! shows, the frames of the socket and the error codes.
//!
//! This crate compiles for the browser and for the server and knows neither. A value that
//! carries one of its types has been checked: [`MessageBody`], [`Username`] and the other
//! texts can only be made by their `parse`, which the form in the browser and the border of
//! the server both call, so the two cannot disagree.
//!
//! A conversation is a log. Every message has a [`Seq`], dense and strictly increasing from
//! 1 within its conversation, and is identified by `(ConversationId, Seq)` for ever. A client
//! that knows the last `Seq` it holds knows exactly what it is missing.
//!
//! `docs/protocol.md` describes the same frames for people who write other clients.

mod availability;
mod codec;
mod dismissed;
mod draft;
mod entry;
mod error;
#[cfg(test)]
mod fixtures;
mod folder;
mod folding;
mod frame;
mod ids;
mod intent;
mod invite;
mod lifespan;
pub mod limits;
mod model;
mod packed;
pub mod permission;
pub mod poll;
mod preferences;
mod privacy;
mod reminder;
mod report;
mod request;
mod saved;
mod scheduled;
mod search;
mod slow_mode;
mod status;
mod text;
mod thread;
mod told;

pub use availability::{Availability, AvailabilityKind};
pub use codec::{Codec, DecodeError, EncodeError};
pub use dismissed::{Dismissal, Dismissed};
pub use draft::{DraftText, KeptDraft};
pub use entry::{Change, ChangeKind, Content, Earlier, Marks, Message, Notice, Reaction, Text};
pub use error::{CloseCode, ErrorCode, Field, FieldError};
pub use folder::Folder;
pub use folding::Origin;
pub use frame::{ClientFrame, ServerFrame};
pub use ids::{
    ConversationId, FolderId, IdError, InviteId, ReportId, SendId, Seq, SessionId, Timestamp,
    UserId,
};
pub use intent::Intent;
pub use invite::{Invitation, Invite, InviteState, InviteToken, Lifetime, Uses};
pub use lifespan::Lifespan;
pub use model::{
    ConversationKind, ConversationSummary, GroupSettings, HistoryPage, Member, Person, Presence,
    Reader, Readers, ResumePoint, Role,
};
pub use packed::{PackError, pack, unpack};
pub use poll::{Ballot, Choices, Poll, Vote};
pub use preferences::{Arrangement, Mute, PreferenceField, Preferences, Section};
pub use privacy::{Privacy, PrivacyField};
pub use reminder::{RemindedMessage, Reminder, check_reminder};
pub use report::{Report, ReportReason, Reported};
pub use request::{Request, Wanted};
pub use saved::{SavedMessage, SavedPage, SavedPlace};
pub use scheduled::{Scheduled, Unsent, check_due};
pub use search::{SearchFrom, SearchPage, SearchQuery};
pub use slow_mode::SlowMode;
pub use status::{CustomStatus, Lasting, OwnProfile, Profile};
pub use text::{
    About, Description, DisplayName, DraftBody, EmailAddress, Emoji, FolderName, MessageBody,
    Password, PollAnswer, PollQuestion, ReportNote, SearchTerm, StatusText, TextError, Username,
};
pub use thread::{Answers, SeenThread, Thread, ThreadPage};

/// Version of the frames. It is part of the WebSocket subprotocol's name, see [`Codec`].
pub const PROTOCOL_VERSION: u16 = 1;
