//! Where the demo's groups stand before anyone reads: their commits, computed from the records of the fixed part.

use super::TopicSeed;

/// One group and its commits on one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSeed {
    pub group: &'static str,
    pub topic: &'static str,
    /// (partition, offset); empty for a group that never committed.
    pub commits: Vec<(usize, i64)>,
    /// What the group writes beside each of them.
    pub metadata: &'static str,
}

/// As Storm's Kafka spout writes it (`CommitMetadata`).
pub const STORM: &str = r#"{"topologyId":"demo-1","taskId":7,"threadName":"w-1"}"#;

/// Brokers take any text for a name: this one colours a terminal and turns the reading direction around.
const EVIL: &str = "evil\u{1b}[31m\u{202e}group\u{2066}";
/// Bytes that are no text, as a broker hands them on: it reads them as UTF-8 and puts U+FFFD where they are none.
const BINARY: &str = "\0\u{1}\u{1b}]0;owned\u{7}\u{fffd}\u{9b}31m\r\n\u{202e}\u{7f}";

/// How a group's commits follow from its topic.
#[derive(Clone, Copy)]
enum Stand {
    /// It has read everything but this many records, the newest by time.
    Behind(usize),
    /// It has read this part of every partition, in percent, rounded down.
    Percent(i64),
    /// It has committed exactly these offsets from partition 0 on and nothing else.
    At(&'static [i64]),
    /// It is known and has committed nothing.
    Nothing,
}

/// `mailer` reads only what is committed and never gets to the markers behind it, nor past the open transaction.
const GROUPS: [(&str, &str, Stand); 16] = [
    ("billing", "orders", Stand::Behind(0)),
    ("analytics", "orders", Stand::Behind(300)),
    ("catching-up", "orders", Stand::Behind(900)),
    ("mailer", "payments", Stand::At(&[131, 131, 131])),
    ("assign-reader", "customers", Stand::Percent(20)),
    ("stuck-parser", "orders.dlq", Stand::At(&[7])),
    ("stopped", "orders", Stand::Percent(40)),
    ("late-reader", "retained", Stand::At(&[200])),
    ("ghost", "drained", Stand::At(&[90])),
    ("fresh", "tweets", Stand::Nothing),
    ("idle", "empty", Stand::Nothing),
    ("new-partitions", "fast", Stand::At(&[0, 0, 0, 0])),
    ("rebalancer", "test", Stand::Behind(0)),
    ("connect-orders-sink", "orders", Stand::Behind(0)),
    ("console-consumer-41237", "mytopic", Stand::Behind(0)),
    (EVIL, "mytopic", Stand::At(&[1])),
];

/// Every group of the fixed part.
pub fn groups(topics: &[TopicSeed]) -> Vec<GroupSeed> {
    let seeds = GROUPS.iter().filter_map(|(group, name, stand)| {
        let topic = topics.iter().find(|topic| topic.name == *name)?;
        Some(GroupSeed { group, topic: name, commits: commits(topic, *stand), metadata: metadata(group) })
    });
    seeds.collect()
}

fn metadata(group: &str) -> &'static str {
    match group {
        "assign-reader" => STORM,
        EVIL => BINARY,
        _ => "",
    }
}

fn commits(topic: &TopicSeed, stand: Stand) -> Vec<(usize, i64)> {
    match stand {
        Stand::Behind(count) => read(topic, topic.partitions.iter().map(Vec::len).sum::<usize>().saturating_sub(count)),
        Stand::Percent(percent) => each(topic, |partition| topic.end(partition) * percent / 100),
        Stand::At(offsets) => offsets.iter().copied().enumerate().collect(),
        Stand::Nothing => Vec::new(),
    }
}

/// The next offset of each partition once the `count` oldest records of the topic are read. A reader of all partitions
/// that keeps to the order of time stands like that, so the lag is spread as the records are.
fn read(topic: &TopicSeed, count: usize) -> Vec<(usize, i64)> {
    let mut times: Vec<i64> = topic.partitions.iter().flatten().map(|record| record.timestamp).collect();
    times.sort_unstable();
    let Some(next) = times.get(count) else { return each(topic, |partition| topic.end(partition)) };
    let older =
        |records: &Vec<_>| records.iter().filter(|record: &&crate::batch::Record| record.timestamp < *next).count();
    each(topic, |partition| topic.partitions.get(partition).map_or(0, older) as i64)
}

fn each(topic: &TopicSeed, offset: impl Fn(usize) -> i64) -> Vec<(usize, i64)> {
    (0..topic.partitions.len()).map(|partition| (partition, offset(partition))).collect()
}
