//! Bad days at the other end: nobody there, somebody else, somebody silent. The screen opens and says so.
use crate::{program::Program, stage};
use std::{
    io::Write,
    net::{SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

/// Half a second is what a person gets; three times that on a busy machine.
const SOON: Duration = Duration::from_millis(1500);
/// Two seconds, three times.
const LIVE: Duration = Duration::from_secs(6);

#[tokio::test(flavor = "multi_thread")]
async fn t30_nobody_there_is_said_at_once_and_a_broker_that_comes_is_live_by_itself() {
    let cluster = stage::cluster().await;
    cluster.stop_broker(1).await;
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    let address = cluster.bootstrap();
    let took = terminal.until("the whole story", |screen| {
        let words = screen.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        words.contains(&address) && words.contains("connection refused") && screen.contains("not connected")
    });
    println!("nobody there: said after {took:?}");
    assert!(took < SOON, "{took:?}");
    assert!(terminal.text().contains("HOST:PORT"), "{}", terminal.text());
    terminal.keys("?");
    terminal.until_shown("help");
    terminal.keys("q");
    cluster.restart_broker(1).await.unwrap();
    let came = Instant::now();
    terminal.until("a live cluster", |screen| screen.contains("● live") && screen.contains("cake"));
    println!("a broker came: live after {:?}", came.elapsed());
    assert!(came.elapsed() < LIVE, "{:?}", came.elapsed());
    terminal.keys("\x03");
    assert_eq!(terminal.end().code, 0);
}

/// Says what the screen must say of an address, and that leaving is at once.
fn says(address: &str, words: &str, within: Duration) {
    let mut terminal = Program::new(&["-b", address]).start();
    let took = terminal.until(words, |screen| {
        screen.replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ").contains(words)
    });
    println!("{address}: said {words:?} after {took:?}");
    assert!(took < within, "{took:?}");
    terminal.keys("\x03");
    let asked = Instant::now();
    assert_eq!(terminal.end().code, 0);
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
}

/// A port that answers whatever comes with these bytes.
fn stranger(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut kept = vec![];
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.write_all(answer);
            kept.push(stream);
        }
    });
    address
}

#[test]
fn t30_a_port_that_speaks_http_or_tls_is_told_by_its_name() {
    let http = stranger(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    says(&http.to_string(), "speaks HTTP", Duration::from_secs(6));
    let tls = stranger(b"\x15\x03\x01\x00\x02\x02\x46");
    says(&tls.to_string(), "speaks TLS", Duration::from_secs(6));
}

#[test]
fn t30_a_port_that_says_nothing_is_told_within_seconds() {
    says(&stranger(b"").to_string(), "said nothing within 3 s", Duration::from_secs(9));
}

#[test]
fn t30_a_name_that_nobody_knows_is_told() {
    says("no-such-host.invalid:9092", "cannot be resolved", Duration::from_secs(9));
}
