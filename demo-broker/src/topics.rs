//! DescribeTopicPartitions (KIP-966): the partitions of topics by name, a page at a time.

use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::metadata::{self, NO_OPERATIONS};
use crate::state::State;
use crate::topic::Partition;
use kafka_protocol::messages::describe_topic_partitions_response::{
    Cursor, DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use kafka_protocol::messages::{BrokerId, DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, TopicName};
use std::collections::BTreeSet;

/// Partitions of one page (`max.request.partition.size.limit`).
const PAGE: usize = 2_000;

pub(crate) fn describe(
    state: &mut State,
    call: &Call,
    request: DescribeTopicPartitionsRequest,
) -> DescribeTopicPartitionsResponse {
    let asked: BTreeSet<String> = match request.topics.is_empty() {
        true => state.topics.keys().cloned().collect(),
        false => request.topics.iter().map(|t| t.name.to_string()).collect(),
    };
    let begin = request.cursor.map(|c| (c.topic_name.to_string(), usize::try_from(c.partition_index).unwrap_or(0)));
    let mut left = usize::try_from(request.response_partition_limit).unwrap_or(0).clamp(1, PAGE);
    let (mut topics, mut next) = (Vec::new(), None);
    for name in asked.into_iter().filter(|name| begin.as_ref().is_none_or(|(first, _)| name >= first)) {
        let skip = begin.as_ref().filter(|(first, _)| *first == name).map_or(0, |(_, partition)| *partition);
        if left == 0 {
            next = Some(cursor(&name, 0));
            break;
        }
        let (topic, more) = one(state, call, &name, skip, left);
        left -= topic.partitions.len().min(left);
        topics.push(topic);
        if let Some(partition) = more {
            next = Some(cursor(&name, partition));
            break;
        }
    }
    DescribeTopicPartitionsResponse::default().with_topics(topics).with_next_cursor(next)
}

fn cursor(topic: &str, partition: usize) -> Cursor {
    let partition = i32::try_from(partition).unwrap_or(i32::MAX);
    Cursor::default().with_topic_name(TopicName(text(topic))).with_partition_index(partition)
}

/// The topic's partitions from `skip` on, at most `left`; and where to go on, when there are more.
fn one(
    state: &mut State,
    call: &Call,
    name: &str,
    skip: usize,
    left: usize,
) -> (DescribeTopicPartitionsResponseTopic, Option<usize>) {
    let row = DescribeTopicPartitionsResponseTopic::default()
        .with_name(Some(TopicName(text(name))))
        .with_topic_authorized_operations(NO_OPERATIONS);
    let forced = state.unforced(call, About { topic: Some(name), ..About::default() });
    let topic = match forced.and_then(|()| state.topics.get(name).ok_or(codes::UNKNOWN_TOPIC_OR_PARTITION)) {
        Err(code) => return (row.with_error_code(code), None),
        Ok(topic) => topic,
    };
    let page = topic.partitions.iter().enumerate().skip(skip).take(left).map(|(i, p)| partition(state, i, p));
    let more = (topic.partitions.len() > skip + left).then_some(skip + left);
    (row.with_topic_id(topic.id).with_is_internal(name.starts_with("__")).with_partitions(page.collect()), more)
}

fn partition(state: &State, index: usize, partition: &Partition) -> DescribeTopicPartitionsResponsePartition {
    let (live, dead) = metadata::replicas(state, partition);
    DescribeTopicPartitionsResponsePartition::default()
        .with_error_code(if partition.leader.is_none() { codes::LEADER_NOT_AVAILABLE } else { codes::NONE })
        .with_partition_index(i32::try_from(index).unwrap_or(i32::MAX))
        .with_leader_id(BrokerId(partition.leader.unwrap_or(-1)))
        .with_leader_epoch(partition.epoch)
        .with_replica_nodes(partition.replicas.iter().copied().map(BrokerId).collect())
        .with_isr_nodes(live)
        .with_offline_replicas(dead)
        // Null would be allowed, but Java's AdminClient falls over it.
        .with_eligible_leader_replicas(Some(Vec::new()))
        .with_last_known_elr(Some(Vec::new()))
}
