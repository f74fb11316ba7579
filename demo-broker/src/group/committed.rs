//! OffsetFetch: what groups committed, for one group in old versions and for many in new ones.

use super::{Committed, Group};
use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::state::State;
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartition, OffsetFetchResponsePartitions, OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{GroupId, OffsetFetchRequest, OffsetFetchResponse, TopicName};
use std::collections::BTreeMap;

/// From this version on a request asks for many groups (KIP-709).
const BATCHED: i16 = 8;
/// From this version on an error of the whole group has a place; before, it is on every row.
const WITH_ERROR: i16 = 2;

/// Topic, then partition: the commit, or nothing, or Kafka's error code.
type Rows = Vec<(String, Vec<(i32, Result<Option<Committed>, i16>)>)>;
/// Topics and partitions asked for; `None` is all.
type Asked = Option<Vec<(String, Vec<i32>)>>;

pub(crate) fn answer(state: &mut State, call: &Call, request: OffsetFetchRequest) -> OffsetFetchResponse {
    if call.version >= BATCHED {
        let groups = request.groups.into_iter().map(|wanted| batched(state, call, wanted));
        return OffsetFetchResponse::default().with_groups(groups.collect());
    }
    let asked: Asked =
        request.topics.map(|all| all.into_iter().map(|t| (t.name.to_string(), t.partition_indexes)).collect());
    single(state, call, request.group_id, asked)
}

fn batched(state: &mut State, call: &Call, wanted: OffsetFetchRequestGroup) -> OffsetFetchResponseGroup {
    let asked: Asked =
        wanted.topics.map(|all| all.into_iter().map(|t| (t.name.to_string(), t.partition_indexes)).collect());
    let answer = OffsetFetchResponseGroup::default().with_group_id(wanted.group_id.clone());
    let topics = match rows(state, call, &wanted.group_id, asked) {
        Err(code) => return answer.with_error_code(code),
        Ok(rows) => rows.into_iter().map(|(topic, rows)| {
            let rows = rows.into_iter().map(|(index, found)| {
                let (code, committed) = split(found);
                OffsetFetchResponsePartitions::default()
                    .with_partition_index(index)
                    .with_error_code(code)
                    .with_committed_offset(committed.offset)
                    .with_committed_leader_epoch(committed.epoch)
                    .with_metadata(Some(committed.metadata))
            });
            OffsetFetchResponseTopics::default().with_name(TopicName(text(topic))).with_partitions(rows.collect())
        }),
    };
    answer.with_topics(topics.collect())
}

fn single(state: &mut State, call: &Call, group: GroupId, asked: Asked) -> OffsetFetchResponse {
    let rows = match rows(state, call, &group, asked.clone()) {
        Ok(rows) => rows,
        Err(code) if call.version >= WITH_ERROR => return OffsetFetchResponse::default().with_error_code(code),
        Err(code) => {
            let failed = |(topic, partitions): (String, Vec<i32>)| {
                (topic, partitions.into_iter().map(|p| (p, Err(code))).collect())
            };
            asked.into_iter().flatten().map(failed).collect()
        }
    };
    let topics = rows.into_iter().map(|(topic, rows)| {
        let rows = rows.into_iter().map(|(index, found)| {
            let (code, committed) = split(found);
            OffsetFetchResponsePartition::default()
                .with_partition_index(index)
                .with_error_code(code)
                .with_committed_offset(committed.offset)
                .with_committed_leader_epoch(committed.epoch)
                .with_metadata(Some(committed.metadata))
        });
        OffsetFetchResponseTopic::default().with_name(TopicName(text(topic))).with_partitions(rows.collect())
    });
    OffsetFetchResponse::default().with_topics(topics.collect())
}

/// −1 means that nothing was committed.
fn split(found: Result<Option<Committed>, i16>) -> (i16, Committed) {
    let none = || Committed { offset: -1, epoch: -1, metadata: text("") };
    match found {
        Ok(committed) => (codes::NONE, committed.unwrap_or_else(none)),
        Err(code) => (code, none()),
    }
}

fn rows(state: &mut State, call: &Call, group: &str, asked: Asked) -> Result<Rows, i16> {
    if group.is_empty() {
        return Err(codes::INVALID_GROUP_ID);
    }
    if state.coordinator(group) != Some(call.broker) {
        return Err(codes::NOT_COORDINATOR);
    }
    // An error on the whole group is told as such, one narrowed to a topic on its rows.
    state.unforced(call, About { group: Some(group), ..About::default() })?;
    let asked = asked.unwrap_or_else(|| state.groups.get(group).map(Group::all_committed).unwrap_or_default());
    let topic = |(topic, partitions): (String, Vec<i32>)| {
        let rows = partitions.into_iter().map(|p| (p, one(state, call, group, &topic, p))).collect();
        (topic, rows)
    };
    Ok(asked.into_iter().map(topic).collect())
}

fn one(state: &mut State, call: &Call, group: &str, topic: &str, partition: i32) -> Result<Option<Committed>, i16> {
    state.unforced(call, About { topic: Some(topic), partition: Some(partition), group: Some(group) })?;
    Ok(state.groups.get(group).and_then(|g| g.committed(topic, partition)).cloned())
}

impl Group {
    fn all_committed(&self) -> Vec<(String, Vec<i32>)> {
        let topic =
            |(topic, rows): (&String, &BTreeMap<i32, Committed>)| (topic.clone(), rows.keys().copied().collect());
        self.offsets.iter().map(topic).collect()
    }
}
