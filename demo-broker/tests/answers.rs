//! What a client that asks wrongly, or at a bad moment, is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use bytes::Bytes;
use client::{Client, batch, fetch, group, topic};
use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::{
    ApiKey, DeleteTopicsRequest, FindCoordinatorRequest, HeartbeatRequest, ListGroupsRequest, ListOffsetsRequest,
    MetadataRequest, OffsetFetchRequest, list_offsets_request, metadata_request,
};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};

const NOT_LEADER_OR_FOLLOWER: i16 = 6;
const NOT_COORDINATOR: i16 = 16;

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(3).replication(2)).unwrap();
    cluster
}

/// A connection to the leader of partition 0, and the id of a broker that is not.
async fn leader(cluster: &Cluster) -> (Client, i32) {
    let leader = cluster.leader("t", 0).unwrap();
    (Client::to(cluster, leader).await, leader % 3 + 1)
}

async fn list_offset(client: &mut Client, time: i64) -> (i16, i64, i64) {
    let partition = list_offsets_request::ListOffsetsPartition::default().with_timestamp(time);
    let wanted = list_offsets_request::ListOffsetsTopic::default();
    let wanted = wanted.with_name(topic("t")).with_partitions(vec![partition]);
    let answer = client.ask(7, &ListOffsetsRequest::default().with_topics(vec![wanted])).await;
    let row = &answer.topics[0].partitions[0];
    (row.error_code, row.timestamp, row.offset)
}

#[tokio::test]
async fn leaders_are_spread_over_the_brokers() {
    let cluster = cluster().await;
    let mut leaders: Vec<_> = (0..3).map(|p| cluster.leader("t", p).unwrap()).collect();
    leaders.sort_unstable();
    assert_eq!(leaders, [1, 2, 3]);
}

#[tokio::test]
async fn a_broker_that_does_not_lead_says_so_and_names_the_leader() {
    let cluster = cluster().await;
    let (_, other) = leader(&cluster).await;
    let mut client = Client::to(&cluster, other).await;
    assert_eq!(client.produce("t", 0, batch(&[1]).bytes()).await.error_code, NOT_LEADER_OR_FOLLOWER);
    assert_eq!(list_offset(&mut client, -1).await.0, NOT_LEADER_OR_FOLLOWER);
    let fetched = client.fetch("t", 0, 0).await;
    assert_eq!(fetched.error_code, NOT_LEADER_OR_FOLLOWER);
    assert_eq!(Some(fetched.current_leader.leader_id.0), cluster.leader("t", 0));
}

#[tokio::test]
async fn a_broker_that_does_not_coordinate_says_so_and_does_not_list_the_group() {
    let cluster = cluster().await;
    cluster.commit("g", "t", 0, 7, "").unwrap();
    let coordinator = cluster.coordinator("g").unwrap();
    let mut right = Client::to(&cluster, coordinator).await;
    let mut wrong = Client::to(&cluster, coordinator % 3 + 1).await;
    let beat = HeartbeatRequest::default().with_group_id(group("g"));
    assert_eq!(wrong.ask(4, &beat).await.error_code, NOT_COORDINATOR);
    assert_eq!(wrong.ask(5, &ListGroupsRequest::default()).await.groups.len(), 0);
    assert_eq!(right.ask(5, &ListGroupsRequest::default()).await.groups.len(), 1);
    let find = FindCoordinatorRequest::default().with_key(client::text("g"));
    assert_eq!(wrong.ask(3, &find).await.node_id.0, coordinator);
}

#[tokio::test]
async fn commits_come_back_whole_also_for_all_topics() {
    let cluster = cluster().await;
    cluster.commit("g", "t", 1, 7, "where I was").unwrap();
    cluster.commit("g", "deleted", 5, -3, "").unwrap();
    let mut client = Client::to(&cluster, cluster.coordinator("g").unwrap()).await;
    let one = OffsetFetchRequestTopics::default().with_name(topic("t")).with_partition_indexes(vec![0, 1]);
    let ask = |topics| {
        let wanted = OffsetFetchRequestGroup::default().with_group_id(group("g")).with_topics(topics);
        OffsetFetchRequest::default().with_groups(vec![wanted])
    };
    let some = client.ask(8, &ask(Some(vec![one]))).await;
    let rows = &some.groups[0].topics[0].partitions;
    assert_eq!((rows[0].committed_offset, rows[1].committed_offset), (-1, 7));
    assert_eq!(rows[1].metadata.as_deref(), Some("where I was"));
    let all = client.ask(8, &ask(None)).await;
    let named: Vec<_> = all.groups[0].topics.iter().map(|t| (t.name.as_str(), t.partitions.len())).collect();
    assert_eq!(named, [("deleted", 1), ("t", 1)]);
}

#[tokio::test]
async fn deleting_a_topic_takes_its_commits_along() {
    let cluster = cluster().await;
    cluster.commit("g", "t", 0, 7, "").unwrap();
    let mut client = Client::to(&cluster, 1).await;
    let answer = client.ask(4, &DeleteTopicsRequest::default().with_topic_names(vec![topic("t")])).await;
    assert_eq!(answer.responses[0].error_code, 0);
    assert_eq!((cluster.committed("g", "t", 0), cluster.end("t", 0)), (None, None));
}

#[tokio::test]
async fn looking_at_an_unknown_topic_does_not_make_it() {
    let cluster = cluster().await;
    let mut client = Client::to(&cluster, 1).await;
    let wanted = metadata_request::MetadataRequestTopic::default().with_name(Some(topic("new")));
    let request = MetadataRequest::default().with_topics(Some(vec![wanted])).with_allow_auto_topic_creation(true);
    assert_eq!(client.ask(9, &request).await.topics[0].error_code, 3);
    assert_eq!(cluster.end("new", 0), None);

    let creating = Cluster::start(Setup { auto_create: true, ..Setup::default() }).await.unwrap();
    let mut client = Client::to(&creating, 1).await;
    assert_eq!(client.ask(9, &request).await.topics[0].partitions.len(), 1);
}

#[tokio::test]
async fn records_are_found_by_time_and_by_place() {
    let cluster = cluster().await;
    let (mut client, _) = leader(&cluster).await;
    cluster.append("t", 0, batch(&[100, 300]).bytes()).unwrap();
    cluster.append("t", 0, batch(&[500, 200]).bytes()).unwrap();
    assert_eq!(list_offset(&mut client, -1).await, (0, -1, 4));
    assert_eq!(list_offset(&mut client, -2).await, (0, -1, 0));
    assert_eq!(list_offset(&mut client, -3).await, (0, 500, 2));
    assert_eq!(list_offset(&mut client, 101).await, (0, 300, 1));
    assert_eq!(list_offset(&mut client, 501).await, (0, -1, -1));
    cluster.delete_records_before("t", 0, 2).unwrap();
    assert_eq!(list_offset(&mut client, 101).await, (0, 500, 2));
}

#[tokio::test]
async fn a_fetch_outside_of_the_log_is_out_of_range() {
    let cluster = cluster().await;
    let (mut client, _) = leader(&cluster).await;
    cluster.append("t", 0, batch(&[1, 2, 3]).bytes()).unwrap();
    cluster.delete_records_before("t", 0, 1).unwrap();
    assert_eq!(client.fetch("t", 0, 0).await.error_code, 1);
    assert_eq!(client.fetch("t", 0, 4).await.error_code, 1);
    let end = client.fetch("t", 0, 3).await;
    assert_eq!((end.error_code, end.high_watermark, end.log_start_offset), (0, 3, 1));
}

#[tokio::test]
async fn a_batch_that_is_too_large_or_damaged_is_refused() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1).config("max.message.bytes", "200")).unwrap();
    let (mut client, _) = leader(&cluster).await;
    let large = batch(&[1; 20]).bytes();
    assert!(large.len() > 200);
    assert_eq!(client.produce("t", 0, large).await.error_code, 10);
    let mut damaged = batch(&[1]).bytes().to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(client.produce("t", 0, damaged.into()).await.error_code, 2);
    assert_eq!(client.produce("t", 0, Bytes::from_static(b"no batch")).await.error_code, 2);
    assert_eq!(cluster.end("t", 0), Some(0));
}

#[tokio::test]
async fn an_idempotent_producer_may_repeat_itself_but_not_skip() {
    let cluster = cluster().await;
    let (mut client, _) = leader(&cluster).await;
    let mut send = async |sequence: i32| {
        let answer = client.produce("t", 0, batch(&[1, 2]).producer(9, sequence).bytes()).await;
        (answer.error_code, answer.base_offset)
    };
    assert_eq!(send(0).await, (0, 0));
    assert_eq!(send(2).await, (0, 2));
    assert_eq!(send(0).await, (0, 0), "a duplicate gets its first offset");
    assert_eq!(send(6).await, (45, -1), "a gap is out of order");
    assert_eq!(send(4).await, (0, 4));
    assert_eq!(cluster.end("t", 0), Some(6));
}

#[tokio::test]
async fn append_time_wins_where_the_topic_says_so() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1).config("message.timestamp.type", "LogAppendTime")).unwrap();
    let (mut client, _) = leader(&cluster).await;
    let stamped = client.produce("t", 0, batch(&[1, 2]).bytes()).await.log_append_time_ms;
    assert!(stamped > 1_600_000_000_000);
    assert_eq!(list_offset(&mut client, 3).await, (0, stamped, 0));
    let kept = client.fetch("t", 0, 0).await.records.unwrap();
    cluster.append("t", 0, kept).expect("the stamped batch has a right checksum");
}

#[tokio::test]
async fn retention_evicts_whole_batches() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    let size = batch(&[1, 2]).bytes().len();
    cluster.create_topic("t", &TopicSpec::new(1).config("retention.bytes", (2 * size).to_string())).unwrap();
    for _ in 0..5 {
        cluster.append("t", 0, batch(&[1, 2]).bytes()).unwrap();
    }
    assert_eq!((cluster.start_offset("t", 0), cluster.end("t", 0)), (Some(6), Some(10)));
}

#[tokio::test]
async fn a_full_cluster_takes_no_more() {
    let cluster = Cluster::start(Setup { memory: 100, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1)).unwrap();
    let (mut client, _) = leader(&cluster).await;
    assert_eq!(client.produce("t", 0, batch(&[1]).bytes()).await.error_code, 0);
    assert_eq!(client.produce("t", 0, batch(&[1]).bytes()).await.error_code, 44);
    assert_eq!(cluster.append("t", 0, batch(&[1]).bytes()).map_err(|e| e.code), Err(44));
}

#[tokio::test]
async fn what_is_open_or_aborted_shows_to_readers_of_committed_records() {
    let cluster = cluster().await;
    let (mut client, _) = leader(&cluster).await;
    let marker = |producer, commit| batch(&[1]).transactional(producer).marker(commit).bytes();
    cluster.append("t", 0, batch(&[1, 2]).transactional(7).bytes()).unwrap(); // 0, 1
    cluster.append("t", 0, marker(7, false)).unwrap(); // 2
    cluster.append("t", 0, batch(&[3]).transactional(8).bytes()).unwrap(); // 3
    cluster.append("t", 0, marker(8, true)).unwrap(); // 4
    cluster.append("t", 0, batch(&[4]).transactional(9).bytes()).unwrap(); // 5, stays open
    let plain = client.fetch("t", 0, 0).await;
    assert_eq!((plain.high_watermark, plain.last_stable_offset, plain.aborted_transactions), (6, 5, None));
    let answer = client.ask(12, &fetch("t", 0, 0).with_isolation_level(1)).await;
    let row = &answer.responses[0].partitions[0];
    let aborted: Vec<_> =
        row.aborted_transactions.iter().flatten().map(|a| (a.producer_id.0, a.first_offset)).collect();
    assert_eq!(aborted, [(7, 0)]);
    assert!(row.records.as_ref().unwrap().len() < plain.records.unwrap().len(), "the open transaction is held back");
}

#[tokio::test]
async fn a_hole_moves_the_next_offset() {
    let cluster = cluster().await;
    cluster.append("t", 0, batch(&[1]).bytes()).unwrap();
    cluster.skip_to("t", 0, 1_000).unwrap();
    assert_eq!(cluster.append("t", 0, batch(&[2]).bytes()), Ok(1_000));
    let (mut client, _) = leader(&cluster).await;
    assert_eq!(list_offset(&mut client, 2).await, (0, 2, 1_000));
    assert!(!client.fetch("t", 0, 500).await.records.unwrap().is_empty());
}

#[tokio::test]
async fn requests_are_noted_with_who_asked_what() {
    let cluster = cluster().await;
    let (mut client, _) = leader(&cluster).await;
    client.fetch("t", 0, 0).await;
    let seen = cluster.requests();
    let leader = cluster.leader("t", 0).unwrap();
    let first = &seen[0];
    assert_eq!((first.broker, first.api, first.version), (leader, ApiKey::Fetch, 12));
    assert_eq!(first.client_id, "tester");
    cluster.clear_requests();
    assert!(cluster.requests().is_empty());
}
