//! One connection to one broker: any number of requests in flight, each with a deadline and in the highest version both
//! sides know. Cheap to share; it ends when the last handle is dropped.
use super::{
    Address, Settings,
    calls::Call,
    drive::{self, Job, Waiter},
    error::{Cause, Error, Result},
    guard, negotiate,
    race::race,
    requests::Requests,
    versions::Versions,
};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::RequestHeader,
    protocol::{Encodable, StrBytes},
};
use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering::Relaxed},
    },
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    time::{Duration, Instant, timeout_at},
};

/// The next address of a name is tried beside a silent one after this.
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// See the module.
#[derive(Debug)]
pub struct Connection {
    peer: String,
    jobs: mpsc::Sender<Job>,
    dead: Arc<OnceLock<Cause>>,
    next: AtomicI32,
    client_id: StrBytes,
    within: Duration,
    versions: Versions,
    requests: Arc<Requests>,
    /// This way has answered more than the first question, perhaps on an earlier connection.
    served: Arc<AtomicBool>,
    opened: Instant,
    /// Milliseconds after `opened` before which the broker wants to hear nothing (throttling).
    quiet_until: AtomicU64,
}

impl Connection {
    /// Connects and agrees on versions. `peer` names the broker in errors.
    pub(super) async fn open(
        address: &Address,
        peer: String,
        within: Duration,
        settings: &Settings,
        requests: Arc<Requests>,
        served: Arc<AtomicBool>,
    ) -> Result<Self> {
        let attempted = format!("connecting to {peer}");
        let limit = Limit::of(within);
        // Room for TLS and login: between the stream and the version table, under the same limit.
        let stream = dial(address, limit).await.map_err(|cause| Error::new(&attempted, cause))?;
        let mut fresh = Self::over(stream, peer, settings, requests, served);
        fresh.versions =
            negotiate::versions(&fresh, address, limit).await.map_err(|cause| Error::new(&attempted, cause))?;
        Ok(fresh)
    }

    fn over(
        stream: TcpStream,
        peer: String,
        settings: &Settings,
        requests: Arc<Requests>,
        served: Arc<AtomicBool>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel(drive::QUEUE);
        let dead = Arc::new(OnceLock::new());
        tokio::spawn(drive::drive(stream, queue, dead.clone()));
        Self {
            peer,
            jobs,
            dead,
            next: AtomicI32::new(1),
            client_id: StrBytes::from_string(settings.client_id.clone()),
            within: settings.timeout,
            versions: Versions::default(),
            requests,
            served,
            opened: Instant::now(),
            quiet_until: AtomicU64::new(0),
        }
    }

    /// The broker as errors name it: `localhost:9092`, `broker 2 at localhost:9094`.
    pub fn peer(&self) -> &str {
        &self.peer
    }

    pub fn is_dead(&self) -> bool {
        self.dead.get().is_some()
    }

    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The highest version both sides know, or why there is none.
    pub fn version<R: Call>(&self) -> Result<i16> {
        self.versions.pick::<R>().map_err(|cause| self.error::<R>(cause))
    }

    /// Asks within the settings' timeout.
    pub async fn call<R: Call>(&self, request: &R) -> Result<R::Reply> {
        self.call_by(request, Instant::now() + self.within).await
    }

    /// Asks with a deadline of its own, as a long poll needs.
    pub async fn call_by<R: Call>(&self, request: &R, deadline: Instant) -> Result<R::Reply> {
        let version = self.version::<R>()?;
        let body = self.body(request, version, deadline).await?;
        self.read::<R>(body, version)
    }

    /// Decodes an answer and heeds what it says about throttling.
    fn read<R: Call>(&self, body: Bytes, version: i16) -> Result<R::Reply> {
        let reply = guard::decode::<R::Reply>(body, version).map_err(|why| self.error::<R>(Cause::Garbled(why)))?;
        self.hush(R::throttle(&reply));
        Ok(reply)
    }

    /// The answer's bytes after its header, not decoded: for records, which have a parser of their own.
    pub async fn body<R: Call>(&self, request: &R, version: i16, deadline: Instant) -> Result<Bytes> {
        let answer = self.exchange(request, version, deadline).await;
        self.served.fetch_or(answer.is_ok(), Relaxed);
        answer.map_err(|cause| self.error::<R>(self.no_stranger(cause)))
    }

    pub(super) async fn exchange<R: Call>(&self, request: &R, version: i16, deadline: Instant) -> Result<Bytes, Cause> {
        self.wait_out_throttle(deadline).await?;
        let id = self.next.fetch_add(1, Relaxed);
        let frame = self.encode(request, version, id).map_err(Cause::Unwritable)?;
        let within = deadline.saturating_duration_since(Instant::now());
        let (reply, answer) = oneshot::channel();
        let job = Job { frame, waiter: Waiter { id, deadline, within, reply } };
        let asked = async {
            self.jobs.send(job).await.map_err(|_| self.gone())?;
            self.requests.count(R::KEY);
            answer.await.unwrap_or_else(|_| Err(self.gone()))
        };
        let mut body = match timeout_at(deadline, asked).await {
            Ok(answer) => answer?,
            Err(_) => return Err(self.stuck(within)),
        };
        if R::reply_header(version) >= 1 {
            skip_tags(&mut body).ok_or_else(|| Cause::Garbled("its header is cut short".into()))?;
        }
        Ok(body)
    }

    fn encode<R: Call>(&self, request: &R, version: i16, id: i32) -> Result<Bytes, String> {
        let mut frame = BytesMut::with_capacity(512);
        frame.put_i32(0);
        RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version)
            .with_correlation_id(id)
            .with_client_id(Some(self.client_id.clone()))
            .encode(&mut frame, R::header(version))
            .and_then(|()| request.encode(&mut frame, version))
            .map_err(|e| e.to_string())?;
        let length = i32::try_from(frame.len() - 4).map_err(|e| e.to_string())?;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        Ok(frame.freeze())
    }

    /// Why nothing can be sent any more.
    fn gone(&self) -> Cause {
        self.dead.get().cloned().unwrap_or(Cause::Ended)
    }

    /// Who closes the connection at the first request may want a login, but not where requests were answered before.
    fn no_stranger(&self, cause: Cause) -> Cause {
        match cause {
            Cause::Closed { answers: 1 } if self.served.load(Relaxed) => Cause::Closed { answers: 2 },
            other => other,
        }
    }

    /// Nobody shall ask on a connection whose answers do not come: all later ones wait behind the missing one.
    fn stuck(&self, within: Duration) -> Cause {
        let _ = self.dead.set(Cause::Late(within));
        Cause::Late(within)
    }

    pub(super) fn error<R: Call>(&self, cause: Cause) -> Error {
        Error::new(format!("asking {} for {}", self.peer, R::ASKS), cause)
    }

    fn hush(&self, milliseconds: i32) {
        if let Ok(milliseconds @ 1..) = u64::try_from(milliseconds) {
            let until = self.opened.elapsed().as_millis() as u64 + milliseconds;
            self.quiet_until.fetch_max(until, Relaxed);
        }
    }

    async fn wait_out_throttle(&self, deadline: Instant) -> Result<(), Cause> {
        let until = self.opened + Duration::from_millis(self.quiet_until.load(Relaxed));
        let now = Instant::now();
        if until > deadline {
            return Err(Cause::Throttled(until - now));
        }
        if until > now {
            tokio::time::sleep_until(until).await;
        }
        Ok(())
    }
}

/// A deadline, and how long it was when it was set, for the words.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub deadline: Instant,
    pub within: Duration,
}

impl Limit {
    fn of(within: Duration) -> Self {
        Self { deadline: Instant::now() + within, within }
    }
}

async fn dial(address: &Address, Limit { deadline, within }: Limit) -> Result<TcpStream, Cause> {
    let found = timeout_at(deadline, tokio::net::lookup_host((address.host.as_str(), address.port))).await;
    let found = found.map_err(|_| Cause::NoName("the name server does not answer".into()))?;
    let addresses: Vec<_> = found.map_err(|e| Cause::NoName(e.to_string()))?.collect();
    let tries: Vec<_> = addresses.into_iter().map(TcpStream::connect).collect();
    let stream = timeout_at(deadline, race(tries, NEXT_ADDRESS)).await.map_err(|_| Cause::NoConnection(within))?;
    let stream = stream.map_err(|errors| refusal(&errors))?;
    stream.set_nodelay(true).map_err(|e| Cause::Broken(e.to_string()))?;
    Ok(stream)
}

fn refusal(errors: &[io::Error]) -> Cause {
    match errors.first() {
        None => Cause::NoName("the name has no address".into()),
        Some(e) if e.kind() == io::ErrorKind::ConnectionRefused => Cause::Refused,
        Some(e) => Cause::Unreachable(e.to_string()),
    }
}

/// Tagged fields of a flexible header; we know none.
fn skip_tags(body: &mut Bytes) -> Option<()> {
    for _ in 0..varint(body)? {
        varint(body)?;
        let size = varint(body)? as usize;
        (size <= body.len()).then(|| body.advance(size))?;
    }
    Some(())
}

fn varint(body: &mut Bytes) -> Option<u32> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = body.try_get_u8().ok()?;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
