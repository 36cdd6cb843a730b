//! A lesson: Markdown whose fenced blocks are transcripts.
//!
//! ````text
//! ---
//! title: Leaderboard
//! summary: Rank players live.
//! level: beginner
//! minutes: 10
//! see: key leaderboard
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
//! `check` block holds an exercise's condition, `solution` one way to meet it and `wrong` one that looks right and is not:
//! CI plays both. `see` says which picture belongs beside the step, `guide` which lines of the guide it teaches. The text
//! becomes a [document tree](crate::document); raw HTML is refused. A lesson knows nothing of the page.

use playground_engine::{Engine, print};

use crate::document::Block;
use crate::error::ParseError;
use crate::front_matter::{self, FrontMatter};
use crate::replay::matches;
use crate::see::See;
use crate::transcript::{Entry, Run};
use crate::{guide, markdown};

/// A parsed lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub head: Head,
    /// Played once before the first step.
    pub setup: Vec<Entry>,
    /// What stands before the first step.
    pub intro: Vec<Block>,
    pub steps: Vec<Step>,
}

/// What a list of lessons says of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub title: String,
    pub summary: String,
    pub level: Level,
    /// How long it takes a reader.
    pub minutes: u32,
    /// Where it stands among the others; a teacher's own may stand nowhere.
    pub part: Option<Part>,
    pub place: u32,
    /// The picture beside its first step.
    pub see: Option<See>,
}

/// A part of the list of lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Patterns,
    Principles,
}

impl Part {
    pub fn word(self) -> &'static str {
        match self {
            Self::Patterns => "patterns",
            Self::Principles => "principles",
        }
    }
}

/// For whom a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Beginner,
    Intermediate,
    Advanced,
}

/// One `##` section.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    /// Counted from 1.
    pub line: usize,
    /// The picture that belongs beside it; where it names none, what is seen stays.
    pub see: Option<See>,
    /// The lines of the guide that it teaches.
    pub guide: Vec<&'static guide::Line>,
    pub blocks: Vec<Block>,
}

impl Lesson {
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let FrontMatter { head, body, lines } = front_matter::parse(source)?;
        let body = source.get(body..).unwrap_or_default();
        let markdown::Body { setup, intro, steps } = markdown::parse(body, lines)?;
        Ok(Self { head, setup, intro, steps })
    }

    /// The picture beside a step: its own, or that of the last step before that names one.
    pub fn seen_at(&self, step: usize) -> Option<&See> {
        let named = self.steps.iter().take(step + 1).rev().find_map(|step| step.see.as_ref());
        named.or(self.head.see.as_ref())
    }

    /// All that has been done by who comes to a step, by clicks and the proposed solutions.
    pub fn up_to(&self, step: usize) -> Vec<Entry> {
        let before = self.steps.iter().take(step);
        let done = before.flat_map(|step| step.plays().chain(step.solution()));
        self.setup.iter().chain(done).cloned().collect()
    }
}

impl Head {
    /// Reads the head of a lesson's text alone.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Ok(front_matter::parse(source)?.head)
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

    /// A way that does not pass it.
    pub fn wrong(&self) -> Option<&[Entry]> {
        self.blocks
            .iter()
            .find_map(|block| if let Block::Wrong(entries) = block { Some(&entries[..]) } else { None })
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
    use crate::snippet::Client;

    const HEAD: &str =
        "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\npart: patterns\nsee: key lb\n---\n";

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
            @advance 10s\n```\n\n## Two\n\n```check\n> EXISTS lb lb2\n(integer) 2\n```\n\n```solution\n> ZADD lb 2 b\n(integer) 1\n```\n\n```wrong\n> PING\nPONG\n```\n";
        let lesson = lesson(source).expect("parses");
        let head = &lesson.head;
        assert_eq!((head.title.as_str(), head.minutes, head.level), ("T", 5, Level::Beginner));
        assert_eq!((head.part, head.place), (Some(Part::Patterns), u32::MAX));
        assert_eq!(lesson.seen_at(1), Some(&See::Key { name: b"lb".to_vec(), face: None }));
        assert_eq!((lesson.setup.len(), lesson.intro.len(), lesson.steps.len()), (1, 1, 2));
        assert_eq!(lesson.steps[0].title, "One ZADD");
        assert_eq!(lesson.steps[0].plays().count(), 2);
        assert_eq!(lesson.steps[1].check().map(|check| check.probes.len()), Some(1));
        assert_eq!(lesson.steps[1].solution().len(), 1);
        assert_eq!([0, 1, 2, 9].map(|step| lesson.up_to(step).len()), [1, 3, 4, 4]);
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
        let proved = "```check\n> EXISTS lb\n(integer) 1\n```\n\n```solution\n> PING\nPONG\n```\n";
        assert!(fault(&format!("## S\n\n{proved}")).1.contains("one wrong block"));
    }

    #[test]
    fn a_step_names_its_picture_and_what_of_the_guide_it_teaches() {
        let parsed = lesson("## A\n\n```see\nmemory\n```\n\n```guide\nexpire\nmonitor\n```\n\n## B\n")
            .expect("parses");
        assert_eq!(
            parsed.steps[0].guide.iter().map(|line| line.name).collect::<Vec<_>>(),
            ["expire", "monitor"]
        );
        assert!(parsed.steps[0].blocks.is_empty());
        assert_eq!([0, 1].map(|step| parsed.seen_at(step)), [Some(&See::Memory); 2]);
        assert_eq!(fault("## A\n\n```see\nthe moon\n```\n").0, 4);
        assert_eq!(fault("## A\n\n```see\nmemory\n```\n\n```see\nmemory\n```\n").0, 8);
        let (line, why) = fault("## A\n\n```guide\nexpire\nexpires\n```\n");
        assert!(
            line == 5 && why.starts_with("\"expires\" is no line of the guide; there are in-memory"),
            "{why}"
        );
        assert_eq!(fault("```guide\nexpire\n```\n\n## A\n").0, 1);
    }

    #[test]
    fn code_for_several_clients_is_one_block() {
        let python = "```python redis-py\nr.get(\"k\")\n```\n\n";
        let rust = "```rust redis-rs\ncon.get(\"k\")?;\n```\n\n";
        let blocks = lesson(&format!("## A\n\n{python}{rust}text\n\n{python}"))
            .expect("parses")
            .steps
            .remove(0)
            .blocks;
        let [Block::Clients(both), Block::Paragraph(_), Block::Clients(one)] = &blocks[..] else {
            panic!("{blocks:#?}")
        };
        assert_eq!(
            both.iter().map(|snippet| snippet.client).collect::<Vec<_>>(),
            [Client::RedisPy, Client::RedisRs]
        );
        assert_eq!(one[0].text, "r.get(\"k\")\n");
        assert_eq!(fault(&format!("## A\n\n{python}{python}")).0, 8);
        assert!(
            fault("## A\n\n```python redis-rb\n```\n").1.starts_with("no client library is called redis-rb")
        );
        assert!(fault("## A\n\n```python jedis\n```\n").1.contains("written in java"));
    }

    #[test]
    fn a_step_can_have_clients_and_a_race() {
        let body = "## A\n\n```workload\nclients one: 1\n  PING()\n```\n\n```race\nsession a:\n  PING()\nsession b:\n  PING()\n```\n";
        let blocks = lesson(body).expect("parses").steps.remove(0).blocks;
        assert!(matches!(&blocks[..], [Block::Workload(_), Block::Race(_)]), "{blocks:#?}");
        assert_eq!(fault("## A\n\n```workload\nclients one: 1\n\n  PING(\n```\n").0, 6);
        assert_eq!(fault("## A\n\n```workload\nseed: x\n```\n").0, 4);
        assert_eq!(fault("## A\n\n```race\nsession a:\n  PING()\n```\n").0, 4);
        assert_eq!(fault("```workload\nclients one: 1\n  PING()\n```\n\n## A\n").0, 1);
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
        assert_eq!(line("---\nsee: lb\n---\n"), 2);
        assert_eq!(line("---\npart: others\n---\n"), 2);
        assert_eq!(line("---\ntitle: T\nsummary: S\nminutes: 5\n---\n"), 5);
    }
}
