//! Records in numbers, and how many of them Kafka has acknowledged.
use anyhow::{Result, ensure};
use rdkafka::{
    ClientConfig, ClientContext,
    error::{KafkaError, RDKafkaErrorCode},
    message::DeliveryResult,
    producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer},
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

/// Bytes of a record's value, unless told otherwise; it has no key and no headers.
pub const SIZE: usize = 100;
/// Between two handfuls.
const ROUND: Duration = Duration::from_millis(5);
const LAST_ACKNOWLEDGEMENTS: Duration = Duration::from_secs(120);

/// The value of the n-th record.
pub type Value<'a> = &'a (dyn Fn(u64) -> String + Sync);

pub struct Flood<'a> {
    pub bootstrap: &'a str,
    pub topics: &'a [String],
    /// The n-th record of a topic goes to partition n modulo these.
    pub partitions: i32,
    /// For each topic.
    pub records: u64,
    /// A second, all topics together; `None`: as fast as it goes.
    pub pace: Option<u64>,
    /// As librdkafka names it.
    pub codec: &'a str,
    pub value: Value<'a>,
}

#[derive(Default)]
struct Answers {
    written: AtomicU64,
    refused: AtomicU64,
}

impl ClientContext for Answers {}

impl ProducerContext for Answers {
    type DeliveryOpaque = ();

    fn delivery(&self, answer: &DeliveryResult<'_>, (): ()) {
        let counter = if answer.is_ok() { &self.written } else { &self.refused };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl<'a> Flood<'a> {
    /// Numbers in 100 bytes, uncompressed, as fast as it goes.
    pub fn numbers(bootstrap: &'a str, topics: &'a [String], partitions: i32, records: u64) -> Self {
        Self { bootstrap, topics, partitions, records, pace: None, codec: "none", value: &number }
    }

    /// Sends everything; the number of records that Kafka has acknowledged, which are all, and how long it took.
    pub fn run(&self) -> Result<(u64, Duration)> {
        let producer: ThreadedProducer<Answers> = ClientConfig::new()
            .set("bootstrap.servers", self.bootstrap)
            .set("linger.ms", "5")
            .set("enable.idempotence", "true")
            .set("compression.type", self.codec)
            .create_with_context(Answers::default())?;
        let (began, total) = (Instant::now(), self.records * self.topics.len() as u64);
        let mut sent = 0;
        while sent < total {
            let due = self.pace.map_or(total, |pace| (began.elapsed().as_secs_f64() * pace as f64) as u64).min(total);
            (sent..due).try_for_each(|n| self.send(&producer, n))?;
            sent = due;
            sleep(if sent < total { ROUND } else { Duration::ZERO });
        }
        producer.flush(LAST_ACKNOWLEDGEMENTS)?;
        let answers = producer.context();
        let (written, refused) = (answers.written.load(Ordering::Acquire), answers.refused.load(Ordering::Acquire));
        ensure!(written == total && refused == 0, "of {total} records {written} were acknowledged, {refused} refused");
        Ok((written, began.elapsed()))
    }

    fn send(&self, producer: &ThreadedProducer<Answers>, n: u64) -> Result<()> {
        let value = (self.value)(n);
        let topics = self.topics.len() as u64;
        let partition = (n / topics % self.partitions as u64) as i32;
        let Some(topic) = self.topics.get((n % topics) as usize) else { return Ok(()) };
        let mut record = BaseRecord::<(), str>::to(topic).payload(&value).partition(partition);
        while let Err((why, back)) = producer.send(record) {
            ensure!(why == KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), why);
            sleep(ROUND);
            record = back;
        }
        Ok(())
    }
}

/// Begins with the number, so that a screen shows which record it is.
pub fn number(n: u64) -> String {
    format!("{n:<SIZE$}")
}
