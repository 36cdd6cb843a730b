//! Lines out of pasted text: without the prompts, comments and answers that were copied along.

/// What redis-cli prints on a terminal that no command begins with.
const ANSWERS: [&str; 8] =
    ["(integer) ", "(nil)", "(error) ", "(empty ", "(double) ", "(true)", "(false)", "QUEUED"];

/// Whether the text is more than one line, however these end.
pub fn is_several(text: &str) -> bool {
    text.trim_end_matches(['\r', '\n']).contains(['\r', '\n'])
}

/// The commands in a text. Where a prompt has been copied, lines that look like answers have been, too.
pub fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut prompted = false;
    // A lone carriage return ends a line on old systems; with a line feed it leaves an empty one, which is dropped.
    for line in text.split(['\r', '\n']).map(str::trim) {
        let command = without_prompt(line);
        prompted |= command.len() < line.len();
        let is_answer = prompted && command.len() == line.len() && looks_like_an_answer(line);
        if !command.is_empty() && !command.starts_with('#') && !is_answer {
            lines.push(command.to_owned());
        }
    }
    lines
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

    #[test]
    fn lines_end_in_any_way_and_comments_are_none() {
        assert_eq!(
            lines("SET a 1\r\nINCR a\rGET a\n\n  # a note\n\tPING "),
            ["SET a 1", "INCR a", "GET a", "PING"]
        );
        assert!(is_several("a\rb") && is_several("a\r\nb\r\n") && !is_several("a\r\n"));
    }

    #[test]
    fn answers_copied_with_their_prompts_are_left_out() {
        let text = "127.0.0.1:6379> SET a 1\nOK\n127.0.0.1:6379> GET a\n\"1\"\nredis> KEYS *\n1) \"a\"\n> INCR a\n(integer) 2";
        assert_eq!(lines(text), ["SET a 1", "GET a", "KEYS *", "INCR a"]);
        assert_eq!(lines("OK\nSET a 1"), ["OK", "SET a 1"]);
    }
}
