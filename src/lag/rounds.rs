//! Which samples of a group may be held against each other: order, gaps, and clocks that jump.

/// What the whole list is read at; rows on screen are read more often. A gap is measured in these, so that a row that
/// leaves the screen does not begin anew.
const REFRESH: i64 = 10_000;
/// Refreshes that may be missed before a new window begins (a laptop slept).
const MISSED: i64 = 3;
/// Ends read longer than this after the commits belong to another round.
const APART: i64 = 60_000;

/// When one round read commits and ends: milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Round {
    pub commits: i64,
    pub ends: i64,
    /// A longer silence than this starts a new window.
    pub gap: i64,
    /// The clock went back: nothing from before counts.
    pub fresh: bool,
}

/// The rounds of one group.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rounds {
    last: Option<(i64, i64)>,
    /// The two last spacings: a slow sweep shows by both of them, a sleep only by one.
    spacings: [i64; 2],
    /// The last round came from before; a second in a row means the clock went back.
    late: bool,
}

impl Rounds {
    /// `None` for a round that cannot be combined with the ones before, or whose ends are not of its commits.
    pub fn next(&mut self, commits: i64, ends: i64) -> Option<Round> {
        if !(0..=APART).contains(&ends.saturating_sub(commits)) {
            return None;
        }
        let fresh = match self.last {
            Some(last) if last.1 == ends => return None,
            Some(last) if ends < last.1 => {
                let back = self.late || last.1.saturating_sub(ends) > APART;
                self.late = !back;
                if !back {
                    return None;
                }
                true
            }
            // A slow sweep that a quicker look has overtaken: its commits are older than the ones known.
            Some(last) if commits < last.0 => return None,
            _ => false,
        };
        self.late = false;
        Some(self.accept(commits, ends, fresh))
    }

    fn accept(&mut self, commits: i64, ends: i64, fresh: bool) -> Round {
        let spacing = self.last.filter(|_| !fresh).map_or(0, |last| ends.saturating_sub(last.1));
        let gap = self.spacings[0].min(self.spacings[1]).max(REFRESH).saturating_mul(MISSED);
        self.spacings = [spacing, self.spacings[0]];
        self.last = Some((commits, ends));
        Round { commits, ends, gap, fresh }
    }

    /// When the last accepted round read its ends.
    pub fn last(&self) -> Option<i64> {
        self.last.map(|last| last.1)
    }
}
