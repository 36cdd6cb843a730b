//! Programs that compile, made of a fuzzer's bytes by a grammar: the size of the pieces in which one is played is nothing
//! that it could tell, nor is it when garbage is collected.
#![no_main]

use libfuzzer_sys::fuzz_target;
use playground_fuzz::grammar::Maker;
use playground_fuzz::play::{End, Player};
use playground_lua::Abort;

const INSTRUCTIONS: u64 = 50_000;

fuzz_target!(|bytes: &[u8]| {
    let (size, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let piece = 1 + u64::from(*size).pow(2) / 16;
    let maker = Maker::new(bytes);
    let sees_memory = maker.sees_memory;
    let source = maker.program();
    if std::env::var_os("PLAYGROUND_FUZZ_SHOW").is_some() {
        println!("{source}");
    }
    // What is nested too deep, or has too many constants, is refused.
    let Some(mut whole) = Player::start(source.as_bytes()) else { return };
    let (mut pieces, mut collected) = (whole.clone(), whole.clone());
    let end = whole.play_in_pieces(INSTRUCTIONS, INSTRUCTIONS, false);
    assert_eq!(end, pieces.play_in_pieces(INSTRUCTIONS, piece, false), "in pieces of {piece}");
    assert_eq!(whole.printed(), pieces.printed(), "in pieces of {piece}");

    let is_out_of_memory = end == Some(End::Aborted(Abort::Memory));
    if is_out_of_memory || sees_memory {
        return;
    }
    let piece = piece.max(INSTRUCTIONS / 500);
    assert_eq!(
        end,
        collected.play_in_pieces(INSTRUCTIONS, piece, true),
        "collected each {piece} instructions"
    );
    assert_eq!(whole.printed(), collected.printed(), "collected each {piece} instructions");
});
