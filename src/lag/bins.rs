//! Bins of one width, one after the other, kept as runs of equal ones: a group at rest costs nothing.
use crate::group::GroupState;
use std::{collections::VecDeque, iter::repeat_n};

/// What a bin holds, or a run of equal ones; rates below 0 are unknown. 24 bytes, of which thousands of groups keep
/// hundreds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fact {
    /// [`NOT_THERE`] and [`NOT_KNOWN`] stand below 0.
    lag: i64,
    arriving: f32,
    reading: f32,
    members: u16,
    /// How many bins in a row hold this.
    times: u16,
    pub state: GroupState,
    pub exact: bool,
    pub rebalanced: bool,
    pub rewound: bool,
}

const NO_MEMBERS_TOLD: u16 = u16::MAX;
/// There was no sample or no commit, or only samples that could not tell: a chart tells them apart.
const NOT_THERE: i64 = -1;
const NOT_KNOWN: i64 = -2;

impl Fact {
    pub const UNKNOWN: Self = Self {
        lag: NOT_THERE,
        arriving: -1.0,
        reading: -1.0,
        members: NO_MEMBERS_TOLD,
        times: 1,
        state: GroupState::Unknown,
        exact: false,
        rebalanced: false,
        rewound: false,
    };

    pub fn lag(&self) -> Option<i64> {
        Some(self.lag).filter(|lag| *lag >= 0)
    }

    pub fn is_unknown(&self) -> bool {
        self.lag == NOT_KNOWN
    }

    pub fn rates(&self) -> Option<(f64, f64)> {
        (self.arriving >= 0.0).then(|| (f64::from(self.arriving), f64::from(self.reading)))
    }

    pub fn members(&self) -> Option<u16> {
        Some(self.members).filter(|members| *members != NO_MEMBERS_TOLD)
    }

    /// The level goes on, what happened does not.
    pub fn carried(self) -> Self {
        Self { arriving: -1.0, reading: -1.0, rebalanced: false, rewound: false, ..self }
    }

    /// The last that was known; else the last that was not there, or could not be told.
    fn last_known(self, later: Self) -> Self {
        if later.lag >= 0 || self.lag == NOT_THERE || self.lag < 0 && later.is_unknown() { later } else { self }
    }

    /// Two neighbours as one: the later level, the mean rate, the marks of both.
    fn then(self, later: Self) -> Self {
        let level = self.last_known(later);
        let rates = match (self.rates(), later.rates()) {
            (Some(a), Some(b)) => Some(((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)),
            (a, b) => a.or(b),
        };
        let (arriving, reading) = rates.unwrap_or((-1.0, -1.0));
        Self {
            arriving: arriving as f32,
            reading: reading as f32,
            rebalanced: self.rebalanced || later.rebalanced,
            rewound: self.rewound || later.rewound,
            ..level
        }
    }
}

/// The level that a sample shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    pub lag: Option<i64>,
    pub exact: bool,
    pub members: Option<usize>,
    pub state: GroupState,
    pub rebalanced: bool,
    pub rewound: bool,
}

impl Level {
    fn fact(&self) -> Fact {
        let members = self.members.map(|n| u16::try_from(n).unwrap_or(NO_MEMBERS_TOLD - 1));
        Fact {
            lag: self.lag.unwrap_or(if self.exact { NOT_THERE } else { NOT_KNOWN }),
            members: members.unwrap_or(NO_MEMBERS_TOLD),
            state: self.state,
            exact: self.exact,
            rebalanced: self.rebalanced,
            rewound: self.rewound,
            ..Fact::UNKNOWN
        }
    }
}

/// Offsets that arrived and were read, evenly, from then on until the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Passed {
    /// Milliseconds since 1970.
    pub from: i64,
    /// Offsets a second; `None` where a step went back.
    pub rates: Option<(f64, f64)>,
}

/// The bin that is still being filled.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Open {
    index: i64,
    fact: Fact,
    arrived: f64,
    read: f64,
    seconds: f64,
}

impl Open {
    fn new(index: i64, fact: Fact) -> Self {
        Self { index, fact, arrived: 0.0, read: 0.0, seconds: 0.0 }
    }

    fn add(&mut self, (arriving, reading): (f64, f64), seconds: f64) {
        self.arrived += arriving * seconds;
        self.read += reading * seconds;
        self.seconds += seconds;
    }

    fn fact(&self) -> Fact {
        if self.seconds <= 0.0 {
            return self.fact;
        }
        let (arriving, reading) = (self.arrived / self.seconds, self.read / self.seconds);
        Fact { arriving: arriving as f32, reading: reading as f32, ..self.fact }
    }
}

/// What happens when there are more bins than may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    DropTheOldest,
    DoubleTheWidth,
}

/// The bins of one width.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bins {
    /// Milliseconds.
    width: i64,
    most: usize,
    full: Full,
    /// How many closed bins the runs hold together.
    closed: usize,
    runs: VecDeque<Fact>,
    open: Option<Open>,
}

impl Bins {
    pub fn new(width: i64, most: usize, full: Full) -> Self {
        Self { width, most, full, closed: 0, runs: VecDeque::new(), open: None }
    }

    pub fn width(&self) -> i64 {
        self.width
    }

    pub fn push(&mut self, at: i64, level: &Level, passed: Option<Passed>) {
        self.reach(at, passed);
        let (rates, width) = (passed.and_then(|passed| passed.rates), self.width);
        let Some(open) = &mut self.open else { return };
        let marks = open.fact;
        open.fact = marks.last_known(level.fact());
        open.fact.rebalanced = marks.rebalanced || level.rebalanced;
        open.fact.rewound = marks.rewound || level.rewound;
        if let Some((rates, passed)) = rates.zip(passed) {
            let begin = passed.from.max(open.index.saturating_mul(width));
            open.add(rates, (at - begin).max(0) as f64 / 1e3);
        }
    }

    /// Closes bins until the one of this time is open.
    fn reach(&mut self, at: i64, passed: Option<Passed>) {
        while self.full == Full::DoubleTheWidth && self.bins_until(at) > self.most {
            self.double();
        }
        let target = at.div_euclid(self.width);
        let Some(open) = self.open else {
            self.open = Some(Open::new(target, Fact::UNKNOWN));
            return;
        };
        if target - open.index > self.most as i64 {
            (self.closed, self.runs) = (0, VecDeque::new());
        } else {
            self.close_until(open, target, passed);
        }
        if target != open.index {
            self.open = Some(Open::new(target, Fact::UNKNOWN));
        }
    }

    /// At most as many as may be kept.
    fn close_until(&mut self, mut open: Open, target: i64, passed: Option<Passed>) {
        while open.index < target {
            if let Some(Passed { from, rates: Some(rates) }) = passed {
                let begin = from.max(open.index * self.width);
                open.add(rates, ((open.index + 1) * self.width - begin).max(0) as f64 / 1e3);
            }
            self.keep(open.fact());
            let next = if passed.is_some() { open.fact.carried() } else { Fact::UNKNOWN };
            open = Open::new(open.index + 1, next);
        }
    }

    fn keep(&mut self, fact: Fact) {
        match self.runs.back_mut() {
            Some(last) if (Fact { times: 1, ..*last }) == fact && last.times < u16::MAX => last.times += 1,
            _ => self.runs.push_back(fact),
        }
        self.closed += 1;
        while self.closed >= self.most && self.full == Full::DropTheOldest {
            self.drop_the_oldest();
        }
    }

    fn drop_the_oldest(&mut self) {
        self.closed = self.closed.saturating_sub(1);
        match self.runs.front_mut() {
            Some(run) if run.times > 1 => run.times -= 1,
            _ => drop(self.runs.pop_front()),
        }
    }

    /// How many there would be with the one of this time open.
    fn bins_until(&self, at: i64) -> usize {
        let first = self.first().unwrap_or(i64::MAX);
        usize::try_from(at.div_euclid(self.width).saturating_sub(first).saturating_add(1)).unwrap_or(0)
    }

    /// Index of the oldest bin.
    fn first(&self) -> Option<i64> {
        self.open.map(|open| open.index - self.closed as i64)
    }

    /// Each two bins become one.
    fn double(&mut self) {
        let facts: Vec<(i64, Fact)> = self.facts().collect();
        let Some(open) = self.open else { return };
        let mut merged = Open { index: open.index.div_euclid(2), ..open };
        (self.closed, self.runs) = (0, VecDeque::new());
        let mut pending: Option<(i64, Fact)> = None;
        for (index, fact) in facts.into_iter().filter(|(index, _)| *index < open.index) {
            pending = match pending {
                Some((at, earlier)) if at == index.div_euclid(2) => Some((at, earlier.then(fact))),
                Some((_, earlier)) => {
                    self.keep(earlier);
                    Some((index.div_euclid(2), fact))
                }
                None => Some((index.div_euclid(2), fact)),
            };
        }
        match pending {
            Some((at, earlier)) if at == merged.index => {
                if let Some(rates) = earlier.rates() {
                    merged.add(rates, self.width as f64 / 1e3);
                }
                merged.fact = earlier.then(open.fact);
            }
            Some((_, earlier)) => self.keep(earlier),
            None => {}
        }
        self.width = self.width.saturating_mul(2);
        self.open = Some(merged);
    }

    /// Every bin with its index, the oldest first, the open one last.
    pub fn facts(&self) -> impl Iterator<Item = (i64, Fact)> + '_ {
        let closed = self.runs.iter().flat_map(|run| repeat_n(Fact { times: 1, ..*run }, usize::from(run.times)));
        let open = self.open.iter().map(Open::fact);
        (self.first().unwrap_or(0)..).zip(closed.chain(open))
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Fact>()
    }
}
