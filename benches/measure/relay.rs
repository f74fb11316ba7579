//! A long line between a client and the brokers: every byte comes later, and no fewer at a time.
use anyhow::{Context, Result};
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// Read at once.
const READ: usize = 256 << 10;
/// Reads under way in one direction: far more than a line that is not full can hold.
const UNDER_WAY: usize = 4_096;

/// For each broker of the list listens on the next higher port, which is what `tests/kafka/up` has brokers tell; both
/// directions are `late`. Gives the addresses to ask.
pub fn before(brokers: &str, late: Duration) -> Result<String> {
    let mut relays = vec![];
    for broker in brokers.split(',') {
        let broker: SocketAddr = broker.parse().with_context(|| format!("{broker} is no address"))?;
        let relay = SocketAddr::new(broker.ip(), broker.port() + 1);
        let listener = TcpListener::bind(relay).with_context(|| format!("listening on {relay}"))?;
        thread::spawn(move || accept(&listener, broker, late));
        relays.push(relay.to_string());
    }
    Ok(relays.join(","))
}

fn accept(listener: &TcpListener, to: SocketAddr, late: Duration) {
    for client in listener.incoming().flatten() {
        // A broker that refuses is a connection that ends: the client sees that.
        let _ = join(client, to, late);
    }
}

fn join(client: TcpStream, to: SocketAddr, late: Duration) -> Result<()> {
    let broker = TcpStream::connect(to)?;
    for (from, to) in [(client.try_clone()?, broker.try_clone()?), (broker, client)] {
        to.set_nodelay(true)?;
        let (sender, receiver) = sync_channel(UNDER_WAY);
        thread::spawn(move || read(from, &sender, late));
        thread::spawn(move || write(to, &receiver));
    }
    Ok(())
}

/// What came, and when it is due on the other side.
type Piece = (Instant, Vec<u8>);

fn read(mut from: TcpStream, pieces: &SyncSender<Piece>, late: Duration) {
    let mut buffer = vec![0; READ];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..n).unwrap_or_default().to_vec();
        if pieces.send((Instant::now() + late, bytes)).is_err() {
            return;
        }
    }
}

fn write(mut to: TcpStream, pieces: &Receiver<Piece>) {
    while let Ok((due, bytes)) = pieces.recv() {
        sleep(due.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// From a byte sent to the same byte back, through a relay of the same kind: what "late" comes to on this machine.
pub fn round_trip(late: Duration) -> Result<Duration> {
    let echo = TcpListener::bind("127.0.0.1:0")?;
    let relay = TcpListener::bind("127.0.0.1:0")?;
    let (behind, before) = (echo.local_addr()?, relay.local_addr()?);
    thread::spawn(move || accept(&relay, behind, late));
    let mut client = TcpStream::connect(before)?;
    let (mut other, _) = echo.accept()?;
    thread::spawn(move || {
        let mut byte = [0];
        while other.read_exact(&mut byte).is_ok() && other.write_all(&byte).is_ok() {}
    });
    let (mut byte, mut best) = ([7], Duration::MAX);
    for _ in 0..10 {
        let began = Instant::now();
        client.write_all(&byte)?;
        client.read_exact(&mut byte)?;
        best = best.min(began.elapsed());
    }
    Ok(best)
}
