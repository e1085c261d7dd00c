//! The server as its users and its enemies meet it: over HTTP and over WebSockets, on a free
//! port of this machine, with everything kept in memory.
//!
//! Tests whose names begin with `case_` are the abuse cases of `docs/threat-model.md`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed unwrap fails the test"
)]

mod accounts;
mod arranging;
mod blocks;
mod changes;
mod closing;
mod demonstration;
mod disappearing;
mod dismissing;
mod drafting;
mod exporting;
mod foldering;
mod foreign_sites;
mod groups;
mod guessing;
mod hostile_http;
mod hostile_sockets;
mod invites;
mod membership;
mod mentions;
mod messaging;
mod operating;
mod own_account;
mod pages;
mod permalinks;
mod polls;
mod privacy;
mod profiles;
mod program;
mod races;
mod reconnecting;
mod reminding;
mod reports;
mod requests;
mod rights;
mod saving;
mod scheduling;
mod searching;
mod secrets;
mod sessions;
mod slow_mode;
mod slow_readers;
mod stopping;
mod support;
mod threads;
