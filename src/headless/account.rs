//! What a read came to, on stderr at its end: what was seen, what was printed, what failed, and where to go on.
use super::block::{Reached, by_topic};
use crate::{kafka::offsets::Spot, output, place::list, record::Record, topic::TopicName, widgets::format};
use std::{collections::BTreeMap, time::Duration};

/// Counted while it runs.
#[derive(Debug, Default)]
pub struct Account {
    /// Records looked at, and their keys, values and headers in bytes.
    pub seen: u64,
    pub bytes: u64,
    /// `None`: there is no filter, and everything matches.
    pub matched: Option<u64>,
    /// Records that the filter could not judge, and the first of them in words.
    pub failures: u64,
    pub first: Option<String>,
}

impl Account {
    pub fn failed(&mut self, record: &Record<'_>, why: &str) {
        let (partition, offset) = record.place();
        self.failures += 1;
        self.first.get_or_insert_with(|| format!("{} {partition}/{offset}: {why}", record.topic));
    }

    /// `1,200 records, 96 KiB in 5 ms, 240,000 records/s`, and a line for each thing that was not as it should be.
    pub fn words(&self, took: Duration, undecoded: &output::Failures) -> String {
        let rate = format::rate(self.seen as f64 / took.as_secs_f64().max(1e-6));
        let records = match self.matched {
            Some(matched) => format!("{} of {}", format::grouped(signed(matched)), counted(self.seen)),
            None => counted(self.seen),
        };
        let bytes = format::bytes(usize::try_from(self.bytes).unwrap_or(usize::MAX));
        let mut words = format!("{records}, {bytes} in {}, {rate} records/s", format::span(took));
        if let Some(first) = &self.first {
            words += &format!("\nthe filter failed on {}; the first: {first}", counted(self.failures));
        }
        if let Some(first) = &undecoded.first {
            let times = format::grouped(signed(undecoded.count));
            words += &format!("\nnot what --decode says, {times} times; the first: {first}");
        }
        words
    }
}

/// Where a read that ended early goes on. A partition of which nothing was found beyond what was printed goes on where
/// reading was, any other after what was printed of it.
#[derive(Debug, Default)]
pub struct Next {
    /// Where reading began and where it is.
    pub begin: BTreeMap<Spot, i64>,
    pub read: BTreeMap<Spot, i64>,
    /// Records were read backwards: what is left ends before the last that was printed.
    pub backwards: bool,
}

impl Next {
    /// `--from 0:1200,1:900`; for several topics a command's worth each.
    pub fn words(&self, found: &Reached, written: &Reached) -> Option<String> {
        let places = self.read.iter().map(|(spot, read)| (spot.clone(), self.of(spot, *read, found, written)));
        let topics = by_topic(places);
        let option = if self.backwards { "--to" } else { "--from" };
        match topics.len() {
            0 => None,
            1 => topics.values().next().map(|positions| format!("{option} {}", list(positions))),
            _ => {
                let one = |(topic, positions): (&TopicName, _)| format!("{topic} {option} {}", list(positions));
                Some(topics.iter().map(one).collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn of(&self, spot: &Spot, read: i64, found: &Reached, written: &Reached) -> i64 {
        if found.of(spot) == written.of(spot) {
            return read;
        }
        let after = |last: i64| if self.backwards { last } else { last.saturating_add(1) };
        written.last(spot).map(after).or_else(|| self.begin.get(spot).copied()).unwrap_or(read)
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `1 record`, `1,200 records`.
pub fn counted(records: u64) -> String {
    plural(&format::grouped(signed(records)), "record")
}

/// `0 members`, `1 member`; also for numbers that are none, as in `? members`.
pub fn plural(number: &str, noun: &str) -> String {
    format!("{number} {noun}{}", if number == "1" { "" } else { "s" })
}
