//! Whether the times of a partition run with its offsets. Where they do not, no one offset divides what was handed over
//! in the order of time from what was not.
use crate::{kafka::offsets::Spot, record::Batch};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Disorder {
    /// The time of the last record of each partition.
    last: BTreeMap<Spot, i64>,
    first: Option<Spot>,
}

impl Disorder {
    /// Batches of a partition come in the order of its offsets.
    pub fn look(&mut self, batch: &Batch) {
        if self.first.is_some() {
            return;
        }
        for run in batch.heads.chunk_by(|a, b| a.partition == b.partition) {
            let (Some(begin), Some(end)) = (run.first(), run.last()) else { continue };
            let spot = (batch.topic.clone(), begin.partition);
            let goes_back = self.last.get(&spot).is_some_and(|last| begin.timestamp < *last);
            if goes_back || !run.is_sorted_by_key(|head| head.timestamp) {
                self.first = Some(spot);
                return;
            }
            self.last.insert(spot, end.timestamp);
        }
    }

    /// The first partition that was seen whose times run backwards.
    pub fn first(&self) -> Option<&Spot> {
        self.first.as_ref()
    }
}
