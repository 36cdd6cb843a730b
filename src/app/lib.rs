//! The page: a terminal, pictures of what happens inside, and a lesson beside them.
//!
//! What a command does and prints is the engine's business; what a lesson says is data. This crate draws, and decides
//! nothing about Redis.
//!
//! Map: [`bridge`] owns the engine and is the only one to touch it; [`state`] holds what is shown, with pure reducers;
//! [`components`] draw from props, one a file; [`hooks`] hold the effects (time, storage, fetching). Text in, text
//! out: [`grammar`] reads command lines, [`highlight`], [`lua_words`], [`complete`], [`draft`], [`multiline`],
//! [`explain`], [`help`], [`client_words`], [`paste`] and [`quote`] are about them, [`reply_views`] about answers, [`format`] about figures; [`squarify`] is geometry.
//! Everything but [`run`] also compiles and is tested natively.

pub mod app;
pub mod bridge;
pub mod client_words;
pub mod complete;
pub mod components;
pub mod draft;
pub mod escape;
pub mod explain;
pub mod format;
pub mod grammar;
pub mod help;
pub mod highlight;
pub mod hooks;
pub mod json;
pub mod lessons;
pub mod link;
pub mod lua_words;
pub mod multiline;
pub mod paste;
pub mod progress;
pub mod quote;
pub mod record;
pub mod reply_views;
pub mod saved;
pub mod shortcuts;
pub mod squarify;
pub mod state;

/// Mounts the page in the element that `index.html` keeps for it.
pub fn run() {
    yew::set_custom_panic_hook(Box::new(|info| hooks::browser::show_crash(&info.to_string())));
    if let Some(root) = hooks::browser::element("app") {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
