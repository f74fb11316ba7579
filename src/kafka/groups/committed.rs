//! What groups committed: many groups a request since Kafka 3.0 (KIP-709), one a group before.
use super::coordinators::{self, AT_ONCE, Answers, all_failed, text};
use crate::{
    group::{Group, GroupName, GroupState, GroupType},
    kafka::wire::{
        Cluster, Error, Result,
        error::{On, check_on},
    },
    topic::TopicName,
};
use futures_util::{StreamExt, stream};
use kafka_protocol::{
    messages::{
        OffsetFetchRequest, OffsetFetchResponse,
        offset_fetch_request::OffsetFetchRequestGroup,
        offset_fetch_response::{
            OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions,
        },
    },
    protocol::StrBytes,
};
use std::collections::HashMap;
use tokio::time::Instant;

/// The version of OffsetFetch that carries many groups.
const TOGETHER: i16 = 8;

/// One partition's commit.
#[derive(Debug, Clone)]
pub struct Commit {
    pub topic: TopicName,
    pub partition: i32,
    /// `Ok(None)`: the broker lists the partition without a commit (−1).
    pub offset: Result<Option<i64>>,
    /// The leader epoch of the record before it, where the consumer told it (KIP-320; OffsetFetch from version 5 on).
    pub epoch: Option<i32>,
    /// Free text of the consumer.
    pub metadata: String,
}

/// The commits of every group; none is an empty list.
pub async fn committed(cluster: &Cluster, groups: &[&Group], deadline: Instant) -> Answers<Vec<Commit>> {
    coordinators::ask(cluster, groups, deadline, async |broker, names: Vec<GroupName>| {
        match cluster.version::<OffsetFetchRequest>(broker).await {
            Err(error) => all_failed(names, &error),
            Ok(TOGETHER..) => together(cluster, broker, names, deadline).await,
            Ok(_) => {
                let one = async |name: GroupName| (alone(cluster, broker, &name).await, name);
                let asked: Vec<_> = stream::iter(names).map(one).buffer_unordered(AT_ONCE).collect().await;
                asked.into_iter().map(|(answer, name)| (name, answer)).collect()
            }
        }
    })
    .await
}

/// Can this broker tell the commits of many groups in one answer? One that cannot be reached says so later.
pub async fn asks_together(cluster: &Cluster, broker: i32) -> bool {
    cluster.version::<OffsetFetchRequest>(broker).await.map_or(true, |version| version >= TOGETHER)
}

/// The commits of one group of which nothing is known but its name; none is an empty list.
pub async fn commits(cluster: &Cluster, name: &GroupName) -> Result<Vec<Commit>> {
    let deadline = cluster.deadline();
    // Brokers are reached by what the snapshot says of them.
    cluster.metadata().await?;
    let coordinator = coordinators::of(cluster, name, deadline).await?;
    let group = Group {
        name: name.clone(),
        kind: GroupType::Unknown,
        state: GroupState::Unknown,
        protocol_type: String::new(),
        coordinator,
    };
    let mut answers = committed(cluster, &[&group], deadline).await;
    answers.remove(name).unwrap_or_else(|| Err(Error::left_out(attempt(name))))
}

async fn together(
    cluster: &Cluster,
    broker: i32,
    names: Vec<GroupName>,
    deadline: Instant,
) -> Vec<(GroupName, Result<Vec<Commit>>)> {
    let group =
        |name: &GroupName| OffsetFetchRequestGroup::default().with_group_id(text(name).into()).with_topics(None);
    let request = OffsetFetchRequest::default().with_groups(names.iter().map(group).collect());
    let reply = match cluster.ask(broker, &request, deadline).await {
        Ok(reply) => reply,
        Err(error) => return all_failed(names, &error),
    };
    let told: HashMap<&str, _> = reply.groups.iter().map(|told| (told.group_id.as_str(), told)).collect();
    let one =
        |name: &GroupName| told.get(&**name).map_or_else(|| Err(Error::left_out(attempt(name))), |told| of_group(told));
    names.iter().map(|name| (name.clone(), one(name))).collect()
}

fn of_group(told: &OffsetFetchResponseGroup) -> Result<Vec<Commit>> {
    check_on(On::Group(&told.group_id), told.error_code, None, || attempt(&told.group_id))?;
    let rows = told.topics.iter().flat_map(|topic| {
        let name: TopicName = topic.name.as_str().into();
        let row = |p: &OffsetFetchResponsePartitions| Told {
            partition: p.partition_index,
            offset: p.committed_offset,
            epoch: p.committed_leader_epoch,
            code: p.error_code,
            metadata: p.metadata.clone().unwrap_or_default(),
        };
        topic.partitions.iter().map(move |p| commit(&told.group_id, &name, row(p)))
    });
    Ok(rows.collect())
}

/// Waits for its turn first; the time to answer in begins after it.
async fn alone(cluster: &Cluster, broker: i32, group: &GroupName) -> Result<Vec<Commit>> {
    cluster.turn(broker).await;
    let deadline = cluster.deadline();
    let request = OffsetFetchRequest::default().with_group_id(text(group).into()).with_topics(None);
    let reply: OffsetFetchResponse = cluster.ask(broker, &request, deadline).await?;
    check_on(On::Group(group), reply.error_code, None, || attempt(group))?;
    let rows = reply.topics.iter().flat_map(|topic| {
        let name: TopicName = topic.name.as_str().into();
        let row = |p: &OffsetFetchResponsePartition| Told {
            partition: p.partition_index,
            offset: p.committed_offset,
            epoch: p.committed_leader_epoch,
            code: p.error_code,
            metadata: p.metadata.clone().unwrap_or_default(),
        };
        topic.partitions.iter().map(move |p| commit(group, &name, row(p)))
    });
    Ok(rows.collect())
}

/// One partition as both forms of the answer have it.
struct Told {
    partition: i32,
    offset: i64,
    epoch: i32,
    code: i16,
    metadata: StrBytes,
}

fn commit(group: &str, topic: &TopicName, told: Told) -> Commit {
    let Told { partition, offset, epoch, code, metadata } = told;
    let attempted = || format!("asking for the commit of group {group} on partition {partition} of topic {topic}");
    let offset = check_on(On::Topic(topic), code, None, attempted).map(|()| (offset >= 0).then_some(offset));
    let epoch = Some(epoch).filter(|epoch| *epoch >= 0);
    Commit { topic: topic.clone(), partition, offset, epoch, metadata: metadata.to_string() }
}

fn attempt(group: &str) -> String {
    format!("asking for the committed offsets of group {group}")
}
