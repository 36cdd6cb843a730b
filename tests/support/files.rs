//! Where the texts to replay are: transcripts, lessons, and the files generated from the command table.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A path as a reader of the repository would name it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// All transcript files, in order of their names.
pub fn transcripts() -> Vec<PathBuf> {
    collect(&root().join("tests/transcripts"), "txt")
}

/// All lesson files, in order of their names.
pub fn lessons() -> Vec<PathBuf> {
    collect(&root().join("www/scenarios"), "md")
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", shown(path)))
}

fn collect(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            found.extend(collect(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
