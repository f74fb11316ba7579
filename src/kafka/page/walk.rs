//! The way back through one partition. What was found of it is always a suffix of what lies before its beginning:
//! nothing between was skipped.
use crate::{
    kafka::offsets::Spot,
    record::{Batch, Record},
};
use std::{collections::VecDeque, sync::Arc};

/// A stretch is at most so many times as wide as the one before it.
const STRIDE: i64 = 4;

/// One record that was met.
#[derive(Debug, Clone)]
pub struct Met {
    batch: Arc<Batch>,
    at: usize,
}

impl Met {
    pub fn all(batch: Batch) -> impl Iterator<Item = (i32, Self)> {
        let batch = Arc::new(batch);
        (0..batch.len()).filter_map(move |at| {
            let partition = batch.heads.get(at)?.partition;
            Some((partition, Self { batch: batch.clone(), at }))
        })
    }

    pub fn record(&self) -> Option<Record<'_>> {
        self.batch.record(self.at)
    }

    pub fn offset(&self) -> i64 {
        self.batch.heads.get(self.at).map_or(-1, |head| head.offset)
    }

    pub fn timestamp(&self) -> i64 {
        self.batch.heads.get(self.at).map_or(-1, |head| head.timestamp)
    }
}

#[derive(Debug)]
pub struct Walk {
    pub spot: Spot,
    /// Nothing before it is wanted.
    pub floor: i64,
    /// Where it began: nothing from here on is wanted.
    pub begin: i64,
    /// Everything from here to `begin` was looked at.
    pub high: i64,
    /// `low..high` is read now, or was last.
    pub low: i64,
    /// Found in the stretch that is read now; all older than `newer`.
    older: Vec<Met>,
    newer: VecDeque<Met>,
    /// What is before it was thrown away to save room: it cannot be in this page.
    cut: Option<i64>,
    /// It did not answer in time.
    pub silent: bool,
    /// Records in the last stretch, and its width; 0 before the first.
    last: usize,
    last_width: i64,
}

impl Walk {
    pub fn new(spot: Spot, floor: i64, begin: i64) -> Self {
        let (older, newer) = (vec![], VecDeque::new());
        let (high, low) = (begin, begin);
        Self { spot, floor, begin, high, low, older, newer, cut: None, silent: false, last: 0, last_width: 0 }
    }

    /// Could there be more, further back?
    pub fn is_open(&self) -> bool {
        self.high > self.floor && self.cut.is_none() && !self.silent
    }

    pub fn offsets(&self) -> i64 {
        self.begin.saturating_sub(self.floor).max(0)
    }

    pub fn found(&self) -> usize {
        self.older.len() + self.newer.len()
    }

    /// The `n`th from the newest.
    pub fn nth_newest(&self, n: usize) -> Option<&Met> {
        match self.newer.len().checked_sub(n + 1) {
            Some(at) => self.newer.get(at),
            None => self.older.get(self.older.len().checked_sub(n - self.newer.len() + 1)?),
        }
    }

    /// The next stretch is so wide.
    pub fn step(&mut self, width: i64) {
        self.low = self.high.saturating_sub(width.max(1)).max(self.floor);
    }

    /// How wide a stretch may give this many more.
    pub fn width_for(&self, wanted: usize, first: i64) -> i64 {
        if self.last_width == 0 {
            return first;
        }
        let (width, most) = (self.last_width, self.last_width.saturating_mul(STRIDE));
        match self.last {
            0 => most,
            found => {
                let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
                most.min(wanted.saturating_mul(width / found as i64 + 1)).max(first)
            }
        }
    }

    pub fn meet(&mut self, met: Met) {
        if self.cut.is_none_or(|cut| met.offset() >= cut) && met.offset() < self.high {
            self.older.push(met);
        }
    }

    /// The stretch was read to its end.
    pub fn settle(&mut self) {
        self.last = self.older.len();
        self.last_width = self.high - self.low;
        for met in self.older.drain(..).rev() {
            self.newer.push_front(met);
        }
        self.high = self.low;
    }

    /// The stretch was not read to its end: what was found of it would leave a gap.
    pub fn forget_stretch(&mut self) {
        self.older.clear();
    }

    /// Keeps only the newest, in place of what they were copied from.
    pub fn keep(&mut self, mut newest: Vec<Met>) {
        let dropped = self.nth_newest(newest.len()).map(Met::offset);
        if let Some(dropped) = dropped {
            self.cut = Some(dropped.saturating_add(1).max(self.cut.unwrap_or(0)));
        }
        let newer = newest.len().min(self.newer.len());
        self.newer = newest.split_off(newest.len() - newer).into();
        self.older = newest;
    }

    /// Everything from here on was looked at and, of the newest `taken`, taken.
    pub fn reached(&self, taken: usize) -> i64 {
        match self.nth_newest(taken) {
            Some(left) => left.offset().saturating_add(1),
            None => self.cut.unwrap_or(self.high).max(self.high),
        }
    }
}
