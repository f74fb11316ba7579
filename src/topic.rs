//! Topics, partitions and brokers as every part of the program speaks of them: plain values, no protocol types.
//! What could not be learned is `None` or carries its failure; nothing here invents a number.
use crate::failure::Failure;
use std::sync::Arc;

/// A topic's name, shared because it stands in many places. At most 249 ASCII letters on a broker, but foreign all the same.
pub type TopicName = Arc<str>;

/// One topic as the cluster's metadata tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub name: TopicName,
    /// Kafka's own flag, or a name that begins with `__`.
    pub internal: bool,
    /// Ordered by partition number.
    pub partitions: Vec<Partition>,
    /// The broker refused to describe this topic; the others are unharmed.
    pub error: Option<Failure>,
}

/// One partition as the cluster's metadata tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    pub id: i32,
    /// `None` while the partition has no leader.
    pub leader: Option<i32>,
    pub leader_epoch: i32,
    pub replicas: Vec<i32>,
    pub in_sync: Vec<i32>,
    pub error: Option<Failure>,
}

impl Topic {
    /// Copies of each record: the largest number of replicas over its partitions.
    pub fn replication(&self) -> usize {
        self.partitions.iter().map(|p| p.replicas.len()).max().unwrap_or(0)
    }

    /// Partitions with fewer copies in sync than assigned.
    pub fn under_replicated(&self) -> usize {
        self.partitions.iter().filter(|p| p.in_sync.len() < p.replicas.len()).count()
    }
}

/// The offsets of one partition at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionOffsets {
    pub id: i32,
    /// Log start offset (ListOffsets −2).
    pub start: Result<i64, Failure>,
    /// High watermark (ListOffsets −1, read uncommitted).
    pub end: Result<i64, Failure>,
}

/// The offsets of one topic at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicOffsets {
    pub topic: TopicName,
    pub partitions: Vec<PartitionOffsets>,
}

impl TopicOffsets {
    /// Sum of end − start over the partitions that could be read, and how many could not.
    /// An upper bound of the records: markers and compacted offsets count too.
    pub fn records(&self) -> (i64, usize) {
        let known = self.partitions.iter().filter_map(|p| Some((p.end.as_ref().ok()? - p.start.as_ref().ok()?).max(0)));
        let (sum, n) = known.fold((0i64, 0), |(sum, n), records| (sum.saturating_add(records), n + 1));
        (sum, self.partitions.len() - n)
    }
}

/// One broker of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Broker {
    pub id: i32,
    /// The advertised address, `HOST:PORT`.
    pub address: String,
    pub rack: Option<String>,
}

/// One setting of a topic and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub name: String,
    /// `None` when the broker keeps it secret.
    pub value: Option<String>,
    /// Not the default of Kafka or of the broker.
    pub differs: bool,
}
