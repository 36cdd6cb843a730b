//! A long sorted list in short pieces, with running sums.
//!
//! To insert into one long array moves half of it; here it moves half of a piece. Each piece knows how much its items
//! weigh, so a place is found from its number, and a number from its place, by adding up pieces. What an item is, and by
//! which order the list is sorted, is its owner's affair.

use std::cmp::Ordering;

use crate::state::memory::Share;

/// Items of a piece: it is split when it has more.
const MOST: usize = 512;

/// What an item counts for.
pub trait Weighted {
    fn weight(&self) -> Share;
}

/// A place: a piece, and a place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    piece: usize,
    at: usize,
}

#[derive(Clone, Debug)]
struct Piece<T> {
    items: Vec<T>,
    sum: Share,
}

#[derive(Clone, Debug)]
pub struct Chunked<T> {
    pieces: Vec<Piece<T>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

fn plus(a: Share, b: Share) -> Share {
    Share { keys: a.keys + b.keys, bytes: a.bytes + b.bytes }
}

pub fn minus(a: Share, b: Share) -> Share {
    Share { keys: a.keys.saturating_sub(b.keys), bytes: a.bytes.saturating_sub(b.bytes) }
}

fn sum<T: Weighted>(items: &[T]) -> Share {
    items.iter().fold(Share::default(), |sum, item| plus(sum, item.weight()))
}

impl<T: Weighted> Piece<T> {
    fn new(items: Vec<T>) -> Self {
        let sum = sum(&items);
        Self { items, sum }
    }
}

impl<T: Weighted> Chunked<T> {
    /// Of items in order.
    pub fn of(items: impl IntoIterator<Item = T>) -> Self {
        let (mut pieces, mut len) = (Vec::new(), 0);
        let mut items = items.into_iter();
        loop {
            // Pieces begin less than full, so that the first insertions split none.
            let piece: Vec<T> = items.by_ref().take(MOST / 4 * 3).collect();
            if piece.is_empty() {
                return Self { pieces, len };
            }
            len += piece.len();
            pieces.push(Piece::new(piece));
        }
    }

    pub fn into_items(self) -> impl Iterator<Item = T> {
        self.pieces.into_iter().flat_map(|piece| piece.items)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn sum(&self) -> Share {
        self.pieces.iter().fold(Share::default(), |sum, piece| plus(sum, piece.sum))
    }

    /// Where an item is, or where it would be.
    pub fn find(&self, mut order: impl FnMut(&T) -> Ordering) -> Result<Spot, Spot> {
        let piece =
            self.pieces.partition_point(|piece| piece.items.last().is_some_and(|last| order(last).is_lt()));
        let Some(found) = self.pieces.get(piece) else {
            // Behind all: at the end of the last piece.
            let piece = self.pieces.len().saturating_sub(1);
            let at = self.pieces.last().map_or(0, |piece| piece.items.len());
            return Err(Spot { piece, at });
        };
        match found.items.binary_search_by(order) {
            Ok(at) => Ok(Spot { piece, at }),
            Err(at) => Err(Spot { piece, at }),
        }
    }

    pub fn get(&self, spot: Spot) -> Option<&T> {
        self.pieces.get(spot.piece)?.items.get(spot.at)
    }

    pub fn insert(&mut self, spot: Spot, item: T) {
        self.len += 1;
        let Some(piece) = self.pieces.get_mut(spot.piece) else {
            self.pieces.push(Piece::new(vec![item]));
            return;
        };
        piece.sum = plus(piece.sum, item.weight());
        piece.items.insert(spot.at.min(piece.items.len()), item);
        if piece.items.len() > MOST {
            let upper = Piece::new(piece.items.split_off(MOST / 2));
            piece.sum = minus(piece.sum, upper.sum);
            self.pieces.insert(spot.piece + 1, upper);
        }
    }

    pub fn remove(&mut self, spot: Spot) -> Option<T> {
        let piece = self.pieces.get_mut(spot.piece)?;
        if spot.at >= piece.items.len() {
            return None;
        }
        let item = piece.items.remove(spot.at);
        piece.sum = minus(piece.sum, item.weight());
        if piece.items.is_empty() {
            self.pieces.remove(spot.piece);
        }
        self.len -= 1;
        Some(item)
    }

    /// Changes an item; it must stay where it is in the order.
    pub fn edit<R>(&mut self, spot: Spot, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let piece = self.pieces.get_mut(spot.piece)?;
        let item = piece.items.get_mut(spot.at)?;
        let before = item.weight();
        let result = change(item);
        piece.sum = plus(minus(piece.sum, before), item.weight());
        Some(result)
    }

    /// Changes items from a piece on, whole pieces, at least so many items; tells the piece to go on with.
    pub fn edit_from(&mut self, piece: usize, least: usize, mut change: impl FnMut(&mut T)) -> Option<usize> {
        let mut done = 0;
        for (at, piece) in self.pieces.iter_mut().enumerate().skip(piece) {
            if done >= least {
                return Some(at);
            }
            piece.items.iter_mut().for_each(&mut change);
            piece.sum = sum(&piece.items);
            done += piece.items.len();
        }
        None
    }

    /// The weight of all before a place.
    pub fn before(&self, spot: Spot) -> Share {
        let whole = self.pieces.iter().take(spot.piece);
        let whole = whole.fold(Share::default(), |all, piece| plus(all, piece.sum));
        let within = self.pieces.get(spot.piece).and_then(|piece| piece.items.get(..spot.at));
        plus(whole, within.map_or(Share::default(), sum))
    }

    /// The item before which so many keys are counted, itself counting for one.
    pub fn nth(&self, mut n: usize) -> Option<Spot> {
        for (at_piece, piece) in self.pieces.iter().enumerate() {
            if n >= piece.sum.keys {
                n -= piece.sum.keys;
                continue;
            }
            let mut counted = piece.items.iter().enumerate().filter(|(_, item)| item.weight().keys > 0);
            return counted.nth(n).map(|(at, _)| Spot { piece: at_piece, at });
        }
        None
    }

    /// All items from a place on.
    pub fn iter_from(&self, spot: Spot) -> impl Iterator<Item = &T> {
        let pieces = self.pieces.iter().enumerate().skip(spot.piece);
        pieces.flat_map(move |(at, piece)| {
            let from = if at == spot.piece { spot.at } else { 0 };
            piece.items.get(from..).unwrap_or_default()
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(Spot::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighted for u64 {
        fn weight(&self) -> Share {
            Share { keys: usize::from(self.is_multiple_of(2)), bytes: *self }
        }
    }

    /// Held against a plain array, in an order that is scattered but the same each time.
    #[test]
    fn it_is_a_sorted_array_with_sums() {
        let (mut list, mut plain) = (Chunked::of((0..1_000_u64).map(|n| n * 10)), Vec::new());
        plain.extend((0..1_000_u64).map(|n| n * 10));
        for n in 0..20_000_u64 {
            let item = n * 7_919 % 10_007;
            match list.find(|known| known.cmp(&item)) {
                Ok(spot) => assert_eq!(list.remove(spot), Some(item)),
                Err(spot) => list.insert(spot, item),
            }
            match plain.binary_search(&item) {
                Ok(at) => drop(plain.remove(at)),
                Err(at) => plain.insert(at, item),
            }
        }
        assert!(list.iter().eq(plain.iter()) && list.len() == plain.len());
        assert_eq!(list.sum(), sum(&plain));
        for at in (0..plain.len()).step_by(97) {
            let spot = list.find(|known| known.cmp(&plain[at])).expect("there");
            assert_eq!(list.before(spot), sum(&plain[..at]));
            assert_eq!(list.iter_from(spot).next(), Some(&plain[at]));
        }
        let even: Vec<u64> = plain.iter().copied().filter(|n| n % 2 == 0).collect();
        for n in (0..even.len()).step_by(61) {
            assert_eq!(list.nth(n).and_then(|spot| list.get(spot)), Some(&even[n]));
        }
        assert_eq!(list.nth(even.len()), None);
    }

    #[test]
    fn an_edit_is_counted() {
        let mut list = Chunked::of([2_u64, 5, 8]);
        let spot = list.find(|known| known.cmp(&5)).expect("there");
        list.edit(spot, |item| *item = 6);
        assert_eq!(list.sum(), Share { keys: 3, bytes: 16 });
        assert_eq!(list.edit_from(0, 1, |item| *item += 1), None);
        assert_eq!(list.sum(), Share { keys: 0, bytes: 19 });
    }
}
