//! The records kept for scrolling: whole batches, bounded by bytes and by records, the oldest evicted first.
use super::{Batch, Record};
use std::collections::VecDeque;

/// Positions in the ring are counted from the first record ever pushed, so they stay true while old ones leave.
#[derive(Debug)]
pub struct Ring {
    batches: VecDeque<Held>,
    next: u64,
    bytes: usize,
    /// Bytes of all batches ever pushed; wraps never (2⁶⁴).
    pushed: u64,
    max_bytes: usize,
    max_records: usize,
}

#[derive(Debug)]
struct Held {
    /// Position of its first record.
    first: u64,
    /// Bytes pushed before it, for sums over many batches without a walk.
    before: u64,
    batch: Batch,
}

impl Ring {
    /// Bounds: bytes as batches hold them in memory (capacity, not only what is used), and records.
    pub fn new(max_bytes: usize, max_records: usize) -> Self {
        Self { batches: VecDeque::new(), next: 0, bytes: 0, pushed: 0, max_bytes, max_records }
    }

    /// Takes a batch in and evicts from the front what no longer fits; the newest batch always stays.
    pub fn push(&mut self, batch: Batch) {
        if batch.is_empty() {
            return;
        }
        let held = Held { first: self.next, before: self.pushed, batch };
        self.bytes += held.batch.bytes();
        self.pushed += held.batch.bytes() as u64;
        self.next += held.batch.len() as u64;
        self.batches.push_back(held);
        while self.batches.len() > 1 && (self.bytes > self.max_bytes || self.len() > self.max_records) {
            self.evict();
        }
    }

    fn evict(&mut self) {
        if let Some(held) = self.batches.pop_front() {
            self.bytes -= held.batch.bytes();
        }
    }

    /// Would taking in `bytes` more push out the record at `position`?
    pub fn would_evict(&self, position: u64, bytes: usize) -> bool {
        let over = (self.bytes + bytes).saturating_sub(self.max_bytes) as u64;
        let freed = |held: &Held| held.before - self.batches.front().map_or(0, |front| front.before);
        self.holding(position).is_some_and(|held| freed(held) < over)
    }

    /// The batch that a position lies in.
    fn holding(&self, position: u64) -> Option<&Held> {
        let at = self.batches.partition_point(|held| held.first + held.batch.len() as u64 <= position);
        self.batches.get(at).filter(|held| held.first <= position)
    }

    /// Positions that can be read now.
    pub fn positions(&self) -> std::ops::Range<u64> {
        self.batches.front().map_or(self.next, |held| held.first)..self.next
    }

    pub fn get(&self, position: u64) -> Option<Record<'_>> {
        let held = self.holding(position)?;
        held.batch.record(usize::try_from(position - held.first).ok()?)
    }

    /// The oldest first.
    pub fn batches(&self) -> impl DoubleEndedIterator<Item = &Batch> + Clone {
        self.batches.iter().map(|held| &held.batch)
    }

    pub fn len(&self) -> usize {
        let positions = self.positions();
        usize::try_from(positions.end - positions.start).unwrap_or(usize::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    pub fn clear(&mut self) {
        self.batches.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests;
