//! `kafscope produce`: values of the command line or lines of stdin, each accounted for in the order they came.
use super::{Done, Ended, Out, Setup, account::counted, complain, connect, lines, out::tell};
use crate::{
    bus::Draft,
    cli::produce::Produce,
    kafka::produce::{self, Acknowledged, Outcome, Pending, Producer, Settings, Unsent},
    text::Safe,
    widgets::format,
};
use futures_util::{
    future::BoxFuture,
    stream::{FuturesOrdered, StreamExt},
};
use serde::Serialize;
use std::{
    io,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, time::timeout};

/// Records on their way at the same time.
const IN_FLIGHT: usize = 10_000;
/// How long lines wait for company; a typed value does not.
const LINGER: Duration = Duration::from_millis(5);
/// What connecting first may take; the producer gets there by itself in as long.
const CONNECT: Duration = Duration::from_millis(500);
/// How long leaving waits for what is on its way.
const LEAVE: Duration = Duration::from_secs(2);

pub async fn run(wanted: Produce, setup: &Setup, out: &mut Out) -> Done {
    if setup.read_only {
        return Err(Ended::No(format!("sending to {}: refused, because this is read-only", wanted.topic)));
    }
    let cluster = connect(setup)?;
    cluster.metadata().await?;
    let draft = draft(&wanted);
    produce::check(&cluster, &wanted.topic, &draft).await.map_err(|unsent| Ended::No(unsent.failure.to_string()))?;
    let producer = Producer::open(&settings(&wanted, setup))?;
    producer.connect(&wanted.topic, CONNECT).await;
    let source = Source::of(&wanted);
    let mut sending = Sending::new(&wanted.topic, setup.json, out);
    let done = tokio::select! {
        done = sending.all(&producer, source, draft) => done,
        _ = tokio::signal::ctrl_c() => Err(Ended::Interrupted),
    };
    producer.close(LEAVE).await;
    sending.settle().await;
    sending.end(done)
}

fn draft(wanted: &Produce) -> Draft {
    Draft {
        key: wanted.key.as_ref().map(|key| key.clone().into_bytes()),
        value: None,
        headers: wanted.headers.clone(),
        partition: wanted.partition,
    }
}

fn settings(wanted: &Produce, setup: &Setup) -> Settings {
    Settings {
        bootstrap: setup.settings.bootstrap.join(","),
        client_id: setup.settings.client_id.clone(),
        timeout: setup.settings.timeout,
        linger: if wanted.values.is_empty() && !wanted.null { LINGER } else { Duration::ZERO },
        properties: Vec::new(),
    }
}

/// Where values come from. `None` is null.
enum Source {
    Given(std::vec::IntoIter<Option<Vec<u8>>>),
    Lines(mpsc::Receiver<io::Result<Vec<u8>>>),
}

impl Source {
    fn of(wanted: &Produce) -> Self {
        let values = wanted.values.iter().map(|value| Some(value.clone().into_bytes()));
        match (wanted.null, wanted.values.is_empty()) {
            (true, _) => Self::Given(vec![None].into_iter()),
            (_, false) => Self::Given(values.collect::<Vec<_>>().into_iter()),
            (_, true) => Self::Lines(lines::of_stdin()),
        }
    }

    async fn next(&mut self) -> Option<io::Result<Option<Vec<u8>>>> {
        match self {
            Self::Given(values) => values.next().map(Ok),
            Self::Lines(lines) => lines.recv().await.map(|line| line.map(Some)),
        }
    }
}

struct Sending<'a> {
    topic: &'a str,
    json: bool,
    out: &'a mut Out,
    started: Instant,
    /// With their numbers, counted from 1 as they came.
    on_the_way: FuturesOrdered<BoxFuture<'static, (u64, Outcome)>>,
    queued: u64,
    sent: u64,
    lost: u64,
}

impl<'a> Sending<'a> {
    fn new(topic: &'a str, json: bool, out: &'a mut Out) -> Self {
        let (started, on_the_way) = (Instant::now(), FuturesOrdered::new());
        Self { topic, json, out, started, on_the_way, queued: 0, sent: 0, lost: 0 }
    }

    async fn all(&mut self, producer: &Producer, mut source: Source, draft: Draft) -> Done {
        let mut more = true;
        while more || !self.on_the_way.is_empty() {
            tokio::select! { biased;
                Some((index, outcome)) = self.on_the_way.next() => self.account(index, outcome)?,
                value = source.next(), if more && self.on_the_way.len() < IN_FLIGHT => match value {
                    None => more = false,
                    Some(Err(error)) => return Err(Ended::Wrong(format!("reading stdin: {error}"))),
                    Some(Ok(value)) => {
                        self.queued += 1;
                        let queued = producer.queue(self.topic, &Draft { value, ..draft.clone() }).await;
                        self.on_the_way.push_back(Box::pin(outcome(self.queued, queued)));
                    }
                },
            }
        }
        Ok(())
    }

    /// What was acknowledged while leaving; the producer is closed, so every outcome is there.
    async fn settle(&mut self) {
        while let Ok(Some((_, outcome))) = timeout(LEAVE, self.on_the_way.next()).await {
            let Ok(at) = outcome else { continue };
            if self.acknowledged(at).is_err() {
                return;
            }
        }
    }

    fn account(&mut self, index: u64, outcome: Outcome) -> Done {
        match outcome {
            Ok(at) => self.acknowledged(at),
            Err(unsent) => self.unsent(index, &unsent),
        }
    }

    fn acknowledged(&mut self, Acknowledged { partition, offset, timestamp, .. }: Acknowledged) -> Done {
        self.sent += 1;
        if self.json {
            return self.out.json(&Line { topic: self.topic, partition, offset, timestamp });
        }
        self.out.line(&Safe::from(format!("{} {partition}/{offset}", self.topic)))
    }

    fn unsent(&mut self, index: u64, unsent: &Unsent) -> Done {
        self.lost += 1;
        let maybe = if unsent.maybe_written { " (it may have been written)" } else { "" };
        complain(&format!("record {index}: {}{maybe}", unsent.failure));
        if self.json {
            let error = unsent.failure.to_string();
            return self.out.json(&Lost {
                error,
                topic: self.topic,
                record: index,
                maybe_written: unsent.maybe_written,
            });
        }
        Ok(())
    }

    fn end(self, done: Done) -> Done {
        if !matches!(done, Err(Ended::Pipe)) {
            let took = format::span(self.started.elapsed());
            tell(&format!("{} acknowledged by {} in {took}", counted(self.sent), self.topic));
        }
        let left = self.queued - self.sent - self.lost;
        if left > 0 {
            let left = counted(left);
            complain(&format!("{left} on the way without an acknowledgement; they may have been written"));
        }
        done?;
        match self.lost {
            0 => Ok(()),
            lost => Err(Ended::No(format!("{} not acknowledged", counted(lost)))),
        }
    }
}

async fn outcome(index: u64, queued: Result<Pending, Unsent>) -> (u64, Outcome) {
    match queued {
        Ok(pending) => (index, pending.outcome().await),
        Err(unsent) => (index, Err(unsent)),
    }
}

#[derive(Serialize)]
struct Line<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<i64>,
}

#[derive(Serialize)]
struct Lost<'a> {
    error: String,
    topic: &'a str,
    /// Counted from 1, as it came.
    record: u64,
    maybe_written: bool,
}
