//! What the browser loads, against docs/bundle-budget.toml.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::place::{Places, list};
use crate::site::Site;

/// Above the budget by this much is a failure; so is a budget that could be lower by this
/// much twice over, which keeps it honest.
const TOLERANCE_PERCENT: u64 = 3;

/// Prints the sizes and fails if one of them outgrew its budget.
pub(crate) fn check(places: &Places, site: &Site) -> Result<()> {
    let file = places.root.join("docs/bundle-budget.toml");
    let budget =
        fs::read_to_string(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    let pkg = site.folder.join("pkg");
    let sizes = [
        ("wasm_raw", size(&pkg, "wasm")?),
        ("wasm_brotli", size(&pkg, "wasm.br")?),
        ("js_brotli", size(&pkg, "js.br")?),
        ("css_brotli", size(&pkg, "css.br")?),
    ];
    let mut over = Vec::new();
    eprintln!("{:<14} {:>9} {:>9}", "bytes", "is", "budget");
    for (name, is) in sizes {
        let allowed = allowed(&budget, name)
            .ok_or_else(|| format!("{} has no line `{name} = ..`", file.display()))?;
        eprintln!("{name:<14} {is:>9} {allowed:>9}");
        if is * 100 > allowed * (100 + TOLERANCE_PERCENT) {
            over.push(format!("{name} is {is} bytes, its budget {allowed}"));
        }
    }
    if over.is_empty() {
        Ok(())
    } else {
        Err(format!("too large for the budget: {}", over.join("; ")))
    }
}

fn allowed(budget: &str, name: &str) -> Option<u64> {
    budget.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        (key.trim() == name).then(|| digits.parse().ok())?
    })
}

fn size(pkg: &Path, suffix: &str) -> Result<u64> {
    let ends = format!(".{suffix}");
    let file: PathBuf = list(pkg)
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with(&ends))
        .ok_or_else(|| format!("{} has no file *{ends}", pkg.display()))?;
    fs::metadata(&file)
        .map(|data| data.len())
        .map_err(|e| format!("cannot read {}: {e}", file.display()))
}
