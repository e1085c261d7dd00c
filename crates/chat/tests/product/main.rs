//! The product over the store in memory: everything that a server would call, and what its
//! connections then get.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

mod conversations;
mod drain;
mod failures;
mod faulty_store;
mod history;
mod limits;
mod messaging;
mod peers;
mod resume;
mod retries;
mod sessions;
mod support;
mod unread;
