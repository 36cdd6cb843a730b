//! The redis-rs code of the lessons, a module for each lesson, and stand-ins for what it leaves to the reader.
//!
//! It is compiled, and not run. An error names a file with the lesson's name, and the line in the lesson.

#![deny(warnings)]
#![allow(dead_code, unused_imports, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// What lessons take from elsewhere.
mod besides {
    pub use std::collections::HashMap;
    pub use std::error::Error;

    pub use sha1::{Digest, Sha1};

    #[derive(serde::Deserialize, serde::Serialize)]
    pub struct Product;

    pub fn load_from_database(_id: u64) -> Result<Option<Product>, Box<dyn Error>> {
        Ok(None)
    }

    pub fn save_to_database(_id: u64, _product: &Product) -> Result<(), Box<dyn Error>> {
        Ok(())
    }
}

/// What those without a `use` of redis-rs take from there.
mod redis_besides {
    pub use redis::{Commands, Connection, ExistenceCheck, RedisResult, SetExpiry, SetOptions};
}
