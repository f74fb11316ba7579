//! Every version of every API that ApiVersions lists is answered, and the answer can be read to its last byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use client::{Client, frame, samples};
use kafka_protocol::messages::{ApiKey, ApiVersionsRequest};
use kafscope_demo_broker::{Cluster, Force, Setup, TopicSpec};
use std::collections::BTreeMap;

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    cluster
}

#[tokio::test]
async fn every_listed_version_is_answered() {
    let cluster = cluster().await;
    for sample in samples::all() {
        let what = format!("{:?} v{}", sample.api, sample.version);
        let mut client = Client::to(&cluster, 1).await;
        client.send_frame(&frame(sample.api, sample.version, 7, &sample.body)).await;
        let answer = client.receive_frame().await.unwrap_or_else(|| panic!("{what}: hung up"));
        assert_eq!(answer[..4], [0, 0, 0, 7], "{what}");
        (sample.read)(answer, sample.version).unwrap_or_else(|e| panic!("{what}: {e}"));
    }
}

#[tokio::test]
async fn the_samples_are_what_is_listed() {
    let cluster = cluster().await;
    let listed = Client::to(&cluster, 1).await.ask(3, &ApiVersionsRequest::default()).await;
    let mut sampled: BTreeMap<i16, (i16, i16)> = BTreeMap::new();
    for sample in samples::all() {
        let range = sampled.entry(sample.api as i16).or_insert((sample.version, sample.version));
        range.1 = sample.version;
    }
    sampled.insert(ApiKey::Produce as i16, (0, 13)); // listed from 0 as Kafka 4 does, taken from 3
    let listed: BTreeMap<_, _> = listed.api_keys.iter().map(|a| (a.api_key, (a.min_version, a.max_version))).collect();
    assert_eq!(listed, sampled);
}

#[tokio::test]
async fn a_version_from_the_future_is_answered_with_a_list_that_everybody_can_read() {
    let cluster = cluster().await;
    let mut client = Client::to(&cluster, 1).await;
    client.send_frame(&[0, 18, 0, 99, 0, 0, 0, 0, 1, 2, 3]).await;
    let answer = client.receive::<ApiVersionsRequest>(0).await.unwrap();
    assert_eq!(answer.error_code, 35);
    assert!(answer.api_keys.iter().any(|a| a.api_key == ApiKey::ApiVersions as i16 && a.max_version == 4));
    assert_eq!(client.ask(4, &ApiVersionsRequest::default()).await.error_code, 0);
}

#[tokio::test]
async fn a_hidden_api_is_not_listed_and_a_capped_one_looks_old() {
    let cluster = cluster().await;
    cluster.force(Force::hide(ApiKey::DescribeCluster));
    cluster.force(Force::cap(ApiKey::OffsetFetch, 7));
    let mut client = Client::to(&cluster, 1).await;
    let listed = client.ask(3, &ApiVersionsRequest::default()).await.api_keys;
    assert!(!listed.iter().any(|a| a.api_key == ApiKey::DescribeCluster as i16));
    assert_eq!(listed.iter().find(|a| a.api_key == ApiKey::OffsetFetch as i16).map(|a| a.max_version), Some(7));
    client.send_frame(&frame(ApiKey::DescribeCluster, 0, 2, &[0, 0])).await;
    assert_eq!(client.receive_frame().await, None);
}
