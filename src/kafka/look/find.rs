//! The nearest record that matches. Older: as a page of one. Newer: all partitions are gone through by equal shares, a
//! stretch at a time; of the first matches in the first stretch that has any, the earliest by time is the nearest. Up to
//! the end as it was when the search began.
use super::{Look, Pace, older};
use crate::{
    bus::{Event, Generation, Reading},
    kafka::{
        fetch::{
            decoder::Want,
            fetcher::{Part, Stop},
            news::News,
            stream::{Plan, Stream},
        },
        offsets::Spot,
        page::{self, Back, PATIENT},
        whereabouts::{self, Extent},
        wire::Cluster,
    },
    place::Positions,
};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::timeout_at;

/// Offsets of the first stretch, over all partitions.
const FIRST: f64 = 16_384.0;
/// A stretch that took less may be followed by a larger one.
const QUICK: Duration = Duration::from_millis(250);
/// Silence after which partitions that did not answer are left where they are.
const SILENCE: Duration = Duration::from_secs(2);

/// The last word of a search.
pub async fn find(
    cluster: Arc<Cluster>,
    reading: Reading,
    from: Positions,
    newer: bool,
    generation: Generation,
    mut look: Look,
) -> Vec<Event> {
    let mut to = from.clone();
    let (found, reached) = if newer {
        Ahead::begin(&cluster, &reading, &from).await.find(&mut look).await
    } else {
        back(&cluster, &reading, &from, &mut look).await
    };
    to.extend(reached);
    vec![Event::FindEnded { generation, found, to, stopped: look.is_stopped() }]
}

type Found = (Option<(i32, i64)>, Positions);

async fn back(cluster: &Arc<Cluster>, reading: &Reading, from: &Positions, look: &mut Look) -> Found {
    let extents = older::extents(cluster, reading, from).await;
    let (committed, filter) = (reading.committed, reading.filter.clone());
    let page =
        page::before(cluster, Back { extents, count: 1, all_met: false, committed, filter, patience: PATIENT }, look)
            .await;
    let found = page.batches.iter().flat_map(|batch| batch.records()).map(|record| record.place()).next();
    (found, page.from.into_iter().map(|((_, id), offset)| (id, offset)).collect())
}

/// A look ahead that goes on.
struct Ahead<'a> {
    cluster: &'a Arc<Cluster>,
    reading: &'a Reading,
    /// What is left of each partition.
    rest: BTreeMap<i32, Extent>,
    /// Where the stretch ends that is read now; batches reach past it.
    stops: Positions,
    /// First matches: time and offset.
    matches: BTreeMap<i32, (i64, i64)>,
    /// The share of every partition that a stretch looks at.
    reach: f64,
    pace: Pace,
}

impl<'a> Ahead<'a> {
    async fn begin(cluster: &'a Arc<Cluster>, reading: &'a Reading, from: &Positions) -> Self {
        let spots: Vec<Spot> = from.keys().map(|id| (reading.topic.clone(), *id)).collect();
        let (extents, _) = whereabouts::extents(cluster, &spots, reading.committed).await;
        let rest = |((_, id), extent): (Spot, Extent)| {
            let start = from.get(&id).copied().unwrap_or(extent.start).clamp(extent.start, extent.end);
            (id, Extent { start, ..extent })
        };
        let rest: BTreeMap<_, _> = extents.into_iter().map(rest).collect();
        let offsets = |extent: &Extent| (extent.end - extent.start).unsigned_abs();
        let pace = Pace::new(rest.iter().map(|(id, extent)| ((reading.topic.clone(), *id), offsets(extent))));
        let all: u64 = rest.values().map(offsets).sum();
        let reach = FIRST / (all as f64).max(1.0);
        Self { cluster, reading, rest, stops: Positions::new(), matches: BTreeMap::new(), reach, pace }
    }

    async fn find(mut self, look: &mut Look) -> Found {
        while self.matches.is_empty() && !look.is_stopped() && self.rest.values().any(|left| left.start < left.end) {
            let began = Instant::now();
            if !self.stretch(look).await {
                break;
            }
            if began.elapsed() < QUICK {
                self.reach *= 4.0;
            }
        }
        self.nearest()
    }

    fn nearest(self) -> Found {
        let best = self.matches.iter().min_by_key(|(id, (time, offset))| (*time, **id, *offset));
        let found = best.map(|(id, (_, offset))| (*id, *offset));
        let reached = |(id, left): (&i32, &Extent)| match self.matches.get(id) {
            // Another search from here meets it.
            Some((_, offset)) => (*id, offset + i64::from(found == Some((*id, *offset)))),
            None => (*id, left.start),
        };
        (found, self.rest.iter().map(reached).collect())
    }

    /// False: those that are left do not answer.
    async fn stretch(&mut self, look: &mut Look) -> bool {
        let mut stream = Stream::open(self.cluster.clone(), self.plan());
        let mut patience = tokio::time::Instant::now() + SILENCE;
        loop {
            let news = tokio::select! {
                news = timeout_at(patience, stream.next()) => news,
                () = look.stopped() => return true,
            };
            match news {
                Err(_) => return false,
                Ok(None) => return true,
                Ok(Some(news)) => {
                    if self.take(news) {
                        patience = tokio::time::Instant::now() + SILENCE;
                        look.say(&self.pace).await;
                    }
                }
            }
        }
    }

    /// False: it tells of nothing that was read.
    fn take(&mut self, news: News) -> bool {
        match news {
            News::Records(batch) => {
                for head in &batch.heads {
                    self.matches.entry(head.partition).or_insert((head.timestamp, head.offset));
                }
            }
            News::Read(progress) => {
                for progress in progress {
                    self.pace.read(&progress);
                    let stop = self.stops.get(&progress.partition).copied().unwrap_or(progress.next);
                    if let Some(left) = self.rest.get_mut(&progress.partition) {
                        left.start = left.start.max(progress.next.min(stop));
                    }
                }
            }
            News::Undecided(undecided) => self.pace.failures += undecided.failures,
            News::StartMoved { .. } | News::Unreadable(_) => {}
            News::Failed { .. } => return false,
        }
        true
    }

    fn plan(&mut self) -> Plan {
        let mut parts = vec![];
        for (id, left) in self.rest.iter().filter(|(_, left)| left.start < left.end) {
            let width = ((left.end - left.start) as f64 * self.reach).ceil() as i64;
            let stop = left.start.saturating_add(width.max(1)).min(left.end);
            self.pace.begin(&(self.reading.topic.clone(), *id), left.start);
            self.stops.insert(*id, stop);
            parts.push(Part::new(0, *id, left.start, Stop::At(stop)));
        }
        Plan {
            topics: [self.reading.topic.clone()].into(),
            parts,
            committed: self.reading.committed,
            want: Want::Records,
            filter: self.reading.filter.clone(),
            max_wait: Duration::ZERO,
            own: true,
            give_up_after: None,
            stays_open: false,
        }
    }
}
