//! The database: SurrealDB inside the process, on SurrealKV files or in memory.
//!
//! [`SurrealStore`] implements [`chat::Store`]; no other crate names SurrealDB. How it is
//! made:
//!
//! - `schema/*.surql` are the migrations, numbered, forward only, applied at the start.
//! - Rows are reached by id, by an exact range of ids or by an index, never by reading a table;
//!   `plans.rs` asks the planner.
//! - Data reaches a statement as a bound parameter only. Every statement is a `&'static str`.
//! - A method is one transaction. A commit that lost against another one is tried again.
//! - `Ok` means that the log was fsynced (`sync=every`). After the device has failed a write
//!   nothing more is written until the files are opened anew.

// The engine's futures nest deeper than the compiler looks by default.
#![recursion_limit = "256"]

mod blocks;
mod closing;
mod conversations;
mod dismissals;
mod drafts;
mod engine;
mod expiry;
mod failure;
mod folders;
mod index;
mod invites;
mod lock;
mod log_tail;
mod messages;
mod migrate;
#[cfg(test)]
mod plans;
mod preferences;
mod privacies;
mod profiles;
mod records;
mod reminders;
mod reports;
mod saved;
mod schedule;
mod sessions;
mod store;
mod threads;
mod users;

use std::path::PathBuf;

use chat::StoreError;

use crate::engine::Engine;

/// Where the data is, and how much memory the engine may take.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the data is.
    pub location: Location,
    /// Bytes of the cache of data blocks. The engine's own default is half of the machine.
    pub block_cache_bytes: u64,
    /// Bytes of the table in memory that collects writes until they are flushed to a file; a
    /// transaction must fit. The engine's own default is up to 4 GiB.
    pub memtable_bytes: u64,
}

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In memory: gone when the store is closed. For tests.
    Memory,
    /// In files of this directory, which is made if it is not there. One process at a time.
    Directory(PathBuf),
}

impl Options {
    /// Data in memory, for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Location::Memory)
    }

    /// Data in a directory.
    #[must_use]
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self::new(Location::Directory(directory.into()))
    }

    fn new(location: Location) -> Self {
        Self {
            location,
            block_cache_bytes: 64 * 1024 * 1024,
            memtable_bytes: 32 * 1024 * 1024,
        }
    }
}

/// The store over SurrealDB.
pub struct SurrealStore {
    engine: Engine,
    /// One account is renamed at a time: it is read before, see `users.rs`.
    renames: tokio::sync::Mutex<()>,
}

impl SurrealStore {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if another process has the directory open, if a newer build
    /// has written it, or if the engine does not start; [`StoreError::Full`] without space.
    pub async fn open(options: Options) -> Result<Self, StoreError> {
        Self::over(Engine::open(&options).await?).await
    }

    /// Brings the schema of an open database up to date.
    async fn over(engine: Engine) -> Result<Self, StoreError> {
        match migrate::run(&engine).await {
            Ok(()) => Ok(Self {
                engine,
                renames: tokio::sync::Mutex::default(),
            }),
            Err(error) => {
                engine.close().await;
                Err(error)
            }
        }
    }
}
