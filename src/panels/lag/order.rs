//! In which order groups stand: those of the open topic first, then the worst first or as a person chose. What is not known
//! stands last either way.
use super::{
    Lag,
    cells::{BEHIND, GROUP, LAG, MEMBERS, STATE, STATUS},
    row::Row,
};
use crate::{
    group::GroupName,
    lag::{Behind, Status},
    widgets::{format, fuzzy},
};
use jiff::Timestamp;
use std::{cmp::Ordering, time::Duration};

/// Rows stay where they are for so long after a person moved among them, whatever the numbers do.
const HOLD: Duration = Duration::from_secs(5);
/// Columns that have an order; the others follow from these.
pub const SORTED: [usize; 6] = [GROUP, STATE, MEMBERS, LAG, BEHIND, STATUS];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    /// The most, or the worst, first.
    pub falling: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self::by(STATUS)
    }
}

impl Sort {
    /// Numbers begin with the most, words with `a`.
    pub fn by(column: usize) -> Self {
        Self { column, falling: matches!(column, MEMBERS | LAG | BEHIND | STATUS) }
    }

    fn compare(self, a: &Row, b: &Row) -> Ordering {
        let turn = |order: Ordering| if self.falling { order.reverse() } else { order };
        let order = match self.column {
            STATE => turn(a.group.state.word().cmp(b.group.state.word())),
            MEMBERS => {
                a.members().is_none().cmp(&b.members().is_none()).then_with(|| turn(a.members().cmp(&b.members())))
            }
            LAG => doubt(a).cmp(&doubt(b)).then_with(|| turn(lag(a).cmp(&lag(b)))),
            BEHIND => old(a).is_none().cmp(&old(b).is_none()).then_with(|| turn(old(a).cmp(&old(b)))),
            STATUS => a.is_unread().cmp(&b.is_unread()).then_with(|| turn(badness(a).cmp(&badness(b)))),
            _ => turn(a.group.name.cmp(&b.group.name)),
        };
        order.then_with(|| a.group.name.cmp(&b.group.name))
    }
}

fn lag(row: &Row) -> Option<i64> {
    row.reading.as_ref()?.lag()
}

fn old(row: &Row) -> Option<&Behind> {
    row.reading.as_ref().map(|reading| &reading.behind).filter(|behind| **behind != Behind::Unknown)
}

/// A known lag, one that may be any number, none because nothing was committed, none because nothing was read.
fn doubt(row: &Row) -> u8 {
    match &row.reading {
        None => 3,
        Some(reading) if reading.has_no_commit() => 2,
        Some(reading) => u8::from(reading.lag().is_none()),
    }
}

/// The worse the more: by status, then by how many digits the lag has, so that two groups that fall behind alike do not
/// change places with every reading.
fn badness(row: &Row) -> (u8, u32) {
    let lag = lag(row).unwrap_or(0);
    let grave = match row.status() {
        Some(Status::Lost) => 9,
        Some(Status::Stuck) => 8,
        Some(Status::FallingBehind) => 7,
        Some(Status::Rewound) => 6,
        Some(Status::Stopped) => 5,
        Some(Status::Ahead) => 4,
        None if doubt(row) == 1 => 3,
        _ if doubt(row) == 2 => 1,
        Some(Status::Observing | Status::NoCommit) if lag > 0 => 2,
        Some(Status::NoCommit) => 1,
        Some(Status::Observing | Status::Ok) | None => 0,
    };
    (grave, lag.unsigned_abs().max(99).ilog10())
}

impl Lag {
    /// The group under the cursor, if a person put the cursor there.
    pub(super) fn chosen(&self) -> Option<GroupName> {
        self.row().filter(|_| self.chose).map(|row| row.group.name.clone())
    }

    pub(super) fn rearrange(&mut self) {
        let chosen = self.chosen();
        self.arrange(chosen.as_ref());
    }

    /// Sorts anew, unless a person moves among the rows now: then once that is over.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.unsorted = self.touched.is_some_and(|at| format::since(at, now) < HOLD);
        if !self.unsorted {
            self.rearrange();
        }
    }

    pub fn on_tick(&mut self, now: Timestamp) {
        if self.unsorted {
            self.settle(now);
        }
    }

    /// Filters and sorts anew. The cursor stays on its group.
    pub(super) fn arrange(&mut self, chosen: Option<&GroupName>) {
        let needle = self.filter.needle();
        let rows = &self.rows;
        let reads: Vec<bool> = rows.iter().map(|row| row.reads(self.topic.as_ref())).collect();
        // What is almost sorted already is sorted at little cost.
        let mut shown = match needle.is_empty() && self.shown.len() == rows.len() {
            true => std::mem::take(&mut self.shown),
            false => fuzzy::rank(&needle, rows.iter().map(|row| &*row.group.name)),
        };
        shown.retain(|i| !self.only_topic || reads[*i]);
        // What was typed finds the best match first, unless a person sorted.
        let ranked = !needle.is_empty() && self.sort == Sort::default();
        shown.sort_by(|a, b| {
            let sorted = || if ranked { Ordering::Equal } else { self.sort.compare(&rows[*a], &rows[*b]) };
            reads[*b].cmp(&reads[*a]).then_with(sorted)
        });
        self.shown = shown;
        (self.unsorted, self.seen) = (false, None);
        self.list.set_len(self.shown.len());
        match chosen.and_then(|name| self.shown.iter().position(|i| rows[*i].group.name == *name)) {
            Some(at) => self.list.select(at),
            None if !self.chose => self.list.select(0),
            None => {}
        }
    }

    /// The next column that can be sorted by and is on the screen.
    pub(super) fn sort_step(&mut self, step: usize) {
        let slots = self.slots();
        let columns: Vec<usize> = SORTED.into_iter().filter(|column| slots.width(*column).is_some()).collect();
        let at = columns.iter().position(|column| *column == self.sort.column).unwrap_or(0);
        if let Some(column) = columns.get((at + step) % columns.len().max(1)) {
            self.sort_by(*column);
        }
    }

    /// The same column once more turns it around.
    pub(super) fn sort_by(&mut self, column: usize) {
        match column == self.sort.column {
            true => self.sort.falling = !self.sort.falling,
            false => self.sort = Sort::by(column),
        }
        self.rearrange();
    }
}
