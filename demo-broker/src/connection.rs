//! One client's connection: frames in, frames out, one request after the other as a broker does.

use crate::apis;
use crate::call::{Call, text};
use crate::dispatch::{self, Shared};
use crate::force::Prelude;
use crate::guard;
use crate::requests::RequestSeen;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Encodable, HeaderVersion};
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

/// Key, version and correlation id: less is no request.
const SHORTEST: usize = 8;
/// A request that carries records: the demo's largest record is 20 MB.
const LONGEST_PRODUCE: usize = 32 << 20;
/// Any other request: thousands of partitions need a few hundred kilobytes.
const LONGEST: usize = 2 << 20;

/// Letters of a client id that the log of requests keeps.
const LONGEST_NOTED: usize = 256;

type Reader = BufReader<OwnedReadHalf>;

/// Serves the connection until it ends, or until what comes is no request.
pub(crate) async fn serve(shared: Shared, stream: TcpStream, peer: SocketAddr, broker: i32) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::with_capacity(64 << 10, reader);
    let host = text(format!("/{}", peer.ip()));
    while let Some(frame) = read_frame(&mut reader).await? {
        let call = Call { host: host.clone(), ..head(&shared, &frame, broker)? };
        let prelude = open(&shared, &call);
        match prelude {
            Some(Prelude::Cut) => return Ok(()),
            Some(Prelude::Hang) => return drain(&mut reader).await,
            Some(Prelude::Delay(by)) => tokio::time::sleep(by).await,
            Some(Prelude::CutAfter(_)) | None => {}
        }
        let Some(answer) = answer(&shared, &call, frame).await? else { continue };
        if let Some(Prelude::CutAfter(bytes)) = prelude {
            return writer.write_all(answer.get(..bytes).unwrap_or(&answer)).await;
        }
        writer.write_all(&answer).await?;
    }
    Ok(())
}

/// Reads a frame without its length. The buffer grows with what comes, not with what is claimed.
async fn read_frame(reader: &mut Reader) -> io::Result<Option<Bytes>> {
    let Ok(length) = reader.read_i32().await else { return Ok(None) };
    let length = usize::try_from(length).unwrap_or(0);
    let mut frame = Vec::with_capacity(SHORTEST);
    reader.take(SHORTEST as u64).read_to_end(&mut frame).await?;
    let produce = frame.starts_with(&(ApiKey::Produce as i16).to_be_bytes());
    let longest = if produce { LONGEST_PRODUCE } else { LONGEST };
    if !(SHORTEST..=longest).contains(&length) {
        return Err(malformed(format!("a frame of {length} bytes")));
    }
    let rest = (length - SHORTEST) as u64;
    reader.take(rest).read_to_end(&mut frame).await?;
    if frame.len() < length { Ok(None) } else { Ok(Some(frame.into())) }
}

/// Reads the part of the head that every version has.
fn head(shared: &Shared, mut frame: &[u8], broker: i32) -> io::Result<Call> {
    let mut next = || frame.try_get_i16().map_err(|e| malformed(e.to_string()));
    let (key, version) = (next()?, next()?);
    let correlation = frame.try_get_i32().map_err(|e| malformed(e.to_string()))?;
    let api = ApiKey::try_from(key).map_err(|()| malformed(format!("an unknown API key {key}")))?;
    let mut client_id = frame;
    let length = client_id.try_get_i16().ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let client_id = text(String::from_utf8_lossy(client_id.get(..length).unwrap_or_default()));
    let mut state = shared.lock();
    state.calls += 1;
    let (number, host) = (state.calls, text(""));
    Ok(Call { broker, api, version, correlation, client_id, host, number })
}

/// Notes the request and asks whether a fault is forced on it.
fn open(shared: &Shared, call: &Call) -> Option<Prelude> {
    let mut state = shared.lock();
    let client_id = call.client_id.chars().take(LONGEST_NOTED).collect();
    state.requests.add(RequestSeen { broker: call.broker, api: call.api, version: call.version, client_id });
    shared.asked.notify_waiters();
    state.forces.prelude(call)
}

async fn answer(shared: &Shared, call: &Call, frame: Bytes) -> io::Result<Option<BytesMut>> {
    if !apis::takes(&shared.lock(), call) {
        return refuse_version(shared, call);
    }
    let mut body = frame;
    let header = call.api.request_header_version(call.version);
    guard::decode_front::<RequestHeader>(&mut body, header).map_err(|e| malformed(e.to_string()))?;
    dispatch::answer(shared, call, body).await
}

fn refuse_version(shared: &Shared, call: &Call) -> io::Result<Option<BytesMut>> {
    if call.api != ApiKey::ApiVersions || shared.lock().forces.highest(call.api, call.broker, 0).is_none() {
        return Err(malformed(format!("{:?} in version {}", call.api, call.version)));
    }
    let call = Call { version: 0, client_id: text(""), host: text(""), ..*call };
    encode(&call, &apis::too_new(&shared.lock(), call.broker)).map(Some)
}

/// Never answers; ends when the client does.
async fn drain(reader: &mut Reader) -> io::Result<()> {
    let mut gone = [0; 4096];
    while reader.read(&mut gone).await? > 0 {}
    Ok(())
}

/// An answer as a frame.
pub(crate) fn encode<A: Encodable + HeaderVersion>(call: &Call, answer: &A) -> io::Result<BytesMut> {
    // ApiVersions is answered with the oldest header, so that a client reads it before it knows the version (KIP-511).
    let header = if call.api == ApiKey::ApiVersions { 0 } else { A::header_version(call.version) };
    let mut frame = BytesMut::with_capacity(256);
    frame.put_i32(0);
    let head = ResponseHeader::default().with_correlation_id(call.correlation);
    head.encode(&mut frame, header).map_err(io::Error::other)?;
    answer.encode(&mut frame, call.version).map_err(io::Error::other)?;
    let length = i32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    if let Some(mut at) = frame.get_mut(..4) {
        at.put_i32(length);
    }
    Ok(frame)
}

pub(crate) fn malformed(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("The client sent {what}."))
}
