//! How far a read has come, on stderr while it runs: only on a terminal, and only while no records are printed on it.
use super::print::counted;
use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

/// Between two looks; what is over sooner shows nothing.
const EVERY: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Progress {
    last: Instant,
    shown: bool,
    wanted: bool,
}

impl Progress {
    /// `busy`: records are printed on the same terminal.
    pub fn new(busy: bool) -> Self {
        Self { last: Instant::now(), shown: false, wanted: !busy && stderr().is_terminal() }
    }

    pub fn at(&mut self, records: u64) {
        if self.wanted && self.last.elapsed() >= EVERY {
            self.last = Instant::now();
            self.shown = true;
            write(&counted(records));
        }
    }

    /// Before anything else is said.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            write("");
        }
    }
}

/// Over what stood there. Nobody can be told when that fails.
fn write(text: &str) {
    let mut stderr = stderr().lock();
    let _ = write!(stderr, "\r{text}\x1b[K").and_then(|()| stderr.flush());
}
