//! Bounded reading: from a start to the end as it was when reading began, then it is over. Ends by position alone, so
//! compacted, aborted, deleted and empty ranges never hold it up.
use super::{
    fetch::{
        decoder::Want,
        fetcher::{Part, Stop},
        news::{News, Progress, Unreadable},
        stream::{Plan as Reading, Stream},
    },
    offsets::{self, At, Spot},
    page,
    wire::{Cause, Cluster, Error},
};
use crate::{bus::Where, failure::Failure, filter::Filter, record::Batch, topic::TopicName};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

/// Failures in a row, half a minute of pauses, after which a scan gives a partition up: it is to end, after all.
const GIVE_UP_AFTER: u32 = 30;

/// What to scan.
#[derive(Debug, Clone)]
pub struct Plan {
    pub topics: Vec<TopicName>,
    /// Only these partitions, of every topic; `None` = all.
    pub partitions: Option<Vec<i32>>,
    pub from: Where,
    /// Leave out aborted transactions and stop at the last stable offset.
    pub committed: bool,
    /// With [`Want::Count`] no records are found; [`Totals`] tells how many there are.
    pub want: Want,
    /// Only the records that it matches; the last ones of [`Where::Last`] come without being asked.
    pub filter: Option<Filter>,
    /// Records after which it is over.
    pub most: Option<u64>,
}

/// What a scan says.
#[derive(Debug, Clone)]
pub enum Found {
    Records(Batch),
    Unreadable(Unreadable),
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
}

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub records: u64,
    /// Of keys, values and headers.
    pub bytes: u64,
    /// Batches that were there and could not be read.
    pub unreadable: u64,
    /// Records that the filter could not be asked of.
    pub undecided: u64,
    /// Partitions that were given up.
    pub given_up: u64,
    /// Where to go on: the next offset of every partition that was read.
    pub next: BTreeMap<Spot, i64>,
}

/// A running scan. Dropping it ends it.
pub struct Scan {
    source: Source,
    want: Want,
    most: Option<u64>,
    totals: Totals,
    /// What to say first.
    ready: Vec<Found>,
}

enum Source {
    Stream(Stream),
    /// The last records were looked for already.
    Page(std::vec::IntoIter<Batch>),
}

impl Scan {
    /// Fails when a topic does not exist or nobody answers. A partition that fails is a word of the scan itself.
    pub async fn open(cluster: Arc<Cluster>, plan: Plan) -> Result<Self, Failure> {
        let spots = spots(&cluster, &plan).await?;
        let mut scan = Self {
            source: Source::Page(vec![].into_iter()),
            want: plan.want,
            most: plan.most,
            totals: Totals::default(),
            ready: vec![],
        };
        if let Where::Last(count) = plan.from {
            let page = page::last(&cluster, &spots, count, plan.committed).await;
            scan.totals.next = page.next;
            scan.ready = page.unreadable.into_iter().map(Found::Unreadable).collect();
            scan.ready.extend(page.failed.into_iter().map(never));
            scan.ready.extend(page.too_large.map(|records| Found::TooLarge { records }));
            scan.source = Source::Page(page.batches.into_iter());
            return Ok(scan);
        }
        let begin = if plan.from == Where::End { At::End } else { At::Start };
        let (parts, failed) = parts(&cluster, &plan.topics, spots, begin).await;
        scan.ready = failed.into_iter().map(never).collect();
        scan.source = Source::Stream(Stream::open(cluster, reading(&plan, parts)));
        Ok(scan)
    }

    /// `None` when it is over.
    pub async fn next(&mut self) -> Option<Found> {
        if let Some(found) = self.ready.pop() {
            match &found {
                Found::Unreadable(unreadable) => self.totals.unreadable += unreadable.batches,
                Found::TooLarge { .. } => {}
                _ => self.totals.given_up += 1,
            }
            return Some(found);
        }
        while self.most.is_none_or(|most| self.totals.records < most) {
            let news = match &mut self.source {
                Source::Stream(stream) => stream.next().await?,
                Source::Page(batches) => News::Records(batches.next()?),
            };
            if let Some(found) = self.take(news) {
                return Some(found);
            }
        }
        None
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
        for head in batch.last_heads() {
            self.totals.next.insert((batch.topic.clone(), head.partition), head.offset.saturating_add(1));
        }
        batch
    }

    fn reached(&mut self, progress: Vec<Progress>) {
        for Progress { topic, partition, next, matched, bytes, .. } in progress {
            if self.want == Want::Count {
                let most = self.most.unwrap_or(u64::MAX);
                self.totals.records = self.totals.records.saturating_add(matched).min(most);
                self.totals.bytes += bytes;
            }
            self.totals.next.insert((topic, partition), next);
        }
    }
}

fn reading(plan: &Plan, parts: Vec<Part>) -> Reading {
    Reading {
        topics: plan.topics.clone().into(),
        parts,
        committed: plan.committed,
        want: plan.want,
        max_wait: Duration::ZERO,
        own: false,
        filter: plan.filter.clone(),
        give_up_after: Some(GIVE_UP_AFTER),
        stays_open: false,
    }
}

/// The partitions of the plan. Asks afresh when a topic is not known: it may be a new one.
async fn spots(cluster: &Cluster, plan: &Plan) -> Result<Vec<Spot>, Failure> {
    let mut metadata = cluster.metadata().await?;
    if plan.topics.iter().any(|topic| metadata.topic(topic).is_none()) {
        metadata = cluster.refresh().await?;
    }
    let mut spots = vec![];
    for name in &plan.topics {
        let gone = || Error::new(format!("reading topic {name}"), Cause::Gone);
        let topic = metadata.topic(name).ok_or_else(gone)?;
        if let Some(failure) = &topic.error {
            return Err(failure.clone());
        }
        let ids = topic.partitions.iter().map(|partition| partition.id);
        let wanted = |id: &i32| plan.partitions.as_ref().is_none_or(|only| only.contains(id));
        spots.extend(ids.filter(wanted).map(|id| (name.clone(), id)));
    }
    Ok(spots)
}

/// Where each partition begins; those whose beginning nobody tells are failures.
async fn parts(
    cluster: &Cluster,
    topics: &[TopicName],
    spots: Vec<Spot>,
    begin: At,
) -> (Vec<Part>, Vec<(Spot, Failure)>) {
    let index: HashMap<_, _> = topics.iter().enumerate().map(|(at, topic)| (topic.clone(), at)).collect();
    let (mut parts, mut failed) = (vec![], vec![]);
    for (spot, reading) in offsets::ask(cluster, begin, spots).await {
        let topic = index.get(&spot.0).copied().unwrap_or(0);
        match reading.offset {
            Ok(offset) => parts.push(Part::new(topic, spot.1, offset, Stop::FirstEnd)),
            Err(failure) => failed.push((spot, failure)),
        }
    }
    (parts, failed)
}

fn never(((topic, partition), failure): (Spot, Failure)) -> Found {
    Found::Failed { topic, partition, failure, given_up: true }
}

#[cfg(test)]
mod tests;
