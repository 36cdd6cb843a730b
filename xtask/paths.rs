//! Where things are: the repository, what cargo builds, and what this tool makes of it.
//! The one place that names a folder, so that moving one is a change of one line.

use std::env;
use std::path::{Path, PathBuf};

/// The folders everything else is told of.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The repository.
    pub root: PathBuf,
    /// Where cargo builds, which its user may have moved away from `target`.
    pub cargo: PathBuf,
}

impl Paths {
    /// Found from this crate's own place in the repository, so any working directory will do.
    pub fn find() -> Self {
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here).parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let cargo = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Self { root, cargo }
    }

    /// What this tool makes: always here, so that tests and people know where to look.
    pub fn made(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }

    /// The page, ready to be put on any web server.
    pub fn site(&self) -> PathBuf {
        self.made("site")
    }

    /// The JavaScript packages of the API.
    pub fn npm(&self) -> PathBuf {
        self.made("npm")
    }

    /// Where the Node packages of tests and tools are declared and installed.
    pub fn node_project(&self) -> PathBuf {
        self.root.join("tests/browser")
    }
}
