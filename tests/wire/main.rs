//! What a port may do to us, on real sockets: speak something else, say nothing, lie, break off.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
mod asks;
mod groups;
mod port;
mod reset;
mod stage;
mod strangers;

use kafka_protocol::{
    messages::{ApiVersionsResponse, ListGroupsResponse, MetadataResponse},
    protocol::StrBytes,
};
use kafscope::{
    failure::Failure,
    kafka::wire::{Cause, Cluster, Settings},
};
use port::{Port, Wire, frame, versions};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

pub fn cluster(bootstrap: &[String]) -> Arc<Cluster> {
    let settings = Settings { bootstrap: bootstrap.to_vec(), timeout: Duration::from_secs(5), ..Settings::default() };
    Arc::new(Cluster::new(settings).unwrap())
}

pub async fn cause(port: &Port) -> Cause {
    cluster(&[port.address()]).refresh().await.unwrap_err().cause
}

/// A port nobody listens on: one that was ours until a moment ago.
async fn closed_port() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn t30_nobody_listening_names_the_address_and_the_next_step() {
    let address = closed_port().await;
    let failure = Failure::from(cluster(std::slice::from_ref(&address)).refresh().await.unwrap_err());
    assert_eq!(failure.attempted, format!("connecting to {address}"));
    assert_eq!(failure.answered, "connection refused");
    assert_eq!(failure.advice, "is Kafka running there? try -b HOST:PORT");
}

#[tokio::test]
async fn t30_a_broker_that_comes_back_is_seen_without_a_restart() {
    let address = closed_port().await;
    let cluster = cluster(std::slice::from_ref(&address));
    cluster.refresh().await.unwrap_err();
    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        Wire::over(stream).serve().await
    });
    let back = async {
        while cluster.refresh().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), back).await.expect("the pause between tries is at most 1 s");
    served.abort();
}

/// Brokers before 2.4 refuse our version of ApiVersions with error 35, written in version 0.
#[tokio::test]
async fn an_old_broker_is_asked_again_on_the_same_connection() {
    let port = Port::open(async |mut wire: Wire, _| {
        let first = wire.request().await?;
        let refusal: ApiVersionsResponse = versions(&[(18, 0, 2)]).with_error_code(35);
        wire.say(&frame(&first, 0, &refusal)).await?;
        let second = wire.request().await?;
        assert_eq!(second.version, 2);
        wire.serve_one(&second).await?;
        wire.serve().await
    })
    .await;
    assert_eq!(cluster(&[port.address()]).refresh().await.unwrap().broker_ids(), [1]);
    assert_eq!(port.connections(), 1);
}

#[tokio::test]
async fn answers_in_single_bytes_are_put_together() {
    let port = Port::open(async |mut wire: Wire, _| {
        loop {
            let request = wire.request().await?;
            let answer = match request.key {
                18 => frame(&request, request.version, &versions(&[(3, 0, 9), (18, 0, 3)])),
                _ => frame(&request, request.version, &wire.metadata()),
            };
            for byte in answer {
                wire.say(&[byte]).await?;
                tokio::task::yield_now().await;
            }
        }
    })
    .await;
    assert_eq!(cluster(&[port.address()]).refresh().await.unwrap().broker_ids(), [1]);
}

#[tokio::test]
async fn an_answer_to_another_question_ends_the_connection() {
    let port = Port::open(async |mut wire: Wire, _| {
        let first = wire.request().await?;
        wire.serve_one(&first).await?;
        let mut second = wire.request().await?;
        second.id += 1;
        wire.serve_one(&second).await
    })
    .await;
    let cause = cause(&port).await;
    assert!(matches!(&cause, Cause::Garbled(why) if why.contains("belongs to request 3, and 2 was due")), "{cause:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_off_mid_frame_fails_all_who_wait_with_the_reason() {
    let port = Port::open(async |mut wire: Wire, _| {
        let first = wire.request().await?;
        wire.serve_one(&first).await?;
        let (second, _, _) = (wire.request().await?, wire.request().await?, wire.request().await?);
        let answer = frame(&second, second.version, &wire.metadata());
        wire.say(&answer[..answer.len() / 2]).await
    })
    .await;
    let cluster = cluster(&[port.address()]);
    let connection = cluster.any().await.unwrap();
    let request = kafka_protocol::messages::MetadataRequest::default();
    let (a, b, c) = tokio::join!(connection.call(&request), connection.call(&request), connection.call(&request));
    for answer in [a, b, c] {
        assert_eq!(answer.unwrap_err().cause, Cause::Cut);
    }
    assert!(connection.is_dead());
}

/// A laptop slept, a firewall forgot: the first question on an idle connection finds it dead.
#[tokio::test]
async fn a_question_on_a_dead_idle_connection_is_asked_again_on_a_fresh_one() {
    let port = Port::open(async |mut wire: Wire, nth| {
        if nth > 0 {
            return wire.serve().await;
        }
        for _ in 0..2 {
            let request = wire.request().await?;
            wire.serve_one(&request).await?;
        }
        wire.request().await.map(|_| ())
    })
    .await;
    let cluster = cluster(&[port.address()]);
    cluster.refresh().await.unwrap();
    cluster.refresh().await.unwrap();
    assert_eq!(port.connections(), 2);
}

#[tokio::test]
async fn a_stuck_broker_costs_one_deadline_and_its_connection() {
    let port = Port::open(async |mut wire: Wire, nth| {
        if nth > 0 {
            return wire.serve().await;
        }
        let first = wire.request().await?;
        wire.serve_one(&first).await?;
        wire.hang().await
    })
    .await;
    let settings =
        Settings { bootstrap: vec![port.address()], timeout: Duration::from_millis(200), ..Settings::default() };
    let cluster = Cluster::new(settings).unwrap();
    let late = cluster.refresh().await.unwrap_err();
    assert!(matches!(late.cause, Cause::Late(_)), "{late}");
    cluster.refresh().await.unwrap();
}

#[tokio::test]
async fn the_first_bootstrap_address_may_be_down() {
    let port = Port::open(async |mut wire: Wire, _| wire.serve().await).await;
    let cluster = cluster(&[closed_port().await, port.address()]);
    assert_eq!(cluster.refresh().await.unwrap().broker_ids(), [1]);
}

#[tokio::test]
async fn when_every_bootstrap_address_is_down_all_are_named() {
    let (one, two) = (closed_port().await, closed_port().await);
    let failure = Failure::from(cluster(&[one.clone(), two.clone()]).refresh().await.unwrap_err());
    assert_eq!(failure.attempted, format!("connecting to {one}, {two}"));
    assert_eq!(failure.answered, format!("{one}: connection refused; {two}: connection refused"));
}

#[tokio::test]
async fn an_address_that_only_the_cluster_told_is_blamed_on_its_listeners() {
    let port = Port::open(async |mut wire: Wire, _| {
        loop {
            let request = wire.request().await?;
            let mut metadata: MetadataResponse = wire.metadata();
            metadata.brokers[0].host = StrBytes::from_static_str("no-such-host.invalid");
            match request.key {
                18 => wire.serve_one(&request).await?,
                _ => wire.reply(&request, &metadata).await?,
            }
        }
    })
    .await;
    let cluster = cluster(&[port.address()]);
    cluster.refresh().await.unwrap();
    let error = cluster.own_connection(1).await.unwrap_err();
    assert!(matches!(error.cause, Cause::NoName(_)), "{error}");
    assert!(error.to_string().contains("broker 1 at no-such-host.invalid"), "{error}");
    assert!(error.to_string().contains("advertised.listeners"), "{error}");
}

/// Packets to it are dropped, or it is stuck: the screen must not wait for it.
#[tokio::test]
async fn a_broker_out_of_reach_is_named_and_holds_the_others_up_for_less_than_two_seconds_t7() {
    let stuck = Port::open(async |mut wire: Wire, _| wire.hang().await).await;
    let far = i32::from(stuck.number);
    let port = Port::open(move |mut wire: Wire, _| async move {
        loop {
            let request = wire.request().await?;
            let mut metadata = wire.metadata();
            let second = metadata.brokers[0].clone().with_node_id(2.into()).with_port(far);
            metadata.brokers.push(second);
            match request.key {
                3 => wire.reply(&request, &metadata).await?,
                16 => wire.reply(&request, &ListGroupsResponse::default()).await?,
                _ => wire.reply(&request, &versions(&[(3, 0, 8), (16, 0, 2), (18, 0, 3)])).await?,
            }
        }
    })
    .await;
    let cluster = cluster(&[port.address()]);
    let asked = Instant::now();
    let listing = kafscope::kafka::groups::list(&cluster).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert_eq!((listing.missing.len(), listing.missing[0].0), (1, 2));
    assert!(listing.missing[0].1.attempted.contains(&stuck.address()));
}

#[tokio::test]
async fn a_broker_that_asks_for_silence_gets_it() {
    const SILENCE: Duration = Duration::from_millis(300);
    let port = Port::open(async |mut wire: Wire, _| {
        loop {
            let request = wire.request().await?;
            match request.key {
                18 => wire.serve_one(&request).await?,
                _ => {
                    let metadata = wire.metadata().with_throttle_time_ms(SILENCE.as_millis() as i32);
                    wire.reply(&request, &metadata).await?;
                }
            }
        }
    })
    .await;
    let cluster = cluster(&[port.address()]);
    cluster.refresh().await.unwrap();
    let asked = Instant::now();
    cluster.refresh().await.unwrap();
    assert!(asked.elapsed() >= SILENCE - Duration::from_millis(2));
}
