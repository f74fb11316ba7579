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
            let about = About { topic: Some(&topic.name), partition: Some(index), group: Some(&request.group_id) };
            // As in `KafkaApis`: a partition that is not there is told as such, whoever commits.
            let outcome = known(state, call, about).and(allowed).and_then(|()| commit(state, about, p));
            let code = outcome.err().unwrap_or(codes::NONE);
            OffsetCommitResponsePartition::default().with_partition_index(index).with_error_code(code)
        });
        let rows = rows.collect();
        OffsetCommitResponseTopic::default().with_name(topic.name.clone()).with_partitions(rows)
    });
    OffsetCommitResponse::default().with_topics(topics.collect())
}

/// The rule of `ClassicGroup.validateOffsetCommit`: a simple consumer (generation -1) may commit while nobody is a member.
fn allowed(state: &mut State, call: &Call, request: &OffsetCommitRequest) -> Result<(), i16> {
    if request.group_id.is_empty() {
        return Err(codes::INVALID_GROUP_ID);
    }
    if state.coordinator(&request.group_id) != Some(call.broker) {
        return Err(codes::NOT_COORDINATOR);
    }
    let generation = request.generation_id_or_member_epoch;
    let group = state.group(&request.group_id).ok_or(codes::POLICY_VIOLATION)?;
    if generation < 0 && group.phase == Phase::Empty {
        return Ok(());
    }
    if !group.is_wanted() {
        return Err(codes::ILLEGAL_GENERATION);
    }
    group.hear(&request.member_id, generation, request.group_instance_id.as_ref(), Instant::now())?;
    if group.phase == Phase::CompletingRebalance { Err(codes::REBALANCE_IN_PROGRESS) } else { Ok(()) }
}

/// Whether the partition is there and no error is forced on it.
fn known(state: &mut State, call: &Call, about: About<'_>) -> Result<(), i16> {
    state.unforced(call, about)?;
    let found = state.partition(about.topic.unwrap_or_default(), about.partition.unwrap_or(-1));
    found.map(|_| ()).ok_or(codes::UNKNOWN_TOPIC_OR_PARTITION)
}

fn commit(state: &mut State, about: About<'_>, wanted: OffsetCommitRequestPartition) -> Result<(), i16> {
    let metadata = wanted.committed_metadata.unwrap_or_default();
    if metadata.len() > LONGEST_METADATA {
        return Err(OFFSET_METADATA_TOO_LARGE);
    }
    let metadata = StrBytes::from_string(metadata.to_string());
    let committed = Committed { offset: wanted.committed_offset, epoch: wanted.committed_leader_epoch, metadata };
    let group = state.groups.get_mut(about.group.unwrap_or_default()).ok_or(codes::UNKNOWN_MEMBER_ID)?;
    group.commit(about.topic.unwrap_or_default(), wanted.partition_index, committed);
    Ok(())
}

/// The rules of `ClassicGroup.validateOffsetDelete` and `isSubscribedToTopic`.
pub(crate) fn delete(state: &mut State, call: &Call, request: OffsetDeleteRequest) -> OffsetDeleteResponse {
    let answer = OffsetDeleteResponse::default();
    if let Err(code) = state.coordinated(call, &request.group_id) {
        return answer.with_error_code(code);
    }
    match state.groups.get(request.group_id.as_str()).filter(|g| g.exists()) {
        None => return answer.with_error_code(codes::GROUP_ID_NOT_FOUND),
        Some(group) if group.holds_all() => return answer.with_error_code(codes::NON_EMPTY_GROUP),
        Some(_) => {}
    }
    let topics = request.topics.into_iter().map(|topic| {
        let rows = topic.partitions.iter().map(|p| {
            let about =
                About { topic: Some(&topic.name), partition: Some(p.partition_index), group: Some(&request.group_id) };
            let code = known(state, call, about).and_then(|()| delete_one(state, about)).err();
            let row = OffsetDeleteResponsePartition::default().with_partition_index(p.partition_index);
            row.with_error_code(code.unwrap_or(codes::NONE))
        });
        let rows = rows.collect();
        OffsetDeleteResponseTopic::default().with_name(topic.name.clone()).with_partitions(rows)
    });
    answer.with_topics(topics.collect())
}

fn delete_one(state: &mut State, about: About<'_>) -> Result<(), i16> {
    let topic = about.topic.unwrap_or_default();
    let group = state.groups.get_mut(about.group.unwrap_or_default()).ok_or(codes::GROUP_ID_NOT_FOUND)?;
    if group.subscribes_to(topic) {
        return Err(codes::GROUP_SUBSCRIBED_TO_TOPIC);
    }
    group.forget(topic, about.partition.unwrap_or(-1));
    Ok(())
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

    /// Members whose subscriptions the broker cannot read hold every topic.
    fn holds_all(&self) -> bool {
        !self.members.is_empty() && self.protocol_type != *"consumer"
    }

    fn subscribes_to(&self, topic: &str) -> bool {
        let mut subscriptions = self.members.values().map(|m| m.metadata(&self.protocol));
        subscriptions.any(|s| names(s, topic).unwrap_or(true))
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
