//! From Markdown to a lesson's steps and document tree.
//!
//! pulldown-cmark yields a stream of events; this walks it by recursive descent, one method a nesting, and refuses what
//! a lesson cannot hold (HTML, images, unknown fences) with the line where it stands. Only this file knows that parser.

use std::ops::Range;
use std::rc::Rc;

use playground_engine::command::{self, spec::Flags};
use playground_workload::{Fault, Plan, RacePlan};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::document::{Block, Inline, plain_text};
use crate::error::ParseError;
use crate::guide;
use crate::lesson::{Check, Step};
use crate::see::See;
use crate::snippet::{Client, Snippet};
use crate::transcript::{Entry, Run, parse_body};

/// Blocks that are more than text.
const OWN_FENCES: [&str; 9] =
    ["redis", "check", "solution", "wrong", "setup", "see", "guide", "workload", "race"];

/// What follows the head of a lesson.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub setup: Vec<Entry>,
    pub intro: Vec<Block>,
    pub steps: Vec<Step>,
}

/// `first_line` is how many lines of the lesson stand before `source`.
pub(crate) fn parse(source: &str, first_line: usize) -> Result<Body, ParseError> {
    let events = Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter();
    let mut reader = Reader { source, first_line, events, at: 0 };
    let mut body = Body::default();
    while let Some(event) = reader.next() {
        reader.top_level(event, &mut body)?;
    }
    finish(body, first_line)
}

/// The content of a text that is one paragraph.
pub(crate) fn line(text: &str) -> Option<Vec<Inline>> {
    let events = Parser::new(text).into_offset_iter();
    let mut reader = Reader { source: text, first_line: 0, events, at: 0 };
    let begins = matches!(reader.next(), Some(Event::Start(Tag::Paragraph)));
    let content = begins.then(|| reader.inlines().ok()).flatten()?;
    reader.next().is_none().then_some(content)
}

fn finish(body: Body, first_line: usize) -> Result<Body, ParseError> {
    if body.steps.is_empty() {
        return Err(ParseError::new(first_line, "a lesson has at least one step: a ## heading"));
    }
    for step in &body.steps {
        let count = |wanted: fn(&Block) -> bool| step.blocks.iter().filter(|block| wanted(block)).count();
        let checks = count(|block| matches!(block, Block::Check(_)));
        let solutions = count(|block| matches!(block, Block::Solution(_)));
        let wrong = count(|block| matches!(block, Block::Wrong(_)));
        if checks > 1 || checks != solutions || checks != wrong {
            let reason = "a step with an exercise has one check block, one solution block that passes it and one wrong block that does not";
            return Err(ParseError::new(step.line, reason));
        }
    }
    Ok(body)
}

struct Reader<'a> {
    source: &'a str,
    first_line: usize,
    events: OffsetIter<'a>,
    /// Byte offset of the event under way.
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Event<'a>> {
        let (event, Range { start, .. }) = self.events.next()?;
        // A closing event's range is its whole element: errors point at the last thing opened instead.
        if !matches!(event, Event::End(_)) {
            self.at = start;
        }
        Some(event)
    }

    /// Counted from 1.
    fn line(&self) -> usize {
        self.first_line + self.source.get(..self.at).unwrap_or_default().matches('\n').count() + 1
    }

    fn fault(&self, reason: impl Into<String>) -> ParseError {
        ParseError::new(self.line(), reason)
    }

    fn top_level(&mut self, event: Event<'a>, body: &mut Body) -> Result<(), ParseError> {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                let line = self.line();
                let title = plain_text(&self.inlines()?);
                body.steps.push(Step { title, line, see: None, guide: Vec::new(), blocks: Vec::new() });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if matches!(&*info, "see" | "guide") =>
            {
                let Some(step) = body.steps.last_mut() else {
                    return Err(self.fault(format!("a {info} block belongs into a step, after a ## heading")));
                };
                if &*info == "see" { self.see(step)? } else { self.guide(step)? }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "setup" => {
                if !body.steps.is_empty() || !body.setup.is_empty() {
                    return Err(self.fault("one setup block stands before the first step"));
                }
                body.setup = self.entries()?;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let block = self.fence(&info, body.steps.is_empty())?;
                self.put(block, blocks(body))?;
            }
            other => {
                let block = self.block(other)?;
                blocks(body).push(block);
            }
        }
        Ok(())
    }

    /// A fenced block of a step: something to play, to check, or to read.
    fn fence(&mut self, info: &str, in_intro: bool) -> Result<Block, ParseError> {
        if in_intro && OWN_FENCES.contains(&info) {
            return Err(self.fault(format!("a {info} block belongs into a step, after a ## heading")));
        }
        match info {
            "redis" => self.entries().map(Block::Play),
            "solution" => self.entries().map(Block::Solution),
            "wrong" => self.entries().map(Block::Wrong),
            "check" => self.check().map(Block::Check),
            "workload" => self.living(Plan::parse).map(Block::Workload),
            "race" => self.living(RacePlan::parse).map(Block::Race),
            _ => match Client::of_fence(info) {
                Some(client) => {
                    let client = client.map_err(|why| self.fault(why))?;
                    let (text, _) = self.literal()?;
                    Ok(Block::Clients(vec![Snippet { client, text }]))
                }
                None => self.code(info),
            },
        }
    }

    /// What is played: read by whoever plays it.
    fn living<T>(&mut self, read: fn(&str, usize) -> Result<T, Fault>) -> Result<Rc<T>, ParseError> {
        let (text, first) = self.literal()?;
        read(&text, first).map(Rc::new).map_err(|fault| ParseError::new(fault.line, fault.why))
    }

    /// Puts a block behind the others; code for another client joins what is there for the first.
    fn put(&self, block: Block, blocks: &mut Vec<Block>) -> Result<(), ParseError> {
        match (block, blocks.last_mut()) {
            (Block::Clients(more), Some(Block::Clients(known))) => {
                for snippet in more {
                    if known.iter().any(|other| other.client == snippet.client) {
                        let name = snippet.client.name();
                        return Err(self.fault(format!("there is code for {name} already; put text between")));
                    }
                    known.push(snippet);
                }
            }
            (block, _) => blocks.push(block),
        }
        Ok(())
    }

    /// The picture beside a step.
    fn see(&mut self, step: &mut Step) -> Result<(), ParseError> {
        let (text, line) = self.literal()?;
        let see = See::parse(text.trim()).map_err(|why| ParseError::new(line + 1, why))?;
        match step.see.replace(see) {
            None => Ok(()),
            Some(_) => Err(ParseError::new(line + 1, "a step has one picture")),
        }
    }

    /// The lines of the guide that a step teaches, a name each.
    fn guide(&mut self, step: &mut Step) -> Result<(), ParseError> {
        let (text, first) = self.literal()?;
        for (at, name) in text.lines().enumerate() {
            let known = || guide::lines().iter().map(|line| line.name).collect::<Vec<_>>().join(", ");
            let line = guide::find(name.trim()).ok_or_else(|| {
                ParseError::new(
                    first + at + 1,
                    format!("{name:?} is no line of the guide; there are {}", known()),
                )
            })?;
            step.guide.push(line);
        }
        Ok(())
    }

    fn block(&mut self, event: Event<'a>) -> Result<Block, ParseError> {
        match event {
            Event::Start(tag) => self.tagged_block(tag),
            Event::Rule => Ok(Block::Rule),
            other => Err(self.refuse(&other)),
        }
    }

    fn tagged_block(&mut self, tag: Tag<'a>) -> Result<Block, ParseError> {
        match tag {
            Tag::Paragraph => self.inlines().map(Block::Paragraph),
            Tag::Heading { level: HeadingLevel::H1, .. } => {
                Err(self.fault("the title stands in the head of the lesson; steps start with ##"))
            }
            Tag::Heading { level: HeadingLevel::H2, .. } => {
                Err(self.fault("a step cannot start inside a list or quote"))
            }
            Tag::Heading { level, .. } => Ok(Block::Heading { level: level as u8, content: self.inlines()? }),
            Tag::BlockQuote(_) => self.nested().map(Block::Quote),
            Tag::List(start) => self.list(start),
            Tag::Table(_) => self.table(),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.code(""),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                if OWN_FENCES.contains(&&*info) {
                    return Err(self.fault(format!("a {info} block cannot stand inside a list or quote")));
                }
                self.code(&info)
            }
            Tag::HtmlBlock => Err(self.html()),
            other => Err(self.fault(format!("a lesson cannot hold {other:?}"))),
        }
    }

    /// Blocks up to the end of the element that holds them. Tight list items hold bare text, which becomes a paragraph.
    fn nested(&mut self) -> Result<Vec<Block>, ParseError> {
        let mut found = Vec::new();
        let mut bare = Vec::new();
        loop {
            let event = self.next();
            let is_inline = matches!(
                event,
                Some(
                    Event::Text(_)
                        | Event::Code(_)
                        | Event::SoftBreak
                        | Event::HardBreak
                        | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
                )
            );
            if !is_inline && !bare.is_empty() {
                found.push(Block::Paragraph(std::mem::take(&mut bare)));
            }
            match event {
                None | Some(Event::End(_)) => return Ok(found),
                Some(event) if is_inline => bare.push(self.inline(event)?),
                Some(event) => found.push(self.block(event)?),
            }
        }
    }

    fn list(&mut self, start: Option<u64>) -> Result<Block, ParseError> {
        let mut items = Vec::new();
        while let Some(Event::Start(Tag::Item)) = self.next() {
            items.push(self.nested()?);
        }
        Ok(Block::List { start, items })
    }

    fn table(&mut self) -> Result<Block, ParseError> {
        let (mut head, mut rows) = (Vec::new(), Vec::new());
        loop {
            match self.next() {
                Some(Event::Start(Tag::TableHead)) => head = self.cells()?,
                Some(Event::Start(Tag::TableRow)) => rows.push(self.cells()?),
                _ => return Ok(Block::Table { head, rows }),
            }
        }
    }

    fn cells(&mut self) -> Result<Vec<Vec<Inline>>, ParseError> {
        let mut cells = Vec::new();
        while let Some(Event::Start(Tag::TableCell)) = self.next() {
            cells.push(self.inlines()?);
        }
        Ok(cells)
    }

    /// Inline text up to the end of the element that holds it.
    fn inlines(&mut self) -> Result<Vec<Inline>, ParseError> {
        let mut found = Vec::new();
        loop {
            match self.next() {
                None | Some(Event::End(_)) => return Ok(found),
                Some(event) => found.push(self.inline(event)?),
            }
        }
    }

    fn inline(&mut self, event: Event<'a>) -> Result<Inline, ParseError> {
        match event {
            Event::Text(text) => Ok(Inline::Text(text.into_string())),
            Event::Code(text) => Ok(Inline::Code(text.into_string())),
            Event::SoftBreak => Ok(Inline::Text(" ".to_owned())),
            Event::HardBreak => Ok(Inline::LineBreak),
            Event::Start(Tag::Emphasis) => self.inlines().map(Inline::Emphasis),
            Event::Start(Tag::Strong) => self.inlines().map(Inline::Strong),
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !dest_url.starts_with("https://") && !dest_url.starts_with('#') {
                    return Err(self.fault(format!("a link goes to https:// or to #, not to {dest_url}")));
                }
                Ok(Inline::Link { href: dest_url.into_string(), content: self.inlines()? })
            }
            other => Err(self.refuse(&other)),
        }
    }

    fn refuse(&self, event: &Event<'_>) -> ParseError {
        match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => self.html(),
            Event::Start(Tag::Image { .. }) => {
                self.fault("a lesson has no images: its pictures are drawn from keys")
            }
            other => self.fault(format!("a lesson cannot hold {other:?}")),
        }
    }

    fn html(&self) -> ParseError {
        self.fault("raw HTML is not interpreted in lessons; put it between backquotes to show it")
    }

    fn code(&mut self, language: &str) -> Result<Block, ParseError> {
        let (text, _) = self.literal()?;
        Ok(Block::Code { language: language.to_owned(), text })
    }

    /// The text of a code block and the line (from 0) that it starts on.
    fn literal(&mut self) -> Result<(String, usize), ParseError> {
        let opened = self.line();
        let mut text = String::new();
        let mut first = None;
        loop {
            match self.next() {
                Some(Event::Text(piece)) => {
                    first.get_or_insert(self.line() - 1);
                    text.push_str(&piece);
                }
                None | Some(Event::End(TagEnd::CodeBlock)) => {
                    return Ok((text, first.unwrap_or(opened)));
                }
                Some(other) => return Err(self.refuse(&other)),
            }
        }
    }

    fn entries(&mut self) -> Result<Vec<Entry>, ParseError> {
        let opened = self.line();
        let (text, first_line) = self.literal()?;
        let entries = parse_body(&text, first_line)?;
        if entries.is_empty() {
            return Err(ParseError::new(opened, "this block holds no command"));
        }
        Ok(entries)
    }

    /// Probes must leave the learner's data alone, so only commands that read are let in.
    fn check(&mut self) -> Result<Check, ParseError> {
        let entries = self.entries()?;
        let probe = |entry: Entry| match entry {
            Entry::Run(run) => only_reads(run),
            other => Err(ParseError::new(other.line(), "a check holds commands only")),
        };
        Ok(Check { probes: entries.into_iter().map(probe).collect::<Result<_, _>>()? })
    }
}

fn only_reads(run: Run) -> Result<Run, ParseError> {
    let spec = run.argv.first().and_then(|word| command::find(word));
    let sub = spec.and_then(|spec| run.argv.get(1).and_then(|word| spec.subcommand(word)));
    match sub.or(spec) {
        Some(spec) if spec.flags.contains(Flags::READONLY) => Ok(run),
        _ => Err(ParseError::new(
            run.expected.line,
            format!("a check only reads, which {} does not", run.text),
        )),
    }
}

/// Where the next block goes: into the last step, or before the first.
fn blocks(body: &mut Body) -> &mut Vec<Block> {
    match body.steps.last_mut() {
        Some(step) => &mut step.blocks,
        None => &mut body.intro,
    }
}
