//! Commits of those who are no members, their end, and groups by the thousand: codes as Kafka 4.3 was seen to answer them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use client::{Client, group, text, topic};
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::offset_delete_request::{OffsetDeleteRequestPartition, OffsetDeleteRequestTopic};
use kafka_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use kafka_protocol::messages::offset_fetch_response::OffsetFetchResponseGroup;
use kafka_protocol::messages::{
    DescribeGroupsRequest, FindCoordinatorRequest, JoinGroupRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetDeleteRequest, OffsetFetchRequest,
};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};

const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const ILLEGAL_GENERATION: i16 = 22;
const UNKNOWN_MEMBER_ID: i16 = 25;
const NON_EMPTY_GROUP: i16 = 68;
const GROUP_ID_NOT_FOUND: i16 = 69;
const GROUP_SUBSCRIBED_TO_TOPIC: i16 = 86;

async fn cluster() -> (Cluster, Client) {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    cluster.create_topic("other", &TopicSpec::new(1)).unwrap();
    let client = Client::to(&cluster, 1).await;
    (cluster, client)
}

/// A static member that is in at once, subscribed to "t".
async fn join(client: &mut Client, protocol_type: &str) {
    let subscription = bytes::Bytes::from_static(&[0, 0, 0, 0, 0, 1, 0, 1, b't', 0xff, 0xff, 0xff, 0xff]);
    let protocol = JoinGroupRequestProtocol::default().with_name(text("range")).with_metadata(subscription);
    let request = JoinGroupRequest::default()
        .with_group_id(group("g"))
        .with_group_instance_id(Some(text("sink-1")))
        .with_session_timeout_ms(10_000)
        .with_rebalance_timeout_ms(10_000)
        .with_protocol_type(text(protocol_type))
        .with_protocols(vec![protocol]);
    assert_eq!(client.ask(5, &request).await.error_code, 0);
}

/// As who is no member, unless there is a generation.
async fn commit(client: &mut Client, generation: i32, name: &str, partition: i32) -> i16 {
    let row = OffsetCommitRequestPartition::default().with_partition_index(partition).with_committed_offset(5);
    let topics = vec![OffsetCommitRequestTopic::default().with_name(topic(name)).with_partitions(vec![row])];
    let request = OffsetCommitRequest::default()
        .with_group_id(group("g"))
        .with_generation_id_or_member_epoch(generation)
        .with_topics(topics);
    client.ask(7, &request).await.topics[0].partitions[0].error_code
}

/// The code of the group, or that of the partition.
async fn forget(client: &mut Client, of: &str, name: &str, partition: i32) -> i16 {
    let row = OffsetDeleteRequestPartition::default().with_partition_index(partition);
    let topics = vec![OffsetDeleteRequestTopic::default().with_name(topic(name)).with_partitions(vec![row])];
    let answer = client.ask(0, &OffsetDeleteRequest::default().with_group_id(group(of)).with_topics(topics)).await;
    answer.topics.first().map_or(answer.error_code, |topic| topic.partitions[0].error_code)
}

async fn fetch(client: &mut Client, names: &[String]) -> Vec<OffsetFetchResponseGroup> {
    let wanted = |name: &String| OffsetFetchRequestGroup::default().with_group_id(group(name)).with_topics(None);
    client.ask(8, &OffsetFetchRequest::default().with_groups(names.iter().map(wanted).collect())).await.groups
}

#[tokio::test]
async fn who_is_no_member_commits_only_while_nobody_is() {
    let (_cluster, mut client) = cluster().await;
    assert_eq!(commit(&mut client, 3, "t", 0).await, ILLEGAL_GENERATION, "a generation of a group that is not there");
    assert_eq!(commit(&mut client, -1, "t", 0).await, 0);
    assert_eq!(commit(&mut client, 3, "t", 0).await, UNKNOWN_MEMBER_ID, "a generation of a group without members");
    join(&mut client, "consumer").await;
    assert_eq!(commit(&mut client, -1, "t", 0).await, UNKNOWN_MEMBER_ID);
    for (name, partition) in [("nope", 0), ("t", 9)] {
        assert_eq!(commit(&mut client, -1, name, partition).await, UNKNOWN_TOPIC_OR_PARTITION, "{name}/{partition}");
    }
}

#[tokio::test]
async fn commits_are_forgotten_unless_a_member_may_read_there() {
    let (cluster, mut client) = cluster().await;
    assert_eq!(forget(&mut client, "nobody", "t", 0).await, GROUP_ID_NOT_FOUND);
    cluster.commit("g", "t", 0, 7, "").unwrap();
    cluster.commit("g", "other", 0, 7, "").unwrap();
    join(&mut client, "consumer").await;
    assert_eq!(forget(&mut client, "g", "t", 0).await, GROUP_SUBSCRIBED_TO_TOPIC);
    assert_eq!(forget(&mut client, "g", "nope", 0).await, UNKNOWN_TOPIC_OR_PARTITION);
    assert_eq!(forget(&mut client, "g", "other", 0).await, 0, "no member subscribes to it");
    assert_eq!((cluster.committed("g", "t", 0), cluster.committed("g", "other", 0)), (Some(7), None));
}

#[tokio::test]
async fn members_that_are_no_consumers_hold_every_commit() {
    let (cluster, mut client) = cluster().await;
    cluster.commit("g", "other", 0, 7, "").unwrap();
    join(&mut client, "connect").await;
    assert_eq!(forget(&mut client, "g", "other", 0).await, NON_EMPTY_GROUP);
}

#[tokio::test]
async fn a_group_stays_when_its_last_commit_is_forgotten() {
    let (_cluster, mut client) = cluster().await;
    assert_eq!(commit(&mut client, -1, "t", 0).await, 0);
    assert_eq!(forget(&mut client, "g", "t", 0).await, 0);
    assert_eq!(forget(&mut client, "g", "t", 0).await, 0, "what is not there is forgotten too");
    let listed = client.ask(5, &ListGroupsRequest::default()).await.groups;
    let told: Vec<_> = listed.iter().map(|g| (g.group_id.as_str(), &*g.group_state, &*g.protocol_type)).collect();
    assert_eq!(told, [("g", "Empty", "")], "nobody ever joined, so it speaks no protocol");
}

#[tokio::test]
async fn commits_go_with_their_topic_unless_they_are_told_to_stay() {
    let (cluster, mut client) = cluster().await;
    for (name, group) in [("t", "gone"), ("other", "left")] {
        cluster.commit(group, name, 0, 7, "").unwrap();
    }
    cluster.delete_topic("t").unwrap();
    cluster.delete_topic_but_keep_commits("other").unwrap();
    let told = fetch(&mut client, &["gone".into(), "left".into()]).await;
    assert_eq!((told[0].topics.len(), told[1].topics[0].name.as_str()), (0, "other"));
    assert_eq!(told[1].topics[0].partitions[0].committed_offset, 7);
}

#[tokio::test]
async fn a_static_member_is_described_by_its_name() {
    let (_cluster, mut client) = cluster().await;
    join(&mut client, "consumer").await;
    for version in [4, 5, 6] {
        let request = DescribeGroupsRequest::default().with_groups(vec![group("g")]);
        let described = client.ask(version, &request).await;
        assert_eq!(described.groups[0].members[0].group_instance_id, Some(text("sink-1")), "version {version}");
    }
}

/// As many as the largest clusters have; a broker that looked through all for each would make every test of them wait.
#[tokio::test]
async fn five_thousand_groups_are_listed_found_and_fetched() {
    const GROUPS: usize = 5_000;
    let (cluster, mut client) = cluster().await;
    cluster.create_topic("wide", &TopicSpec::new(6)).unwrap();
    let names: Vec<String> = (0..GROUPS).map(|n| format!("group-{n:04}")).collect();
    for (n, name) in names.iter().enumerate() {
        (0..6).for_each(|partition| cluster.commit(name, "wide", partition, n as i64, "").unwrap());
    }
    assert_eq!(client.ask(5, &ListGroupsRequest::default()).await.groups.len(), GROUPS);
    let keys = names.iter().map(|name| text(name)).collect();
    let found = client.ask(4, &FindCoordinatorRequest::default().with_coordinator_keys(keys)).await.coordinators;
    assert!(found.len() == GROUPS && found.iter().all(|place| place.node_id.0 == 1));
    for (round, names) in names.chunks(200).enumerate() {
        for (n, told) in fetch(&mut client, names).await.iter().enumerate() {
            let at: Vec<_> = told.topics[0].partitions.iter().map(|p| p.committed_offset).collect();
            assert_eq!(at, [(round * 200 + n) as i64; 6], "{}", told.group_id.as_str());
        }
    }
}
