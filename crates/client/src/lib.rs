//! The part of the browser that is hard to get right, without the browser: connection life,
//! timelines, the outbox, unread counts, typing. No I/O, no clock, and no randomness but a
//! seed, so that `cargo test` can drive it through thousands of broken networks.
//!
//! One [`Client`] lives in each tab. Whatever happens is an [`Input`]; [`Client::step`] takes
//! it with the time and returns the [`Effect`]s to carry out. Between steps the screen reads
//! [`Client`]'s views; [`Change`] says which of them to read again.
//!
//! What it keeps, whatever the network does:
//!
//! - What was written, messages and changes alike, is sent until the server has answered for
//!   it, always under the same [`protocol::SendId`], so that it is stored exactly once.
//! - Entries of one device to one conversation are stored in the order they were made: one send
//!   per conversation is under way at a time.
//! - A timeline shows consecutive messages only. What lies beyond a gap is held back until the
//!   gap is filled.
//! - Around a place that somebody goes to, a second run of consecutive messages is shown. What
//!   is in it is not read, and when it meets the newest run the two become one.
//! - A row shows what all changes up to the newest place held have made of its message, and
//!   over that what the user's own changes will make of it that still wait.
//! - The key of a row never changes, from the echo to the stored message ([`RowKey`]).

mod api;
mod arrangements;
mod backoff;
mod client;
mod conversation;
mod dismissals;
mod downtime;
mod drafts;
mod fetch;
#[cfg(test)]
mod fixtures;
mod folders;
mod intent;
mod layout;
mod list;
mod names;
mod outbox;
mod presence;
mod privacy;
mod reminders;
mod row;
mod saved;
mod seen_here;
mod seen_threads;
mod session;
mod standing;
mod status;
mod summary;
mod thread;
mod timeline;
mod told;
mod typing;
mod unread;
mod window;
mod wishes;

pub use api::{Change, Config, Effect, Input, Restored, SavedConversation, Seeded};
pub use arrangements::SavedArrangement;
pub use client::{Client, SavedAnswer};
pub use dismissals::DismissalWish;
pub use drafts::{Draft, SavedDraft};
pub use folders::FolderWish;
pub use layout::{DayLabel, Item, ItemKey, day_label, layout};
pub use list::{Filter, ListRow};
pub use outbox::{OutboxEntry, Waiting};
pub use reminders::ReminderWish;
pub use row::{Amend, Delivery, Older, Row, RowKey};
pub use saved::SavedWish;
pub use seen_threads::SavedThread;
pub use session::EndReason;
pub use status::Status;
pub use thread::{NewAnswers, ThreadState};
pub use unread::{Attention, Divider, mark_read, mentions};
pub use window::{Absence, Newer, Sought};
