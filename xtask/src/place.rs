//! Where things are: the checkout, the cache, and whose turn it is to build.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::Result;

/// The checkout and the cache folder.
pub(crate) struct Places {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Everything that is built or fetched.
    pub(crate) cache: PathBuf,
}

impl Places {
    /// Finds both and makes the cache folder.
    pub(crate) fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .ok_or("the checkout has no parent folder")?
            .to_path_buf();
        let cache = cache_folder()?;
        fs::create_dir_all(cache.join("logs"))
            .map_err(|error| format!("cannot make {}: {error}", cache.display()))?;
        Ok(Self { root, cache })
    }

    /// Cargo's target folder for everything that runs on this machine.
    pub(crate) fn target(&self) -> PathBuf {
        self.cache.join("target")
    }

    /// Cargo's target folder for the browser. A folder of its own, as cargo-leptos does, so
    /// that both can be built at the same time.
    pub(crate) fn front(&self) -> PathBuf {
        self.cache.join("front")
    }

    /// What the server serves: hashed assets under `pkg/`, the files of `public/`, and
    /// `hash.txt`.
    pub(crate) fn site(&self) -> PathBuf {
        self.cache.join("site")
    }

    /// Half-finished parts of the site.
    pub(crate) fn parts(&self) -> PathBuf {
        self.cache.join("site-parts")
    }

    /// Tools installed with cargo.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// What the quiet steps print.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.cache.join("logs").join(format!("{name}.log"))
    }

    /// Waits until no other command builds into the cache, and makes sure that what another
    /// checkout left there is not taken for ours. Keep the returned file until the end.
    pub(crate) fn take_turn(&self) -> Result<File> {
        let path = self.cache.join("turn.lock");
        let file =
            File::create(&path).map_err(|e| format!("cannot make {}: {e}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                eprintln!("waiting for another `cargo xtask` to finish building");
                file.lock().map_err(|e| format!("cannot lock: {e}"))?;
            }
            Err(TryLockError::Error(e)) => return Err(format!("cannot lock: {e}")),
        }
        self.forget_other_checkout()?;
        Ok(file)
    }

    /// Cargo names the build products of a workspace by paths relative to it and judges them
    /// by modification times. In a target folder that two checkouts share, the one with the
    /// older files would be handed the other one's products. So the fingerprints of our own
    /// crates go whenever the checkout changes; those of the dependencies stay.
    fn forget_other_checkout(&self) -> Result<()> {
        let marker = self.cache.join("checkout");
        let here = self.root.display().to_string();
        if fs::read_to_string(&marker).is_ok_and(|text| text == here) {
            return Ok(());
        }
        let names = member_names(&self.root)?;
        for target in [self.target(), self.front()] {
            for folder in fingerprint_folders(&target, 3) {
                for entry in list(&folder) {
                    if is_ours(&entry, &names) {
                        fs::remove_dir_all(&entry)
                            .map_err(|e| format!("cannot remove {}: {e}", entry.display()))?;
                    }
                }
            }
        }
        fs::write(&marker, here).map_err(|e| format!("cannot write {}: {e}", marker.display()))
    }
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("BAATCHEET_CACHE") {
        return std::path::absolute(PathBuf::from(folder)).map_err(|e| e.to_string());
    }
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return Ok(PathBuf::from(folder).join("baatcheet"));
    }
    set("HOME")
        .map(|home| PathBuf::from(home).join(".cache/baatcheet"))
        .ok_or_else(|| "HOME is not set: set BAATCHEET_CACHE to a folder for builds".to_owned())
}

/// Names of the workspace's packages, read from the manifests of its members.
pub(crate) fn member_names(root: &Path) -> Result<Vec<String>> {
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .map_err(|e| format!("cannot read {}: {e}", manifest.display()))?;
    let members = text
        .split_once("members = [")
        .and_then(|(_, after)| after.split_once(']'))
        .map(|(inside, _)| inside)
        .ok_or("Cargo.toml names no members")?;
    Ok(members
        .split('"')
        .skip(1)
        .step_by(2)
        .filter_map(|path| path.rsplit('/').next())
        .map(str::to_owned)
        .collect())
}

fn is_ours(fingerprint: &Path, names: &[String]) -> bool {
    let name = fingerprint.file_name().and_then(|n| n.to_str());
    name.and_then(|n| n.rsplit_once('-'))
        .is_some_and(|(package, _)| names.iter().any(|ours| ours == package))
}

fn fingerprint_folders(folder: &Path, depth: u32) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in list(folder) {
        if entry.ends_with(".fingerprint") {
            found.push(entry);
        } else if depth > 1 && entry.is_dir() {
            found.extend(fingerprint_folders(&entry, depth - 1));
        }
    }
    found
}

/// The entries of a folder, sorted; none if it is not there.
pub(crate) fn list(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    entries
}
