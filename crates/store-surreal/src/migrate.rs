//! Brings the schema up to date: numbered migrations, forward only, each applied once and
//! recorded in the same transaction. Each statement of a migration may run twice, so that one
//! that was interrupted is simply run again.

use chat::StoreError;
use surrealdb::types::{RecordId, object};

use crate::engine::Engine;
use crate::failure::corrupt;

/// Files of `schema/`, each applied together with its record.
macro_rules! migrations {
    ($($file:literal),+ $(,)?) => {
        const MIGRATIONS: &[&str] = &[$(concat!(
            "BEGIN;",
            include_str!(concat!("../schema/", $file, ".surql")),
            "CREATE $done CONTENT {} RETURN NONE; COMMIT;"
        )),+];
        #[cfg(test)]
        const FILES: &[&str] = &[$($file),+];
    };
}

// The number of one is its place, from 1. A published one never changes.
migrations! {
    "0001_init",
    "0002_groups",
    "0003_search",
    "0004_search_join",
    "0005_invites",
    "0006_preferences",
    "0007_closing",
    "0008_blocks",
    "0009_saved",
    "0010_scheduled",
    "0011_slow_mode",
    "0012_threads",
    "0013_disappearing",
    "0014_reminders",
    "0015_privacy",
    "0016_requests",
    "0017_dismissed",
    "0018_profiles",
    "0019_drafts",
    "0020_folders",
    "0021_cursor_moves",
    "0022_delivered",
    "0023_threads_seen",
}

/// What the record of the migrations needs before the first of them.
const RECORD: &str = "DEFINE TABLE IF NOT EXISTS migration TYPE NORMAL SCHEMAFULL PERMISSIONS NONE";
pub(crate) const APPLIED: &str = "SELECT VALUE record::id(id) FROM migration:1..";

/// Applies what is missing.
pub(crate) async fn run(engine: &Engine) -> Result<(), StoreError> {
    apply(engine, MIGRATIONS).await
}

async fn apply(engine: &Engine, migrations: &[&'static str]) -> Result<(), StoreError> {
    engine.write(RECORD, || object! {}).await?;
    let mut answer = engine.query(APPLIED, || object! {}).await?;
    let applied: Vec<i64> = answer.take(0).map_err(corrupt)?;
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
            .write(migration, || {
                object! { done: RecordId::new("migration", number) }
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    async fn applied(engine: &Engine) -> Vec<i64> {
        let mut answer = engine.query(APPLIED, || object! {}).await.unwrap();
        answer.take(0).unwrap()
    }

    /// An engine without a schema.
    async fn bare() -> Engine {
        Engine::open(&Options::in_memory()).await.unwrap()
    }

    #[test]
    fn the_number_of_each_file_is_its_place() {
        for (number, file) in (1..).zip(FILES) {
            assert!(file.starts_with(&format!("{number:04}_")), "{file}");
        }
    }

    #[test]
    fn each_migration_is_applied_once_and_in_order() {
        store_contract::run(async {
            let engine = bare().await;
            run(&engine).await.unwrap();
            let all: Vec<i64> = (1..).take(MIGRATIONS.len()).collect();
            assert_eq!(applied(&engine).await, all);
            run(&engine).await.unwrap();
            assert_eq!(applied(&engine).await, all);

            // A later build: what is applied stays, what is new is added.
            const NEXT: &str = "BEGIN; DEFINE TABLE later SCHEMAFULL; \
                CREATE $done CONTENT {} RETURN NONE; COMMIT;";
            let more: Vec<&'static str> = MIGRATIONS.iter().copied().chain([NEXT]).collect();
            apply(&engine, &more).await.unwrap();
            assert_eq!(applied(&engine).await.len(), all.len() + 1);
        });
    }

    #[test]
    fn a_migration_that_was_interrupted_is_run_again() {
        store_contract::run(async {
            let engine = bare().await;
            // All of its statements, without the record that it was applied.
            let schema = include_str!("../schema/0001_init.surql");
            engine.query(schema, || object! {}).await.unwrap();
            run(&engine).await.unwrap();
            assert_eq!(applied(&engine).await.len(), MIGRATIONS.len());
        });
    }

    #[test]
    fn what_the_first_schema_holds_is_read_by_the_newest() {
        store_contract::run(async {
            let engine = bare().await;
            let (first, _) = MIGRATIONS.split_at(1);
            apply(&engine, first).await.unwrap();
            const BEFORE: &str = "
                CREATE conversation:u'00000000-0000-0000-0000-000000000007' SET
                    kind = 'group', title = 'Chai', wrapped_key = <bytes>'key', created_at = 5;
                CREATE member:[u'00000000-0000-0000-0000-000000000007',
                    u'00000000-0000-0000-0000-000000000001'] SET
                    role = 'owner', joined_after = 0, read_seq = 3;
            ";
            engine.query(BEFORE, || object! {}).await.unwrap();
            let store = crate::SurrealStore::over(engine).await.unwrap();
            let mut id = [0; 16];
            id[15] = 7;
            let id = protocol::ConversationId::from_bytes(id);
            let found = store.find_conversation(id).await.unwrap().unwrap();
            let details = chat::Details {
                title: Some(protocol::DisplayName::parse("Chai").unwrap()),
                ..chat::Details::default()
            };
            assert_eq!(found.details, details);
            let members = store.members_of(id).await.unwrap();
            let [owner] = &members[..] else {
                panic!("{members:?}");
            };
            assert_eq!(owner.read_seq, protocol::Seq(3));
            assert_eq!(owner.joined_at, protocol::Timestamp::default());
            assert_eq!(owner.preferences, protocol::Preferences::default());
        });
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_behind() {
        store_contract::run(async {
            let engine = bare().await;
            const BROKEN: &str = "BEGIN; DEFINE TABLE half SCHEMAFULL; THROW 'broken'; \
                CREATE $done CONTENT {} RETURN NONE; COMMIT;";
            assert!(apply(&engine, &[BROKEN]).await.is_err());
            assert_eq!(applied(&engine).await, Vec::<i64>::new());
            let half = engine.query("SELECT * FROM half", || object! {}).await;
            assert!(half.is_err(), "the table of a failed migration is there");
        });
    }

    #[test]
    fn a_newer_schema_is_refused() {
        store_contract::run(async {
            let engine = bare().await;
            run(&engine).await.unwrap();
            let newer = i64::try_from(MIGRATIONS.len()).unwrap() + 1;
            let done = || object! { done: RecordId::new("migration", newer) };
            engine
                .query("CREATE $done CONTENT {} RETURN NONE", done)
                .await
                .unwrap();
            match run(&engine).await {
                Err(StoreError::Unavailable(text)) => {
                    assert!(text.contains("a newer build has opened it"), "{text}");
                }
                other => panic!("a newer schema was opened: {other:?}"),
            }
        });
    }
}
