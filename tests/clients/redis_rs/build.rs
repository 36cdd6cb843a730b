//! Takes the redis-rs code out of the lessons' Markdown: a file for each lesson, and one that names them as modules.
//!
//! A line of code stands in the line in which it is in the lesson, so that the compiler's words lead there. Knows of
//! Markdown only how a fence begins and ends; that each lesson has one is held by `tests/snippets.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What a lesson leaves to the reader.
const BESIDES: &str = "use crate::besides::*; ";
/// What most leave out of redis-rs itself; those that have a `use` of it leave out nothing.
const REDIS: &str = "use crate::redis_besides::*; ";

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let lessons = here.join("../../../www/scenarios");
    println!("cargo::rerun-if-changed={}", lessons.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut paths: Vec<_> = fs::read_dir(lessons)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut modules = String::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let code = code(&fs::read_to_string(path)?);
        let name = Path::new(path.file_name().unwrap_or_default());
        let file = out.join(name);
        fs::write(&file, code)?;
        let module = name.with_extension("").display().to_string().replace('-', "_");
        writeln!(modules, "#[path = {:?}]\nmod {module};", file.display().to_string()).ok();
    }
    fs::write(out.join("lessons.rs"), modules)
}

/// The lines of a lesson, all of them empty but for those of its code.
fn code(lesson: &str) -> String {
    let (mut code, mut inside) = (String::new(), false);
    for line in lesson.lines() {
        if inside && line == "```" {
            inside = false;
        }
        if inside {
            code.push_str(line);
        }
        inside |= line == "```rust redis-rs";
        code.push('\n');
    }
    let redis = if code.contains("\nuse redis") { "" } else { REDIS };
    format!("{BESIDES}{redis}{code}")
}
