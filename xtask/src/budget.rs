//! What the browser loads, against docs/bundle-budget.toml.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::place::{Places, list};
use crate::site::{NAME, Site};

/// Above the budget by more than this is a failure.
const TOLERANCE_PERCENT: u64 = 3;

/// Prints the sizes and fails if one of them outgrew its budget.
pub(crate) fn check(places: &Places, site: &Site) -> Result<()> {
    let file = places.root.join("docs/bundle-budget.toml");
    let budget =
        fs::read_to_string(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    let pkg = site.folder.join("pkg");
    let is_core = |name: &str| name.starts_with(&format!("{NAME}."));
    let all = |_: &str| true;
    let sizes = [
        ("wasm_raw", size(&pkg, "wasm", is_core)?),
        ("wasm_brotli", size(&pkg, "wasm.br", is_core)?),
        ("all_wasm_raw", size(&pkg, "wasm", all)?),
        ("all_wasm_brotli", size(&pkg, "wasm.br", all)?),
        ("js_brotli", size(&pkg, "js.br", all)?),
        ("css_brotli", size(&pkg, "css.br", all)?),
    ];
    let mut over = Vec::new();
    eprintln!("{:<16} {:>9} {:>9}", "bytes", "is", "budget");
    for (name, is) in sizes {
        let allowed = allowed(&budget, name)
            .ok_or_else(|| format!("{} has no line `{name} = ..`", file.display()))?;
        eprintln!("{name:<16} {is:>9} {allowed:>9}");
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

/// The sizes of the files with such an ending and such a name, together.
fn size(pkg: &Path, suffix: &str, counts: impl Fn(&str) -> bool) -> Result<u64> {
    let ends = format!(".{suffix}");
    let mut sum = None;
    for path in list(pkg) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(&ends) && counts(&name) {
            let data = fs::metadata(&path);
            let length = data.map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            sum = Some(sum.unwrap_or(0) + length.len());
        }
    }
    sum.ok_or_else(|| format!("{} has no file *{ends}", pkg.display()))
}
