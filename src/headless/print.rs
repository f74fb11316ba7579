//! Records on their way to stdout or a file, in the form that was asked for, and the account of them at the end.
use super::{
    Done, Ended, Out,
    account::{Account, Printed, counted},
    block::{Block, Reached},
    out::tell,
    progress::Progress,
    row::Row,
    sheet::Sheet,
    sink::{Sink, Written},
    wanted::{Shown, Wanted, wrong},
};
use crate::{
    failure::Failure,
    kafka::offsets::Spot,
    output::{BLOCK, Decoding, Failures, Form, Writer},
    record::{Batch, Record},
    text::Safe,
};
use serde::Serialize;
use std::{collections::BTreeMap, time::Instant};

pub struct Print {
    lines: Lines,
    /// Records that may still be printed.
    left: u64,
    /// Somebody watches: what was found is shown at once.
    live: bool,
    block: Block,
    found: Reached,
    /// None where nothing is printed but a number.
    sink: Option<Sink>,
    printed: Printed,
    progress: Progress,
    started: Instant,
}

enum Lines {
    Count { json: bool },
    Rows(Row),
    Sheet(Sheet),
    Written(Writer),
}

impl Print {
    /// Makes the file, if one is to be written.
    pub fn open(wanted: &Wanted, columns: Option<usize>) -> Result<Self, Ended> {
        let terminal = columns.filter(|_| wanted.output.is_none());
        let lines = Lines::of(wanted, terminal)?;
        let counts = matches!(lines, Lines::Count { .. });
        let sink = (!counts).then(|| Sink::open(wanted.output.as_deref())).transpose()?;
        let mut print = Self {
            lines,
            left: wanted.max.unwrap_or(u64::MAX),
            live: terminal.is_some(),
            block: Block::default(),
            found: Reached::default(),
            sink,
            printed: Printed::default(),
            progress: Progress::new(terminal.is_some() && !counts),
            started: Instant::now(),
        };
        if let Lines::Written(writer) = &print.lines {
            writer.heads(&mut print.block.bytes);
        }
        Ok(print)
    }

    /// As many as were wanted are printed.
    pub fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Records that are still wanted.
    pub fn left(&self) -> usize {
        usize::try_from(self.left).unwrap_or(usize::MAX)
    }

    /// The records of a batch, as many as are still wanted.
    ///
    /// # Errors
    /// When nobody takes them any more; [`Print::finish`] tells why.
    pub async fn batch(&mut self, batch: &Batch) -> Done {
        let left = self.left();
        self.found.batch(batch, left);
        for record in batch.records().take(left) {
            self.record(&record);
            if self.block.bytes.len() >= BLOCK {
                self.flush().await?;
            }
        }
        if self.live { self.flush().await } else { Ok(()) }
    }

    /// They were counted elsewhere.
    pub fn count(&mut self, records: u64, bytes: u64) {
        (self.printed.records, self.printed.bytes) = (records, bytes);
    }

    /// How far it is: `looked` records, and of all there are this share.
    pub fn progress(&mut self, looked: u64, share: impl FnOnce() -> Option<f64>) {
        self.progress.at(looked, share);
    }

    fn record(&mut self, record: &Record<'_>) {
        self.printed.records += 1;
        self.printed.bytes += record.size() as u64;
        self.left -= 1;
        self.block.note(record);
        match &mut self.lines {
            Lines::Count { .. } => {}
            Lines::Rows(row) => row.line(record, &mut self.block.bytes),
            Lines::Sheet(sheet) => sheet.line(record, &mut self.block.bytes),
            Lines::Written(writer) => writer.record(record, &mut self.block.bytes),
        }
    }

    /// Hands over what was gathered: whoever follows a topic waits for it.
    ///
    /// # Errors
    /// As [`Print::batch`].
    pub async fn flush(&mut self) -> Done {
        if self.block.is_empty() {
            return Ok(());
        }
        let next = Block::over(self.sink.as_mut().map(Sink::buffer).unwrap_or_default());
        let block = std::mem::replace(&mut self.block, next);
        match &self.sink {
            Some(sink) if !sink.send(block).await => Err(Ended::Pipe),
            _ => Ok(()),
        }
    }

    /// The rest, the count if that was asked for, and the account.
    pub async fn finish(mut self, done: Done, account: Account, out: &mut Out) -> Done {
        let flushed = self.flush().await;
        let (written, waited) = self.close().await;
        self.progress.clear();
        let cut = written.failed.is_some() || waited.is_err() || done.is_err();
        let done = written.failed.map_or_else(|| done.and(flushed).and(waited), Err);
        let failed = matches!(done, Err(Ended::No(_) | Ended::Wrong(_) | Ended::Kafka(_)));
        if matches!(done, Err(Ended::Pipe))
            || failed && self.printed.records == 0 && account.looked.is_none_or(|(looked, _)| looked == 0)
        {
            return done;
        }
        self.number(&account, out)?;
        let counts = matches!(self.lines, Lines::Count { .. });
        let printed = if counts { &self.found } else { &written.reached };
        if !counts {
            (self.printed.records, self.printed.bytes) = (printed.records(), printed.bytes());
        }
        let goes_on = (account.early || cut).then(|| account.next.words(&self.found, printed)).flatten();
        self.printed.took = self.started.elapsed();
        tell(&account.words(self.printed, self.undecoded()));
        if let Some(words) = goes_on {
            tell(&format!("not to the end; {words}"));
        }
        done
    }

    /// Waits for what is on its way, unless a second Ctrl-C says that nobody takes it.
    async fn close(&mut self) -> (Written, Done) {
        let Some(sink) = self.sink.take() else { return (Written::default(), Ok(())) };
        let reached = sink.reached();
        tokio::select! {
            written = sink.close() => (written, Ok(())),
            _ = tokio::signal::ctrl_c() => {
                (Written { reached: reached.borrow().clone(), failed: None }, Err(Ended::Interrupted))
            }
        }
    }

    fn number(&self, account: &Account, out: &mut Out) -> Done {
        match self.lines {
            Lines::Count { json: true } => out.json(&Count::of(&self.found, &account.next.read)),
            Lines::Count { json: false } => out.line(&Safe::from(self.printed.records.to_string())),
            Lines::Rows(_) | Lines::Sheet(_) | Lines::Written(_) => Ok(()),
        }?;
        out.flush()
    }

    fn undecoded(&self) -> &Failures {
        match &self.lines {
            Lines::Count { .. } => &NONE,
            Lines::Rows(row) => row.failures(),
            Lines::Sheet(sheet) => sheet.failures(),
            Lines::Written(writer) => writer.failures(),
        }
    }
}

static NONE: Failures = Failures { count: 0, first: None };

impl Lines {
    fn of(wanted: &Wanted, terminal: Option<usize>) -> Result<Self, Ended> {
        let decoding = Decoding::new(wanted.decode);
        let names = match &wanted.shown {
            Shown::Rows(Some(names)) | Shown::Lines(Form::Csv(names)) => names,
            _ => "",
        };
        let lines = match &wanted.shown {
            Shown::Count { json } => Ok(Self::Count { json: *json }),
            Shown::Rows(None) => Ok(Self::Rows(Row::new(terminal, decoding))),
            Shown::Rows(Some(_)) => Sheet::new(names, terminal, decoding).map(Self::Sheet),
            Shown::Lines(form) => Writer::new(form.clone(), wanted.decode, terminal.is_some()).map(Self::Written),
        };
        lines.map_err(|mistake| wrong("--columns", names, &mistake))
    }
}

/// What is said where the last records are too large to be held together.
pub fn too_large(records: usize) -> Failure {
    let answered = format!("they are too large to hold together: these are the newest {}", counted(records as u64));
    Failure::new("looking for the last records", answered, "ask for fewer with last:N, or read from the start")
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
    /// Every partition that was read, with or without records.
    fn of(found: &Reached, read: &'a BTreeMap<Spot, i64>) -> Self {
        let one = |spot: &'a Spot| PartitionCount { topic: &spot.0, partition: spot.1, records: found.of(spot) };
        Self { records: found.records(), partitions: read.keys().map(one).collect() }
    }
}
