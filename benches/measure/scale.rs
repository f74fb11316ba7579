//! How much of everything: all of it, unless a part is asked for to try the programs out. A part measures nothing.
use anyhow::{Context, Result, ensure};
use std::env;

/// Such as `0.01`: a hundredth of all records and times.
const VARIABLE: &str = "KAFSCOPE_BENCH_SCALE";
/// With fewer, needles would not lie apart.
const FEWEST: u64 = 1_000;

/// Above 0, at most 1.
pub fn part() -> Result<f64> {
    let Ok(text) = env::var(VARIABLE) else { return Ok(1.0) };
    let part: f64 = text.parse().with_context(|| format!("{VARIABLE}={text} is no number"))?;
    ensure!(part > 0.0 && part <= 1.0, "{VARIABLE}={text} must be above 0 and at most 1");
    Ok(part)
}

pub fn is_whole() -> bool {
    part().is_ok_and(|part| part == 1.0)
}

pub fn records(whole: u64) -> Result<u64> {
    Ok(((whole as f64 * part()?) as u64).max(FEWEST.min(whole)))
}

/// At least one.
pub fn seconds(whole: u64) -> Result<u64> {
    Ok(((whole as f64 * part()?) as u64).max(1))
}
