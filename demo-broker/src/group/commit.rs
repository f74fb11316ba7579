//! OffsetCommit and OffsetDelete. As in Kafka nobody checks the number that is committed.

use super::{Committed, Group, Phase};
use crate::call::Call;
use crate::codes;
use crate::force::About;
use crate::state::State;
use bytes::{Buf, Bytes};
use kafka_protocol::messages::offset_commit_request::OffsetCommitRequestPartition;
use kafka_protocol::messages::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use kafka_protocol::messages::offset_delete_response::{OffsetDeleteResponsePartition, OffsetDeleteResponseTopic};
use kafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse};
use kafka_protocol::protocol::StrBytes;
use tokio::time::Instant;

/// `offset.metadata.max.bytes`.
const LONGEST_METADATA: usize = 4_096;
const OFFSET_METADATA_TOO_LARGE: i16 = 12;

pub(crate) fn answer(state: &mut State, call: &Call, request: OffsetCommitRequest) -> OffsetCommitResponse {
    let allowed = allowed(state, call, &request);
    let topics = request.topics.into_iter().map(|topic| {
        let rows = topic.partitions.into_iter().map(|p| {
            let index = p.partition_index;
            let outcome = allowed.and_then(|()| commit(state, call, &request.group_id, &topic.name, p));
            let code = outcome.err().unwrap_or(codes::NONE);
            OffsetCommitResponsePartition::default().with_partition_index(index).with_error_code(code)
        });
        let rows = rows.collect();
        OffsetCommitResponseTopic::default().with_name(topic.name).with_partitions(rows)
    });
    OffsetCommitResponse::default().with_topics(topics.collect())
}

/// The rule of `ClassicGroup.validateOffsetCommit`.
fn allowed(state: &mut State, call: &Call, request: &OffsetCommitRequest) -> Result<(), i16> {
    if request.group_id.is_empty() {
        return Err(codes::INVALID_GROUP_ID);
    }
    if state.coordinator(&request.group_id) != Some(call.broker) {
        return Err(codes::NOT_COORDINATOR);
    }
    let group = state.group(&request.group_id).ok_or(codes::POLICY_VIOLATION)?;
    let generation = request.generation_id_or_member_epoch;
    if generation < 0 && group.phase == Phase::Empty {
        return Ok(());
    }
    group.hear(&request.member_id, generation, request.group_instance_id.as_ref(), Instant::now())?;
    if group.phase == Phase::CompletingRebalance { Err(codes::REBALANCE_IN_PROGRESS) } else { Ok(()) }
}

fn commit(
    state: &mut State,
    call: &Call,
    group: &str,
    topic: &str,
    wanted: OffsetCommitRequestPartition,
) -> Result<(), i16> {
    let partition = wanted.partition_index;
    state.unforced(call, About { topic: Some(topic), partition: Some(partition), group: Some(group) })?;
    if state.partition(topic, partition).is_none() {
        return Err(codes::UNKNOWN_TOPIC_OR_PARTITION);
    }
    let metadata = wanted.committed_metadata.unwrap_or_default();
    if metadata.len() > LONGEST_METADATA {
        return Err(OFFSET_METADATA_TOO_LARGE);
    }
    let metadata = StrBytes::from_string(metadata.to_string());
    let committed = Committed { offset: wanted.committed_offset, epoch: wanted.committed_leader_epoch, metadata };
    let group = state.groups.get_mut(group).ok_or(codes::UNKNOWN_MEMBER_ID)?;
    group.commit(topic, partition, committed);
    Ok(())
}

pub(crate) fn delete(state: &mut State, call: &Call, request: OffsetDeleteRequest) -> OffsetDeleteResponse {
    if let Err(code) = state.coordinated(call, &request.group_id) {
        return OffsetDeleteResponse::default().with_error_code(code);
    }
    let Some(group) = state.groups.get_mut(request.group_id.as_str()).filter(|g| g.exists()) else {
        return OffsetDeleteResponse::default().with_error_code(codes::GROUP_ID_NOT_FOUND);
    };
    let topics = request.topics.into_iter().map(|topic| {
        let subscribed = group.subscribes_to(&topic.name);
        let rows = topic.partitions.iter().map(|p| {
            if !subscribed {
                group.forget(&topic.name, p.partition_index);
            }
            let code = if subscribed { codes::GROUP_SUBSCRIBED_TO_TOPIC } else { codes::NONE };
            OffsetDeleteResponsePartition::default().with_partition_index(p.partition_index).with_error_code(code)
        });
        let rows = rows.collect();
        OffsetDeleteResponseTopic::default().with_name(topic.name).with_partitions(rows)
    });
    OffsetDeleteResponse::default().with_topics(topics.collect())
}

impl Group {
    fn forget(&mut self, topic: &str, partition: i32) {
        if let Some(partitions) = self.offsets.get_mut(topic) {
            partitions.remove(&partition);
            if partitions.is_empty() {
                self.offsets.remove(topic);
            }
        }
    }

    fn subscribes_to(&self, topic: &str) -> bool {
        let subscriptions = self.members.values().map(|m| m.metadata(&self.protocol));
        self.protocol_type == *"consumer" && subscriptions.into_iter().any(|s| names(s, topic).unwrap_or(true))
    }
}

/// Whether a consumer's subscription (`ConsumerProtocolSubscription`: version, topics …) names the topic; `None` when it
/// cannot be read.
fn names(mut subscription: Bytes, topic: &str) -> Option<bool> {
    subscription.try_get_i16().ok()?;
    let count = subscription.try_get_i32().ok()?;
    for _ in 0..count {
        let length = usize::try_from(subscription.try_get_i16().ok()?).ok()?;
        if length > subscription.len() {
            return None;
        }
        if subscription.split_to(length) == topic.as_bytes() {
            return Some(true);
        }
    }
    Some(false)
}
