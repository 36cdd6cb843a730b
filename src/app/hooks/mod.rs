//! Effects: what the page does to the browser and hears from it. Reducers and drawing stay free of them.

pub mod browser;
pub mod files;
pub mod lab_player;
pub mod listener;
pub mod store;
pub mod use_bridge;
pub mod use_editor;
pub mod use_ghosts;
pub mod use_hidden;
pub mod use_inspect;
pub mod use_lab;
pub mod use_lesson;
pub mod use_line_history;
pub mod use_refresh;
pub mod use_save;
pub mod use_sessions;
pub mod use_shortcuts;
pub mod use_survey;
pub mod use_theme;
pub mod use_ticker;

pub use use_bridge::use_bridge;
pub use use_editor::use_editor;
pub use use_ghosts::use_ghosts;
pub use use_hidden::use_hidden;
pub use use_inspect::use_inspect;
pub use use_lab::use_lab;
pub use use_lesson::use_lesson;
pub use use_line_history::use_line_history;
pub use use_refresh::use_refresh;
pub use use_save::use_save;
pub use use_sessions::use_sessions;
pub use use_shortcuts::use_shortcuts;
pub use use_survey::use_survey;
pub use use_theme::use_theme;
pub use use_ticker::use_ticker;
