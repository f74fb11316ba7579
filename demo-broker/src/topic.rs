//! Topics and partitions: names, placing on brokers, leaders. Records are the log's.

use crate::configs::TOPIC;
use crate::log::Log;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The longest topic name (`org.apache.kafka.common.internals.Topic.MAX_NAME_LENGTH`).
const LONGEST_NAME: usize = 249;

/// Bytes that a compacted partition may grow by before it is cleaned: a test sees what it wrote, a demo stays small.
const UNCOMPACTED: usize = 1 << 20;

/// What a topic to be created looks like.
#[derive(Debug, Clone)]
pub struct TopicSpec {
    /// At least 1, at most 1,000.
    pub partitions: i32,
    /// At least 1, at most the number of brokers. The records are shared; replicas are names only.
    pub replication: i16,
    /// Configs that differ from the default, such as `("retention.bytes", "16777216")`.
    pub configs: Vec<(String, String)>,
}

impl TopicSpec {
    /// A topic on one broker, with default configs.
    pub fn new(partitions: i32) -> Self {
        Self { partitions, replication: 1, configs: Vec::new() }
    }

    /// With so many replicas.
    pub fn replication(mut self, replicas: i16) -> Self {
        self.replication = replicas;
        self
    }

    /// With this config.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.configs.push((name.into(), value.into()));
        self
    }
}

#[derive(Debug, Default)]
pub(crate) struct Partition {
    /// `None`: no replica is on a live broker.
    pub(crate) leader: Option<i32>,
    pub(crate) epoch: i32,
    pub(crate) replicas: Vec<i32>,
    pub(crate) log: Log,
}

impl Partition {
    /// Gives the partition a new leader, or none.
    pub(crate) fn lead(&mut self, leader: Option<i32>) {
        if self.leader != leader {
            self.leader = leader;
            self.epoch += 1;
        }
    }
}

#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) id: Uuid,
    pub(crate) replication: usize,
    pub(crate) configs: BTreeMap<String, String>,
    pub(crate) partitions: Vec<Partition>,
}

impl Topic {
    pub(crate) fn config(&self, name: &str) -> &str {
        let default = || TOPIC.iter().find(|c| c.name == name).map_or("", |c| c.default);
        self.configs.get(name).map_or_else(default, String::as_str)
    }

    /// A config that is a size in bytes; `None` when it is negative, which means no limit.
    pub(crate) fn size(&self, name: &str) -> Option<usize> {
        self.config(name).parse().ok()
    }

    pub(crate) fn append_time(&self) -> bool {
        self.config("message.timestamp.type") == "LogAppendTime"
    }

    /// Evicts what `retention.bytes` does not keep, or compacts, as the policy says.
    pub(crate) fn retain(&mut self, partition: usize) {
        let policy = self.config("cleanup.policy");
        let (deletes, compacts) = (policy.contains("delete"), policy.contains("compact"));
        let limit = self.size("retention.bytes").filter(|_| deletes);
        let Some(partition) = self.partitions.get_mut(partition) else { return };
        if compacts {
            partition.log.compact(UNCOMPACTED);
        }
        if let Some(limit) = limit {
            partition.log.retain(limit);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.partitions.iter().map(|p| p.log.bytes()).sum()
    }
}

/// The rule of `org.apache.kafka.common.internals.Topic.validate`.
pub(crate) fn valid_name(name: &str) -> bool {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    letters && !matches!(name, "" | "." | "..") && name.len() <= LONGEST_NAME
}

/// The replicas of partition `p`: brokers in a ring, the topic's name says where it begins.
pub(crate) fn place(name: &str, p: usize, replication: usize, brokers: &[i32]) -> Vec<i32> {
    let begin = spread(name, brokers.len()) + p;
    (0..replication.min(brokers.len())).filter_map(|r| brokers.get((begin + r) % brokers.len()).copied()).collect()
}

/// One of `n` places for a name, the same in every run (FNV-1a). 0 when there is none.
pub(crate) fn spread(name: &str, n: usize) -> usize {
    hash(name).checked_rem(n as u64).map_or(0, |place| place as usize)
}

/// FNV-1a, 64 bits.
pub(crate) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
