//! The program itself, as a process: its command line, its settings, its start and its end.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::LazyLock;

use protocol::Codec;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::support::{Call, Ended, TestUser, exchange, soon};

const CANARY: &str = "canary-of-the-program-3f9a";

/// With a site that is empty, beside the folder.
pub(crate) fn program(folder: &Path) -> Command {
    static SITE: LazyLock<TempDir> = LazyLock::new(|| {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        site
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_baatcheet"));
    command
        .current_dir(folder)
        .env_clear()
        .env("BAATCHEET_LISTEN", "127.0.0.1:0")
        .env("BAATCHEET_DATA_DIR", folder.join("data"))
        .env("BAATCHEET_SITE_ROOT", SITE.path())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

pub(crate) async fn run(command: &mut Command) -> Output {
    soon("the end of the program", command.output())
        .await
        .unwrap()
}

#[track_caller]
pub(crate) fn refused(output: &Output, part: &str) {
    let said = ended(output, part);
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// It failed and said why, whatever else the database logged.
pub(crate) fn ended(output: &Output, part: &str) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{part} was accepted");
    assert!(said.contains(part), "{said}");
    said
}

#[tokio::test]
async fn help_names_every_setting() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(program(folder.path()).arg("--help")).await;
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for key in server::config::KEYS {
        assert!(text.contains(key.name), "{}", key.name);
        assert!(text.contains(&key.variable()), "{}", key.variable());
    }
    let output = run(program(folder.path()).arg("--version")).await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, format!("baatcheet {}\n", env!("CARGO_PKG_VERSION")));
    // Asking leaves nothing behind.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_keeps_it_from_serving_names_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let mut without_site = program(folder.path());
    without_site.env("BAATCHEET_SITE_ROOT", folder.path());
    refused(&run(&mut without_site).await, "`site_root`");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut second = program(folder.path());
    second.env("BAATCHEET_LISTEN", &address);
    let output = run(&mut second).await;
    refused(&output, &address);
    refused(&output, "`listen`");
    // Nothing was made yet.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn mistakes_in_settings_are_named_and_end_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    refused(&run(program(here).arg("--prot")).await, "--prot");
    refused(&run(program(here).arg("--config")).await, "--config");
    let output = run(program(here).args(["--config", "nowhere.toml"])).await;
    refused(&output, "nowhere.toml");
    let output = run(program(here).env("BAATCHEET_LISTENN", "x")).await;
    refused(&output, "BAATCHEET_LISTENN is not a setting");
    let output = run(program(here).env("BAATCHEET_LISTEN", "here")).await;
    refused(&output, "BAATCHEET_LISTEN: ");
    let output = run(program(here).env("BAATCHEET_LOG_LEVEL", "a=b=c")).await;
    refused(&output, "log.level");

    let file = here.join("own.toml");
    std::fs::write(&file, "[limits]\nconection = 5\n").unwrap();
    let output = run(program(here).arg("--config").arg(&file)).await;
    refused(&output, "limits.conection is not a setting");
    // The file of the working directory is read without being named.
    std::fs::write(here.join("baatcheet.toml"), "store = \"mongo\"\n").unwrap();
    refused(&run(&mut program(here)).await, "store: mongo");
}

#[tokio::test]
async fn production_refuses_what_endangers_people() {
    let folder = tempfile::tempdir().unwrap();
    for (variable, value, part) in [
        ("BAATCHEET_STORE", "memory", "memory"),
        ("BAATCHEET_LIMITS_RATE_LIMITS", "false", "rate_limits"),
        ("BAATCHEET_LISTEN", "0.0.0.0:0", "public_url"),
        ("BAATCHEET_PUBLIC_URL", "http://chat.example", "https"),
        (
            "BAATCHEET_PUBLIC_URL",
            "https://chat.example",
            "trusted_proxies",
        ),
    ] {
        let mut command = program(folder.path());
        command.env("BAATCHEET_ENVIRONMENT", "production");
        let output = run(command.env(variable, value)).await;
        refused(&output, "refused in production");
        refused(&output, part);
    }
}

#[tokio::test]
async fn production_refuses_a_data_directory_that_others_may_use() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut production = program(folder.path());
    production.env("BAATCHEET_ENVIRONMENT", "production");
    refused(&run(&mut production).await, "data (mode 755)");
    assert!(!data.join("keys").exists());
}

#[tokio::test]
async fn keys_are_not_made_beside_a_database_and_not_shared() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join("database")).unwrap();
    let output = run(&mut program(folder.path())).await;
    refused(&output, "restore it from the backup of the keys");
    assert!(!data.join("keys").exists());
}

/// A running program.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Read all the time: a program whose log nobody takes would wait for that.
    log: JoinHandle<String>,
}

pub(crate) async fn start(command: &mut Command) -> Running {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = child.stderr.take().unwrap();
    let log = tokio::spawn(async move {
        let mut said = Vec::new();
        log.read_to_end(&mut said).await.unwrap();
        String::from_utf8_lossy(&said).into_owned()
    });
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = soon("the program", lines.next_line()).await.unwrap();
    let Some(line) = line else {
        panic!("it did not start: {}", log.await.unwrap())
    };
    let address = line.strip_prefix("BaatCheet is ready at http://").unwrap();
    Running {
        address: address.parse().unwrap(),
        child,
        log,
    }
}

/// Asks the program to stop, and returns what it logged.
pub(crate) async fn stop(mut running: Running) -> String {
    let id = running.child.id().unwrap().to_string();
    let kill = Command::new("kill").args(["-TERM", &id]).status();
    assert!(kill.await.unwrap().success());
    let said = soon("the end of the log", running.log).await.unwrap();
    let status = soon("the end", running.child.wait()).await.unwrap();
    assert!(status.success(), "{status}: {said}");
    said
}

#[tokio::test]
async fn it_can_be_asked_to_stop_as_soon_as_it_is_ready() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let mut quick = program(folder.path());
        quick.env("BAATCHEET_STORE", "memory");
        let said = stop(start(&mut quick).await).await;
        assert!(said.contains("stopped"), "{said}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted_is_told_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(&mut program(folder.path())).await;
    for address in ["203.0.113.1", "203.0.113.2"] {
        let call = Call::get("/healthz").header("x-forwarded-for", address);
        exchange(running.address, call).await.ok();
    }
    let said = stop(running).await;
    assert_eq!(said.matches("trusted_proxies").count(), 1, "{said}");
    assert!(!said.contains("203.0.113"), "{said}");

    let trusting =
        start(program(folder.path()).env("BAATCHEET_TRUSTED_PROXIES", "127.0.0.1")).await;
    let call = Call::get("/healthz").header("x-forwarded-for", "203.0.113.1");
    exchange(trusting.address, call).await.ok();
    let said = stop(trusting).await;
    assert!(!said.contains("trusted_proxies"), "{said}");
}

/// Whether any file below a folder holds the text.
fn is_in(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_in(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn it_starts_serves_and_stops_and_keeps_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(program(folder.path()).env("BAATCHEET_LOG_LEVEL", "trace")).await;
    let meera = TestUser::sign_up(running.address, "meera").await;
    let notes = meera.open_direct(&meera).await;
    let mut socket = meera.socket_in(Codec::Json).await;
    socket.tell(notes, CANARY).await;
    let wrong = TestUser::sign_in_form("meera", CANARY);
    exchange(running.address, wrong)
        .await
        .refused(401, "invalid_credentials");
    let page = exchange(running.address, Call::page("/login")).await.ok();
    assert!(page.text().contains("</html>"));

    let said = stop(running).await;
    assert_eq!(socket.ended().await, Ended::Closed(1012));
    assert!(said.contains("stopped"));
    for secret in [
        CANARY,
        crate::support::PASSWORD,
        "meera@example.org",
        &meera.access,
    ] {
        assert!(!said.contains(secret), "{secret} was logged");
        assert!(!is_in(folder.path(), secret), "{secret} is in a file");
    }
    // The keys are their owner's alone.
    use std::os::unix::fs::PermissionsExt as _;
    for path in ["data", "data/keys", "data/keys/master.keys"] {
        let mode = folder.path().join(path).metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o077, 0, "{path}");
    }
}

#[cfg(feature = "surreal")]
#[tokio::test]
async fn a_second_program_on_the_same_data_is_refused_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&mut program(folder.path())).await;
    let meera = TestUser::sign_up(first.address, "meera").await;
    let notes = meera.open_direct(&meera).await;
    meera.socket().await.tell(notes, "kept").await;
    refused(
        &run(&mut program(folder.path())).await,
        "in use by another process",
    );
    stop(first).await;

    let again = start(&mut program(folder.path())).await;
    let form = TestUser::sign_in_form("meera", crate::support::PASSWORD);
    let answer = exchange(again.address, form).await.ok();
    let cookies = format!("bc_access={}", answer.cookie("bc_access").unwrap());
    let path = format!("/api/history?conversation={notes}&from=1&to=9");
    let page = exchange(again.address, Call::get(&path).cookies(&cookies))
        .await
        .ok();
    assert_eq!(
        page.json()["messages"][0]["content"]["text"]["body"],
        "kept"
    );
    stop(again).await;
}
