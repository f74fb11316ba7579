//! What the batches of a log say about transactions: open ones, aborted ones, and the last stable offset (KIP-98).
//! No coordinator: markers come with the batches that are appended.

use std::collections::BTreeMap;

/// A transaction that ended with an abort marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aborted {
    pub(crate) producer_id: i64,
    pub(crate) first: i64,
    /// The offset of its marker.
    last: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Transactions {
    /// First offset of the open transaction of each producer id.
    open: BTreeMap<i64, i64>,
    aborted: Vec<Aborted>,
}

impl Transactions {
    pub(crate) fn wrote(&mut self, producer_id: i64, offset: i64) {
        self.open.entry(producer_id).or_insert(offset);
    }

    pub(crate) fn ended(&mut self, producer_id: i64, committed: bool, marker: i64) {
        if let Some(first) = self.open.remove(&producer_id)
            && !committed
        {
            self.aborted.push(Aborted { producer_id, first, last: marker });
        }
    }

    /// Where a reader of committed records must stop.
    pub(crate) fn stable_end(&self, end: i64) -> i64 {
        self.open.values().copied().min().unwrap_or(end)
    }

    /// Aborted transactions with records between `from` and `to`.
    pub(crate) fn aborted_within(&self, from: i64, to: i64) -> impl Iterator<Item = Aborted> + '_ {
        self.aborted.iter().copied().filter(move |a| a.last >= from && a.first < to)
    }

    pub(crate) fn forget_before(&mut self, start: i64) {
        self.aborted.retain(|a| a.last >= start);
        self.open.values_mut().for_each(|first| *first = (*first).max(start));
    }
}
