//! The page, put together in target/site: compiled Rust, its glue, and the files of www.
//! Any static web server can serve the result; this tool's `serve` is one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Care, Target, cargo_build, glue, lessons};
use crate::files;
use crate::paths::Paths;
use crate::setup::wasm_target::Toolchain;

/// What lies in www and is no part of the page: the package for npm, and the README's picture.
const NOT_SERVED: [&str; 2] = ["npm", "screenshot.png"];

/// Where lessons are, and the list of them that the page looks into.
const LESSONS: &str = "scenarios";
const ALL_LESSONS: &str = "scenarios/index.txt";

/// Where style sheets are written, and the one that they make.
const STYLES: &str = "styles";
const ALL_STYLES: &str = "styles/page.css";

/// Builds the page and gives the folder it is in.
pub fn build(paths: &Paths, toolchain: Toolchain, care: Care) -> Result<PathBuf> {
    let wasm = cargo_build(paths, toolchain, care, "playground-app", "playground-app")?;
    let glued = paths.made("page");
    glue::generate(paths, &wasm, &glued, Target::Web, care)?;

    let site = paths.site();
    let mut kept = BTreeSet::new();
    let mut put = |from: &Path, name: &Path| -> Result<()> {
        copy(from, &site.join(name))?;
        kept.insert(name.to_path_buf());
        Ok(())
    };
    for folder in [paths.root.join("www"), glued] {
        for name in files::under(&folder, &NOT_SERVED)? {
            if is_served(&name) && !name.starts_with(STYLES) {
                put(&folder.join(&name), &name)?;
            }
        }
    }
    let index = fs::read_to_string(paths.root.join("index.html"))?;
    let (index, styles) = with_one_style_sheet(&index, &paths.root.join("www"))?;
    fs::create_dir_all(site.join(STYLES))?;
    let lessons = lessons::list(&paths.root.join("www").join(LESSONS))?;
    for (name, text) in [("index.html", index), (ALL_STYLES, styles), (ALL_LESSONS, lessons)] {
        fs::write(site.join(name), text)?;
        kept.insert(PathBuf::from(name));
    }
    for stale in files::under(&site, &[])? {
        if !kept.contains(&stale) {
            fs::remove_file(site.join(stale))?;
        }
    }
    Ok(site)
}

/// The page with one link in the place of those to its style sheets, and all of these in their order: one file is asked
/// for once, and compressed as one.
fn with_one_style_sheet(index: &str, www: &Path) -> Result<(String, String)> {
    let (mut html, mut styles) = (String::new(), String::new());
    for line in index.lines() {
        let link = line
            .trim()
            .strip_prefix("<link rel=\"stylesheet\" href=\"./")
            .and_then(|rest| rest.strip_suffix("\">"));
        let Some(name) = link else {
            html.push_str(line);
            html.push('\n');
            continue;
        };
        if styles.is_empty() {
            html.push_str(&format!("    <link rel=\"stylesheet\" href=\"./{ALL_STYLES}\">\n"));
        }
        styles.push_str(&fs::read_to_string(www.join(name)).with_context(|| name.to_owned())?);
    }
    Ok((html, styles))
}

/// Hidden files and type declarations are for developers; no browser asks for them.
fn is_served(name: &Path) -> bool {
    let text = name.to_string_lossy();
    let hidden = name.file_name().is_some_and(|file| file.to_string_lossy().starts_with('.'));
    !hidden && !text.ends_with(".d.ts")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}
