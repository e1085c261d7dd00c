//! Building for release, starting the server, and the load generator.

use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::cargo::native;
use crate::place::Places;
use crate::report::Report;
use crate::site::{self, Site};
use crate::{Result, require, shell};

/// A finished release: the two things that are deployed.
pub(crate) struct Built {
    /// The server.
    pub(crate) server: PathBuf,
    /// What it serves.
    pub(crate) site: Site,
}

/// Builds the server and the site, both at once: most of a first build is the database, and
/// its largest crates come one after the other.
pub(crate) fn build(places: &Places, report: &Report) -> Result<Built> {
    require::c_compiler()?;
    require::node()?;
    require::wasm_target(places, report)?;
    let (done, finished) = channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Nobody listens any more when the server's build has failed.
            let _unheard = done.send(site::build(places, report));
        });
        report.step("server (cargo; the first time takes 20 minutes)", || {
            shell::run(&mut native(places, "build"))
        })?;
        let site = wait_for_site(report, || finished.recv_timeout(Duration::from_secs(15)))?;
        Ok(Built {
            server: places.target().join("release").join(site::NAME),
            site,
        })
    })
}

fn wait_for_site(
    report: &Report,
    receive: impl Fn() -> std::result::Result<Result<Site>, RecvTimeoutError>,
) -> Result<Site> {
    let began = Instant::now();
    loop {
        match receive() {
            Ok(site) => return site,
            Err(RecvTimeoutError::Timeout) => report.say(&format!(
                "still building the site ({} s)",
                began.elapsed().as_secs()
            )),
            Err(RecvTimeoutError::Disconnected) => {
                return Err("building the site stopped without a word".to_owned());
            }
        }
    }
}

/// Builds and becomes the server.
pub(crate) fn run(places: &Places, report: &Report, args: &[String]) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let built = build(places, report)?;
    report.print();
    let mut server = Command::new(&built.server);
    server
        .args(args)
        .env("BAATCHEET_SITE_ROOT", &built.site.folder)
        // The server refuses settings that it does not know.
        .env_remove("BAATCHEET_CACHE");
    crate::cargo::clean(&mut server);
    // The server takes this program's place, so that Ctrl+C and exit codes are its own.
    let error = server.exec();
    Err(format!("cannot start {}: {error}", built.server.display()))
}

/// Builds and runs the load generator. Without arguments it prints what it can measure.
pub(crate) fn bench(places: &Places, report: &Report, args: &[String]) -> Result<()> {
    let built = build(places, report)?;
    let mut load = Command::new(places.target().join("release/loadtest"));
    load.current_dir(&places.root)
        .args(args)
        .env("LOADTEST_SERVER", &built.server)
        .env("LOADTEST_SITE", &built.site.folder)
        .env_remove("BAATCHEET_CACHE");
    crate::cargo::clean(&mut load);
    report.step("loadtest", || shell::run(&mut load))
}
