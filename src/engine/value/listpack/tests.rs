//! The listpack against a plain vector, and against bytes of the real server.

use super::*;
use crate::rng::Rng;

fn pack(texts: &[&[u8]]) -> Listpack {
    let mut pack = Listpack::default();
    for text in texts {
        pack.push_back(text);
    }
    pack
}

fn texts(pack: &Listpack) -> Vec<Vec<u8>> {
    pack.iter().map(Entry::to_vec).collect()
}

/// What `DUMP` of the real server shows of `RPUSH k 1 -1 300 70000 16777216 -9223372036854775808 abc`.
#[test]
fn bytes_are_the_real_servers() {
    let made = pack(&[b"1", b"-1", b"300", b"70000", b"16777216", b"-9223372036854775808", b"abc"]);
    let expected = b"\x29\x00\x00\x00\x07\x00\x01\x01\xdf\xff\x02\xc1\x2c\x02\xf2\x70\x11\x01\x04\
        \xf3\x00\x00\x00\x01\x05\xf4\x00\x00\x00\x00\x00\x00\x00\x80\x09\x83abc\x04\xff";
    assert_eq!(made.as_bytes(), expected);
    assert_eq!(Listpack::from_bytes(expected.to_vec()), Some(made));
}

#[test]
fn every_kind_of_entry_comes_back_from_both_sides() {
    let mut all: Vec<Vec<u8>> = [0, 1, 63, 64, 125, 126, 127, 128, 4095, 4096, 16_380, 16_390, 70_000]
        .iter()
        .map(|len| vec![b'x'; *len])
        .collect();
    for bits in 0..63 {
        for near in [-1, 0, 1] {
            all.push(((1_i64 << bits) + near).to_string().into_bytes());
            all.push((-(1_i64 << bits) + near).to_string().into_bytes());
        }
    }
    all.extend([i64::MAX.to_string().into_bytes(), i64::MIN.to_string().into_bytes(), b"007".to_vec()]);
    let made = pack(&all.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(texts(&made), all);
    assert_eq!(made.byte_len(), EMPTY + all.iter().map(|text| entry(text)).sum::<usize>());
    all.reverse();
    assert_eq!(made.iter().rev().map(Entry::to_vec).collect::<Vec<_>>(), all);
    assert_eq!(Listpack::from_bytes(made.as_bytes().to_vec()).as_ref(), Some(&made));
}

#[test]
fn random_edits_keep_step_with_a_vector() {
    let mut rng = Rng::seeded(7);
    let (mut pack, mut model) = (Listpack::default(), Vec::<Vec<u8>>::new());
    for _ in 0..20_000 {
        let text = match rng.below(4) {
            0 => vec![b'y'; rng.below(200)],
            1 => (rng.next_u64() as i64 >> rng.below(64)).to_string().into_bytes(),
            _ => rng.below(100).to_string().into_bytes(),
        };
        let index = rng.below(model.len() + 1);
        let at = pack.seek(index as i64);
        match (rng.below(9), at) {
            (0..=2, at) => {
                let put = pack.insert_before(at, &text);
                assert!(pack.get(put).is(&text));
                model.insert(index, text);
            }
            (3, Some(at)) => {
                pack.replace(at, &text);
                model[index] = text;
            }
            (4..=5, Some(at)) => {
                let next = pack.remove(at);
                model.remove(index);
                assert_eq!(next.map(|next| pack.get(next).to_vec()), model.get(index).cloned());
            }
            (6, _) => {
                let count = rng.below(4);
                pack.remove_range(index as i64, count);
                let end = (index + count).min(model.len());
                model.drain(index.min(end)..end);
            }
            (7, Some(at)) => {
                let tail = pack.split_off(at);
                assert_eq!(texts(&tail), model[index..]);
                assert_eq!(texts(&pack), model[..index]);
                pack.append(&tail);
            }
            _ => {
                let found = pack.find(&text, 1).map(|at| pack.get(at).to_vec());
                assert_eq!(found, model.iter().find(|other| **other == text).cloned());
            }
        }
        assert_eq!(pack.len(), model.len());
        // Keeps it at a length where walks from both ends are taken.
        while model.len() > 40 {
            pack.remove_range(-1, 1);
            model.pop();
        }
    }
    assert_eq!(texts(&pack), model);
    assert_eq!(Listpack::from_bytes(pack.as_bytes().to_vec()), Some(pack));
}

#[test]
fn a_search_looks_at_every_other_entry_only() {
    let pack = pack(&[b"a", b"x", b"x", b"1", b"1", b"2"]);
    let index = |text: &[u8]| {
        let found = pack.find(text, 2)?;
        (0..6).find(|index| pack.seek(*index) == Some(found))
    };
    assert_eq!((index(b"a"), index(b"x"), index(b"1"), index(b"2")), (Some(0), Some(2), Some(4), None));
}

/// Whatever is flipped, cut or added: refused, or read without harm.
#[test]
fn bytes_from_outside_do_no_harm() {
    let long = vec![b'z'; 300];
    let sound = pack(&[b"abc", b"12345", b"-7", &long, b"", b"99999999999"]).as_bytes().to_vec();
    let mut rng = Rng::seeded(3);
    let mut taken = 0;
    for _ in 0..20_000 {
        let mut bytes = sound.clone();
        for _ in 0..=rng.below(3) {
            let at = rng.below(bytes.len());
            bytes[at] = rng.next_u64() as u8;
        }
        if rng.below(4) == 0 {
            bytes.truncate(rng.below(bytes.len()));
        }
        if let Some(pack) = Listpack::from_bytes(bytes) {
            taken += 1;
            assert_eq!(pack.iter().count(), pack.iter().rev().count());
        }
    }
    assert!(taken > 0, "a flipped letter is still a listpack");
    assert_eq!(Listpack::from_bytes(Vec::new()), None);
}

#[test]
fn beyond_what_the_header_counts_the_length_is_known() {
    let mut pack = Listpack::default();
    for n in 0..70_000_u32 {
        pack.push_back(n.to_string().as_bytes());
    }
    assert_eq!(pack.len(), 70_000);
    assert_eq!(pack.as_bytes()[4..6], [0xFF, 0xFF]);
    assert_eq!(Listpack::from_bytes(pack.as_bytes().to_vec()).map(|pack| pack.len()), Some(70_000));
}
