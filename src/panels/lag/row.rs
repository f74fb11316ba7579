//! One group in the Lag panel: what the list and the last reading told of it, and how that stands in cells.
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupState, GroupType},
    lag::{PartitionLag, Total},
    text::Safe,
    theme::{Role, Theme},
    topic::TopicName,
    widgets::{format, sparkline::Sparkline, table::Column},
};
use jiff::Timestamp;
use std::{cmp::Ordering, time::Duration};

pub const GROUP: usize = 0;
pub const STATE: usize = 1;
pub const MEMBERS: usize = 2;
pub const LAG: usize = 3;
pub const TREND: usize = 4;
/// Columns that have an order; a line and a sentence have none.
pub const SORTED: [usize; 4] = [GROUP, STATE, MEMBERS, LAG];

/// The columns at this width: on a small screen group, lag, trend and status are left.
pub fn columns(width: u16) -> [Column; 6] {
    let wide = width >= 100;
    [
        Column::left("GROUP", (width / 4).clamp(16, 40), 0),
        Column::left("STATE", 11, 2),
        Column::right("MEMBERS", 8, 3),
        Column::right("LAG", 9, 0),
        Column::left("5 MIN", if wide { 15 } else { 8 }, 1),
        Column::growing("STATUS", 10),
    ]
}

/// What a row is drawn with.
#[derive(Debug)]
pub struct Ink<'a> {
    pub theme: &'a Theme,
    /// Numbers older than this say their age.
    pub fresh: Duration,
    pub now: Timestamp,
    pub topic: Option<&'a TopicName>,
}

/// A group's state in one short word; the overlay has it in full.
fn state(state: GroupState) -> &'static str {
    match state {
        GroupState::PreparingRebalance => "preparing",
        GroupState::CompletingRebalance => "completing",
        GroupState::NotReady => "not ready",
        state => state.word(),
    }
}

#[derive(Debug)]
pub struct Row {
    pub group: Group,
    reading: Option<Reading>,
    trend: Sparkline,
}

/// What one round read of a group.
#[derive(Debug)]
struct Reading {
    at: Timestamp,
    members: Result<usize, Failure>,
    total: Result<Total, Failure>,
    /// Why a partition is unknown: the first reason of several.
    why: Option<Failure>,
    /// Topics with a commit or an assignment, in order.
    topics: Vec<TopicName>,
    /// Where the group has most left to read.
    next: Option<(TopicName, i32, i64)>,
}

impl Reading {
    fn new(lag: GroupLag, at: Timestamp) -> Self {
        let partitions = lag.partitions.as_deref().unwrap_or_default();
        Self {
            at,
            topics: topics(&lag),
            next: next(partitions),
            why: partitions.iter().find_map(|p| p.error.clone()),
            total: total(&lag),
            members: lag.members.map(|members| members.len()),
        }
    }

    fn lag(&self) -> Option<i64> {
        self.total.as_ref().ok().and_then(|total| total.lag)
    }

    /// What the line of the last minutes takes: nothing where there is no lag, a gap where it is only a bound.
    fn sample(&self) -> Option<Option<i64>> {
        match &self.total {
            Ok(total) if total.is_exact() => total.lag.map(Some),
            _ => Some(None),
        }
    }
}

/// A share group commits no offsets (KIP-932): that is no commit, not a failure to read one.
fn total(lag: &GroupLag) -> Result<Total, Failure> {
    match &lag.partitions {
        Ok(partitions) => Ok(Total::of(partitions)),
        Err(_) if lag.group.kind == GroupType::Share => Ok(Total::default()),
        Err(why) => Err(why.clone()),
    }
}

/// What the group reads next in its worst partition: its commit, or the start where that is higher.
fn next(partitions: &[PartitionLag]) -> Option<(TopicName, i32, i64)> {
    let worst = partitions.iter().rev().filter(|p| p.lag().is_some()).max_by_key(|p| p.lag())?;
    Some((worst.topic.clone(), worst.partition, worst.committed?.max(worst.start?)))
}

/// Topics that a group has a commit on or is assigned.
fn topics(lag: &GroupLag) -> Vec<TopicName> {
    let reads = |p: &&PartitionLag| p.committed.is_some() || p.owner.is_some();
    let committed = lag.partitions.iter().flatten().filter(reads).map(|p| &p.topic);
    let assigned = lag.members.iter().flatten().flat_map(|member| &member.assigned).map(|(topic, _)| topic);
    let mut topics: Vec<&TopicName> = committed.chain(assigned).collect();
    topics.sort_unstable();
    topics.dedup();
    topics.into_iter().cloned().collect()
}

impl Row {
    /// A listed group, with what was known of it before.
    pub fn listed(known: Option<Self>, group: Group) -> Self {
        match known {
            Some(row) => Self { group, ..row },
            None => Self { group, reading: None, trend: Sparkline::default() },
        }
    }

    pub fn sample(&mut self, lag: GroupLag, at: Timestamp) {
        self.group = lag.group.clone();
        let reading = Reading::new(lag, at);
        if let Some(sample) = reading.sample() {
            self.trend.push(at, sample);
        }
        self.reading = Some(reading);
    }

    /// Topic, partition and offset of the record that the group reads next where it is most behind.
    pub fn next(&self) -> Option<&(TopicName, i32, i64)> {
        self.reading.as_ref().and_then(|reading| reading.next.as_ref())
    }

    pub fn is_unread(&self) -> bool {
        self.reading.is_none()
    }

    /// Has it a commit or an assignment on this topic?
    pub fn reads(&self, topic: Option<&TopicName>) -> bool {
        topic.zip(self.reading.as_ref()).is_some_and(|(topic, reading)| reading.topics.binary_search(topic).is_ok())
    }

    /// By a column, of equals by name.
    pub fn order(&self, other: &Self, column: usize, reverse: bool) -> Ordering {
        let order = match column {
            STATE => self.group.state.word().cmp(other.group.state.word()),
            MEMBERS => self.members().cmp(&other.members()),
            LAG => self.lag_order().cmp(&other.lag_order()),
            _ => self.group.name.cmp(&other.group.name),
        };
        let order = if reverse { order.reverse() } else { order };
        order.then_with(|| self.group.name.cmp(&other.group.name))
    }

    fn members(&self) -> Option<usize> {
        self.reading.as_ref().and_then(|reading| reading.members.as_ref().ok().copied())
    }

    /// Not read yet, no commit, the lags, and last what could not be read: it may be any number.
    fn lag_order(&self) -> (u8, Option<i64>) {
        match &self.reading {
            None => (0, None),
            Some(Reading { total: Ok(Total { lag: None, unknown: 0, .. }), .. }) => (1, None),
            Some(reading) => (if reading.lag().is_some() { 2 } else { 3 }, reading.lag()),
        }
    }

    pub fn cell(&self, column: usize, ink: &Ink, width: u16) -> (Safe, Role) {
        let theme = ink.theme;
        let (text, role) = match column {
            GROUP => {
                let elsewhere = ink.topic.is_some() && !self.is_unread() && !self.reads(ink.topic);
                return (Safe::text(&self.group.name), if elsewhere { theme.muted } else { theme.text });
            }
            STATE => return (Safe::literal(state(self.group.state)), self.state_role(theme)),
            MEMBERS => self.members_cell(theme),
            LAG => self.lag_cell(theme),
            TREND => (self.trend.draw(ink.now, width), theme.text),
            _ => return self.status(ink),
        };
        (text, if self.age(ink).is_some() { theme.muted } else { role })
    }

    fn state_role(&self, theme: &Theme) -> Role {
        match self.group.state {
            state if state.is_rebalancing() => theme.warn,
            GroupState::Unknown => theme.null,
            _ => theme.text,
        }
    }

    fn members_cell(&self, theme: &Theme) -> (Safe, Role) {
        match self.reading.as_ref().map(|reading| &reading.members) {
            None => (Safe::literal("…"), theme.muted),
            Some(Err(_)) => (Safe::literal("?"), theme.null),
            Some(Ok(n)) => (Safe::from(n.to_string()), theme.text),
        }
    }

    fn lag_cell(&self, theme: &Theme) -> (Safe, Role) {
        let Some(reading) = &self.reading else { return (Safe::literal("…"), theme.muted) };
        match &reading.total {
            Ok(Total { lag: Some(lag), unknown: 0, .. }) => (Safe::from(format::short(*lag)), theme.text),
            Ok(Total { lag: Some(lag), .. }) => (Safe::from(format!("≥ {}", format::short(*lag))), theme.warn),
            Ok(Total { unknown: 0, .. }) => (Safe::literal("–"), theme.null),
            Ok(_) | Err(_) => (Safe::literal("?"), theme.null),
        }
    }

    /// How old the numbers are, once they are no longer fresh.
    fn age(&self, ink: &Ink) -> Option<Duration> {
        let age = format::since(self.reading.as_ref()?.at, ink.now);
        (age > ink.fresh).then_some(age)
    }

    /// Every plain fact that applies, the gravest first; its role colours all of them.
    fn status(&self, ink: &Ink) -> (Safe, Role) {
        let theme = ink.theme;
        let Some(reading) = &self.reading else { return (Safe::default(), theme.muted) };
        let mut facts = match &reading.total {
            Ok(total) => self.facts(reading, total, theme),
            Err(why) => vec![(format!("unknown: {}", why.answered), theme.warn)],
        };
        if let Err(why) = &reading.members {
            facts.push((format!("members unknown: {}", why.answered), theme.warn));
        }
        if let Some(kind) = self.kind() {
            facts.push((kind, theme.muted));
        }
        if let Some(age) = self.age(ink) {
            facts.insert(0, (format!("{} old", format::span(age)), theme.warn));
        }
        let role = facts.first().map_or(theme.muted, |(_, role)| *role);
        let words: Vec<String> = facts.into_iter().map(|(words, _)| words).collect();
        (Safe::from(words.join(" · ")), role)
    }

    fn facts(&self, reading: &Reading, total: &Total, theme: &Theme) -> Vec<(String, Role)> {
        let mut facts = vec![];
        let mut say = |applies: bool, words: String, role| {
            if applies {
                facts.push((words, role));
            }
        };
        let why = reading.why.as_ref().map_or("not told", |why| why.answered.as_str());
        say(total.lost > 0, format!("{} lost", format::short(total.lost)), theme.bad);
        say(total.ahead > 0, format!("+{} ahead", format::short(total.ahead)), theme.warn);
        say(total.unknown > 0, format!("unknown: {why}"), theme.warn);
        say(self.group.state.is_rebalancing() || total.rebalancing > 0, "rebalancing".into(), theme.warn);
        say(total.lag.is_some_and(|lag| lag > 0), "behind".into(), theme.text);
        say(total.is_caught_up() && !self.group.state.is_rebalancing(), "ok".into(), theme.good);
        let none = total.lag.is_none() && total.unknown == 0;
        say(none, "no commits".into(), theme.muted);
        say(!none && total.no_commit > 0, format!("+{} without commit", total.no_commit), theme.muted);
        facts
    }

    /// What kind of group it is, where that is not the usual one.
    fn kind(&self) -> Option<String> {
        match (self.group.kind, self.group.protocol_type.as_str()) {
            (GroupType::Share, _) => Some("share".into()),
            (GroupType::Streams, _) => Some("streams".into()),
            (_, "" | "consumer") => None,
            (_, other) => Some(other.to_owned()),
        }
    }
}
