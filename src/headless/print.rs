//! Records on stdout in the form that was asked for, and the account of them on stderr at the end.
use super::{Done, Ended, Out, Setup, json, out::tell, progress::Progress, row::Row};
use crate::{
    cli::read::Read,
    failure::Failure,
    kafka::offsets::Spot,
    record::{Batch, Record},
    text::Safe,
    topic::TopicName,
    widgets::format,
};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc, time::Instant};

pub struct Print<'a> {
    out: &'a mut Out,
    form: Form,
    progress: Progress,
    started: Instant,
    records: u64,
    bytes: u64,
    seen: Seen,
}

/// For each partition: its records, and the offset after the last.
#[derive(Default)]
struct Seen {
    partitions: BTreeMap<Spot, (u64, i64)>,
    /// Records come in long runs of one partition; looking it up for each took an eighth of a whole read.
    run: Option<(Spot, (u64, i64))>,
}

impl Seen {
    fn note(&mut self, topic: &TopicName, partition: i32, offset: i64) {
        let goes_on = |(spot, _): &(Spot, _)| spot.1 == partition && Arc::ptr_eq(&spot.0, topic);
        if !self.run.as_ref().is_some_and(goes_on) {
            self.end_run();
            let spot = (topic.clone(), partition);
            let before = self.partitions.remove(&spot).unwrap_or_default();
            self.run = Some((spot, before));
        }
        if let Some((_, (records, next))) = &mut self.run {
            (*records, *next) = (*records + 1, offset.saturating_add(1));
        }
    }

    /// Before the partitions are looked at.
    fn end_run(&mut self) {
        self.partitions.extend(self.run.take());
    }
}

enum Form {
    Count { json: bool },
    Raw,
    Json,
    Row(Row),
}

impl<'a> Print<'a> {
    pub fn new(wanted: &Read, setup: &Setup, out: &'a mut Out) -> Self {
        let form = match (wanted.count, wanted.raw, setup.json) {
            (true, _, json) => Form::Count { json },
            (_, true, _) => Form::Raw,
            (_, _, true) => Form::Json,
            _ => Form::Row(Row::new(out.columns)),
        };
        let progress = Progress::new(out.columns.is_some() && !wanted.count);
        Self { out, form, progress, started: Instant::now(), records: 0, bytes: 0, seen: Seen::default() }
    }

    pub fn records(&self) -> u64 {
        self.records
    }

    /// All records of a batch.
    pub fn batch(&mut self, batch: &Batch) -> Done {
        batch.records().try_for_each(|record| self.record(&record))?;
        self.progress.at(self.records);
        Ok(())
    }

    pub fn record(&mut self, record: &Record<'_>) -> Done {
        self.records += 1;
        self.bytes += record.size() as u64;
        let (partition, offset) = record.place();
        self.seen.note(record.topic, partition, offset);
        match &mut self.form {
            Form::Count { .. } => Ok(()),
            Form::Raw => self.out.bytes(record.value().unwrap_or_default()),
            Form::Json => self.out.json(&json::Line::of(record)),
            Form::Row(row) => self.out.line(&row.line(record)),
        }
    }

    /// Shows what was printed so far: whoever follows a topic waits for it.
    pub fn flush(&mut self) -> Done {
        self.out.flush()
    }

    /// The count, if that was asked for, and the account. `early`: there was more to read.
    pub fn finish(mut self, early: bool) -> Done {
        self.progress.clear();
        self.seen.end_run();
        match self.form {
            Form::Count { json: true } => self.out.json(&Count::of(&self.seen.partitions, self.records))?,
            Form::Count { json: false } => self.out.line(&Safe::from(self.records.to_string()))?,
            Form::Raw | Form::Json | Form::Row(_) => {}
        }
        self.out.flush()?;
        tell(&self.account(early));
        Ok(())
    }

    fn account(&self, early: bool) -> String {
        let took = self.started.elapsed();
        let rate = format::rate(self.records as f64 / took.as_secs_f64().max(1e-6));
        let (records, bytes) = (counted(self.records), format::bytes(self.bytes as usize));
        let account = format!("{records}, {bytes} in {}, {rate} records/s", format::span(took));
        if early { format!("{account}; not to the end, next offsets: {}", self.next()) } else { account }
    }

    /// `orders 0:1200,1:900; payments 2:7`.
    fn next(&self) -> String {
        let mut topics: BTreeMap<&TopicName, Vec<String>> = BTreeMap::new();
        for ((topic, partition), (_, next)) in &self.seen.partitions {
            topics.entry(topic).or_default().push(format!("{partition}:{next}"));
        }
        let next = topics.iter().map(|(topic, next)| format!("{topic} {}", next.join(",")));
        next.collect::<Vec<_>>().join("; ")
    }
}

/// What is said where the last records are too large to be held together.
pub fn too_large(records: usize) -> Failure {
    let answered = format!("they are too large to hold together: these are the newest {}", counted(records as u64));
    Failure::new("looking for the last records", answered, "ask for fewer with last:N, or read from the start")
}

/// `1 record`, `1,200 records`.
pub fn counted(records: u64) -> String {
    let number = format::grouped(i64::try_from(records).unwrap_or(i64::MAX));
    plural(&number, "record")
}

/// `0 members`, `1 member`; also for numbers that are none, as in `? members`.
pub fn plural(number: &str, noun: &str) -> String {
    format!("{number} {noun}{}", if number == "1" { "" } else { "s" })
}

/// The object of `--count --json`.
#[derive(Serialize)]
struct Count<'a> {
    records: u64,
    partitions: Vec<PartitionCount<'a>>,
}

#[derive(Serialize)]
struct PartitionCount<'a> {
    topic: &'a str,
    partition: i32,
    records: u64,
}

impl<'a> Count<'a> {
    fn of(seen: &'a BTreeMap<Spot, (u64, i64)>, records: u64) -> Self {
        let one = |((topic, partition), (records, _)): (&'a Spot, &(u64, i64))| PartitionCount {
            topic,
            partition: *partition,
            records: *records,
        };
        Self { records, partitions: seen.iter().map(one).collect() }
    }
}

/// The account belongs to every end but the quiet one, and to none where nothing began.
pub fn close(print: Print<'_>, done: Done, most: Option<u64>) -> Done {
    let failed = matches!(done, Err(Ended::No(_) | Ended::Wrong(_) | Ended::Kafka(_)));
    if matches!(done, Err(Ended::Pipe)) || failed && print.records() == 0 {
        return done;
    }
    let early = matches!(done, Err(Ended::Interrupted)) || most.is_some_and(|most| print.records() >= most);
    print.finish(early).and(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The account of a run that ended must neither be lost nor begun anew when its partition comes again.
    #[test]
    fn a_partition_that_comes_again_goes_on_being_counted() {
        let (orders, payments) = (TopicName::from("orders"), TopicName::from("payments"));
        let mut seen = Seen::default();
        for (topic, partition, offset) in [(&orders, 0, 7), (&orders, 0, 8), (&orders, 1, 3), (&payments, 1, 5)] {
            seen.note(topic, partition, offset);
        }
        seen.note(&TopicName::from("orders"), 0, 9);
        seen.end_run();
        let wanted = [((orders.clone(), 0), (3, 10)), ((orders, 1), (1, 4)), ((payments, 1), (1, 6))];
        assert_eq!(seen.partitions, BTreeMap::from(wanted));
    }
}
