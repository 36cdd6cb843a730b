//! Keeps the lines that were run for the reader's next visit, in this browser; where it forbids that, only until then.

use std::rc::Rc;

use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::escape::{escaped, unescaped};
use crate::state::Action;
use crate::state::assist::{AssistAction, LONGEST_LINE};

const NAME: &str = "playground.history";
/// Before a command of several lines, which is written on one, as records do.
const TYPED: &str = "@typed ";
/// What is stored may come from anywhere.
const MOST: usize = 500;

#[hook]
pub fn use_line_history(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let text = browser::remembered(NAME).unwrap_or_default();
        let lines = read(&text);
        if !lines.is_empty() {
            dispatcher.dispatch(Action::Assist(AssistAction::Remembered(lines)));
        }
    });
    use_effect_with(state.assist.kept.clone(), |kept| {
        if !kept.is_empty() {
            browser::remember(NAME, &written(kept));
        }
    });
}

fn written(lines: &[Rc<str>]) -> String {
    let one = |line: &Rc<str>| {
        let is_plain = !line.contains(['\n', '\r']) && !line.starts_with(TYPED);
        if is_plain { line.to_string() } else { format!("{TYPED}{}", escaped(line)) }
    };
    lines.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Vec<Rc<str>> {
    let one = |line: &str| line.strip_prefix(TYPED).map_or_else(|| line.to_owned(), unescaped);
    let lines = text.lines().map(one).filter(|line| !line.trim().is_empty() && line.len() <= LONGEST_LINE);
    lines.take(MOST).map(Rc::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let lines =
            ["SET k \"\\x00\\n\"", "EVAL \"\n  return '\\n'\r\n\" 0", "@typed \\n", "GET a"].map(Rc::from);
        assert_eq!(read(&written(&lines)), lines);
        assert_eq!(read("SET k \"a\\nb\"\n\n  \nGET a"), ["SET k \"a\\nb\"".into(), Rc::from("GET a")]);
    }
}
