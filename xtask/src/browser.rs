//! The browser and fonts for the browser tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::Report;
use crate::{Result, shell};

/// The first that starts is taken: without windows a test takes a fifth less time.
const PROGRAMS: [&str; 5] = [
    "chromium-headless-shell",
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const BROWSERS: [&str; 2] = ["chromium-headless-shell", "chromium"];
const FONTS_PACKAGES: [&str; 2] = ["fonts-noto-core", "fonts-noto-color-emoji"];
const FONTS: [&str; 2] = ["NotoSansDevanagari-Regular.ttf", "NotoColorEmoji.ttf"];
const HOW: &str = "sudo apt-get install chromium fonts-noto-core fonts-noto-color-emoji \
                   (or set E2E_CHROMIUM to a Chromium of your own)";

/// Finds a Chromium that starts, installing the distribution's if that is allowed.
pub(crate) fn chromium(report: &Report) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("E2E_CHROMIUM") {
        return starts(Path::new(&path))
            .ok_or_else(|| format!("{} does not start", path.display()));
    }
    let found = find();
    if found.is_some() && fonts_there() {
        return found.ok_or_else(String::new);
    }
    let installed = install(report);
    let missing_fonts = !fonts_there();
    match (find(), installed) {
        (Some(program), _) => {
            if missing_fonts {
                report.say(&format!(
                    "fonts are missing, screenshots will show it: {HOW}"
                ));
            }
            Ok(program)
        }
        (None, Err(reason)) => Err(format!("no browser for the tests ({reason}): {HOW}")),
        (None, Ok(())) => Err(format!("the installed browser does not start: {HOW}")),
    }
}

fn find() -> Option<PathBuf> {
    PROGRAMS.iter().find_map(|name| starts(Path::new(name)))
}

/// A program that says its version is one that runs: Ubuntu's `chromium-browser` package is
/// only a pointer to a snap and does not.
fn starts(program: &Path) -> Option<PathBuf> {
    let version = shell::ask(Command::new(program).arg("--version"))?;
    (version.contains("Chrom")).then(|| which(program))
}

fn which(program: &Path) -> PathBuf {
    shell::ask(
        Command::new("sh")
            .args(["-c", "command -v \"$0\""])
            .arg(program),
    )
    .map_or_else(|| program.to_path_buf(), PathBuf::from)
}

fn fonts_there() -> bool {
    let noto = Path::new("/usr/share/fonts/truetype/noto");
    FONTS.iter().all(|font| noto.join(font).is_file())
}

fn install(report: &Report) -> std::result::Result<(), String> {
    let root = shell::ask(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = shell::ask(Command::new("sudo").args(["-n", "true"])).is_some();
    if shell::ask(Command::new("apt-get").arg("--version")).is_none() {
        return Err("there is no apt-get here".to_owned());
    }
    if !root && !sudo {
        return Err("installing packages needs root".to_owned());
    }
    let apt = |args: &[&str]| {
        let mut command = if root {
            Command::new("apt-get")
        } else {
            let mut command = Command::new("sudo");
            command.args(["-n", "apt-get"]);
            command
        };
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        shell::run(&mut command)
    };
    report.step("apt-get install chromium and fonts", || {
        apt(&["-qq", "update"])?;
        let install = |packages: &[&str]| {
            let mut args = vec!["-qq", "install", "-y", "--no-install-recommends"];
            args.extend(packages);
            apt(&args)
        };
        install(&FONTS_PACKAGES)?;
        // Not every distribution has the one without windows.
        let mut browsers = BROWSERS.iter();
        if browsers.any(|browser| install(&[browser]).is_ok()) {
            Ok(())
        } else {
            Err("no browser could be installed".to_owned())
        }
    })
}
