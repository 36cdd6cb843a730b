//! `cargo xtask fuzz TARGET`: runs a fuzz target of `fuzz/` for a while.
//!
//! cargo-fuzz does the work; it is installed where it is missing. The compiler's instrumentation for it is there in a stable
//! Rust, too, but has to be unlocked. What was found stays in `fuzz/artifacts`, inputs of interest in `fuzz/corpus`.

use std::fs;

use anyhow::{Result, bail};

use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::native_cargo;

/// The targets, and what libFuzzer is to know about each.
const TARGETS: [(&str, &[&str]); 2] = [
    ("lua_source", &["-dict=fuzz/lua.dict", "-max_len=4096"]),
    ("lua_program", &["-len_control=0", "-max_len=1500"]),
];
/// Seconds and megabytes that one input may take: each is given very few instructions.
const LIMITS: [&str; 2] = ["-timeout=20", "-rss_limit_mb=1500"];

pub fn run(paths: &Paths, target: &str, seconds: u64) -> Result<()> {
    let Some((name, options)) = TARGETS.iter().find(|(name, _)| *name == target) else {
        let names = TARGETS.map(|(name, _)| name).join(", ");
        bail!("there is no fuzz target `{target}`; there are {names}");
    };
    if process::find("cargo-fuzz").is_none() {
        process::run(native_cargo().args(["install", "--locked", "cargo-fuzz"]))?;
    }
    let corpus = format!("fuzz/corpus/{name}");
    fs::create_dir_all(paths.root.join(&corpus))?;
    let seeds = format!("fuzz/seeds/{name}");
    let has_seeds = paths.root.join(&seeds).is_dir();
    let mut command = native_cargo();
    // Nothing is unsafe here, so that a sanitizer of memory finds nothing and takes half of the time.
    command.current_dir(&paths.root).env("RUSTC_BOOTSTRAP", "1");
    command.args(["fuzz", "run", "--sanitizer", "none", "--target-dir"]).arg(paths.cargo.join("fuzz"));
    command.arg(name).arg(corpus).args(has_seeds.then_some(seeds)).arg("--");
    command.arg(format!("-max_total_time={seconds}")).args(LIMITS).args(*options);
    process::run(&mut command)
}
