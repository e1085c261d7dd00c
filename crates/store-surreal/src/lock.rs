//! One process per data directory. The engine has a lock of its own, but reports it as one
//! start-up failure among others; this one comes first and says what is wrong.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use chat::StoreError;

/// Held while the directory is open; the operating system releases it with the process.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    // Closing the file releases the lock.
    _file: File,
}

const FILE: &str = "baatcheet.lock";

impl DirectoryLock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        let failed = |error: std::io::Error| {
            StoreError::Unavailable(format!("cannot lock {}: {error}", path.display()))
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message; the lock itself has already decided.
                let _ = file.read_to_string(&mut holder);
                return Err(StoreError::Unavailable(format!(
                    "the data directory {} is in use by another process (process id {})",
                    directory.display(),
                    holder.trim()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { _file: file })
    }
}
