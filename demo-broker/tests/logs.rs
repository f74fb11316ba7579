//! Logs that are not plain: what readers of open and aborted transactions, of holes and of compacted topics are told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use client::{Client, batch, fetch, topic};
use kafka_protocol::messages::ListOffsetsRequest;
use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafscope_demo_broker::batch::{Clock, Codec, Record, write};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1)).unwrap();
    cluster
}

async fn leader(cluster: &Cluster) -> Client {
    Client::to(cluster, cluster.leader("t", 0).unwrap()).await
}

fn list_request(time: i64) -> ListOffsetsRequest {
    let partition = ListOffsetsPartition::default().with_timestamp(time);
    let wanted = ListOffsetsTopic::default().with_name(topic("t")).with_partitions(vec![partition]);
    ListOffsetsRequest::default().with_topics(vec![wanted])
}

/// A reader that got one of two aborted transactions is told of that one.
#[tokio::test]
async fn only_the_aborted_transactions_of_the_records_that_are_sent_are_told() {
    let cluster = cluster().await;
    let mut client = leader(&cluster).await;
    for producer in [7, 8] {
        cluster.append("t", 0, batch(&[1]).transactional(producer).bytes()).unwrap();
        cluster.append("t", 0, batch(&[1]).transactional(producer).marker(false).bytes()).unwrap();
    }
    let mut told = async |offset, max_bytes| -> Vec<i64> {
        let request = fetch("t", 0, offset).with_isolation_level(1).with_max_bytes(max_bytes);
        let answer = client.ask(12, &request).await;
        let row = &answer.responses[0].partitions[0];
        row.aborted_transactions.iter().flatten().map(|a| a.producer_id.0).collect()
    };
    assert_eq!(told(0, 1).await, [7], "one batch");
    assert_eq!(told(1, 1).await, [7], "its marker");
    assert_eq!(told(2, 1).await, [8]);
    assert_eq!(told(0, 1 << 20).await, [7, 8]);
    assert_eq!(told(4, 1 << 20).await, [0_i64; 0]);
}

#[tokio::test]
async fn a_reader_of_committed_records_finds_the_stable_end_and_no_later_record_by_time() {
    let cluster = cluster().await;
    let mut client = leader(&cluster).await;
    cluster.append("t", 0, batch(&[100]).bytes()).unwrap();
    cluster.append("t", 0, batch(&[200]).transactional(7).bytes()).unwrap();
    let mut ask = async |time, isolation| {
        let answer = client.ask(7, &list_request(time).with_isolation_level(isolation)).await;
        answer.topics[0].partitions[0].offset
    };
    assert_eq!((ask(-1, 0).await, ask(-1, 1).await), (2, 1));
    assert_eq!((ask(150, 0).await, ask(150, 1).await), (1, -1));
    assert_eq!((ask(50, 0).await, ask(50, 1).await), (0, 0));
    assert_eq!((ask(-3, 0).await, ask(-3, 1).await), (1, -1));
}

#[tokio::test]
async fn a_hole_at_the_end_gives_nothing_and_an_end_beyond_it() {
    let cluster = cluster().await;
    cluster.append("t", 0, batch(&[1]).bytes()).unwrap();
    cluster.skip_to("t", 0, 1_000).unwrap();
    let mut client = leader(&cluster).await;
    for offset in [1, 500, 1_000] {
        let row = client.fetch("t", 0, offset).await;
        assert_eq!((row.error_code, row.high_watermark, row.records.unwrap().len()), (0, 1_000, 0), "at {offset}");
    }
}

/// Else the updates of a demo that is left alone would fill the cluster: no retention is on a compacted topic.
#[tokio::test]
async fn a_compacted_topic_forgets_writes_that_came_again_once_there_are_many() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1).config("cleanup.policy", "compact")).unwrap();
    let update = |n: i64| {
        let key = if n == 0 { "written once".to_owned() } else { format!("key {}", n % 10) };
        let record = Record::at(n).key(key).value(vec![b'x'; 10_000]);
        cluster.append("t", 0, write(&[record], Codec::None, Clock::Producer).unwrap()).unwrap()
    };
    assert_eq!((0..500).map(update).last(), Some(499), "offsets go on");
    let mut client = leader(&cluster).await;
    let (mut next, mut left) = (0, Vec::new());
    while next < 500 {
        let request = fetch("t", 0, next).with_max_bytes(1); // one batch, which is one record
        let answer = client.ask(12, &request).await;
        let records = answer.responses[0].partitions[0].records.clone().unwrap();
        left.push(i64::from_be_bytes(records[..8].try_into().unwrap()));
        next = left[left.len() - 1] + 1;
    }
    assert!(left.len() < 150, "{} of 500 are left", left.len());
    assert_eq!(left[0], 0, "the newest write of a key stays however old it is");
}
