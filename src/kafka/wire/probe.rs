//! Finding out what a silent port speaks, on connections of our own that are closed at once. Asked only when a port took
//! a connection and did not answer as Kafka: web servers say nothing to binary requests until a line ends.
use super::{Address, error::Speech};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Duration, timeout},
};

/// For each language.
const PATIENCE: Duration = Duration::from_millis(700);
const HTTP: &[u8] = b"GET / HTTP/1.0\r\n\r\n";
/// A ClientHello of TLS 1.2 with one suite and no extensions: every TLS server answers with a record, if only an alert.
const TLS: &[u8] = &[
    0x16, 3, 1, 0, 45, // record: handshake, 45 bytes
    1, 0, 0, 41, 3, 3, // ClientHello, 41 bytes, TLS 1.2
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // random
    0, 0, 2, 0xc0, 0x2f, 1, 0, // no session, ECDHE-RSA-AES128-GCM, no compression
];

/// The language the port answers in; `None` when it is none that we can name.
pub async fn probe(address: &Address) -> Option<Speech> {
    let (web, tls) = tokio::join!(answer(address, HTTP), answer(address, TLS));
    // A web server answers a hello with HTTP 400, and a TLS server may answer a plain GET with HTTP 400 as well.
    [tls, web].into_iter().flatten().find_map(|head| Speech::greeting(&head))
}

async fn answer(address: &Address, hello: &[u8]) -> Option<[u8; 4]> {
    let exchange = async {
        let mut stream = TcpStream::connect((address.host.as_str(), address.port)).await.ok()?;
        stream.write_all(hello).await.ok()?;
        let mut head = [0; 4];
        stream.read_exact(&mut head).await.ok()?;
        Some(head)
    };
    timeout(PATIENCE, exchange).await.ok().flatten()
}
