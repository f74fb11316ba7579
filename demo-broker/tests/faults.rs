//! Faults on demand: forced answers, brokers that stop and come back, long polls that wake.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use bytes::Bytes;
use client::{Client, batch, fetch};
use kafka_protocol::messages::{ApiKey, FetchRequest, FetchResponse, ListGroupsRequest, MetadataRequest};
use kafscope_demo_broker::batch::Record;
use kafscope_demo_broker::prepared::Prepared;
use kafscope_demo_broker::{Cluster, Damage, Force, Setup, TopicSpec};
use std::time::Duration;

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(3).replication(3)).unwrap();
    cluster
}

async fn leader(cluster: &Cluster) -> Client {
    Client::to(cluster, cluster.leader("t", 0).unwrap()).await
}

/// Far more than a woken poll takes and far less than one that was not woken.
const PATIENCE: Duration = Duration::from_secs(20);

async fn woken(mut client: Client) -> FetchResponse {
    let answer = tokio::time::timeout(PATIENCE, client.receive::<FetchRequest>(12)).await;
    answer.expect("the poll was not woken").unwrap()
}

/// Waits far longer than the test may take, for one byte.
fn long_poll() -> FetchRequest {
    fetch("t", 0, 0).with_max_wait_ms(250_000).with_min_bytes(1)
}

#[tokio::test]
async fn a_long_poll_wakes_when_records_come() {
    let cluster = cluster().await;
    let mut client = leader(&cluster).await;
    client.send(12, &long_poll()).await;
    cluster.asked(ApiKey::Fetch).await;
    cluster.append("t", 0, batch(&[1]).bytes()).unwrap();
    let answer = woken(client).await;
    assert!(!answer.responses[0].partitions[0].records.as_ref().unwrap().is_empty());
}

#[tokio::test]
async fn a_long_poll_wakes_when_the_leader_moves() {
    let cluster = cluster().await;
    let mut client = leader(&cluster).await;
    client.send(12, &long_poll()).await;
    cluster.asked(ApiKey::Fetch).await;
    cluster.set_leader("t", 0, None).unwrap();
    let answer = woken(client).await;
    assert_eq!(answer.responses[0].partitions[0].error_code, 6);
}

#[tokio::test]
async fn a_long_poll_of_nothing_ends_in_time() {
    let cluster = cluster().await;
    let mut client = leader(&cluster).await;
    let answer = client.ask(12, &long_poll().with_max_wait_ms(20)).await;
    assert_eq!(answer.responses[0].partitions[0].error_code, 0);
}

#[tokio::test]
async fn an_error_is_forced_so_often_and_not_more_even_one_that_nobody_knows() {
    let cluster = cluster().await;
    cluster.append("t", 0, batch(&[1]).bytes()).unwrap();
    cluster.force(Force::error(ApiKey::Fetch, 1234).times(2));
    let mut client = leader(&cluster).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(client.fetch("t", 0, 0).await.error_code);
    }
    assert_eq!(codes, [1234, 1234, 0]);
}

#[tokio::test]
async fn an_error_forced_on_a_partition_leaves_the_others_alone() {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    cluster.force(Force::error(ApiKey::Produce, 7).topic("t").partition(1));
    let mut client = Client::to(&cluster, 1).await;
    assert_eq!(client.produce("t", 0, batch(&[1]).bytes()).await.error_code, 0);
    assert_eq!(client.produce("t", 1, batch(&[1]).bytes()).await.error_code, 7);
    assert_eq!(cluster.end("t", 1), Some(0), "an error means that nothing was done");
    cluster.unforce();
    assert_eq!(client.produce("t", 1, batch(&[1]).bytes()).await.error_code, 0);
}

#[tokio::test]
async fn an_error_forced_on_a_group_is_told_where_the_group_is_listed_alone() {
    let cluster = cluster().await;
    cluster.force(Force::error(ApiKey::ListGroups, 14).at(2));
    let mut two = Client::to(&cluster, 2).await;
    let mut three = Client::to(&cluster, 3).await;
    assert_eq!(two.ask(5, &ListGroupsRequest::default()).await.error_code, 14);
    assert_eq!(three.ask(5, &ListGroupsRequest::default()).await.error_code, 0);
}

#[tokio::test]
async fn a_cut_request_ends_the_connection_and_the_next_one_is_fine() {
    let cluster = cluster().await;
    cluster.force(Force::cut(ApiKey::Metadata).times(1));
    let mut client = Client::to(&cluster, 1).await;
    client.send(9, &MetadataRequest::default()).await;
    assert!(client.receive::<MetadataRequest>(9).await.is_none());
    let mut client = Client::to(&cluster, 1).await;
    assert_eq!(client.ask(9, &MetadataRequest::default()).await.brokers.len(), 3);
}

/// The length field of the answer is there, and a part of what it announces.
#[tokio::test]
async fn an_answer_can_be_cut_in_the_middle() {
    let cluster = cluster().await;
    cluster.force(Force::cut_after(ApiKey::Metadata, 30).times(1));
    let mut client = Client::to(&cluster, 1).await;
    client.send(9, &MetadataRequest::default()).await;
    let got = client.receive_rest().await;
    assert_eq!(got.len(), 30);
    assert!(i32::from_be_bytes(got[..4].try_into().unwrap()) > 26);
    let mut client = Client::to(&cluster, 1).await;
    assert_eq!(client.ask(9, &MetadataRequest::default()).await.brokers.len(), 3);
}

#[tokio::test]
async fn records_can_be_torn_at_the_end_of_one_partition_only() {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    let size = batch(&[1]).bytes().len();
    for partition in [0, 0, 1] {
        cluster.append("t", partition, batch(&[1]).bytes()).unwrap();
    }
    cluster.force(Force::tear(10).topic("t").partition(0).times(1));
    let mut client = Client::to(&cluster, 1).await;
    let mut sizes = Vec::new();
    for (partition, offset) in [(1, 0), (0, 2), (0, 0), (0, 0)] {
        sizes.push(client.fetch("t", partition, offset).await.records.unwrap().len());
    }
    assert_eq!(sizes, [size, 0, 2 * size - 10, 2 * size], "an answer without records does not count");
}

#[tokio::test]
async fn a_stored_batch_can_be_spoiled_and_the_others_stay() {
    let cluster = cluster().await;
    for _ in 0..3 {
        cluster.append("t", 0, batch(&[1, 2]).bytes()).unwrap();
    }
    let mut client = leader(&cluster).await;
    let sound = client.fetch("t", 0, 0).await.records.unwrap();
    let size = sound.len() / 3;
    let kinds = [Damage::Checksum, Damage::Codec(7), Damage::Count(i32::MAX), Damage::Length(3), Damage::Records];
    for damage in kinds {
        cluster.create_topic("spoiled", &TopicSpec::new(1)).unwrap();
        cluster.append("spoiled", 0, sound.clone()).unwrap();
        cluster.damage("spoiled", 0, 3, damage).unwrap();
        let leader = cluster.leader("spoiled", 0).unwrap();
        let read = Client::to(&cluster, leader).await.fetch("spoiled", 0, 0).await.records.unwrap();
        assert_eq!((&read[..size], &read[2 * size..]), (&sound[..size], &sound[2 * size..]), "{damage:?}");
        assert_ne!(read[size..2 * size], sound[size..2 * size], "{damage:?}");
        let crc = u32::from_be_bytes(read[size + 17..size + 21].try_into().unwrap());
        let right = crc == crc32c::crc32c(&read[size + 21..2 * size]);
        assert_eq!(right, damage != Damage::Checksum, "{damage:?}");
        cluster.delete_topic("spoiled").unwrap();
    }
    assert_eq!(cluster.damage("t", 0, 6, Damage::Checksum).map_err(|e| e.code), Err(1), "there is no such batch");
}

/// 300 MB of zeros in a batch of a few kilobytes, with a right checksum.
#[tokio::test]
async fn a_bomb_can_be_stored() {
    let cluster = cluster().await;
    let value = vec![Bytes::from(vec![0; 1 << 20]); 300];
    let bomb = Prepared::Long { record: Record::at(1), value }.write().unwrap();
    cluster.append("t", 0, bomb).unwrap();
    assert!(leader(&cluster).await.fetch("t", 0, 0).await.records.unwrap().len() < 64 << 10);
}

/// As long as a reader keeps the id it was told, it can notice.
#[tokio::test]
async fn a_topic_made_again_has_another_id_and_begins_at_0() {
    let cluster = cluster().await;
    cluster.append("t", 0, batch(&[1]).bytes()).unwrap();
    let id = async || {
        let answer = Client::to(&cluster, 1).await.ask(12, &MetadataRequest::default().with_topics(None)).await;
        answer.topics[0].topic_id
    };
    let before = id().await;
    cluster.delete_topic("t").unwrap();
    cluster.create_topic("t", &TopicSpec::new(3).replication(3)).unwrap();
    assert_ne!(id().await, before);
    assert_eq!((cluster.start_offset("t", 0), cluster.end("t", 0)), (Some(0), Some(0)));
}

#[tokio::test]
async fn a_hanging_request_is_never_answered_but_others_are() {
    let cluster = cluster().await;
    cluster.force(Force::hang(ApiKey::Metadata).at(1));
    let mut hung = Client::to(&cluster, 1).await;
    hung.send(9, &MetadataRequest::default()).await;
    cluster.asked(ApiKey::Metadata).await;
    let mut other = Client::to(&cluster, 1).await;
    other.ask(5, &ListGroupsRequest::default()).await;
    let waited = tokio::time::timeout(Duration::from_millis(50), hung.receive_frame()).await;
    assert!(waited.is_err(), "neither answered nor closed");
}

#[tokio::test]
async fn a_delayed_request_is_answered_late() {
    let cluster = cluster().await;
    cluster.force(Force::delay(ApiKey::Metadata, Duration::from_millis(60)).times(1));
    let mut client = Client::to(&cluster, 1).await;
    let begin = std::time::Instant::now();
    client.ask(9, &MetadataRequest::default()).await;
    assert!(begin.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn a_stopped_broker_hangs_up_and_others_take_over() {
    let cluster = cluster().await;
    let before = cluster.leader("t", 0).unwrap();
    let mut client = Client::to(&cluster, before).await;
    client.ask(9, &MetadataRequest::default()).await;
    cluster.stop_broker(before).await;
    assert_eq!(client.receive_frame().await, None);
    let address = cluster.address(before).unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "its port is closed");
    let now = cluster.leader("t", 0).unwrap();
    assert_ne!(now, before);
    assert_eq!(Client::to(&cluster, now).await.fetch("t", 0, 0).await.error_code, 0);

    cluster.restart_broker(before).await.unwrap();
    assert_eq!(cluster.address(before), Some(address));
    let brokers = Client::to(&cluster, before).await.ask(9, &MetadataRequest::default()).await.brokers;
    assert_eq!(brokers.len(), 3);
}

#[tokio::test]
async fn a_broker_may_leave_its_partitions_leaderless_until_it_is_back() {
    let cluster = cluster().await;
    let id = cluster.leader("t", 0).unwrap();
    cluster.stop_broker_leaderless(id).await;
    assert_eq!(cluster.leader("t", 0), None);
    let mut client = Client::to(&cluster, id % 3 + 1).await;
    let answer = client.ask(9, &MetadataRequest::default().with_topics(None)).await;
    let partition = &answer.topics[0].partitions[0];
    assert_eq!((partition.error_code, partition.leader_id.0), (5, -1));
    assert_eq!(partition.offline_replicas.len(), 1);
    cluster.restart_broker(id).await.unwrap();
    assert_eq!(cluster.leader("t", 0), Some(id));
}

#[tokio::test]
async fn a_group_moves_to_a_live_broker() {
    let cluster = cluster().await;
    let before = cluster.coordinator("g").unwrap();
    cluster.stop_broker(before).await;
    assert_ne!(cluster.coordinator("g").unwrap(), before);
}

#[tokio::test]
async fn shutting_down_closes_the_ports() {
    let cluster = cluster().await;
    let address = cluster.address(1).unwrap();
    cluster.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
