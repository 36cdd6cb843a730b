//! The usage guide that lessons teach: its lines, in sections, each with a short name that lessons call it by.
//!
//! Knows no lesson.

use std::sync::OnceLock;

/// What the guide says, as `name: text` below headings.
const TEXT: &str = include_str!("guide.md");

/// A line of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub section: &'static str,
    /// What lessons call it.
    pub name: &'static str,
    /// In Markdown.
    pub text: &'static str,
}

/// All lines, in their order.
pub fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        let mut section = "";
        let mut lines = Vec::new();
        for line in TEXT.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                section = heading;
            } else if let Some((name, text)) = line.split_once(": ") {
                lines.push(Line { section, name, text });
            }
        }
        lines
    })
}

/// The line of a name.
pub fn find(name: &str) -> Option<&'static Line> {
    lines().iter().find(|line| line.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Inline, inline, plain_text};

    #[test]
    fn every_line_has_a_name_of_its_own() {
        let mut names: Vec<&str> = lines().iter().map(|line| line.name).collect();
        assert_eq!(names.len(), TEXT.lines().filter(|line| !line.starts_with("## ")).count());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), lines().len());
        assert_eq!(find("expire").map(|line| line.section), Some("Do"));
    }

    #[test]
    fn every_line_is_text_with_marks() {
        for line in lines() {
            let words = plain_text(&inline(line.text));
            assert!(!words.contains(['*', '`']), "{words}");
        }
        assert_eq!(inline("# no line"), [Inline::Text("# no line".to_owned())]);
    }
}
