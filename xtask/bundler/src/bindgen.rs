//! The JavaScript that loads the WASM.

use std::fs;
use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

use crate::Result;

/// What loads the chunks, as `NAME.js` imports it.
pub(crate) const LOADER: &str = "__wasm_split.js";

/// Writes `NAME.js`, `NAME.wasm` and, where a crate brings JavaScript, `snippets/` to `out`, with
/// the chunks and [`LOADER`] beside them.
pub(crate) fn generate(wasm: &Path, out: &Path, name: &str) -> Result<()> {
    let core = out.join("core.wasm");
    split(wasm, out, &core, name)?;
    bindgen(&core, out, name, Of::Chunks)?;
    fs::remove_file(&core).map_err(|e| format!("cannot remove the core: {e}"))?;
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
    let of = Of::OnePiece { debug };
    bindgen(wasm.as_ref(), out.as_ref(), name, of)
}

/// What the file is that `bindgen` gets.
#[derive(Clone, Copy)]
enum Of {
    /// The core; the chunks find by name what they share with it.
    Chunks,
    /// All there is.
    OnePiece { debug: bool },
}

/// Takes what only a chunk needs out of the file.
fn split(wasm: &Path, out: &Path, core: &Path, name: &str) -> Result<()> {
    let input = fs::read(wasm).map_err(|e| format!("cannot read {}: {e}", wasm.display()))?;
    let (link_name, main_module) = (format!("./{LOADER}"), format!("./{name}.js"));
    let mut options = Options::new(&input);
    options.output_dir = out;
    options.main_out_path = core;
    options.link_name = &link_name;
    options.main_module = &main_module;
    transform(options)
        .map(|_| ())
        .map_err(|e| format!("splitting {}: {e:#}", wasm.display()))
}

fn bindgen(wasm: &Path, out: &Path, name: &str, of: Of) -> Result<()> {
    let (debug, in_chunks) = match of {
        Of::Chunks => (false, true),
        Of::OnePiece { debug } => (debug, false),
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(name)
        .debug(debug)
        .keep_debug(debug)
        .keep_lld_exports(in_chunks)
        .demangle(!in_chunks)
        .typescript(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .and_then(|mut output| output.emit(out))
        .map_err(|e| format!("wasm-bindgen: {e:#}"))
}
