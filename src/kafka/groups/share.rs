//! Where share groups (KIP-932) stand: they commit nothing, and the broker keeps account record by record. It tells the
//! first offset that is not done with, and since Kafka 4.2 how many records are left (KIP-1226).
mod message;

use super::coordinators::{self, Answers, all_failed};
use crate::{
    group::{Group, GroupName},
    kafka::wire::{
        Cluster, Error, Result,
        error::{On, check_on},
    },
    topic::TopicName,
};
use message::{DescribeShareGroupOffsets, Partition, Topic};
use std::collections::HashMap;
use tokio::time::Instant;

/// One partition of a share group.
#[derive(Debug, Clone)]
pub struct Standing {
    pub topic: TopicName,
    pub partition: i32,
    /// The share-partition start offset (SPSO); `Ok(None)` before anything was delivered.
    pub start: Result<Option<i64>>,
    /// Records that wait; `None` where the broker does not tell.
    pub lag: Option<i64>,
}

/// Where each of these share groups stands; one that has no topics is an empty list.
pub async fn standings(cluster: &Cluster, groups: &[&Group], deadline: Instant) -> Answers<Vec<Standing>> {
    coordinators::ask(cluster, groups, deadline, async |broker, names: Vec<GroupName>| {
        let reply = match cluster.ask(broker, &DescribeShareGroupOffsets::of(&names), deadline).await {
            Ok(reply) => reply,
            Err(error) => return all_failed(names, &error),
        };
        let told: HashMap<&str, _> = reply.groups.iter().map(|told| (told.name.as_str(), told)).collect();
        let one = |name: &GroupName| match told.get(&**name) {
            None => Err(Error::left_out(attempt(name))),
            Some(told) => check_on(On::Group(name), told.error, told.text.as_deref(), || attempt(name))
                .map(|()| told.topics.iter().flat_map(|topic| of_topic(name, topic)).collect()),
        };
        names.iter().map(|name| (name.clone(), one(name))).collect()
    })
    .await
}

fn of_topic(group: &str, told: &Topic) -> Vec<Standing> {
    let topic: TopicName = told.name.as_str().into();
    told.partitions.iter().map(|partition| standing(group, &topic, partition)).collect()
}

fn standing(group: &str, topic: &TopicName, told: &Partition) -> Standing {
    let partition = told.id;
    let attempted = || format!("asking where share group {group} stands on partition {partition} of topic {topic}");
    let start = check_on(On::Topic(topic), told.error, told.text.as_deref(), attempted);
    let start = start.map(|()| Some(told.start).filter(|start| *start >= 0));
    Standing { topic: topic.clone(), partition, start, lag: Some(told.lag).filter(|lag| *lag >= 0) }
}

fn attempt(group: &str) -> String {
    format!("asking where share group {group} stands")
}
