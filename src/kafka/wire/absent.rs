//! Topics that the snapshot lacks: gone, or hidden because nobody gave us the right to see them. A list of all topics leaves
//! both out; asked for by name, a broker tells them apart.
use super::{
    Cluster,
    error::{On, Result, check_on},
};
use crate::topic::TopicName;
use kafka_protocol::{
    error::ResponseError,
    messages::{MetadataRequest, metadata_request::MetadataRequestTopic},
    protocol::StrBytes,
};
use std::collections::{BTreeMap, BTreeSet};
use tokio::time::{Duration, Instant};

/// Below this a question by name may create the topic (KIP-361).
const ASKS_ONLY: i16 = 4;
const HIDDEN: i16 = ResponseError::TopicAuthorizationFailed.code();
/// Rights and topics change seldom; rounds come every two seconds.
const KEPT: Duration = Duration::from_secs(30);

/// Names that were asked about, and which of them are hidden.
#[derive(Debug, Default)]
pub(super) struct Absent(BTreeMap<TopicName, (Instant, bool)>);

impl Cluster {
    /// Which of these are hidden from us; those who ask at the same time share one request. Nothing where nobody can tell.
    pub async fn hidden(&self, names: BTreeSet<TopicName>) -> BTreeSet<TopicName> {
        if names.is_empty() {
            return names;
        }
        let mut absent = self.absent.lock().await;
        absent.0.retain(|_, (at, _)| at.elapsed() < KEPT);
        let due: Vec<&TopicName> = names.iter().filter(|name| !absent.0.contains_key(*name)).collect();
        if !due.is_empty()
            && let Ok(told) = self.told_hidden(&due).await
        {
            absent.0.extend(due.into_iter().map(|name| (name.clone(), (Instant::now(), told.contains(&**name)))));
        }
        let hidden = |name: &TopicName| absent.0.get(name).is_some_and(|(_, hidden)| *hidden);
        names.into_iter().filter(hidden).collect()
    }

    async fn told_hidden(&self, names: &[&TopicName]) -> Result<BTreeSet<String>> {
        if self.any().await?.version::<MetadataRequest>()? < ASKS_ONLY {
            return Ok(BTreeSet::new());
        }
        let reply = self.ask_any(self.deadline(), |version| by_name(names, version)).await?;
        let hidden = reply.topics.into_iter().filter(|topic| topic.error_code == HIDDEN);
        Ok(hidden.filter_map(|topic| Some(topic.name?.to_string())).collect())
    }
}

/// Another broker than the one that was looked at may answer; an older one is asked for nothing.
fn by_name(names: &[&TopicName], version: i16) -> MetadataRequest {
    let topic = |name: &&TopicName| {
        MetadataRequestTopic::default().with_name(Some(StrBytes::from_string(name.to_string()).into()))
    };
    match version < ASKS_ONLY {
        true => MetadataRequest::default().with_topics(Some(vec![])),
        false => MetadataRequest::default()
            .with_topics(Some(names.iter().map(topic).collect()))
            .with_allow_auto_topic_creation(false),
    }
}

/// Why nothing about a hidden topic can be read.
pub fn hidden(topic: &TopicName, attempted: impl FnOnce() -> String) -> Result<()> {
    check_on(On::Topic(topic), HIDDEN, None, attempted)
}
