//! The head of a lesson: `key: value` lines between two `---` lines.
//!
//! A handful of keys does not need YAML. Unknown, doubled, missing or empty keys are errors with their line.

use crate::error::ParseError;
use crate::lesson::{Head, Level, Part};
use crate::see::See;

/// What the head says, and where the text after it starts.
#[derive(Debug)]
pub(crate) struct FrontMatter {
    pub head: Head,
    /// Byte offset of the line after the closing `---`.
    pub body: usize,
    /// How many lines the head takes, with both `---`.
    pub lines: usize,
}

#[derive(Debug, Default)]
struct Fields {
    title: Option<String>,
    summary: Option<String>,
    level: Option<Level>,
    minutes: Option<u32>,
    part: Option<Part>,
    place: Option<u32>,
    see: Option<See>,
}

pub(crate) fn parse(source: &str) -> Result<FrontMatter, ParseError> {
    let mut lines = source.split_inclusive('\n').enumerate();
    let mut body = match lines.next() {
        Some((_, first)) if first.trim_end() == "---" => first.len(),
        _ => {
            return Err(ParseError::new(
                1,
                "a lesson starts with a --- line, its title and so on, and another ---",
            ));
        }
    };
    let mut fields = Fields::default();
    for (index, line) in lines {
        body += line.len();
        if line.trim_end() == "---" {
            return fields.finish(body, index + 1);
        }
        if !line.trim().is_empty() {
            fields.set(line.trim(), index + 1)?;
        }
    }
    Err(ParseError::new(1, "the --- that ends the head of the lesson is missing"))
}

impl Fields {
    fn set(&mut self, text: &str, line: usize) -> Result<(), ParseError> {
        let fault = |reason: String| ParseError::new(line, reason);
        let (key, value) = match text.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
            Some((_, "")) | None => {
                return Err(fault(format!("{text:?} is not a line of the form key: value")));
            }
            Some(pair) => pair,
        };
        let doubled = match key {
            "title" => self.title.replace(value.to_owned()).is_some(),
            "summary" => self.summary.replace(value.to_owned()).is_some(),
            "level" => self.level.replace(level(value).map_err(fault)?).is_some(),
            "minutes" => self.minutes.replace(number(key, value).map_err(fault)?).is_some(),
            "part" => self.part.replace(part(value).map_err(fault)?).is_some(),
            "place" => self.place.replace(number(key, value).map_err(fault)?).is_some(),
            "see" => self.see.replace(See::parse(value).map_err(fault)?).is_some(),
            _ => {
                return Err(fault(format!(
                    "unknown key {key:?}; there are title, summary, level, minutes, part, place, see"
                )));
            }
        };
        if doubled { Err(fault(format!("{key} is given twice"))) } else { Ok(()) }
    }

    fn finish(self, body: usize, lines: usize) -> Result<FrontMatter, ParseError> {
        let missing = |key: &str| ParseError::new(lines, format!("the head of the lesson lacks {key}"));
        let head = Head {
            title: self.title.ok_or_else(|| missing("title"))?,
            summary: self.summary.ok_or_else(|| missing("summary"))?,
            level: self.level.ok_or_else(|| missing("level"))?,
            minutes: self.minutes.ok_or_else(|| missing("minutes"))?,
            part: self.part,
            place: self.place.unwrap_or(u32::MAX),
            see: self.see,
        };
        Ok(FrontMatter { head, body, lines })
    }
}

fn level(value: &str) -> Result<Level, String> {
    match value {
        "beginner" => Ok(Level::Beginner),
        "intermediate" => Ok(Level::Intermediate),
        "advanced" => Ok(Level::Advanced),
        _ => Err("level is beginner, intermediate or advanced".to_owned()),
    }
}

fn number(key: &str, value: &str) -> Result<u32, String> {
    match value.parse() {
        Ok(number @ 1..=240) => Ok(number),
        _ => Err(format!("{key} is a number from 1 to 240")),
    }
}

fn part(value: &str) -> Result<Part, String> {
    let all = [Part::Patterns, Part::Principles];
    let found = all.into_iter().find(|part| part.word() == value);
    found.ok_or_else(|| format!("part is {} or {}", Part::Patterns.word(), Part::Principles.word()))
}
