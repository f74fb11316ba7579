//! The JSON object of a record: bytes that are UTF-8 as text, others as base64, null as null. Field order is a promise.
use super::{
    decoding::Decoding,
    escape::{self, Encoding, number},
};
use crate::{
    record::{Record, TimestampType},
    topic::TopicName,
};
use std::sync::Arc;

/// Writes objects; what is the same for all records of a topic is written once.
#[derive(Debug, Clone, Default)]
pub struct Objects {
    topic: Option<TopicName>,
    /// `{"topic":"orders","partition":`
    start: Vec<u8>,
}

impl Objects {
    /// The object and a newline.
    pub fn line(&mut self, record: &Record<'_>, decoding: &mut Decoding, out: &mut Vec<u8>) {
        self.begin(record.topic, out);
        let head = record.head;
        number(head.partition, out);
        out.extend_from_slice(b",\"offset\":");
        number(head.offset, out);
        out.extend_from_slice(b",\"timestamp\":");
        number(head.timestamp, out);
        out.extend_from_slice(type_field(head.timestamp_type));
        field(record.key(), [b",\"key\":", b",\"key_encoding\":"], out);
        field(record.value(), [b",\"value\":", b",\"value_encoding\":"], out);
        headers(record, out);
        out.extend_from_slice(b",\"leader_epoch\":");
        number(head.leader_epoch, out);
        decoding.fields(record, out);
        out.extend_from_slice(b"}\n");
    }

    fn begin(&mut self, topic: &TopicName, out: &mut Vec<u8>) {
        if !self.topic.as_ref().is_some_and(|known| Arc::ptr_eq(known, topic)) {
            self.start.clear();
            self.start.extend_from_slice(b"{\"topic\":");
            escape::string(topic, &mut self.start);
            self.start.extend_from_slice(b",\"partition\":");
            self.topic = Some(topic.clone());
        }
        out.extend_from_slice(&self.start);
    }
}

fn type_field(of: TimestampType) -> &'static [u8] {
    match of {
        TimestampType::None => b",\"timestamp_type\":null",
        TimestampType::Create => b",\"timestamp_type\":\"create\"",
        TimestampType::Append => b",\"timestamp_type\":\"append\"",
    }
}

/// `names`: of the field and of the one that says how it is written, which null has not.
fn field(bytes: Option<&[u8]>, names: [&[u8]; 2], out: &mut Vec<u8>) {
    let [name, encoding] = names;
    out.extend_from_slice(name);
    let Some(bytes) = bytes else { return out.extend_from_slice(b"null") };
    let written = escape::bytes(bytes, out);
    out.extend_from_slice(encoding);
    word(written, out);
}

fn word(encoding: Encoding, out: &mut Vec<u8>) {
    out.extend_from_slice(match encoding {
        Encoding::Utf8 => b"\"utf8\"",
        Encoding::Base64 => b"\"base64\"",
    });
}

fn headers(record: &Record<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"headers\":[");
    for (at, (name, value)) in record.headers().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"name\":" } else { b",{\"name\":" });
        // A name that is not UTF-8 is against Kafka's rule, and said only then.
        if escape::bytes(name, out) == Encoding::Base64 {
            out.extend_from_slice(b",\"name_encoding\":\"base64\"");
        }
        field(value, [b",\"value\":", b",\"encoding\":"], out);
        out.push(b'}');
    }
    out.push(b']');
}
