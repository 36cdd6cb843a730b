//! The list of lessons that the page fetches: of each its name, its head as it stands in the file, and the titles of its
//! steps with the lines of the guide that they teach, between blank lines.
//!
//! Lessons are looked through line by line. What is right in them and what is not, the tests say.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::files;

/// The list of the lessons in a folder, in the order of their names.
pub fn list(folder: &Path) -> Result<String> {
    let mut list = String::new();
    for file in files::under(folder, &[])? {
        if file.extension().is_some_and(|kind| kind == "md") {
            let source =
                fs::read_to_string(folder.join(&file)).with_context(|| file.display().to_string())?;
            list.push_str(&entry(&file.with_extension("").display().to_string(), &source));
        }
    }
    Ok(list)
}

fn entry(name: &str, source: &str) -> String {
    let mut lines = source.lines().map(str::trim_end);
    let mut entry = format!("{name}\n");
    let mut put = |line: &str| {
        entry.push_str(line);
        entry.push('\n');
    };
    // Up to the second line of dashes.
    let mut borders = 0;
    for line in lines.by_ref().filter(|line| !line.is_empty()) {
        put(line);
        borders += usize::from(line == "---");
        if borders == 2 {
            break;
        }
    }
    // The fence that a block ends with, and whether it is one of the guide.
    let mut block: Option<(&str, bool)> = None;
    for line in lines {
        match block {
            Some((fence, _)) if closes(line, fence) => block = None,
            Some((_, true)) if !line.is_empty() => put(line.trim()),
            Some(_) => {}
            None if line.starts_with("## ") => put(line),
            None => block = opens(line).map(|(fence, info)| (fence, info == "guide")),
        }
    }
    put("");
    entry
}

/// The marks that open a block of code, and what is written behind them.
fn opens(line: &str) -> Option<(&str, &str)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let (fence, info) = line.split_at(line.len() - line.trim_start_matches(mark).len());
    (fence.len() >= 3).then(|| (fence, info.trim()))
}

/// As many of the same marks, or more.
fn closes(line: &str, fence: &str) -> bool {
    line.starts_with(fence) && line.trim_start_matches(&fence[..1]).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_listed_by_its_head_its_steps_and_what_they_teach() {
        let source = "---\ntitle: T\n\nplace: 3\n---\nIntro.\n\n## One\n\n````markdown\n## not a step\n```guide\nno\n```\n````\n\n\
            ```guide\nexpire\n\n namespaces\n```\n\n### Deeper\n\n## Two `X`  \n\n~~~redis\n> PING\nPONG\n~~~\n\n```guide\nbatch\n```\n";
        let listed = "a\n---\ntitle: T\nplace: 3\n---\n## One\nexpire\nnamespaces\n## Two `X`\nbatch\n\n";
        assert_eq!(entry("a", source), listed);
        assert_eq!(entry("a", "no head\n"), "a\nno head\n\n");
        assert_eq!(opens("``x``"), None);
    }
}
