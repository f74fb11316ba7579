//! The lag of a group over time, as a chart draws it and a file keeps it: bounded, finer where it is newer.
use super::bins::{Bins, Fact, Full, Level, Passed};
use crate::group::GroupState;
use jiff::Timestamp;
use std::{fmt::Write, time::Duration};

/// 60 bins of 5 s are the column 5 MIN, 60 of a minute the hour.
const FINE: i64 = 5_000;
const MINUTE: i64 = 60_000;
const BINS: usize = 60;
/// The session doubles the width of its bins when there would be more of them. From 15 s on every width has its edges on
/// those of the minutes or they on its own.
const SESSION: usize = 120;
const SESSION_BEGINS: i64 = 15_000;

/// How far back a chart looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Window {
    #[default]
    FiveMinutes,
    Hour,
    /// Since the program first saw the group.
    Session,
}

/// One bar of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Where it begins.
    pub at: Timestamp,
    pub width: Duration,
    /// The last known in it; `None` where nothing was known.
    pub lag: Option<i64>,
    /// It was asked for, and could not be told: neither without a sample nor without a commit.
    pub unknown: bool,
    /// False: some partition was unknown, the lag is a lower bound.
    pub exact: bool,
    /// Offsets a second, the mean over the bin.
    pub arriving: Option<f64>,
    pub reading: Option<f64>,
    pub members: Option<u16>,
    pub state: GroupState,
    /// The group rebalanced, or partitions changed hands.
    pub rebalanced: bool,
    /// A commit or an end went back; that step is in no rate.
    pub rewound: bool,
}

/// One sample of a group as the series keeps it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Milliseconds since 1970.
    pub at: i64,
    /// A longer silence than this is a gap.
    pub gap: i64,
    pub level: Level,
    pub passed: Option<Passed>,
}

/// Bins of 5 s, of a minute, and of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    fine: Bins,
    minutes: Bins,
    session: Bins,
    /// The last sample and the gap after which it says nothing about now.
    last: Option<(i64, i64)>,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            fine: Bins::new(FINE, BINS, Full::DropTheOldest),
            minutes: Bins::new(MINUTE, BINS, Full::DropTheOldest),
            session: Bins::new(SESSION_BEGINS, SESSION, Full::DoubleTheWidth),
            last: None,
        }
    }
}

impl Series {
    pub(super) fn push(&mut self, point: &Point) {
        if self.last.is_some_and(|(last, _)| point.at < last) {
            *self = Self::default();
        }
        for bins in [&mut self.fine, &mut self.minutes, &mut self.session] {
            bins.push(point.at, &point.level, point.passed);
        }
        self.last = Some((point.at, point.gap));
    }

    /// The bins up to now, the oldest first: always 60 of 5 s or of a minute; of the session what there is.
    pub fn bins(&self, window: Window, now: Timestamp) -> Vec<Bin> {
        match window {
            Window::FiveMinutes => self.sixty(&self.fine, now),
            Window::Hour => self.sixty(&self.minutes, now),
            Window::Session => all(&self.session).collect(),
        }
    }

    fn sixty(&self, bins: &Bins, now: Timestamp) -> Vec<Bin> {
        let (last, gap) = self.last.unwrap_or((i64::MIN, 0));
        let now = now.as_millisecond().max(last);
        let newest = now.div_euclid(bins.width());
        let mut out: Vec<_> = (newest - (BINS as i64 - 1)..=newest).map(|index| (index, Fact::UNKNOWN)).collect();
        let mut level = Fact::UNKNOWN;
        for (index, fact) in bins.facts() {
            level = fact;
            let place = usize::try_from(index - (newest - (BINS as i64 - 1))).ok();
            if let Some(slot) = place.and_then(|place| out.get_mut(place)) {
                slot.1 = fact;
            }
        }
        // The next sample is not due yet: the level goes on.
        if now.saturating_sub(last) <= gap {
            let begun = last.div_euclid(bins.width());
            out.iter_mut().filter(|(index, _)| *index > begun).for_each(|slot| slot.1 = level.carried());
        }
        out.into_iter().map(|(index, fact)| bin(index, bins.width(), &fact)).collect()
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.fine.bytes() + self.minutes.bytes() + self.session.bytes()
    }

    /// Everything there is as CSV with a head line, the oldest first and coarser. `time` is the begin of a bin (RFC 3339,
    /// UTC), `width_s` its seconds; what is unknown is empty.
    pub fn csv(&self) -> String {
        let mut out = String::from("time,width_s,lag,exact,arriving,reading,members,state,rebalanced,rewound\n");
        for bin in self.finest() {
            bin.write_to(&mut out);
        }
        out
    }

    /// For every time the finest bins that cover it; a coarser bin that is only half covered stays whole.
    fn finest(&self) -> Vec<Bin> {
        let mut out: Vec<Bin> = Vec::new();
        for bins in [&self.session, &self.minutes, &self.fine] {
            let Some(begin) = all(bins).next().map(|bin| bin.at) else { continue };
            if out.last().is_some_and(|last| last.width <= width(bins)) {
                continue;
            }
            out.retain(|bin| bin.at < begin);
            let end = out.last().and_then(Bin::end);
            out.extend(all(bins).filter(|bin| end.is_none_or(|end| bin.at >= end)));
        }
        out
    }
}

impl Bin {
    fn end(&self) -> Option<Timestamp> {
        self.at.checked_add(self.width).ok()
    }

    fn write_to(&self, out: &mut String) {
        let text = |it: Option<String>| it.unwrap_or_default();
        let rate = |it: Option<f64>| text(it.map(|rate| format!("{rate:.1}")));
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{}",
            self.at,
            self.width.as_secs(),
            text(self.lag.map(|lag| lag.to_string())),
            self.exact,
            rate(self.arriving),
            rate(self.reading),
            text(self.members.map(|members| members.to_string())),
            self.state.word(),
            self.rebalanced,
            self.rewound
        );
    }
}

fn width(bins: &Bins) -> Duration {
    Duration::from_millis(bins.width().unsigned_abs())
}

fn all(bins: &Bins) -> impl Iterator<Item = Bin> + '_ {
    bins.facts().map(|(index, fact)| bin(index, bins.width(), &fact)).skip_while(|bin| bin.lag.is_none())
}

fn bin(index: i64, width: i64, fact: &Fact) -> Bin {
    let rates = fact.rates();
    Bin {
        at: Timestamp::from_millisecond(index.saturating_mul(width)).unwrap_or_default(),
        width: Duration::from_millis(width.unsigned_abs()),
        lag: fact.lag(),
        unknown: fact.is_unknown(),
        exact: fact.exact && fact.lag().is_some(),
        arriving: rates.map(|rates| rates.0),
        reading: rates.map(|rates| rates.1),
        members: fact.members(),
        state: fact.state,
        rebalanced: fact.rebalanced,
        rewound: fact.rewound,
    }
}
