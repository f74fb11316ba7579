//! A cluster as librdkafka sees it: bounds, commits, groups and records, with plain words for what tests compare.

use bytes::Bytes;
use kafscope_demo_broker::batch::Record;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{Offset, TopicPartitionList};
use std::time::{Duration, Instant};

/// For one request.
const WAIT: Duration = Duration::from_secs(10);

pub struct Seen {
    bootstrap: String,
    consumer: BaseConsumer,
}

impl Seen {
    pub fn new(bootstrap: &str) -> Self {
        let mut config = ClientConfig::new();
        // librdkafka assigns partitions only to a consumer with a group id; without a subscription it joins nothing.
        config.set("bootstrap.servers", bootstrap).set("group.id", "seen");
        config.set("enable.auto.commit", "false").set("check.crcs", "true").set("fetch.wait.max.ms", "10");
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

    /// Every record of the topic with its offset, partition after partition.
    pub fn records(&self, topic: &str) -> Vec<(i64, Record)> {
        let mut list = TopicPartitionList::new();
        let mut count = 0;
        for (partition, (start, end)) in (0..).zip(self.bounds(topic)) {
            list.add_partition_offset(topic, partition, Offset::Offset(start)).unwrap();
            count += end - start;
        }
        self.consumer.assign(&list).unwrap();
        let next = |_| self.consumer.poll(WAIT).expect("a record within the time").unwrap();
        let mut read: Vec<_> = (0..count).map(next).map(|m| (m.partition(), m.offset(), record(&m))).collect();
        read.sort_by_key(|(partition, offset, _)| (*partition, *offset));
        read.into_iter().map(|(_, offset, record)| (offset, record)).collect()
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
