//! What must hold of a stream whatever happens to it, shown against a plain list of entries; and sizes as recorded.

use super::*;
use crate::rng::Rng;

const USUAL: Limits = Limits { bytes: 4096, entries: 100 };

fn id(ms: u64) -> StreamId {
    StreamId::new(ms, 0)
}

fn pairs(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

/// A stream that is what `model` is, looked at in every way.
fn assert_same(stream: &Stream, model: &[Message]) {
    let up: Vec<Message> =
        stream.entries().range(StreamId::MIN, StreamId::MAX).map(|e| (e.id(), e.fields())).collect();
    let down: Vec<StreamId> =
        stream.entries().range_down(StreamId::MIN, StreamId::MAX).map(|e| e.id()).collect();
    assert_eq!(up, model);
    assert!(down.iter().eq(model.iter().rev().map(|(id, _)| id)));
    assert_eq!(stream.elements(), model.len());
    assert_eq!(stream.progress().len, model.len() as u64);
    assert_eq!(stream.progress().first_id, model.first().map_or(StreamId::MIN, |(id, _)| *id));
    let (parts, mut shrunk) = (parts_of(stream), stream.clone());
    shrunk.0.entries.shrink();
    let again = Stream::from_parts(parts).expect("what was taken apart fits together");
    assert_eq!(again.memory(), shrunk.memory(), "sizes kept and sizes counted anew");
}

fn parts_of(stream: &Stream) -> StreamParts {
    let progress = stream.progress();
    let group = |(name, group): (&[u8], &Group)| GroupParts {
        name: name.to_vec(),
        last_id: group.last_id,
        entries_read: group.entries_read(),
        pending: group.pending().iter().map(|(id, one)| (*id, one.delivered_at, one.deliveries)).collect(),
        consumers: group
            .consumers()
            .map(|consumer| ConsumerParts {
                name: consumer.name().to_vec(),
                seen_at: consumer.seen_at,
                active_at: consumer.active_at,
                pending: consumer.pending().iter().map(|(id, ())| *id).collect(),
            })
            .collect(),
    };
    StreamParts {
        nodes: stream.entries().nodes().map(|(id, bytes)| (id, bytes.to_vec())).collect(),
        len: progress.len,
        last_id: progress.last_id,
        max_deleted_id: progress.max_deleted_id,
        entries_added: progress.entries_added,
        groups: stream.groups().map(group).collect(),
    }
}

#[test]
fn a_stream_is_a_list_of_entries_whatever_its_nodes() {
    let mut rng = Rng::seeded(5);
    for entries in [0, 1, 2, 3, 7] {
        let limits = Limits { bytes: 200, entries };
        let (mut stream, mut model) = (Stream::default(), Vec::<Message>::new());
        for step in 1..400_u64 {
            match rng.below(8) {
                0..=4 => {
                    let words =
                        [["a", "1"].as_slice(), &["a", "x", "b", "-5"], &["", "long enough to matter"]];
                    let words = pairs(words[rng.below(3)]);
                    stream.append(id(step), &words, limits);
                    let fields = words.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
                    model.push((id(step), fields.collect()));
                }
                5 => {
                    let at = id(step.saturating_sub(rng.below(12) as u64));
                    let before = model.len();
                    model.retain(|(id, _)| *id != at);
                    assert_eq!(stream.delete(at), model.len() < before);
                }
                6 => {
                    let most = rng.below(20);
                    let evicted = stream.trim(Keep::Newest(most as u64), Precision::Exact);
                    assert_eq!(evicted, model.len().saturating_sub(most));
                    model.drain(..evicted);
                }
                _ => {
                    let first = id(step.saturating_sub(rng.below(25) as u64));
                    let evicted = stream.trim(Keep::From(first), Precision::Exact);
                    model.drain(..evicted);
                    assert!(model.iter().all(|(id, _)| *id >= first));
                }
            }
            assert_same(&stream, &model);
        }
    }
}

#[test]
fn ranges_begin_and_end_where_they_are_told_to() {
    let mut stream = Stream::default();
    for ms in 1..=20 {
        stream.append(id(ms), &pairs(&["a", "1"]), Limits { bytes: 4096, entries: 3 });
    }
    stream.delete(id(7));
    for (start, end) in [(0, 30), (7, 7), (6, 8), (3, 4), (20, 21), (21, 30), (9, 5)] {
        let expected: Vec<u64> = (start..=end).filter(|ms| (1..=20).contains(ms) && *ms != 7).collect();
        let up: Vec<u64> = stream.entries().range(id(start), id(end)).map(|e| e.id().ms).collect();
        let mut down: Vec<u64> = stream.entries().range_down(id(start), id(end)).map(|e| e.id().ms).collect();
        down.reverse();
        assert_eq!((&up, &down), (&expected, &expected), "{start} to {end}");
    }
}

/// Recorded from Redis 8.0 as `MEMORY USAGE … SAMPLES 0`, without the 32 bytes of the key.
#[test]
fn sizes_are_redis_own() {
    let mut stream = Stream::default();
    assert_eq!(stream.memory(), 340);
    for ms in 1..=250 {
        stream.append(id(ms), &pairs(&["field", &ms.to_string()]), USUAL);
    }
    let full = stream.memory();
    stream.create_group(b"workers", StreamId::MIN, None);
    let (ann, _) = stream.edit_group(b"workers", |group| group.create_consumer(b"ann", 0)).expect("a group");
    stream.deliver(b"workers", ann, 120, 0, false);
    let delivered = stream.memory();
    stream.trim(Keep::Newest(30), Precision::Exact);
    assert_eq!((full, delivered, stream.memory()), (8496, 133_387, 129_587));
    assert_eq!(stream.duplicate().memory(), 126_131, "a copy has nothing in reserve");
}

#[test]
fn what_is_not_a_stream_is_not_taken() {
    let mut stream = Stream::default();
    for ms in 1..=5 {
        stream.append(id(ms), &pairs(&["a", "1"]), Limits { bytes: 4096, entries: 2 });
    }
    stream.create_group(b"g", StreamId::MIN, None);
    let (ann, _) = stream.edit_group(b"g", |group| group.create_consumer(b"ann", 0)).expect("a group");
    stream.deliver(b"g", ann, 2, 0, false);
    let whole = parts_of(&stream);
    assert!(Stream::from_parts(whole.clone()).is_some());
    let broken: [fn(&mut StreamParts); 8] = [
        |parts| parts.len += 1,
        |parts| parts.last_id = id(3),
        |parts| parts.nodes.reverse(),
        |parts| parts.nodes[0].0 = id(2),
        |parts| parts.groups.push(parts.groups[0].clone()),
        |parts| parts.groups[0].pending.clear(),
        |parts| parts.groups[0].consumers[0].pending.clear(),
        |parts| parts.groups[0].consumers.extend_from_within(..),
    ];
    for (case, break_it) in broken.into_iter().enumerate() {
        let mut parts = whole.clone();
        break_it(&mut parts);
        assert!(Stream::from_parts(parts).is_none(), "{case}");
    }
}

/// Whatever bytes come in place of a node's, they are refused or can be walked without harm.
#[test]
fn damaged_nodes_do_no_harm() {
    let mut stream = Stream::default();
    stream.append(id(1), &pairs(&["a", "1", "b", "two"]), USUAL);
    stream.append(id(2), &pairs(&["a", "x"]), USUAL);
    stream.delete(id(1));
    let whole = parts_of(&stream);
    for at in 0..whole.nodes[0].1.len() {
        for byte in [0, 1, 2, 0x7F, 0x80, 0x81, 0xC0, 0xF0, 0xF4, 0xFF] {
            let mut parts = whole.clone();
            parts.nodes[0].1[at] = byte;
            if let Some(mut stream) = Stream::from_parts(parts) {
                assert_eq!(stream.entries().range(StreamId::MIN, StreamId::MAX).count(), stream.elements());
                stream.trim(Keep::Newest(0), Precision::Exact);
            }
        }
    }
}

#[test]
fn an_acknowledged_entry_is_nowhere_pending() {
    let mut stream = Stream::default();
    for ms in 1..=6 {
        stream.append(id(ms), &pairs(&["a", "1"]), USUAL);
    }
    stream.create_group(b"g", StreamId::MIN, None);
    let [ann, bob] = [b"ann", b"bob"]
        .map(|name| stream.edit_group(b"g", |group| group.create_consumer(name, 0)).expect("a group").0);
    stream.deliver(b"g", ann, 4, 10, false);
    let claim = Claim {
        consumer: bob,
        now: 50,
        min_idle: 40,
        delivered_at: 50,
        deliveries: None,
        just_id: false,
        force: false,
    };
    stream.delete(id(3));
    let walk = stream.auto_claim(b"g", id(2), 2, &claim);
    assert_eq!(walk, AutoClaim { next: id(4), claimed: vec![id(2)], deleted: vec![id(3)] });
    stream.edit_group(b"g", |group| {
        let of = |group: &Group, key| group.consumer(key).map(|one| one.pending().len());
        assert_eq!((of(group, ann), of(group, bob), group.pending().len()), (Some(2), Some(1), 3));
        assert!(group.acknowledge(id(2)) && !group.acknowledge(id(2)));
        assert_eq!(group.remove_consumer(b"ann"), Some(2));
        assert!(group.pending().is_empty() && of(group, bob) == Some(0));
    });
}
