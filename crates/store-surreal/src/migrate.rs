//! Brings the schema up to date: numbered migrations, forward only, each applied once and
//! recorded in the same transaction. Each statement of a migration may run twice, so that one
//! that was interrupted is simply run again.

use chat::StoreError;
use surrealdb::types::{RecordId, object};

use crate::engine::Engine;
use crate::failure::corrupt;

/// The migrations; the number of one is its place, from 1. A published one never changes.
const MIGRATIONS: &[&str] = &[concat!(
    "BEGIN;",
    include_str!("../schema/0001_init.surql"),
    "CREATE $done CONTENT {} RETURN NONE; COMMIT;"
)];

/// What the record of the migrations needs before the first of them.
const RECORD: &str = "
    DEFINE TABLE IF NOT EXISTS migration TYPE NORMAL SCHEMAFULL PERMISSIONS NONE;
    SELECT VALUE record::id(id) FROM migration:1..;
";

/// Applies what is missing.
pub(crate) async fn run(engine: &Engine) -> Result<(), StoreError> {
    apply(engine, MIGRATIONS).await
}

async fn apply(engine: &Engine, migrations: &[&'static str]) -> Result<(), StoreError> {
    let mut answer = engine.query(RECORD, || object! {}).await?;
    let applied: Vec<i64> = answer.take(1).map_err(corrupt)?;
    let newest = applied.into_iter().max().unwrap_or(0);
    let newest = usize::try_from(newest).map_err(corrupt)?;
    if newest > migrations.len() {
        return Err(StoreError::Unavailable(format!(
            "the database has schema {newest}, this build knows schemas up to {}: \
             a newer build has opened it, and only that or a later one may open it again",
            migrations.len()
        )));
    }
    for (number, migration) in (1_i64..).zip(migrations).skip(newest) {
        tracing::info!(number, "applying a schema migration");
        engine
            .query(migration, || {
                object! { done: RecordId::new("migration", number) }
            })
            .await?;
    }
    Ok(())
}
