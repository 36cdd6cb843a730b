//! The small language in which a spec tells a command's arguments.
//!
//! `COMMAND DOCS`, argument hints and the differential test's generator read the tree this parses to. By example:
//!
//! | written | is |
//! | --- | --- |
//! | `value` | a string argument named `value` |
//! | `count:integer` | of another type: `integer`, `double`, `unix-time`, `pattern`, `key` |
//! | `key:key#0` | a key, found by the command's key spec 0 |
//! | `nx=NX` | the word `NX` itself, a pure token |
//! | `seconds:integer=EX` | the word `EX` and then an integer |
//! | `condition(nx=NX \| xx=XX)` | one of these |
//! | `limit{offset:integer count:integer}=LIMIT` | a block: all of these, in order, here behind a word |
//! | `[…]` | optional |
//! | `…*` | one or more; `…*+`: and the word before each |
//! | `…@6.2.0` | since that version |
//! | `by-pattern"pattern"…` | shown under another name |

/// What an argument is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    String,
    Integer,
    Double,
    UnixTime,
    Pattern,
    Key,
    /// The token alone.
    PureToken,
    OneOf(Vec<Argument>),
    Block(Vec<Argument>),
}

impl Kind {
    /// The word of `COMMAND DOCS`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::UnixTime => "unix-time",
            Self::Pattern => "pattern",
            Self::Key => "key",
            Self::PureToken => "pure-token",
            Self::OneOf(_) => "oneof",
            Self::Block(_) => "block",
        }
    }
}

/// One argument of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    /// The name shown, where it differs.
    pub display: Option<String>,
    pub kind: Kind,
    pub token: Option<String>,
    pub key_spec: Option<usize>,
    pub since: Option<String>,
    pub optional: bool,
    pub multiple: bool,
    pub multiple_token: bool,
}

/// The arguments of a syntax line; `None` where it is malformed, which a test rules out for every spec.
pub fn parse(syntax: &str) -> Option<Vec<Argument>> {
    let mut parser = Parser { rest: syntax };
    let arguments = parser.arguments("")?;
    parser.rest.is_empty().then_some(arguments)
}

/// The line as documentation shows it: `key value [NX | XX] [EX seconds | …]`.
pub fn usage(arguments: &[Argument]) -> String {
    arguments.iter().map(usage_of).collect::<Vec<_>>().join(" ")
}

fn usage_of(argument: &Argument) -> String {
    let name = argument.display.as_ref().unwrap_or(&argument.name);
    let body = match &argument.kind {
        Kind::PureToken => argument.token.clone().unwrap_or_default(),
        Kind::OneOf(choices) => {
            let choices = choices.iter().map(usage_of).collect::<Vec<_>>().join(" | ");
            if argument.optional { choices } else { format!("<{choices}>") }
        }
        Kind::Block(parts) => usage(parts),
        _ => name.clone(),
    };
    let one = match (&argument.kind, &argument.token) {
        (Kind::PureToken, _) | (_, None) => body.clone(),
        (_, Some(token)) => format!("{token} {body}"),
    };
    let more = if argument.multiple_token { &one } else { &body };
    let all = if argument.multiple { format!("{one} [{more} ...]") } else { one.clone() };
    if argument.optional { format!("[{all}]") } else { all }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn eat(&mut self, mark: char) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Text up to the next mark of the language.
    fn text(&mut self) -> &'a str {
        let end = self.rest.find([' ', ':', '=', '#', '@', '*', '+', '(', ')', '{', '}', '[', ']', '|', '"']);
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        text
    }

    /// Arguments up to one of these closing marks, with blanks or bars between them.
    fn arguments(&mut self, closing: &str) -> Option<Vec<Argument>> {
        let mut arguments = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches([' ', '|']);
            if self.rest.is_empty() || self.rest.starts_with(|c| closing.contains(c)) {
                return Some(arguments);
            }
            arguments.push(self.argument()?);
        }
    }

    fn argument(&mut self) -> Option<Argument> {
        let optional = self.eat('[');
        let name = self.text().to_owned();
        let display = if self.eat('"') {
            let (shown, rest) = self.rest.split_once('"')?;
            self.rest = rest;
            Some(shown.to_owned())
        } else {
            None
        };
        let kind = self.kind()?;
        let token = if self.eat('=') { Some(self.token()) } else { None };
        let kind = match (kind, &token) {
            (Some(kind), _) => kind,
            (None, Some(_)) => Kind::PureToken,
            (None, None) => Kind::String,
        };
        let key_spec = if self.eat('#') { Some(self.text().parse().ok()?) } else { None };
        let since = self.eat('@').then(|| self.text().to_owned());
        let multiple = self.eat('*');
        let multiple_token = self.eat('+');
        if name.is_empty() || (optional && !self.eat(']')) {
            return None;
        }
        Some(Argument { name, display, kind, token, key_spec, since, optional, multiple, multiple_token })
    }

    /// The kind, where it is written; `Some(None)` where it follows from the rest.
    #[allow(clippy::option_option)]
    fn kind(&mut self) -> Option<Option<Kind>> {
        if self.eat('(') {
            let choices = self.arguments(")")?;
            return self.eat(')').then_some(Some(Kind::OneOf(choices)));
        }
        if self.eat('{') {
            let parts = self.arguments("}")?;
            return self.eat('}').then_some(Some(Kind::Block(parts)));
        }
        if !self.eat(':') {
            return Some(None);
        }
        let kind = match self.text() {
            "string" => Kind::String,
            "integer" => Kind::Integer,
            "double" => Kind::Double,
            "unix-time" => Kind::UnixTime,
            "pattern" => Kind::Pattern,
            "key" => Kind::Key,
            _ => return None,
        };
        Some(Some(kind))
    }

    /// A token may itself be a mark, such as the `=` and `*` of `XADD`.
    fn token(&mut self) -> String {
        let word = self.text();
        if !word.is_empty() {
            return word.to_owned();
        }
        let mut chars = self.rest.chars();
        let mark = chars.next().map(String::from).unwrap_or_default();
        self.rest = chars.as_str();
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_line_reads_back_as_documentation_shows_it() {
        let syntax = "key:key#0 value [condition(nx=NX | xx=XX)@2.6.12] [get=GET@6.2.0] \
            [expiration(seconds:integer=EX | keepttl=KEEPTTL@6.0.0)] data{score:double member}*";
        let arguments = parse(syntax).expect("well-formed");
        assert_eq!(
            usage(&arguments),
            "key value [NX | XX] [GET] [EX seconds | KEEPTTL] score member [score member ...]"
        );
        assert_eq!(arguments[0].key_spec, Some(0));
        assert_eq!(arguments[2].since.as_deref(), Some("2.6.12"));
    }

    #[test]
    fn malformed_lines_are_refused() {
        for syntax in ["[key", "key:thing", "(a|b", "a)", "limit{a"] {
            assert!(parse(syntax).is_none(), "{syntax}");
        }
    }
}
