//! One topic as Topics lists it: what is known of it, and its cells.
use crate::{
    failure::Failure,
    panels::Look,
    text::Safe,
    theme::{Role, Theme},
    topic::{Topic, TopicOffsets},
    widgets::{format, table::Column},
};
use jiff::Timestamp;
use std::cmp::Ordering;

pub const TOPIC: usize = 0;
/// Columns of the mark of the open topic before a name.
pub const MARK: u16 = 2;
const PARTS: usize = 1;
const RECORDS: usize = 2;
const RATE: usize = 3;
/// The mark of the open topic stands before the name.
pub const COLUMNS: [Column; 4] = [
    Column::growing("  TOPIC", 12),
    Column::right("PARTS", 6, 3),
    Column::right("RECORDS≤", 9, 2),
    Column::right("/S", 5, 1),
];

#[derive(Debug)]
pub struct Row {
    pub topic: Topic,
    pub offsets: Option<Offsets>,
    /// Why partitions could not be read: the first reason of several.
    pub why: Option<Failure>,
    /// Records a second, once two samples tell.
    pub rate: Option<f64>,
}

/// What one sample told of all partitions together.
#[derive(Debug, Clone, Copy)]
pub struct Offsets {
    pub records: i64,
    /// Sum of the ends that are known.
    end: i64,
    /// Partitions that could not be read.
    unknown: usize,
    pub at: Timestamp,
}

impl Row {
    pub fn new(topic: Topic) -> Self {
        Self { topic, offsets: None, why: None, rate: None }
    }

    pub fn sample(&mut self, offsets: &TopicOffsets, at: Timestamp) {
        let (records, unknown) = offsets.records();
        let end = offsets.partitions.iter().filter_map(|p| p.end.as_ref().ok()).sum();
        self.why = offsets.partitions.iter().find_map(|p| p.end.as_ref().err().or(p.start.as_ref().err()).cloned());
        let next = Offsets { records, end, unknown, at };
        if let Some(before) = self.offsets.replace(next) {
            self.rate = before.rate_to(&next).or(self.rate);
        }
    }

    /// Why a cell of this row is `?` or `~`.
    pub fn doubt(&self) -> Option<Safe> {
        if let Some(why) = &self.topic.error {
            return Some(Safe::from(format!(" {} ", why.answered)));
        }
        let (why, unknown) = (self.why.as_ref()?, self.offsets?.unknown);
        Some(Safe::from(format!(" {unknown} of {} unread: {} ", self.topic.partitions.len(), why.answered)))
    }

    pub fn compare(&self, other: &Self, column: usize) -> Ordering {
        match column {
            PARTS => self.topic.partitions.len().cmp(&other.topic.partitions.len()),
            RECORDS => self.offsets.map(|o| o.records).cmp(&other.offsets.map(|o| o.records)),
            RATE => self.rate.unwrap_or(-1.0).total_cmp(&other.rate.unwrap_or(-1.0)),
            _ => self.topic.name.cmp(&other.topic.name),
        }
    }

    pub fn cell(&self, column: usize, look: &Look, theme: &Theme) -> (Safe, Role) {
        match column {
            TOPIC => {
                let open = look.session.topic.as_ref() == Some(&self.topic.name);
                let role = if self.topic.error.is_some() { theme.bad } else { theme.text };
                (Safe::from(format!("{} {}", if open { "●" } else { " " }, self.topic.name)), role)
            }
            PARTS if self.topic.error.is_some() => (Safe::literal("?"), theme.null),
            PARTS => (Safe::from(self.topic.partitions.len().to_string()), theme.text),
            RECORDS => match self.offsets {
                None => (Safe::literal("…"), theme.muted),
                Some(o) if o.unknown == 0 => (Safe::from(format::short(o.records)), theme.text),
                Some(o) if o.unknown == self.topic.partitions.len() => (Safe::literal("?"), theme.null),
                Some(o) => (Safe::from(format!("~{}", format::short(o.records))), theme.warn),
            },
            _ => match self.rate {
                None => (Safe::literal("…"), theme.muted),
                Some(rate) if rate <= 0.0 => (Safe::literal("0"), theme.muted),
                Some(rate) => (Safe::from(format::short_rate(rate)), theme.text),
            },
        }
    }
}

impl Offsets {
    /// Records a second between two samples of the same partitions; nothing when the ends went back (a topic made anew).
    fn rate_to(&self, next: &Self) -> Option<f64> {
        let seconds = next.at.duration_since(self.at).as_secs_f64();
        (seconds > 0.0 && self.unknown == next.unknown && next.end >= self.end)
            .then(|| (next.end - self.end) as f64 / seconds)
    }
}
