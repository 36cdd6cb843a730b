//! Commands out of pasted text: without the prompts, comments and answers that were copied along. Where a quote is open
//! at the end of a line, the next one belongs to its argument.

use crate::multiline::{self, Quote};

/// What redis-cli prints on a terminal that no command begins with.
const ANSWERS: [&str; 8] =
    ["(integer) ", "(nil)", "(error) ", "(empty ", "(double) ", "(true)", "(false)", "QUEUED"];

/// What a pasted text holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    pub commands: Vec<String>,
    /// The beginning of a command whose quote nothing closes.
    pub rest: String,
}

/// Whether the text is more than one command, pasted behind what leaves a quote open or none; its lines end with line
/// feeds.
pub fn is_several(mut open: Option<Quote>, text: &str) -> bool {
    let mut lines = text.trim_end_matches('\n').split('\n').peekable();
    while let Some(line) = lines.next() {
        open = multiline::behind(open, line);
        if open.is_none() && lines.peek().is_some() {
            return true;
        }
    }
    false
}

/// The commands in a text. Where a prompt has been copied, lines that look like answers have been, too.
pub fn commands(text: &str) -> Pasted {
    let mut pasted = Pasted::default();
    let (mut prompted, mut open) = (false, None);
    for whole in multiline::with_line_feeds(text).split('\n') {
        if open.is_some() {
            pasted.rest.push('\n');
            pasted.rest.push_str(whole);
        } else {
            let line = whole.trim();
            let command = without_prompt(line);
            prompted |= command.len() < line.len();
            let is_answer = prompted && command.len() == line.len() && looks_like_an_answer(line);
            if command.is_empty() || command.starts_with('#') || is_answer {
                continue;
            }
            // Blanks at the end may be inside the quote.
            let blanks = whole.len() - whole.trim_end().len();
            pasted.rest = format!("{command}{}", whole.get(whole.len() - blanks..).unwrap_or_default());
        }
        open = multiline::behind(open, pasted.rest.rsplit('\n').next().unwrap_or_default());
        if open.is_none() {
            pasted.commands.push(std::mem::take(&mut pasted.rest).trim_end().to_owned());
        }
    }
    pasted
}

fn looks_like_an_answer(line: &str) -> bool {
    let is_element = line
        .split_once(") ")
        .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    line == "OK"
        || line.starts_with('"')
        || is_element
        || ANSWERS.iter().any(|answer| line.starts_with(answer))
}

/// A line without the prompt that was copied along with it: `127.0.0.1:6379[2](TX)> `, `redis> ` or `> `.
pub fn without_prompt(line: &str) -> &str {
    let line = line.trim();
    let Some((prompt, rest)) = line.split_once('>') else { return line };
    let server = prompt.find(['[', '(']).map_or(prompt, |at| prompt.get(..at).unwrap_or_default());
    let state = prompt.get(server.len()..).unwrap_or_default();
    let is_state = state.is_empty() || state.ends_with([']', ')']);
    let port = |(host, port): (&str, &str)| {
        !host.contains(char::is_whitespace)
            && !port.is_empty()
            && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_server = server.is_empty() || server == "redis" || server.rsplit_once(':').is_some_and(port);
    if is_server && is_state && !state.contains('"') { rest.trim_start() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_prompt_is_not_part_of_the_line() {
        for prompt in [
            "127.0.0.1:6379> ",
            "127.0.0.1:6379[12]> ",
            "redis> ",
            "> ",
            "localhost:7000>",
            "127.0.0.1:6379(TX)> ",
            "127.0.0.1:6379[2](TX)> ",
            "127.0.0.1:6379(subscribed mode)> ",
            "redis:6379> ",
        ] {
            assert_eq!(without_prompt(&format!("{prompt}GET k")), "GET k", "{prompt}");
        }
        for line in ["SET redis >", "SET a:1 >", "ZRANGE k (1 +inf BYSCORE >", "SET \"[\" \">\"", "GET k"] {
            assert_eq!(without_prompt(&format!(" {line} ")), line);
        }
    }

    fn lines(text: &str) -> Vec<String> {
        let Pasted { commands, rest } = commands(text);
        assert_eq!(rest, "");
        commands
    }

    #[test]
    fn lines_end_in_any_way_and_comments_are_none() {
        assert_eq!(
            lines("SET a 1\r\nINCR a\rGET a\n\n  # a note\n\tPING "),
            ["SET a 1", "INCR a", "GET a", "PING"]
        );
        assert!(is_several(None, "a\nb") && is_several(None, "a\nb\n") && !is_several(None, "a\n\n"));
    }

    #[test]
    fn line_ends_inside_a_quote_belong_to_the_argument() {
        let script = "EVAL \"\n  -- don't\n  # x\n> 1\n\" 0";
        assert_eq!(lines(&format!("PING\n{script}  \r\nGET a")), ["PING", script, "GET a"]);
        assert!(!is_several(None, script) && is_several(None, &format!("{script}\nPING")));
        assert!(!is_several(Some(Quote::Double), "a\nb\" 0") && is_several(Some(Quote::Double), "a\" 0\nb"));
        let pasted = commands("GET a\n> EVAL 'return \n  1 \n");
        assert_eq!((pasted.commands, pasted.rest.as_str()), (vec!["GET a".into()], "EVAL 'return \n  1 \n"));
    }

    #[test]
    fn answers_copied_with_their_prompts_are_left_out() {
        let text = "127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379> GET a\n\"1\"\nredis> KEYS *\n1) \"a\"\n> INCR a\n(integer) 2";
        assert_eq!(lines(text), ["SET a 1", "GET a", "KEYS *", "INCR a"]);
        assert_eq!(lines("OK\nSET a 1"), ["OK", "SET a 1"]);
    }
}
