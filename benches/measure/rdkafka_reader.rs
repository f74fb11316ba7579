//! The fastest reader that rdkafka's safe API seems to allow, as a program of its own: it counts the records of a topic
//! and forgets them. Partitions are assigned, no group is joined, and each has a queue and a thread.
use anyhow::{Context, Result, ensure};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer, DefaultConsumerContext, base_consumer::PartitionQueue},
};
use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// Whatever is waited for has come by then, or never comes.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);
/// It may delay the end by as much.
const GLANCE: Duration = Duration::from_millis(2);
/// The same queues as kcat gets. Checksums are librdkafka's default, unchecked; `check.crcs=true` as a further word
/// has them checked, as ours always are.
const TUNED: [(&str, &str); 4] = [
    ("queued.min.messages", "10000000"),
    ("queued.max.messages.kbytes", "1048576"),
    ("fetch.wait.max.ms", "10"),
    ("check.crcs", "false"),
];

/// `BOOTSTRAP TOPIC [KEY=VALUE…]`: prints how many records there are between the start and the end as it was.
pub fn run(words: &[String]) -> Result<()> {
    let [bootstrap, topic, settings @ ..] = words else { anyhow::bail!("BOOTSTRAP TOPIC [KEY=VALUE…]") };
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("group.id", "none, but rdkafka wants a name");
    config.set("enable.auto.commit", "false");
    for (key, value) in TUNED {
        config.set(key, value);
    }
    for setting in settings {
        let (key, value) = setting.split_once('=').with_context(|| format!("{setting} is no KEY=VALUE"))?;
        config.set(key, value);
    }
    println!("{}", read(Arc::new(config.create()?), topic)?);
    Ok(())
}

fn read(consumer: Arc<BaseConsumer>, topic: &str) -> Result<u64> {
    let drain = |(id, queue): (i32, Queue)| {
        let (consumer, topic) = (consumer.clone(), topic.to_owned());
        thread::spawn(move || {
            let (start, end) = consumer.fetch_watermarks(&topic, id, PATIENCE)?;
            drain(&queue, start, end)
        })
    };
    let threads: Vec<_> = assign(&consumer, topic)?.into_iter().map(drain).collect();
    while !threads.iter().all(|thread| thread.is_finished()) {
        // The main queue carries errors and logs, and must be looked at.
        if let Some(Err(why)) = consumer.poll(GLANCE) {
            return Err(why.into());
        }
    }
    threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow::anyhow!("a reader broke"))?).sum()
}

type Queue = PartitionQueue<DefaultConsumerContext>;

/// Reading begins here, before the ends are asked for.
fn assign(consumer: &Arc<BaseConsumer>, topic: &str) -> Result<Vec<(i32, Queue)>> {
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE)?;
    let ids = metadata.topics().iter().flat_map(|topic| topic.partitions()).map(|partition| partition.id());
    let (mut assignment, mut queues) = (TopicPartitionList::new(), vec![]);
    for id in ids {
        assignment.add_partition_offset(topic, id, Offset::Beginning)?;
        queues.push((id, consumer.split_partition_queue(topic, id).context("a partition has no queue")?));
    }
    consumer.assign(&assignment)?;
    Ok(queues)
}

/// Until the last record before `end`. A hole at the very end would never end it: these topics have none.
fn drain(queue: &Queue, start: i64, end: i64) -> Result<u64> {
    let (mut next, mut seen, mut heard) = (start, 0, Instant::now());
    while next < end {
        match queue.poll(LOOK) {
            Some(record) => {
                next = record?.offset() + 1;
                seen += 1;
                heard = Instant::now();
            }
            None => ensure!(heard.elapsed() < PATIENCE, "nothing comes after offset {next} of {end}"),
        }
    }
    Ok(seen)
}
