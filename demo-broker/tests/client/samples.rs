//! A populated request of every API in every version that the cluster says it serves.

use super::{batch, group, text, topic};
use bytes::{Buf, Bytes, BytesMut};
use kafka_protocol::messages::*;
use kafka_protocol::protocol::{Decodable, HeaderVersion, Request};

pub struct Sample {
    pub api: ApiKey,
    pub version: i16,
    pub body: Bytes,
    /// Reads an answer to the last byte.
    pub read: fn(Bytes, i16) -> Result<(), String>,
}

fn read<Q: Request>(mut answer: Bytes, version: i16) -> Result<(), String> {
    let header = if Q::KEY == ApiVersionsRequest::KEY { 0 } else { Q::Response::header_version(version) };
    ResponseHeader::decode(&mut answer, header).map_err(|e| e.to_string())?;
    Q::Response::decode(&mut answer, version).map_err(|e| e.to_string())?;
    if answer.has_remaining() { Err(format!("{} bytes too many", answer.remaining())) } else { Ok(()) }
}

/// The request in each version of the range; panics where the request does not fit the version, which is the test's fault.
fn each<Q: Request>(all: &mut Vec<Sample>, low: i16, high: i16, request: impl Fn(i16) -> Q) {
    for version in low..=high {
        let mut body = BytesMut::new();
        let api = ApiKey::try_from(Q::KEY).unwrap();
        request(version).encode(&mut body, version).unwrap_or_else(|e| panic!("{api:?} v{version}: {e}"));
        all.push(Sample { api, version, body: body.freeze(), read: read::<Q> });
    }
}

pub fn all() -> Vec<Sample> {
    let mut all = Vec::new();
    [cluster, topics, configs, records, offsets, groups, commits].iter().for_each(|add| add(&mut all));
    all
}

fn cluster(all: &mut Vec<Sample>) {
    each(all, 0, 4, |_| ApiVersionsRequest::default());
    each(all, 0, 13, |_| {
        let wanted = metadata_request::MetadataRequestTopic::default().with_name(Some(topic("t")));
        MetadataRequest::default().with_topics(Some(vec![wanted]))
    });
    each(all, 0, 2, |_| DescribeClusterRequest::default());
}

fn topics(all: &mut Vec<Sample>) {
    each(all, 2, 7, |v| {
        let wanted = create_topics_request::CreatableTopic::default()
            .with_name(topic(&format!("new-{v}")))
            .with_num_partitions(2)
            .with_replication_factor(1);
        CreateTopicsRequest::default().with_topics(vec![wanted])
    });
    each(all, 0, 3, |v| {
        let wanted = create_partitions_request::CreatePartitionsTopic::default();
        let wanted = wanted.with_name(topic("t")).with_count(20 + i32::from(v)).with_assignments(None);
        CreatePartitionsRequest::default().with_topics(vec![wanted])
    });
    each(all, 1, 6, |v| {
        let name = topic(&format!("new-{}", v + 1));
        let state = delete_topics_request::DeleteTopicState::default().with_name(Some(name.clone()));
        match v < 6 {
            true => DeleteTopicsRequest::default().with_topic_names(vec![name]),
            false => DeleteTopicsRequest::default().with_topics(vec![state]),
        }
    });
}

fn configs(all: &mut Vec<Sample>) {
    each(all, 1, 4, |_| {
        let resource = |kind, name| {
            describe_configs_request::DescribeConfigsResource::default()
                .with_resource_type(kind)
                .with_resource_name(text(name))
                .with_configuration_keys(None)
        };
        let resources = vec![resource(2, "t"), resource(4, "1"), resource(2, "nope"), resource(32, "x")];
        DescribeConfigsRequest::default().with_include_synonyms(true).with_resources(resources)
    });
    each(all, 0, 1, |_| {
        let change = incremental_alter_configs_request::AlterableConfig::default()
            .with_name(text("cleanup.policy"))
            .with_config_operation(2)
            .with_value(Some(text("compact")));
        let resource = incremental_alter_configs_request::AlterConfigsResource::default()
            .with_resource_type(2)
            .with_resource_name(text("t"))
            .with_configs(vec![change]);
        IncrementalAlterConfigsRequest::default().with_resources(vec![resource])
    });
    each(all, 1, 4, |_| DescribeLogDirsRequest::default().with_topics(None));
    each(all, 0, 0, |_| {
        let wanted = describe_topic_partitions_request::TopicRequest::default().with_name(topic("t"));
        DescribeTopicPartitionsRequest::default().with_topics(vec![wanted])
    });
}

fn records(all: &mut Vec<Sample>) {
    each(all, 3, 13, |v| {
        let request = super::produce("t", 0, batch(&[5, 6]).bytes());
        if v < 13 {
            return request;
        }
        let data = request.topic_data.into_iter().map(|t| t.with_name(topic("")).with_topic_id(uuid::Uuid::nil()));
        ProduceRequest::default().with_acks(-1).with_topic_data(data.collect())
    });
    each(all, 4, 18, |v| {
        let request = super::fetch("t", 0, 0);
        let request = if v < 7 { request.with_session_epoch(0) } else { request };
        if v < 13 {
            return request;
        }
        let topics = request.topics.iter().cloned().map(|t| t.with_topic(topic("")).with_topic_id(uuid::Uuid::nil()));
        let topics = topics.collect();
        request.with_topics(topics)
    });
}

fn offsets(all: &mut Vec<Sample>) {
    each(all, 1, 10, |_| {
        let wanted = |partition, time| {
            list_offsets_request::ListOffsetsPartition::default().with_partition_index(partition).with_timestamp(time)
        };
        let topics = list_offsets_request::ListOffsetsTopic::default().with_name(topic("t")).with_partitions(vec![
            wanted(0, -1),
            wanted(1, 5),
            wanted(99, -3),
        ]);
        ListOffsetsRequest::default().with_topics(vec![topics])
    });
    each(all, 2, 4, |_| {
        let topics = offset_for_leader_epoch_request::OffsetForLeaderTopic::default()
            .with_topic(topic("t"))
            .with_partitions(vec![Default::default()]);
        OffsetForLeaderEpochRequest::default().with_topics(vec![topics])
    });
    each(all, 0, 2, |_| {
        let partition = delete_records_request::DeleteRecordsPartition::default().with_offset(1);
        let topics = delete_records_request::DeleteRecordsTopic::default()
            .with_name(topic("t"))
            .with_partitions(vec![partition]);
        DeleteRecordsRequest::default().with_topics(vec![topics])
    });
    each(all, 0, 5, |_| InitProducerIdRequest::default().with_transactional_id(None));
}

fn groups(all: &mut Vec<Sample>) {
    each(all, 0, 6, |v| match v < 4 {
        true => FindCoordinatorRequest::default().with_key(text("g")),
        false => FindCoordinatorRequest::default().with_coordinator_keys(vec![text("g"), text("h")]),
    });
    each(all, 0, 9, |v| {
        let protocol = join_group_request::JoinGroupRequestProtocol::default()
            .with_name(text("range"))
            .with_metadata(Bytes::from_static(&[0, 0, 0, 0, 0, 0]));
        JoinGroupRequest::default()
            .with_group_id(group(&format!("joined-{v}")))
            .with_session_timeout_ms(6_000)
            .with_rebalance_timeout_ms(if v > 0 { 500 } else { -1 })
            .with_protocol_type(text("consumer"))
            .with_protocols(vec![protocol])
    });
    each(all, 0, 5, |_| SyncGroupRequest::default().with_group_id(group("joined-0")).with_member_id(text("m")));
    each(all, 0, 4, |_| HeartbeatRequest::default().with_group_id(group("joined-0")).with_member_id(text("m")));
    each(all, 0, 5, |v| {
        let member = leave_group_request::MemberIdentity::default().with_member_id(text("m"));
        let request = LeaveGroupRequest::default().with_group_id(group("joined-0"));
        if v < 3 { request.with_member_id(text("m")) } else { request.with_members(vec![member]) }
    });
}

fn commits(all: &mut Vec<Sample>) {
    each(all, 2, 9, |_| {
        let partition = offset_commit_request::OffsetCommitRequestPartition::default().with_committed_offset(1);
        let topics = offset_commit_request::OffsetCommitRequestTopic::default()
            .with_name(topic("t"))
            .with_partitions(vec![partition]);
        OffsetCommitRequest::default().with_group_id(group("g")).with_topics(vec![topics])
    });
    each(all, 1, 9, offset_fetch);
    each(all, 0, 6, |_| DescribeGroupsRequest::default().with_groups(vec![group("g"), group("nope")]));
    each(all, 0, 5, |_| ListGroupsRequest::default());
    each(all, 0, 0, |_| {
        let topics = offset_delete_request::OffsetDeleteRequestTopic::default()
            .with_name(topic("t"))
            .with_partitions(vec![Default::default()]);
        OffsetDeleteRequest::default().with_group_id(group("g")).with_topics(vec![topics])
    });
    each(all, 0, 2, |_| DeleteGroupsRequest::default().with_groups_names(vec![group("g")]));
}

fn offset_fetch(version: i16) -> OffsetFetchRequest {
    if version < 8 {
        let topics = offset_fetch_request::OffsetFetchRequestTopic::default()
            .with_name(topic("t"))
            .with_partition_indexes(vec![0, 1]);
        return OffsetFetchRequest::default().with_group_id(group("g")).with_topics(Some(vec![topics]));
    }
    let topics = offset_fetch_request::OffsetFetchRequestTopics::default()
        .with_name(topic("t"))
        .with_partition_indexes(vec![0, 1]);
    let wanted = offset_fetch_request::OffsetFetchRequestGroup::default()
        .with_group_id(group("g"))
        .with_topics(Some(vec![topics]));
    OffsetFetchRequest::default().with_groups(vec![wanted])
}
