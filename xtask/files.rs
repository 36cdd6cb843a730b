//! Walking folders. Knows nothing of what the files are for.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The files under `folder`, deep, as paths relative to it, in order; what is named as in `skipped` is not entered.
pub fn under(folder: &Path, skipped: &[&str]) -> Result<Vec<PathBuf>> {
    let is_skipped = |name: &OsStr| skipped.iter().any(|skip| name == *skip);
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let entry = entry?;
            if is_skipped(&entry.file_name()) {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(folder)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
