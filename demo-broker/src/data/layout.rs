//! A partition's log batch by batch, for topics whose records do not simply follow each other: transactions, holes.

use crate::batch::Record;
use crate::prepared::Prepared;

/// Batches with their base offsets, and where the log ends: possibly after a hole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    batches: Vec<(i64, Prepared)>,
    end: i64,
}

impl Layout {
    pub fn push(&mut self, batch: Prepared) {
        let base = self.end;
        self.end += batch.offsets();
        self.batches.push((base, batch));
    }

    /// Leaves a hole, as compaction does: the next batch begins at `offset`. Never moves backwards.
    pub fn skip_to(&mut self, offset: i64) {
        self.end = self.end.max(offset);
    }

    /// The offset of the next record.
    pub fn end(&self) -> i64 {
        self.end
    }

    pub fn batches(&self) -> &[(i64, Prepared)] {
        &self.batches
    }

    /// Every record that a reader of uncommitted records is given, with its offset.
    pub fn placed(&self) -> impl Iterator<Item = (i64, &Record)> {
        self.batches.iter().flat_map(|(base, batch)| batch.records().map(move |(delta, record)| (base + delta, record)))
    }

    /// The same without the offsets.
    pub fn records(&self) -> Vec<Record> {
        self.placed().map(|(_, record)| record.clone()).collect()
    }
}
