//! Completion and argument hints at the prompt, from the engine's own command table.
//!
//! Pure text in, text out. What a command is called and takes is said once, in its spec.

use playground_engine::command::syntax::{self, Argument, Kind};
use playground_engine::command::{self, CommandSpec};

/// What the prompt can say about the line so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// What Tab would add to the line: the rest of the first candidate.
    pub rest: String,
    /// The arguments still to come.
    pub arguments: String,
    /// The command in one sentence.
    pub summary: &'static str,
}

/// A command name that the line could become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The whole line with this name in it.
    pub line: String,
    /// The name alone, in capitals.
    pub name: String,
}

/// The names that complete the last word of the line, by name; none where the line is past the command's name.
pub fn candidates(line: &str) -> Vec<Candidate> {
    let start = line.trim_start();
    if start.is_empty() {
        return Vec::new();
    }
    let (before, names, typed) = match start.split_once(char::is_whitespace) {
        None => ("", command::all().map(CommandSpec::short_name).collect::<Vec<_>>(), start),
        Some((word, rest)) => {
            let Some(spec) = command::find(word.as_bytes()) else { return Vec::new() };
            let typed = rest.trim_start();
            if typed.is_empty() || typed.contains(char::is_whitespace) {
                return Vec::new();
            }
            (word, spec.subcommands.iter().map(CommandSpec::short_name).collect(), typed)
        }
    };
    let mut found: Vec<_> = names
        .into_iter()
        .filter(|name| name.len() >= typed.len() && starts_with(name, typed))
        .map(|name| candidate(before, name, typed))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn starts_with(name: &str, typed: &str) -> bool {
    name.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

/// What the reader typed keeps its case, and the rest follows it.
fn candidate(before: &str, name: &str, typed: &str) -> Candidate {
    let rest = name.get(typed.len()..).unwrap_or_default();
    let lower = typed.chars().any(|c| c.is_ascii_lowercase());
    let rest = if lower { rest.to_owned() } else { rest.to_ascii_uppercase() };
    let gap = if before.is_empty() { "" } else { " " };
    Candidate { line: format!("{before}{gap}{typed}{rest} "), name: name.to_ascii_uppercase() }
}

/// What to say about the line so far.
pub fn hint(line: &str) -> Hint {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((spec, named)) = spec_of(&words) else { return name_hint(line) };
    // The name itself is complete once something follows it, or where nothing longer could be meant.
    let is_typing_name = words.len() == named && !line.ends_with(char::is_whitespace);
    if is_typing_name && candidates(line).len() > 1 {
        return Hint { summary: spec.summary, ..name_hint(line) };
    }
    let arguments = syntax::parse(spec.syntax).unwrap_or_default();
    let complete =
        words.len() - named - usize::from(!line.ends_with(char::is_whitespace) && words.len() > named);
    let coming = if spec.subcommands.is_empty() {
        syntax::usage(still_to_come(&arguments, complete))
    } else {
        spec.subcommands
            .iter()
            .map(|sub| sub.short_name().to_ascii_uppercase())
            .collect::<Vec<_>>()
            .join(" | ")
    };
    Hint { rest: String::new(), arguments: coming, summary: spec.summary }
}

/// The command or subcommand that the words name, and how many words name it.
fn spec_of(words: &[&str]) -> Option<(&'static CommandSpec, usize)> {
    let spec = command::find(words.first()?.as_bytes())?;
    match words.get(1).and_then(|word| spec.subcommand(word.as_bytes())) {
        Some(sub) => Some((sub, 2)),
        None => Some((spec, 1)),
    }
}

/// While the name is being typed: the rest of the first candidate.
fn name_hint(line: &str) -> Hint {
    let rest = candidates(line)
        .first()
        .and_then(|first| first.line.strip_prefix(line.trim_start()).map(str::to_owned));
    Hint { rest: rest.map(|rest| rest.trim_end().to_owned()).unwrap_or_default(), ..Hint::default() }
}

/// Drops arguments that are there already: those that must come, one word each. From the first optional or repeated
/// one on, nothing can be told from the count of words, and all are shown.
fn still_to_come(arguments: &[Argument], words: usize) -> &[Argument] {
    let fixed = arguments
        .iter()
        .take_while(|argument| {
            let one_word =
                !matches!(argument.kind, Kind::Block(_) | Kind::OneOf(_)) && argument.token.is_none();
            one_word && !argument.optional && !argument.multiple
        })
        .count();
    arguments.get(fixed.min(words)..).unwrap_or_default()
}

/// A pasted line without the prompt that was copied along with it.
pub fn without_prompt(line: &str) -> &str {
    let line = line.trim();
    let rest = line.strip_prefix("127.0.0.1:6379").or_else(|| line.strip_prefix("redis"));
    let rest = rest.map(|rest| match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((db, rest)) if db.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => rest,
    });
    rest.unwrap_or(line).strip_prefix('>').map_or(line, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        candidates(line).into_iter().map(|candidate| candidate.name).collect()
    }

    #[test]
    fn names_complete_in_the_case_they_were_begun() {
        assert_eq!(names("ech"), ["ECHO"]);
        assert_eq!(candidates("ech")[0].line, "echo ");
        assert_eq!(candidates(" EC")[0].line, "ECHO ");
        assert!(names("").is_empty() && names("ECHO a").is_empty() && names("é").is_empty());
        assert_eq!(hint("ec").rest, "ho");
    }

    #[test]
    fn subcommands_complete_after_their_container() {
        assert!(names("object en").contains(&"ENCODING".to_owned()));
        assert_eq!(candidates("object en")[0].line, "object encoding ");
        assert!(hint("OBJECT ").arguments.contains("ENCODING"));
    }

    #[test]
    fn arguments_that_are_there_are_not_asked_for() {
        assert_eq!(hint("ECHO").arguments, "message");
        assert_eq!(hint("ECHO hel").arguments, "message");
        assert_eq!(hint("ECHO hello ").arguments, "");
        assert_eq!(hint("RENAME a ").arguments, "newkey");
        assert!(!hint("PING").summary.is_empty());
        assert_eq!(hint("NOSUCH x"), Hint::default());
    }

    #[test]
    fn a_copied_prompt_is_not_part_of_the_line() {
        assert_eq!(without_prompt("127.0.0.1:6379> GET k"), "GET k");
        assert_eq!(without_prompt("127.0.0.1:6379[12]> GET k"), "GET k");
        assert_eq!(without_prompt("redis> GET k"), "GET k");
        assert_eq!(without_prompt("> GET k"), "GET k");
        assert_eq!(without_prompt(" SET redis > "), "SET redis >");
    }
}
