//! A program that a test needs and that may be anybody's: named by a variable, or found, or Debian's.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::debian;
use crate::process;

/// What is looked for, and where.
#[derive(Debug)]
pub struct Program {
    /// The variable that names one.
    pub variable: &'static str,
    /// What it is called; the first one found on the PATH is taken.
    pub names: &'static [&'static str],
    /// Where installers put it without telling the PATH.
    pub places: &'static [&'static str],
    pub debian_package: &'static str,
    /// What to install elsewhere.
    pub called: &'static str,
}

impl Program {
    /// Finds it, or installs it on Debian.
    pub fn ensure(&self) -> Result<PathBuf> {
        let variable = self.variable;
        if let Some(path) = env::var_os(variable).map(PathBuf::from) {
            if process::is_executable(&path) {
                return Ok(path);
            }
            bail!("{variable} is {}, which is no program", path.display());
        }
        if let Some(path) = self.find() {
            return Ok(path);
        }
        if debian::can_install() {
            debian::install(&[self.debian_package])?;
        }
        match self.find() {
            Some(path) => Ok(path),
            None => bail!("install {}, or set {variable} to the path of one", self.called),
        }
    }

    fn find(&self) -> Option<PathBuf> {
        let on_path = self.names.iter().find_map(|name| process::find(name));
        on_path.or_else(|| self.places.iter().map(PathBuf::from).find(|place| process::is_executable(place)))
    }
}
