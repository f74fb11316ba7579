//! Orders that two consumers could not take, as Kafka Connect and Spring write them to a dead letter topic: the
//! original bytes and headers, then headers that say where the record came from and what went wrong.

use super::{Random, TopicSeed};
use crate::batch::Record;
use bytes::Bytes;

const FIXED: u64 = 15;
/// The dead letter comes this many milliseconds after its order.
const DELAY_MS: i64 = 1_500;

/// An order and where it stands.
struct Origin<'a> {
    partition: usize,
    offset: usize,
    order: &'a Record,
}

/// Even offsets are Connect's, odd ones Spring's.
pub fn topic(seed: u64, orders: &TopicSeed) -> TopicSeed {
    let mut random = Random::new(seed, "orders.dlq", 0);
    let mut origins: Vec<Origin> = (0..FIXED).filter_map(|_| origin(&mut random, orders)).collect();
    origins.sort_by_key(|origin| origin.order.timestamp);
    let write =
        |(n, origin): (usize, &Origin)| if n.is_multiple_of(2) { by_connect(origin) } else { by_spring(origin) };
    TopicSeed::new("orders.dlq", 1).filled(origins.iter().enumerate().map(write))
}

fn origin<'a>(random: &mut Random, orders: &'a TopicSeed) -> Option<Origin<'a>> {
    let partition = random.number() as usize % orders.partitions.len().max(1);
    let records = orders.partitions.get(partition)?;
    let offset = random.number() as usize % records.len().max(1);
    Some(Origin { partition, offset, order: records.get(offset)? })
}

/// The header names of `DeadLetterQueueReporter`; all values are text.
fn by_connect(origin: &Origin) -> Record {
    letter(origin)
        .header("__connect.errors.topic", "orders")
        .header("__connect.errors.partition", origin.partition.to_string())
        .header("__connect.errors.offset", origin.offset.to_string())
        .header("__connect.errors.connector.name", "orders-sink")
        .header("__connect.errors.task.id", "0")
        .header("__connect.errors.stage", "VALUE_CONVERTER")
        .header("__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter")
        .header("__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException")
        .header(
            "__connect.errors.exception.message",
            "JsonConverter with schemas.enable requires \"schema\" and \"payload\" fields",
        )
        .header("__connect.errors.exception.stacktrace", CONNECT_TRACE)
}

/// The header names of `KafkaHeaders.DLT_*`; numbers are big-endian bytes.
fn by_spring(origin: &Origin) -> Record {
    letter(origin)
        .header("kafka_dlt-original-topic", "orders")
        .header("kafka_dlt-original-partition", number(&(origin.partition as i32).to_be_bytes()))
        .header("kafka_dlt-original-offset", number(&(origin.offset as i64).to_be_bytes()))
        .header("kafka_dlt-original-timestamp", number(&origin.order.timestamp.to_be_bytes()))
        .header("kafka_dlt-original-timestamp-type", "CreateTime")
        .header("kafka_dlt-original-consumer-group", "billing")
        .header("kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException")
        .header("kafka_dlt-exception-cause-fqcn", "java.lang.IllegalArgumentException")
        .header("kafka_dlt-exception-message", "Listener failed; currency is not supported")
        .header("kafka_dlt-exception-stacktrace", SPRING_TRACE)
}

fn letter(origin: &Origin) -> Record {
    Record { timestamp: origin.order.timestamp + DELAY_MS, ..origin.order.clone() }
}

fn number(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

const CONNECT_TRACE: &str = "org.apache.kafka.connect.errors.DataException: JsonConverter with schemas.enable\n\
    \tat org.apache.kafka.connect.json.JsonConverter.toConnectData(JsonConverter.java:359)\n\
    \tat org.apache.kafka.connect.runtime.WorkerSinkTask.convertValue(WorkerSinkTask.java:540)\n";
const SPRING_TRACE: &str = "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed\n\
    \tat org.springframework.kafka.listener.KafkaMessageListenerContainer.run(KafkaMessageListenerContainer.java:1300)\n\
    Caused by: java.lang.IllegalArgumentException: currency is not supported\n";
