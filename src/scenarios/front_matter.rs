//! The head of a lesson: `key: value` lines between two `---` lines.
//!
//! A handful of keys does not need YAML. Unknown, doubled, missing or empty keys are errors with their line.

use crate::error::ParseError;
use crate::lesson::{Level, Picture, PictureKind};

/// What the head says, and where the text after it starts.
#[derive(Debug)]
pub(crate) struct FrontMatter {
    pub title: String,
    pub summary: String,
    pub level: Level,
    pub minutes: u32,
    pub picture: Option<Picture>,
    pub guide: Vec<String>,
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
    picture: Option<Picture>,
    guide: Vec<String>,
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
            "minutes" => self.minutes.replace(minutes(value).map_err(fault)?).is_some(),
            "picture" => self.picture.replace(picture(value).map_err(fault)?).is_some(),
            "guide" => {
                self.guide.push(value.to_owned());
                false
            }
            _ => {
                return Err(fault(format!(
                    "unknown key {key:?}; there are title, summary, level, minutes, picture, guide"
                )));
            }
        };
        if doubled { Err(fault(format!("{key} is given twice"))) } else { Ok(()) }
    }

    fn finish(self, body: usize, lines: usize) -> Result<FrontMatter, ParseError> {
        let missing = |key: &str| ParseError::new(lines, format!("the head of the lesson lacks {key}"));
        Ok(FrontMatter {
            title: self.title.ok_or_else(|| missing("title"))?,
            summary: self.summary.ok_or_else(|| missing("summary"))?,
            level: self.level.ok_or_else(|| missing("level"))?,
            minutes: self.minutes.ok_or_else(|| missing("minutes"))?,
            picture: self.picture,
            guide: self.guide,
            body,
            lines,
        })
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

fn minutes(value: &str) -> Result<u32, String> {
    match value.parse() {
        Ok(minutes @ 1..=240) => Ok(minutes),
        _ => Err("minutes is a number from 1 to 240".to_owned()),
    }
}

fn picture(value: &str) -> Result<Picture, String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    match words[..] {
        [key, "as", "ranking"] => Ok(Picture { key: key.as_bytes().to_vec(), kind: PictureKind::Ranking }),
        _ => Err("picture is written KEY as ranking".to_owned()),
    }
}
