//! The arguments still to come: the syntax as documentation shows it, without what is there already.
//!
//! The likeliest way in which the words were read says where in the syntax they end and which options were used up.

use std::slice;

use playground_engine::command::syntax::{self, Argument, Kind};

use super::{Grammar, Path, Reading, Step, Take, Way, below, run_of_options};

/// A part of the arguments still to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// It comes now.
    pub is_current: bool,
    path: Path,
    is_optional: bool,
}

impl Piece {
    /// A part that stands for itself.
    pub fn plain(text: String) -> Self {
        piece(text, Path::new(), true)
    }
}

impl Reading<'_> {
    /// The arguments still to come; where a word is being typed, the one that it is, is the current one.
    pub fn to_come(&self, typing: Option<&[u8]>) -> Vec<Piece> {
        let Some(way) = self.ways.first().filter(|_| self.beyond == 0) else { return Vec::new() };
        let grammar = self.grammar;
        let rest = Rest { grammar, way };
        let mut pieces = Vec::new();
        match way.last.and_then(|last| self.taken.get(last)).and_then(|(step, _)| grammar.take(*step)) {
            None => rest.sequence(&grammar.arguments, &[], 0, &mut pieces),
            Some(take) => rest.after(&grammar.arguments, &[], take, &mut pieces),
        }
        let current = match typing {
            Some(word) => {
                let fitting = self.ways.iter().filter_map(|way| grammar.take(way.at));
                let best = fitting.filter_map(|take| Some((take.fits(word, false)?, take)));
                best.max_by_key(|(fit, _)| *fit).map(|(_, take)| take.path.clone())
            }
            None => None,
        };
        let place = match &current {
            Some(path) => pieces.iter().position(|piece| path.starts_with(&piece.path)),
            None => pieces.first().filter(|first| !first.is_optional).map(|_| 0),
        };
        if let Some(piece) = place.and_then(|place| pieces.get_mut(place)) {
            piece.is_current = true;
        }
        pieces
    }
}

/// What is still to come of the arguments, by how one way has read what is there.
struct Rest<'r> {
    grammar: &'r Grammar,
    way: &'r Way,
}

impl Rest<'_> {
    /// The arguments from a place on, without options that were there.
    fn sequence(&self, arguments: &[Argument], path: &[usize], from: usize, pieces: &mut Vec<Piece>) {
        for (at, argument) in arguments.iter().enumerate().skip(from) {
            let path = below(path, at);
            if !(argument.optional && self.grammar.was_used(&path, self.way.spent)) {
                Self::whole(argument, path, pieces);
            }
        }
    }

    fn whole(argument: &Argument, path: Path, pieces: &mut Vec<Piece>) {
        match &argument.kind {
            Kind::Block(parts) if !argument.optional && argument.token.is_none() => {
                for (at, part) in parts.iter().enumerate() {
                    Self::whole(part, below(&path, at), pieces);
                }
                if argument.multiple {
                    pieces.push(piece(again(argument), path, true));
                }
            }
            _ if !argument.optional && argument.token.is_none() && argument.multiple => {
                let once = Argument { multiple: false, ..argument.clone() };
                pieces.push(piece(syntax::usage(&[once]), path.clone(), false));
                pieces.push(piece(again(argument), path, true));
            }
            _ => {
                let is_optional = argument.optional;
                pieces.push(piece(syntax::usage(slice::from_ref(argument)), path, is_optional));
            }
        }
    }

    /// What comes after the word that was taken last, which lies among these arguments.
    fn after(&self, arguments: &[Argument], path: &[usize], last: &Take, pieces: &mut Vec<Piece>) {
        let Some(&at) = last.path.get(path.len()) else { return };
        let Some(argument) = arguments.get(at) else { return };
        self.within(argument, &below(path, at), last, pieces);
        if argument.optional {
            // Options of the same run that were passed over may still come.
            let run = run_of_options(arguments, at);
            self.sequence(arguments.get(..at).unwrap_or_default(), path, run.start, pieces);
        }
        self.sequence(arguments, path, at + 1, pieces);
    }

    /// What is left of an argument that a word of was taken last.
    fn within(&self, argument: &Argument, path: &[usize], last: &Take, pieces: &mut Vec<Piece>) {
        if last.path == path {
            if last.is_lead {
                let bare =
                    Argument { token: None, optional: false, multiple_token: false, ..argument.clone() };
                Self::whole(&bare, path.to_vec(), pieces);
                return;
            }
        } else {
            match &argument.kind {
                Kind::OneOf(choices) => {
                    let at = last.path.get(path.len()).copied().unwrap_or_default();
                    if let Some(choice) = choices.get(at) {
                        self.within(choice, &below(path, at), last, pieces);
                    }
                }
                Kind::Block(parts) => self.after(parts, path, last, pieces),
                _ => {}
            }
        }
        if argument.multiple {
            // The count includes what is being taken.
            let is_between = pieces.is_empty();
            match self.way.count {
                Some(left) if is_between || left > 1 => {
                    let once = Argument { multiple: false, optional: false, token: None, ..argument.clone() };
                    let left = if is_between { left } else { left - 1 };
                    pieces.push(piece(syntax::usage(&[once]), path.to_vec(), false));
                    if left > 1 {
                        pieces.push(piece(again(argument), path.to_vec(), true));
                    }
                }
                Some(_) => {}
                None if self.is_counted(path) => {}
                None => pieces.push(piece(again(argument), path.to_vec(), true)),
            }
        }
    }

    /// Whether a number before an argument says how often it comes.
    fn is_counted(&self, path: &[usize]) -> bool {
        let Some((&at, parents)) = path.split_last() else { return false };
        let Some(before) = at.checked_sub(1) else { return false };
        let counting = below(parents, before);
        self.grammar
            .steps
            .iter()
            .any(|step| matches!(step, Step::Take(take) if take.counts && take.path == counting))
    }
}

fn piece(text: String, path: Path, is_optional: bool) -> Piece {
    Piece { text, is_current: false, path, is_optional }
}

/// `[member ...]`, as documentation shows that more may come.
fn again(argument: &Argument) -> String {
    let token = argument.token.clone().filter(|_| argument.multiple_token);
    let kept = if argument.kind == Kind::PureToken { argument.token.clone() } else { token };
    let once = Argument { multiple: false, optional: false, token: kept, ..argument.clone() };
    format!("[{} ...]", syntax::usage(&[once]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::command;

    fn grammar(name: &str) -> Grammar {
        Grammar::of(command::find_full(name.as_bytes()).expect("a command"))
    }

    fn to_come(line: &str) -> String {
        let (name, rest) = line.split_once(' ').expect("a blank");
        let mut words: Vec<&[u8]> = rest.split(' ').map(str::as_bytes).collect();
        let typing = words.pop().filter(|word| !word.is_empty());
        let grammar = grammar(name);
        let pieces = grammar.read(words).to_come(typing);
        let mark = |piece: Piece| if piece.is_current { format!("<{}>", piece.text) } else { piece.text };
        pieces.into_iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_hint_drops_what_is_there_and_marks_what_is_being_typed() {
        assert_eq!(to_come("RENAME "), "<key> newkey");
        assert_eq!(to_come("RENAME a"), "<key> newkey");
        assert_eq!(to_come("RENAME a "), "<newkey>");
        assert_eq!(to_come("RENAME a b "), "");
        assert_eq!(to_come("SET k v EX "), "<seconds> [NX | XX] [GET]");
        assert_eq!(to_come("SET k v EX 10"), "<seconds> [NX | XX] [GET]");
        assert_eq!(to_come("SET k v EX 10 NX "), "[GET]");
        assert_eq!(to_come("ZADD k 5"), "[NX | XX] [GT | LT] [CH] [INCR] <score> member [score member ...]");
        assert_eq!(to_come("ZADD k XX 5 "), "<member> [score member ...]");
        assert_eq!(to_come("ZADD k XX 5 a "), "[score member ...]");
        assert_eq!(to_come("BLPOP a "), "[key ...] timeout");
        assert_eq!(to_come("HEXPIRE h 10 FIELDS 2 "), "<field> [field ...]");
        assert_eq!(to_come("HEXPIRE h 10 FIELDS 2 a "), "<field>");
        assert_eq!(to_come("HEXPIRE h 10 FIELDS 2 a b "), "");
        assert_eq!(to_come("ZRANGE k 0 -1 LIMIT 0 "), "<count> [BYSCORE | BYLEX] [REV] [WITHSCORES]");
        assert_eq!(to_come("GET a b c"), "");
    }
}
