//! Lists against a plain vector, and node borders against those of the real server.

use super::*;
use crate::rng::Rng;

fn list_of(fill: Fill, elements: &[&[u8]]) -> List {
    let mut list = List::default();
    for element in elements {
        list.make_room(fill, 1, element.len());
        list.push(End::Tail, element);
    }
    list
}

fn elements(list: &List) -> Vec<Vec<u8>> {
    list.iter().map(Entry::to_vec).collect()
}

/// Elements of each node; a plain one counts as zero.
fn borders(list: &List) -> Vec<usize> {
    let counts = list.nodes().map(|node| match node {
        NodeRef::Packed(pack) => pack.len(),
        NodeRef::Plain(_) => 0,
    });
    counts.collect()
}

/// The counts that are kept agree with the nodes.
fn check(list: &List) {
    let Encoding::Quick(quick) = &list.encoding else { return };
    let bytes = quick.nodes().iter().map(|node| size_class(node.byte_len())).sum::<usize>();
    assert_eq!(quick.len(), quick.nodes().iter().map(Node::len).sum::<usize>());
    assert!(quick.nodes().iter().all(|node| !node.is_empty()));
    // A mean in floating point may fall short by one.
    assert!((OBJECT + 40 + quick.nodes().len() * 40 + bytes).abs_diff(quick.memory()) <= 1);
}

fn random_text(rng: &mut Rng) -> Vec<u8> {
    match rng.below(12) {
        0 => vec![b'y'; rng.below(9000)],
        1..4 => vec![b'z'; rng.below(300)],
        _ => rng.below(20).to_string().into_bytes(),
    }
}

fn random_edit(list: &mut List, model: &mut Vec<Vec<u8>>, fill: Fill, rng: &mut Rng) {
    let text = random_text(rng);
    let index = rng.below(model.len() + 1);
    match rng.below(10) {
        0..=2 => {
            list.make_room(fill, 1, text.len());
            list.push(End::Tail, &text);
            model.push(text);
        }
        3 => {
            list.make_room(fill, 1, text.len());
            list.push(End::Head, &text);
            model.insert(0, text);
        }
        4 => {
            assert_eq!(list.pop(End::Tail), model.pop());
            list.shrink(fill);
        }
        5 => {
            let first = (!model.is_empty()).then(|| model.remove(0));
            assert_eq!(list.pop(End::Head), first);
            list.shrink(fill);
        }
        6 => {
            list.make_room(fill, 1, text.len());
            assert_eq!(list.set(index as i64, &text), index < model.len());
            if let Some(place) = model.get_mut(index) {
                *place = text;
            }
        }
        7 if !model.is_empty() => {
            let pivot = model[rng.below(model.len())].clone();
            let at = model.iter().position(|element| *element == pivot).unwrap_or(0);
            let (side, at) = if rng.below(2) == 0 { (Side::Before, at) } else { (Side::After, at + 1) };
            list.make_room(fill, 1, text.len());
            assert!(list.insert(side, &pivot, &text));
            model.insert(at, text);
        }
        8 => remove_some(list, model, &text, rng),
        _ => {
            let count = rng.below(4);
            let end = (index + count).min(model.len());
            list.remove_range(index, count);
            model.drain(index.min(end)..end);
        }
    }
}

fn remove_some(list: &mut List, model: &mut Vec<Vec<u8>>, text: &[u8], rng: &mut Rng) {
    let limit = [1, 2, usize::MAX][rng.below(3)];
    let from_head = rng.below(2) == 0;
    let mut at: Vec<usize> = (0..model.len()).filter(|at| model[*at] == text).collect();
    if !from_head {
        at.reverse();
    }
    at.truncate(limit);
    at.sort_unstable();
    let removed = list.remove(if from_head { End::Head } else { End::Tail }, limit, text);
    assert_eq!(removed, at.len());
    for at in at.into_iter().rev() {
        model.remove(at);
    }
}

#[test]
fn random_edits_keep_step_with_a_vector() {
    for setting in [-1, -2, 0, 1, 3, 10] {
        let (fill, mut rng) = (Fill::new(setting), Rng::seeded(11));
        let (mut list, mut model) = (List::default(), Vec::new());
        for round in 0..6000 {
            random_edit(&mut list, &mut model, fill, &mut rng);
            if model.len() > 60 {
                list.remove_range(20, 30);
                model.drain(20..50);
            }
            check(&list);
            assert_eq!(list.len(), model.len(), "{setting} {round}");
            if round % 16 == 0 {
                assert_eq!(elements(&list), model, "{setting} {round}");
                let mut backwards: Vec<_> = list.iter_from(End::Tail).map(Entry::to_vec).collect();
                backwards.reverse();
                assert_eq!(backwards, model, "{setting} {round}");
                let index = rng.below(model.len() + 1);
                assert_eq!(list.get(index as i64), model.get(index).cloned());
                assert_eq!(list.get(-1 - index as i64), model.iter().rev().nth(index).cloned());
                let from: Vec<_> = list.iter_at(index, End::Head).map(Entry::to_vec).collect();
                assert_eq!(from, model[index.min(model.len())..]);
            }
        }
    }
}

#[test]
fn a_list_becomes_long_and_short_again() {
    let fill = Fill::new(4);
    let mut list = list_of(fill, &[b"1", b"2", b"3", b"4"]);
    assert_eq!(list.encoding(), "listpack");
    list.make_room(fill, 1, 1);
    list.push(End::Tail, b"5");
    assert_eq!((list.encoding(), borders(&list)), ("quicklist", vec![4, 1]));
    list.pop(End::Tail);
    list.shrink(fill);
    list.pop(End::Tail);
    list.shrink(fill);
    assert_eq!((list.encoding(), borders(&list)), ("quicklist", vec![3]));
    list.pop(End::Tail);
    list.shrink(fill);
    assert_eq!(list.encoding(), "listpack");
}

#[test]
fn a_full_node_is_split_and_its_neighbours_merge() {
    let fill = Fill::new(4);
    let mut list = list_of(fill, &[b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8"]);
    assert_eq!(borders(&list), [4, 4, 1]);
    list.insert(Side::After, b"5", b"new");
    assert_eq!(borders(&list), [4, 2, 4]);
    list.insert(Side::Before, b"4", b"x");
    assert_eq!(borders(&list), [4, 3, 4], "into the node, which has room");
    list.insert(Side::Before, b"0", b"first");
    assert_eq!(borders(&list), [1, 4, 3, 4], "a node of its own");
}

#[test]
fn an_element_too_big_stands_alone() {
    let (fill, big) = (Fill::new(-1), vec![b'b'; 5000]);
    let mut list = list_of(fill, &[b"1", b"2", b"3", b"4"]);
    list.make_room(fill, 1, big.len());
    assert!(list.set(1, &big));
    assert_eq!(borders(&list), [1, 0, 2]);
    assert!(list.set(1, b"2"));
    assert_eq!(borders(&list), [1, 3], "put into the node that follows");
    assert!(list.insert(Side::After, b"3", &big));
    assert_eq!(borders(&list), [1, 2, 0, 1]);
    assert_eq!(list.remove(End::Head, 1, &big), 1);
    assert_eq!(elements(&list), [b"1", b"2", b"3", b"4"]);
}

/// As `MEMORY USAGE key SAMPLES 0` counts them, less the key.
#[test]
fn memory_is_the_real_servers() {
    let mut list = list_of(Fill::new(-2), &[b"1", b"2", b"3"]);
    assert_eq!(list.memory(), 32);
    list.push(End::Tail, &[b'x'; 8180]);
    assert_eq!(list.memory(), 10_256);
    let list = list_of(Fill::new(-2), &[&[b'x'; 8193]]);
    assert_eq!(list.memory(), 10_336);
}

#[test]
fn a_list_is_made_again_of_its_nodes() {
    let fill = Fill::new(2);
    let list = list_of(fill, &[b"a", b"1", b"b"]);
    let nodes = list.nodes().map(|node| match node {
        NodeRef::Packed(pack) => Node::Packed(pack.clone()),
        NodeRef::Plain(element) => Node::Plain(element.into()),
    });
    let mut again = List::from_nodes(fill, nodes);
    assert_eq!((elements(&again), borders(&again)), (elements(&list), borders(&list)));
    again.settle(Fill::new(-2));
    assert_eq!(again.encoding(), "quicklist", "two nodes stay two");
    again.remove_range(2, 1);
    again.settle(Fill::new(2));
    assert_eq!(again.encoding(), "listpack");
}

#[test]
fn it_takes_two_words_where_it_stands() {
    assert_eq!(size_of::<List>(), 16);
}
