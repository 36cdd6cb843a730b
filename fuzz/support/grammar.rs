//! Makes a program of Lua of any bytes: each byte is one choice, so that a small change of the bytes is a small change of
//! the program.
//!
//! A program compiles, but for what is nested too deep; whether it runs well is left to it.

use crate::words;

/// How results are shown, and objects with metamethods: the same as for programs that the real interpreter judges.
const PRELUDE: &str = include_str!("../../tests/lua/prelude.lua");

/// Deeper than this only leaves are made.
const DEEPEST: usize = 7;
/// A program stops growing here, however many choices are left.
const LONGEST: usize = 12_000;

/// Takes its choices from bytes; when they are used up, each choice is the first.
#[derive(Debug)]
pub struct Maker<'a> {
    bytes: &'a [u8],
    depth: usize,
    /// How much was made until now.
    made: usize,
    /// Whether it may use what shows addresses, or when garbage is collected.
    pub sees_memory: bool,
}

impl<'a> Maker<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut maker = Self { bytes, depth: 0, made: 0, sees_memory: false };
        maker.sees_memory = maker.below(2) == 1;
        maker
    }

    fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % limit
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let word = from[self.below(from.len())];
        self.made += word.len();
        word
    }

    /// Whether it is time to come to an end.
    fn is_deep(&self) -> bool {
        self.depth > DEEPEST || self.made > LONGEST || self.bytes.is_empty()
    }

    pub fn program(mut self) -> String {
        let mut text = String::from(PRELUDE);
        let mut number = 0;
        while number == 0 || (!self.bytes.is_empty() && self.made < LONGEST) {
            let body = self.block();
            let results = self.expressions();
            text += &format!(
                "reset() out({number}, pcall(function(...)\n{body}return {results} end, 1, \"two\", nil))\n"
            );
            number += 1;
        }
        text
    }

    fn block(&mut self) -> String {
        self.depth += 1;
        let mut text = String::new();
        for _ in 0..=self.below(4) {
            if !self.is_deep() {
                text += &self.statement();
            }
        }
        self.depth -= 1;
        text
    }

    fn statement(&mut self) -> String {
        let text = match self.below(20) {
            0..=2 => format!("local {} = {}", self.names(), self.expressions()),
            3..=5 => format!("GV = {}", self.call()),
            6 => format!("{}, {} = {}", self.target(), self.target(), self.expressions()),
            7 => format!("{} = {}", self.target(), self.expression()),
            8 => format!("if {} then\n{}else\n{}end", self.expression(), self.block(), self.block()),
            9 => {
                let (name, from, to) = (self.name(), self.number(), self.number());
                format!("for {name} = {from}, {to}, {} do\n{}end", self.number(), self.block())
            }
            10 => format!(
                "for {} in pairs({}) do\n{}if {} then break end end",
                self.names(),
                self.table(),
                self.block(),
                self.expression()
            ),
            11 => format!("for {} in {} do\n{}end", self.names(), self.expressions(), self.block()),
            12 => format!(
                "while {} do\n{}GN = (GN or 0) + 1 if GN > 20 then break end end",
                self.expression(),
                self.block()
            ),
            13 => format!("repeat\n{}until {}", self.block(), self.expression()),
            14 => {
                let name = self.name();
                let function = self.function();
                format!("local function {name}{}", function.trim_start_matches("function"))
            }
            15 => format!("function G.f{}", self.function().trim_start_matches("function")),
            16 => {
                let (inside, given) = (self.function(), self.expressions());
                format!(
                    "do local co = coroutine.wrap({inside}) G.co = co GV = {{co({given})}} GN = co({given}) end"
                )
            }
            17 => format!("do\n{}end", self.block()),
            18 => {
                format!("for i = 1, {} do GV = {} end", self.pick(&["3", "40", "1000", "1e9"]), self.call())
            }
            _ => format!("do return {} end", self.expressions()),
        };
        text + "\n"
    }

    fn names(&mut self) -> String {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.name()).collect::<Vec<_>>().join(", ")
    }

    fn name(&mut self) -> &'static str {
        self.pick(words::NAMES)
    }

    fn target(&mut self) -> String {
        match self.below(4) {
            0 => self.name().to_owned(),
            1 => format!("G.{}", self.pick(&["x", "y", "f"])),
            2 => format!("G[{}]", self.key()),
            _ => "GV".to_owned(),
        }
    }

    fn number(&mut self) -> &'static str {
        self.pick(words::NUMBERS)
    }

    fn key(&mut self) -> String {
        match self.below(3) {
            0 => format!("K({})", self.expression()),
            _ => self.pick(words::KEYS).to_owned(),
        }
    }

    fn text(&mut self) -> String {
        match self.below(5) {
            0 if !self.is_deep() => self.call(),
            1 => self.name().to_owned(),
            2 if !self.is_deep() => {
                self.depth += 1;
                let text = format!("({} .. {})", self.text(), self.text());
                self.depth -= 1;
                text
            }
            _ => self.pick(words::TEXTS).to_owned(),
        }
    }

    fn function(&mut self) -> String {
        if self.is_deep() {
            return "function(...) return ... end".to_owned();
        }
        let parameters = match self.below(3) {
            0 => "...".to_owned(),
            1 => format!("{}, ...", self.names()),
            _ => "a, b, ...".to_owned(),
        };
        format!("function({parameters})\n{}return {} end", self.block(), self.expressions())
    }

    fn table(&mut self) -> String {
        if self.is_deep() || self.below(5) == 0 {
            return self.pick(&["G", "{}", "{1, 2, 3}", "{3, 1, 2, x = 'y'}", "GV", "M(1)"]).to_owned();
        }
        self.depth += 1;
        let mut parts = Vec::new();
        for _ in 0..self.below(6) {
            parts.push(match self.below(4) {
                0 => format!(
                    "{} = {}",
                    self.pick(&["x", "y", "inner", "__index", "__newindex"]),
                    self.expression()
                ),
                1 => format!("[{}] = {}", self.key(), self.expression()),
                _ => self.expression(),
            });
        }
        self.depth -= 1;
        format!("{{{}}}", parts.join(", "))
    }

    fn expressions(&mut self) -> String {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.expression()).collect::<Vec<_>>().join(", ")
    }

    fn expression(&mut self) -> String {
        if self.is_deep() {
            return self.pick(words::LEAVES).to_owned();
        }
        self.depth += 1;
        let text = match self.below(20) {
            0 | 1 => self.pick(words::LEAVES).to_owned(),
            2 | 3 => self.name().to_owned(),
            4 => format!("({})", self.number()),
            5 => self.text(),
            6..=9 => self.call(),
            10 => self.table(),
            11 | 12 => {
                format!("({} {} {})", self.expression(), self.pick(words::OPERATORS), self.expression())
            }
            13 => format!("({}({}))", self.pick(words::PREFIXES), self.expression()),
            14 => self.function(),
            15 => format!("M({})", self.below(8)),
            16 => format!("({})[{}]", self.expression(), self.key()),
            17 => format!("({})({})", self.expression(), self.expressions()),
            18 => format!(
                "({}):{}({})",
                self.expression(),
                self.pick(&["len", "f", "rep", "gsub"]),
                self.expressions()
            ),
            _ => format!("(GV)({})", self.expressions()),
        };
        self.depth -= 1;
        text
    }

    /// A call of a library, its holes filled.
    fn call(&mut self) -> String {
        let memory = if self.sees_memory { words::CALLS_THAT_SEE_MEMORY } else { &[] };
        let at = self.below(words::CALLS.len() + memory.len());
        let call =
            words::CALLS.get(at).or_else(|| memory.get(at - words::CALLS.len())).copied().unwrap_or_default();
        self.depth += 1;
        let mut text = String::new();
        let mut rest = call;
        while let Some(hole) = rest.find('{') {
            text += &rest[..hole];
            let filled = match rest.get(hole..hole + 3) {
                Some("{e}") => self.expression(),
                Some("{s}") => self.text(),
                Some("{n}") => self.number().to_owned(),
                Some("{t}") => self.table(),
                Some("{f}") => self.function(),
                Some("{k}") => self.key(),
                Some("{p}") => self.pick(words::PATTERNS).to_owned(),
                Some("{F}") => self.pick(words::FORMATS).to_owned(),
                Some("{S}") => self.pick(words::STRUCTS).to_owned(),
                Some("{J}") => self.pick(words::JSON).to_owned(),
                Some("{M}") => format!("M({})", self.below(8)),
                // A table of the program's own.
                _ => {
                    text.push('{');
                    rest = &rest[hole + 1..];
                    continue;
                }
            };
            self.made += filled.len();
            text += &filled;
            rest = &rest[hole + 3..];
        }
        self.depth -= 1;
        text + rest
    }
}
