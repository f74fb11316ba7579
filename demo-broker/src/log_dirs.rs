//! DescribeLogDirs: how many bytes this broker's replicas hold, in the one directory that is memory.

use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::state::State;
use crate::topic::Topic;
use kafka_protocol::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use kafka_protocol::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse, TopicName};
use std::collections::BTreeMap;

const DIRECTORY: &str = "/memory";

pub(crate) fn describe(state: &mut State, call: &Call, request: DescribeLogDirsRequest) -> DescribeLogDirsResponse {
    let result = DescribeLogDirsResult::default().with_log_dir(text(DIRECTORY));
    if let Err(code) = state.unforced(call, About::default()) {
        return DescribeLogDirsResponse::default().with_results(vec![result.with_error_code(code)]);
    }
    let asked: Option<BTreeMap<String, Vec<i32>>> =
        request.topics.map(|all| all.into_iter().map(|t| (t.topic.to_string(), t.partitions)).collect());
    let mut topics = Vec::new();
    for (name, topic) in &state.topics {
        let only = match &asked {
            None => None,
            Some(asked) => match asked.get(name) {
                None => continue,
                Some(partitions) => Some(partitions.as_slice()),
            },
        };
        let rows = partitions(topic, call.broker, only);
        topics.push(DescribeLogDirsTopic::default().with_name(TopicName(text(name))).with_partitions(rows));
    }
    let used = state.topics.values().map(Topic::bytes).sum();
    let [total, usable] = [state.memory, state.memory.saturating_sub(used)].map(|n| i64::try_from(n).unwrap_or(-1));
    let result = result.with_topics(topics).with_error_code(codes::NONE);
    DescribeLogDirsResponse::default().with_results(vec![result.with_total_bytes(total).with_usable_bytes(usable)])
}

fn partitions(topic: &Topic, broker: i32, only: Option<&[i32]>) -> Vec<DescribeLogDirsPartition> {
    let numbered = (0..).zip(&topic.partitions);
    let here = numbered.filter(|(i, p)| p.replicas.contains(&broker) && only.is_none_or(|only| only.contains(i)));
    here.map(|(index, partition)| {
        let bytes = i64::try_from(partition.log.bytes()).unwrap_or(i64::MAX);
        DescribeLogDirsPartition::default().with_partition_index(index).with_partition_size(bytes)
    })
    .collect()
}
