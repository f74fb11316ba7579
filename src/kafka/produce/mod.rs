//! Sending records: librdkafka's producer through rdkafka's safe API, with Java's partitioning, and every record
//! accounted for, be it in an acknowledgement or in a failure that says whether it may have been written.
//! Never creates a topic, never retries what may have been written, never prints.
mod preflight;
mod words;

use crate::{bus::Draft, failure::Failure};
use rdkafka::{
    ClientConfig, ClientContext,
    config::RDKafkaLogLevel,
    error::{KafkaError, RDKafkaErrorCode},
    message::{Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord, Producer as _, PurgeConfig, future_producer::DeliveryFuture},
};
use std::time::Duration;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

pub use preflight::check;

/// The largest record handed to a broker, in bytes: what a frame can carry (`socket.request.max.bytes`). Whether a
/// topic takes it is the broker's to say.
const RECORD_MOST: usize = 100 << 20;
/// Records that wait in librdkafka, and their kilobytes: more than the largest record, or that would never fit.
const QUEUE_RECORDS: usize = 100_000;
const QUEUE_KIB: usize = 128 << 10;
/// How soon a full queue is tried again.
const FULL_PAUSE: Duration = Duration::from_millis(2);

/// How soon the cluster is asked again while a producer connects.
const CONNECT_PAUSE: Duration = Duration::from_millis(2);

/// How to send. librdkafka's own names and defaults for all that is not here.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `HOST:PORT,…`.
    pub bootstrap: String,
    pub client_id: String,
    /// A record that is not acknowledged after this comes back with its reason.
    pub timeout: Duration,
    /// How long to wait for company: zero for a typed record, 5 to 20 ms for files.
    pub linger: Duration,
    /// Further properties in librdkafka's names, such as `compression.type`. They win over ours.
    pub properties: Vec<(String, String)>,
}

/// A record that a broker has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    pub partition: i32,
    pub offset: i64,
    /// Milliseconds since 1970, as the log has it; `None` where the acknowledgement does not tell.
    pub timestamp: Option<i64>,
    pub took: Duration,
}

/// A record that nobody acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    pub failure: Failure,
    /// A broker may have it all the same.
    pub maybe_written: bool,
}

/// What a record came to.
pub type Outcome = Result<Acknowledged, Unsent>;

/// A connection to the cluster for writing. Opening it starts threads; it connects by itself.
pub struct Producer {
    inner: FutureProducer<Quiet>,
    timeout: Duration,
    reason: watch::Receiver<Option<String>>,
}

impl Producer {
    /// Fails on a property that librdkafka refuses, in its own words.
    pub fn open(settings: &Settings) -> Result<Self, Failure> {
        let (said, reason) = watch::channel(None);
        let inner = config(settings).create_with_context(Quiet { said }).map_err(|error| {
            Failure::new("starting the producer", error.to_string(), "check the producer's settings")
        })?;
        Ok(Self { inner, timeout: settings.timeout, reason })
    }

    /// Connects before the first record, for `bound` at most; what is wrong is said when something is sent. librdkafka
    /// asks for the number that idempotence needs when a broker whose number it knows tells it of the cluster, and
    /// without that half a second after its start.
    pub async fn connect(&self, topic: &str, bound: Duration) {
        let (inner, topic) = (self.inner.clone(), topic.to_owned());
        let until = std::time::Instant::now() + bound;
        let heard = tokio::task::spawn_blocking(move || {
            let left = || until.saturating_duration_since(std::time::Instant::now());
            let told = || inner.client().fetch_metadata(Some(&topic), left().max(CONNECT_PAUSE));
            while !left().is_zero() && !told().is_ok_and(|told| told.orig_broker_id() >= 0) {
                std::thread::sleep(CONNECT_PAUSE);
            }
        });
        let _ = heard.await;
    }

    /// One record, from the queue to its acknowledgement.
    pub async fn send(&self, topic: &str, draft: &Draft) -> Outcome {
        self.queue(topic, draft).await?.outcome().await
    }

    /// One record into the queue, waiting while it is full: for many in a row. Their order within a partition holds.
    pub async fn queue(&self, topic: &str, draft: &Draft) -> Result<Pending, Unsent> {
        let started = Instant::now();
        loop {
            let queued = self.inner.send_result(record(topic, draft));
            match queued {
                Ok(delivery) => {
                    return Ok(Pending { delivery, started, topic: topic.into(), reason: self.reason.clone() });
                }
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => sleep(FULL_PAUSE).await,
                Err((error, _)) => return Err(words::unsent(topic, &error, None)),
            }
        }
    }

    /// Librdkafka gave up for good (idempotence lost its thread): open another one.
    pub fn is_over(&self) -> bool {
        self.inner.client().fatal_error().is_some()
    }

    /// Waits for what is queued, at most `bound`, and lets go of the rest, whose outcomes then tell that it may have been
    /// written. Counts nothing: librdkafka's own number of records on their way has its log lines in it.
    pub async fn close(&self, bound: Duration) {
        let inner = self.inner.clone();
        let closed = tokio::task::spawn_blocking(move || {
            let _ = inner.flush(bound); // what it did not reach is purged next
            inner.purge(PurgeConfig::default().queue().inflight());
        });
        let _ = closed.await;
    }

    /// How long a record may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// A record on its way.
pub struct Pending {
    delivery: DeliveryFuture,
    started: Instant,
    topic: String,
    reason: watch::Receiver<Option<String>>,
}

impl Pending {
    /// Comes within the producer's timeout.
    pub async fn outcome(self) -> Outcome {
        let reason = || self.reason.borrow().clone();
        match self.delivery.await {
            Ok(Ok(delivery)) => Ok(Acknowledged {
                partition: delivery.partition,
                offset: delivery.offset,
                timestamp: delivery.timestamp.to_millis(),
                took: self.started.elapsed(),
            }),
            Ok(Err((error, _))) => Err(words::unsent(&self.topic, &error, reason())),
            Err(_) => Err(words::closed(&self.topic)),
        }
    }
}

fn config(settings: &Settings) -> ClientConfig {
    let mut config = ClientConfig::new();
    let timeout = settings.timeout.as_millis().max(2);
    config
        .set("bootstrap.servers", &settings.bootstrap)
        .set("client.id", &settings.client_id)
        // Java's: the same key goes to the same partition as from everybody else.
        .set("partitioner", "murmur2_random")
        .set("enable.idempotence", "true")
        .set("acks", "all")
        // The producer's default is true: asking for a topic would create it.
        .set("allow.auto.create.topics", "false")
        .set("message.timeout.ms", timeout.to_string())
        // A topic that is unknown for this long does not exist: to be found out before the record's own time is over.
        .set("topic.metadata.propagation.max.ms", (timeout / 2).to_string())
        .set("reconnect.backoff.max.ms", "1000")
        .set("message.max.bytes", RECORD_MOST.to_string())
        .set("queue.buffering.max.messages", QUEUE_RECORDS.to_string())
        .set("queue.buffering.max.kbytes", QUEUE_KIB.to_string())
        .set("linger.ms", settings.linger.as_millis().to_string())
        .set_log_level(RDKafkaLogLevel::Info);
    for (name, value) in &settings.properties {
        config.set(name, value);
    }
    config
}

/// Null, empty and text stay three things; headers keep order and duplicates.
fn record<'a>(topic: &'a str, draft: &'a Draft) -> FutureRecord<'a, [u8], [u8]> {
    let mut record = FutureRecord::to(topic);
    record.partition = draft.partition;
    record.key = draft.key.as_deref();
    record.payload = draft.value.as_deref();
    if !draft.headers.is_empty() {
        record.headers = Some(headers(draft));
    }
    record
}

fn headers(draft: &Draft) -> OwnedHeaders {
    let fresh = OwnedHeaders::new_with_capacity(draft.headers.len());
    draft.headers.iter().fold(fresh, |all, (key, value)| all.insert(Header { key, value: value.as_deref() }))
}

/// Logs and errors of librdkafka go to the log, and the last error is kept as the reason of what then fails.
struct Quiet {
    said: watch::Sender<Option<String>>,
}

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        match level {
            RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, text),
            RDKafkaLogLevel::Info | RDKafkaLogLevel::Notice => tracing::info!(target: "librdkafka", facility, text),
            _ => tracing::warn!(target: "librdkafka", facility, text),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(target: "librdkafka", %error, reason);
        self.said.send_replace(Some(reason.to_owned()));
    }

    fn stats_raw(&self, _statistics: &[u8]) {}
}

#[cfg(test)]
mod tests;
