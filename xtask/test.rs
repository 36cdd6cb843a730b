//! `cargo xtask test`: every test there is, in the order in which a mistake is cheapest to find.
//!
//! A suite that fails does not stop the next. Programs that tests start are told to them by environment variables:
//! `REDIS_SERVER`, `REDIS_CLI`, `REDIS_BENCHMARK`, `PYTHON`, `LUA`, `CHROMIUM`; `PLAYGROUND_SITE` is the built page and
//! `PLAYGROUND_URL` where `cargo xtask serve`'s own server has it.

use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow, bail};

use crate::build;
use crate::files;
use crate::paths::Paths;
use crate::process;
use crate::report::Report;
use crate::serve::Listener;
use crate::setup::node::Node;
use crate::setup::oracle::Oracle;
use crate::setup::python::Python;
use crate::setup::wasm_target::{self, Toolchain, native_cargo};
use crate::setup::{chromium, lua, node, oracle, python};
use crate::size;
use crate::tidy;

/// The crates that only exist for wasm32.
const WASM_PACKAGES: [&str; 4] = ["--package", "playground-app", "--package", "playground-wasm"];
/// Warnings are errors here, though not while one is still typing.
const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// Runs everything; an error when anything failed.
pub fn all(paths: &Paths, toolchain: Option<Toolchain>) -> Result<()> {
    let mut report = Report::default();
    report.run("formatting", || process::run(cargo(paths).args(["fmt", "--all", "--check"])));
    report.run("tidy", || tidy::check(paths));
    report.run("clippy", || process::run(cargo(paths).args(["clippy", "--all-targets"]).args(DENY)));
    // A workspace of its own, which nothing else builds; libFuzzer is C++.
    let cpp = process::find("c++").ok_or_else(|| anyhow!("there is no C++ compiler (c++)"));
    report.run_with("clippy for fuzzing", &cpp, |_| {
        let mut command = cargo(paths);
        command.args(["clippy", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"]);
        process::run(command.arg(paths.cargo.join("fuzz")).arg("--bins").args(DENY))
    });
    native(paths, &mut report);
    // A workspace of its own, too, for what it depends on; so code that does not compile stops no other test.
    report.run("lessons in redis-rs", || {
        let mut command = cargo(paths);
        command.args(["check", "--locked", "--manifest-path", "tests/clients/redis_rs/Cargo.toml"]);
        process::run(command.arg("--target-dir").arg(paths.cargo.join("redis-rs")))
    });
    let toolchain = wasm_target::ensure(toolchain);
    report.run_with("clippy for wasm", &toolchain, |toolchain| {
        process::run(toolchain.cargo(paths, "clippy").arg("--all-targets").args(WASM_PACKAGES).args(DENY))
    });
    wasm(paths, &mut report, &toolchain);
    report.finish()
}

/// The tests of the native crates, and of all in the page that needs no browser. Some of them need other programs, and
/// are listed by themselves when those are missing.
fn native(paths: &Paths, report: &mut Report) {
    let oracle = oracle::ensure(paths);
    let python = python::ensure(paths);
    let lua = lua::LUA.ensure();
    let node = node::ensure(paths);
    report.run("cargo test", || {
        let mut command = cargo(paths);
        command.arg("test").arg("--target-dir").arg(&paths.cargo);
        tell(&mut command, &oracle, &python);
        if let Ok(node) = &node {
            command.env("NODE", &node.program);
        }
        if let Ok(lua) = &lua {
            command.env("LUA", lua);
        }
        process::run(&mut command)
    });
    report.run("page, natively", || {
        let mut command = cargo(paths);
        command.args(["test", "--package", "playground-app", "--target-dir"]).arg(&paths.cargo);
        process::run(&mut command)
    });
    missing(report, &oracle, &["against a real Redis"]);
    missing(report, &python, &["redis-py client", "lessons in redis-py"]);
    missing(report, &lua, &["against a real Lua"]);
    missing(report, &node, &["ioredis client", "lessons in node-redis"]);
}

/// Lists what could not be run for want of something.
fn missing<T>(report: &mut Report, need: &Result<T>, suites: &[&str]) {
    if need.is_err() {
        for suite in suites {
            report.run_with(suite, &again(need), |()| Ok(()));
        }
    }
}

fn tell(command: &mut Command, oracle: &Result<Oracle>, python: &Result<Python>) {
    if let Ok(oracle) = oracle {
        oracle.tell(command);
    }
    if let Ok(python) = python {
        python.tell(command);
    }
}

/// The tests of what is built for JavaScript and browsers.
fn wasm(paths: &Paths, report: &mut Report, toolchain: &Result<Toolchain>) {
    let node = node::ensure(paths);
    let mut api = Err(anyhow!("the JavaScript packages were not built"));
    report.run_with("JavaScript packages", toolchain, |&toolchain| {
        api = build::api::build(paths, toolchain).map(drop);
        again(&api)
    });
    let ready = both(&node, &api);
    report.run_with("API in Node", &ready, |node| node_tests(paths, node.command(paths), "tests/wasm"));

    let mut page = Err(anyhow!("the page was not built"));
    report.run_with("page", toolchain, |&toolchain| {
        page = build::page::build(paths, toolchain, build::Care::Full);
        again(&page)
    });
    report.run_with("page size", &page, |site| size::check(site));
    let ready = chromium::CHROMIUM.ensure().and_then(|chromium| Ok((chromium, both(&node, &page)?)));
    report.run_with("browser", &ready, |(chromium, node)| {
        let mut command = browser_script(paths, node, chromium);
        command.env("PLAYGROUND_URL", serve_in_background(paths)?);
        node_tests(paths, command, "tests/browser")
    });
}

/// Serves the built page, as `cargo xtask serve` does, until this process ends; gives its address.
fn serve_in_background(paths: &Paths) -> Result<String> {
    let listener = Listener::bind(0)?;
    let (url, site) = (listener.address().to_owned(), paths.site());
    thread::spawn(move || listener.serve(&site));
    Ok(url)
}

/// Node, where what is to be tested could be built as well.
fn both<T>(node: &Result<Node>, built: &Result<T>) -> Result<Node> {
    again(built)?;
    match node {
        Ok(node) => Ok(node.clone()),
        Err(error) => bail!("{error:#}"),
    }
}

/// The error of `result` once more: both the suite that met it and the suites that build on it tell of it.
fn again<T>(result: &Result<T>) -> Result<()> {
    match result {
        Ok(_) => Ok(()),
        Err(error) => bail!("{error:#}"),
    }
}

/// A Node script that opens the built page in a browser of its own.
pub fn browser_script(paths: &Paths, node: &Node, chromium: &Path) -> Command {
    let mut command = node.command(paths);
    command.env("CHROMIUM", chromium).env("PLAYGROUND_SITE", paths.site());
    command
}

/// Runs the `*.test.mjs` files of `folder` under the test runner of the Node that `command` starts.
fn node_tests(paths: &Paths, mut command: Command, folder: &str) -> Result<()> {
    let here = files::under(&paths.root.join(folder), &["node_modules"])?;
    let names = here.iter().filter(|name| name.to_string_lossy().ends_with(".test.mjs"));
    let files: Vec<_> = names.map(|name| Path::new(folder).join(name)).collect();
    if files.is_empty() {
        bail!("{folder} holds no *.test.mjs");
    }
    // Two files at a time: what they do is mostly to wait.
    process::run(command.args(["--test", "--test-concurrency=2", "--test-reporter=spec"]).args(files))
}

fn cargo(paths: &Paths) -> Command {
    let mut command = native_cargo();
    command.current_dir(&paths.root);
    command
}
