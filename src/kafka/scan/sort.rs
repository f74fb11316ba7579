//! Records in the order of time: sorted in memory, and what does not fit into sorted runs in temporary files, which are
//! merged in the end.
use super::run::{Rows, Run, write};
use crate::{
    kafka::fetch::chunk::{MOST_BYTES, MOST_RECORDS},
    record::{
        Batch, Record,
        gather::{Gathered, gather},
    },
    topic::TopicName,
};
use std::{cmp::Reverse, collections::BinaryHeap, io};
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
};

/// Bytes of records in memory.
const MOST_HELD: usize = 256 << 20;
/// Sorted batches that wait for their taker.
const WAITING: usize = 4;

#[derive(Debug)]
pub struct Sorter {
    held: Vec<Batch>,
    bytes: usize,
    /// When so many bytes are held they are written down.
    most: usize,
    runs: Vec<Run>,
}

impl Default for Sorter {
    fn default() -> Self {
        Self::within(MOST_HELD)
    }
}

/// Sorted batches as they are merged.
#[derive(Debug)]
pub struct Sorted {
    batches: mpsc::Receiver<io::Result<Batch>>,
    _merge: JoinSet<()>,
}

impl Sorted {
    /// `None` when it is over.
    pub async fn next(&mut self) -> Option<io::Result<Batch>> {
        self.batches.recv().await
    }
}

impl Sorter {
    pub fn within(most: usize) -> Self {
        Self { held: vec![], bytes: 0, most, runs: vec![] }
    }

    /// Takes records in any order.
    ///
    /// # Errors
    /// When there is no room for them on the disk.
    pub async fn take(&mut self, batch: Batch) -> io::Result<()> {
        self.bytes += batch.bytes();
        self.held.push(batch);
        if self.bytes < self.most {
            return Ok(());
        }
        self.bytes = 0;
        let held = std::mem::take(&mut self.held);
        let run = spawn_blocking(move || write(sorted(&held))).await.map_err(io::Error::other)??;
        self.runs.push(run);
        Ok(())
    }

    /// Everything, from the oldest on.
    pub fn finish(self) -> Sorted {
        let (ready, batches) = mpsc::channel(WAITING);
        let mut merge = JoinSet::new();
        merge.spawn_blocking(move || {
            if let Err(why) = self.merge(&ready) {
                let _ = ready.blocking_send(Err(why));
            }
        });
        Sorted { batches, _merge: merge }
    }

    /// Ends early when nobody takes what is ready.
    fn merge(self, ready: &mpsc::Sender<io::Result<Batch>>) -> io::Result<()> {
        let mut sources: Vec<Rows> = self.runs.into_iter().map(Rows::of_run).collect::<io::Result<_>>()?;
        sources.push(Rows::of_batches(in_memory(&self.held)));
        drop(self.held);
        let mut heap: BinaryHeap<_> =
            sources.iter().enumerate().filter_map(|(at, rows)| Some(Reverse((key(&rows.row()?), at)))).collect();
        let mut open: Option<Gathered> = None;
        while let Some(Reverse((_, at))) = heap.pop() {
            let Some(rows) = sources.get_mut(at) else { continue };
            let full = rows.row().and_then(|record| push(&mut open, &record));
            if full.is_some_and(|batch| ready.blocking_send(Ok(batch)).is_err()) {
                return Ok(());
            }
            rows.go_on()?;
            heap.extend(rows.row().map(|record| Reverse((key(&record), at))));
        }
        let _ = open.map(|rest| ready.blocking_send(Ok(rest.close())));
        Ok(())
    }
}

/// Answers with the batch that the record no longer fits to.
fn push(open: &mut Option<Gathered>, record: &Record<'_>) -> Option<Batch> {
    let full = open.take_if(|open| !open.fits(record, MOST_RECORDS, MOST_BYTES));
    open.get_or_insert_with(|| Gathered::new(record.topic.clone())).push(record);
    full.map(Gathered::close)
}

type Key = (i64, TopicName, i32, i64);

fn key(record: &Record<'_>) -> Key {
    (record.head.timestamp, record.topic.clone(), record.head.partition, record.head.offset)
}

fn sorted(batches: &[Batch]) -> Vec<Record<'_>> {
    let mut records: Vec<Record<'_>> = batches.iter().flat_map(Batch::records).collect();
    records
        .sort_unstable_by(|a, b| (a.head.timestamp, a.topic, a.place()).cmp(&(b.head.timestamp, b.topic, b.place())));
    records
}

/// The same records in order, copied.
pub fn in_memory(batches: &[Batch]) -> Vec<Batch> {
    gather(sorted(batches), MOST_RECORDS, MOST_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Head, Span, TimestampType};

    fn batch(topic: &str, partition: i32, times: &[i64]) -> Batch {
        let head = |(offset, timestamp): (usize, &i64)| Head {
            offset: offset as i64,
            timestamp: *timestamp,
            key: Span::NULL,
            value: Span::new(0, 2).unwrap(),
            headers: Span::new(2, 0).unwrap(),
            header_count: 0,
            partition,
            leader_epoch: 3,
            timestamp_type: TimestampType::Append,
        };
        let heads = times.iter().enumerate().map(head).collect();
        Batch { topic: topic.into(), buffer: b"xy".to_vec().into(), capacity: 2, heads }
    }

    /// With room for one batch in memory everything goes through files.
    #[tokio::test]
    async fn records_are_in_the_order_of_time_whether_they_fit_into_memory_or_not() {
        for most in [1, MOST_HELD] {
            let mut sorter = Sorter::within(most);
            for (topic, partition) in [("b", 0), ("a", 1), ("a", 0)] {
                let times: Vec<i64> = (0..3000).map(|n| (n * 7919) % 1000).collect();
                sorter.take(batch(topic, partition, &times)).await.unwrap();
            }
            let (mut sorted, mut keys, mut sample) = (sorter.finish(), vec![], None);
            while let Some(batch) = sorted.next().await {
                let batch = batch.unwrap();
                assert!(batch.len() <= MOST_RECORDS);
                keys.extend(batch.records().map(|record| key(&record)));
                sample = batch.records().next().map(|record| record.to_owned());
            }
            assert!(keys.is_sorted_by(|a, b| a < b) && keys.len() == 9000);
            let sample = sample.unwrap();
            assert_eq!((sample.key, sample.value, sample.leader_epoch), (None, Some(b"xy".to_vec()), 3));
            assert_eq!(sample.timestamp_type, TimestampType::Append);
        }
    }
}
