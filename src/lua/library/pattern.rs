//! The patterns of 5.1: whether one matches at a place of a subject, and what it captures there.
//!
//! A pattern is read anew wherever it is tried, and never compiled, because 5.1 tells of a malformed one only when it comes
//! to the malformed place. Where there are several ways to go on, the matcher takes the first and notes the others in a
//! list of its own; at a dead end it goes back to the last one noted. So no pattern is too deep for the host's stack, and
//! one that would take forever ends at the limit of steps. A pattern ends at its first zero byte, a subject does not.
//!
//! It must not know of calls, values and the heap.

use std::ops::Range;

use crate::vm::Abort;

/// How many captures a pattern may have.
const CAPTURES: usize = 32;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The pattern is wrong, in 5.1's words.
    Malformed(&'static str),
    Abort(Abort),
}

type Result<T> = std::result::Result<T, Fault>;

/// What is matched, and with what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub subject: &'a [u8],
    pub pattern: &'a [u8],
}

/// A capture that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Piece(Range<usize>),
    /// The place itself, counted from 1: what `()` captures.
    Position(usize),
}

#[derive(Clone, Copy, Debug)]
enum Length {
    /// Its closing parenthesis has not been met yet.
    Open,
    Position,
    Bytes(usize),
}

#[derive(Clone, Copy, Debug)]
struct Capture {
    start: usize,
    length: Length,
}

/// What is to be done at a dead end, the last first: take something back, or try another way.
#[derive(Clone, Copy, Debug)]
enum Choice {
    /// A capture was opened.
    Opened,
    /// The capture of this number was closed.
    Closed(usize),
    /// An item that need not be there was taken: do without.
    Without { at: usize, next: usize },
    /// As much as possible was taken, up to `at`: take one less, but not less than up to `least`.
    Less { least: usize, at: usize, next: usize },
    /// As little as possible was taken, up to `at`: take one more of the item.
    More { at: usize, item: usize, end: usize },
}

/// Where matching stands.
enum Step {
    /// At this byte of the subject, at this byte of the pattern.
    On(usize, usize),
    /// At the end of the pattern.
    Done(usize),
    DeadEnd,
}

/// Matches, and remembers the captures of the last match.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    captures: [Capture; CAPTURES],
    level: usize,
    choices: Vec<Choice>,
    /// What it has done since it was made.
    pub steps: u64,
    most_steps: u64,
    /// Bytes that the list of choices may take.
    room: usize,
}

impl Matcher {
    pub fn new(most_steps: u64, room: usize) -> Self {
        Self {
            captures: [Capture { start: 0, length: Length::Open }; CAPTURES],
            level: 0,
            choices: Vec::new(),
            steps: 0,
            most_steps,
            room,
        }
    }

    /// Matches the pattern from its byte `item` on at one place of the subject. Gives where the match ends.
    pub fn match_at(&mut self, text: Text<'_>, start: usize, item: usize) -> Result<Option<usize>> {
        self.level = 0;
        self.choices.clear();
        let mut step = Step::On(start, item);
        loop {
            step = match step {
                Step::On(at, item) => self.step(text, at, item)?,
                Step::Done(end) => return Ok(Some(end)),
                Step::DeadEnd => match self.go_back(text)? {
                    Some((at, item)) => Step::On(at, item),
                    None => return Ok(None),
                },
            };
        }
    }

    /// The first place from `start` on where the pattern matches; with `^` in front it may match at `start` only.
    pub fn find(&mut self, text: Text<'_>, start: usize) -> Result<Option<Range<usize>>> {
        if text.pattern.first() == Some(&b'^') {
            return Ok(self.match_at(text, start, 1)?.map(|end| start..end));
        }
        self.find_unanchored(text, start)
    }

    /// The same where `^` in front means itself.
    pub fn find_unanchored(&mut self, text: Text<'_>, start: usize) -> Result<Option<Range<usize>>> {
        for at in start..=text.subject.len() {
            if let Some(end) = self.match_at(text, at, 0)? {
                return Ok(Some(at..end));
            }
        }
        Ok(None)
    }

    /// How many captures the last match has.
    pub fn captures(&self) -> usize {
        self.level
    }

    /// A capture of the last match, counted from 0. Where there are none at all, the first is the whole match.
    pub fn capture(&self, number: usize, whole: &Range<usize>) -> Result<Found> {
        let Some(capture) = self.captures[..self.level].get(number) else {
            let is_whole = number == 0;
            return if is_whole {
                Ok(Found::Piece(whole.clone()))
            } else {
                Err(Fault::Malformed("invalid capture index"))
            };
        };
        match capture.length {
            Length::Open => Err(Fault::Malformed("unfinished capture")),
            Length::Position => Ok(Found::Position(capture.start + 1)),
            Length::Bytes(length) => Ok(Found::Piece(capture.start..capture.start + length)),
        }
    }

    /// Counts steps, also of what is done with a match.
    pub fn spend(&mut self, steps: usize) -> Result<()> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.most_steps { Err(Fault::Abort(Abort::PatternSteps)) } else { Ok(()) }
    }

    fn note(&mut self, choice: Choice) -> Result<()> {
        if self.choices.len() == self.choices.capacity() {
            let grown = self.choices.len().saturating_mul(2 * size_of::<Choice>());
            if grown > self.room {
                return Err(Fault::Abort(Abort::Memory));
            }
        }
        self.choices.push(choice);
        Ok(())
    }

    /// Matches what stands at one place of the pattern.
    fn step(&mut self, text: Text<'_>, at: usize, item: usize) -> Result<Step> {
        self.spend(1)?;
        match (byte(text.pattern, item), byte(text.pattern, item + 1)) {
            (0, _) => Ok(Step::Done(at)),
            (b'(', b')') => self.open(at, item + 2, Length::Position),
            (b'(', _) => self.open(at, item + 1, Length::Open),
            (b')', _) => self.close(at, item + 1),
            (b'%', b'b') => self.balance(text, at, item + 2),
            (b'%', b'f') => self.frontier(text, at, item + 2),
            (b'%', digit @ b'0'..=b'9') => self.repeat(text, at, item + 2, digit),
            (b'$', 0) => Ok(if at == text.subject.len() { Step::On(at, item + 1) } else { Step::DeadEnd }),
            _ => self.item(text, at, item),
        }
    }

    /// Goes back to the last place where there is another way.
    fn go_back(&mut self, text: Text<'_>) -> Result<Option<(usize, usize)>> {
        while let Some(choice) = self.choices.pop() {
            match choice {
                Choice::Opened => self.level -= 1,
                Choice::Closed(number) => self.captures[number].length = Length::Open,
                Choice::Without { at, next } => return Ok(Some((at, next))),
                Choice::Less { least, at, next } => {
                    if at - 1 > least {
                        self.note(Choice::Less { least, at: at - 1, next })?;
                    }
                    return Ok(Some((at - 1, next)));
                }
                Choice::More { at, item, end } => {
                    if self.is_matched(text, at, item, end)? {
                        self.note(Choice::More { at: at + 1, item, end })?;
                        return Ok(Some((at + 1, end + 1)));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// The items of a pattern.
impl Matcher {
    /// A class, a set or a byte, and how often.
    fn item(&mut self, text: Text<'_>, at: usize, item: usize) -> Result<Step> {
        let end = self.item_end(text.pattern, item)?;
        match byte(text.pattern, end) {
            b'?' => {
                if !self.is_matched(text, at, item, end)? {
                    return Ok(Step::On(at, end + 1));
                }
                self.note(Choice::Without { at, next: end + 1 })?;
                Ok(Step::On(at + 1, end + 1))
            }
            b'*' => self.most(text, at, item, end),
            b'+' if self.is_matched(text, at, item, end)? => self.most(text, at + 1, item, end),
            b'+' => Ok(Step::DeadEnd),
            b'-' => {
                self.note(Choice::More { at, item, end })?;
                Ok(Step::On(at, end + 1))
            }
            _ if self.is_matched(text, at, item, end)? => Ok(Step::On(at + 1, end)),
            _ => Ok(Step::DeadEnd),
        }
    }

    /// As many of an item as there are.
    fn most(&mut self, text: Text<'_>, least: usize, item: usize, end: usize) -> Result<Step> {
        let mut at = least;
        while self.is_matched(text, at, item, end)? {
            at += 1;
        }
        if at > least {
            self.note(Choice::Less { least, at, next: end + 1 })?;
        }
        Ok(Step::On(at, end + 1))
    }

    fn open(&mut self, at: usize, next: usize, length: Length) -> Result<Step> {
        let Some(capture) = self.captures.get_mut(self.level) else {
            return Err(Fault::Malformed("too many captures"));
        };
        *capture = Capture { start: at, length };
        self.level += 1;
        self.note(Choice::Opened)?;
        Ok(Step::On(at, next))
    }

    fn close(&mut self, at: usize, next: usize) -> Result<Step> {
        let is_open = |capture: &Capture| matches!(capture.length, Length::Open);
        let Some(number) = self.captures[..self.level].iter().rposition(is_open) else {
            return Err(Fault::Malformed("invalid pattern capture"));
        };
        let capture = &mut self.captures[number];
        capture.length = Length::Bytes(at - capture.start);
        self.note(Choice::Closed(number))?;
        Ok(Step::On(at, next))
    }

    /// `%1`: what was captured, once more.
    fn repeat(&mut self, text: Text<'_>, at: usize, next: usize, digit: u8) -> Result<Step> {
        let number = usize::from(digit).checked_sub(usize::from(b'1'));
        let capture = number.and_then(|number| self.captures[..self.level].get(number));
        match capture {
            None | Some(Capture { length: Length::Open, .. }) => {
                Err(Fault::Malformed("invalid capture index"))
            }
            // A place is nothing that could stand there again.
            Some(Capture { length: Length::Position, .. }) => Ok(Step::DeadEnd),
            Some(&Capture { start, length: Length::Bytes(length) }) => {
                self.spend(length / 16)?;
                let is_same = text.subject.get(at..at + length) == text.subject.get(start..start + length);
                Ok(if is_same { Step::On(at + length, next) } else { Step::DeadEnd })
            }
        }
    }

    /// `%bxy`: from an x to the y that belongs to it.
    fn balance(&mut self, text: Text<'_>, at: usize, item: usize) -> Result<Step> {
        let (opening, closing) = (byte(text.pattern, item), byte(text.pattern, item + 1));
        if opening == 0 || closing == 0 {
            return Err(Fault::Malformed("unbalanced pattern"));
        }
        let rest = text.subject.get(at..).unwrap_or_default();
        let Some((first, inner)) = rest.split_first() else { return Ok(Step::DeadEnd) };
        if *first != opening {
            return Ok(Step::DeadEnd);
        }
        let mut depth = 1_usize;
        let end = inner.iter().position(|byte| {
            if *byte == closing {
                depth -= 1;
            } else if *byte == opening {
                depth += 1;
            }
            depth == 0
        });
        self.spend(end.unwrap_or(inner.len()))?;
        Ok(end.map_or(Step::DeadEnd, |end| Step::On(at + end + 2, item + 2)))
    }

    /// `%f[set]`: where a byte outside of the set is followed by one inside. Both ends of the subject count as zero bytes.
    fn frontier(&mut self, text: Text<'_>, at: usize, item: usize) -> Result<Step> {
        if byte(text.pattern, item) != b'[' {
            return Err(Fault::Malformed("missing '[' after '%f' in pattern"));
        }
        let end = self.item_end(text.pattern, item)?;
        let before = at.checked_sub(1).map_or(0, |before| byte(text.subject, before));
        let is_there = !self.is_in_set(before, text.pattern, item, end)?
            && self.is_in_set(byte(text.subject, at), text.pattern, item, end)?;
        Ok(if is_there { Step::On(at, end) } else { Step::DeadEnd })
    }

    /// Behind the item that begins at a place of the pattern, without the sign of how often.
    fn item_end(&mut self, pattern: &[u8], item: usize) -> Result<usize> {
        match byte(pattern, item) {
            b'%' if byte(pattern, item + 1) == 0 => {
                Err(Fault::Malformed("malformed pattern (ends with '%')"))
            }
            b'%' => Ok(item + 2),
            b'[' => {
                let mut at = item + 1 + usize::from(byte(pattern, item + 1) == b'^');
                // What stands first is in the set, even if it is the closing bracket.
                loop {
                    match byte(pattern, at) {
                        0 => return Err(Fault::Malformed("malformed pattern (missing ']')")),
                        b'%' if byte(pattern, at + 1) != 0 => at += 2,
                        _ => at += 1,
                    }
                    if byte(pattern, at) == b']' {
                        self.spend(at - item)?;
                        return Ok(at + 1);
                    }
                }
            }
            _ => Ok(item + 1),
        }
    }

    /// Whether a byte of the subject is what the item means.
    fn is_matched(&mut self, text: Text<'_>, at: usize, item: usize, end: usize) -> Result<bool> {
        self.spend(1)?;
        let Some(&subject) = text.subject.get(at) else { return Ok(false) };
        match byte(text.pattern, item) {
            b'.' => Ok(true),
            b'%' => Ok(is_in_class(subject, byte(text.pattern, item + 1))),
            b'[' => self.is_in_set(subject, text.pattern, item, end),
            literal => Ok(literal == subject),
        }
    }

    fn is_in_set(&mut self, subject: u8, pattern: &[u8], item: usize, end: usize) -> Result<bool> {
        let members = pattern.get(item + 1..end - 1).unwrap_or_default();
        let (is_negated, members) = match members.split_first() {
            Some((b'^', rest)) => (true, rest),
            _ => (false, members),
        };
        let mut at = 0;
        let mut is_member = false;
        while at < members.len() && !is_member {
            let (first, last) = (byte(members, at), byte(members, at + 2));
            if first == b'%' {
                // Where a range ended in a percent sign, another one can be the last: it means the bracket.
                is_member = is_in_class(subject, members.get(at + 1).copied().unwrap_or(b']'));
                at += 2;
            } else if byte(members, at + 1) == b'-' && at + 2 < members.len() {
                is_member = (first..=last).contains(&subject);
                at += 3;
            } else {
                is_member = first == subject;
                at += 1;
            }
        }
        self.spend(at)?;
        Ok(is_member != is_negated)
    }
}

/// A byte of a text that is followed by a zero byte, as C's are.
fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Whether a byte is in the class that a letter names, by its upper case all others; other signs mean themselves.
fn is_in_class(subject: u8, class: u8) -> bool {
    let is_member = match class.to_ascii_lowercase() {
        b'a' => subject.is_ascii_alphabetic(),
        b'c' => subject.is_ascii_control(),
        b'd' => subject.is_ascii_digit(),
        b'l' => subject.is_ascii_lowercase(),
        b'p' => subject.is_ascii_punctuation(),
        b's' => matches!(subject, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r'),
        b'u' => subject.is_ascii_uppercase(),
        b'w' => subject.is_ascii_alphanumeric(),
        b'x' => subject.is_ascii_hexdigit(),
        b'z' => subject == 0,
        _ => return class == subject,
    };
    is_member == class.is_ascii_lowercase()
}

/// Whether a pattern means itself, byte by byte. As 5.1 looks up to its first zero byte only, so does this.
pub(super) fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().take_while(|byte| **byte != 0).any(|byte| b"^$*+?.([%-".contains(byte))
}

/// The first place from `start` on where some bytes stand, and how many steps it took to find it. Steps are of eight bytes.
pub(super) fn search(text: Text<'_>, start: usize, most_steps: u64) -> (Result<Option<usize>>, u64) {
    let Text { subject, pattern } = text;
    let Some((first, rest)) = pattern.split_first() else { return (Ok(Some(start)), 0) };
    let mut compared = 0_usize;
    let mut at = start;
    while let Some(found) = subject.get(at..).and_then(|left| left.iter().position(|byte| byte == first)) {
        let behind = subject.get(at + found + 1..).unwrap_or_default();
        if behind.len() < rest.len() {
            break;
        }
        let same = rest.iter().zip(behind).take_while(|(a, b)| a == b).count();
        if same == rest.len() {
            return (Ok(Some(at + found)), (compared + same) as u64 / 8);
        }
        at += found + 1;
        compared += found + same + 1;
        if compared as u64 / 8 > most_steps {
            return (Err(Fault::Abort(Abort::PatternSteps)), compared as u64 / 8);
        }
    }
    (Ok(None), (compared + subject.len().saturating_sub(at)) as u64 / 8)
}
