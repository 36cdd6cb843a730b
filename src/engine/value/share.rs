//! What types share when they tell where their bytes go: parts with names, listpacks, and the longest element of one.

use super::alloc::size_class;
use super::listpack::{self, Listpack};
use crate::picture::{Limit, Measure, Part, Share};

/// A listpack that is longer is not walked to find its longest element: settings may allow any length.
const WALKED: usize = 64 * 1024;

/// Parts by name.
pub fn parts<const N: usize>(parts: [(Part, usize); N]) -> Vec<Share> {
    parts.map(|(part, bytes)| Share { part, bytes }).into()
}

/// Parts whose sum is to be `whole`: Redis reckons some sums in floating point and loses a byte now and then, which is
/// taken off the last part.
pub fn parts_of<const N: usize>(whole: usize, named: [(Part, usize); N]) -> Vec<Share> {
    let mut shares = parts(named);
    let sum: usize = shares.iter().map(|share| share.bytes).sum();
    if let Some(last) = shares.last_mut() {
        last.bytes = (last.bytes + whole).saturating_sub(sum);
    }
    shares
}

/// A listpack alone in its allocation: its header and end, its entries, and what the allocator rounds up.
pub fn of_listpack(byte_len: usize) -> [(Part, usize); 3] {
    [
        (Part::Headers, listpack::EMPTY),
        (Part::Content, byte_len.saturating_sub(listpack::EMPTY)),
        (Part::Rounding, size_class(byte_len).saturating_sub(byte_len)),
    ]
}

/// The limit of a listpack's longest element; none where the listpack is too long to be walked.
pub fn longest_in<Room: AsRef<[u8]>>(
    pack: &Listpack<Room>,
    limit: usize,
    setting: &'static str,
    next: &'static str,
) -> Option<Limit> {
    let used = (pack.byte_len() <= WALKED).then(|| pack.iter().map(|entry| entry.text().len()).max())?;
    let used = used.unwrap_or(0);
    Some(Limit { measure: Measure::Longest, used, limit, setting: Some(setting), next })
}

/// The limit of a number of elements.
pub fn elements(used: usize, limit: usize, setting: &'static str, next: &'static str) -> Limit {
    Limit { measure: Measure::Elements, used, limit, setting: Some(setting), next }
}
