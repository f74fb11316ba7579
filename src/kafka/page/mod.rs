//! Pages over all partitions together: the newest records before given positions, and the first after them ([`after`]).
//! Walks back until there are enough, so holes
//! of compaction and markers of transactions do not thin a page out, and nothing is ever read from the start of a topic.
mod after;
mod pick;
mod round;
mod walk;

use super::{
    fetch::news::{Undecided, Unreadable},
    look::{Look, Pace},
    offsets::Spot,
    whereabouts::{Extent, extents},
    wire::Cluster,
};
use crate::{bus::Searched, failure::Failure, filter::Filter, record::Batch};
pub use after::{Ahead, Newer, after};
use pick::{Picked, pick};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use walk::Walk;

/// Bytes of records a page may hold; of larger records it holds fewer, and says so. Three times as many are in memory
/// for a moment.
const MOST_PAGE: usize = 32 << 20;
/// Bytes that a partition is asked for at first: a page of usual records is one small answer, that a slow link brings in
/// time.
const FIRST_BYTES: i32 = 128 << 10;
/// Silence of the brokers after which the page is shown without those that did not answer: their records follow.
const SILENCE: Duration = Duration::from_secs(1);
/// The same where nobody reads on after the page, or a filter looks at much.
pub const PATIENT: Duration = Duration::from_secs(5);
/// Partitions up to which the first stretch of each is as wide as the page; of more, each gives its part of it.
const FEW: usize = 64;
/// With a filter: offsets of the first round, over all partitions.
const FIRST_ROUND: f64 = 16_384.0;
/// With a filter: a round that took less may be followed by a larger one, one that took more by a smaller one. What a
/// round has read when it is stopped is lost.
const QUICK: Duration = Duration::from_millis(250);
const SLOW: Duration = Duration::from_secs(1);

/// What is wanted of a look back.
#[derive(Debug, Clone)]
pub struct Back {
    /// For each partition: nothing before `start`, nothing from `end` on.
    pub extents: BTreeMap<Spot, Extent>,
    /// Records, or with a filter records that match.
    pub count: usize,
    /// With a filter: all matches that were met come, also more than `count`, so that who goes on looks at nothing twice.
    pub all_met: bool,
    pub committed: bool,
    pub filter: Option<Filter>,
    /// Silence after which partitions that do not answer are left out.
    pub patience: Duration,
}

/// A page.
#[derive(Debug, Default)]
pub struct Older {
    /// The oldest first. Within a partition in the order of offsets and without a gap up to the next page; between
    /// partitions in the order of time as far as that allows. With a filter other partitions may hold younger matches
    /// further back: partitions are gone back through by equal shares.
    pub batches: Vec<Batch>,
    /// Where the next page ends: everything from here on was looked at.
    pub from: BTreeMap<Spot, i64>,
    /// There is nothing older.
    pub start: bool,
    /// It was ended early.
    pub stopped: bool,
    pub unreadable: Vec<Unreadable>,
    /// Records that the filter failed on, for each reason.
    pub undecided: Vec<Undecided>,
    /// Partitions that did not answer in time, and where they were to be read from.
    pub silent: BTreeMap<Spot, i64>,
    /// How many records there are, when not all that were wanted found room.
    pub too_large: Option<usize>,
    pub searched: Searched,
}

/// The newest records of all, and where to go on reading.
#[derive(Debug, Default)]
pub struct Page {
    /// As in [`Older`].
    pub batches: Vec<Batch>,
    /// Where an older page would end.
    pub from: BTreeMap<Spot, i64>,
    /// The offset after what is in the page, or was looked at for it.
    pub next: BTreeMap<Spot, i64>,
    /// Ends as they were when the page was begun.
    pub ends: BTreeMap<Spot, i64>,
    /// Partitions that nobody told the offsets of.
    pub failed: Vec<(Spot, Failure)>,
    pub unreadable: Vec<Unreadable>,
    pub undecided: Vec<Undecided>,
    /// How many records there are, when not all that were wanted found room.
    pub too_large: Option<usize>,
    pub searched: Searched,
}

/// Never fails as a whole: a partition that does not answer is in [`Page::failed`], or left for who reads on.
pub async fn last(cluster: &Arc<Cluster>, spots: &[Spot], count: usize, committed: bool) -> Page {
    last_that_match(cluster, spots, count, committed, None, &mut Look::silent()).await
}

/// The same for records that a filter wants; this may take long, and can be stopped.
pub async fn last_that_match(
    cluster: &Arc<Cluster>,
    spots: &[Spot],
    count: usize,
    committed: bool,
    filter: Option<Filter>,
    look: &mut Look,
) -> Page {
    let (extents, failed) = extents(cluster, spots, committed).await;
    let ends: BTreeMap<_, _> = extents.iter().map(|(spot, extent)| (spot.clone(), extent.end)).collect();
    let patience = if filter.is_some() { PATIENT } else { SILENCE };
    let older = before(cluster, Back { extents, count, all_met: false, committed, filter, patience }, look).await;
    let next = ends.iter().map(|(spot, end)| (spot.clone(), *older.silent.get(spot).unwrap_or(end))).collect();
    let Older { batches, mut from, silent, unreadable, undecided, too_large, searched, .. } = older;
    // What a silent partition answers late comes after the page: an older page ends before it.
    from.iter_mut().for_each(|(spot, from)| *from = silent.get(spot).map_or(*from, |unread| *unread.min(from)));
    Page { batches, from, next, ends, failed, unreadable, undecided, too_large, searched }
}

/// The newest records before the ends of these extents. Never fails: what did not answer is [`Older::silent`].
pub async fn before(cluster: &Arc<Cluster>, back: Back, look: &mut Look) -> Older {
    let mut looking = Looking::new(cluster, back);
    loop {
        let picked = looking.pick();
        if picked.full || picked.needs.is_empty() || looking.older.stopped {
            let picked = looking.all_that_were_met().unwrap_or(picked);
            return looking.finish(&picked);
        }
        looking.step(&picked);
        looking.round(look).await;
    }
}

/// A look back that goes on.
struct Looking<'a> {
    cluster: &'a Arc<Cluster>,
    walks: Vec<Walk>,
    count: usize,
    all_met: bool,
    committed: bool,
    filter: Option<Filter>,
    patience: Duration,
    /// With a filter: the share of every partition that a round looks at.
    reach: f64,
    /// Bytes in memory.
    held: usize,
    pace: Pace,
    older: Older,
}

impl<'a> Looking<'a> {
    fn new(cluster: &'a Arc<Cluster>, back: Back) -> Self {
        let walk = |(spot, extent): (Spot, Extent)| Walk::new(spot, extent.start, extent.end.max(extent.start));
        let walks: Vec<Walk> = back.extents.into_iter().map(walk).collect();
        let pace = Pace::new(walks.iter().map(|walk| (walk.spot.clone(), walk.offsets().unsigned_abs())));
        let offsets: f64 = walks.iter().map(|walk| walk.offsets() as f64).sum();
        let Back { count, all_met, committed, filter, patience, .. } = back;
        let (reach, older) = (FIRST_ROUND / offsets.max(1.0), Older::default());
        Self { cluster, walks, count, all_met, committed, filter, patience, reach, held: 0, pace, older }
    }

    fn pick(&self) -> Picked {
        pick(&self.walks, self.count, MOST_PAGE, self.filter.is_none())
    }

    fn all_that_were_met(&self) -> Option<Picked> {
        let wanted = self.all_met && self.filter.is_some();
        wanted.then(|| pick(&self.walks, usize::MAX, MOST_PAGE, false))
    }

    /// Which stretches are read next.
    fn step(&mut self, picked: &Picked) {
        let wanted = self.count.saturating_sub(picked.len());
        let each = if self.walks.len() <= FEW { self.count } else { self.count.saturating_mul(FEW) / self.walks.len() };
        let first = i64::try_from(each).unwrap_or(i64::MAX).max(1);
        for at in &picked.needs {
            let Some(walk) = self.walks.get_mut(*at) else { continue };
            let width = if self.filter.is_some() {
                (walk.offsets() as f64 * self.reach).ceil() as i64
            } else {
                walk.width_for(wanted, first)
            };
            walk.step(width);
        }
    }

    async fn round(&mut self, look: &mut Look) {
        let began = Instant::now();
        self.read_stretches(look).await;
        let took = began.elapsed();
        self.reach *= if took < QUICK {
            4.0
        } else if took > SLOW {
            0.5
        } else {
            1.0
        };
    }

    fn finish(mut self, picked: &Picked) -> Older {
        let reached = |(walk, taken): (&Walk, &usize)| (walk.spot.clone(), walk.reached(*taken));
        self.older.from = self.walks.iter().zip(&picked.taken).map(reached).collect();
        self.older.start = self.walks.iter().zip(&picked.taken).all(|(walk, taken)| walk.reached(*taken) <= walk.floor);
        self.older.too_large = picked.too_large.then_some(picked.len());
        self.older.batches = picked.batches(&self.walks);
        self.older.searched = self.pace.searched();
        self.older
    }
}

#[cfg(test)]
mod tests;
