//! The JavaScript that loads the WASM.

use std::fs;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::Result;

/// Writes `NAME.js`, `NAME.wasm` and, where a crate brings JavaScript, `snippets/` to `out`.
pub(crate) fn generate(wasm: &Path, out: &Path, name: &str) -> Result<()> {
    bindgen(wasm, out, name, false)?;
    // Leptos expects the two under one name once they carry hashes.
    fs::rename(
        out.join(format!("{name}_bg.wasm")),
        out.join(format!("{name}.wasm")),
    )
    .map_err(|e| format!("cannot rename the wasm: {e}"))
}

/// Does what cargo-leptos asks of the program `wasm-bindgen`.
pub(crate) fn as_wasm_bindgen(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--version" || arg == "-V") {
        use std::io::Write;
        return writeln!(std::io::stdout(), "wasm-bindgen 0.2.130").map_err(|e| e.to_string());
    }
    let value = |flag: &str| args.iter().find_map(|arg| arg.strip_prefix(flag));
    let out = value("--out-dir=").ok_or("--out-dir is missing")?;
    let name = value("--out-name=").ok_or("--out-name is missing")?;
    let wasm = args
        .iter()
        .find(|arg| !arg.starts_with("--"))
        .ok_or("no wasm file is named")?;
    let debug = args.iter().any(|arg| arg == "--debug");
    bindgen(wasm.as_ref(), out.as_ref(), name, debug)
}

fn bindgen(wasm: &Path, out: &Path, name: &str, debug: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(name)
        .debug(debug)
        .keep_debug(debug)
        .typescript(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .and_then(|mut output| output.emit(out))
        .map_err(|e| format!("wasm-bindgen: {e:#}"))
}
