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
//! - A message that was written is sent until the server has answered for it, always under
//!   the same [`protocol::SendId`], so that it is stored exactly once.
//! - Messages of one device to one conversation are stored in the order they were written:
//!   one send per conversation is under way at a time.
//! - A timeline shows consecutive messages only. What lies beyond a gap is held back until the
//!   gap is filled.
//! - The key of a row never changes, from the echo to the stored message ([`RowKey`]).

mod api;
mod backoff;
mod client;
mod conversation;
mod downtime;
mod fetch;
mod layout;
mod list;
mod outbox;
mod presence;
mod row;
mod session;
mod status;
mod timeline;
mod typing;
mod unread;

pub use api::{
    Change, Config, Draft, Effect, Input, OutboxEntry, Restored, SavedConversation, Seeded,
};
pub use client::Client;
pub use layout::{DayLabel, Item, ItemKey, day_label, layout};
pub use list::ListRow;
pub use row::{Delivery, Older, Row, RowKey};
pub use session::EndReason;
pub use status::Status;
pub use unread::{Attention, Divider, mark_read};
