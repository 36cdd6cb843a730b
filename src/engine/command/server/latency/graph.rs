//! LATENCY GRAPH: the slow seconds of an event as a picture of letters, as Redis draws it.
//!
//! Each second is a column. A column is four rows high and its top one of three letters, so that twelve heights are told
//! apart, from the lowest of the times to the highest. Below it stands, downwards, how long ago the second was.

use crate::latency::{History, Sample};

const COLUMNS: usize = 80;
const ROWS: usize = 4;
/// The tops of columns, from low to high; what is below a top is a bar.
const TOPS: [char; 3] = ['_', 'o', '#'];

pub fn draw(event: &str, history: &History, now: u64) -> String {
    let samples: Vec<Sample> = history.samples().collect();
    let high = samples.iter().map(|sample| sample.millis).max().unwrap_or(0);
    let low = samples.iter().map(|sample| sample.millis).min().unwrap_or(0);
    let mut out = format!("{event} - high {high} ms, low {low} ms (all time high {} ms)\n", history.worst);
    out.push_str(&"-".repeat(COLUMNS));
    out.push('\n');
    for (index, part) in samples.chunks(COLUMNS).enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let columns: Vec<Column> = part.iter().map(|sample| Column::of(sample, low, high, now)).collect();
        let labels = columns.iter().map(|column| column.label.len()).max().unwrap_or(0);
        // A row without anything stands between columns and labels.
        for row in 0..ROWS + 1 + labels {
            out.extend(columns.iter().map(|column| column.letter(row)));
            out.push('\n');
        }
    }
    out
}

struct Column {
    /// How many steps above the lowest.
    height: usize,
    label: Vec<u8>,
}

impl Column {
    fn of(sample: &Sample, low: u64, high: u64, now: u64) -> Self {
        const STEPS: usize = ROWS * TOPS.len();
        let share = (sample.millis - low) as f64 * STEPS as f64 / (high - low).max(1) as f64;
        let label = age(now.saturating_sub(sample.at)).into_bytes();
        Self { height: (share as usize).min(STEPS - 1), label }
    }

    fn letter(&self, row: usize) -> char {
        if row > ROWS {
            return self.label.get(row - ROWS - 1).map_or(' ', |byte| char::from(*byte));
        }
        let below = (ROWS - 1).saturating_sub(row) * TOPS.len();
        match self.height.checked_sub(below) {
            Some(top) if row < ROWS => TOPS.get(top).copied().unwrap_or('|'),
            _ => ' ',
        }
    }
}

fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}
