//! Any bytes as the source of a program: compiled or refused, and what compiles is played for a while. A copy that is made
//! in the middle must end as its original does.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use playground_fuzz::play::Player;

const INSTRUCTIONS: u64 = 20_000;

fuzz_target!(|source: &[u8]| -> Corpus {
    let Some(mut player) = Player::start(source) else { return Corpus::Keep };
    // Follows from the input, so that a crash repeats.
    let sum = source.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let (piece, until_copy) = (1 + sum % 97, sum / 97 % 2_000);
    if player.play_in_pieces(until_copy, piece, false).is_some() {
        return Corpus::Keep;
    }
    let mut copy = player.clone();
    assert_eq!(player.look(), copy.look());
    player.collect();
    copy.collect();
    let end = player.play_in_pieces(INSTRUCTIONS, piece, false);
    assert_eq!(end, copy.play_in_pieces(INSTRUCTIONS, INSTRUCTIONS, false));
    assert_eq!(player.printed(), copy.printed());
    Corpus::Keep
});
