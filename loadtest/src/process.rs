//! A process that is measured: the server or the relay, each apart from the driver, so that
//! memory and processor time are counted for each alone.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::failure::{During, Failure, Outcome};
use crate::machine::kib;

/// Clock ticks per second in `/proc/PID/stat`: `USER_HZ`, which is 100 on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;
/// How long a process may take to end after SIGTERM.
const STOP: Duration = Duration::from_secs(30);

/// A running process that ends with this value.
pub(crate) struct Process {
    child: Child,
    pid: u32,
    name: &'static str,
}

impl Process {
    /// Starts a program, its output going to `log`. `core` pins it to one processor.
    pub(crate) fn start(
        name: &'static str,
        program: &Path,
        args: &[&str],
        env: &[(&str, String)],
        log: &Path,
        core: Option<usize>,
    ) -> Outcome<Self> {
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(program);
                command
            }
            None => Command::new(program),
        };
        let log = std::fs::File::create(log).during("creating the log")?;
        let child = command
            .args(args)
            .envs(env.iter().map(|(key, value)| (*key, value.as_str())))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .during(&format!("starting {}", program.display()))?;
        let pid = child
            .id()
            .ok_or_else(|| Failure::new(format!("{name} ended at once")))?;
        Ok(Self { child, pid, name })
    }

    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Fails if the process has ended.
    pub(crate) fn check(&mut self) -> Outcome<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(Failure::new(format!("{} ended: {status}", self.name))),
        }
    }

    /// Asks the process to end and waits for it.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        signal(self.pid, "TERM").await?;
        if let Ok(status) = timeout(STOP, self.child.wait()).await {
            status?;
            return Ok(());
        }
        self.child.kill().await?;
        Err(Failure::new(format!("{} did not end by itself", self.name)))
    }
}

/// Sends a signal through the system's `kill`.
pub(crate) async fn signal(pid: u32, signal: &str) -> Outcome<()> {
    let status = Command::new("kill")
        .arg(format!("-{signal}"))
        .arg(pid.to_string())
        .status()
        .await
        .during("kill")?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("kill -{signal} {pid}: {status}")))
    }
}

/// Proportional set size in KiB: private pages in full, shared ones by share.
pub(crate) fn pss_kib(pid: u32) -> Outcome<f64> {
    let table =
        std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).during("reading PSS")?;
    kib(&table, "Pss:").ok_or_else(|| Failure::new("no PSS in smaps_rollup"))
}

/// Processor seconds a process has used, in user and system mode.
pub(crate) fn cpu_seconds(pid: u32) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).during("reading CPU time")?;
    ticks(&stat)
        .map(|ticks| ticks / TICKS_PER_SECOND)
        .ok_or_else(|| Failure::new("unreadable /proc/PID/stat"))
}

/// User and system ticks: fields 14 and 15, counted after the name, which may hold spaces.
fn ticks(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// A program that stands beside this one.
pub(crate) fn beside(name: &str) -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(Failure::new(format!(
            "no {name} beside {}; give its path with --server",
            own.display()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn processor_time_is_found_behind_a_name_with_spaces() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 100 1 2";
        assert_eq!(ticks(stat), Some(300.0));
    }

    #[test]
    fn nonsense_has_no_processor_time() {
        assert_eq!(ticks("nothing"), None);
    }
}
