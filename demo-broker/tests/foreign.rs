//! librdkafka, a client that is not ours, finds a cluster it can work with. Some of its calls block, hence the threads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use client::batch;
use futures_util::future::join_all;
use kafscope_demo_broker::{ApiKey, Cluster, Setup, TopicSpec};
use rdkafka::ClientConfig;
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{Offset, TopicPartitionList};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(3).replication(3)).unwrap();
    cluster
}

fn config(cluster: &Cluster) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap()).set("topic.metadata.refresh.interval.ms", "1000");
    config
}

fn producer(cluster: &Cluster, codec: &str) -> FutureProducer {
    let mut config = config(cluster);
    config.set("enable.idempotence", "true").set("compression.type", codec).set("partitioner", "murmur2_random");
    config.create().unwrap()
}

fn consumer(cluster: &Cluster, group: &str) -> StreamConsumer {
    let mut config = config(cluster);
    config.set("group.id", group).set("auto.offset.reset", "earliest").set("enable.auto.commit", "false");
    config
        .set("session.timeout.ms", "6000")
        .set("heartbeat.interval.ms", "100")
        .set("isolation.level", "read_committed");
    config.create().unwrap()
}

async fn take(consumer: &StreamConsumer, n: usize) -> Vec<OwnedMessage> {
    let mut taken = Vec::new();
    while taken.len() < n {
        let next = tokio::time::timeout(PATIENCE, consumer.recv()).await.expect("records in time");
        taken.push(next.unwrap().detach());
    }
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_comes_back_to_the_last_header() {
    let cluster = cluster().await;
    let header = |key, value| Header { key, value };
    let headers = OwnedHeaders::new()
        .insert(header("tag", Some("one")))
        .insert(header("tag", Some("two")))
        .insert(header("none", None))
        .insert(header("empty", Some("")));
    let record = FutureRecord::to("t").key("k").payload("v").headers(headers).timestamp(1_234);
    let sent = producer(&cluster, "none").send(record, PATIENCE).await.unwrap();
    assert_eq!(cluster.end("t", sent.partition), Some(1));

    let consumer = consumer(&cluster, "g");
    consumer.subscribe(&["t"]).unwrap();
    let record = take(&consumer, 1).await.remove(0);
    assert_eq!((record.key(), record.payload()), (Some(&b"k"[..]), Some(&b"v"[..])));
    assert_eq!((record.offset(), record.timestamp().to_millis()), (sent.offset, Some(1_234)));
    let seen: Vec<_> =
        record.headers().unwrap().iter().map(|h| (h.key.to_owned(), h.value.map(<[u8]>::to_vec))).collect();
    let expected = [("tag", Some("one")), ("tag", Some("two")), ("none", None), ("empty", Some(""))];
    let expected = expected.map(|(k, v)| (k.to_owned(), v.map(|v| v.as_bytes().to_vec())));
    assert_eq!(seen, expected);

    let mut commit = TopicPartitionList::new();
    commit.add_partition_offset("t", sent.partition, Offset::Offset(1)).unwrap();
    consumer.commit(&commit, CommitMode::Sync).unwrap();
    assert_eq!(cluster.committed("g", "t", sent.partition), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_members_share_the_partitions_and_one_takes_over() {
    let cluster = cluster().await;
    for partition in 0..3 {
        cluster.append("t", partition, batch(&[1]).bytes()).unwrap();
    }
    let (one, two) = (consumer(&cluster, "g"), consumer(&cluster, "g"));
    one.subscribe(&["t"]).unwrap();
    two.subscribe(&["t"]).unwrap();
    let both = async {
        let (a, b) = tokio::join!(take(&one, 1), take(&two, 1));
        a.len() + b.len()
    };
    assert_eq!(both.await, 2, "each has something to read");
    drop(two);
    let partitions = async {
        while one.assignment().unwrap().count() < 3 {
            let _ = tokio::time::timeout(Duration::from_millis(50), one.recv()).await;
        }
    };
    tokio::time::timeout(PATIENCE, partitions).await.expect("the one that stays reads all");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_by_time_in_every_codec() {
    let cluster = cluster().await;
    for (partition, codec) in (0..).zip(["none", "gzip", "snappy", "lz4", "zstd"]) {
        let name = format!("in-{codec}");
        cluster.create_topic(&name, &TopicSpec::new(1)).unwrap();
        let producer = producer(&cluster, codec);
        let value = "compressible ".repeat(20);
        let send = |time| producer.send(FutureRecord::<(), _>::to(&name).payload(&value).timestamp(time), PATIENCE);
        for sent in join_all([100, 200, 300].map(send)).await {
            sent.unwrap();
        }
        let consumer = consumer(&cluster, &format!("g{partition}"));
        let mut times = TopicPartitionList::new();
        times.add_partition_offset(&name, 0, Offset::Offset(150)).unwrap();
        let found = consumer.offsets_for_times(times, PATIENCE).unwrap();
        assert_eq!(found.elements()[0].offset(), Offset::Offset(1), "{codec}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_committed_records_sees_neither_aborted_nor_open_ones() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(1)).unwrap();
    let marker = |producer, commit| batch(&[1]).transactional(producer).marker(commit).bytes();
    let append = |bytes| cluster.append("t", 0, bytes).unwrap();
    append(batch(&[1]).transactional(7).bytes()); // 0
    append(marker(7, false)); // 1
    append(batch(&[2]).transactional(7).bytes()); // 2
    append(marker(7, true)); // 3
    append(batch(&[3]).bytes()); // 4
    append(batch(&[4]).transactional(8).bytes()); // 5, open
    append(batch(&[5]).bytes()); // 6
    let consumer = consumer(&cluster, "g");
    consumer.subscribe(&["t"]).unwrap();
    let offsets: Vec<_> = take(&consumer, 2).await.iter().map(Message::offset).collect();
    assert_eq!(offsets, [2, 4]);
    append(marker(8, true)); // 7
    let offsets: Vec<_> = take(&consumer, 2).await.iter().map(Message::offset).collect();
    assert_eq!(offsets, [5, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_survives_the_leader() {
    let cluster = cluster().await;
    let producer = producer(&cluster, "none");
    let send = async || producer.send(FutureRecord::to("t").key("k").payload("v"), PATIENCE).await.unwrap();
    let first = send().await;
    let before = cluster.leader("t", first.partition).unwrap();
    cluster.stop_broker(before).await;
    assert_eq!(send().await.offset, first.offset + 1);
    cluster.restart_broker(before).await.unwrap();
    assert_eq!(send().await.offset, first.offset + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_metadata_joins_no_group_and_commits_nothing() {
    let cluster = cluster().await;
    let consumer = consumer(&cluster, "g");
    consumer.fetch_metadata(Some("t"), PATIENCE).unwrap();
    consumer.fetch_watermarks("t", 0, PATIENCE).unwrap();
    let asked: Vec<_> = cluster.requests().into_iter().map(|r| r.api).collect();
    assert!(asked.contains(&ApiKey::ListOffsets));
    assert!(!asked.contains(&ApiKey::JoinGroup) && !asked.contains(&ApiKey::OffsetCommit));
}
