//! The JavaScript API: the engine as a class, for Node and for other people's pages.
//! Knows how values cross into JavaScript; holds no Redis semantics of its own.

use wasm_bindgen::prelude::*;

/// The version of this package, as published.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
