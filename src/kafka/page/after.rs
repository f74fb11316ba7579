//! The first records after given positions, over all partitions together: a page forward. What it holds of a partition is
//! always what comes next there; whoever reads on begins behind it.
use super::{FIRST_BYTES, walk::Met};
use crate::{
    kafka::{
        fetch::{
            chunk::{MOST_BYTES, MOST_RECORDS},
            decoder::Want,
            fetcher::{Part, Stop},
            news::{News, Progress, Unreadable},
            stream::{Plan, Stream},
        },
        whereabouts::Extent,
        wire::Cluster,
    },
    place::Positions,
    record::{Batch, gather::gather},
    topic::TopicName,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// What answers later than this is not in the page: its records follow.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes in memory from which on no more is read for the page.
const MOST_HELD: usize = 32 << 20;
/// Offsets of a partition that are read at first, at least; and how much wider each stretch is than the one before.
const STRETCH_LEAST: usize = 16;
const STRIDE: i64 = 4;

/// What is wanted of a look ahead.
#[derive(Debug, Clone)]
pub struct Ahead {
    pub topic: TopicName,
    /// For each partition where the page begins, and its end.
    pub extents: BTreeMap<i32, Extent>,
    /// Records.
    pub count: usize,
    pub committed: bool,
}

/// A page forward.
#[derive(Debug, Default)]
pub struct Newer {
    /// The oldest first: within a partition in the order of offsets, between partitions in the order of time as far as
    /// that allows.
    pub batches: Vec<Batch>,
    /// Where each partition goes on: everything before was looked at.
    pub next: Positions,
    /// Before `next`.
    pub unreadable: Vec<Unreadable>,
}

/// Never fails: a partition that does not answer in time is left where it is.
pub async fn after(cluster: &Arc<Cluster>, ahead: Ahead) -> Newer {
    let mut going = Going::new(ahead);
    let patience = Instant::now() + PATIENCE;
    loop {
        let merged = going.merge();
        if merged.needs.is_empty() {
            return going.finish(&merged);
        }
        going.step(&merged.needs);
        going.read(cluster, patience).await;
    }
}

/// The way forward through one partition.
#[derive(Debug)]
struct Way {
    /// Everything before it was looked at, from where the page begins.
    high: i64,
    /// `high..stop` is read now.
    stop: i64,
    end: i64,
    /// In the order of offsets, without a gap.
    met: Vec<Met>,
    /// It is not gone on with: what comes next cannot be told now.
    closed: bool,
}

impl Way {
    /// Could there be more?
    fn is_open(&self) -> bool {
        !self.closed && self.high < self.end
    }

    fn next(&self, taken: usize) -> i64 {
        match self.met.get(taken) {
            Some(left) => left.offset(),
            None => self.met.last().map_or(self.high, |last| self.high.max(last.offset().saturating_add(1))),
        }
    }
}

/// A look ahead that goes on.
struct Going {
    topic: TopicName,
    ways: BTreeMap<i32, Way>,
    count: usize,
    committed: bool,
    width: i64,
    /// Bytes in memory.
    held: usize,
    unreadable: Vec<Unreadable>,
}

/// Which records belong in the page, as far as they were met.
#[derive(Debug, Default)]
struct Merged {
    /// Partition, and which of its records.
    order: Vec<(i32, usize)>,
    /// How many of each partition.
    taken: BTreeMap<i32, usize>,
    /// Partitions that must be gone on with before the next record can be told.
    needs: Vec<i32>,
}

impl Going {
    fn new(ahead: Ahead) -> Self {
        let way = |Extent { start, end }| Way { high: start, stop: start, end, met: vec![], closed: false };
        let ways: BTreeMap<_, _> = ahead.extents.into_iter().map(|(id, extent)| (id, way(extent))).collect();
        // Twice an equal share, so that partitions that are not quite equal are done with in one stretch.
        let width = (2 * ahead.count / ways.len().max(1)).max(STRETCH_LEAST);
        let width = i64::try_from(width).unwrap_or(i64::MAX);
        let Ahead { topic, count, committed, .. } = ahead;
        Self { topic, ways, count, committed, width, held: 0, unreadable: vec![] }
    }

    /// Time, partition and number of a record of a way.
    fn candidate(&self, id: i32, nth: usize) -> Option<Reverse<(i64, i32, usize)>> {
        let met = self.ways.get(&id)?.met.get(nth)?;
        Some(Reverse((met.timestamp(), id, nth)))
    }

    fn merge(&self) -> Merged {
        let is_empty = |(_, way): &(&i32, &Way)| way.is_open() && way.met.is_empty();
        let needs = self.ways.iter().filter(is_empty).map(|(id, _)| *id).collect();
        let mut merged = Merged { needs, ..Merged::default() };
        let mut heap: BinaryHeap<_> = self.ways.keys().filter_map(|id| self.candidate(*id, 0)).collect();
        while merged.needs.is_empty() && merged.order.len() < self.count {
            let Some(Reverse((_, id, nth))) = heap.pop() else { break };
            merged.order.push((id, nth));
            merged.taken.insert(id, nth + 1);
            match self.candidate(id, nth + 1) {
                Some(next) => heap.push(next),
                None if merged.order.len() < self.count && self.ways.get(&id).is_some_and(Way::is_open) => {
                    merged.needs.push(id);
                }
                None => {}
            }
        }
        merged
    }

    /// Which stretches are read next.
    fn step(&mut self, needs: &[i32]) {
        for id in needs {
            if let Some(way) = self.ways.get_mut(id) {
                way.stop = way.high.saturating_add(self.width).min(way.end);
            }
        }
        self.width = self.width.saturating_mul(STRIDE);
    }

    /// What does not come to the end of its stretch is closed.
    async fn read(&mut self, cluster: &Arc<Cluster>, patience: Instant) {
        let mut stream = Stream::open(cluster.clone(), self.plan());
        let mut whole = false;
        while self.held < MOST_HELD && !whole {
            match timeout_at(patience, stream.next()).await {
                Ok(Some(news)) => self.hear(news),
                Ok(None) => whole = true,
                Err(_) => break,
            }
        }
        let full = self.held >= MOST_HELD;
        for way in self.ways.values_mut() {
            match whole && !way.closed {
                true => way.high = way.high.max(way.stop),
                false => way.closed |= full || way.high < way.stop,
            }
        }
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Records(batch) => self.meet(batch),
            News::Read(progress) => progress.iter().for_each(|progress| self.reached(progress)),
            News::Unreadable(unreadable) => self.unreadable.push(unreadable),
            // Whoever reads on meets it again and says so.
            News::StartMoved { partition, .. } | News::Failed { partition, gone: true, .. } => {
                self.ways.get_mut(&partition).into_iter().for_each(|way| way.closed = true);
            }
            News::Failed { .. } | News::Undecided { .. } => {}
        }
    }

    fn meet(&mut self, batch: Batch) {
        self.held += batch.bytes();
        for (id, met) in Met::all(batch) {
            if let Some(way) = self.ways.get_mut(&id).filter(|way| !way.closed && met.offset() < way.stop) {
                way.met.push(met);
            }
        }
    }

    fn reached(&mut self, progress: &Progress) {
        if let Some(way) = self.ways.get_mut(&progress.partition).filter(|way| !way.closed) {
            way.high = way.high.max(progress.next.min(way.stop));
        }
    }

    fn plan(&self) -> Plan {
        let part = |(id, way): (&i32, &Way)| Part::new(0, *id, way.high, Stop::At(way.stop)).with_limit(FIRST_BYTES);
        Plan {
            topics: [self.topic.clone()].into(),
            parts: self.ways.iter().filter(|(_, way)| !way.closed && way.high < way.stop).map(part).collect(),
            committed: self.committed,
            want: Want::Records,
            filter: None,
            max_wait: Duration::ZERO,
            own: true,
            give_up_after: None,
            stays_open: false,
        }
    }

    fn finish(self, merged: &Merged) -> Newer {
        let taken = |id: &i32| merged.taken.get(id).copied().unwrap_or(0);
        let next: Positions = self.ways.iter().map(|(id, way)| (*id, way.next(taken(id)))).collect();
        let records = merged.order.iter().filter_map(|(id, nth)| self.ways.get(id)?.met.get(*nth)?.record());
        let batches = gather(records, MOST_RECORDS, MOST_BYTES);
        let mut unreadable = self.unreadable;
        unreadable.retain(|it| next.get(&it.partition).is_some_and(|next| it.first < *next));
        Newer { batches, next, unreadable }
    }
}
