//! A look through many records that a person waits for: how far it is, said about four times a second, and a word from
//! outside that ends it early.
pub mod find;
pub mod older;

use super::{fetch::news::Progress, offsets::Spot};
use crate::bus::{Event, Generation, Searched};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// Between two words of how far it is.
const EVERY: Duration = Duration::from_millis(250);

/// Who hears how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Looking(Generation),
    Export(u64),
}

/// The end of the street, and the way to be stopped.
#[derive(Debug)]
pub struct Look {
    stop: watch::Receiver<bool>,
    events: Option<(mpsc::Sender<Event>, Said)>,
    said: Instant,
}

impl Look {
    pub fn new(events: mpsc::Sender<Event>, said: Said, stop: watch::Receiver<bool>) -> Self {
        Self { stop, events: Some((events, said)), said: Instant::now() }
    }

    /// Says nothing and is never stopped.
    pub fn silent() -> Self {
        let (_, stop) = watch::channel(false);
        Self { stop, events: None, said: Instant::now() }
    }

    pub fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// When a person has had enough; never, where nobody can.
    pub async fn stopped(&mut self) {
        if self.stop.wait_for(|stop| *stop).await.is_err() {
            std::future::pending().await
        }
    }

    /// Is it time for the next word?
    pub fn is_due(&self) -> bool {
        self.said.elapsed() >= EVERY
    }

    /// Does nothing when it was said a moment ago.
    pub async fn say(&mut self, pace: &Pace) {
        let Some((events, said)) = self.events.as_ref().filter(|_| self.is_due()) else { return };
        self.said = Instant::now();
        let searched = pace.searched();
        let event = match *said {
            Said::Looking(generation) => Event::Searching { generation, searched },
            Said::Export(id) => Event::ExportGoesOn { id, searched },
        };
        // Whoever took the events is gone when this fails; the look ends with it.
        let _ = events.send(event).await;
    }
}

/// One partition's part of the way.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    /// Offsets to look at, and those that were.
    all: u64,
    done: u64,
    /// The next offset.
    at: i64,
    /// Since the stretch began: offsets, records, matches and bytes.
    stretch: [u64; 4],
}

/// What was looked at so far, of how much.
#[derive(Debug)]
pub struct Pace {
    began: Instant,
    ways: BTreeMap<Spot, Way>,
    pub records: u64,
    pub matched: u64,
    pub failures: u64,
    pub bytes: u64,
}

impl Pace {
    /// Partitions with how many offsets of them are to be looked at.
    pub fn new(all: impl IntoIterator<Item = (Spot, u64)>) -> Self {
        let ways = all.into_iter().map(|(spot, all)| (spot, Way { all, ..Way::default() })).collect();
        Self { began: Instant::now(), ways, records: 0, matched: 0, failures: 0, bytes: 0 }
    }

    /// The next stretch of this partition begins here.
    pub fn begin(&mut self, spot: &Spot, at: i64) {
        if let Some(way) = self.ways.get_mut(spot) {
            (way.at, way.stretch) = (at, [0; 4]);
        }
    }

    pub fn read(&mut self, progress: &Progress) {
        self.records += progress.records;
        self.matched += progress.matched;
        self.bytes += progress.bytes;
        let spot = (progress.topic.clone(), progress.partition);
        if let Some([_, records, matched, bytes]) = self.ways.get_mut(&spot).map(|way| &mut way.stretch) {
            *records += progress.records;
            *matched += progress.matched;
            *bytes += progress.bytes;
        }
        self.reached(&spot, progress.next);
    }

    /// The last stretch of this partition was given up: whoever reads it again counts it.
    pub fn forget(&mut self, spot: &Spot) {
        let Some(way) = self.ways.get_mut(spot) else { return };
        let [offsets, records, matched, bytes] = std::mem::take(&mut way.stretch);
        way.done = way.done.saturating_sub(offsets);
        self.records = self.records.saturating_sub(records);
        self.matched = self.matched.saturating_sub(matched);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Everything before `next` was looked at.
    pub fn reached(&mut self, spot: &Spot, next: i64) {
        if let Some(way) = self.ways.get_mut(spot) {
            let further = next.saturating_sub(way.at).max(0).unsigned_abs();
            let further = further.min(way.all.saturating_sub(way.done));
            way.done += further;
            way.stretch[0] += further;
            way.at = way.at.max(next);
        }
    }

    pub fn searched(&self) -> Searched {
        let all: u64 = self.ways.values().map(|way| way.all).sum();
        let share = share(self.ways.values().map(|way| way.done).sum(), all);
        let took = self.began.elapsed();
        let left = (share > 0.0).then(|| took.as_secs_f64() * (1.0 - share) / share);
        Searched {
            records: self.records,
            matched: self.matched,
            failures: self.failures,
            bytes: self.bytes,
            share,
            partitions: self.ways.iter().map(|((_, id), way)| (*id, share_of(way))).collect(),
            left: left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        }
    }
}

fn share_of(way: &Way) -> f64 {
    share(way.done, way.all)
}

fn share(done: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { done as f64 / all as f64 }
}

#[cfg(test)]
mod tests;
