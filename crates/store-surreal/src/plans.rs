//! Asks the planner how each reading statement finds its rows. A statement that reads a whole
//! table is fast on the machine of whoever wrote it and slow a year later.

use surrealdb::types::{Object, object};

use crate::{
    Options, SurrealStore, blocks, closing, conversations, drafts, engine, expiry, folders, index,
    invites, messages, migrate, reminders, reports, saved, schedule, sessions, threads, users,
};

/// How the planner names the ways that are allowed: by id, by a range of ids, by an index.
const WAYS: [&str; 3] = ["SourceExpr", "RecordIdScan", "IndexScan"];

fn statements() -> Vec<(&'static str, Option<Object>)> {
    let mut all = vec![(migrate::APPLIED, Some(object! {}))];
    for statement in [
        users::ANY,
        users::BY_USERNAME,
        users::BY_EMAIL,
        users::SEARCH,
    ] {
        all.push((statement, users::example(statement)));
    }
    for statement in [sessions::BY_ID, sessions::OF_USER, sessions::DEAD] {
        all.push((statement, sessions::example(statement)));
    }
    for statement in [
        conversations::SINGLETON,
        conversations::BY_ID,
        conversations::MEMBERS,
        conversations::MOVES,
        conversations::OF_USER,
    ] {
        all.push((statement, conversations::example(statement)));
    }
    for statement in [messages::RANGE, messages::PLACES, messages::CHECKPOINT] {
        all.push((statement, messages::example(statement)));
    }
    for statement in [invites::BY_HASH, invites::OF_CONVERSATION, invites::BARRED] {
        all.push((statement, invites::example(statement)));
    }
    for statement in [closing::CLOSING, closing::EMPTIED, closing::WITHIN] {
        all.push((statement, closing::example(statement)));
    }
    all.push((blocks::SECONDS, blocks::example(blocks::SECONDS)));
    for table in ["user", "privacy", "profile"] {
        all.push((engine::BY_IDS, Some(engine::example(table))));
    }
    all.push((saved::OF_USER, saved::example(saved::OF_USER)));
    for statement in [schedule::ROWS, schedule::OF_AUTHOR, schedule::KEYS] {
        all.push((statement, schedule::example(statement)));
    }
    all.push((expiry::UNTIL, expiry::example(expiry::UNTIL)));
    for statement in [reminders::ROWS, reminders::OF_USER, reminders::KEYS] {
        all.push((statement, reminders::example(statement)));
    }
    for statement in [reports::ALL, reports::BY_ID, reports::OF_REPORTER] {
        all.push((statement, reports::example(statement)));
    }
    for statement in [drafts::PLACES, drafts::ONE] {
        all.push((statement, drafts::example(statement)));
    }
    all.push((folders::OF_USER, folders::example(folders::OF_USER)));
    all.push((threads::SEEN, threads::example(threads::SEEN)));
    for statement in [index::ROWS, index::CURSORS] {
        all.push((statement, index::example(statement)));
    }
    all
}

/// Whether a plan reaches rows, and only in a way that is allowed.
fn is_direct(plan: &str) -> bool {
    let scans = plan.matches("Scan ").count();
    let allowed: usize = WAYS
        .iter()
        .filter(|way| way.ends_with("Scan"))
        .map(|way| plan.matches(&format!("{way} ")).count())
        .sum();
    WAYS.iter().any(|way| plan.contains(way)) && scans == allowed
}

#[test]
fn every_statement_reaches_its_rows_directly() {
    store_contract::run(async {
        let store = SurrealStore::open(Options::in_memory()).await.unwrap();
        let mut complaints = Vec::new();
        for (statement, parameters) in statements() {
            let plan = store.engine.explain(statement, parameters.unwrap()).await;
            if !is_direct(&plan) {
                complaints.push(format!("{statement}\n  {plan}"));
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    });
}

#[test]
fn reading_a_whole_table_would_be_noticed() {
    store_contract::run(async {
        let store = SurrealStore::open(Options::in_memory()).await.unwrap();
        for statement in [
            "SELECT * FROM user WHERE display_name = 'x'",
            "SELECT * FROM message",
            "SELECT * FROM session WHERE expires_at > 5",
        ] {
            let plan = store.engine.explain(statement, object! {}).await;
            assert!(!is_direct(&plan), "{statement}\n{plan}");
        }
    });
}
