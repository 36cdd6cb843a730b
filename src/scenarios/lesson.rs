//! A lesson: Markdown whose fenced blocks are transcripts.
//!
//! ````text
//! ---
//! title: Leaderboard
//! summary: Rank players live.
//! level: beginner
//! minutes: 10
//! picture: leaderboard as ranking
//! ---
//! ```setup
//! > ZADD leaderboard 10 ann
//! ```
//! ## First step
//! Some words, then something to click:
//! ```redis
//! > ZSCORE leaderboard ann
//! "10"
//! ```
//! ````
//!
//! `##` headings are steps. A `redis` block is played by clicks and replayed in CI; `setup` runs once at the start; a
//! `check` block holds an exercise's condition and `solution` one way to meet it, which CI plays to prove that it can be
//! met. The text becomes a [document tree](crate::document); raw HTML is refused. A lesson knows nothing of the page.

use playground_engine::{Engine, print};

use crate::document::Block;
use crate::error::ParseError;
use crate::replay::matches;
use crate::transcript::{Entry, Run};
use crate::{front_matter, markdown};

/// A parsed lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub title: String,
    pub summary: String,
    pub level: Level,
    /// How long it takes a reader.
    pub minutes: u32,
    pub picture: Option<Picture>,
    /// The lines of the usage guide that it teaches, word for word.
    pub guide: Vec<String>,
    /// Played once before the first step.
    pub setup: Vec<Entry>,
    /// What stands before the first step.
    pub intro: Vec<Block>,
    pub steps: Vec<Step>,
}

/// For whom a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Beginner,
    Intermediate,
    Advanced,
}

/// What is drawn beside the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub key: Vec<u8>,
    pub kind: PictureKind,
}

/// How a key is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// A sorted set as a ranking, highest score first.
    Ranking,
}

/// One `##` section.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    /// Counted from 1.
    pub line: usize,
    pub blocks: Vec<Block>,
}

impl Lesson {
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let head = front_matter::parse(source)?;
        let body = source.get(head.body..).unwrap_or_default();
        let markdown::Body { setup, intro, steps } = markdown::parse(body, head.lines)?;
        Ok(Self {
            title: head.title,
            summary: head.summary,
            level: head.level,
            minutes: head.minutes,
            picture: head.picture,
            guide: head.guide,
            setup,
            intro,
            steps,
        })
    }
}

impl Step {
    /// Everything to play by a click, in order.
    pub fn plays(&self) -> impl Iterator<Item = &Entry> {
        let plays = self
            .blocks
            .iter()
            .filter_map(|block| if let Block::Play(plays) = block { Some(plays) } else { None });
        plays.flatten()
    }

    /// The condition of its exercise, if it has one.
    pub fn check(&self) -> Option<&Check> {
        self.blocks.iter().find_map(|block| if let Block::Check(check) = block { Some(check) } else { None })
    }

    /// A way to pass its exercise; there is one wherever there is a check.
    pub fn solution(&self) -> &[Entry] {
        let found = self
            .blocks
            .iter()
            .find_map(|block| if let Block::Solution(entries) = block { Some(entries) } else { None });
        found.map_or(&[], Vec::as_slice)
    }
}

/// What must hold of the data for an exercise to be passed, however the learner brought it about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Commands that only read, and what they must answer.
    pub probes: Vec<Run>,
}

impl Check {
    /// The first probe that does not hold and what it answered instead; none when the exercise is passed. `ask` runs a
    /// command and prints the reply.
    pub fn first_unmet(&self, mut ask: impl FnMut(&[Vec<u8>]) -> String) -> Option<(&Run, String)> {
        self.probes.iter().find_map(|probe| {
            let answer = ask(&probe.argv);
            (!matches(&probe.expected, &answer)).then_some((probe, answer))
        })
    }

    /// Whether the exercise is passed. The probes run on a copy, because even reading leaves traces: idle times,
    /// statistics, keys that expire when they are met.
    pub fn passes(&self, engine: &Engine) -> bool {
        let mut copy = engine.clone();
        let session = copy.connect();
        let ask = |argv: &[Vec<u8>]| print::redis_cli(&copy.execute(session, argv.to_vec()).reply);
        self.first_unmet(ask).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Inline, plain_text};

    const HEAD: &str =
        "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\npicture: lb as ranking\nguide: Do: x\n---\n";

    fn lesson(body: &str) -> Result<Lesson, ParseError> {
        Lesson::parse(&format!("{HEAD}{body}"))
    }

    /// The line within `body`, and the reason.
    fn fault(body: &str) -> (usize, String) {
        let error = lesson(body).expect_err("refused");
        (error.line - HEAD.lines().count(), error.reason)
    }

    #[test]
    fn a_lesson_has_a_head_a_setup_and_steps() {
        let source = "Intro.\n\n```setup\n> ZADD lb 1 a\n```\n\n## One `ZADD`\n\nDo *this*:\n\n```redis\n> ZCARD lb\n(integer) 1\n\
            @advance 10s\n```\n\n## Two\n\n```check\n> EXISTS lb lb2\n(integer) 2\n```\n\n```solution\n> ZADD lb 2 b\n(integer) 1\n```\n";
        let lesson = lesson(source).expect("parses");
        assert_eq!((lesson.title.as_str(), lesson.minutes, lesson.level), ("T", 5, Level::Beginner));
        assert_eq!(lesson.picture, Some(Picture { key: b"lb".to_vec(), kind: PictureKind::Ranking }));
        assert_eq!(lesson.guide, ["Do: x"]);
        assert_eq!((lesson.setup.len(), lesson.intro.len(), lesson.steps.len()), (1, 1, 2));
        assert_eq!(lesson.steps[0].title, "One ZADD");
        assert_eq!(lesson.steps[0].plays().count(), 2);
        assert_eq!(lesson.steps[1].check().map(|check| check.probes.len()), Some(1));
        assert_eq!(lesson.steps[1].solution().len(), 1);
        let line = HEAD.lines().count() + 12;
        assert!(
            matches!(lesson.steps[0].plays().next(), Some(Entry::Run(run)) if run.expected.line == line),
            "{lesson:#?}"
        );
    }

    #[test]
    fn text_becomes_a_tree() {
        let body = "## S\n\n- one\n- **two** `x`\n\n1. a\n\n   b\n\n> quoted\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n[here](https://redis.io)\n\n```sh\nls\n```\n";
        let blocks = lesson(body).expect("parses").steps.remove(0).blocks;
        let Block::List { start: None, items } = &blocks[0] else { panic!("{blocks:#?}") };
        assert!(
            matches!(&items[1][..], [Block::Paragraph(text)] if plain_text(text) == "two x"),
            "{items:#?}"
        );
        assert!(matches!(&blocks[1], Block::List { start: Some(1), items } if items[0].len() == 2));
        assert!(matches!(&blocks[2], Block::Quote(inner) if inner.len() == 1));
        assert!(matches!(&blocks[3], Block::Table { head, rows } if head.len() == 2 && rows[0].len() == 2));
        assert!(matches!(&blocks[4], Block::Paragraph(text) if matches!(&text[0], Inline::Link { .. })));
        assert!(matches!(&blocks[5], Block::Code { language, text } if language == "sh" && text == "ls\n"));
    }

    #[test]
    fn raw_html_is_refused_with_its_line() {
        assert_eq!(fault("## S\n\nfine\n\n<b>x</b>\n").0, 5);
        assert_eq!(fault("## S\n\n<script>alert(1)</script>\n").0, 3);
        assert_eq!(fault("## S\n\n- a\n- b <img src=x onerror=y>\n").0, 4);
        assert!(fault("## S\n\na <i>b</i>\n").1.contains("raw HTML"));
    }

    #[test]
    fn other_faults_are_named_with_their_line() {
        assert_eq!(fault("no step\n").0, 0);
        assert_eq!(fault("# Title\n\n## S\n").0, 1);
        assert_eq!(fault("## S\n\n![x](y.png)\n").0, 3);
        assert_eq!(fault("## S\n\n[x](javascript:alert(1))\n").0, 3);
        assert_eq!(fault("## S\n\n```redis\n> ZCARD lb\n(integer) 0\n@wait 1s\n```\n").0, 6);
        assert_eq!(fault("## S\n\n```redis\n```\n").0, 3);
        assert_eq!(fault("```redis\n> PING\nPONG\n```\n\n## S\n").0, 1);
        assert_eq!(fault("## S\n\n- a\n\n  ```redis\n  > PING\n  PONG\n  ```\n").0, 5);
        assert_eq!(fault("## A\n\n## S\n\n```check\n> EXISTS lb\n(integer) 1\n```\n").0, 3);
        assert_eq!(fault("## S\n\n```check\n> DEL lb\n(integer) 1\n```\n").0, 4);
        assert_eq!(fault("## S\n\n```check\n> NOSUCH\n(integer) 1\n```\n").0, 4);
        assert_eq!(fault("## S\n\n```check\n@advance 1s\n```\n").0, 4);
        assert_eq!(fault("## S\n\n```setup\n> PING\nPONG\n```\n").0, 3);
    }

    #[test]
    fn faults_of_the_head_are_named_with_their_line() {
        let line = |source: &str| Lesson::parse(source).expect_err("refused").line;
        assert_eq!(line("## S\n"), 1);
        assert_eq!(line("---\ntitle: T\n"), 1);
        assert_eq!(line("---\ntitle: T\ntitle: U\n---\n"), 3);
        assert_eq!(line("---\ntitel: T\n---\n"), 2);
        assert_eq!(line("---\ntitle:\n---\n"), 2);
        assert_eq!(line("---\nlevel: easy\n---\n"), 2);
        assert_eq!(line("---\nminutes: long\n---\n"), 2);
        assert_eq!(line("---\npicture: lb\n---\n"), 2);
        assert_eq!(line("---\ntitle: T\nsummary: S\nminutes: 5\n---\n"), 5);
    }
}
