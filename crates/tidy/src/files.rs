//! Finding the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path from the repository's root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Source {
    /// Whether the file as a whole is a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or("");
        let is_of_tests = |part| matches!(part, "tests" | "store-contract");
        self.path.split('/').any(is_of_tests)
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || name.ends_with(".spec.ts")
    }

    /// The lines before the first inline test module; all lines if there is none.
    #[must_use]
    pub fn lines_of_code(&self) -> usize {
        let mut before = None;
        for (index, line) in self.text.lines().enumerate() {
            let follows = before == index.checked_sub(1) && index > 0;
            if follows && line.trim_start().starts_with("mod ") && line.ends_with('{') {
                return index - 1;
            }
            if line.trim() == "#[cfg(test)]" || (follows && line.trim().starts_with("#![")) {
                before = Some(index);
            }
        }
        self.text.lines().count()
    }
}

/// The repository's root.
#[must_use]
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// All files with one of these endings, sorted by path. What is built or fetched is left out.
#[must_use]
pub fn sources(endings: &[&str]) -> Vec<Source> {
    let root = repository();
    let mut found = Vec::new();
    collect(&root, &root, endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            let skipped = name.starts_with('.')
                || matches!(&*name, "target" | "node_modules" | "test-results" | "data");
            if !skipped {
                collect(root, &path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = fs::read_to_string(&path)
            && let Ok(inside) = path.strip_prefix(root)
        {
            found.push(Source {
                path: inside.to_string_lossy().replace('\\', "/"),
                text,
            });
        }
    }
}
