//! A cluster as librdkafka sees it: bounds, commits, groups and records, with plain words for what tests compare.

pub mod numbers;

use bytes::Bytes;
use kafscope_demo_broker::batch::Record;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{Offset, TopicPartitionList};
use std::time::{Duration, Instant};

/// For one request.
const WAIT: Duration = Duration::from_secs(10);
/// For a record more than there should be.
const MORE: Duration = Duration::from_millis(30);

pub struct Seen {
    bootstrap: String,
    consumer: BaseConsumer,
}

impl Seen {
    /// With every record in it, aborted and open ones too.
    pub fn new(bootstrap: &str) -> Self {
        Self::reading(bootstrap, "read_uncommitted")
    }

    /// As a reader of committed records sees it: its ends are the last stable offsets.
    pub fn committed(bootstrap: &str) -> Self {
        Self::reading(bootstrap, "read_committed")
    }

    fn reading(bootstrap: &str, isolation: &str) -> Self {
        let mut config = ClientConfig::new();
        // librdkafka assigns partitions only to a consumer with a group id; without a subscription it joins nothing.
        config.set("bootstrap.servers", bootstrap).set("group.id", "seen");
        config.set("enable.auto.commit", "false").set("check.crcs", "true").set("fetch.wait.max.ms", "10");
        config.set("isolation.level", isolation);
        Self { bootstrap: bootstrap.to_owned(), consumer: config.create().unwrap() }
    }

    fn partitions(&self, topic: &str) -> i32 {
        let metadata = self.consumer.fetch_metadata(Some(topic), WAIT).unwrap();
        metadata.topics()[0].partitions().len() as i32
    }

    /// Start and end of each partition.
    pub fn bounds(&self, topic: &str) -> Vec<(i64, i64)> {
        (0..self.partitions(topic)).map(|p| self.consumer.fetch_watermarks(topic, p, WAIT).unwrap()).collect()
    }

    /// What the group has committed, -1 where nothing. Asks as a stranger: it never joins.
    pub fn commits(&self, group: &str, topic: &str) -> Vec<i64> {
        let mut config = ClientConfig::new();
        let asker: BaseConsumer =
            config.set("bootstrap.servers", &self.bootstrap).set("group.id", group).create().unwrap();
        let mut list = TopicPartitionList::new();
        list.add_partition_range(topic, 0, self.partitions(topic) - 1);
        let committed = asker.committed_offsets(list, WAIT).unwrap();
        committed.elements().iter().map(|row| if let Offset::Offset(at) = row.offset() { at } else { -1 }).collect()
    }

    /// Name, state and sorted client ids of every group, by name.
    pub fn groups(&self) -> Vec<(String, String, Vec<String>)> {
        let list = self.consumer.fetch_group_list(None, WAIT).unwrap();
        let row = |group: &rdkafka::groups::GroupInfo| {
            let mut members: Vec<_> = group.members().iter().map(|member| member.client_id().to_owned()).collect();
            members.sort();
            (group.name().to_owned(), group.state().to_owned(), members)
        };
        let mut groups: Vec<_> = list.groups().iter().map(row).collect();
        groups.sort();
        groups
    }

    /// Every record of the topic with its offset, partition after partition, when there are `count`: librdkafka does not
    /// tell the end of a partition that ends in a hole. One too many is found, one too few is waited for in vain.
    pub fn records(&self, topic: &str, count: usize) -> Vec<(i64, Record)> {
        let mut list = TopicPartitionList::new();
        for (partition, (start, _)) in (0..).zip(self.bounds(topic)) {
            list.add_partition_offset(topic, partition, Offset::Offset(start)).unwrap();
        }
        self.consumer.assign(&list).unwrap();
        let mut read = Vec::new();
        let wait = |read: usize| if read < count { WAIT } else { MORE };
        while let Some(next) = self.consumer.poll(wait(read.len())) {
            let next = next.unwrap();
            read.push((next.partition(), next.offset(), record(&next)));
        }
        read.sort_by_key(|(partition, offset, _)| (*partition, *offset));
        read.into_iter().map(|(_, offset, record)| (offset, record)).collect()
    }

    /// Per partition the offset of the first record at or after `time`, the end where there is none.
    pub fn since(&self, topic: &str, time: i64) -> Vec<Offset> {
        let mut list = TopicPartitionList::new();
        (0..self.partitions(topic)).for_each(|p| list.add_partition_offset(topic, p, Offset::Offset(time)).unwrap());
        let found = self.consumer.offsets_for_times(list, WAIT).unwrap();
        found.elements().iter().map(rdkafka::topic_partition_list::TopicPartitionListElem::offset).collect()
    }

    /// Asks again until there is an answer; what was seen instead is the error.
    pub fn until<T>(&self, limit: Duration, mut ask: impl FnMut() -> Option<T>, instead: impl Fn() -> String) -> T {
        let began = Instant::now();
        while began.elapsed() < limit {
            match ask() {
                Some(answer) => return answer,
                None => std::thread::sleep(Duration::from_millis(50)),
            }
        }
        panic!("not within {limit:?}: {}", instead())
    }
}

fn record(message: &BorrowedMessage) -> Record {
    let owned = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
    let headers = message.headers().map(|headers| {
        headers.iter().map(|header| (Bytes::copy_from_slice(header.key.as_bytes()), owned(header.value))).collect()
    });
    Record {
        key: owned(message.key()),
        value: owned(message.payload()),
        headers: headers.unwrap_or_default(),
        timestamp: message.timestamp().to_millis().unwrap_or(-1),
    }
}
