//! What is drawn, one component a file. Components take props and callbacks; none of them knows the engine.

pub mod bottom_bar;
pub mod clock_bar;
pub mod clock_menu;
pub mod document;
pub mod elements;
pub mod exchange;
pub mod fields;
pub mod header;
pub mod icon;
pub mod inspector;
pub mod key_list;
pub mod key_row;
pub mod keyspace_view;
pub mod learn;
pub mod members;
pub mod play;
pub mod prompt;
pub mod ranking;
pub mod see;
pub mod splitter;
pub mod step;
pub mod stream_log;
pub mod terminal;
pub mod timeline;
pub mod type_badge;
