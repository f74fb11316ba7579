//! Is it still the same topic? A name can be deleted and created again; its id tells (KIP-516, brokers from 2.8 on).
use super::{Following, Go, begin::ask};
use crate::{
    bus::Event,
    failure::Failure,
    kafka::{
        fetch::bounds,
        wire::{Cause, Cluster, Error, error::check},
    },
    place::Where,
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
use tokio::{task::JoinSet, time::timeout};

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

impl Following {
    /// New partitions are read from their start; another topic by the same name is read anew.
    pub async fn seen(&mut self, seen: Identity) -> Go<bool> {
        let seen = seen.only(self.reading.only.as_ref());
        if self.identity.is_another(&seen) {
            self.begin_anew(seen).await?;
            return Ok(true);
        }
        for id in &seen.partitions {
            if !self.next.contains_key(id) && !self.homeless.contains_key(id) {
                self.homeless.insert(*id, Where::Start);
            }
        }
        self.suspect = false;
        self.identity = seen;
        Ok(false)
    }

    /// Looks now, before records of another topic are taken for those of this one.
    pub async fn is_another(&mut self) -> Go<bool> {
        self.suspect = false;
        match timeout(bounds::LATE, look(&self.cluster, &self.reading.topic)).await {
            Ok(Ok(seen)) => self.seen(seen).await,
            // The next look at the topic will tell.
            Ok(Err(_)) | Err(_) => Ok(false),
        }
    }

    async fn begin_anew(&mut self, seen: Identity) -> Go {
        self.homeless = seen.partitions.iter().map(|id| (*id, Where::Start)).collect();
        self.next.clear();
        self.ends.clear();
        self.failing.clear();
        // What was asked of the topic before would be taken for an answer of this one.
        self.questions = JoinSet::new();
        self.suspect = false;
        let partitions = seen.partitions.clone();
        self.identity = seen;
        self.say(Event::TopicRecreated { generation: self.generation, partitions }).await?;
        let wanted: Vec<_> = self.homeless.clone().into_iter().collect();
        let begins = ask(&self.cluster, &self.reading, &wanted).await;
        self.settle(begins, None).await
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
