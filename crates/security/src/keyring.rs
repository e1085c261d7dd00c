//! The keys of the server, each with the versions that are still needed.

use core::fmt;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zeroize::Zeroize;

use crate::cipher::{self, MasterKey};
use crate::key_file::{self, Purpose};
use crate::token::AccessRules;
use crate::{Key, mac};

/// Why keys were refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key file is not there. Keys are never made beside existing ones: what was sealed
    /// under a lost key stays lost, and the operator has to know.
    #[error("{0} is missing; restore it from the backup of the keys")]
    Missing(PathBuf),
    /// Others than the owner may read a file or folder.
    #[error("{path} may be read by others (mode {mode:o}); run chmod go= on it")]
    Exposed {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A line is not `<version> <32 bytes in base64url>`.
    #[error("{path}, line {line}: expected a version and 32 bytes in base64url")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// A key that nobody would draw at random.
    #[error("{purpose} key {version} is not random")]
    Weak {
        /// What it is for.
        purpose: &'static str,
        /// Its version.
        version: u32,
    },
    /// No key for a purpose, a version twice, version 0, or several keys where only one works.
    #[error("{purpose} keys: {reason}")]
    Versions {
        /// What they are for.
        purpose: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// The file system failed.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// How.
        source: std::io::Error,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
}

/// Keys by version; the newest is the highest.
pub(crate) struct Versions<T> {
    version: u32,
    newest: T,
    older: BTreeMap<u32, T>,
}

impl<T> Versions<T> {
    pub(crate) const fn newest(&self) -> (u32, &T) {
        (self.version, &self.newest)
    }

    pub(crate) fn get(&self, version: u32) -> Option<&T> {
        if version == self.version {
            Some(&self.newest)
        } else {
            self.older.get(&version)
        }
    }

    /// All keys, the newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        core::iter::once(&self.newest).chain(self.older.values().rev())
    }
}

/// Keys by purpose and version, for [`KeyRing::from_parts`]. Wiped when dropped.
#[derive(Default)]
pub struct KeyParts {
    /// Wrap the data keys and seal the e-mail addresses.
    pub master: Vec<(u32, [u8; 32])>,
    /// Sign access tokens. A version may go once its last token has expired.
    pub token: Vec<(u32, [u8; 32])>,
    /// Derive refresh tokens. A version may go once its last session has ended.
    pub refresh: Vec<(u32, [u8; 32])>,
    /// Makes the blind index of e-mail addresses; exactly one, because another one would lose
    /// every account until all addresses are indexed again.
    pub index: Vec<(u32, [u8; 32])>,
}

impl Drop for KeyParts {
    fn drop(&mut self) {
        for list in [
            &mut self.master,
            &mut self.token,
            &mut self.refresh,
            &mut self.index,
        ] {
            list.zeroize();
        }
    }
}

/// Master keys for sealing and token keys for signing.
pub struct KeyRing {
    pub(crate) master: Versions<MasterKey>,
    pub(crate) token: Versions<Key>,
    pub(crate) refresh: Versions<Key>,
    pub(crate) index: Key,
    pub(crate) access_rules: AccessRules,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing(***)")
    }
}

impl KeyRing {
    /// Reads the keys in `dir`.
    ///
    /// # Errors
    /// [`KeyError`] if a file is missing, readable by others, malformed or holds a weak key.
    pub fn load(dir: &Path) -> Result<Self, KeyError> {
        Self::from_parts(&key_file::read_all(dir)?)
    }

    /// Reads the keys in `dir`, or makes them if `dir` does not exist or is empty: all of them
    /// appear in one step, readable by the owner only.
    ///
    /// # Errors
    /// As [`Self::load`], and if the files cannot be written.
    pub fn load_or_create(dir: &Path) -> Result<Self, KeyError> {
        if key_file::is_absent(dir)? {
            key_file::create_all(dir)?;
        }
        Self::load(dir)
    }

    /// A ring of given keys; the highest version of each is used for what is new.
    ///
    /// # Errors
    /// [`KeyError::Weak`] or [`KeyError::Versions`].
    pub fn from_parts(parts: &KeyParts) -> Result<Self, KeyError> {
        let index = versions(Purpose::Index, &parts.index)?;
        if !index.older.is_empty() {
            return Err(refused(Purpose::Index, "there can be only one"));
        }
        let master = versions(Purpose::Master, &parts.master)?;
        Ok(Self {
            master: Versions {
                version: master.version,
                newest: MasterKey::new(&master.newest),
                older: master
                    .older
                    .iter()
                    .map(|(version, key)| (*version, MasterKey::new(key)))
                    .collect(),
            },
            token: versions(Purpose::Token, &parts.token)?,
            refresh: versions(Purpose::Refresh, &parts.refresh)?,
            index: cipher::index_key(&index.newest),
            access_rules: AccessRules::default(),
        })
    }

    /// A ring whose keys everybody knows, the same each time. For tests.
    #[must_use]
    pub fn for_tests() -> Self {
        let known = |purpose: &[u8]| mac::derive(b"known to everybody", purpose);
        let only = |newest| Versions {
            version: 1,
            newest,
            older: BTreeMap::new(),
        };
        Self {
            master: Versions {
                version: 1,
                newest: MasterKey::new(&known(b"master")),
                older: BTreeMap::new(),
            },
            token: only(known(b"token")),
            refresh: only(known(b"refresh")),
            index: cipher::index_key(&known(b"index")),
            access_rules: AccessRules::default(),
        }
    }
}

const fn refused(purpose: Purpose, reason: &'static str) -> KeyError {
    KeyError::Versions {
        purpose: purpose.name(),
        reason,
    }
}

fn versions(purpose: Purpose, keys: &[(u32, [u8; 32])]) -> Result<Versions<Key>, KeyError> {
    let mut older = BTreeMap::new();
    for (version, key) in keys {
        if *version == 0 {
            return Err(refused(purpose, "versions begin at 1"));
        }
        if is_weak(key) {
            return Err(KeyError::Weak {
                purpose: purpose.name(),
                version: *version,
            });
        }
        if older.insert(*version, Key::new(*key)).is_some() {
            return Err(refused(purpose, "a version is there twice"));
        }
    }
    let (version, newest) = older
        .pop_last()
        .ok_or_else(|| refused(purpose, "there is none"))?;
    Ok(Versions {
        version,
        newest,
        older,
    })
}

/// Whether somebody typed the key instead of drawing it: few different bytes, or steps of the
/// same size. A random key looks like this less than once in 2^100.
fn is_weak(key: &[u8; 32]) -> bool {
    let mut different = key.to_vec();
    different.sort_unstable();
    different.dedup();
    let few = different.len() < 8;
    different.zeroize();
    let mut steps = key
        .iter()
        .zip(key.iter().skip(1))
        .map(|(a, b)| b.wrapping_sub(*a));
    let first = steps.next();
    few || steps.all(|step| Some(step) == first)
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
