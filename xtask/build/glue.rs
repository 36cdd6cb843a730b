//! From cargo's .wasm file to what JavaScript can load: wasm-bindgen writes the glue, wasm-opt makes the code smaller.
//! The slow part of an incremental build, so nothing is done again while its input is the same.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::Care;
use crate::paths::Paths;
use crate::process;
use crate::setup::node::{self, Node};

/// The name of the files: `NAME.js`, `NAME_bg.wasm`, `NAME.d.ts`.
const NAME: &str = "playground";
/// A script of npm's `binaryen`, which holds wasm-opt itself compiled to WebAssembly.
const WASM_OPT: &str = "binaryen/bin/wasm-opt";
/// Who loads the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A browser, as an ES module told where the .wasm file is.
    Web,
    /// Node, by `require` or `import`, synchronously.
    Node,
}

/// Writes the glue and the optimised code of `wasm` into `folder`, unless they are there already.
pub fn generate(paths: &Paths, wasm: &Path, folder: &Path, target: Target, care: Care) -> Result<()> {
    let code = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let optimiser = || {
        node::ensure(paths)
            .inspect_err(|error| eprintln!("note: the code is left larger than it could be: {error:#}"))
            .ok()
    };
    let node = if care == Care::Full { optimiser() } else { None };
    let fingerprint = fingerprint(&code, target, node.is_some());
    let stamp = folder.join(".input");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == fingerprint) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let _ = fs::remove_file(&stamp);
    bindgen(wasm, folder, target, care)?;
    if let Some(node) = node {
        optimise(paths, &node, &folder.join(format!("{NAME}_bg.wasm")))?;
    }
    fs::write(stamp, fingerprint)?;
    Ok(())
}

/// Differs whenever the output would. The versions of both tools are pinned by lock files beside the source, and a
/// change of them is rare: they are told apart by this tool's own build.
fn fingerprint(code: &[u8], target: Target, optimised: bool) -> String {
    let mut hasher = DefaultHasher::new();
    code.hash(&mut hasher);
    target.hash(&mut hasher);
    optimised.hash(&mut hasher);
    include_str!("../../Cargo.lock").hash(&mut hasher);
    include_str!("../../tests/browser/package-lock.json").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn bindgen(wasm: &Path, folder: &Path, target: Target, care: Care) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(NAME).typescript(true);
    // A profiler wants the names of functions.
    bindgen.remove_name_section(care == Care::Full).remove_producers_section(true);
    match target {
        Target::Web => bindgen.web(true)?,
        Target::Node => bindgen.nodejs(true)?,
    };
    bindgen.generate(folder).context("wasm-bindgen")
}

fn optimise(paths: &Paths, node: &Node, wasm: &Path) -> Result<()> {
    let smaller = wasm.with_extension("smaller");
    let mut command = node.command(paths);
    command.arg(node.package_file(WASM_OPT)).arg("-Oz");
    process::run(command.arg(wasm).arg("-o").arg(&smaller))?;
    fs::rename(smaller, wasm)?;
    Ok(())
}
