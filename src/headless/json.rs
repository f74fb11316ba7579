//! The JSON object of a record: bytes that are UTF-8 as text, others as base64, null as null.
use crate::record::{Record, TimestampType};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

#[derive(Debug, Serialize)]
pub struct Line<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    /// Milliseconds since 1970; −1 = none.
    timestamp: i64,
    timestamp_type: Option<&'static str>,
    key: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_encoding: Option<&'static str>,
    value: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_encoding: Option<&'static str>,
    #[serde(serialize_with = "headers")]
    headers: &'a Record<'a>,
    leader_epoch: i32,
}

impl<'a> Line<'a> {
    pub fn of(record: &'a Record<'a>) -> Self {
        let head = record.head;
        let (key, key_encoding) = text(record.key());
        let (value, value_encoding) = text(record.value());
        Self {
            topic: record.topic,
            partition: head.partition,
            offset: head.offset,
            timestamp: head.timestamp,
            timestamp_type: type_word(head.timestamp_type),
            key,
            key_encoding,
            value,
            value_encoding,
            headers: record,
            leader_epoch: head.leader_epoch,
        }
    }
}

fn type_word(of: TimestampType) -> Option<&'static str> {
    match of {
        TimestampType::None => None,
        TimestampType::Create => Some("create"),
        TimestampType::Append => Some("append"),
    }
}

#[derive(Serialize)]
struct Header<'a> {
    name: Cow<'a, str>,
    /// Only where the name is not UTF-8, against Kafka's rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_encoding: Option<&'static str>,
    value: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

fn headers<S: Serializer>(record: &&Record<'_>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(record.headers().map(|(name, value)| {
        let (name, encoding_of_name) = text(Some(name));
        let (value, encoding) = text(value);
        let name_encoding = encoding_of_name.filter(|encoding| *encoding == BASE64);
        Header { name: name.unwrap_or_default(), name_encoding, value, encoding }
    }))
}

const BASE64: &str = "base64";

/// The text and how it was written; null has neither.
fn text(bytes: Option<&[u8]>) -> (Option<Cow<'_, str>>, Option<&'static str>) {
    match bytes.map(|bytes| (bytes, std::str::from_utf8(bytes))) {
        None => (None, None),
        Some((_, Ok(text))) => (Some(Cow::Borrowed(text)), Some("utf8")),
        Some((bytes, Err(_))) => (Some(Cow::Owned(STANDARD.encode(bytes))), Some(BASE64)),
    }
}
