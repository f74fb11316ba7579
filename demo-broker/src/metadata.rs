//! Metadata and DescribeCluster: who is alive, who leads what. Asking creates a topic only where that is switched on.

use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::state::State;
use crate::topic::{self, Partition, Topic, TopicSpec};
use kafka_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::{
    BrokerId, DescribeClusterRequest, DescribeClusterResponse, MetadataRequest, MetadataResponse, TopicName,
};

/// "Not asked": authorized operations that were not computed.
pub(crate) const NO_OPERATIONS: i32 = i32::MIN;
/// Below this version the request cannot say whether it may create topics, and may (KIP-361).
const SAYS_CREATE: i16 = 4;

pub(crate) fn answer(state: &mut State, call: &Call, request: MetadataRequest) -> MetadataResponse {
    let may_create = call.version < SAYS_CREATE || request.allow_auto_topic_creation;
    let all = request.topics.is_none() || call.version == 0 && request.topics.as_ref().is_some_and(Vec::is_empty);
    let rows = if all {
        let names: Vec<String> = state.topics.keys().cloned().collect();
        names.iter().map(|name| named(state, call, name, false)).collect()
    } else {
        request.topics.into_iter().flatten().map(|wanted| one(state, call, wanted, may_create)).collect()
    };
    let brokers = state.live_brokers().map(|(id, address)| {
        let host = text(address.ip().to_string());
        MetadataResponseBroker::default().with_node_id(BrokerId(id)).with_host(host).with_port(address.port().into())
    });
    MetadataResponse::default()
        .with_brokers(brokers.collect())
        .with_cluster_id(Some(text(&state.cluster_id)))
        .with_controller_id(controller(state))
        .with_topics(rows)
        .with_cluster_authorized_operations(NO_OPERATIONS)
}

/// Any live broker takes what is meant for the controller, as with KRaft.
fn controller(state: &State) -> BrokerId {
    BrokerId(state.live_brokers().next().map_or(-1, |(id, _)| id))
}

fn one(state: &mut State, call: &Call, wanted: MetadataRequestTopic, may_create: bool) -> MetadataResponseTopic {
    let name = match wanted.name {
        Some(name) => name.to_string(),
        None => match state.name_of(wanted.topic_id) {
            Some(name) => name.to_owned(),
            None => {
                let row = MetadataResponseTopic::default().with_topic_id(wanted.topic_id).with_name(None);
                return row.with_error_code(codes::UNKNOWN_TOPIC_ID).with_topic_authorized_operations(NO_OPERATIONS);
            }
        },
    };
    named(state, call, &name, may_create)
}

fn named(state: &mut State, call: &Call, name: &str, may_create: bool) -> MetadataResponseTopic {
    let row = MetadataResponseTopic::default()
        .with_name(Some(TopicName(text(name))))
        .with_topic_authorized_operations(NO_OPERATIONS);
    if let Err(code) = state.unforced(call, About { topic: Some(name), ..About::default() }) {
        return row.with_error_code(code);
    }
    if !topic::valid_name(name) {
        return row.with_error_code(codes::INVALID_TOPIC);
    }
    if may_create && state.auto_create && !state.topics.contains_key(name) {
        // A refusal shows as an unknown topic below.
        let _ = state.create_topic(name, &TopicSpec::new(1));
    }
    match state.topics.get(name) {
        None => row.with_error_code(codes::UNKNOWN_TOPIC_OR_PARTITION),
        Some(topic) => row
            .with_topic_id(topic.id)
            .with_is_internal(name.starts_with("__"))
            .with_partitions(partitions(state, topic)),
    }
}

fn partitions(state: &State, topic: &Topic) -> Vec<MetadataResponsePartition> {
    let row = |(index, partition): (usize, &Partition)| {
        let (live, dead) = replicas(state, partition);
        let all = partition.replicas.iter().copied().map(BrokerId);
        MetadataResponsePartition::default()
            .with_error_code(if partition.leader.is_none() { codes::LEADER_NOT_AVAILABLE } else { codes::NONE })
            .with_partition_index(i32::try_from(index).unwrap_or(i32::MAX))
            .with_leader_id(BrokerId(partition.leader.unwrap_or(-1)))
            .with_leader_epoch(partition.epoch)
            .with_replica_nodes(all.collect())
            .with_isr_nodes(live)
            .with_offline_replicas(dead)
    };
    topic.partitions.iter().enumerate().map(row).collect()
}

/// Replicas on live brokers, and the others.
pub(crate) fn replicas(state: &State, partition: &Partition) -> (Vec<BrokerId>, Vec<BrokerId>) {
    partition.replicas.iter().copied().map(BrokerId).partition(|id| state.is_live(id.0))
}

pub(crate) fn describe_cluster(state: &mut State, call: &Call, _: DescribeClusterRequest) -> DescribeClusterResponse {
    let brokers = state.live_brokers().map(|(id, address)| {
        let host = text(address.ip().to_string());
        DescribeClusterBroker::default().with_broker_id(BrokerId(id)).with_host(host).with_port(address.port().into())
    });
    let answer = DescribeClusterResponse::default()
        .with_brokers(brokers.collect())
        .with_cluster_id(text(&state.cluster_id))
        .with_controller_id(controller(state))
        .with_cluster_authorized_operations(NO_OPERATIONS);
    answer.with_error_code(state.unforced(call, About::default()).err().unwrap_or(codes::NONE))
}
