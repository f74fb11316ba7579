//! Bounded reading: from one place to another as they were when reading began, then it is over. Ends by position alone,
//! so compacted, aborted, deleted and empty ranges never hold it up.
mod backwards;
mod disorder;
mod newest;
mod plan;
mod ranges;
mod run;
mod sort;
mod way;

use super::{
    fetch::{
        decoder::Want,
        news::{News, Progress},
        stream::Stream,
    },
    look::Look,
    offsets::Spot,
    page,
    wire::Cluster,
};
use crate::{failure::Failure, place::Where, record::Batch};
use backwards::Backwards;
use disorder::Disorder;
pub use plan::{Found, Order, Plan, Totals};
use ranges::Ranges;
use sort::{Sorted, Sorter};
use std::{collections::BTreeMap, sync::Arc};
use way::Way;

/// A running scan. Dropping it ends it.
pub struct Scan {
    source: Source,
    want: Want,
    most: Option<u64>,
    /// Where partitions end for this scan, as far as that was known before: batches reach past it.
    ends: BTreeMap<Spot, i64>,
    totals: Totals,
    way: Way,
    disorder: Disorder,
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
            way: Way::default(),
            disorder: Disorder::default(),
            ready: vec![],
        };
        let ranges = Ranges::find(&cluster, &plan).await?;
        scan.way = Way::new(&ranges.extents, plan.order == Order::NewestFirst);
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
        let ends = ranges.ends();
        let back = page::Back {
            extents: ranges.extents,
            count,
            all_met: false,
            committed: plan.committed,
            filter: plan.filter.clone(),
            patience: page::PATIENT,
        };
        let older = page::before(cluster, back, &mut Look::silent()).await;
        self.looked_back(&older);
        let (begins, over) = if self.way.backwards { (&ends, older.from.clone()) } else { (&older.from, ends.clone()) };
        for (place, at) in [(&mut self.totals.next, begins.clone()), (&mut self.way.at, over)] {
            place.extend(at);
            place.extend(older.silent.clone());
        }
        if plan.order == Order::ByTime {
            older.batches.iter().for_each(|batch| self.disorder.look(batch));
        }
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
        self.ready.extend(older.undecided.iter().cloned().map(Found::Undecided));
        self.ready.extend(older.silent.keys().map(silent));
        if matches!(self.source, Source::Page(_)) {
            self.ready.extend(older.too_large.map(|records| Found::TooLarge { records }));
        }
    }

    /// `None` when it is over.
    pub async fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.go_on().await? {
                return Some(found);
            }
        }
    }

    /// The same, and also comes back where there is nothing to say: for whoever shows how far it is. Outer `None`: it is
    /// over.
    pub async fn go_on(&mut self) -> Option<Option<Found>> {
        if let Some(found) = self.ready.pop() {
            return Some(Some(self.say(found)));
        }
        if matches!(self.source, Source::Backwards(_)) {
            self.settle();
        }
        if self.most.is_some_and(|most| self.totals.records >= most) {
            return None;
        }
        let found = self.step().await;
        if found.is_none() {
            self.settle();
        }
        found
    }

    fn say(&mut self, found: Found) -> Found {
        match found {
            Found::Records(batch) => return Found::Records(self.count(batch)),
            Found::Unreadable(ref unreadable) => self.totals.unreadable += unreadable.batches,
            Found::Failed { .. } => self.totals.given_up += 1,
            _ => {}
        }
        found
    }

    /// All that was read is handed over, and so the place to go on is where reading is. Once there are as many as were
    /// wanted, some of it may have been cut off.
    fn settle(&mut self) {
        let whole = self.most.is_none_or(|most| self.totals.records < most);
        if whole && !matches!(self.source, Source::Stream(_)) {
            self.totals.next.extend(self.way.at.clone());
        }
    }

    /// As [`Scan::go_on`].
    async fn step(&mut self) -> Option<Option<Found>> {
        let news = match &mut self.source {
            Source::Stream(stream) => stream.next().await?,
            Source::Page(batches) => News::Records(batches.next()?),
            Source::Backwards(backwards) => {
                let older = backwards.page(self.most.map(|most| most - self.totals.records)).await?;
                return Some(self.page(older));
            }
            Source::Unsorted(stream, sorter) => match stream.next().await {
                Some(News::Records(batch)) => {
                    self.disorder.look(&batch);
                    return Some(sorter.take(batch).await.err().map(|why| self.broken(why)));
                }
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
        self.ready.extend(batches.into_iter().rev().map(Found::Records));
        self.way.at.extend(older.from);
        self.ready.pop().map(|found| self.say(found))
    }

    fn broken(&mut self, why: std::io::Error) -> Found {
        self.source = Source::Page(vec![].into_iter());
        self.way = Way::default(); // what was read and not handed over is lost
        let advice = "make room, or set TMPDIR to a larger disk";
        Found::Broken(Failure::new("putting records in order", why.to_string(), advice))
    }

    /// How much of what is to be read was read, from 0 to 1; `None` before that is known.
    pub fn share(&self) -> Option<f64> {
        self.way.share()
    }

    /// A partition whose times run backwards, where that matters: in the order of time what is left of it begins at no
    /// one offset, and [`Totals::next`] does not say where to go on.
    pub fn disorder(&self) -> Option<&Spot> {
        self.disorder.first()
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
            News::Undecided(undecided) => {
                self.totals.undecided += undecided.failures;
                return Some(Found::Undecided(undecided));
            }
            News::StartMoved { topic, partition, from, to } => {
                return Some(Found::StartMoved { topic, partition, from, to });
            }
        }
        None
    }

    /// Cuts off what is more than was wanted. The place to go on moves by what is handed over and by nothing else, as
    /// what was read may wait here for long and never be taken.
    fn count(&mut self, mut batch: Batch) -> Batch {
        if let Some(most) = self.most {
            let left = most.saturating_sub(self.totals.records);
            batch.heads.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.totals.records += batch.len() as u64;
        self.totals.bytes += batch.records().map(|record| record.size() as u64).sum::<u64>();
        for head in batch.last_heads() {
            let next = if self.way.backwards { head.offset } else { head.offset.saturating_add(1) };
            self.totals.next.insert((batch.topic.clone(), head.partition), next);
        }
        batch
    }

    fn reached(&mut self, progress: Vec<Progress>) {
        for Progress { topic, partition, next, end, records, matched, bytes } in progress {
            self.totals.looked += records;
            self.totals.looked_bytes += bytes;
            if self.want == Want::Count {
                let most = self.most.unwrap_or(u64::MAX);
                self.totals.records = self.totals.records.saturating_add(matched).min(most);
                self.totals.bytes += bytes;
            }
            let spot = (topic, partition);
            self.way.ends(&spot, end);
            let end = self.ends.get(&spot).copied().unwrap_or(i64::MAX);
            let next = next.min(end);
            if matches!(self.source, Source::Stream(_)) {
                self.totals.next.insert(spot.clone(), next);
            }
            self.way.at.insert(spot, next);
        }
    }
}

/// Nobody reads on after a page.
fn silent(spot: &Spot) -> Found {
    let (topic, partition) = spot.clone();
    Found::Failed { topic, partition, failure: silence(spot), given_up: true }
}

fn silence((topic, partition): &Spot) -> Failure {
    let attempted = format!("reading backwards in {topic} partition {partition}");
    let answered = format!("no answer within {} s", page::PATIENT.as_secs());
    Failure::new(attempted, answered, "try again when its broker is back")
}

#[cfg(test)]
mod tests;
