//! `kafscope tail`: the last records and then what arrives, until Ctrl-C or `-n`.
use super::{
    Done, Ended, Out, Setup, complain, connect,
    print::{self, Print},
    read,
};
use crate::{
    bus::{Event, Reading},
    cli::read::Read,
    kafka::{
        offsets::Spot,
        page,
        tail::{self, OpenTail, Tail},
        wire::Cluster,
    },
    place::Where,
    record::Batch,
    topic::TopicName,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
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
    let mut known = past(&cluster, &topics, wanted, setup, print).await?;
    let open = |(topic, generation): (&TopicName, u64)| {
        let known = known.remove(topic).unwrap_or_default();
        let reading = Reading { only: wanted.partition.clone(), ..Reading::of(topic.clone(), setup.committed) };
        let asked = OpenTail { reading, from: from(wanted), known, generation };
        tail::open(Arc::clone(&cluster), asked, events.clone())
    };
    let _tails: Vec<Tail> = topics.iter().zip(0..).map(open).collect();
    let mut told = HashSet::new();
    while wanted.max.is_none_or(|most| print.records() < most) {
        let Some(event) = news.recv().await else { break };
        hear(event, &topics, wanted, print, &mut told)?;
    }
    Ok(())
}

fn from(wanted: &Read) -> Where {
    let past = wanted.max.and_then(|most| usize::try_from(most).ok()).map_or(LAST, |most| most.min(LAST));
    wanted.from().unwrap_or(Where::Last(past))
}

/// Where each partition goes on.
type Known = HashMap<TopicName, BTreeMap<i32, i64>>;

/// The last records over all topics together, which no tail of one topic can know.
async fn past(
    cluster: &Arc<Cluster>,
    topics: &[TopicName],
    wanted: &Read,
    setup: &Setup,
    print: &mut Print<'_>,
) -> Result<Known, Ended> {
    let (Where::Last(count), [_, _, ..]) = (from(wanted), topics) else { return Ok(Known::new()) };
    let metadata = cluster.metadata().await?;
    let here = metadata.topics.iter().filter(|topic| topics.contains(&topic.name));
    let spots = here.flat_map(|topic| topic.partitions.iter().map(|partition| (topic.name.clone(), partition.id)));
    let spots: Vec<Spot> = spots.filter(|(_, id)| is_wanted(wanted, *id)).collect();
    let page = page::last(cluster, &spots, count, setup.committed).await;
    page.unreadable.iter().for_each(|unreadable| complain(&unreadable.failure().to_string()));
    page.too_large.iter().for_each(|records| complain(&print::too_large(*records).to_string()));
    page.batches.iter().try_for_each(|batch| arrived(batch, wanted, print))?;
    let mut known = Known::new();
    for ((topic, id), next) in page.next {
        known.entry(topic).or_default().insert(id, next);
    }
    Ok(known)
}

fn is_wanted(wanted: &Read, id: i32) -> bool {
    wanted.partition.as_ref().is_none_or(|only| only.contains(&id))
}

/// `generation` is the topic's index. A broker that is away is told once and not for each of its partitions; `told`: what
/// was said of failures since one of them ended.
fn hear(event: Event, topics: &[TopicName], wanted: &Read, print: &mut Print<'_>, told: &mut HashSet<String>) -> Done {
    let name = |generation: u64| usize::try_from(generation).ok().and_then(|at| topics.get(at)).map_or("?", |t| t);
    match event {
        Event::RecordsArrived { batch, .. } => arrived(&batch, wanted, print)?,
        Event::BatchesUnreadable { failure, .. } => complain(&failure.to_string()),
        Event::PartitionFailed { failure, .. } => {
            let words = format!("{failure}; trying again");
            if told.insert(words.clone()) {
                complain(&words);
            }
        }
        Event::PartitionRecovered { generation, partition } => {
            told.clear();
            complain(&format!("{} partition {partition} is read again", name(generation)));
        }
        Event::StartMoved { generation, partition, from, to } => {
            complain(&format!("{} partition {partition}: went from offset {from} to {to}", name(generation)));
        }
        Event::PageCut { records, .. } => complain(&print::too_large(records).to_string()),
        Event::TopicRecreated { generation, .. } => {
            complain(&format!("{} was deleted and created again, and is read from its start", name(generation)));
        }
        Event::Failed { why, .. } => return Err(why.into()),
        other => tracing::trace!(?other, "heard"),
    }
    Ok(())
}

fn arrived(batch: &Batch, wanted: &Read, print: &mut Print<'_>) -> Done {
    let left = wanted.max.map_or(u64::MAX, |most| most.saturating_sub(print.records()));
    let records = batch.records().filter(|record| is_wanted(wanted, record.head.partition));
    records.take(usize::try_from(left).unwrap_or(usize::MAX)).try_for_each(|record| print.record(&record))?;
    print.flush()
}
