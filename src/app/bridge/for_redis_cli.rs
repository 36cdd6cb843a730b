//! What is taken along for redis-cli: the lines that were typed, and the data as commands.
//!
//! redis-cli plays either into a server over one connection. What a command means is not known here.

use playground_engine::session::Session;
use playground_engine::{Engine, Reply, parse, print};

use super::Bridge;
use super::world::{self, World};
use crate::state::sessions::TabId;

impl Bridge {
    /// What was typed, session by session. One connection plays it, so what waits or listens is only named.
    pub(super) fn typed(&self) -> String {
        let oldest = self.journal.oldest();
        let Some((mut at, mut world)) = self.journal.nearest(oldest) else { return String::new() };
        let mut sections: Vec<(TabId, String)> = Vec::new();
        while at < self.journal.steps() {
            at += 1;
            let Some(input) = self.journal.input(at) else { continue };
            world.apply(input);
            let world::Input::Line { tab, line } = input else { continue };
            let stops = |world: &World| {
                world.session(*tab).is_none_or(Session::is_blocked)
                    || world.id(*tab).is_some_and(|id| world.engine.is_listening(id))
            };
            let text = if stops(&world) {
                note(&format!("left out, since it waits: {line}"))
            } else {
                for_redis_cli(line)
            };
            match sections.iter_mut().find(|(of, _)| of == tab) {
                Some((_, section)) => section.push_str(&text),
                None => sections.push((*tab, text)),
            }
        }
        let (one, mut all) = (sections.len() < 2, String::new());
        for (number, (tab, section)) in sections.into_iter().enumerate() {
            if number > 0 {
                all.push_str("RESET\n");
            }
            if !one {
                all.push_str(&note(&format!("session {}", self.clients.name_of(tab).unwrap_or_default())));
            }
            all.push_str(&section);
        }
        all
    }
}

/// redis-cli knows no comments in what it is fed: it would send them.
fn note(text: &str) -> String {
    format!("ECHO {}\n", print::quoted(text.as_bytes()))
}

/// A line as redis-cli takes it: on one line, and not as one of its own (`5 INCR n` runs five times).
fn for_redis_cli(line: &str) -> String {
    let is_plain = !line.contains(['\n', '\r']) && !line.starts_with(|first: char| first.is_ascii_digit());
    match parse::split_line(line.as_bytes()) {
        Ok(argv) if !is_plain => {
            let words: Vec<String> = argv.iter().map(|word| print::quoted(word)).collect();
            words.join(" ") + "\n"
        }
        Ok(_) => format!("{line}\n"),
        Err(_) => note(&format!("left out, since it cannot be split into words: {line}")),
    }
}

/// All keys as commands that make them elsewhere, with the time they have left. Asked of a copy, since reading leaves traces.
pub(super) fn data(engine: &Engine) -> String {
    let mut copy = engine.clone();
    let session = copy.connect();
    let now = copy.now();
    let mut text = String::new();
    for database in engine.snapshot().databases {
        let index = database.index;
        copy.execute(session, vec![b"SELECT".to_vec(), index.to_string().into_bytes()]);
        text.push_str(&format!("SELECT {index}\n"));
        for key in engine.keys(index, 0, usize::MAX) {
            let left = key.expires_at.map(|at| at.saturating_sub(now));
            let dumped = copy.execute(session, vec![b"DUMP".to_vec(), key.key.clone()]).reply;
            if let (Reply::Bulk(bytes), false) = (dumped, left == Some(0)) {
                let (name, value) = (print::quoted(&key.key), print::quoted(&bytes));
                text.push_str(&format!("RESTORE {name} {} {value} REPLACE\n", left.unwrap_or(0)));
            }
        }
    }
    text
}
