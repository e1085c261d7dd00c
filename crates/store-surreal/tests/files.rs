//! What only files have: they are there after the store was closed, and belong to one process.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chat::contract::{self, durability};
use chat::{Store, StoreError};
use store_surreal::{Options, SurrealStore};

async fn open(directory: &Path) -> Arc<dyn Store> {
    Arc::new(SurrealStore::open(Options::at(directory)).await.unwrap())
}

#[track_caller]
fn refusal(outcome: Result<SurrealStore, StoreError>) -> String {
    match outcome {
        Err(StoreError::Unavailable(text)) => text,
        Err(other) => panic!("refused with another error: {other:?}"),
        Ok(_) => panic!("the directory was opened a second time"),
    }
}

#[test]
fn everything_is_there_after_closing_and_opening() {
    contract::run(async {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path()).await;
        durability::fill(&store).await;
        durability::check(&store).await;
        store.close().await;
        // Several times: opening changes nothing and applies no migration again.
        for _ in 0..3 {
            let store = open(directory.path()).await;
            durability::check(&store).await;
            store.close().await;
        }
        let store = open(directory.path()).await;
        durability::go_on(&store).await;
        store.close().await;
    });
}

#[test]
fn what_was_written_is_there_without_closing() {
    contract::run(async {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path()).await;
        durability::fill(&store).await;
        // The files as a crash would leave them: copied while the store is open.
        let copy = tempfile::tempdir().unwrap();
        copy_files(directory.path(), copy.path());
        store.close().await;
        let store = open(copy.path()).await;
        durability::check(&store).await;
        store.close().await;
    });
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_files(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn a_directory_is_opened_once_at_a_time() {
    contract::run(async {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path()).await;
        let text = refusal(SurrealStore::open(Options::at(directory.path())).await);
        let holder = std::process::id().to_string();
        assert!(text.contains("in use by another process"), "{text}");
        assert!(text.contains(&holder), "{text}");
        // The refused attempt has taken nothing away from the first.
        durability::fill(&store).await;
        store.close().await;
        let store = open(directory.path()).await;
        durability::check(&store).await;
        store.close().await;
    });
}

/// What [`open_in_another_process`] prints.
const OPENED: &str = "opened the working directory";

#[test]
#[ignore = "run by another test as a process of its own, in the directory that it opens"]
fn open_in_another_process() {
    contract::run(async {
        match SurrealStore::open(Options::at(".")).await {
            Ok(store) => {
                store.close().await;
                eprintln!("{OPENED}");
            }
            Err(error) => eprintln!("{error}"),
        }
    });
}

fn another_process(directory: &Path) -> String {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args([
            "open_in_another_process",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn another_process_is_refused_until_the_first_has_closed() {
    contract::run(async {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path()).await;
        let said = another_process(directory.path());
        assert!(said.contains("in use by another process"), "{said}");
        assert!(said.contains(&std::process::id().to_string()), "{said}");
        assert!(!said.contains(OPENED), "{said}");
        store.close().await;
        let said = another_process(directory.path());
        assert!(said.contains(OPENED), "{said}");
    });
}

#[test]
fn a_path_that_cannot_be_opened_is_named() {
    contract::run(async {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        std::fs::write(&file, "not a directory").unwrap();
        let text = refusal(SurrealStore::open(Options::at(&file)).await);
        assert!(text.contains(&file.display().to_string()), "{text}");
        let marked = directory.path().join("what?sync=never");
        let text = refusal(SurrealStore::open(Options::at(&marked)).await);
        assert!(text.contains("question mark"), "{text}");
    });
}
