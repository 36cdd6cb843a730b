//! The list of lessons as the build writes it: a name, the head, and the titles of the steps with the lines of the guide
//! that each teaches. Blank lines stand between lessons.
//!
//! ```text
//! leaderboard
//! ---
//! title: Leaderboard
//! …
//! ---
//! ## A board for this week
//! expire
//! ```
//!
//! Text in, a list out. Where the text is fetched from, and what the lessons say besides, is not known here.

use std::rc::Rc;

use playground_scenarios::document::{inline, plain_text};
use playground_scenarios::guide;
use playground_scenarios::lesson::{Head, Part};

/// A lesson of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What its file is called, and links name it.
    pub name: Rc<str>,
    pub head: Head,
    pub steps: Vec<ListedStep>,
}

/// What the list knows of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedStep {
    pub title: String,
    /// The lines of the guide that it teaches, by name.
    pub guide: Vec<&'static str>,
}

/// All lessons in the order in which they are best read. One whose head cannot be read is left out: the others are not to
/// suffer for it.
pub fn parse(text: &str) -> Vec<Listed> {
    let mut lessons: Vec<Listed> = Vec::new();
    for lesson in text.split("\n\n").filter_map(|entry| listed(entry.trim())) {
        let at = lessons.partition_point(|other| place(other) <= place(&lesson));
        lessons.insert(at, lesson);
    }
    lessons
}

/// Those of no part come last.
fn place(lesson: &Listed) -> (bool, Option<Part>, u32, &str) {
    let Head { part, place, title, .. } = &lesson.head;
    (part.is_none(), *part, *place, title)
}

fn listed(entry: &str) -> Option<Listed> {
    let (name, rest) = entry.split_once('\n')?;
    let head = Head::parse(rest).ok()?;
    let mut steps: Vec<ListedStep> = Vec::new();
    // Two lines of dashes stand around the head.
    for line in
        rest.lines().skip_while(|line| *line != "---").skip(1).skip_while(|line| *line != "---").skip(1)
    {
        if let Some(title) = line.strip_prefix("## ") {
            steps.push(ListedStep { title: plain_text(&inline(title)), guide: Vec::new() });
        } else if let (Some(step), Some(known)) = (steps.last_mut(), guide::find(line.trim())) {
            step.guide.push(known.name);
        }
    }
    Some(Listed { name: name.trim().into(), head, steps })
}

/// The steps that teach a line of the guide: the lesson, and the number of the step from 0.
pub fn teaching<'l>(lessons: &'l [Listed], line: &str) -> Vec<(&'l Listed, usize)> {
    let mut found = Vec::new();
    for lesson in lessons {
        let steps = lesson.steps.iter().enumerate().filter(|(_, step)| step.guide.contains(&line));
        found.extend(steps.map(|(at, _)| (lesson, at)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "b\n---\ntitle: Second\nsummary: S\nlevel: beginner\nminutes: 5\npart: principles\nplace: 1\n---\n\
        ## One `GET`\n## Two\nexpire\nnosuch\nnamespaces\n\nbroken\n---\ntitle: no more\n---\n\nown\n---\ntitle: Own\nsummary: S\n\
        level: advanced\nminutes: 7\n---\n\na\n---\ntitle: First\nsummary: S\nlevel: beginner\nminutes: 5\npart: patterns\n\
        place: 9\n---\n## Only\nexpire\n";

    #[test]
    fn lessons_come_in_the_order_of_their_parts_and_places() {
        let lessons = parse(TEXT);
        let names: Vec<&str> = lessons.iter().map(|lesson| &*lesson.name).collect();
        assert_eq!(names, ["a", "b", "own"]);
        assert_eq!(lessons[1].steps[0], ListedStep { title: "One GET".into(), guide: Vec::new() });
        assert_eq!(lessons[1].steps[1].guide, ["expire", "namespaces"]);
        let taught = teaching(&lessons, "expire");
        assert_eq!(
            taught.iter().map(|(lesson, at)| (&*lesson.name, *at)).collect::<Vec<_>>(),
            [("a", 0), ("b", 1)]
        );
        assert_eq!((parse("").len(), parse("<html>\n\nno list at all").len()), (0, 0));
    }
}
