//! Asks the planner how each reading statement finds its rows. A statement that reads a whole
//! table is fast on the machine of whoever wrote it and slow a year later.

use surrealdb::types::{Object, object};

use crate::{Options, SurrealStore, conversations, messages, sessions, users};

/// How the planner names reading a whole table.
const SCANS: [&str; 2] = ["TableScan", "Iterate Table"];

fn statements() -> Vec<(&'static str, Option<Object>)> {
    let mut all = Vec::new();
    for statement in [users::BY_IDS, users::BY_USERNAME, users::BY_EMAIL, users::SEARCH] {
        all.push((statement, users::example(statement)));
    }
    for statement in [sessions::BY_ID, sessions::OF_USER] {
        all.push((statement, sessions::example(statement)));
    }
    for statement in [
        conversations::SINGLETON,
        conversations::BY_ID,
        conversations::MEMBERS,
        conversations::OF_USER,
    ] {
        all.push((statement, conversations::example(statement)));
    }
    for statement in [messages::RANGE, messages::CHECKPOINT] {
        all.push((statement, messages::example(statement)));
    }
    all
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let store = SurrealStore::open(Options::in_memory()).await.unwrap();
    for (statement, parameters) in statements() {
        let plan = store.engine.explain(statement, parameters.unwrap()).await;
        eprintln!("{statement}\n  {plan}\n");
        assert!(!SCANS.iter().any(|scan| plan.contains(scan)), "{statement}\n{plan}");
    }
    let control = "SELECT * FROM user WHERE display_name = 'x'";
    let plan = store.engine.explain(control, object! {}).await;
    eprintln!("{control}\n  {plan}\n");
    assert!(SCANS.iter().any(|scan| plan.contains(scan)), "{plan}");
}
