//! What can be known before anything is sent: librdkafka would wait for its whole timeout and then say less.
use super::Unsent;
use crate::{
    bus::Draft,
    failure::Failure,
    kafka::{fetch::request::Fetch, wire::Cluster},
    topic::Topic,
};

/// The first version of Fetch that came with headers (Kafka 0.11).
const HEADERS_SINCE: i16 = 4;

/// Does the topic exist, and the partition; can the brokers keep headers? A cluster that does not answer is left to
/// the producer, which keeps trying until its timeout.
pub async fn check(cluster: &Cluster, topic: &str, draft: &Draft) -> Result<(), Unsent> {
    let Ok(mut metadata) = cluster.metadata().await else { return Ok(()) };
    if missing(metadata.topic(topic), draft).is_some() {
        let Ok(fresh) = cluster.refresh().await else { return Ok(()) };
        metadata = fresh;
    }
    if let Some((answered, advice)) = missing(metadata.topic(topic), draft) {
        return Err(refused(topic, answered, advice));
    }
    if !draft.headers.is_empty() && is_too_old(cluster).await {
        let answered = "these brokers are from before Kafka 0.11 and would drop its headers without a word";
        return Err(refused(topic, answered.into(), "send it without headers"));
    }
    Ok(())
}

fn missing(topic: Option<&Topic>, draft: &Draft) -> Option<(String, &'static str)> {
    let Some(topic) = topic else {
        return Some(("the topic does not exist".into(), "create it first: sending never creates a topic"));
    };
    let wanted = draft.partition?;
    let known = topic.partitions.iter().any(|partition| partition.id == wanted);
    let count = topic.partitions.len();
    (!known).then(|| (format!("there is no partition {wanted}"), "")).map(|(answered, advice)| {
        let highest = count.saturating_sub(1);
        (format!("{answered}: the topic has {count}, 0 to {highest}"), advice)
    })
}

async fn is_too_old(cluster: &Cluster) -> bool {
    let Ok(connection) = cluster.any().await else { return false };
    connection.versions().range::<Fetch>().is_some_and(|(_, highest)| highest < HEADERS_SINCE)
}

fn refused(topic: &str, answered: String, advice: &str) -> Unsent {
    Unsent { failure: Failure::new(format!("sending a record to {topic}"), answered, advice), maybe_written: false }
}
