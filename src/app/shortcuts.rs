//! The page's shortcuts: one list, which the listener obeys and the page shows.
//!
//! Alt with a key by its place on the keyboard, since on some systems Alt makes another character of it. What one does is
//! told by its variant and done elsewhere.

use crate::state::layout::Zone;

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Prompt,
    OpenSession,
    NextSession,
    SessionBefore,
    Run,
    Step,
    NextExpiry,
    NextTimeout,
    Back,
    Forth,
    Return,
    Branch,
    Toggle(Zone),
    Script,
    Lessons,
    Help,
}

/// A shortcut that works everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    /// The key by its place, as browsers call it.
    pub code: &'static str,
    /// The same as it is printed on the key.
    pub key: &'static str,
    pub what: &'static str,
    pub act: Act,
}

const fn with(code: &'static str, key: &'static str, what: &'static str, act: Act) -> Shortcut {
    Shortcut { code, key, what, act }
}

/// With Alt, in the prompt and in the script: goes through the script of the command there.
pub const STEP_THROUGH: &str = "KeyG";

/// With Alt, everywhere on the page.
pub const EVERYWHERE: [Shortcut; 18] = [
    with("KeyT", "T", "Go to the prompt", Act::Prompt),
    with("KeyC", "C", "Open another session", Act::OpenSession),
    with("KeyJ", "J", "Go to the next session", Act::NextSession),
    with("KeyK", "K", "Go to the session before", Act::SessionBefore),
    with("KeyE", "E", "Open or close the script", Act::Script),
    with("KeyP", "P", "Pause the clock, or let it run", Act::Run),
    with("KeyS", "S", "Step the clock by one second", Act::Step),
    with("KeyN", "N", "Jump to the next expiry", Act::NextExpiry),
    with("KeyO", "O", "Jump to the next time-out of a session that waits", Act::NextTimeout),
    with("KeyZ", "Z", "Look at the step before", Act::Back),
    with("KeyY", "Y", "Look at the step after", Act::Forth),
    with("KeyR", "R", "Return to the present", Act::Return),
    with("KeyB", "B", "Branch from the step that is looked at", Act::Branch),
    with("Digit1", "1", "Show or hide the lesson", Act::Toggle(Zone::Learn)),
    with("Digit2", "2", "Show or hide the terminal", Act::Toggle(Zone::Do)),
    with("Digit3", "3", "Show or hide the pictures", Act::Toggle(Zone::See)),
    with("KeyL", "L", "Show the list of lessons, or the lesson again", Act::Lessons),
    with("KeyH", "H", "Show this list", Act::Help),
];

/// Keys that work in one place: where, and what they do.
pub const PLACES: [(&str, &[(&str, &str)]); 8] = [
    (
        "In the prompt",
        &[
            ("Enter", "Run the line, or go on in the next while a quote is open"),
            ("Shift+Enter", "Begin another line"),
            ("Ctrl+Enter", "Run it with its quote open"),
            ("Tab", "Complete; again for the next candidate"),
            ("Ctrl+R", "Search the history"),
            ("→ at the end", "Take the completion"),
            ("↑ ↓", "Recall lines"),
            ("Alt+G", "Step through the script of an EVAL or FCALL"),
            ("Esc", "Close what is open; give up a command of several lines; end what the session waits for"),
        ],
    ),
    (
        "In the script",
        &[
            ("Ctrl+Enter", "Run the command or the selection"),
            ("Ctrl+Shift+Enter", "Run all"),
            ("Alt+G", "Step through the script of an EVAL or FCALL"),
            ("Tab", "Complete; after Escape, leave"),
        ],
    ),
    (
        "Stepping through",
        &[
            ("S F10", "To the next line"),
            ("I F11", "The same, into functions"),
            ("C F8", "To a breakpoint or the end"),
            ("B", "Breakpoint at the line that comes next"),
            ("↑ ↓ Space", "In the line numbers: go to another, set a breakpoint"),
            ("R", "Begin again"),
            ("Ctrl+Enter", "Run it for real"),
            ("Esc", "Stop; nothing has happened"),
        ],
    ),
    (
        "In tabs",
        &[("← →", "The tab beside"), ("Home End", "The first, the last"), ("Delete", "Close the session")],
    ),
    (
        "In the list of keys",
        &[
            ("↑ ↓", "The key above or below"),
            ("→ ←", "Open a namespace, close it"),
            ("Home End", "The first, the last"),
        ],
    ),
    ("In code for clients", &[("← →", "The library beside"), ("Home End", "The first, the last")]),
    ("In a value", &[("Enter F2", "Change it"), ("Esc", "Leave it as it was")]),
    ("Between zones", &[("← →", "Narrower or wider"), ("Home End", "As narrow or wide as can be")]),
];

/// The shortcut of a key.
pub fn find(code: &str) -> Option<&'static Shortcut> {
    EVERYWHERE.iter().find(|shortcut| shortcut.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_and_no_act_is_listed_twice() {
        for (at, one) in EVERYWHERE.iter().enumerate() {
            for other in &EVERYWHERE[..at] {
                assert!(one.code != other.code && one.act != other.act && one.key != other.key, "{one:?}");
            }
            assert!(one.code.ends_with(one.key), "{one:?}");
            assert_eq!(find(one.code).map(|found| found.act), Some(one.act));
        }
    }
}
