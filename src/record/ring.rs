//! The records kept for scrolling: whole batches, bounded by bytes and by records, the oldest evicted first.
use super::{Batch, Record};
use std::collections::VecDeque;

/// Positions in the ring are counted from the first record ever pushed, so they stay true while old ones leave.
#[derive(Debug)]
pub struct Ring {
    batches: VecDeque<(u64, Batch)>,
    next: u64,
    bytes: usize,
    max_bytes: usize,
    max_records: usize,
}

impl Ring {
    /// Bounds: bytes as batches hold them in memory (capacity, not only what is used), and records.
    pub fn new(max_bytes: usize, max_records: usize) -> Self {
        Self { batches: VecDeque::new(), next: 0, bytes: 0, max_bytes, max_records }
    }

    /// Takes a batch in and evicts from the front what no longer fits; the newest batch always stays.
    pub fn push(&mut self, batch: Batch) {
        if batch.is_empty() {
            return;
        }
        self.bytes += batch.bytes();
        let first = self.next;
        self.next += batch.len() as u64;
        self.batches.push_back((first, batch));
        while self.batches.len() > 1 && (self.bytes > self.max_bytes || self.len() > self.max_records) {
            self.evict();
        }
    }

    fn evict(&mut self) {
        if let Some((_, batch)) = self.batches.pop_front() {
            self.bytes -= batch.bytes();
        }
    }

    /// Would taking in `bytes` more push out the record at `position`?
    pub fn would_evict(&self, position: u64, bytes: usize) -> bool {
        let over = (self.bytes + bytes).saturating_sub(self.max_bytes);
        let mut freed = 0;
        for (first, batch) in &self.batches {
            if freed >= over {
                return false;
            }
            if *first <= position && position < first + batch.len() as u64 {
                return true;
            }
            freed += batch.bytes();
        }
        false
    }

    /// Positions that can be read now.
    pub fn positions(&self) -> std::ops::Range<u64> {
        self.batches.front().map_or(self.next, |(first, _)| *first)..self.next
    }

    pub fn get(&self, position: u64) -> Option<Record<'_>> {
        let at = self.batches.partition_point(|(first, batch)| first + batch.len() as u64 <= position);
        let (first, batch) = self.batches.get(at)?;
        batch.record(usize::try_from(position.checked_sub(*first)?).ok()?)
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
