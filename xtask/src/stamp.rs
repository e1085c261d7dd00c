//! Whether a step's inputs changed since it last ran, judged by their content.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::place::list;

/// The content of a step's inputs, reduced to one number.
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    /// Starts with a text that changes when the step itself changes.
    pub(crate) fn of(step: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        step.hash(&mut hasher);
        Self(hasher)
    }

    /// Adds a file, or all files under a folder, with their names.
    pub(crate) fn add(mut self, path: &Path) -> Result<Self> {
        self.add_at(path, &PathBuf::new())?;
        Ok(self)
    }

    fn add_at(&mut self, path: &Path, name: &Path) -> Result<()> {
        if path.is_dir() {
            for entry in list(path) {
                let below = entry.file_name().map(|n| name.join(n)).unwrap_or_default();
                self.add_at(&entry, &below)?;
            }
        } else if path.is_file() {
            let bytes =
                fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            name.hash(&mut self.0);
            bytes.hash(&mut self.0);
        }
        Ok(())
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn digest(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Runs `work` unless `output` stands and was made from the same inputs.
pub(crate) fn unless_fresh(
    output: &Path,
    inputs: Inputs,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut stamp = output.as_os_str().to_owned();
    stamp.push(".stamp");
    let stamp = PathBuf::from(stamp);
    let digest = inputs.digest();
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|text| text == digest) {
        return Ok(());
    }
    work()?;
    fs::write(&stamp, digest).map_err(|e| format!("cannot write {}: {e}", stamp.display()))
}
