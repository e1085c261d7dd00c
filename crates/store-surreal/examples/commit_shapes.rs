//! Measures how messages can be written, and prints a table: rows per second and processor
//! time per row for each shape of the row and each way of writing it.
//!
//! `cargo run --release --features store-surreal/measure --example commit_shapes [messages] [rounds]
//! [filter]`. The figures behind docs/decisions/0002-commit-shape.md come from here.
#![recursion_limit = "256"]
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measuring tool prints its table and stops at the first failure"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use surrealdb::Surreal;
use surrealdb::engine::local::Db;
use surrealdb::types::{Array, Bytes, Object, RecordId, SurrealValue, Value, Variables};
use surrealdb_core::dbs::Session;
use surrealdb_core::kvs::Datastore;

const BODY: usize = 160;

/// How a row is written.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// `INSERT INTO message $rows`, straight to the datastore.
    Insert,
    /// The same through `BEGIN .. COMMIT`, with a second row for a checkpoint.
    InsertCheckpoint,
    /// The same through the SDK's session machinery.
    InsertSdk,
    /// The same with the statement parsed once.
    InsertParsed,
    /// `FOR $row IN $rows { CREATE .. }`.
    For,
    /// One `CREATE` per row in one transaction.
    Create,
}

/// What identifies a conversation within a row's id.
#[derive(Clone, Copy, PartialEq)]
enum Id {
    Uuid,
    Text,
    Bytes,
}

struct Shape {
    name: &'static str,
    way: Way,
    id: Id,
    fields: usize,
    table: &'static str,
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "INSERT, uuid, 1 field, schemaless",
        way: Way::Insert,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT, uuid, 1 field, schemafull",
        way: Way::Insert,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMAFULL; DEFINE FIELD b ON message TYPE bytes",
    },
    Shape {
        name: "INSERT, text id, 1 field",
        way: Way::Insert,
        id: Id::Text,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT, bytes id, 1 field",
        way: Way::Insert,
        id: Id::Bytes,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT, uuid, 4 fields",
        way: Way::Insert,
        id: Id::Uuid,
        fields: 4,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT parsed once, uuid, 1 field",
        way: Way::InsertParsed,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT through the SDK, uuid, 1 field",
        way: Way::InsertSdk,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "INSERT and checkpoint, uuid, 1 field",
        way: Way::InsertCheckpoint,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "FOR .. CREATE, uuid, 1 field",
        way: Way::For,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
    Shape {
        name: "CREATE per row, uuid, 1 field",
        way: Way::Create,
        id: Id::Uuid,
        fields: 1,
        table: "SCHEMALESS",
    },
];

/// Rows per transaction, conversations, tasks.
const LOADS: &[(usize, usize, usize)] = &[(20, 20, 8), (100, 50, 4), (300, 100, 4)];

fn conversation(id: Id, number: usize) -> Value {
    // Spread over the whole range like the identifiers of the product.
    let bytes = ((number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
        .to_be_bytes();
    match id {
        Id::Uuid => Value::Uuid(uuid::Uuid::from_bytes(bytes).into()),
        Id::Text => Value::String(format!("{:026}", number)),
        Id::Bytes => Value::Bytes(Bytes::from(bytes.to_vec())),
    }
}

fn row(shape: &Shape, conv: usize, seq: u64) -> Value {
    let key = Array::from(vec![
        conversation(shape.id, conv),
        (seq as i64).into_value(),
    ]);
    let mut row = Object::new();
    row.insert("id", RecordId::new("message", key));
    row.insert("b", Bytes::from(vec![seq as u8; BODY]));
    if shape.fields == 4 {
        row.insert("a", conversation(Id::Uuid, conv));
        row.insert("s", conversation(Id::Uuid, conv + 7));
        row.insert("t", 1_700_000_000_000_i64 + seq as i64);
    }
    Value::Object(row)
}

struct Rig {
    datastore: Arc<Datastore>,
    sdk: Surreal<Db>,
    session: Session,
}

async fn open(directory: &std::path::Path, table: &str) -> Rig {
    let config = surrealdb_cnf::ConfigMap::empty()
        .with_key_value("surrealkv_block_cache_capacity", (64 << 20).to_string())
        .with_key_value("surrealkv_max_memtable_size", (64 << 20).to_string());
    let path = format!("surrealkv://{}?sync=every", directory.display());
    let datastore = Datastore::builder()
        .with_config(config)
        .without_maintenance_tasks()
        .build_with_path(&path)
        .await
        .expect("datastore opens");
    datastore.check_version().await.expect("version");
    datastore.bootstrap().await.expect("bootstrap");
    datastore.start_maintenance_tasks();
    let session = Session::owner().with_ns("bench").with_db("bench");
    let schema = format!(
        "DEFINE NAMESPACE bench; DEFINE DATABASE bench; DEFINE TABLE message TYPE NORMAL {table}; \
         DEFINE TABLE checkpoint TYPE NORMAL SCHEMALESS"
    );
    run(&datastore, &session, &schema, Variables::new()).await;
    let sdk = Surreal::<Db>::unstable_from_datastore(Arc::clone(&datastore), None)
        .await
        .expect("sdk");
    sdk.use_ns("bench").use_db("bench").await.expect("use");
    Rig {
        datastore,
        sdk,
        session,
    }
}

async fn run(datastore: &Datastore, session: &Session, text: &str, vars: Variables) {
    let results = datastore
        .execute(text, session, Some(vars))
        .await
        .expect("query");
    for result in results {
        result.result.expect("statement");
    }
}

const INSERT_CHECKPOINT: &str = "BEGIN; INSERT INTO message $rows RETURN NONE; \
    INSERT INTO checkpoint $points ON DUPLICATE KEY UPDATE \
    seq = math::max([seq ?? 0, $input.seq]) RETURN NONE; COMMIT";
const INSERT: &str = "INSERT INTO message $rows RETURN NONE";

/// A checkpoint of a conversation that only this task commits, as a conversation is in one
/// commit at a time.
fn checkpoint(task: usize) -> Value {
    let mut point = Object::new();
    if let Value::Uuid(conversation) = conversation(Id::Uuid, 1_000 + task) {
        point.insert("id", RecordId::new("checkpoint", conversation));
    }
    point.insert("seq", 5_i64);
    Value::Object(point)
}

async fn write(
    rig: &Rig,
    shape: &Shape,
    task: usize,
    rows: Vec<Value>,
    parsed: &(dyn Fn() -> surrealdb_core::kvs::QuerySource<'static> + Send + Sync),
) {
    let mut vars = Variables::new();
    match shape.way {
        Way::Insert => {
            vars.insert("rows", Value::Array(Array::from(rows)));
            run(&rig.datastore, &rig.session, INSERT, vars).await;
        }
        Way::InsertCheckpoint => {
            vars.insert("rows", Value::Array(Array::from(rows)));
            let points = vec![checkpoint(task)];
            vars.insert("points", Value::Array(Array::from(points)));
            run(&rig.datastore, &rig.session, INSERT_CHECKPOINT, vars).await;
        }
        Way::InsertParsed => {
            vars.insert("rows", Value::Array(Array::from(rows)));
            let request = surrealdb_core::kvs::QueryRequest::new(parsed(), &rig.session)
                .with_variables(Some(vars));
            for result in rig.datastore.run(request).await.expect("query") {
                result.result.expect("statement");
            }
        }
        Way::InsertSdk => {
            rig.sdk
                .query(INSERT)
                .bind(("rows", Value::Array(Array::from(rows))))
                .await
                .expect("query")
                .check()
                .expect("statement");
        }
        Way::For => {
            vars.insert("rows", Value::Array(Array::from(rows)));
            run(
                &rig.datastore,
                &rig.session,
                "FOR $row IN $rows { CREATE ONLY $row.id SET b = $row.b RETURN NONE }",
                vars,
            )
            .await;
        }
        Way::Create => {
            let mut text = String::from("BEGIN;");
            for (number, row) in rows.into_iter().enumerate() {
                let row_id = format!("$r{number}");
                text += &format!("CREATE ONLY {row_id}.id SET b = {row_id}.b RETURN NONE;");
                vars.insert(format!("r{number}"), row);
            }
            text.push_str("COMMIT");
            run(&rig.datastore, &rig.session, &text, vars).await;
        }
    }
}

/// Processor time of this process in microseconds, user and system.
fn processor_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks: u64 =
        fields[11].parse::<u64>().unwrap_or(0) + fields[12].parse::<u64>().unwrap_or(0);
    ticks * 10_000
}

async fn measure(
    shape: &'static Shape,
    load: (usize, usize, usize),
    messages: usize,
) -> (f64, f64) {
    let (batch, conversations, tasks) = load;
    let directory = tempfile::tempdir().expect("directory");
    let rig = Arc::new(open(directory.path(), shape.table).await);
    let ast = surrealdb_core::syn::parse(INSERT).expect("parses");
    let parsed: Arc<dyn Fn() -> surrealdb_core::kvs::QuerySource<'static> + Send + Sync> =
        Arc::new(move || ast.clone().into());
    let next = Arc::new(AtomicU64::new(0));
    let batches = (messages / batch) as u64;
    let started = Instant::now();
    let processor = processor_time();
    let workers: Vec<_> = (0..tasks)
        .map(|task| {
            let (rig, next, parsed) = (Arc::clone(&rig), Arc::clone(&next), Arc::clone(&parsed));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= batches {
                        return;
                    }
                    let rows = (0..batch)
                        .map(|i| {
                            let conv = i % conversations;
                            let per_batch = batch.div_ceil(conversations) as u64;
                            row(
                                shape,
                                conv,
                                number * per_batch + (i / conversations) as u64 + 1,
                            )
                        })
                        .collect();
                    write(&rig, shape, task, rows, &*parsed).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("worker");
    }
    let written = (batches * batch as u64) as f64;
    let rate = written / started.elapsed().as_secs_f64();
    let cost = (processor_time() - processor) as f64 / written;
    rig.datastore.shutdown().await.expect("shutdown");
    (rate, cost)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

async fn measure_all(messages: usize, rounds: usize, filter: &str) {
    println!(
        "{messages} messages of {BODY} bytes, median of {rounds}; rows/s (µs of processor time per row)"
    );
    print!("{:<40}", "one transaction of");
    for (batch, conversations, tasks) in LOADS {
        print!(
            "{:>26}",
            format!("{batch} over {conversations}, {tasks} tasks")
        );
    }
    for shape in SHAPES.iter().filter(|shape| shape.name.contains(filter)) {
        print!("{:<40}", shape.name);
        for load in LOADS {
            let mut rates = Vec::new();
            let mut costs = Vec::new();
            for _ in 0..rounds {
                let (rate, cost) = measure(shape, *load, messages).await;
                rates.push(rate);
                costs.push(cost);
            }
            print!(
                "{:>26}",
                format!("{:.0} ({:.1})", median(rates), median(costs))
            );
        }
        println!();
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let messages = arguments
        .next()
        .and_then(|a| a.parse().ok())
        .unwrap_or(30_000);
    let rounds = arguments.next().and_then(|a| a.parse().ok()).unwrap_or(3);
    let filter = arguments.next().unwrap_or_default();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(10 * 1024 * 1024)
        .build()
        .expect("runtime")
        .block_on(measure_all(messages, rounds, &filter));
}
