//! The newest records over all partitions together. Walks back from the ends until every partition gave as many as
//! were wanted or came to its start, so holes of compaction and markers of transactions do not thin the page out.
use super::{
    fetch::{
        bounds,
        chunk::{MOST_BYTES, MOST_RECORDS},
        decoder::Want,
        fetcher::{Part, Stop},
        news::{News, Unreadable},
        stream::{Plan, Stream},
    },
    offsets::{At, Spot},
    wire::Cluster,
};
use crate::{
    failure::Failure,
    record::{Batch, Record, gather::gather},
    topic::TopicName,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;

/// Bytes of records a page may hold; of larger records it holds fewer, and says so. Three times as many are in memory
/// for a moment.
const MOST_PAGE: usize = 32 << 20;
/// Silence of the brokers after which the page is shown without those that did not answer. Their records follow.
const SILENCE: Duration = Duration::from_secs(1);
/// Each round goes back this many times as far as the one before.
const STRIDE: i64 = 4;

/// The newest records, and where to go on.
#[derive(Debug, Default)]
pub struct Page {
    /// In the order of timestamp, partition and offset.
    pub batches: Vec<Batch>,
    /// The offset after what is in the page, or was looked at for it.
    pub next: BTreeMap<Spot, i64>,
    /// Ends as they were when the page was begun.
    pub ends: BTreeMap<Spot, i64>,
    /// Partitions that nobody told the offsets of.
    pub failed: Vec<(Spot, Failure)>,
    pub unreadable: Vec<Unreadable>,
    /// How many records there are, when not all that were wanted found room.
    pub too_large: Option<usize>,
}

/// Never fails as a whole: a partition that does not answer is in [`Page::failed`], or left for who reads on.
pub async fn last(cluster: &Arc<Cluster>, spots: &[Spot], count: usize, committed: bool) -> Page {
    let mut page = Page::default();
    let mut walks = begin(cluster, spots, count, committed, &mut page).await;
    let mut newest = Newest { batches: vec![], most: count, seen: 0 };
    while walks.iter().any(|walk| !walk.is_done()) {
        let answered = round(cluster, &mut walks, &mut newest, &mut page, committed).await;
        walks.iter_mut().for_each(|walk| walk.step_back(count));
        if !answered {
            break;
        }
    }
    page.too_large = newest.finish();
    page.batches = newest.batches;
    page
}

/// The way back through one partition. `low..high` is what the next round reads.
#[derive(Debug)]
struct Walk {
    spot: Spot,
    start: i64,
    low: i64,
    high: i64,
    found: usize,
}

impl Walk {
    fn is_done(&self) -> bool {
        self.low >= self.high
    }

    fn step_back(&mut self, count: usize) {
        let width = (self.high - self.low).max(1).saturating_mul(STRIDE);
        self.high = self.low;
        if self.found < count {
            self.low = self.low.saturating_sub(width).max(self.start);
        }
    }
}

async fn begin(cluster: &Cluster, spots: &[Spot], count: usize, committed: bool, page: &mut Page) -> Vec<Walk> {
    let end = if committed { At::StableEnd } else { At::End };
    let (starts, ends) =
        tokio::join!(bounds::ask(cluster, At::Start, spots.to_vec()), bounds::ask(cluster, end, spots.to_vec()));
    let starts: HashMap<Spot, _> = starts.into_iter().collect();
    let mut walks = vec![];
    for (spot, end) in ends {
        let start = starts.get(&spot).cloned().unwrap_or(Ok(0));
        match end.and_then(|end| Ok((start?, end))) {
            Ok((start, end)) => {
                let low = end.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).max(start);
                page.ends.insert(spot.clone(), end);
                page.next.insert(spot.clone(), low);
                walks.push(Walk { spot, start, low, high: end, found: 0 });
            }
            Err(failure) => page.failed.push((spot, failure)),
        }
    }
    walks
}

/// Reads every walk's stretch. False = some did not answer in time.
async fn round(
    cluster: &Arc<Cluster>,
    walks: &mut [Walk],
    newest: &mut Newest,
    page: &mut Page,
    committed: bool,
) -> bool {
    let mut stream = Stream::open(cluster.clone(), plan(walks, committed));
    let mut walks: HashMap<Spot, &mut Walk> = walks.iter_mut().map(|walk| (walk.spot.clone(), walk)).collect();
    loop {
        match timeout(SILENCE, stream.next()).await {
            Err(_) => return false,
            Ok(None) => return true,
            Ok(Some(News::Records(batch))) => {
                for head in &batch.heads {
                    let spot = (batch.topic.clone(), head.partition);
                    page.reached(&spot, head.offset.saturating_add(1));
                    if let Some(walk) = walks.get_mut(&spot) {
                        walk.found += 1;
                    }
                }
                newest.take(batch);
            }
            Ok(Some(News::Read(progress))) => {
                for at in progress {
                    page.reached(&(at.topic, at.partition), at.next);
                }
            }
            Ok(Some(News::Unreadable(unreadable))) => page.unreadable.push(unreadable),
            // Whoever reads on meets it again and says so.
            Ok(Some(News::Failed { .. } | News::StartMoved { .. } | News::Undecided { .. })) => {}
        }
    }
}

fn plan(walks: &[Walk], committed: bool) -> Plan {
    let mut topics: Vec<TopicName> = vec![];
    let mut parts = vec![];
    for walk in walks.iter().filter(|walk| !walk.is_done()) {
        let known = topics.iter().position(|topic| *topic == walk.spot.0);
        let topic = known.unwrap_or(topics.len());
        if known.is_none() {
            topics.push(walk.spot.0.clone());
        }
        parts.push(Part::new(topic, walk.spot.1, walk.low, Stop::At(walk.high)));
    }
    Plan {
        topics: topics.into(),
        parts,
        committed,
        want: Want::Records,
        max_wait: Duration::ZERO,
        own: true,
        filter: None,
        give_up_after: None,
        stays_open: false,
    }
}

impl Page {
    /// Earlier stretches are read later: only the furthest counts.
    fn reached(&mut self, spot: &Spot, next: i64) {
        let end = self.ends.get(spot).copied().unwrap_or(i64::MAX);
        if let Some(known) = self.next.get_mut(spot) {
            *known = (*known).max(next).min(end);
        }
    }
}

/// The newest so far, of more that come.
struct Newest {
    batches: Vec<Batch>,
    most: usize,
    /// Records that were taken, kept or not.
    seen: usize,
}

impl Newest {
    fn take(&mut self, batch: Batch) {
        self.seen += batch.len();
        self.batches.push(batch);
        let records: usize = self.batches.iter().map(Batch::len).sum();
        let bytes: usize = self.batches.iter().map(Batch::bytes).sum();
        if records > self.most.saturating_mul(4).max(4 * MOST_RECORDS) || bytes > 2 * MOST_PAGE {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let mut records: Vec<Record<'_>> = self.batches.iter().flat_map(Batch::records).collect();
        records.sort_by_key(|record| (record.head.timestamp, record.place()));
        let mut bytes = 0usize;
        let newest = records.iter().rev().take(self.most).take_while(|record| {
            bytes = bytes.saturating_add(record.size());
            bytes <= MOST_PAGE
        });
        let kept = newest.count().max(self.most.min(1));
        let first = records.len().saturating_sub(kept);
        self.batches = gather(records.into_iter().skip(first), MOST_RECORDS, MOST_BYTES);
    }

    /// Keeps the newest alone, and answers how many they are when there should be more.
    fn finish(&mut self) -> Option<usize> {
        self.prune();
        let kept: usize = self.batches.iter().map(Batch::len).sum();
        (kept < self.most.min(self.seen)).then_some(kept)
    }
}
