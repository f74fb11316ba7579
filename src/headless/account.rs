//! What a read came to, on stderr at its end: what was seen, what was printed, what failed, and where to go on.
use super::block::{Reached, by_topic};
use crate::{kafka::offsets::Spot, output, place::list, topic::TopicName, widgets::format};
use std::{collections::BTreeMap, time::Duration};

/// What is known of a read beside what was printed.
#[derive(Debug, Default)]
pub struct Account {
    /// With a filter: records looked at, and the bytes of their keys, values and headers as far as they are known.
    pub looked: Option<(u64, Option<u64>)>,
    /// Records that the filter could not judge, and the first of them in words.
    pub failures: u64,
    pub first: Option<String>,
    /// Where to go on, and whether there is more.
    pub next: Next,
    pub early: bool,
}

/// What was printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Printed {
    pub records: u64,
    /// Of keys, values and headers.
    pub bytes: u64,
    pub took: Duration,
}

impl Account {
    pub fn failed(&mut self, spot: &Spot, offset: i64, failures: u64, why: &str) {
        let (topic, partition) = spot;
        self.failures = self.failures.saturating_add(failures);
        self.first.get_or_insert_with(|| format!("{topic} {partition}/{offset}: {why}"));
    }

    /// `1,200 records, 96 KiB in 5 ms, 240,000 records/s`, and a line for each thing that was not as it should be.
    pub fn words(&self, printed: Printed, undecoded: &output::Failures) -> String {
        let (looked, bytes) = self.looked.unwrap_or_default();
        // What ends early ends before the answer that it is in was counted.
        let seen = looked.max(printed.records);
        let rate = format::rate(seen as f64 / printed.took.as_secs_f64().max(1e-6));
        let records = match self.looked {
            Some(_) => format!("{} of {}", format::grouped(signed(printed.records)), counted(seen)),
            None => counted(seen),
        };
        let bytes = format::bytes(usize::try_from(bytes.unwrap_or(0).max(printed.bytes)).unwrap_or(usize::MAX));
        let mut words = format!("{records}, {bytes} in {}, {rate} records/s", format::span(printed.took));
        if let Some(first) = &self.first {
            words += &format!("\nthe filter failed on {}; the first: {first}", counted(self.failures.max(1)));
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
    /// Where reading began and how far it was handed over.
    pub begin: BTreeMap<Spot, i64>,
    pub read: BTreeMap<Spot, i64>,
    /// Records were read backwards: what is left ends before the last that was printed.
    pub backwards: bool,
    /// A partition of which no one offset divides what was printed from what was not.
    pub disorder: Option<Spot>,
}

impl Next {
    /// `go on with --from 0:1200,1:900`; for several topics a command's worth each.
    pub fn words(&self, found: &Reached, written: &Reached) -> Option<String> {
        match &self.disorder {
            Some(spot) if written.records() > 0 => Some(disordered(spot)),
            _ => self.places(found, written).map(|places| format!("go on with {places}")),
        }
    }

    fn places(&self, found: &Reached, written: &Reached) -> Option<String> {
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

fn disordered((topic, partition): &Spot) -> String {
    let why = format!("times run backwards in {topic} partition {partition}");
    format!(
        "no offset says where to go on, as {why}; --from the time of the last record misses none, but some come again"
    )
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
