//! A script that somebody goes through step by step, on a copy of the engine: what it does there nobody else sees, and
//! the same script run afterwards by the engine itself does the same.
//!
//! What is shown of it is text and replies; who draws it is not known here.

use std::collections::VecDeque;

use super::Engine;
use crate::command::Group;
use crate::dispatch;
use crate::error::Error;
use crate::event::Event;
use crate::reply::Reply;
use crate::scripting::run::{Place, Running, Sent, Stop};
use crate::session::SessionId;

/// A step takes no more instructions than this; what is not over then can be gone on with.
const A_STEP: u64 = 2_000_000;

/// How far a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the next line, into functions.
    Into,
    /// To the next line of this function or of who called it.
    Over,
    /// To the end.
    End,
}

/// A variable and what it holds, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub value: String,
}

/// A function that is being called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    pub name: Option<String>,
    pub line: Option<u32>,
}

/// What is seen of a script between two steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScriptView {
    /// The line that comes next.
    pub line: Option<u32>,
    /// The functions that are being called, the innermost first.
    pub calls: Vec<CallView>,
    pub locals: Vec<Variable>,
    /// Variables of the functions around this one.
    pub caught: Vec<Variable>,
    pub keys: Vec<Vec<u8>>,
    pub argv: Vec<Vec<u8>>,
    /// The latest of the commands that it has sent.
    pub sent: VecDeque<Sent>,
    pub instructions: u64,
    /// What it has answered, when it is over.
    pub reply: Option<Reply>,
}

/// A script that is gone through.
#[derive(Clone, Debug)]
pub struct Debugger {
    engine: Engine,
    source: Vec<u8>,
    view: ScriptView,
}

impl Engine {
    /// Begins to go through a script: the line of an `EVAL`, `FCALL` or another of their kind. What the server refuses to run
    /// is over at once, with its error.
    pub fn debug(&self, session: SessionId, argv: Vec<Vec<u8>>) -> Result<Debugger, Error> {
        let found = dispatch::resolve(&argv)?;
        let is_script = found.spec.group == Group::Scripting && found.spec.has_keys();
        let is_free = self
            .session(session)
            .is_some_and(|session| !session.is_blocked() && session.transaction.is_none());
        if !is_script || !is_free || self.running_script().is_some() {
            return Err(Error::Fixed(
                "ERR only EVAL, EVALSHA, FCALL and their read-only kin can be gone through",
            ));
        }
        let mut engine = self.clone();
        engine.around.events = Some(Vec::new());
        engine.around.scripts.is_watched = true;
        let (keys, rest) = arguments(&argv);
        let source = engine.source(&argv);
        let outcome = engine.execute(session, argv);
        let mut debugger =
            Debugger { engine, source, view: ScriptView { keys, argv: rest, ..ScriptView::default() } };
        debugger.look((outcome.reply != Reply::NOTHING).then_some(outcome.reply), None);
        Ok(debugger)
    }

    /// The text of the program that a command line runs.
    fn source(&self, argv: &[Vec<u8>]) -> Vec<u8> {
        let word = argv.get(1).map(Vec::as_slice).unwrap_or_default();
        let scripts = &self.around.scripts;
        if let Some(function) = scripts.libraries.function(word)
            && argv.first().is_some_and(|name| name.to_ascii_lowercase().starts_with(b"fcall"))
        {
            return scripts
                .libraries
                .library(&function.library)
                .map(|library| library.code.clone())
                .unwrap_or_default();
        }
        match scripts.get(word) {
            Some(script) => script.body.clone(),
            None => word.to_vec(),
        }
    }
}

/// The keys and the other arguments of a command line that has them behind their number.
fn arguments(argv: &[Vec<u8>]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let rest = argv.get(3..).unwrap_or_default();
    let count = argv.get(2).and_then(|word| crate::number::parse_i64(word));
    let count = count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default().min(rest.len());
    let (keys, rest) = rest.split_at(count);
    (keys.to_vec(), rest.to_vec())
}

impl Debugger {
    /// The text of the program, of which lines are told.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    pub fn view(&self) -> &ScriptView {
        &self.view
    }

    /// The copy of the engine, with what the script has done so far.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Takes a step.
    pub fn step(&mut self, step: Step) {
        let Some(running) = self.engine.running_script() else { return };
        let (line, depth) = (running.next_line(), running.machine.vm.depth());
        let from = |enters| Some(Place { line, depth, enters });
        let place = match step {
            Step::Into => from(true),
            Step::Over => from(false),
            Step::End => None,
        };
        match self.engine.go_on_with_script(Stop { fuel: A_STEP, place }) {
            Some((mut running, reply)) => {
                let sent = running.sent.take();
                self.view.instructions = running.instructions;
                self.engine.script_over(running, reply.clone());
                self.look(Some(reply), sent);
            }
            None => self.look(None, None),
        }
    }

    /// Runs to a line that is to be stopped at, or to the end, or as far as one step goes.
    pub fn run_to(&mut self, lines: &[u32]) {
        let begun = self.engine.running_script().map_or(0, |running| running.instructions);
        loop {
            self.step(Step::Into);
            let Some(running) = self.engine.running_script() else { return };
            let is_there = running.next_line().is_some_and(|line| lines.contains(&line));
            if is_there || running.instructions - begun > A_STEP {
                return;
            }
        }
    }

    /// Looks at where the script stands now.
    fn look(&mut self, reply: Option<Reply>, sent: Option<VecDeque<Sent>>) {
        let view = &mut self.view;
        let over = ScriptView {
            keys: std::mem::take(&mut view.keys),
            argv: std::mem::take(&mut view.argv),
            instructions: view.instructions,
            sent: sent.unwrap_or_default(),
            reply,
            ..ScriptView::default()
        };
        *view = match self.engine.running_script() {
            Some(running) => looked_at(running, over),
            None => over,
        };
    }

    /// What the script has done to keys, in order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.view.sent.iter().flat_map(|sent| &sent.events)
    }
}

fn looked_at(running: &Running, view: ScriptView) -> ScriptView {
    let vm = &running.machine.vm;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let variables = |all: Vec<(Vec<u8>, playground_lua::Value)>| {
        let all = all.into_iter();
        all.map(|(name, value)| Variable { name: text(name), value: vm.describe(value) }).collect()
    };
    let calls = vm.calls().into_iter();
    ScriptView {
        line: running.next_line(),
        calls: calls.map(|call| CallView { name: call.name.map(text), line: call.line }).collect(),
        locals: variables(vm.locals()),
        caught: variables(vm.upvalues()),
        sent: running.sent.clone().unwrap_or_default(),
        instructions: running.instructions,
        ..view
    }
}
