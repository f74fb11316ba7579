//! Is it still the same topic? A name can be deleted and created again; its id tells (KIP-516, brokers from 2.8 on).
use crate::{
    failure::Failure,
    kafka::wire::{Cause, Cluster, Error, error::check},
    topic::TopicName,
};
use kafka_protocol::{
    messages::{
        MetadataRequest, TopicName as WireName, metadata_request::MetadataRequestTopic,
        metadata_response::MetadataResponseTopic,
    },
    protocol::StrBytes,
};
use std::collections::BTreeSet;

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
    /// With no other partitions than these.
    pub fn only(mut self, these: Option<&BTreeSet<i32>>) -> Self {
        self.partitions.retain(|id| these.is_none_or(|these| these.contains(id)));
        self
    }

    pub fn is_another(&self, seen: &Self) -> bool {
        let known = self.id != [0; 16] && seen.id != [0; 16];
        known && self.id != seen.id
    }
}

/// Asks whichever broker answers about one topic.
pub async fn look(cluster: &Cluster, topic: &TopicName) -> Result<Identity, Failure> {
    let reply = cluster.ask_any(cluster.deadline(), |version| question(topic, version)).await?;
    let named = |told: &MetadataResponseTopic| told.name.as_ref().is_some_and(|name| *name.0 == **topic);
    let told = reply.topics.into_iter().find(named).ok_or_else(|| gone(topic))?;
    check(told.error_code, None, || format!("looking at topic {topic}"))?;
    let mut partitions: Vec<_> = told.partitions.iter().map(|partition| partition.partition_index).collect();
    partitions.sort_unstable();
    partitions.dedup();
    Ok(Identity { id: told.topic_id.into_bytes(), partitions })
}

/// Old brokers are asked for all topics.
fn question(topic: &TopicName, version: i16) -> MetadataRequest {
    if version < HARMLESS {
        return MetadataRequest::default().with_topics(None);
    }
    let name = WireName::from(StrBytes::from_string(topic.to_string()));
    MetadataRequest::default()
        .with_topics(Some(vec![MetadataRequestTopic::default().with_name(Some(name))]))
        .with_allow_auto_topic_creation(false)
}

fn gone(topic: &TopicName) -> Error {
    Error::new(format!("looking at topic {topic}"), Cause::Gone)
}
