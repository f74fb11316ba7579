//! Questions about offsets of partitions: ListOffsets, OffsetForLeaderEpoch, and DeleteRecords, which moves the start.

use crate::call::Call;
use crate::codes;
use crate::log::Log;
use crate::state::State;
use kafka_protocol::messages::delete_records_response::{DeleteRecordsPartitionResult, DeleteRecordsTopicResult};
use kafka_protocol::messages::list_offsets_request::ListOffsetsPartition;
use kafka_protocol::messages::list_offsets_response::{ListOffsetsPartitionResponse, ListOffsetsTopicResponse};
use kafka_protocol::messages::offset_for_leader_epoch_response::{EpochEndOffset, OffsetForLeaderTopicResult};
use kafka_protocol::messages::{
    DeleteRecordsRequest, DeleteRecordsResponse, ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
};

/// Special timestamps (`ListOffsetsRequest`): the end, the start, the newest by time, the start on the broker's own
/// disk, the end of what is in remote storage.
const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const NEWEST: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const READ_COMMITTED: i8 = 1;
/// Versions from this on know the newest by time; before, −3 is a time like any other.
const WITH_NEWEST: i16 = 7;
const WITH_EPOCH: i16 = 4;

pub(crate) fn list(state: &mut State, call: &Call, request: ListOffsetsRequest) -> ListOffsetsResponse {
    let committed = request.isolation_level == READ_COMMITTED;
    let topics = request.topics.into_iter().map(|topic| {
        let rows = topic.partitions.iter().map(|p| list_one(state, call, &topic.name, p, committed));
        let rows = rows.collect();
        ListOffsetsTopicResponse::default().with_name(topic.name).with_partitions(rows)
    });
    ListOffsetsResponse::default().with_topics(topics.collect())
}

fn list_one(
    state: &mut State,
    call: &Call,
    topic: &str,
    wanted: &ListOffsetsPartition,
    committed: bool,
) -> ListOffsetsPartitionResponse {
    let row = ListOffsetsPartitionResponse::default().with_partition_index(wanted.partition_index);
    match state.led(call, topic, wanted.partition_index) {
        Err(code) => row.with_error_code(code).with_timestamp(-1).with_offset(-1),
        Ok(partition) => {
            let (timestamp, offset) = at(&partition.log, wanted.timestamp, call.version, committed);
            let epoch = if call.version >= WITH_EPOCH && offset >= 0 { partition.epoch } else { -1 };
            row.with_timestamp(timestamp).with_offset(offset).with_leader_epoch(epoch)
        }
    }
}

/// Timestamp and offset of what was asked; −1 where there is none. A record that a reader of committed records may not
/// have yet is not found for it (`Partition.fetchOffsetForTimestamp`).
fn at(log: &Log, time: i64, version: i16, committed: bool) -> (i64, i64) {
    let end = if committed { log.stable_end() } else { log.end() };
    let readable = |found: Option<(i64, i64)>| found.filter(|(_, offset)| *offset < end).unwrap_or((-1, -1));
    match time {
        LATEST => (-1, end),
        EARLIEST | EARLIEST_LOCAL => (-1, log.start()),
        NEWEST if version >= WITH_NEWEST => readable(log.newest()),
        LATEST_TIERED => (-1, -1),
        time => readable(log.first_since(time)),
    }
}

/// Only the present epoch is known; it ends at the end of the log.
pub(crate) fn leader_epoch(
    state: &mut State,
    call: &Call,
    request: OffsetForLeaderEpochRequest,
) -> OffsetForLeaderEpochResponse {
    let topics = request.topics.into_iter().map(|topic| {
        let rows = topic.partitions.iter().map(|p| {
            let row = EpochEndOffset::default().with_partition(p.partition);
            match state.led(call, &topic.topic, p.partition) {
                Ok(found) => row.with_leader_epoch(found.epoch).with_end_offset(found.log.end()),
                Err(code) => row.with_error_code(code),
            }
        });
        let rows = rows.collect();
        OffsetForLeaderTopicResult::default().with_topic(topic.topic).with_partitions(rows)
    });
    OffsetForLeaderEpochResponse::default().with_topics(topics.collect())
}

pub(crate) fn delete_records(state: &mut State, call: &Call, request: DeleteRecordsRequest) -> DeleteRecordsResponse {
    let topics = request.topics.into_iter().map(|topic| {
        let rows = topic.partitions.iter().map(|p| {
            let row = DeleteRecordsPartitionResult::default().with_partition_index(p.partition_index);
            match delete_one(state, call, &topic.name, p.partition_index, p.offset) {
                Ok(start) => row.with_low_watermark(start),
                Err(code) => row.with_error_code(code).with_low_watermark(-1),
            }
        });
        let rows = rows.collect();
        DeleteRecordsTopicResult::default().with_name(topic.name).with_partitions(rows)
    });
    DeleteRecordsResponse::default().with_topics(topics.collect())
}

/// Offset −1 means the end. Answers the new start.
fn delete_one(state: &mut State, call: &Call, topic: &str, partition: i32, offset: i64) -> Result<i64, i16> {
    let log = &mut state.led(call, topic, partition)?.log;
    let offset = if offset == -1 { log.end() } else { offset };
    if !(0..=log.end()).contains(&offset) {
        return Err(codes::OFFSET_OUT_OF_RANGE);
    }
    log.delete_before(offset);
    Ok(log.start())
}
