//! Is it still the same topic? A name can be deleted and created again; its id tells (KIP-516, brokers from 2.8 on).
use crate::{
    failure::Failure,
    kafka::wire::{Cause, Cluster, Connection, Error, Result, error::check},
    topic::TopicName,
};
use kafka_protocol::{
    messages::{MetadataRequest, TopicName as WireName, metadata_request::MetadataRequestTopic},
    protocol::StrBytes,
};

/// The first version that leaves an unknown topic unknown; below, asking by name may create it.
const HARMLESS: i16 = 4;

/// What tells one topic from another of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// All zeros where the broker knows no ids.
    id: [u8; 16],
    /// Ordered.
    pub partitions: Vec<i32>,
}

impl Identity {
    pub fn is_another(&self, seen: &Self) -> bool {
        let known = self.id != [0; 16] && seen.id != [0; 16];
        known && self.id != seen.id
    }
}

/// Asks one broker about one topic.
pub async fn look(cluster: &Cluster, topic: &TopicName) -> std::result::Result<Identity, Failure> {
    let connection = cluster.any().await?;
    let version = connection.version::<MetadataRequest>()?;
    let seen = if version < HARMLESS { from_list(cluster, topic).await? } else { by_name(&connection, topic).await? };
    Ok(seen)
}

async fn by_name(connection: &Connection, topic: &TopicName) -> Result<Identity> {
    let name = WireName::from(StrBytes::from_string(topic.to_string()));
    let request = MetadataRequest::default()
        .with_topics(Some(vec![MetadataRequestTopic::default().with_name(Some(name))]))
        .with_allow_auto_topic_creation(false);
    let reply = connection.call(&request).await?;
    let told = reply.topics.into_iter().next().ok_or_else(|| gone(topic))?;
    check(told.error_code, None, || format!("looking at topic {topic}"))?;
    let mut partitions: Vec<_> = told.partitions.iter().map(|partition| partition.partition_index).collect();
    partitions.sort_unstable();
    partitions.dedup();
    Ok(Identity { id: told.topic_id.into_bytes(), partitions })
}

async fn from_list(cluster: &Cluster, topic: &TopicName) -> Result<Identity> {
    let metadata = cluster.refresh().await?;
    let told = metadata.topic(topic).ok_or_else(|| gone(topic))?;
    Ok(Identity { id: [0; 16], partitions: told.partitions.iter().map(|partition| partition.id).collect() })
}

fn gone(topic: &TopicName) -> Error {
    Error::new(format!("looking at topic {topic}"), Cause::Gone)
}
