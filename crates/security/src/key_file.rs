//! Key files: one per purpose, a line per version, readable by their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::{Zeroize, Zeroizing};

use crate::keyring::{KeyError, KeyParts};
use crate::{Key, random};

/// Largest key file, in bytes: room for five hundred versions.
const MAX_FILE_BYTES: u64 = 32 * 1024;
/// The permission bits of everybody but the owner.
const OTHERS: u32 = 0o077;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Master,
    Token,
    Refresh,
    Index,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::Master, Self::Token, Self::Refresh, Self::Index];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Token => "token",
            Self::Refresh => "refresh",
            Self::Index => "index",
        }
    }

    const fn says(self) -> &'static str {
        match self {
            Self::Master => {
                "# Master keys: they wrap the key of every conversation and seal e-mail addresses.\n\
                 # Without them nothing that was written can be read again.\n"
            }
            Self::Token => {
                "# Token keys: they sign access tokens. A version can go a day after a newer one\n\
                 # is in use.\n"
            }
            Self::Refresh => {
                "# Refresh keys: refresh tokens are derived from them. Removing a version signs out\n\
                 # the sessions that were last refreshed under it.\n"
            }
            Self::Index => {
                "# Index key: accounts are found by a hash of their e-mail address under this key.\n\
                 # There is exactly one; it cannot be replaced.\n"
            }
        }
    }

    fn path(self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.keys", self.name()))
    }

    fn list(self, parts: &mut KeyParts) -> &mut Vec<(u32, [u8; 32])> {
        match self {
            Self::Master => &mut parts.master,
            Self::Token => &mut parts.token,
            Self::Refresh => &mut parts.refresh,
            Self::Index => &mut parts.index,
        }
    }
}

const FORM: &str = "# One key per line: version, then 32 random bytes in base64url. The highest version is\n\
                    # used for what is new. Keep this file secret, and its backup apart from the database's.\n";

fn at(path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::Io { path, source }
}

/// Whether the folder does not exist or holds nothing.
pub(crate) fn is_absent(dir: &Path) -> Result<bool, KeyError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(at(dir)(error)),
    }
}

pub(crate) fn read_all(dir: &Path) -> Result<KeyParts, KeyError> {
    match fs::metadata(dir) {
        Ok(metadata) => refuse_exposed(dir, &metadata)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(KeyError::Missing(dir.to_owned()));
        }
        Err(error) => return Err(at(dir)(error)),
    }
    let mut parts = KeyParts::default();
    for purpose in Purpose::ALL {
        read(&purpose.path(dir), purpose.list(&mut parts))?;
    }
    Ok(parts)
}

fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyError> {
    let mode = metadata.mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    Err(KeyError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

fn read(path: &Path, keys: &mut Vec<(u32, [u8; 32])>) -> Result<(), KeyError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(KeyError::Missing(path.to_owned()));
        }
        Err(error) => return Err(at(path)(error)),
    };
    // Asked of the open file, so that it cannot be exchanged in between.
    refuse_exposed(path, &file.metadata().map_err(at(path))?)?;
    let mut text = Zeroizing::new(String::with_capacity(4096));
    file.take(MAX_FILE_BYTES)
        .read_to_string(&mut text)
        .map_err(at(path))?;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = parse_line(line).ok_or_else(|| KeyError::Malformed {
            path: path.to_owned(),
            line: number + 1,
        })?;
        keys.push(key);
    }
    Ok(())
}

fn parse_line(line: &str) -> Option<(u32, [u8; 32])> {
    let (version, encoded) = line.split_once(char::is_whitespace)?;
    let version = version.parse().ok()?;
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded.trim_start()).ok()?);
    Some((version, bytes.as_slice().try_into().ok()?))
}

/// Draws a key for every purpose and makes the folder with all files in one step: they are
/// written beside it and renamed together, so that a crash leaves either none or all.
pub(crate) fn create_all(dir: &Path) -> Result<(), KeyError> {
    let parent = match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(at(parent))?;
    let unique: [u8; 8] = random::array().map_err(|_| KeyError::Randomness)?;
    let draft = parent.join(format!(".keys-{:016x}", u64::from_be_bytes(unique)));
    let made = write_draft(&draft).and_then(|()| publish(&draft, dir));
    if made.is_err() {
        // What failed is reported; a draft that cannot be removed either is harmless.
        drop(fs::remove_dir_all(&draft));
    }
    made?;
    sync(parent)
}

fn write_draft(draft: &Path) -> Result<(), KeyError> {
    DirBuilder::new()
        .mode(0o700)
        .create(draft)
        .map_err(at(draft))?;
    for purpose in Purpose::ALL {
        let mut key = Key::default();
        random::fill(key.as_mut_slice()).map_err(|_| KeyError::Randomness)?;
        let mut encoded = URL_SAFE_NO_PAD.encode(key.as_slice());
        let text = Zeroizing::new(format!("{}{FORM}1 {encoded}\n", purpose.says()));
        encoded.zeroize();
        let path = purpose.path(draft);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .map_err(at(&path))?;
    }
    sync(draft)
}

fn publish(draft: &Path, dir: &Path) -> Result<(), KeyError> {
    match fs::rename(draft, dir) {
        Ok(()) => Ok(()),
        // Another process was faster; its keys are the ones.
        Err(_) if !is_absent(dir)? => fs::remove_dir_all(draft).map_err(at(draft)),
        Err(error) => Err(at(dir)(error)),
    }
}

fn sync(dir: &Path) -> Result<(), KeyError> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(at(dir))
}
