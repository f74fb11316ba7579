//! Frames that no client should send end their connection and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // in a test that is the answer

mod client;

use client::{Client, frame, samples};
use kafka_protocol::messages::{ApiKey, MetadataRequest};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::time::Duration;

async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    cluster.create_topic("t", &TopicSpec::new(2)).unwrap();
    cluster
}

async fn assert_well(cluster: &Cluster) {
    let answer = Client::to(cluster, 1).await.ask(9, &MetadataRequest::default()).await;
    assert_eq!(answer.brokers.len(), 1);
}

#[tokio::test]
async fn a_bad_length_ends_the_connection() {
    let cluster = cluster().await;
    let claims: [&[u8]; 4] =
        [&[0xff; 12], &[0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 9, 0, 0, 0, 1], &[0; 4], &[0, 0, 0, 3, 1, 2, 3]];
    for claim in claims {
        let mut client = Client::to(&cluster, 1).await;
        client.send_raw(claim).await;
        client.send_raw(&[0; 16]).await;
        assert_eq!(client.receive_frame().await, None, "{claim:?}");
    }
    assert_well(&cluster).await;
}

#[tokio::test]
async fn an_unknown_api_or_version_ends_the_connection() {
    let cluster = cluster().await;
    for head in [[0x7f, 0xff, 0, 0], [0, 3, 0, 99], [0, 1, 0, 3], [0, 22, 0, 77], [0, 0, 0, 2]] {
        let mut client = Client::to(&cluster, 1).await;
        client.send_frame(&[&head[..], &[0, 0, 0, 1, 0xff, 0xff, 0, 0]].concat()).await;
        assert_eq!(client.receive_frame().await, None, "{head:?}");
    }
    assert_well(&cluster).await;
}

/// The generated decoder asked the system for 200 GB here, and the process was aborted.
#[tokio::test]
async fn an_absurd_array_ends_the_connection_and_not_the_process() {
    let cluster = cluster().await;
    let bodies: [(i16, &[u8]); 3] = [
        (0, &[0x7f, 0xff, 0xff, 0xff, 0, 0]),
        (9, &[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1]),
        (12, &[0xfe, 0xff, 0xff, 0x7f, 1, 1]),
    ];
    for (version, body) in bodies {
        let mut client = Client::to(&cluster, 1).await;
        client.send_frame(&frame(ApiKey::Metadata, version, 1, body)).await;
        assert_eq!(client.receive_frame().await, None, "{body:?}");
    }
    assert_well(&cluster).await;
}

/// Every request of every version, with a few bytes changed, cut or added, against a living cluster.
#[test]
fn mutated_requests_never_end_the_cluster() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cluster = runtime.block_on(cluster());
    let samples = samples::all();
    let change = (any::<prop::sample::Index>(), prop::sample::select(vec![0u8, 1, 2, 0x0f, 0x7f, 0x80, 0xfe, 0xff]));
    let mutation = (any::<prop::sample::Index>(), prop::collection::vec(change, 1..6), any::<prop::sample::Index>());
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&mutation, |(which, changes, cut)| {
        let sample = which.get(&samples);
        let mut frame = frame(sample.api, sample.version, 1, &sample.body);
        for (at, byte) in changes {
            let at = at.index(frame.len().max(9) - 8) + 8; // key, version and correlation id stay
            if let Some(old) = frame.get_mut(at) {
                *old = byte;
            }
        }
        if cut.index(4) == 0 {
            frame.truncate(cut.index(frame.len()).max(8));
        }
        runtime.block_on(async {
            let mut client = Client::to(&cluster, 1).await;
            client.send_frame(&frame).await;
            // An answer or a closed connection; a mutated long poll may rightly wait.
            let _ = tokio::time::timeout(Duration::from_millis(100), client.receive_frame()).await;
        });
        Ok(())
    });
    outcome.unwrap();
    runtime.block_on(assert_well(&cluster));
}
