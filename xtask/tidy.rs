//! The house rules that a machine can check: each source file says what it is, none is endless, nothing is left
//! unfinished, lock files name no odd host, and generated files are what their generator writes.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::paths::Paths;
use crate::programs;

/// Beyond this, a file is two things.
const MAX_LINES: usize = 500;
/// Words of unfinished work; split here so that this list is not found by itself.
const MARKS: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("todo", "!"),
    concat!("unimplemented", "!"),
];
/// The kinds of file that people write and read as source.
const SOURCE: [&str; 5] = ["rs", "mjs", "js", "css", "html"];
const PROSE: [&str; 3] = ["md", "toml", "json"];
/// What is built, installed or kept by other tools.
const NOT_OURS: [&str; 4] = ["target", "node_modules", "dist", ".git"];

/// Checks all; every problem is printed, and any is an error.
pub fn check(paths: &Paths) -> Result<()> {
    let mut problems = Vec::new();
    for path in files::under(&paths.root, &NOT_OURS)? {
        let Ok(text) = fs::read_to_string(paths.root.join(&path)) else {
            continue; // A picture.
        };
        problems.extend(problems_of(&path, &text));
    }
    for problem in &problems {
        println!("{problem}");
    }
    let generated = programs::run(paths, "generate", &["--check"], None)
        .context("a generated file is stale: run `cargo xtask generate`");
    if !problems.is_empty() {
        bail!("{} places are not tidy", problems.len());
    }
    generated
}

fn problems_of(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let mut problems = Vec::new();
    let is_source = has_ending(path, &SOURCE);
    if is_source && !opens_with_comment(path, text) {
        problems.push(format!("{shown}:1: says not what it is: open it with a comment"));
    }
    let lines = text.lines().count();
    if is_source && lines > MAX_LINES {
        problems.push(format!("{shown}: {lines} lines, {MAX_LINES} at most"));
    }
    if is_source || has_ending(path, &PROSE) {
        for (number, line) in (1..).zip(text.lines()) {
            for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
                problems.push(format!("{shown}:{number}: {mark} is left"));
            }
        }
    }
    if path.file_name() == Some(OsStr::new("package-lock.json")) && text.contains("\"resolved\"") {
        problems.push(format!("{shown}: names a host: remove its \"resolved\" lines"));
    }
    problems
}

fn opens_with_comment(path: &Path, text: &str) -> bool {
    let start = text.trim_start();
    if has_ending(path, &["rs"]) {
        return start.starts_with("//!");
    }
    if has_ending(path, &["html"]) {
        return start.lines().take(2).any(|line| line.starts_with("<!--"));
    }
    start.starts_with("//") || start.starts_with("/*")
}

/// Whether `word` stands in `line` by itself and not inside a longer word.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one))
}

#[cfg(test)]
mod tests {
    use super::problems_of;
    use std::path::Path;

    #[test]
    fn each_rule_finds_its_problem() {
        let of = |name: &str, text: &str| problems_of(Path::new(name), text);
        assert!(of("a.rs", "//! What.\n").is_empty());
        assert_eq!(of("a.rs", "fn f() {}\n"), ["a.rs:1: says not what it is: open it with a comment"]);
        assert_eq!(of("a.css", &format!("/* a */{}", "\n".repeat(501)))[0], "a.css: 501 lines, 500 at most");
        let mark = super::MARKS[0];
        assert_eq!(of("a.md", &format!("x\n{mark}: y")), [format!("a.md:2: {mark} is left")]);
        assert!(of("a.md", &format!("{mark}S and {mark}_LIST")).is_empty());
        assert_eq!(of("package-lock.json", "\"resolved\"").len(), 1);
    }
}
