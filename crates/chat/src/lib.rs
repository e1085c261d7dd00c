//! The rules of the product. Knows neither HTTP nor SurrealDB: time, peers and the store come
//! in from outside, decisions and frames go out.
//!
//! [`Chat`] is the whole API of the product. Server functions and the socket call the same
//! methods; whoever calls has an [`Actor`], which only [`Chat::authenticate`] makes.
//!
//! The order that everything here keeps: check, seal, **commit**, and only then ack and
//! publish. A message that was acked is in the database.

mod accounts;
mod announcements;
mod arranging;
mod asking;
mod backlog;
mod blocks;
mod changes;
mod chat;
mod command;
mod committer;
mod conversation_state;
mod conversations;
mod cursors;
mod delivery;
mod dismissing;
mod drafting;
mod engine;
mod entry;
mod envelope;
mod erasing;
mod error;
mod expiring;
mod export;
#[cfg(test)]
mod fixtures;
mod foldering;
mod groups;
mod history;
mod hub;
mod invites;
mod joining;
mod live;
mod load;
mod loading;
mod mentions;
mod messages;
mod page_cache;
mod people;
mod placing;
mod polls;
mod privacy;
mod profiles;
mod rate_limit;
mod reading;
mod reminding;
mod reporting;
mod resume;
mod retries;
mod roll;
mod saving;
mod scheduled;
mod search;
mod seeing;
mod seen_by;
mod store;
mod summaries;
mod targets;
mod threads;
mod timer;
mod timers;
mod unread;

pub use accounts::{
    Account, Actor, Device, PasswordChange, PasswordChanged, SessionInfo, SignIn, SignUp, SignedIn,
};
pub use arranging::ArrangeCommand;
pub use chat::{Chat, Config, Deps, Metrics};
pub use command::{Command, Manage};
pub use dismissing::DismissCommand;
pub use drafting::DraftCommand;
pub use error::ChatError;
pub use export::{Export, Exported, Part};
pub use foldering::FolderCommand;
pub use invites::Made;
pub use live::{Connection, ConnectionId, Cut, Outgoing};
pub use messages::SendCommand;
pub use reminding::RemindCommand;
pub use reporting::{Complaint, ReportedMessage};
pub use saving::SaveCommand;
pub use scheduled::ScheduleCommand;
pub use search::found_in;
pub use seeing::SeeThreadCommand;
pub use store::{
    APPEND_PER_CONVERSATION, AnswerRecord, Append, ArrangedRecord, Bar, Blocks, CHECKPOINT_EVERY,
    CURSOR_MOVES, Checkpoint, ConversationRecord, Created, CursorMove, Details, Dismissals,
    DismissedRecord, DraftRecord, Drafts, Expiries, Expiry, FolderRecord, Folders, IndexCursor,
    IndexKey, IndexRow, IndexSave, InviteRecord, Invites, MemberChange, MemberRecord, MemoryStore,
    MessageRow, Privacies, Profiles, ReadCursor, Redeemed, ReminderRecord, Reminders, ReportRecord,
    Reports, SavedMessages, SavedRecord, Schedule, ScheduledKey, ScheduledRecord, SeenRecord,
    SessionRecord, Singleton, Store, StoreError, Threads, Unique, UserRecord,
};
