//! What `HELP` prints, as redis-cli lays it out: the client's own answer, from the commands' specs.
//!
//! Pure: the words behind `HELP` in, text out. The words about commands are those of the specs.

use std::rc::Rc;

use playground_engine::REDIS_VERSION;
use playground_engine::command::{self, CommandSpec, syntax};

use crate::complete::GROUPS;
use crate::explain;

/// What `HELP` answers, and lines to try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    pub text: String,
    pub examples: Vec<Rc<str>>,
}

/// The answer to `HELP` and the words behind it.
pub fn answer(topic: &[Vec<u8>]) -> Help {
    match topic {
        [] => Help { text: general(), ..Help::default() },
        [group] if group.starts_with(b"@") => of_group(group),
        [name, rest @ ..] => match (command::find(name), rest) {
            (Some(spec), []) => of_command(spec),
            (Some(spec), [sub]) => match spec.subcommand(sub) {
                Some(sub) => of_command(sub),
                None => nothing(topic),
            },
            _ => nothing(topic),
        },
    }
}

fn general() -> String {
    let groups: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
    let (first, second) = groups.split_at(groups.len() / 2);
    format!(
        "Redis playground (Redis {REDIS_VERSION})\n\
        To get help about Redis commands type:\n      \
        \"help @<group>\" to get a list of commands in <group>\n      \
        \"help <command>\" for help on <command>\n      \
        \"help <tab>\" to get a list of possible help topics\n      \
        \"clear\" to empty this log\n\n\
        Groups: {}\n        {}\n",
        first.join(" "),
        second.join(" "),
    )
}

/// What a command and, if it has some, each of its subcommands does.
fn of_command(spec: &'static CommandSpec) -> Help {
    let mut text = String::from("\n");
    entry(spec, true, &mut text);
    for sub in spec.subcommands {
        entry(sub, true, &mut text);
    }
    let lines = spec.example.lines().filter_map(|line| line.strip_prefix("> "));
    Help { text, examples: lines.map(Rc::from).collect() }
}

fn of_group(name: &[u8]) -> Help {
    let found = GROUPS.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name));
    let Some((_, group)) = found else { return nothing(&[name.to_vec()]) };
    let mut specs: Vec<_> = command::every().filter(|spec| spec.group == *group).collect();
    specs.sort_by_key(|spec| spec.name);
    let mut text = String::from("\n");
    for spec in specs {
        entry(spec, false, &mut text);
    }
    Help { text, ..Help::default() }
}

fn entry(spec: &CommandSpec, whole: bool, text: &mut String) {
    let mut line = |label: &str, words: &str| {
        if !words.is_empty() {
            text.push_str(&format!("  {label}{words}\n"));
        }
    };
    line("", &usage(spec));
    line("summary: ", spec.summary);
    line("since: ", spec.since);
    if whole {
        line("group: ", spec.group.word());
        if spec.run.is_some() {
            line("complexity: ", spec.complexity);
        }
        if let Some(deprecated) = spec.deprecated {
            line("deprecated: ", &format!("since {}, use {}", deprecated.since, deprecated.replaced_by));
        }
        for (at, example) in spec.example.lines().filter_map(|line| line.strip_prefix("> ")).enumerate() {
            line(if at == 0 { "example: " } else { "         " }, example);
        }
    }
    text.push('\n');
}

/// `SET key value [NX | XX] …`.
pub fn usage(spec: &CommandSpec) -> String {
    let arguments = syntax::usage(&syntax::parse(spec.syntax).unwrap_or_default());
    let name = spec.name.replace('|', " ").to_ascii_uppercase();
    let arguments = if spec.run.is_none() { "<subcommand>" } else { &*arguments };
    format!("{name} {arguments}").trim_end().to_owned()
}

fn nothing(topic: &[Vec<u8>]) -> Help {
    let words: Vec<_> = topic.iter().map(|word| String::from_utf8_lossy(word)).collect();
    let words = words.join(" ");
    let unsupported = topic.first().and_then(|name| command::find_unsupported(name));
    let mut text = match unsupported {
        Some(name) => format!(
            "{} is a command of Redis that this playground does not have.\n",
            name.to_ascii_uppercase()
        ),
        None => format!("There is no help on \"{words}\".\n"),
    };
    let near = explain::nearest(topic.first().map_or(&[][..], Vec::as_slice));
    if unsupported.is_none() && !near.is_empty() {
        text.push_str(&format!("Did you mean {}?\n", near.join(" or ")));
    }
    Help { text, ..Help::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(words: &str) -> Help {
        answer(&words.split_whitespace().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn a_command_is_laid_out_as_redis_cli_does() {
        let Help { text, examples } = help("strlen");
        let head = "\n  STRLEN key\n  summary: ";
        assert!(text.starts_with(head) && text.ends_with("\n\n"), "{text}");
        for part in [
            "\n  since: 2.2.0\n",
            "\n  group: string\n",
            "\n  complexity: O(1)\n",
            "\n  example: SET greeting hello\n",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(&*examples[1], "STRLEN greeting");
        assert_eq!(help("CONFIG Get").text.lines().nth(1), Some("  CONFIG GET parameter [parameter ...]"));
        assert!(help("config").text.contains("  CONFIG SET parameter value"));
    }

    #[test]
    fn groups_and_the_lack_of_help_are_told() {
        let text = help("@HyperLogLog").text;
        let names: Vec<_> = text.lines().filter(|line| line.starts_with("  PF")).collect();
        assert!(names.len() >= 4 && names[0].starts_with("  PFADD key"), "{text}");
        assert_eq!(help("zad").text, "There is no help on \"zad\".\nDid you mean ZADD?\n");
        assert!(help("vadd").text.contains("does not have"));
        assert!(help("@nosuch").text.contains("no help"));
        assert!(help("get what ever").text.contains("no help") && help("").text.contains("@sorted-set"));
    }

    #[test]
    fn every_command_is_in_a_group_that_help_knows() {
        for spec in command::every() {
            assert!(GROUPS.iter().any(|(_, group)| *group == spec.group), "{}", spec.name);
        }
    }
}
