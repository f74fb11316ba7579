//! Fetch: records go out, at once or when there are enough of them. Fetch sessions (KIP-227) are declined.

use crate::call::{Call, text};
use crate::codes;
use crate::dispatch::Shared;
use crate::force::About;
use crate::log::Window;
use crate::state::State;
use crate::topic::Partition;
use bytes::Bytes;
use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use kafka_protocol::messages::fetch_response::{
    AbortedTransaction, FetchableTopicResponse, LeaderIdAndEpoch, NodeEndpoint, PartitionData,
};
use kafka_protocol::messages::{BrokerId, FetchRequest, FetchResponse, ProducerId};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;

/// Versions from this on name topics by id.
const BY_ID: i16 = 13;
/// Versions from this on say who leads instead.
const WITH_LEADER: i16 = 12;
/// Versions from this on say where that broker is.
const WITH_ENDPOINTS: i16 = 16;
const READ_COMMITTED: i8 = 1;
/// The longest that a client may wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The most one answer holds (`fetch.max.bytes` of a broker); one batch may be larger.
const LARGEST: usize = 55 << 20;

pub(crate) async fn answer(shared: &Shared, call: &Call, request: FetchRequest) -> FetchResponse {
    if request.session_id != 0 {
        // Never given out by us: the client begins anew without one.
        return FetchResponse::default().with_error_code(codes::FETCH_SESSION_ID_NOT_FOUND);
    }
    let wait = Duration::from_millis(u64::try_from(request.max_wait_ms).unwrap_or(0)).min(LONGEST_WAIT);
    let deadline = Instant::now() + wait;
    let changed = shared.lock().changed.clone();
    loop {
        // Armed before the look, so that records which come in between are not missed.
        let mut woken = std::pin::pin!(changed.notified());
        woken.as_mut().enable();
        if let Some(answer) = attempt(&mut shared.lock(), call, &request, Instant::now() >= deadline) {
            return answer;
        }
        let _ = tokio::time::timeout_at(deadline, woken).await;
    }
}

/// The answer when it is time for one: enough bytes, an error, or the end of the wait.
fn attempt(state: &mut State, call: &Call, request: &FetchRequest, late: bool) -> Option<FetchResponse> {
    let names: Vec<_> = request.topics.iter().map(|t| name(state, call, t)).collect();
    let plan = Plan::make(state, call, request, &names);
    let enough = plan.bytes >= usize::try_from(request.min_bytes).unwrap_or(0);
    if !(late || enough || plan.failed) {
        return None;
    }
    let mut windows = plan.windows.into_iter();
    let topics = request.topics.iter().zip(&names).map(|(topic, name)| {
        let name = name.as_deref().unwrap_or("");
        let rows = topic.partitions.iter().zip(&mut windows);
        let rows = rows.map(|(p, window)| row(call, request, p.partition, state.partition(name, p.partition), window));
        FetchableTopicResponse::default()
            .with_topic(topic.topic.clone())
            .with_topic_id(topic.topic_id)
            .with_partitions(rows.collect())
    });
    let mut topics: Vec<_> = topics.collect();
    tear(state, call, &names, &mut topics);
    let answer = FetchResponse::default().with_responses(topics);
    let moved = plan.failed && call.version >= WITH_ENDPOINTS;
    Some(answer.with_node_endpoints(if moved { endpoints(state) } else { Vec::new() }))
}

/// Takes from the rows what is forced on them; one without records has nothing to lose.
fn tear(state: &mut State, call: &Call, names: &[Option<String>], topics: &mut [FetchableTopicResponse]) {
    for (topic, name) in topics.iter_mut().zip(names) {
        for row in &mut topic.partitions {
            let about = About { topic: name.as_deref(), partition: Some(row.partition_index), group: None };
            if let Some(records) = row.records.as_mut().filter(|records| !records.is_empty())
                && let Some(torn) = state.forces.torn(call, about)
            {
                records.truncate(records.len().saturating_sub(torn));
            }
        }
    }
}

fn name(state: &State, call: &Call, topic: &FetchTopic) -> Option<String> {
    if call.version >= BY_ID { state.name_of(topic.topic_id).map(str::to_owned) } else { Some(topic.topic.to_string()) }
}

/// What each partition of the request has for it, in the request's order; an error is Kafka's code.
#[derive(Default)]
struct Plan {
    windows: Vec<Result<Window, i16>>,
    bytes: usize,
    failed: bool,
}

impl Plan {
    fn make(state: &mut State, call: &Call, request: &FetchRequest, names: &[Option<String>]) -> Self {
        let mut plan = Self::default();
        for (topic, name) in request.topics.iter().zip(names) {
            for wanted in &topic.partitions {
                plan.add(state, call, request, name.as_deref(), wanted);
            }
        }
        plan
    }

    fn add(
        &mut self,
        state: &mut State,
        call: &Call,
        request: &FetchRequest,
        name: Option<&str>,
        wanted: &FetchPartition,
    ) {
        let led = name.ok_or(codes::UNKNOWN_TOPIC_ID).and_then(|name| state.led(call, name, wanted.partition));
        let left = usize::try_from(request.max_bytes).unwrap_or(0).min(LARGEST).saturating_sub(self.bytes);
        let window = led.and_then(|partition| {
            let window = window(partition, request, wanted, left, self.bytes == 0)?;
            self.bytes += partition.log.readable(&window);
            Ok(window)
        });
        self.failed |= window.is_err();
        self.windows.push(window);
    }
}

fn window(
    partition: &Partition,
    request: &FetchRequest,
    wanted: &FetchPartition,
    left: usize,
    whole: bool,
) -> Result<Window, i16> {
    match wanted.current_leader_epoch {
        epoch if epoch >= 0 && epoch < partition.epoch => return Err(codes::FENCED_LEADER_EPOCH),
        epoch if epoch > partition.epoch => return Err(codes::UNKNOWN_LEADER_EPOCH),
        _ => {}
    }
    let log = &partition.log;
    if !(log.start()..=log.end()).contains(&wanted.fetch_offset) {
        return Err(codes::OFFSET_OUT_OF_RANGE);
    }
    let until = if request.isolation_level == READ_COMMITTED { log.stable_end() } else { log.end() };
    let max_bytes = left.min(usize::try_from(wanted.partition_max_bytes).unwrap_or(0));
    Ok(Window { from: wanted.fetch_offset, until, max_bytes, whole })
}

fn row(
    call: &Call,
    request: &FetchRequest,
    index: i32,
    partition: Option<&Partition>,
    window: Result<Window, i16>,
) -> PartitionData {
    let row = PartitionData::default().with_partition_index(index).with_records(Some(Bytes::new()));
    match (partition, window) {
        (Some(partition), Ok(window)) => filled(row, request, partition, &window),
        (partition, window) => {
            let code = window.err().unwrap_or(codes::UNKNOWN_TOPIC_OR_PARTITION);
            let row = row.with_error_code(code).with_high_watermark(-1).with_last_stable_offset(-1);
            let moved = code == codes::NOT_LEADER_OR_FOLLOWER && call.version >= WITH_LEADER;
            match partition.filter(|_| moved).and_then(|p| Some((p.leader?, p.epoch))) {
                None => row,
                Some((id, epoch)) => row.with_current_leader(
                    LeaderIdAndEpoch::default().with_leader_id(BrokerId(id)).with_leader_epoch(epoch),
                ),
            }
        }
    }
}

fn filled(row: PartitionData, request: &FetchRequest, partition: &Partition, window: &Window) -> PartitionData {
    let log = &partition.log;
    let aborted = log
        .aborted_within(window.from, log.reach(window))
        .map(|a| AbortedTransaction::default().with_producer_id(ProducerId(a.producer_id)).with_first_offset(a.first));
    let committed = request.isolation_level == READ_COMMITTED;
    row.with_high_watermark(log.end())
        .with_last_stable_offset(log.stable_end())
        .with_log_start_offset(log.start())
        .with_aborted_transactions(committed.then(|| aborted.collect()))
        .with_records(Some(log.read(window)))
}

fn endpoints(state: &State) -> Vec<NodeEndpoint> {
    let endpoint = |(id, address): (i32, SocketAddr)| {
        let host = text(address.ip().to_string());
        NodeEndpoint::default().with_node_id(BrokerId(id)).with_host(host).with_port(i32::from(address.port()))
    };
    state.live_brokers().map(endpoint).collect()
}
