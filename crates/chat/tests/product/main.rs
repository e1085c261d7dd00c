//! The product over the store in memory: everything that a server would call, and what its
//! connections then get.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

mod arranging;
mod blocks;
mod changes;
mod churn;
mod closing;
mod conversations;
mod delivered;
mod dismissing;
mod dissolving;
mod drafting;
mod drain;
mod export;
mod failures;
mod faulty_store;
mod foldering;
mod forwarding;
mod groups;
mod history;
mod invites;
mod lifespans;
mod limits;
mod membership;
mod mentions;
mod messaging;
mod peers;
mod polls;
mod privacy;
mod profiles;
mod reminding;
mod renaming;
mod reporting;
mod requests;
mod resume;
mod retries;
mod rewriting;
mod saving;
mod scheduled;
mod search;
mod seeing;
mod seen_by;
mod sessions;
mod slow_mode;
mod support;
mod threads;
mod unread;
