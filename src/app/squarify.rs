//! Rectangles whose areas are given, as near to squares as they come: the layout of a treemap.
//!
//! The algorithm is that of Bruls, Huizing and van Wijk, "Squarified Treemaps", 2000. Sizes come in descending order.
//! They are laid in rows along the shorter side of what room is left; a size joins the row as long as that makes the
//! worst rectangle in it no more oblong, else the row is done and the next begins. Knows nothing of what it lays out.

/// A rectangle, in the units of the room.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A rectangle for each size, in order; together they fill the room.
pub fn squarify(sizes: &[f64], room: Rect) -> Vec<Rect> {
    let total: f64 = sizes.iter().sum();
    if total <= 0.0 {
        return vec![Rect { width: 0.0, height: 0.0, ..room }; sizes.len()];
    }
    let scale = room.width * room.height / total;
    let areas: Vec<f64> = sizes.iter().map(|size| size.max(0.0) * scale).collect();
    let (mut left, mut rest) = (areas.as_slice(), room);
    let mut placed = Vec::with_capacity(sizes.len());
    while !left.is_empty() {
        let (row, others) = left.split_at(row_length(left, rest.width.min(rest.height)));
        rest = lay(row, rest, &mut placed);
        left = others;
    }
    placed
}

/// How many of the areas make the row along a side: at least one.
fn row_length(areas: &[f64], side: f64) -> usize {
    let (mut sum, mut worst_so_far, mut smallest) = (0.0, f64::INFINITY, f64::INFINITY);
    let largest = areas.first().copied().unwrap_or_default();
    for (count, area) in areas.iter().enumerate() {
        sum += area;
        smallest = area.min(smallest);
        // The ratio of the sides of the most oblong rectangle of a row with this sum.
        let worst = (side * side * largest / (sum * sum)).max(sum * sum / (side * side * smallest));
        if count > 0 && (worst > worst_so_far || worst.is_nan()) {
            return count;
        }
        worst_so_far = worst;
    }
    areas.len()
}

/// Lays a row along the shorter side, and gives the room that is left.
fn lay(row: &[f64], room: Rect, placed: &mut Vec<Rect>) -> Rect {
    let sum: f64 = row.iter().sum();
    let upright = room.width >= room.height;
    let side = if upright { room.height } else { room.width };
    let depth = if side > 0.0 { sum / side } else { 0.0 };
    let mut along = 0.0;
    for area in row {
        let length = if depth > 0.0 { area / depth } else { 0.0 };
        placed.push(if upright {
            Rect { x: room.x, y: room.y + along, width: depth, height: length }
        } else {
            Rect { x: room.x + along, y: room.y, width: length, height: depth }
        });
        along += length;
    }
    if upright {
        Rect { x: room.x + depth, width: (room.width - depth).max(0.0), ..room }
    } else {
        Rect { y: room.y + depth, height: (room.height - depth).max(0.0), ..room }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Rect = Rect { x: 0.0, y: 0.0, width: 6.0, height: 4.0 };

    #[test]
    fn the_example_of_the_paper() {
        let placed = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], ROOM);
        let sides: Vec<_> = placed.iter().map(|rect| (rect.width, rect.height)).collect();
        assert_eq!(sides[..2], [(3.0, 2.0), (3.0, 2.0)]);
        assert!((placed[2].width - 12.0 / 7.0).abs() < 1e-9 && (placed[2].height - 7.0 / 3.0).abs() < 1e-9);
        assert!((placed[3].width - 9.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn areas_are_kept_and_lie_inside_the_room() {
        let sizes: Vec<f64> = (1..=60_i32).rev().map(|n| f64::from(n * n)).collect();
        let total: f64 = sizes.iter().sum();
        for (size, rect) in sizes.iter().zip(squarify(&sizes, ROOM)) {
            assert!((rect.width * rect.height - size * 24.0 / total).abs() < 1e-9);
            assert!(rect.x >= 0.0 && rect.x + rect.width <= 6.0 + 1e-9);
            assert!(rect.y >= 0.0 && rect.y + rect.height <= 4.0 + 1e-9);
        }
    }

    #[test]
    fn nothing_and_no_size_have_no_area() {
        assert!(squarify(&[], ROOM).is_empty());
        assert_eq!(squarify(&[0.0], ROOM)[0].width, 0.0);
        let placed = squarify(&[5.0, 0.0, 0.0], ROOM);
        assert_eq!((placed[0].width * placed[0].height, placed[1].width * placed[1].height), (24.0, 0.0));
        assert!(placed.iter().all(|rect| rect.x.is_finite() && rect.width.is_finite()));
    }
}
