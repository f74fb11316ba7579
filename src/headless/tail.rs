//! `kafscope tail`: the last records and then what arrives, until Ctrl-C or `-n`.
use super::{
    Done, Ended, Out, Setup, complain, connect,
    print::{self, Print},
    read,
};
use crate::{
    bus::{Event, Where},
    cli::read::Read,
    kafka::tail::{self, OpenTail, Tail},
    record::Batch,
    topic::TopicName,
};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Records of the past that are shown first; with a smaller `-n` no more than will be printed.
const LAST: usize = 10;
/// Events that may wait: the street of the screen has as many.
const EVENTS: usize = 8;

pub async fn run(wanted: &Read, setup: &Setup, out: &mut Out) -> Done {
    let mut print = Print::new(wanted, setup, out);
    let done = tokio::select! {
        done = follow(wanted, setup, &mut print) => done,
        _ = tokio::signal::ctrl_c() => Err(Ended::Interrupted),
    };
    print::close(print, done, wanted.max)
}

async fn follow(wanted: &Read, setup: &Setup, print: &mut Print<'_>) -> Done {
    let cluster = connect(setup)?;
    let topics = read::topics(&cluster, wanted).await?;
    let (events, mut news) = mpsc::channel(EVENTS);
    let past = wanted.max.and_then(|most| usize::try_from(most).ok()).map_or(LAST, |most| most.min(LAST));
    let from = wanted.from().unwrap_or(Where::Last(past));
    let open = |(topic, generation): (&TopicName, u64)| {
        let asked = OpenTail { topic: topic.clone(), from, committed: setup.committed, generation };
        tail::open(Arc::clone(&cluster), asked, events.clone())
    };
    let _tails: Vec<Tail> = topics.iter().zip(0..).map(open).collect();
    while wanted.max.is_none_or(|most| print.records() < most) {
        let Some(event) = news.recv().await else { break };
        hear(event, &topics, wanted, print)?;
    }
    Ok(())
}

/// `generation` is the topic's index.
fn hear(event: Event, topics: &[TopicName], wanted: &Read, print: &mut Print<'_>) -> Done {
    let name = |generation: u64| usize::try_from(generation).ok().and_then(|at| topics.get(at)).map_or("?", |t| t);
    match event {
        Event::RecordsArrived { batch, .. } => arrived(&batch, wanted, print)?,
        Event::BatchesUnreadable { failure, .. } => complain(&failure.to_string()),
        Event::PartitionFailed { failure, .. } => complain(&format!("{failure}; trying again")),
        Event::PartitionRecovered { generation, partition } => {
            complain(&format!("{} partition {partition} is read again", name(generation)));
        }
        Event::StartMoved { generation, partition, from, to } => {
            complain(&format!("{} partition {partition}: went from offset {from} to {to}", name(generation)));
        }
        Event::TopicRecreated { generation, .. } => {
            complain(&format!("{} was deleted and created again, and is read from its start", name(generation)));
        }
        Event::Failed { why, .. } => return Err(why.into()),
        other => tracing::trace!(?other, "heard"),
    }
    Ok(())
}

fn arrived(batch: &Batch, wanted: &Read, print: &mut Print<'_>) -> Done {
    let is_wanted = |id: i32| wanted.partition.as_ref().is_none_or(|only| only.contains(&id));
    let left = wanted.max.map_or(u64::MAX, |most| most.saturating_sub(print.records()));
    let records = batch.records().filter(|record| is_wanted(record.head.partition));
    records.take(usize::try_from(left).unwrap_or(usize::MAX)).try_for_each(|record| print.record(&record))?;
    print.flush()
}
