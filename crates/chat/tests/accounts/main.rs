//! Accounts and sessions over the store in memory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

mod changing;
mod sessions;
mod sign_in;
mod support;
