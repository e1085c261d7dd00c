//! Reports over HTTP, and the command that reads them from the database.

use protocol::limits::REPORT_NOTE_GRAPHEMES;
use protocol::{ConversationId, Seq, UserId};

use crate::program::{ended, program, refused, run, start, stop};
use crate::support::{Answer, TestServer, TestUser};

async fn report(user: &TestUser, other: UserId, reason: &str, note: &str) -> Answer {
    let other = other.to_string();
    let fields = [("user", other.as_str()), ("reason", reason), ("note", note)];
    user.post("/api/report_person", &fields).await
}

async fn report_message(user: &TestUser, id: ConversationId, seq: Seq, note: &str) -> Answer {
    let (id, seq) = (id.to_string(), seq.to_string());
    let fields = [
        ("conversation", id.as_str()),
        ("seq", seq.as_str()),
        ("reason", "abuse"),
        ("note", note),
    ];
    user.post("/api/report_message", &fields).await
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let server = TestServer::start().await;
    let (meera, zoya, id) = server.pair().await;
    let stranger = server.user("imran").await;
    let mut theirs = zoya.socket().await;
    let seq = theirs.tell(id, "between us").await;
    let long = "x".repeat(REPORT_NOTE_GRAPHEMES + 1);
    let answer = report(&meera, zoya.id, "other", &long).await;
    answer.refused(422, "too_long");
    let answer = report(&meera, meera.id, "other", "").await;
    answer.refused(403, "forbidden");
    let nobody = UserId::from_bytes([7; 16]);
    let answer = report(&meera, nobody, "other", "").await;
    answer.refused(404, "not_found");
    let answer = report_message(&stranger, id, seq, "").await;
    answer.refused(404, "not_found");
    let answer = report(&meera, zoya.id, "revenge", "").await;
    assert_eq!(answer.status, 400);
    report_message(&meera, id, seq, "").await.ok();
}

#[tokio::test]
async fn whoever_runs_the_server_reads_reports_while_it_is_stopped_and_strikes_them_off() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let reports = |args: &[&str]| {
        let mut command = program(here);
        command.arg("reports").args(args);
        command
    };
    let running = start(program(here).env("BAATCHEET_MESSAGE_REQUESTS", "false")).await;
    let meera = TestUser::sign_up(running.address, "meera").await;
    let zoya = TestUser::sign_up(running.address, "zoya").await;
    let id = meera.open_direct(&zoya).await;
    let seq = zoya.socket().await.tell(id, "buy this").await;
    report_message(&meera, id, seq, "every day").await.ok();
    // The database belongs to one process.
    let output = run(&mut reports(&[])).await;
    refused(&output, "has to be stopped");
    stop(running).await;

    let output = run(&mut reports(&[])).await;
    let said = String::from_utf8(output.stdout).unwrap();
    for part in [
        "(@meera) reports",
        "(@zoya)",
        "abuse",
        "buy this",
        "every day",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let report = said.split_whitespace().next().unwrap().to_owned();
    let output = run(&mut reports(&["done", &report])).await;
    assert!(output.status.success(), "{output:?}");
    let output = run(&mut reports(&["done", &report])).await;
    ended(&output, "there is no report");
    let output = run(&mut reports(&[])).await;
    assert_eq!(output.stdout, b"Nothing is reported.\n");
    refused(
        &run(&mut reports(&["done", "all"])).await,
        "reports done all",
    );
    refused(&run(&mut reports(&["show"])).await, "show");
}
