//! A Chromium for the tests in a real browser: one that is there, or Debian's.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::debian;
use crate::process;

/// Any browser built on Chromium will do; the first one found is taken.
const NAMES: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
/// Where installers put it without telling the PATH.
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// Finds Chromium, or installs it on Debian.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if process::is_executable(&path) {
            return Ok(path);
        }
        bail!("CHROMIUM is {}, which is no program", path.display());
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    if debian::can_install() {
        debian::install(&["chromium"])?;
    }
    match find() {
        Some(path) => Ok(path),
        None => bail!("install Chromium or Chrome, or set CHROMIUM to the path of one"),
    }
}

fn find() -> Option<PathBuf> {
    let on_path = NAMES.iter().find_map(|name| process::find(name));
    on_path.or_else(|| PLACES.iter().map(PathBuf::from).find(|place| process::is_executable(place)))
}
