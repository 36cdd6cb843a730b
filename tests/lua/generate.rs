//! Makes programs of Lua at random: many small ones in a row, each of which prints its results or its error.
//!
//! What is printed must not depend on addresses. It knows nothing of who runs them.

use std::fmt::Write;

/// What every program begins with: how results are shown.
const PRELUDE: &str = include_str!("prelude.lua");

/// A source of randomness that repeats.
#[derive(Debug)]
pub struct Maker {
    state: u64,
    /// Names of the local variables that can be seen.
    names: Vec<String>,
    depth: usize,
    /// Whether the function around has `...`.
    has_more: bool,
}

/// The text of a snippet by its number.
pub fn snippet(source: &str, number: &str) -> String {
    let start = format!("--[[{number}]]");
    let text = source.split(&start).nth(1).unwrap_or_default();
    text.split("--[[").next().unwrap_or_default().to_owned()
}

impl Maker {
    pub fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x9e37_79b9_7f4a_7c15, names: Vec::new(), depth: 0, has_more: true }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A program of so many snippets.
    pub fn program(&mut self, snippets: usize) -> String {
        let mut text = String::from(PRELUDE);
        for number in 0..snippets {
            self.names.clear();
            self.depth = 0;
            self.has_more = true;
            let body = self.body();
            let _ = writeln!(
                text,
                "--[[{number}]] reset() out({number}, pcall(function(...)\n{body}end, 1, \"two\", nil))"
            );
        }
        text.push_str("--[[end]]\n");
        text
    }

    fn body(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(5) {
            text.push_str(&self.statement());
        }
        if self.chance(85) {
            let _ = writeln!(text, "return {}", self.expressions(4));
        }
        text
    }

    fn block(&mut self) -> String {
        let known = self.names.len();
        let mut text = String::new();
        for _ in 0..=self.below(3) {
            text.push_str(&self.statement());
        }
        self.names.truncate(known);
        text
    }

    fn new_name(&mut self) -> String {
        self.pick(&["a", "b", "c", "d", "e", "self", "arg"]).to_owned()
    }

    fn statement(&mut self) -> String {
        self.depth += 1;
        let choice = if self.depth > 4 { self.below(8) } else { self.below(20) };
        let text = match choice {
            0..=3 => self.local(),
            4 | 5 => format!("{} = {}\n", self.targets(2), self.expressions(3)),
            6 => {
                let call = self.call();
                // Two statements must not read as one call.
                if call.starts_with('(') { format!("GN = {call}\n") } else { call + "\n" }
            }
            7 => format!("{} = {}\n", self.target(), self.expression()),
            8 => {
                let condition = self.expression();
                let mut text = format!("if {condition} then\n{}", self.block());
                if self.chance(30) {
                    let _ = write!(text, "elseif {} then\n{}", self.expression(), self.block());
                }
                if self.chance(50) {
                    let _ = write!(text, "else\n{}", self.block());
                }
                text + "end\n"
            }
            9 | 10 => self.numeric_for(),
            11 => self.generic_for(),
            12 => {
                let condition = self.expression();
                format!(
                    "do local n = 0 while n < {} and ({condition}) do n = n + 1\n{}end end\n",
                    self.below(5),
                    self.block()
                )
            }
            13 => {
                let inside = self.block();
                format!(
                    "do local m = 0 repeat m = m + 1\n{inside}until m > {} or ({}) end\n",
                    self.below(4),
                    self.expression()
                )
            }
            14 | 15 => self.function_statement(),
            16 => self.coroutine(),
            17 => format!("do\n{}end\n", self.block()),
            18 => self.closures(),
            _ => {
                let name = self.pick(&["table.insert", "table.sort", "setmetatable"]);
                format!("{name}({}, {})\n", self.expression(), self.expression())
            }
        };
        self.depth -= 1;
        text
    }

    fn local(&mut self) -> String {
        let count = 1 + self.below(3);
        let names: Vec<String> = (0..count).map(|_| self.new_name()).collect();
        let text = if self.chance(85) {
            format!("local {} = {}\n", names.join(", "), self.expressions(3))
        } else {
            format!("local {}\n", names.join(", "))
        };
        self.names.extend(names);
        text
    }

    fn numeric_for(&mut self) -> String {
        let name = self.new_name();
        let start = self.bound();
        let end = self.bound();
        let step = if self.chance(40) {
            format!(", {}", self.pick(&["1", "2", "-1", "0.5", "-3", "'2'", "1e3"]))
        } else {
            String::new()
        };
        let known = self.names.len();
        self.names.push(name.clone());
        let block = self.block();
        self.names.truncate(known);
        let stop = if self.chance(20) { "if true then break end\n" } else { "" };
        format!("for {name} = {start}, {end}{step} do\n{block}{stop}end\n")
    }

    fn bound(&mut self) -> &'static str {
        self.pick(&["1", "3", "0", "-2", "4", "'2'", "2.5", "nil", "{}", "#G", "1/0 - 1/0"])
    }

    fn generic_for(&mut self) -> String {
        let names: Vec<String> = (0..=self.below(2)).map(|_| self.new_name()).collect();
        let over = match self.below(6) {
            0 | 1 => format!("pairs({})", self.table()),
            2 | 3 => format!("ipairs({})", self.table()),
            4 => format!("next, {}", self.table()),
            _ => self.expression(),
        };
        let known = self.names.len();
        self.names.extend(names.clone());
        let block = self.block();
        self.names.truncate(known);
        // What is not a walk must end by itself.
        format!(
            "do local turns = 0 for {} in {over} do turns = turns + 1 if turns > 6 then break end\n{block}end end\n",
            names.join(", ")
        )
    }

    fn function_statement(&mut self) -> String {
        let name = self.new_name();
        let function = self.function();
        let text = match self.below(3) {
            0 => format!("local function {name}{}", function.trim_start_matches("function")),
            1 => format!("local {name} = {function}"),
            _ => format!("function G.{name}{}", function.trim_start_matches("function")),
        };
        self.names.push(name);
        text + "\n"
    }

    fn function(&mut self) -> String {
        let known = self.names.len();
        let mut parameters: Vec<String> = (0..self.below(3)).map(|_| self.new_name()).collect();
        self.names.extend(parameters.clone());
        if self.chance(30) {
            parameters.push("...".to_owned());
        }
        let has_more = parameters.last().is_some_and(|last| last == "...");
        let outside = std::mem::replace(&mut self.has_more, has_more);
        self.depth += 2;
        let block = self.block();
        let result = if has_more && self.chance(50) { "...".to_owned() } else { self.expressions(2) };
        self.depth -= 2;
        self.has_more = outside;
        self.names.truncate(known);
        format!("function({})\n{block}return {result} end", parameters.join(", "))
    }

    fn coroutine(&mut self) -> String {
        let outside = std::mem::replace(&mut self.has_more, true);
        let inside = self.block();
        let values = self.expressions(2);
        self.has_more = outside;
        let name = self.new_name();
        let given = self.expressions(2);
        let text = format!(
            "local {name} do local co = coroutine.create(function(...)\n{inside}local got = coroutine.yield({values})\n\
             return got, ... end)\n{name} = {{coroutine.resume(co, {given})}} {name}[7] = coroutine.status(co) \
             {name}[8] = select(2, coroutine.resume(co, {name}[2])) {name}[9] = coroutine.status(co) end\n"
        );
        self.names.push(name);
        text
    }

    /// Closures that share variables of a loop.
    fn closures(&mut self) -> String {
        let name = self.new_name();
        let outside = std::mem::replace(&mut self.has_more, false);
        let value = self.expression();
        self.has_more = outside;
        let text = format!(
            "local {name} = {{}} for i = 1, 3 do local shared = i {name}[i] = function(x) shared = shared + (x or 1) \
             return shared, i, {value} end end\n"
        );
        self.names.push(name);
        text
    }

    fn targets(&mut self, most: usize) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.target()).collect::<Vec<_>>().join(", ")
    }

    fn target(&mut self) -> String {
        match self.below(6) {
            0..=2 if !self.names.is_empty() => self.known(),
            3 => format!("{}.{}", self.prefix(), self.pick(&["x", "y", "inner"])),
            4 => format!("{}[K({})]", self.prefix(), self.expression()),
            _ => self.pick(&["GV", "GN", "G.x", "G[2]"]).to_owned(),
        }
    }

    fn known(&mut self) -> String {
        let at = self.below(self.names.len());
        self.names[at].clone()
    }

    fn prefix(&mut self) -> String {
        if self.names.is_empty() || self.chance(25) {
            return self.pick(&["G", "GN", "undefined", "GV", "string", "G.f", "G.none"]).to_owned();
        }
        self.known()
    }

    fn call(&mut self) -> String {
        let arguments = self.expressions(3);
        match self.below(10) {
            0..=3 => format!("{}({arguments})", self.prefix()),
            4 => format!(
                "{}:{}({arguments})",
                self.prefix(),
                self.pick(&["x", "len", "rep", "f", "none", "upper", "find"])
            )
            .replace("rep(", "sub("),
            5 => format!("G.f({arguments})"),
            6 => {
                let name = self.pick(&[
                    "tostring",
                    "tonumber",
                    "type",
                    "rawget",
                    "rawequal",
                    "next",
                    "unpack",
                    "select",
                    "assert",
                    "error",
                    "getmetatable",
                    "pcall",
                    "ipairs",
                    "math.floor",
                    "math.max",
                    "table.concat",
                    "table.remove",
                    "table.maxn",
                    "math.fmod",
                    "xpcall",
                    "table.getn",
                ]);
                format!("{name}({arguments})")
            }
            7 => format!("pcall({}, {arguments})", self.function()),
            8 => format!("({})({arguments})", self.function()),
            _ => format!("select({}, {arguments})", self.pick(&["1", "2", "-1", "'#'", "0", "5"])),
        }
    }

    fn expressions(&mut self, most: usize) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.expression()).collect::<Vec<_>>().join(", ")
    }

    fn table(&mut self) -> String {
        self.depth += 1;
        let mut parts = Vec::new();
        for _ in 0..self.below(5) {
            parts.push(match self.below(5) {
                0 => format!("{} = {}", self.pick(&["x", "y", "zebra", "inner"]), self.expression()),
                1 => format!(
                    "[{}] = {}",
                    self.pick(&["1", "2", "3", "5", "'k'", "true", "-1", "1.5", "10"]),
                    self.expression()
                ),
                _ => self.expression(),
            });
        }
        self.depth -= 1;
        format!("{{{}}}", parts.join(self.pick(&[", ", "; "])))
    }

    fn expression(&mut self) -> String {
        self.depth += 1;
        let choice = if self.depth > 6 { self.below(10) } else { self.below(24) };
        let text = match choice {
            0 | 1 => self
                .pick(&[
                    "0", "1", "2", "3", "-1", "10", "2.5", "1e3", "0.1", "255", "-0", "1e15", "2^53", "0x10",
                ])
                .to_owned(),
            2 | 3 => self
                .pick(&[
                    "'a'",
                    "'10'",
                    "' 5 '",
                    "'0x1F'",
                    "''",
                    "\"b\\n\\65\"",
                    "[[long]]",
                    "'1e2'",
                    "'abc'",
                    "[==[\nx]==]",
                ])
                .to_owned(),
            4 => self.pick(&["nil", "true", "false"]).to_owned(),
            5..=8 if !self.names.is_empty() => self.known(),
            9 if self.has_more => "...".to_owned(),
            10 | 11 => self.table(),
            12 => self.call(),
            13 => format!("{}.{}", self.prefix(), self.pick(&["x", "y", "inner", "none"])),
            14 => format!("{}[K({})]", self.prefix(), self.expression()),
            15 | 16 => {
                let operator = self.pick(&["+", "-", "*", "/", "%", "^", "..", "..", "+"]);
                format!("{} {operator} {}", self.expression(), self.expression())
            }
            17 => {
                let operator = self.pick(&["==", "~=", "<", ">", "<=", ">="]);
                format!("{} {operator} {}", self.expression(), self.expression())
            }
            18 => format!("{} {} {}", self.expression(), self.pick(&["and", "or"]), self.expression()),
            19 => format!("{}({})", self.pick(&["not ", "-", "#", "- -", "not not "]), self.expression()),
            20 => format!("({})", self.expression()),
            21 => self.function(),
            22 => format!("M({})", self.below(8)),
            _ => self.pick(&["G", "GN", "G.f", "undefined", "GV", "#G"]).to_owned(),
        };
        self.depth -= 1;
        text
    }
}
