//! Which requests in which versions the cluster serves, and how ApiVersions says so.

use crate::call::Call;
use crate::codes;
use crate::state::State;
use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::{ApiKey, ApiVersionsRequest, ApiVersionsResponse};

/// API, lowest and highest version. Transactions, KIP-848 groups and share groups are not served, so not listed.
/// Produce says 0 as Kafka 4 does (KAFKA-18659: librdkafka takes a higher number for a broker without some codecs).
const SERVED: &[(ApiKey, i16, i16)] = &[
    (ApiKey::Produce, 0, 13),
    (ApiKey::Fetch, 4, 18),
    (ApiKey::ListOffsets, 1, 10),
    (ApiKey::Metadata, 0, 13),
    (ApiKey::OffsetCommit, 2, 9),
    (ApiKey::OffsetFetch, 1, 9),
    (ApiKey::FindCoordinator, 0, 6),
    (ApiKey::JoinGroup, 0, 9),
    (ApiKey::Heartbeat, 0, 4),
    (ApiKey::LeaveGroup, 0, 5),
    (ApiKey::SyncGroup, 0, 5),
    (ApiKey::DescribeGroups, 0, 6),
    (ApiKey::ListGroups, 0, 5),
    (ApiKey::ApiVersions, 0, 4),
    (ApiKey::CreateTopics, 2, 7),
    (ApiKey::DeleteTopics, 1, 6),
    (ApiKey::DeleteRecords, 0, 2),
    (ApiKey::InitProducerId, 0, 5),
    (ApiKey::OffsetForLeaderEpoch, 2, 4),
    (ApiKey::DescribeConfigs, 1, 4),
    (ApiKey::DescribeLogDirs, 1, 4),
    (ApiKey::CreatePartitions, 0, 3),
    (ApiKey::DeleteGroups, 0, 2),
    (ApiKey::IncrementalAlterConfigs, 0, 1),
    (ApiKey::OffsetDelete, 0, 0),
    (ApiKey::DescribeCluster, 0, 2),
    (ApiKey::DescribeTopicPartitions, 0, 0),
];

/// Produce below 3 is listed (see `SERVED`) but no broker of Kafka 4 takes it.
const LOWEST_PRODUCE: i16 = 3;

/// Whether this broker takes the call, a hidden or capped API included.
pub(crate) fn takes(state: &State, call: &Call) -> bool {
    let low = if call.api == ApiKey::Produce { LOWEST_PRODUCE } else { 0 };
    listed(state, call.broker).any(|(api, min, max)| api == call.api && (min.max(low)..=max).contains(&call.version))
}

fn listed(state: &State, broker: i32) -> impl Iterator<Item = (ApiKey, i16, i16)> + '_ {
    SERVED.iter().filter_map(move |&(api, min, max)| {
        let max = state.forces.highest(api, broker, max)?;
        (min <= max).then_some((api, min, max))
    })
}

pub(crate) fn answer(state: &mut State, call: &Call, _: ApiVersionsRequest) -> ApiVersionsResponse {
    let error = state.unforced(call, Default::default()).err();
    list(state, call.broker).with_error_code(error.unwrap_or(codes::NONE))
}

/// The answer to a version that is too new, to be written in version 0 (KIP-511).
pub(crate) fn too_new(state: &State, broker: i32) -> ApiVersionsResponse {
    list(state, broker).with_error_code(codes::UNSUPPORTED_VERSION)
}

fn list(state: &State, broker: i32) -> ApiVersionsResponse {
    let keys = listed(state, broker).map(|(api, min, max)| {
        ApiVersion::default().with_api_key(api as i16).with_min_version(min).with_max_version(max)
    });
    ApiVersionsResponse::default().with_api_keys(keys.collect())
}
