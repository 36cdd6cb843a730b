//! The same input gives the same run: twice here, and once more in WebAssembly, where Node compares with what is pinned.

use playground_tests::determinism::{PINNED, SEED, play};
use playground_tests::files;

#[test]
fn two_runs_end_alike() {
    assert_eq!(play(SEED), play(SEED));
}

#[test]
fn another_seed_ends_otherwise() {
    let (one, other) = (play(SEED), play(SEED + 1));
    assert_ne!(one.state, other.state);
    assert_ne!(one.answers, other.answers, "the script asks for random members");
}

#[test]
fn the_run_is_as_pinned() {
    let pinned = files::read(&files::root().join(PINNED));
    assert_eq!(play(SEED).text(), pinned, "if the engine was meant to change: cargo xtask generate");
}
