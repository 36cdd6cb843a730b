//! Reading a command line by its command's syntax: what each word is, and what may come next.
//!
//! The arguments of a spec become a small program, as a regular expression would, and the words run through it: all ways
//! in which they can be read are followed at once, the likeliest first. An option word is taken for itself wherever it
//! can stand; options that stand side by side in the syntax may come in any order, each once, as Redis takes them; a
//! count of keys says how many follow. Nothing here knows a command, a line's text or the page.

mod rest;

use playground_engine::command::CommandSpec;
use playground_engine::command::syntax::{self, Argument, Kind};

pub use rest::Piece;

/// Where an argument is in the tree of a syntax line.
type Path = Vec<usize>;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A word of the command's own, such as `EX`.
    Option,
    Key,
    Number,
    Text,
    /// The syntax has no place for it.
    Beyond,
}

/// What may come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Option(String),
    Key,
    Value,
}

#[derive(Debug)]
enum Step {
    /// Takes a word.
    Take(Take),
    /// Goes on at each of these, the likeliest first.
    Split(Vec<usize>),
    /// Takes the way through an option that has not been there, and the way past it.
    Try {
        option: u64,
        body: usize,
    },
    Jump(usize),
    /// Options that may come anew.
    Clear(u64),
    /// Begins anew, or goes on.
    Again {
        start: usize,
    },
    End,
}

#[derive(Debug)]
struct Take {
    token: Option<String>,
    kind: Kind,
    path: Path,
    /// The word before what the argument is.
    is_lead: bool,
    /// It says how often the next argument comes.
    counts: bool,
}

/// A way to read the words.
#[derive(Clone, Debug, Default)]
struct Way {
    at: usize,
    used: u64,
    /// The options that were there when it took its last word.
    spent: u64,
    /// How often what is repeated still comes, this time included.
    count: Option<u64>,
    score: usize,
    /// The step that took the last word, among those of all ways.
    last: Option<usize>,
}

/// A command's syntax, ready to read lines.
#[derive(Debug)]
pub struct Grammar {
    arguments: Vec<Argument>,
    steps: Vec<Step>,
    options: Vec<Path>,
}

/// How the words were read.
#[derive(Debug)]
pub struct Reading<'g> {
    grammar: &'g Grammar,
    /// Steps that took words: the step, and the place here of the one before.
    taken: Vec<(usize, Option<usize>)>,
    ways: Vec<Way>,
    /// Words that no way could take.
    beyond: usize,
}

impl Grammar {
    pub fn of(spec: &CommandSpec) -> Self {
        let arguments = syntax::parse(spec.syntax).unwrap_or_default();
        let mut grammar = Self { arguments: Vec::new(), steps: Vec::new(), options: Vec::new() };
        grammar.sequence(&arguments, &[]);
        grammar.steps.push(Step::End);
        grammar.arguments = arguments;
        grammar
    }

    // ---- making the program --------------------------------------------------------------------------------------

    fn sequence(&mut self, arguments: &[Argument], path: &[usize]) {
        let mut at = 0;
        while let Some(argument) = arguments.get(at) {
            if argument.optional {
                let end = run_of_options(arguments, at).end;
                self.options(arguments, at..end, path);
                at = end;
            } else {
                let repeats = arguments.get(at + 1).is_some_and(|next| next.multiple);
                self.argument(argument, &below(path, at), repeats && argument.name.starts_with("num"));
                at += 1;
            }
        }
    }

    /// Options in any order.
    fn options(&mut self, arguments: &[Argument], run: std::ops::Range<usize>, path: &[usize]) {
        let bits: Vec<u64> = run.clone().map(|at| self.new_option(below(path, at))).collect();
        self.steps.push(Step::Clear(bits.iter().fold(0, |all, bit| all | bit)));
        let top = self.steps.len();
        self.steps.extend(bits.iter().map(|&option| Step::Try { option, body: 0 }));
        let out = self.steps.len();
        self.steps.push(Step::Jump(0));
        for (place, at) in run.enumerate() {
            let start = self.steps.len();
            if let Some(Step::Try { body, .. }) = self.steps.get_mut(top + place) {
                *body = start;
            }
            if let Some(argument) = arguments.get(at) {
                self.argument(argument, &below(path, at), false);
            }
            self.steps.push(Step::Jump(top));
        }
        self.land(out);
    }

    /// No command has more than 64 options; those beyond would merely share a place.
    fn new_option(&mut self, path: Path) -> u64 {
        self.options.push(path);
        1 << ((self.options.len() - 1) % 64)
    }

    fn argument(&mut self, argument: &Argument, path: &[usize], counts: bool) {
        let start = self.steps.len();
        let take = |token: Option<&String>, is_lead: bool| {
            let token = token.cloned();
            Step::Take(Take { token, kind: argument.kind.clone(), path: path.to_vec(), is_lead, counts })
        };
        let is_pure = argument.kind == Kind::PureToken;
        if argument.token.is_some() && !is_pure {
            self.steps.push(take(argument.token.as_ref(), true));
        }
        let body = if argument.multiple_token { start } else { self.steps.len() };
        match &argument.kind {
            Kind::OneOf(choices) => self.choices(choices, path),
            Kind::Block(parts) => self.sequence(parts, path),
            _ => self.steps.push(take(argument.token.as_ref().filter(|_| is_pure), false)),
        }
        if argument.multiple {
            self.steps.push(Step::Again { start: body });
        }
    }

    fn choices(&mut self, choices: &[Argument], path: &[usize]) {
        let split = self.steps.len();
        self.steps.push(Step::Split(Vec::new()));
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for (at, choice) in choices.iter().enumerate() {
            starts.push(self.steps.len());
            self.argument(choice, &below(path, at), false);
            ends.push(self.steps.len());
            self.steps.push(Step::Jump(0));
        }
        if let Some(step) = self.steps.get_mut(split) {
            *step = Step::Split(starts);
        }
        for end in ends {
            self.land(end);
        }
    }

    /// Lets a jump lead to what comes next.
    fn land(&mut self, jump: usize) {
        let here = self.steps.len();
        if let Some(step) = self.steps.get_mut(jump) {
            *step = Step::Jump(here);
        }
    }

    // ---- running it ------------------------------------------------------------------------------------------------

    /// Reads the words behind the command's name.
    pub fn read<'w>(&self, words: impl IntoIterator<Item = &'w [u8]>) -> Reading<'_> {
        let mut reading = Reading { grammar: self, taken: Vec::new(), ways: Vec::new(), beyond: 0 };
        self.follow(Way::default(), &mut vec![false; self.steps.len()], &mut reading.ways);
        for word in words {
            reading.word(word);
        }
        reading
    }

    /// Goes to the steps that take words, each once: the likelier way comes first.
    fn follow(&self, way: Way, seen: &mut [bool], ways: &mut Vec<Way>) {
        match seen.get_mut(way.at) {
            Some(seen) if !*seen => *seen = true,
            _ => return,
        }
        let next = way.at + 1;
        match self.steps.get(way.at) {
            Some(Step::Take(_) | Step::End) => ways.push(way),
            Some(Step::Split(starts)) => {
                for &at in starts {
                    self.follow(Way { at, ..way.clone() }, seen, ways);
                }
            }
            Some(Step::Try { option, body }) => {
                if way.used & option == 0 {
                    self.follow(Way { at: *body, used: way.used | option, ..way.clone() }, seen, ways);
                }
                self.follow(Way { at: next, ..way }, seen, ways);
            }
            Some(Step::Jump(at)) => self.follow(Way { at: *at, ..way }, seen, ways),
            Some(Step::Clear(options)) => {
                self.follow(Way { at: next, used: way.used & !options, ..way }, seen, ways);
            }
            Some(Step::Again { start }) => {
                let again = Way { at: *start, ..way.clone() };
                match way.count {
                    Some(left) if left > 1 => {
                        self.follow(Way { count: Some(left - 1), ..again }, seen, ways);
                    }
                    Some(_) => self.follow(Way { at: next, count: None, ..way }, seen, ways),
                    None => {
                        self.follow(again, seen, ways);
                        self.follow(Way { at: next, ..way }, seen, ways);
                    }
                }
            }
            None => {}
        }
    }

    fn take(&self, step: usize) -> Option<&Take> {
        match self.steps.get(step) {
            Some(Step::Take(take)) => Some(take),
            _ => None,
        }
    }

    fn was_used(&self, path: &[usize], used: u64) -> bool {
        let place = self.options.iter().position(|option| option == path);
        place.is_some_and(|place| used & (1 << (place % 64)) != 0)
    }
}

impl Take {
    /// How well a word fits; loosely, anything is taken for a number.
    fn fits(&self, word: &[u8], loosely: bool) -> Option<usize> {
        if let Some(token) = &self.token {
            return word.eq_ignore_ascii_case(token.as_bytes()).then_some(4);
        }
        let is_number = match self.kind {
            Kind::Integer | Kind::UnixTime => is_integer(word),
            Kind::Double => is_double(word),
            _ => return Some(0),
        };
        (is_number || loosely).then_some(usize::from(is_number))
    }

    fn role(&self) -> Role {
        match self.kind {
            _ if self.token.is_some() => Role::Option,
            Kind::Key => Role::Key,
            Kind::Integer | Kind::Double | Kind::UnixTime => Role::Number,
            _ => Role::Text,
        }
    }
}

impl Reading<'_> {
    fn word(&mut self, word: &[u8]) {
        if self.beyond > 0 {
            self.beyond += 1;
            return;
        }
        let went_on = self.step(word, false);
        let went_on = if went_on.is_empty() { self.step(word, true) } else { went_on };
        if went_on.is_empty() {
            self.beyond = 1;
        } else {
            self.ways = went_on;
        }
    }

    fn step(&mut self, word: &[u8], loosely: bool) -> Vec<Way> {
        let mut ways = Vec::new();
        let mut seen = vec![false; self.grammar.steps.len()];
        let mut fitting: Vec<(Way, usize)> = Vec::new();
        for way in &self.ways {
            let Some(take) = self.grammar.take(way.at) else { continue };
            if let Some(fit) = take.fits(word, loosely) {
                let counted = if take.counts { number(word) } else { way.count };
                let mut next = Way { count: counted, score: way.score + fit, ..way.clone() };
                next.last = Some(self.taken.len());
                next.spent = next.used;
                self.taken.push((way.at, way.last));
                next.at = way.at + 1;
                fitting.push((next, fit));
            }
        }
        fitting.sort_by_key(|(way, _)| std::cmp::Reverse(way.score));
        for (way, _) in fitting {
            self.grammar.follow(way, &mut seen, &mut ways);
        }
        ways
    }

    /// What each word is, by the likeliest way that is complete; where none is, by the likeliest.
    pub fn roles(&self) -> Vec<Role> {
        let complete = self.ways.iter().find(|way| matches!(self.grammar.steps.get(way.at), Some(Step::End)));
        let mut roles = vec![Role::Beyond; self.beyond];
        let mut last = complete.or(self.ways.first()).and_then(|way| way.last);
        while let Some((step, before)) = last.and_then(|last| self.taken.get(last)) {
            roles.push(self.grammar.take(*step).map_or(Role::Text, Take::role));
            last = *before;
        }
        roles.reverse();
        roles
    }

    /// Whether the syntax allows the words as they are.
    pub fn is_complete(&self) -> bool {
        let end = |way: &Way| matches!(self.grammar.steps.get(way.at), Some(Step::End));
        self.beyond == 0 && self.ways.iter().any(end)
    }

    /// What the next word may be.
    pub fn next(&self) -> Vec<Next> {
        let mut all = Vec::new();
        for take in self.ways.iter().filter(|_| self.beyond == 0).filter_map(|way| self.grammar.take(way.at))
        {
            let next = match (&take.token, &take.kind) {
                (Some(token), _) => Next::Option(token.clone()),
                (None, Kind::Key) => Next::Key,
                _ => Next::Value,
            };
            if !all.contains(&next) {
                all.push(next);
            }
        }
        all
    }
}

/// The optional arguments side by side around a place.
fn run_of_options(arguments: &[Argument], at: usize) -> std::ops::Range<usize> {
    let is_optional = |at: &usize| arguments.get(*at).is_some_and(|argument| argument.optional);
    let start = (0..at).rev().take_while(is_optional).last().unwrap_or(at);
    let end = (at..arguments.len()).take_while(is_optional).last().map_or(at + 1, |last| last + 1);
    start..end
}

fn below(path: &[usize], at: usize) -> Path {
    [path, &[at]].concat()
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn is_integer(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|text| text.parse::<i64>().is_ok())
}

pub fn is_double(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|text| text.parse::<f64>().is_ok_and(|number| !number.is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::command;

    fn grammar(name: &str) -> Grammar {
        Grammar::of(command::find_full(name.as_bytes()).expect("a command"))
    }

    fn roles(line: &str) -> String {
        let (name, args) = line.split_once(' ').expect("arguments");
        let letter = |role: &Role| match role {
            Role::Option => 'o',
            Role::Key => 'k',
            Role::Number => 'n',
            Role::Text => 't',
            Role::Beyond => '!',
        };
        grammar(name).read(args.split(' ').map(str::as_bytes)).roles().iter().map(letter).collect()
    }

    #[test]
    fn words_are_what_the_syntax_says() {
        assert_eq!(roles("SET k v EX 10 NX"), "ktono");
        assert_eq!(roles("SET k EX"), "kt");
        assert_eq!(roles("ZADD k NX CH 1 a 2 b"), "koontnt");
        assert_eq!(roles("BLPOP a 5 0"), "kkn");
        assert_eq!(roles("XADD s NOMKSTREAM MAXLEN ~ 100 * f v"), "koootott");
        assert_eq!(roles("ZUNION 2 a WEIGHTS WEIGHTS 1 2"), "nkkonn");
        assert_eq!(roles("HEXPIRE h 10 FIELDS 1 f"), "knont");
        assert_eq!(roles("XCLAIM s g c 0 1-1 1-2 IDLE 5 FORCE"), "ktttttono");
        assert_eq!(roles("GET a b"), "k!");
        assert_eq!(roles("EXPIRE k soon"), "kn");
    }

    #[test]
    fn what_comes_next_follows_the_words() {
        let next = |line: &str| {
            let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
            grammar(name).read(rest.split_whitespace().map(str::as_bytes)).next()
        };
        assert_eq!(next("GET"), [Next::Key]);
        assert_eq!(next("GET a"), []);
        assert!(next("SET k v").contains(&Next::Option("EX".into())));
        assert!(!next("SET k v EX 5").contains(&Next::Option("PX".into())));
        assert!(next("SET k v EX 5").contains(&Next::Option("NX".into())));
        assert_eq!(next("ZUNION 2 a"), [Next::Key]);
        assert!(next("XREAD COUNT 1").contains(&Next::Option("STREAMS".into())));
    }
}
