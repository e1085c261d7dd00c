//! Compressing a file beside itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

use crate::Result;

/// Files below this size travel in one packet whether compressed or not.
const SMALLEST: usize = 512;

/// What gains from compression; pictures and fonts are compressed already.
const TEXT: [&str; 9] = [
    "css",
    "html",
    "js",
    "json",
    "mjs",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];

/// Writes `file` and, where it pays, `file.br` and `file.gz`. Takes the compressed forms from
/// `before` if that folder has the same file with the same content.
pub(crate) fn write(file: &Path, bytes: &[u8], before: Option<&Path>) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|e| described(folder, &e))?;
    }
    fs::write(file, bytes).map_err(|e| described(file, &e))?;
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or("");
    if bytes.len() < SMALLEST || !TEXT.contains(&extension) {
        return Ok(());
    }
    let known = before.filter(|old| fs::read(old).is_ok_and(|content| content == bytes));
    for (suffix, compress) in [("br", brotli as Compress), ("gz", gzip as Compress)] {
        let target = with_suffix(file, suffix);
        let reused = known.is_some_and(|old| fs::copy(with_suffix(old, suffix), &target).is_ok());
        if !reused {
            let packed = compress(bytes).map_err(|e| described(&target, &e))?;
            fs::write(&target, packed).map_err(|e| described(&target, &e))?;
        }
    }
    Ok(())
}

type Compress = fn(&[u8]) -> std::io::Result<Vec<u8>>;

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) fn described(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
