//! A script that is gone through: its steps are taken on a copy of the engine, and nothing is written down of them. Run
//! for real, its command is one like any other.
//!
//! While a script is gone through, no time passes and nothing else happens, so that the real run does the same.

use std::rc::Rc;

use playground_engine::scripting::run::Sent as SentByScript;
use playground_engine::{Debugger, Reply, Step, Variable, parse, print};

use super::Bridge;
use crate::format;
use crate::state::Action;
use crate::state::assist::AssistAction;
use crate::state::debugger::{Answer, Call, DebugAction, Held, Origin, Sent, Shown, Source, Stepped};
use crate::state::editor::EditorAction;
use crate::state::sessions::TabId;

/// Of the commands that a script has sent, so many are shown.
const SENT: usize = 100;
/// Characters of a command or a value, and lines of an answer, that are shown.
const CHARS: usize = 400;
const LINES: usize = 12;

/// What the reader wants of a script that is gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DebugIntent {
    Begin {
        tab: TabId,
        line: Rc<str>,
        origin: Origin,
    },
    /// The same once more.
    Again,
    Step(Step),
    /// To one of these lines, or to the end.
    RunTo(Vec<u32>),
    /// Run the command for real.
    Finish,
    /// Nothing has happened.
    Abort,
}

/// A script that is gone through.
#[derive(Debug)]
pub(super) struct Debugging {
    tab: TabId,
    line: Rc<str>,
    origin: Origin,
    /// `None` where it could not begin.
    debugger: Option<Box<Debugger>>,
    seen: Rc<Stepped>,
}

impl Bridge {
    pub(super) fn is_debugging(&self) -> bool {
        self.debugging.is_some()
    }

    /// Tells whether something has happened besides.
    pub(super) fn debug(&mut self, intent: DebugIntent, actions: &mut Vec<Action>) -> bool {
        let shown = match intent {
            DebugIntent::Begin { tab, line, origin } => Some(self.begin_script(tab, line, origin)),
            DebugIntent::Again => {
                let again = self.debugging.take();
                again.map(|Debugging { tab, line, origin, .. }| self.begin_script(tab, line, origin))
            }
            DebugIntent::Step(step) => self.debugging.as_mut().and_then(|debugging| debugging.step(step)),
            DebugIntent::RunTo(lines) => {
                self.debugging.as_mut().and_then(|debugging| debugging.run_to(&lines))
            }
            DebugIntent::Finish => {
                if let Some(debugging) = self.debugging.take() {
                    self.run_for_real(debugging, actions);
                }
                return true;
            }
            DebugIntent::Abort => {
                self.debugging = None;
                actions.push(Action::Debug(DebugAction::Closed));
                return false;
            }
        };
        actions.extend(shown.map(|shown| Action::Debug(DebugAction::Shown(shown))));
        false
    }

    fn begin_script(&mut self, tab: TabId, line: Rc<str>, origin: Origin) -> Shown {
        let begun = self.debugger(tab, &line);
        let session = self.clients.name_of(tab).unwrap_or_default();
        let mut seen = Rc::new(Stepped { session, command: line.clone(), ..Stepped::default() });
        let (debugger, shown) = match begun {
            Ok(debugger) => {
                let source = Rc::new(Source::new(debugger.source()));
                seen = Rc::new(seen_of(&debugger, &Stepped { source, ..(*seen).clone() }, false));
                (Some(Box::new(debugger)), Shown::Script(seen.clone()))
            }
            Err(why) => (None, Shown::Refused(why)),
        };
        self.debugging = Some(Debugging { tab, line, origin, debugger, seen });
        shown
    }

    /// A copy of the engine that has begun with the script, or why there is none.
    fn debugger(&self, tab: TabId, line: &str) -> Result<Debugger, Rc<str>> {
        let Ok(argv) = parse::split_line(line.as_bytes()) else {
            return Err("A quote in the command is not closed.".into());
        };
        let (Some(id), Some(session)) = (self.world.id(tab), self.world.session(tab)) else {
            return Err("The session is closed.".into());
        };
        if session.transaction.is_some() {
            return Err("In a transaction a script is only queued. It can be gone through before MULTI or after EXEC.".into());
        }
        if self.world.engine.running_script().is_some() {
            return Err(
                "Another script is running, and Redis runs one at a time. Wait for its end, or stop it."
                    .into(),
            );
        }
        if self.waits(tab) {
            return Err("The session waits, and would run this only afterwards.".into());
        }
        self.world.engine.debug(id, argv).map_err(|error| error.to_string().into())
    }

    fn run_for_real(&mut self, debugging: Debugging, actions: &mut Vec<Action>) {
        let Debugging { tab, line, origin, .. } = debugging;
        actions.push(Action::Debug(DebugAction::Closed));
        match origin {
            Origin::Prompt => {
                actions.push(Action::Assist(AssistAction::Insert(tab, "".into())));
                self.run(tab, vec![line.to_string()], None, actions);
            }
            Origin::Script(at) => {
                actions.push(Action::Editor(EditorAction::Sent(tab, vec![(at, line.clone())])));
                self.run_script(tab, &[line], actions);
            }
        }
    }
}

impl Debugging {
    fn step(&mut self, step: Step) -> Option<Shown> {
        let debugger = self.debugger.as_mut()?;
        debugger.step(step);
        self.look(step == Step::End)
    }

    fn run_to(&mut self, lines: &[u32]) -> Option<Shown> {
        if lines.is_empty() {
            return self.step(Step::End);
        }
        let debugger = self.debugger.as_mut()?;
        debugger.run_to(lines);
        let is_there = debugger.view().line.is_some_and(|line| lines.contains(&line));
        self.look(!is_there)
    }

    /// `is_far`: the script was not to stop here, unless it is over.
    fn look(&mut self, is_far: bool) -> Option<Shown> {
        let seen = seen_of(self.debugger.as_ref()?, &self.seen, is_far);
        self.seen = Rc::new(seen);
        Some(Shown::Script(self.seen.clone()))
    }
}

/// What is seen of a script now; what differs from before is marked.
fn seen_of(debugger: &Debugger, before: &Stepped, is_far: bool) -> Stepped {
    let view = debugger.view();
    let names = |words: &[Vec<u8>]| words.iter().map(|word| cut(word_of(word))).collect();
    let calls = view.calls.iter().map(|call| Call {
        name: call.name.clone().unwrap_or_else(|| "the script".to_owned()),
        line: call.line,
    });
    let calls: Vec<Call> = calls.collect();
    // Within another function nothing can be said to have changed.
    let is_same = !before.calls.is_empty() && calls.len() == before.calls.len();
    let held = |now: &[Variable], then: &[Held]| {
        let held = |(at, variable): (usize, &Variable)| {
            let known = then.get(at).filter(|known| known.name == variable.name);
            let value = cut(variable.value.clone());
            let changed = is_same && known.is_none_or(|known| known.value != value);
            Held { name: variable.name.clone(), value, changed }
        };
        now.iter().enumerate().map(held).collect()
    };
    let all = view.sent.len();
    let known = (before.left_out + before.sent.len()).min(all);
    let left_out = all.saturating_sub(SENT);
    let sent = view.sent.iter().enumerate().skip(left_out).map(|(at, sent)| sent_of(sent, at >= known));
    Stepped {
        session: before.session.clone(),
        command: before.command.clone(),
        source: before.source.clone(),
        line: view.line,
        keys: names(&view.keys),
        argv: names(&view.argv),
        locals: held(&view.locals, &before.locals),
        caught: held(&view.caught, &before.caught),
        calls,
        sent: sent.collect(),
        left_out,
        instructions: view.instructions,
        reply: view.reply.as_ref().map(answer),
        is_far: is_far && view.reply.is_none(),
    }
}

fn sent_of(sent: &SentByScript, is_new: bool) -> Sent {
    let words: Vec<String> = sent.argv.iter().map(|word| word_of(word)).collect();
    let changed = sent.events.iter().map(|event| {
        let db = if event.db == 0 { String::new() } else { format!(" in database {}", event.db) };
        (event.name(), format!("{}{db}", format::short_name(&event.key)))
    });
    Sent {
        line: sent.line,
        command: cut(words.join(" ")),
        answer: answer(&sent.reply),
        changed: changed.take(LINES).collect(),
        is_new,
    }
}

fn answer(reply: &Reply) -> Answer {
    let text = print::redis_cli(reply);
    let end = text.match_indices('\n').nth(LINES - 1).map_or(text.len(), |(end, _)| end);
    let head = text.get(..end).unwrap_or(&text).trim_end();
    let head = if end < text.trim_end().len() { format!("{head}\n…") } else { head.to_owned() };
    Answer { text: cut(head), is_error: reply.is_error() }
}

/// A word as it could be typed.
fn word_of(word: &[u8]) -> String {
    let name = format::name(word);
    if name.is_empty() || name.contains(char::is_whitespace) { print::quoted(word) } else { name }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
