//! Produce and InitProducerId: records come in, checked as a broker checks them. No transactions.

use crate::batch_header::BatchHeader;
use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::state::State;
use bytes::Bytes;
use kafka_protocol::messages::produce_request::TopicProduceData;
use kafka_protocol::messages::produce_response::{
    LeaderIdAndEpoch, NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};
use kafka_protocol::messages::{
    BrokerId, InitProducerIdRequest, InitProducerIdResponse, ProduceRequest, ProduceResponse, ProducerId,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// Versions from this on name topics by id.
const BY_ID: i16 = 13;
/// Versions from this on say who leads instead.
const WITH_LEADER: i16 = 10;

/// What a partition took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    base_offset: i64,
    /// Milliseconds; −1 where the producer's times stay.
    append_time: i64,
    start: i64,
}

pub(crate) fn answer(state: &mut State, call: &Call, request: ProduceRequest) -> ProduceResponse {
    let acks = request.acks;
    let responses: Vec<_> = request.topic_data.into_iter().map(|t| topic(state, call, acks, t)).collect();
    let moved = responses.iter().flat_map(|t| &t.partition_responses).any(|p| p.current_leader.leader_id.0 >= 0);
    let endpoints = if moved && call.version >= WITH_LEADER { endpoints(state) } else { Vec::new() };
    ProduceResponse::default().with_responses(responses).with_node_endpoints(endpoints)
}

fn endpoints(state: &State) -> Vec<NodeEndpoint> {
    let endpoint = |(id, address): (i32, std::net::SocketAddr)| {
        let host = text(address.ip().to_string());
        NodeEndpoint::default().with_node_id(BrokerId(id)).with_host(host).with_port(i32::from(address.port()))
    };
    state.live_brokers().map(endpoint).collect()
}

fn topic(state: &mut State, call: &Call, acks: i16, wanted: TopicProduceData) -> TopicProduceResponse {
    let by_id = call.version >= BY_ID;
    let name = if by_id { state.name_of(wanted.topic_id).map(str::to_owned) } else { Some(wanted.name.to_string()) };
    let partitions = wanted.partition_data.into_iter().map(|p| {
        let taken = match &name {
            None => Err(codes::UNKNOWN_TOPIC_ID),
            Some(_) if !matches!(acks, -1..=1) => Err(codes::INVALID_REQUIRED_ACKS),
            Some(name) => append(state, call, name, p.index, p.records.unwrap_or_default()),
        };
        partition(state, call, name.as_deref().unwrap_or(""), p.index, taken)
    });
    let partitions = partitions.collect();
    TopicProduceResponse::default()
        .with_name(wanted.name)
        .with_topic_id(wanted.topic_id)
        .with_partition_responses(partitions)
}

fn partition(
    state: &State,
    call: &Call,
    topic: &str,
    index: i32,
    taken: Result<Taken, i16>,
) -> PartitionProduceResponse {
    let row = PartitionProduceResponse::default().with_index(index);
    match taken {
        Ok(taken) => row
            .with_base_offset(taken.base_offset)
            .with_log_append_time_ms(taken.append_time)
            .with_log_start_offset(taken.start),
        Err(code) => {
            let row = row.with_error_code(code).with_base_offset(-1).with_log_start_offset(-1);
            let moved = code == codes::NOT_LEADER_OR_FOLLOWER && call.version >= WITH_LEADER;
            let leader = state.partition(topic, index).filter(|_| moved).and_then(|p| Some((p.leader?, p.epoch)));
            let Some((id, epoch)) = leader else { return row };
            row.with_current_leader(LeaderIdAndEpoch::default().with_leader_id(BrokerId(id)).with_leader_epoch(epoch))
        }
    }
}

/// All batches or none. Errors are Kafka's codes.
fn append(state: &mut State, call: &Call, topic: &str, index: i32, mut records: Bytes) -> Result<Taken, i16> {
    let bytes = records.len();
    let max = state.topics.get(topic).and_then(|t| t.size("max.message.bytes")).unwrap_or(usize::MAX);
    let append_time = state.topics.get(topic).is_some_and(|t| t.append_time());
    let full = state.is_full(bytes);
    let partition = state.led(call, topic, index)?;
    let mut batches = Vec::new();
    while !records.is_empty() {
        let (header, batch) = BatchHeader::split(&mut records)?;
        check(&header, batch.len(), max)?;
        batches.push((header, batch));
    }
    if batches.is_empty() {
        return Err(codes::INVALID_RECORD);
    }
    if full {
        return Err(codes::POLICY_VIOLATION);
    }
    let now = append_time.then(now_ms);
    let mut base_offset = None;
    for (header, batch) in batches {
        let duplicate = partition.log.sequences.check(&header)?;
        let offset = duplicate.unwrap_or_else(|| partition.log.append(&header, &batch, partition.epoch, now));
        base_offset.get_or_insert(offset);
    }
    let taken =
        Taken { base_offset: base_offset.unwrap_or(-1), append_time: now.unwrap_or(-1), start: partition.log.start() };
    state.appended(topic, index);
    Ok(taken)
}

fn check(header: &BatchHeader, bytes: usize, max: usize) -> Result<(), i16> {
    if bytes > max {
        return Err(codes::MESSAGE_TOO_LARGE);
    }
    if header.transactional() || header.control() {
        return Err(codes::INVALID_TXN_STATE);
    }
    Ok(())
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

pub(crate) fn init_producer_id(
    state: &mut State,
    call: &Call,
    request: InitProducerIdRequest,
) -> InitProducerIdResponse {
    let forced = state.unforced(call, About::default()).err();
    // The one code that every client takes for final; a retriable one would keep it waiting for what never comes.
    let transactional = request.transactional_id.map(|_| codes::TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    if let Some(code) = forced.or(transactional) {
        return InitProducerIdResponse::default().with_error_code(code).with_producer_id(ProducerId(-1));
    }
    state.producers += 1;
    InitProducerIdResponse::default().with_producer_id(ProducerId(state.producers)).with_producer_epoch(0)
}
