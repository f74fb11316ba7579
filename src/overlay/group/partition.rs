//! One partition of a group: its cells, and what is known of it in sentences.
use crate::{
    failure::Failure,
    group::Member,
    lag::{LagState, PartitionLag},
    text::Safe,
    theme::{Role, Theme},
    widgets::{format, table::Column},
};

const TOPIC: usize = 0;
const PARTITION: usize = 1;
const START: usize = 2;
const END: usize = 3;
const COMMITTED: usize = 4;
const LAG: usize = 5;
const STATE: usize = 6;

/// From here on the owner takes what is left, below it the state does.
const WIDE: u16 = 120;

/// Columns that the longest number of each needs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Widths {
    topic: u16,
    start: u16,
    end: u16,
    committed: u16,
    lag: u16,
}

impl Widths {
    pub fn of(partitions: &[PartitionLag]) -> Self {
        let widest = |text: &dyn Fn(&PartitionLag) -> String| {
            partitions.iter().map(|p| Safe::text(&text(p)).width().min(40) as u16).max().unwrap_or(0)
        };
        Self {
            topic: widest(&|p| p.topic.to_string()),
            start: widest(&|p| offset(p.start)),
            end: widest(&|p| offset(p.end)),
            committed: widest(&committed),
            lag: widest(&lag),
        }
    }
}

/// Lag and state stay on any screen; the owner goes first, it stands in the sentences too.
pub fn columns(widths: &Widths, width: u16) -> [Column; 8] {
    let (state, member) = match width >= WIDE {
        true => (Column::left("STATE", 28, 0), Column::growing("MEMBER", 20)),
        false => (Column::growing("STATE", 22), Column::left("MEMBER", 24, 4)),
    };
    [
        Column::left("TOPIC", widths.topic.clamp(8, 24), 0),
        Column::right("P", 4, 0),
        Column::right("START", widths.start.max(6), 3),
        Column::right("END", widths.end.max(6), 2),
        Column::right("COMMITTED", widths.committed.max(9), 1),
        Column::right("LAG", widths.lag.max(4), 0),
        state,
        member,
    ]
}

pub fn cell(p: &PartitionLag, members: Result<&[Member], &Failure>, column: usize, theme: &Theme) -> (Safe, Role) {
    let known = |it: Option<i64>| if it.is_some() { theme.text } else { theme.null };
    match column {
        TOPIC => (Safe::text(&p.topic), theme.text),
        PARTITION => (Safe::from(p.partition.to_string()), theme.text),
        START => (Safe::from(offset(p.start)), known(p.start)),
        END => (Safe::from(offset(p.end)), known(p.end)),
        COMMITTED => (Safe::from(committed(p)), known(p.committed)),
        LAG => (Safe::from(lag(p)), known(p.lag())),
        STATE => state(p, theme),
        _ => owner_cell(p, members, theme),
    }
}

fn offset(offset: Option<i64>) -> String {
    offset.map_or("?".into(), format::grouped)
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

fn state(p: &PartitionLag, theme: &Theme) -> (Safe, Role) {
    match p.state() {
        LagState::Unknown => (Safe::from(format!("unknown: {}", why(p))), theme.warn),
        LagState::NoCommit => (Safe::literal("no commit"), theme.muted),
        LagState::Ahead => (Safe::literal("ahead"), theme.warn),
        LagState::Lost => (Safe::from(format!("{} lost to retention", format::grouped(p.lost()))), theme.bad),
        LagState::Rebalancing => (Safe::literal("rebalancing"), theme.warn),
        LagState::Ok if p.lag().is_some_and(|lag| lag > 0) => (Safe::literal("behind"), theme.text),
        LagState::Ok => (Safe::literal("ok"), theme.good),
    }
}

fn why(p: &PartitionLag) -> &str {
    p.error.as_ref().map_or("not told", |why| why.answered.as_str())
}

fn owner<'a>(p: &PartitionLag, members: Result<&'a [Member], &Failure>) -> Option<&'a Member> {
    members.ok().zip(p.owner).and_then(|(members, owner)| members.get(owner))
}

fn owner_cell(p: &PartitionLag, members: Result<&[Member], &Failure>, theme: &Theme) -> (Safe, Role) {
    match (owner(p, members), members) {
        (Some(member), _) => (Safe::from(super::member::name(member)), theme.text),
        (None, Ok(_)) => (Safe::literal("—"), theme.null),
        (None, Err(_)) => (Safe::literal("?"), theme.null),
    }
}

/// One sentence a fact that applies, in offsets; only what was read.
pub fn explain(p: &PartitionLag, members: Result<&[Member], &Failure>) -> String {
    let mut words = vec![format!("{}/{}:", p.topic, p.partition), stand(p)];
    words.push(match (owner(p, members), members) {
        (Some(member), _) => format!("Owned by {}.", super::member::name(member)),
        (None, Ok(_)) => "Nobody owns it now.".into(),
        (None, Err(why)) => format!("Who owns it is unknown: {}.", why.answered),
    });
    if !p.metadata.is_empty() {
        words.push(format!("Its commit carries the words “{}”.", p.metadata));
    }
    words.join(" ")
}

/// Where the commit stands between start and end.
fn stand(p: &PartitionLag) -> String {
    let (start, end, committed) = (offset(p.start), offset(p.end), committed(p));
    let lag = p.lag().map(format::grouped).unwrap_or_default();
    match p.state() {
        LagState::Unknown => {
            let why = p.error.as_ref().map_or("start or end was not told".into(), ToString::to_string);
            format!("{why}. Commit {committed}, start {start}, end {end}.")
        }
        LagState::NoCommit => format!(
            "No commit: a reader would begin by its auto.offset.reset. {} offsets are readable, from {start} to the end {end}.",
            offset(p.readable())
        ),
        LagState::Ahead => format!(
            "Commit {committed} is {} beyond the end {end}: the topic was made anew, a leader changed uncleanly, or the group is mirrored.",
            format::grouped(p.ahead())
        ),
        LagState::Lost => format!(
            "Commit {committed} is below the start {start}: {} offsets were lost to retention. {lag} are left to read, up to the end {end}.",
            format::grouped(p.lost())
        ),
        LagState::Rebalancing => {
            format!(
                "The group is rebalancing. Commit {committed} stays: {lag} offsets behind the end {end}; start {start}."
            )
        }
        LagState::Ok if p.lag() == Some(0) => format!("Caught up: commit {committed} is the end; start {start}."),
        LagState::Ok => format!("Commit {committed} is {lag} offsets behind the end {end}; start {start}."),
    }
}
