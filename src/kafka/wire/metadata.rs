//! The cluster as one Metadata answer told it: brokers and topics in plain values, and who leads what.
use super::{Address, error::check};
use crate::topic::{Broker, Partition, Topic, TopicName};
use jiff::Timestamp;
use kafka_protocol::{
    error::ResponseError,
    messages::{
        BrokerId, MetadataResponse,
        metadata_response::{MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic},
    },
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::time::Instant;

/// Old brokers say so of partitions that lack a replica; clients are told to ignore it (Kafka's `MetadataResponse`).
const REPLICA_NOT_AVAILABLE: i16 = ResponseError::ReplicaNotAvailable.code();

/// An unchanging snapshot. Ask for a new one when something moved.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// Ordered by id.
    pub brokers: Vec<Broker>,
    /// Ordered by name.
    pub topics: Arc<[Topic]>,
    pub at: Timestamp,
    /// When it was asked for, on the clock that never jumps: it is at least as new.
    pub read: Instant,
    pub(super) addresses: BTreeMap<i32, Address>,
}

impl Metadata {
    /// `asked`: when the question was sent; the snapshot is at least as new.
    pub(in crate::kafka) fn of(reply: MetadataResponse, asked: Instant) -> Self {
        let mut topics: Vec<_> = reply.topics.into_iter().filter_map(topic).collect();
        topics.sort_by(|a, b| a.name.cmp(&b.name));
        let addresses: BTreeMap<_, _> = reply.brokers.iter().map(|told| (told.node_id.0, address(told))).collect();
        let mut brokers: Vec<_> = reply.brokers.into_iter().map(broker).collect();
        brokers.sort_by_key(|broker| broker.id);
        Self { brokers, topics: topics.into(), at: Timestamp::now(), read: asked, addresses }
    }

    pub fn topic(&self, name: &str) -> Option<&Topic> {
        let at = self.topics.binary_search_by(|topic| topic.name.as_ref().cmp(name)).ok()?;
        self.topics.get(at)
    }

    /// `None` when the partition does not exist; its leader may be missing all the same.
    pub fn partition(&self, topic: &str, id: i32) -> Option<&Partition> {
        let partitions = &self.topic(topic)?.partitions;
        let at = partitions.binary_search_by_key(&id, |partition| partition.id).ok()?;
        partitions.get(at)
    }

    pub fn broker_ids(&self) -> Vec<i32> {
        self.brokers.iter().map(|broker| broker.id).collect()
    }
}

fn address(told: &MetadataResponseBroker) -> Address {
    Address { host: told.host.to_string(), port: u16::try_from(told.port).unwrap_or(0) }
}

fn broker(told: MetadataResponseBroker) -> Broker {
    let address = address(&told).to_string();
    Broker { id: told.node_id.0, address, rack: told.rack.map(|rack| rack.to_string()) }
}

fn topic(told: MetadataResponseTopic) -> Option<Topic> {
    let name: TopicName = told.name?.0.as_str().into();
    let attempted = || format!("describing topic {name}");
    let error = check(told.error_code, None, attempted).err().map(Into::into);
    let mut partitions: Vec<_> = told.partitions.into_iter().map(|p| partition(&name, p)).collect();
    partitions.sort_by_key(|partition| partition.id);
    partitions.dedup_by_key(|partition| partition.id);
    Some(Topic { internal: told.is_internal || name.starts_with("__"), partitions, error, name })
}

fn partition(topic: &str, told: MetadataResponsePartition) -> Partition {
    let id = told.partition_index;
    let attempted = || format!("describing partition {id} of topic {topic}");
    let code = if told.error_code == REPLICA_NOT_AVAILABLE { 0 } else { told.error_code };
    let ids = |brokers: Vec<BrokerId>| brokers.into_iter().map(|b| b.0).collect();
    Partition {
        id,
        leader: (told.leader_id.0 >= 0).then_some(told.leader_id.0),
        leader_epoch: told.leader_epoch,
        replicas: ids(told.replica_nodes),
        in_sync: ids(told.isr_nodes),
        error: check(code, None, attempted).err().map(Into::into),
    }
}
