//! How far a read has come, on stderr while it runs: only on a terminal, and only while no records are printed on it.
use super::account::counted;
use crate::widgets::format;
use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

/// Between two looks; what is over sooner shows nothing.
const EVERY: Duration = Duration::from_millis(200);
/// Letters of the bar.
const CELLS: usize = 20;

#[derive(Debug)]
pub struct Progress {
    started: Instant,
    last: Instant,
    shown: bool,
    wanted: bool,
}

impl Progress {
    /// `busy`: records are printed on the same terminal.
    pub fn new(busy: bool) -> Self {
        let now = Instant::now();
        Self { started: now, last: now, shown: false, wanted: !busy && stderr().is_terminal() }
    }

    /// `share`: of what is to be looked at, from 0 to 1, where that is known.
    pub fn at(&mut self, records: u64, share: impl FnOnce() -> Option<f64>) {
        if self.wanted && self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            self.shown = true;
            write(&line(records, self.started.elapsed(), share()));
        }
    }

    /// Before anything else is said.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            write("");
        }
    }
}

/// `██████░░░░  34 %  1,204,000 records  412,000/s  3 s left`
fn line(records: u64, took: Duration, share: Option<f64>) -> String {
    let rate = format::rate(records as f64 / took.as_secs_f64().max(1e-6));
    let so_far = format!("{}  {rate}/s", counted(records));
    let Some(share) = share.map(|share| share.clamp(0.0, 1.0)) else { return so_far };
    let full = (share * CELLS as f64) as usize;
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(CELLS.saturating_sub(full)));
    let left = took.as_secs_f64() * (1.0 - share) / share.max(1e-9);
    let left = Duration::try_from_secs_f64(left).ok().filter(|_| share > 0.0);
    let left = left.map(|left| format!("  {} left", format::span(left))).unwrap_or_default();
    format!("{bar}  {:.0} %  {so_far}{left}", share * 100.0)
}

/// Over what stood there. Nobody can be told when that fails.
fn write(text: &str) {
    let mut stderr = stderr().lock();
    let _ = write!(stderr, "\r{text}\x1b[K").and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_how_much_and_how_long_and_without_a_share_only_what_is_known() {
        let second = Duration::from_secs(1);
        assert_eq!(line(1200, second, None), "1,200 records  1,200/s");
        let bar = format!("{}{}", "█".repeat(5), "░".repeat(15));
        assert_eq!(line(1200, second, Some(0.25)), format!("{bar}  25 %  1,200 records  1,200/s  3.0 s left"));
        assert!(!line(0, second, Some(0.0)).contains("left"));
    }
}
