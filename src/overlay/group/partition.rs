//! One partition of a group in cells.
use crate::{
    failure::Failure,
    group::Member,
    lag::{Behind, Course, LagState, PartitionLag, Rates, Status},
    text::Safe,
    theme::{Role, Theme},
    widgets::{format, table::Column},
};
use jiff::Timestamp;

pub const TOPIC: usize = 0;
const PARTITION: usize = 1;
const START: usize = 2;
const END: usize = 3;
const STABLE: usize = 4;
const COMMITTED: usize = 5;
pub const LAG: usize = 6;
pub const BEHIND: usize = 7;
const ARRIVING: usize = 8;
const READING: usize = 9;
const STATUS: usize = 10;
/// Columns that have an order.
pub const SORTED: [usize; 3] = [TOPIC, LAG, BEHIND];

/// From here on the owner takes what is left, below it the status does.
const WIDE: u16 = 132;

/// Columns that the longest number of each needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Widths {
    topic: u16,
    start: u16,
    end: u16,
    /// 0 where no stable end is below its end: the column would say the same again.
    stable: u16,
    committed: u16,
    lag: u16,
}

impl Widths {
    pub fn of(partitions: &[PartitionLag]) -> Self {
        let widest = |text: &dyn Fn(&PartitionLag) -> String| {
            partitions.iter().map(|p| Safe::text(&text(p)).width().min(40) as u16).max().unwrap_or(0)
        };
        let held = partitions.iter().any(|p| p.held_back() > 0);
        Self {
            topic: widest(&|p| p.topic.to_string()),
            start: widest(&|p| offset(p.start)),
            end: widest(&|p| offset(p.end)),
            stable: if held { widest(&stable).max(6) } else { 0 },
            committed: widest(&committed),
            lag: widest(&lag),
        }
    }
}

/// Lag and status stay on any screen; what the sentences tell too goes first.
pub fn columns(widths: &Widths, width: u16) -> [Column; 12] {
    let (status, member) = match width >= WIDE {
        true => (Column::left("STATUS", 30, 0), Column::growing("MEMBER", 16)),
        false => (Column::growing("STATUS", 22), Column::left("MEMBER", 24, 9)),
    };
    // A column without a head and a width is dropped first on any screen.
    let stable = match widths.stable {
        0 => Column::right("", width, u8::MAX),
        wide => Column::right("STABLE", wide, 8),
    };
    [
        Column::left("TOPIC", widths.topic.clamp(8, 24), 0),
        Column::right("P", 4, 0),
        Column::right("START", widths.start.max(6), 7),
        Column::right("END", widths.end.max(6), 4),
        stable,
        Column::right("COMMITTED", widths.committed.max(9), 3),
        Column::right("LAG", widths.lag.max(4), 0),
        Column::right("BEHIND", 9, 2),
        Column::right("IN/S", 5, 5),
        Column::right("OUT/S", 5, 6),
        status,
        member,
    ]
}

/// What cells are made of.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub partition: &'a PartitionLag,
    pub members: Result<&'a [Member], &'a Failure>,
    /// What was seen of it so far.
    pub course: Option<&'a Course>,
    pub now: Timestamp,
}

impl Facts<'_> {
    pub fn cell(&self, column: usize, theme: &Theme) -> (Safe, Role) {
        let p = self.partition;
        let known = |it: Option<i64>| if it.is_some() { theme.text } else { theme.null };
        match column {
            TOPIC => (Safe::text(&p.topic), theme.text),
            PARTITION => (Safe::from(p.partition.to_string()), theme.text),
            START => (Safe::from(offset(p.start)), known(p.start)),
            END => (Safe::from(offset(p.end)), known(p.end)),
            STABLE => (Safe::from(stable(p)), if p.held_back() > 0 { theme.warn } else { theme.muted }),
            COMMITTED => (Safe::from(committed(p)), known(p.committed)),
            LAG => (Safe::from(lag(p)), known(p.lag())),
            BEHIND => self.behind(theme),
            ARRIVING => self.rate(theme, |rates| rates.arriving),
            READING => self.rate(theme, |rates| rates.reading),
            STATUS => self.status(theme),
            _ => self.owner(theme),
        }
    }

    fn behind(&self, theme: &Theme) -> (Safe, Role) {
        if self.partition.lag().is_none() && self.partition.state() == LagState::NoCommit {
            return (Safe::literal("–"), theme.null);
        }
        match self.time_behind() {
            Behind::Unknown => (Safe::literal("?"), theme.null),
            Behind::CaughtUp => (Safe::literal("caught up"), theme.muted),
            behind => (Safe::from(behind.phrase()), theme.text),
        }
    }

    pub fn time_behind(&self) -> Behind {
        match (self.course, self.partition.lag()) {
            (Some(course), _) => course.behind(self.now),
            (None, Some(0)) => Behind::CaughtUp,
            (None, _) => Behind::Unknown,
        }
    }

    fn rate(&self, theme: &Theme, which: fn(Rates) -> f64) -> (Safe, Role) {
        match self.course.and_then(Course::rates).map(which) {
            Some(rate) => (Safe::from(format::short_rate(rate)), theme.text),
            None => (Safe::literal("…"), theme.muted),
        }
    }

    fn status(&self, theme: &Theme) -> (Safe, Role) {
        let p = self.partition;
        match p.state() {
            LagState::Unknown => (Safe::from(format!("unknown: {}", why(p))), theme.warn),
            LagState::NoCommit => (Safe::literal("no commit"), theme.muted),
            LagState::Ahead => (Safe::literal("ahead"), theme.warn),
            LagState::Lost => (Safe::from(format!("{} lost to retention", format::grouped(p.lost()))), theme.bad),
            LagState::Rebalancing => (Safe::literal("rebalancing"), theme.warn),
            LagState::Ok if p.lag() == Some(0) => (Safe::literal("ok"), theme.good),
            LagState::Ok => self.trend(theme),
        }
    }

    /// Where it is behind: what that comes from, or where it goes.
    fn trend(&self, theme: &Theme) -> (Safe, Role) {
        let (p, course) = (self.partition, self.course);
        let idle = course.is_some_and(Course::is_idle);
        let verdict = course.and_then(Course::verdict);
        let next = verdict.as_ref().and_then(|verdict| verdict.at.as_ref()).map(|(.., offset)| *offset);
        match verdict.map(|verdict| verdict.status) {
            _ if p.held_back() > 0 && (idle || p.position() == p.stable_end) => (Safe::from(held_back(p)), theme.warn),
            _ if idle => (Safe::from(markers(p)), theme.good),
            Some(Status::Stuck) => (Safe::from(format!("stuck at {}", offset(next.or(p.position())))), theme.bad),
            Some(status @ (Status::Stopped | Status::Rewound)) => (Safe::literal(status.phrase()), theme.bad),
            Some(status @ Status::FallingBehind) => (Safe::literal(status.phrase()), theme.warn),
            _ => (Safe::literal("behind"), theme.text),
        }
    }

    fn owner(&self, theme: &Theme) -> (Safe, Role) {
        let owner = self.members.ok().zip(self.partition.owner).and_then(|(members, owner)| members.get(owner));
        match (owner, self.members) {
            (Some(member), _) => (Safe::from(super::member::name(member)), theme.text),
            (None, Ok(_)) => (Safe::literal("—"), theme.null),
            (None, Err(_)) => (Safe::literal("?"), theme.null),
        }
    }
}

fn offset(offset: Option<i64>) -> String {
    offset.map_or("?".into(), format::grouped)
}

fn stable(p: &PartitionLag) -> String {
    offset(p.stable_end)
}

fn committed(p: &PartitionLag) -> String {
    match p.committed {
        Some(offset) => format::grouped(offset),
        None if p.state() == LagState::NoCommit => "–".into(),
        None => "?".into(),
    }
}

fn lag(p: &PartitionLag) -> String {
    match (p.state(), p.lag()) {
        (LagState::NoCommit, _) => "–".into(),
        (LagState::Ahead, _) => format!("0 (+{} ahead)", format::grouped(p.ahead())),
        (_, Some(lag)) => format::grouped(lag),
        (_, None) => "?".into(),
    }
}

fn held_back(p: &PartitionLag) -> String {
    format!("{} held back by a transaction", format::grouped(p.held_back()))
}

/// A lag that nobody can read: it is no alarm.
fn markers(p: &PartitionLag) -> String {
    match p.lag() {
        Some(1) => "1 behind: transaction marker".into(),
        _ => format!("{} behind: markers, compacted", lag(p)),
    }
}

fn why(p: &PartitionLag) -> &str {
    p.error.as_ref().map_or("not told", |why| why.answered.as_str())
}
