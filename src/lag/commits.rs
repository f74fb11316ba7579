//! The commits of one partition as samples showed them, and the verdict on whoever makes them.
//!
//! OffsetFetch tells no commit time and an equal commit repeated cannot be seen, so an entry is made when a sample shows
//! a changed commit; Burrow's STALL does then not arise, and its STOP is split by who owns the partition.
use super::{
    course::Activity,
    status::{Against, Burrow, Entry, Status, evaluate, rewound},
};

/// Burrow's default window (`intervals`).
const ENTRIES: usize = 10;
/// No verdict before this many samples and this long.
const SAMPLES: u32 = 3;
const AT_LEAST: i64 = 30_000;
/// With fewer entries than this their rhythm is unknown: silence counts only from two minutes on.
const RHYTHM: usize = 3;
const PATIENCE: i64 = 120_000;
/// A slow member is handed what was fetched partition by partition: while it reads others, one may rest this long.
const TURN: i64 = 300_000;
/// So many entries tell a trend from jitter.
const TREND: usize = ENTRIES - 2;

/// What one sample shows of a partition that has a commit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub at: i64,
    pub committed: i64,
    pub lag: i64,
    /// Nothing of the lag can be read: markers, or an open transaction.
    pub idle: bool,
    /// One offset is left and nobody has looked whether it is a record or a transaction marker.
    pub maybe_marker: bool,
    pub owned: bool,
    pub rebalancing: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Commits {
    entries: Vec<Entry>,
    samples: u32,
    since: i64,
    /// Until then silence was no trouble: nothing to read, or partitions changed hands.
    excused: i64,
    was_owned: bool,
    /// The owner went away then, and no commit came since.
    left: Option<i64>,
}

impl Commits {
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// Returns whether the commit moved.
    pub fn push(&mut self, seen: &Seen) -> bool {
        if self.samples == 0 {
            (self.since, self.excused) = (seen.at, seen.at);
        }
        self.samples = self.samples.saturating_add(1);
        if seen.idle || seen.lag == 0 || seen.rebalancing {
            self.excused = seen.at;
        }
        let moved = self.entries.last().is_none_or(|last| last.offset != seen.committed);
        if moved {
            self.enter(Entry { at: seen.at, offset: seen.committed, lag: Some(if seen.idle { 0 } else { seen.lag }) });
        }
        self.note_owner(seen, moved);
        moved && self.entries.len() > 1
    }

    fn enter(&mut self, entry: Entry) {
        if self.entries.len() == ENTRIES {
            self.entries.remove(0);
        }
        if self.entries.len() == RHYTHM {
            self.entries.reserve_exact(ENTRIES - RHYTHM);
        }
        self.entries.push(entry);
    }

    fn note_owner(&mut self, seen: &Seen, moved: bool) {
        match () {
            () if seen.owned => self.left = None,
            // The last commit of a consumer that closes comes with the first look at the empty place.
            () if self.was_owned && !seen.rebalancing => self.left = Some(seen.at),
            () if moved => self.left = None,
            () => {}
        }
        // Who loses it while partitions change hands has left only if nobody gets it afterwards.
        self.was_owned = seen.owned || (self.was_owned && seen.rebalancing);
    }

    pub fn is_watched(&self, now: i64) -> bool {
        self.samples >= SAMPLES && now - self.since >= AT_LEAST
    }

    /// How long the reader lets pass between two commits, as far as it was seen: the shortest of the last three gaps.
    pub fn rhythm(&self) -> i64 {
        let gaps = self.entries.windows(2).rev().take(3).map(|pair| pair[1].at - pair[0].at);
        gaps.min().unwrap_or(0)
    }

    /// The last commit that moved, and how long whoever made it counts as busy.
    pub fn activity(&self) -> Option<Activity> {
        let at = self.entries.last().filter(|_| self.entries.len() > 1)?.at;
        Some(Activity { at, until: at.saturating_add(self.rhythm().saturating_mul(2).clamp(AT_LEAST, PATIENCE)) })
    }

    /// The owner has committed elsewhere since, is at it still, and comes back in time.
    pub fn may_wait(&self, now: i64, owner: Activity) -> bool {
        let quiet = self.quiet_since();
        owner.at > quiet && now < owner.until && now - quiet < TURN
    }

    /// Enough was seen to tell a trend.
    pub fn shows_trend(&self) -> bool {
        self.entries.len() >= TREND
    }

    /// The lag rose by more than it ever fell between two looks, and by more than an offset a second: not jitter alone.
    pub fn rises(&self) -> bool {
        let lags = self.lags();
        let fell = lags.windows(2).map(|pair| pair[0] - pair[1]).fold(0.0, f64::max);
        self.shows_trend() && rise(&lags) > fell && self.growth(&lags) > 1.0
    }

    /// The verdict after a sample, and since when it is so where that is before the sample.
    pub fn status(&self, seen: &Seen) -> (Status, Option<i64>) {
        match () {
            () if seen.rebalancing || !self.is_watched(seen.at) => (Status::Observing, None),
            () if seen.lag == 0 || seen.idle => (Status::Ok, None),
            () if self.is_silent(seen.at) => self.silent(seen),
            () => self.moving(seen),
        }
    }

    /// The last commit, or the last time at which there was nothing to commit.
    fn quiet_since(&self) -> i64 {
        self.entries.last().map_or(self.since, |last| last.at).max(self.excused)
    }

    /// Longer without a commit than the whole window lasts, though there was something to read. Who owned the partition
    /// and went needs no window: nobody is left to commit.
    fn is_silent(&self, now: i64) -> bool {
        let quiet = self.quiet_since();
        let span = self.entries.first().zip(self.entries.last()).map_or(0, |(first, last)| last.at - first.at);
        let patience = if self.entries.len() < RHYTHM { PATIENCE } else { AT_LEAST };
        let gone = self.left.is_some_and(|left| now - left.max(quiet) >= AT_LEAST);
        gone || now - quiet >= patience && now - quiet > span
    }

    fn silent(&self, seen: &Seen) -> (Status, Option<i64>) {
        let status = match seen {
            Seen { maybe_marker: true, .. } => return (Status::Observing, None),
            Seen { owned: true, .. } => Status::Stuck,
            Seen { owned: false, .. } => Status::Stopped,
        };
        (status, Some(self.quiet_since()))
    }

    fn moving(&self, seen: &Seen) -> (Status, Option<i64>) {
        // An end at the commit: silence has been judged already, only the movement is asked for.
        let against = Against { ends: &[seen.committed], lag: seen.lag, allowed: 0, now: seen.at };
        let begun = self.entries.first().map(|first| first.at);
        match evaluate(&self.entries, against) {
            Burrow::Rewind => (Status::Rewound, rewound(&self.entries).map(|entry| entry.at)),
            _ if self.entries.len() < RHYTHM => (Status::Observing, None),
            Burrow::Warn if self.grew() => (Status::FallingBehind, begun),
            Burrow::Ok if self.drifts() => (Status::FallingBehind, begun),
            _ => (Status::Ok, None),
        }
    }

    fn lags(&self) -> Vec<f64> {
        self.entries.iter().map(|entry| entry.lag.unwrap_or(0) as f64).collect()
    }

    /// A lag that stays what it is is kept level (a marker after each transaction leaves 1 for ever).
    fn grew(&self) -> bool {
        self.entries.first().map(|entry| entry.lag) < self.entries.last().map(|entry| entry.lag)
    }

    /// Burrow knows the lag at the moment of the commit. A sample sees it up to a refresh later, by when more has
    /// arrived, so neighbours may fall by chance while the lag grows. Then most pairs of entries must have risen (as in
    /// the Mann-Kendall test), none may have caught up, and the growth must be more than an offset a second.
    fn drifts(&self) -> bool {
        let lags = self.lags();
        let pairs =
            lags.iter().enumerate().flat_map(|(i, early)| lags.iter().skip(i + 1).map(move |late| (early, late)));
        let (up, down, all) = pairs.fold((0, 0, 0), |(up, down, all), (early, late)| {
            (up + usize::from(late > early), down + usize::from(late < early), all + 1)
        });
        let caught_up = lags.iter().any(|lag| *lag <= 0.0);
        self.shows_trend() && !caught_up && (up - down.min(up)) * 5 >= all * 3 && self.growth(&lags) > 1.0
    }

    /// Offsets a second by which the lag grew, from the mean of the first third to that of the last.
    fn growth(&self, lags: &[f64]) -> f64 {
        let span = self.entries.first().zip(self.entries.last()).map_or(0, |(first, last)| last.at - first.at);
        let between = span as f64 / 1e3 * (lags.len() - third(lags)) as f64 / lags.len().max(1) as f64;
        if between > 0.0 { rise(lags) / between } else { 0.0 }
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
    }
}

fn third(lags: &[f64]) -> usize {
    (lags.len() / 3).max(1).min(lags.len())
}

/// From the mean of the first third to that of the last.
fn rise(lags: &[f64]) -> f64 {
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    let third = third(lags);
    mean(lags.get(lags.len() - third..).unwrap_or_default()) - mean(lags.get(..third).unwrap_or_default())
}
