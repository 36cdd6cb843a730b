//! Programs whose output was recorded from the real Lua 5.1: `programs/NAME.lua` prints `programs/NAME.out`.
//!
//! `lua5.1 NAME.lua > NAME.out`, in that folder, records one.

use std::fs;
use std::path::Path;

use crate::ours;

#[test]
fn programs_print_what_the_real_interpreter_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lua/programs");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "lua") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let source = fs::read(&path).expect("a program");
        let expected = fs::read(path.with_extension("out")).expect("what it prints");
        let expected = String::from_utf8_lossy(&expected);
        for piece in [u64::MAX, 1_000, 7] {
            let printed = ours::run(&source, &name, piece);
            for (at, (theirs, ours)) in expected.lines().zip(printed.lines()).enumerate() {
                assert_eq!(ours, theirs, "{name}, line {} of the output, in pieces of {piece}", at + 1);
            }
            assert_eq!(printed.lines().count(), expected.lines().count(), "{name}");
        }
        count += 1;
    }
    assert!(count >= 3, "{count} programs");
}
