//! What a reader's browser has to load: each file of the page, raw and as Brotli sends it, held to a budget.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// All that a reader loads, compressed: the page, and one lesson, which is fetched when it is opened. A page that embeds a demo
/// must stay light: 900 KB for Redis and the page, at most 120 KB for Lua and what goes with it, 50 KB for lessons that live.
const BUDGET: usize = 1_070_000;
/// Files of which a reader loads one at a time.
const LESSONS: &str = "scenarios";
const QUALITY: i32 = 11;
const WINDOW: i32 = 22;

/// Prints the sizes of the built page in `site`; over the budget is an error.
pub fn check(site: &Path) -> Result<()> {
    let (mut all_raw, mut all_sent, mut lesson) = (0, 0, (0, 0));
    println!("{:>10} {:>10}  file", "raw", "Brotli");
    for name in files::under(site, &[])? {
        let raw = fs::read(site.join(&name))?;
        let sent = compressed(&raw)?;
        println!("{:>10} {sent:>10}  {}", raw.len(), name.display());
        if name.starts_with(LESSONS) && name.extension().is_some_and(|kind| kind == "md") {
            lesson = lesson.max((sent, raw.len()));
            continue;
        }
        all_raw += raw.len();
        all_sent += sent;
    }
    all_sent += lesson.0;
    all_raw += lesson.1;
    println!("{all_raw:>10} {all_sent:>10}  with the largest lesson; the budget is {BUDGET} in Brotli");
    if all_sent > BUDGET {
        bail!("the page is {} bytes over its budget", all_sent - BUDGET);
    }
    Ok(())
}

fn compressed(raw: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: raw.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &raw[..], &mut out, &params)?;
    Ok(out.len())
}
