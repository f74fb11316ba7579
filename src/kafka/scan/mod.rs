//! Bounded reading: from one place to another as they were when reading began, then it is over. Ends by position alone,
//! so compacted, aborted, deleted and empty ranges never hold it up.
mod backwards;
mod ranges;
mod run;
mod sort;

use super::{
    fetch::{
        decoder::Want,
        news::{News, Progress, Unreadable},
        stream::Stream,
    },
    look::Look,
    offsets::Spot,
    page,
    wire::Cluster,
};
use crate::{
    failure::Failure,
    filter::Filter,
    place::{Moved, Where},
    record::Batch,
    topic::TopicName,
};
use backwards::Backwards;
use ranges::Ranges;
use sort::{Sorted, Sorter};
use std::{collections::BTreeMap, sync::Arc};

/// What to scan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Read as one stream.
    pub topics: Vec<TopicName>,
    /// Only these partitions, of every topic; `None` = all.
    pub partitions: Option<Vec<i32>>,
    pub from: Where,
    /// Exclusive. [`Where::End`]: the end as it is when reading begins.
    pub to: Where,
    /// Leave out aborted transactions and stop at the last stable offset.
    pub committed: bool,
    /// With [`Want::Count`] no records are found; [`Totals`] tells how many there are.
    pub want: Want,
    /// Only the records that it matches.
    pub filter: Option<Filter>,
    pub order: Order,
    /// Records after which it is over.
    pub most: Option<u64>,
}

impl Plan {
    /// Everything that is in these topics now.
    pub fn all(topics: Vec<TopicName>) -> Self {
        Self {
            topics,
            partitions: None,
            from: Where::Start,
            to: Where::End,
            committed: false,
            want: Want::Records,
            filter: None,
            order: Order::default(),
            most: None,
        }
    }
}

/// In which order records come. In each of the first two the offsets of a partition keep theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Between partitions as brokers answer; [`Where::Last`] by time.
    #[default]
    AsItArrives,
    /// Backwards in pages: the newest of all partitions by time, as far as the order of offsets allows.
    NewestFirst,
    /// Strictly by timestamp, topic, partition and offset, over all that is read. Nothing comes before all was read: up
    /// to 256 MiB are sorted in memory, more in temporary files.
    ByTime,
}

/// What a scan says.
#[derive(Debug, Clone)]
pub enum Found {
    Records(Batch),
    Unreadable(Unreadable),
    /// A place that is not there, and what was taken for it.
    Moved {
        topic: TopicName,
        moved: Moved,
    },
    /// A partition cannot be read now; `given_up`: nor later.
    Failed {
        topic: TopicName,
        partition: i32,
        failure: Failure,
        given_up: bool,
    },
    /// The filter could not be asked of these records; `offset` and `why` are of the first.
    Undecided {
        topic: TopicName,
        partition: i32,
        offset: i64,
        failures: u64,
        why: String,
    },
    /// The last records are too large to be held together: only so many of the newest come.
    TooLarge {
        records: usize,
    },
    StartMoved {
        topic: TopicName,
        partition: i32,
        from: i64,
        to: i64,
    },
    /// Records could not be put in order, and no more come.
    Broken(Failure),
}

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that matched, up to as many as were wanted.
    pub records: u64,
    /// Of keys, values and headers; of those that were only counted, as they came.
    pub bytes: u64,
    /// Records looked at, those of batches that were begun included, and their bytes as they came.
    pub looked: u64,
    pub looked_bytes: u64,
    /// Batches that were there and could not be read.
    pub unreadable: u64,
    /// Records that the filter could not be asked of.
    pub undecided: u64,
    /// Partitions that were given up.
    pub given_up: u64,
    /// Where to go on: the next offset of every partition that is read. Backwards: the offset to go back from.
    pub next: BTreeMap<Spot, i64>,
}

/// A running scan. Dropping it ends it.
pub struct Scan {
    source: Source,
    want: Want,
    most: Option<u64>,
    /// Where partitions end for this scan, as far as that was known before: batches reach past it.
    ends: BTreeMap<Spot, i64>,
    totals: Totals,
    /// What to say first.
    ready: Vec<Found>,
}

enum Source {
    Stream(Stream),
    /// The last records were looked for already.
    Page(std::vec::IntoIter<Batch>),
    Backwards(Backwards),
    /// Read now, to be put in order.
    Unsorted(Stream, Sorter),
    Sorted(Sorted),
}

impl Scan {
    /// Fails when a topic does not exist or nobody answers. A partition that fails is a word of the scan itself.
    pub async fn open(cluster: Arc<Cluster>, plan: Plan) -> Result<Self, Failure> {
        let mut scan = Self {
            source: Source::Page(vec![].into_iter()),
            want: plan.want,
            most: plan.most,
            ends: BTreeMap::new(),
            totals: Totals::default(),
            ready: vec![],
        };
        let ranges = Ranges::find(&cluster, &plan).await?;
        scan.ready = ranges.words();
        scan.ends = ranges.ends();
        match plan.from {
            Where::Last(count) => scan.last(&cluster, &plan, ranges, count).await,
            _ if plan.order == Order::NewestFirst => {
                scan.totals.next = ranges.ends();
                scan.source = Source::Backwards(Backwards::new(cluster, &plan, ranges.extents));
            }
            _ => {
                scan.totals.next = ranges.begins();
                let stream = Stream::open(cluster, ranges.stream(&plan));
                scan.source = match plan.order {
                    Order::ByTime => Source::Unsorted(stream, Sorter::default()),
                    _ => Source::Stream(stream),
                };
            }
        }
        Ok(scan)
    }

    async fn last(&mut self, cluster: &Arc<Cluster>, plan: &Plan, ranges: Ranges, count: usize) {
        self.totals.next = ranges.ends();
        let back =
            page::Back { extents: ranges.extents, count, committed: plan.committed, filter: plan.filter.clone() };
        let mut older = page::before(cluster, back, &mut Look::silent()).await;
        self.totals.next.extend(std::mem::take(&mut older.silent));
        self.looked_back(&older);
        let batches = match plan.order {
            Order::AsItArrives => older.batches,
            Order::NewestFirst => backwards::reversed(&older.batches),
            Order::ByTime => sort::in_memory(&older.batches),
        };
        self.source = Source::Page(batches.into_iter());
    }

    /// Backwards in time, what was said on the way.
    fn looked_back(&mut self, older: &page::Older) {
        self.totals.looked += older.searched.records;
        self.totals.looked_bytes += older.searched.bytes;
        self.totals.undecided += older.searched.failures;
        self.ready.extend(older.unreadable.iter().cloned().map(Found::Unreadable));
        self.ready.extend(older.undecided.iter().map(page::Undecided::found));
        if matches!(self.source, Source::Page(_)) {
            self.ready.extend(older.too_large.map(|records| Found::TooLarge { records }));
        }
    }

    /// `None` when it is over.
    pub async fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.ready.pop() {
                match &found {
                    Found::Unreadable(unreadable) => self.totals.unreadable += unreadable.batches,
                    Found::Failed { .. } => self.totals.given_up += 1,
                    _ => {}
                }
                return Some(found);
            }
            if self.most.is_some_and(|most| self.totals.records >= most) {
                return None;
            }
            if let Some(found) = self.step().await? {
                return Some(found);
            }
        }
    }

    /// Outer `None`: it is over; inner: nothing to say yet.
    async fn step(&mut self) -> Option<Option<Found>> {
        let news = match &mut self.source {
            Source::Stream(stream) => stream.next().await?,
            Source::Page(batches) => News::Records(batches.next()?),
            Source::Backwards(backwards) => {
                let older = backwards.page(self.most.map(|most| most - self.totals.records)).await?;
                return Some(self.page(older));
            }
            Source::Unsorted(stream, sorter) => match stream.next().await {
                Some(News::Records(batch)) => return Some(sorter.take(batch).await.err().map(|why| self.broken(why))),
                Some(news) => news,
                None => {
                    self.source = Source::Sorted(std::mem::take(sorter).finish());
                    return Some(None);
                }
            },
            Source::Sorted(sorted) => match sorted.next().await? {
                Ok(batch) => News::Records(batch),
                Err(why) => return Some(Some(self.broken(why))),
            },
        };
        Some(self.take(news))
    }

    fn page(&mut self, older: page::Older) -> Option<Found> {
        self.looked_back(&older);
        let batches = backwards::reversed(&older.batches);
        // What is ready is taken from its end.
        let found: Vec<_> = batches.into_iter().map(|batch| Found::Records(self.count(batch))).collect();
        self.ready.extend(found.into_iter().rev());
        self.totals.next.extend(older.from);
        self.ready.pop()
    }

    fn broken(&mut self, why: std::io::Error) -> Found {
        self.source = Source::Page(vec![].into_iter());
        let advice = "make room, or set TMPDIR to a larger disk";
        Found::Broken(Failure::new("putting records in order", why.to_string(), advice))
    }

    /// So far; final once [`Scan::next`] said `None`.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    fn take(&mut self, news: News) -> Option<Found> {
        match news {
            News::Records(batch) => {
                let batch = self.count(batch);
                return (self.want == Want::Records).then_some(Found::Records(batch));
            }
            News::Read(progress) => self.reached(progress),
            News::Unreadable(unreadable) => {
                self.totals.unreadable += unreadable.batches;
                return Some(Found::Unreadable(unreadable));
            }
            News::Failed { topic, partition, failure, given_up, .. } => {
                self.totals.given_up += u64::from(given_up);
                return Some(Found::Failed { topic, partition, failure, given_up });
            }
            News::Undecided { topic, partition, offset, failures, why } => {
                self.totals.undecided += failures;
                return Some(Found::Undecided { topic, partition, offset, failures, why });
            }
            News::StartMoved { topic, partition, from, to } => {
                return Some(Found::StartMoved { topic, partition, from, to });
            }
        }
        None
    }

    /// Cuts off what is more than was wanted.
    fn count(&mut self, mut batch: Batch) -> Batch {
        if let Some(most) = self.most {
            let left = most.saturating_sub(self.totals.records);
            batch.heads.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.totals.records += batch.len() as u64;
        self.totals.bytes += batch.records().map(|record| record.size() as u64).sum::<u64>();
        if matches!(self.source, Source::Stream(_)) {
            for head in batch.last_heads() {
                self.totals.next.insert((batch.topic.clone(), head.partition), head.offset.saturating_add(1));
            }
        }
        batch
    }

    fn reached(&mut self, progress: Vec<Progress>) {
        for Progress { topic, partition, next, records, matched, bytes, .. } in progress {
            self.totals.looked += records;
            self.totals.looked_bytes += bytes;
            if self.want == Want::Count {
                let most = self.most.unwrap_or(u64::MAX);
                self.totals.records = self.totals.records.saturating_add(matched).min(most);
                self.totals.bytes += bytes;
            }
            let spot = (topic, partition);
            let end = self.ends.get(&spot).copied().unwrap_or(i64::MAX);
            self.totals.next.insert(spot, next.min(end));
        }
    }
}

impl page::Undecided {
    fn found(&self) -> Found {
        let (topic, partition) = self.spot.clone();
        Found::Undecided { topic, partition, offset: self.offset, failures: self.failures, why: self.why.clone() }
    }
}

#[cfg(test)]
mod tests;
