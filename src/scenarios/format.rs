//! Writes recorded answers into the source of a transcript or lesson, and changes nothing else in it.
//!
//! It works on lines, so comments, blank lines, prose and the author's line ends stay byte for byte. It does not know
//! where answers come from.

use std::ops::Range;

use crate::transcript::{Expected, is_comment};

/// A new answer for the lines that hold the old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// Lines of the source, counted from 0; empty where no answer stood yet.
    pub lines: Range<usize>,
    /// As redis-cli prints it.
    pub answer: String,
}

impl Rewrite {
    /// Replaces what is expected.
    pub fn of(expected: &Expected, answer: &str) -> Self {
        Self { lines: expected.lines.clone(), answer: answer.to_owned() }
    }
}

/// The source with the given answers put in place; the rewrites stand in the order of the source.
pub fn rewrite(source: &str, rewrites: &[Rewrite]) -> String {
    let newline = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut out = String::with_capacity(source.len());
    let mut next = 0;
    for rewrite in rewrites {
        copy(&mut out, lines.get(next..rewrite.lines.start));
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(newline);
        }
        for line in escape(&rewrite.answer) {
            out.push_str(&line);
            out.push_str(newline);
        }
        next = rewrite.lines.end;
    }
    copy(&mut out, lines.get(next..));
    out
}

fn copy(out: &mut String, lines: Option<&[&str]>) {
    lines.unwrap_or_default().iter().for_each(|line| out.push_str(line));
}

/// The lines of an answer, with a backslash before those a parser would take for something else.
fn escape(answer: &str) -> Vec<String> {
    let lines: Vec<&str> = answer.lines().collect();
    let solid = lines.iter().rposition(|line| !is_comment(line)).map_or(0, |last| last + 1);
    let marked = |line: &str| ["---", ">", "@", "\\"].iter().any(|mark| line.starts_with(mark));
    let protect = |(index, line): (usize, &&str)| {
        if marked(line) || index >= solid { format!("\\{line}") } else { (*line).to_owned() }
    };
    lines.iter().enumerate().map(protect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Entry, Transcript};

    fn fill(source: &str, answers: &[&str]) -> String {
        let transcript = Transcript::parse(source).expect("parses");
        let entries = transcript.cases.iter().flat_map(|case| &case.entries);
        let runs = entries.filter_map(|entry| if let Entry::Run(run) = entry { Some(run) } else { None });
        let rewrites: Vec<_> =
            runs.zip(answers).map(|(run, answer)| Rewrite::of(&run.expected, answer)).collect();
        rewrite(source, &rewrites)
    }

    #[test]
    fn only_answers_change() {
        let source = "# head\n\n--- a\n> PING\n\n# note\n> GET k\nold\nlines\n\n@advance 1s\n> GET k";
        let expected =
            "# head\n\n--- a\n> PING\nPONG\n\n# note\n> GET k\n(nil)\n\n@advance 1s\n> GET k\n\"v\"\n";
        assert_eq!(fill(source, &["PONG\n", "(nil)\n", "\"v\"\n"]), expected);
    }

    #[test]
    fn a_command_of_several_lines_stays_whole() {
        let source = "--- a\n> EVAL \"\nreturn 1\" 0\nold\n> PING";
        assert_eq!(
            fill(source, &["(integer) 1\n", "PONG\n"]),
            "--- a\n> EVAL \"\nreturn 1\" 0\n(integer) 1\n> PING\nPONG\n"
        );
    }

    #[test]
    fn line_ends_stay_the_author_s() {
        assert_eq!(fill("--- a\r\n> PING\r\nx\r\n", &["PONG\n"]), "--- a\r\n> PING\r\nPONG\r\n");
    }

    #[test]
    fn any_answer_reads_back_as_itself() {
        for answer in ["> a\n@b\n--- c\n\\d\n", "# only\n", "x\n\n# y\n", "\n", "# a\n\nb\n"] {
            let written = fill("--- a\n> PING\n> PING\n", &[answer, "PONG\n"]);
            let transcript = Transcript::parse(&written).expect("parses");
            assert!(
                matches!(&transcript.cases[0].entries[0], Entry::Run(run) if run.expected.text == answer),
                "{written}"
            );
            assert_eq!(fill(&written, &[answer, "PONG\n"]), written);
        }
    }
}
