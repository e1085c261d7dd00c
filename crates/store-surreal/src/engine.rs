//! The embedded database: opening it with bounded memory, running a transaction, closing it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chat::StoreError;
use protocol::UserId;
use rand::Rng as _;
use surrealdb::engine::local::Db;
use surrealdb::types::{Object, RecordId, SurrealValue, object};
use surrealdb::{IndexedResults, Surreal};
use surrealdb_cnf::ConfigMap;
use surrealdb_core::kvs::Datastore;

use crate::failure::{Failure, corrupt};
use crate::lock::DirectoryLock;
use crate::records;
use crate::{Location, Options, log_tail};

/// Namespace and database within SurrealDB.
const NAMESPACE: &str = "baatcheet";

/// How often a transaction that lost against another is tried: after 1, 2, 4 .. 64 ms.
const ATTEMPTS: u32 = 8;

/// An open database.
pub(crate) struct Engine {
    // Never cloned: a clone is a session of its own.
    db: Surreal<Db>,
    // Kept beside `db` because dropping that cannot be waited for, and `shutdown` can.
    datastore: Arc<Datastore>,
    lock: Mutex<Option<DirectoryLock>>,
    /// Why nothing is written any more.
    stopped: OnceLock<Failure>,
}

/// A transaction that changes nothing: the engine syncs its log at every commit.
const SYNC: &str = "BEGIN; COMMIT;";

pub(crate) const BY_IDS: &str = "SELECT * FROM $ids";

impl Engine {
    /// Opens the engine through the datastore's own builder: the SDK's way in offers neither
    /// the sizes of the caches nor an end that can be awaited (docs/decisions/0002).
    pub(crate) async fn open(options: &Options) -> Result<Self, StoreError> {
        let (path, lock) = match &options.location {
            Location::Memory => ("memory".to_owned(), None),
            Location::Directory(directory) => {
                let (path, lock) = prepare(directory)?;
                (path, Some(lock))
            }
        };
        let config = ConfigMap::empty()
            .with_key_value(
                "surrealkv_block_cache_capacity",
                options.block_cache_bytes.to_string(),
            )
            .with_key_value(
                "surrealkv_max_memtable_size",
                options.memtable_bytes.to_string(),
            );
        let datastore = Datastore::builder()
            .with_config(config)
            .without_maintenance_tasks()
            .build_with_path(&path)
            .await
            .map_err(start_failed)?;
        match serve(&datastore).await {
            Ok(db) => Ok(Self {
                db,
                datastore,
                lock: Mutex::new(lock),
                stopped: OnceLock::new(),
            }),
            Err(error) => {
                // The first error is the one to report.
                let _ = datastore.shutdown().await;
                Err(error)
            }
        }
    }

    /// Runs one transaction that writes.
    ///
    /// After the device has failed one, none is begun until the files are opened anew. The
    /// engine's log may then end in the middle of a record: what is written behind that is
    /// synced and not found again. And a sync that succeeds after one that failed says nothing
    /// of what the first was to write, because the kernel has dropped it.
    pub(crate) async fn write(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<IndexedResults, Failure> {
        self.writable()?;
        let outcome = self.query(statement, parameters).await;
        if let Err(failure @ (Failure::Full(_) | Failure::Device(_))) = &outcome
            && self.stopped.set(failure.clone()).is_ok()
        {
            tracing::error!(
                ?failure,
                "the device failed a write: nothing is written until the server is started again"
            );
        }
        // Another one may have failed meanwhile, in the log before this one.
        if outcome.is_ok() {
            self.writable()?;
        }
        outcome
    }

    fn writable(&self) -> Result<(), Failure> {
        self.stopped.get().cloned().map_or(Ok(()), Err)
    }

    /// Syncs what was written up to now.
    pub(crate) async fn sync(&self) -> Result<(), StoreError> {
        self.write(SYNC, Object::new).await?;
        Ok(())
    }

    /// Runs one transaction: a single statement, or `BEGIN; ..; COMMIT`. `parameters` is
    /// called for every attempt, so that the usual one attempt copies nothing.
    #[expect(
        clippy::disallowed_methods,
        reason = "between two tries there is nothing to wait for but time"
    )]
    pub(crate) async fn query(
        &self,
        statement: &'static str,
        parameters: impl Fn() -> Object + Send,
    ) -> Result<IndexedResults, Failure> {
        let mut attempt = 0;
        loop {
            match self.attempt(statement, parameters()).await {
                Err(Failure::Conflict) if attempt + 1 < ATTEMPTS => {
                    tokio::time::sleep(pause(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt(
        &self,
        statement: &'static str,
        parameters: Object,
    ) -> Result<IndexedResults, Failure> {
        let mut results = self.db.query(statement).bind(parameters).await?;
        match Failure::among(results.take_errors()) {
            None => Ok(results),
            Some(failure) => Err(failure),
        }
    }

    /// Reads the rows of a table whose keys are accounts, each once; those that are there.
    pub(crate) async fn rows_of<Row: SurrealValue>(
        &self,
        table: &'static str,
        users: &[UserId],
    ) -> Result<Vec<Row>, StoreError> {
        let users: BTreeSet<UserId> = users.iter().copied().collect();
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut answer = self
            .query(BY_IDS, || {
                let ids = users.iter().map(|user| records::row(table, *user));
                object! { ids: ids.collect::<Vec<RecordId>>() }
            })
            .await?;
        answer.take(0).map_err(corrupt)
    }

    /// Reads one row, if it could also be written.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.writable()?;
        self.query("SELECT * FROM migration:1", Object::new).await?;
        Ok(())
    }

    /// What the planner makes of a statement.
    #[cfg(test)]
    pub(crate) async fn explain(&self, statement: &str, parameters: Object) -> String {
        let text = format!("EXPLAIN {statement}");
        match self.db.query(text).bind(parameters).await {
            Ok(mut answer) => match answer.take::<surrealdb::types::Value>(0) {
                Ok(plan) => format!("{plan:?}"),
                Err(error) => format!("failed: {error}"),
            },
            Err(error) => format!("failed: {error}"),
        }
    }

    /// Waits for what is under way, flushes, closes, and gives the directory free.
    pub(crate) async fn close(&self) {
        if let Err(error) = self.datastore.shutdown().await {
            tracing::error!(%error, "the database did not close cleanly");
        }
        self.lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

/// Makes and locks the directory, and names it as the engine wants it.
fn prepare(directory: &Path) -> Result<(String, DirectoryLock), StoreError> {
    let failed = |error: std::io::Error| {
        StoreError::Unavailable(format!("cannot open {}: {error}", directory.display()))
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let lock = DirectoryLock::take(directory)?;
    let files = directory.canonicalize().map_err(failed)?.join("surrealkv");
    if let Some(cut) = log_tail::cut_unfinished(&files).map_err(failed)? {
        tracing::warn!(
            file = %cut.file.display(),
            kept = cut.kept,
            removed = cut.removed,
            "the last run ended in the middle of a write: what it left unfinished was cut off"
        );
    }
    // The engine takes the directory as a URL of which `?` begins the parameters.
    match files.to_str() {
        Some(text) if !text.contains('?') => Ok((format!("surrealkv://{text}?sync=every"), lock)),
        _ => Err(StoreError::Unavailable(format!(
            "the path {} must be UTF-8 without a question mark",
            files.display()
        ))),
    }
}

/// Brings a datastore into service. The order is required: whatever writes before the version
/// is checked makes a new database look like one from before there was a version.
async fn serve(datastore: &Arc<Datastore>) -> Result<Surreal<Db>, StoreError> {
    datastore.check_version().await.map_err(start_failed)?;
    datastore.bootstrap().await.map_err(start_failed)?;
    datastore.start_maintenance_tasks();
    let db = Surreal::<Db>::unstable_from_datastore(Arc::clone(datastore), None)
        .await
        .map_err(Failure::from)?;
    db.use_ns(NAMESPACE)
        .use_db(NAMESPACE)
        .await
        .map_err(Failure::from)?;
    Ok(db)
}

fn start_failed(error: impl std::fmt::Display) -> StoreError {
    Failure::from(surrealdb::types::Error::internal(format!(
        "the database does not start: {error}"
    )))
    .into()
}

/// Twice as long after each attempt, and no two writers equally long.
fn pause(attempt: u32) -> Duration {
    let base = 1_000_u64 << attempt.min(ATTEMPTS);
    Duration::from_micros(rand::rng().random_range(base / 2..=base))
}

/// Parameters of [`BY_IDS`] for the planner.
#[cfg(test)]
pub(crate) fn example(table: &'static str) -> Object {
    let user = UserId::from_bytes([0; 16]);
    object! { ids: vec![records::row(table, user)] }
}

#[cfg(test)]
mod tests {
    use surrealdb::types::object;

    use super::Engine;
    use crate::Options;

    /// Every statement is ours, and constant; should one ever be injected, it reaches nothing
    /// outside the database.
    #[test]
    fn case_44_the_database_runs_no_scripts_and_calls_nobody() {
        store_contract::run(async {
            let engine = Engine::open(&Options::in_memory()).await.unwrap();
            assert!(engine.query("RETURN 1 + 1", || object! {}).await.is_ok());
            for statement in [
                "RETURN function() { return 1; }",
                "RETURN http::get('http://127.0.0.1:9/')",
                "RETURN http::post('http://127.0.0.1:9/', {})",
            ] {
                let outcome = engine.query(statement, || object! {}).await;
                assert!(outcome.is_err(), "{statement}");
            }
            engine.close().await;
        });
    }
}
