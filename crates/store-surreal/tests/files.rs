//! What only files have: they are there after the store was closed, and belong to one process.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed unwrap fails the test"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use chat::{Append, ConversationRecord, Details, MessageRow, Store, StoreError};
use protocol::{ConversationId, ConversationKind, Seq, Timestamp};
use store_contract::{self as contract, durability};
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

/// The engine's log is written in blocks of this many bytes.
const BLOCK: u64 = 32 * 1024;

/// The newest file of the engine's log, and its length.
fn log(directory: &Path) -> (PathBuf, u64) {
    let files = std::fs::read_dir(directory.join("surrealkv/wal")).unwrap();
    let newest = files.map(|file| file.unwrap().path()).max().unwrap();
    let length = newest.metadata().unwrap().len();
    (newest, length)
}

#[test]
fn what_was_acked_after_a_crash_in_the_middle_of_a_write_outlives_the_next_crash() {
    contract::run(async {
        let first = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(Options::at(first.path())).await.unwrap();
        begin(&store).await;
        let mut acked = 0;
        write(&store, &mut acked, 3).await.unwrap();
        let (_, before) = log(first.path());
        // One transaction of several blocks, of which a crash lets the first through.
        let large = Append {
            rows: (4..20).map(row).collect(),
            ..Append::default()
        };
        store.append(&large).await.unwrap();
        let second = tempfile::tempdir().unwrap();
        copy_files(first.path(), second.path());
        store.close().await;
        let (file, after) = log(second.path());
        let end = before.next_multiple_of(BLOCK);
        assert!(before < end && end < after, "{before} {end} {after}");
        let file = std::fs::File::options().write(true).open(file).unwrap();
        file.set_len(end).unwrap();
        // What is acked now is behind that in the log.
        let store = SurrealStore::open(Options::at(second.path()))
            .await
            .unwrap();
        write(&store, &mut acked, 3).await.unwrap();
        let third = tempfile::tempdir().unwrap();
        copy_files(second.path(), third.path());
        store.close().await;
        let store = SurrealStore::open(Options::at(third.path())).await.unwrap();
        let found = store.messages(WRITTEN, Seq(1), Seq(20)).await.unwrap();
        let found: Vec<_> = found.iter().map(|row| row.seq.0).collect();
        assert_eq!(found, [1, 2, 3, 4, 5, 6]);
        store.close().await;
    });
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

const WRITTEN: ConversationId = ConversationId::from_bytes([7; 16]);

/// Blocks of 512 bytes that a file may have: less than is written, more than opening writes.
const FILE_BLOCKS: u32 = 2_048;

/// A message that takes a good part of a block.
fn row(seq: u64) -> MessageRow {
    MessageRow {
        conversation: WRITTEN,
        seq: Seq(seq),
        bytes: vec![seq as u8; 9_000].into(),
    }
}

/// Makes the conversation that is written into.
async fn begin(store: &SurrealStore) {
    let conversation = ConversationRecord {
        id: WRITTEN,
        kind: ConversationKind::Group,
        details: Details::default(),
        wrapped_key: Vec::new(),
        created_at: Timestamp::from_millis(0),
    };
    let made = store
        .create_conversation(&conversation, &[], None, None)
        .await;
    made.unwrap();
}

/// Writes one message after the other for as often as asked; how many succeeded.
async fn write(store: &SurrealStore, acked: &mut u64, times: usize) -> Result<(), StoreError> {
    for _ in 0..times {
        let append = Append {
            rows: vec![row(*acked + 1)],
            ..Append::default()
        };
        store.append(&append).await?;
        *acked += 1;
    }
    Ok(())
}

#[test]
#[ignore = "run by another test as a process of its own, which may write little"]
fn write_until_the_device_fails_and_go_on() {
    contract::run(async {
        let store = SurrealStore::open(Options::at(".")).await.unwrap();
        begin(&store).await;
        let mut acked = 0;
        write(&store, &mut acked, 1_000).await.unwrap_err();
        // More than the engine's buffer holds.
        for _ in 0..10 {
            write(&store, &mut acked, 1).await.unwrap_err();
        }
        let me = std::process::id().to_string();
        let limit = ["--pid", &me, "--fsize=unlimited"];
        let lifted = Command::new("prlimit").args(limit).status();
        assert!(lifted.unwrap().success());
        let ready = store.ping().await.is_ok();
        let synced = store.sync().await.is_ok();
        let before = acked;
        let _ = write(&store, &mut acked, 10).await;
        let read = store.messages(WRITTEN, Seq(1), Seq(before)).await.unwrap();
        assert_eq!(read.len() as u64, before, "what is there can be read");
        eprintln!("acked {before} {acked} {ready} {synced}");
        std::future::pending::<()>().await;
    });
}

#[test]
fn after_the_device_failed_a_write_nothing_is_acked_until_the_files_are_opened_anew() {
    let directory = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -S -f {FILE_BLOCKS}; exec \"$0\" \"$@\""
        ))
        .arg(program)
        .args([
            "write_until_the_device_fails_and_go_on",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .current_dir(directory.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        said.push(line);
        if said.last().unwrap().starts_with("acked ") {
            break;
        }
    }
    // As a crash would end it.
    child.kill().unwrap();
    child.wait().unwrap();
    let last = said.last().unwrap().clone();
    let Some(numbers) = last.strip_prefix("acked ") else {
        panic!("{}", said.join("\n"));
    };
    let numbers: Vec<&str> = numbers.split(' ').collect();
    let acked: u64 = numbers[1].parse().unwrap();
    contract::run(async move {
        let store = SurrealStore::open(Options::at(directory.path()))
            .await
            .unwrap();
        let found = store.messages(WRITTEN, Seq(1), Seq(acked)).await.unwrap();
        assert_eq!(found.len() as u64, acked, "of what was acked");
        store.sync().await.unwrap();
        store.ping().await.unwrap();
        store.close().await;
    });
    assert!(acked > 0);
    assert_eq!(numbers, [numbers[0], numbers[0], "false", "false"]);
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
