//! LESSONS.md, made from the lessons: which there are, and which step teaches which line of the usage guide.

use std::fmt::Write as _;

use playground_scenarios::lesson::Part;
use playground_scenarios::{Lesson, guide};

use crate::files;

/// A lesson and the name of its file.
type Named = (String, Lesson);

fn lessons() -> Vec<Named> {
    let read = |path: &std::path::PathBuf| {
        let shown = files::shown(path);
        let lesson = Lesson::parse(&files::read(path)).unwrap_or_else(|fault| panic!("{shown}:{fault}"));
        (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), lesson)
    };
    let mut lessons: Vec<Named> = files::lessons().iter().map(read).collect();
    lessons.sort_by_key(|(name, lesson)| (lesson.head.part, lesson.head.place, name.clone()));
    lessons
}

/// The whole file.
pub fn render() -> String {
    let lessons = lessons();
    let mut out = String::from(
        "# Lessons\n\nWhat the lessons teach, and where. This file is written by `cargo xtask generate`; do not edit it.\n",
    );
    for (part, title) in [(Part::Patterns, "Patterns"), (Part::Principles, "Principles and warnings")] {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "\n## {title}\n\n| lesson | what for | level | minutes | steps |\n| --- | --- | --- | --- | --- |\n"
        );
        for (name, Lesson { head, steps, .. }) in &lessons {
            if head.part == Some(part) {
                let level = format!("{:?}", head.level).to_lowercase();
                let _ = writeln!(
                    out,
                    "| [{}](www/scenarios/{name}.md) | {} | {level} | {} | {} |",
                    head.title,
                    head.summary,
                    head.minutes,
                    steps.len()
                );
            }
        }
    }
    let _ = write!(out, "\n## The guide, line by line\n\n| line | taught in |\n| --- | --- |\n");
    let mut section = "";
    for line in guide::lines() {
        if section != line.section {
            section = line.section;
            let _ = writeln!(out, "| **{section}** | |");
        }
        let _ = writeln!(out, "| {} | {} |", line.text.replace('|', "\\|"), places(line, &lessons));
    }
    out
}

/// The steps that teach a line.
fn places(line: &guide::Line, lessons: &[Named]) -> String {
    let found = lessons.iter().flat_map(|(_, lesson)| {
        let teaches =
            |step: &&playground_scenarios::Step| step.guide.iter().any(|taught| taught.name == line.name);
        lesson.steps.iter().filter(teaches).map(|step| format!("{}: {}", lesson.head.title, step.title))
    });
    found.collect::<Vec<_>>().join("<br>")
}

/// The lines of the guide that no step teaches.
pub fn untaught() -> Vec<&'static str> {
    let lessons = lessons();
    guide::lines().iter().filter(|line| places(line, &lessons).is_empty()).map(|line| line.name).collect()
}
