//! Ports that are no broker's, each said in words.
use crate::{
    cause, cluster,
    port::{Port, Wire, versions},
};
use kafscope::{
    failure::Failure,
    kafka::wire::{Cause, error::Speech},
};
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test]
async fn t29_a_port_that_speaks_something_else_is_named() {
    let cases: [(&'static [u8], Speech); 4] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Speech::Http),
        (&[0x15, 3, 1, 0, 2, 2, 80], Speech::Tls),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Speech::Ssh),
        (&[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1], Speech::Unknown),
    ];
    for (bytes, speech) in cases {
        let port = Port::open(async move |mut wire: Wire, _| {
            wire.request().await?;
            wire.say(bytes).await
        })
        .await;
        assert_eq!(cause(&port).await, Cause::Foreign(speech));
    }
}

#[tokio::test]
async fn a_greeting_before_any_request_is_named_too() {
    let port = Port::open(async |mut wire: Wire, _| {
        wire.say(b"SSH-2.0-OpenSSH_9.2\r\n").await?;
        wire.hang().await
    })
    .await;
    assert_eq!(cause(&port).await, Cause::Foreign(Speech::Ssh));
}

#[tokio::test]
async fn t29_a_web_server_that_waits_for_a_line_is_named_within_three_seconds() {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let port = Port::open(async |mut wire: Wire, _| {
        let mut line = Vec::new();
        BufReader::new(&mut wire.stream).read_until(b'\n', &mut line).await.ok()?;
        wire.say(b"HTTP/1.1 400 Bad Request\r\n\r\n").await
    })
    .await;
    let asked = Instant::now();
    assert_eq!(cause(&port).await, Cause::Foreign(Speech::Http));
    assert!(asked.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn t29_a_tls_port_that_only_answers_a_hello_is_named() {
    let port = Port::open(async |mut wire: Wire, _| {
        use tokio::io::AsyncReadExt;
        if wire.stream.read_u8().await.ok()? == 0x16 {
            wire.say(&[0x15, 3, 3, 0, 2, 2, 40]).await?;
        }
        wire.hang().await
    })
    .await;
    assert_eq!(cause(&port).await, Cause::Foreign(Speech::Tls));
}

#[tokio::test]
async fn a_silent_port_is_given_up_after_three_seconds() {
    let port = Port::open(async |mut wire: Wire, _| wire.hang().await).await;
    assert_eq!(cause(&port).await, Cause::Silent(Duration::from_secs(3)));
}

#[tokio::test]
async fn closed_without_an_answer_and_closed_at_the_first_request_read_differently() {
    let port = Port::open(async |mut wire: Wire, _| wire.request().await.map(|_| ())).await;
    assert_eq!(cause(&port).await, Cause::Closed { answers: 0 });
    let port = Port::open(async |mut wire: Wire, _| {
        let first = wire.request().await?;
        wire.serve_one(&first).await?;
        wire.request().await.map(|_| ())
    })
    .await;
    let failure = Failure::from(cluster(&[port.address()]).refresh().await.unwrap_err());
    assert!(failure.advice.contains("may want a login (SASL)"), "{failure}");
}

#[tokio::test]
async fn a_controllers_port_is_told_apart_from_a_brokers() {
    let port = Port::open(async |mut wire: Wire, _| {
        let first = wire.request().await?;
        wire.reply(&first, &versions(&[(18, 0, 4), (60, 0, 2)])).await
    })
    .await;
    assert_eq!(cause(&port).await, Cause::Controller);
}
