//! Builds batches of records as the reader hands them over.
use bytes::Bytes;
use kafscope::{
    bus::Event,
    record::{Batch, Head, Span, TimestampType},
};

/// 2026-11-20 14:03:21.981 UTC, just before the tests' clock.
pub const TIME: i64 = 1_795_183_401_981;

/// One record to be. `null()` and `empty` are different things.
#[derive(Debug, Clone)]
pub struct Spec {
    pub partition: i32,
    pub offset: i64,
    pub timestamp: i64,
    pub timestamp_type: TimestampType,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

pub fn record(partition: i32, offset: i64, key: &str, value: impl AsRef<[u8]>) -> Spec {
    Spec {
        partition,
        offset,
        timestamp: TIME,
        timestamp_type: TimestampType::Create,
        key: Some(key.into()),
        value: Some(value.as_ref().to_vec()),
        headers: vec![],
    }
}

impl Spec {
    pub fn null_key(self) -> Self {
        Self { key: None, ..self }
    }

    pub fn null(self) -> Self {
        Self { value: None, ..self }
    }

    pub fn key(self, key: &[u8]) -> Self {
        Self { key: Some(key.to_vec()), ..self }
    }

    pub fn header(mut self, name: impl AsRef<[u8]>, value: Option<&[u8]>) -> Self {
        self.headers.push((name.as_ref().to_vec(), value.map(<[u8]>::to_vec)));
        self
    }
}

pub fn batch(topic: &str, records: impl IntoIterator<Item = Spec>) -> Batch {
    let mut buffer = vec![];
    let heads: Vec<Head> = records.into_iter().map(|spec| head(&mut buffer, &spec)).collect();
    Batch { topic: topic.into(), capacity: buffer.len(), buffer: Bytes::from(buffer), heads }
}

pub fn arrived(generation: u64, topic: &str, records: impl IntoIterator<Item = Spec>) -> Event {
    Event::RecordsArrived { generation, batch: batch(topic, records) }
}

fn head(buffer: &mut Vec<u8>, spec: &Spec) -> Head {
    let mut put = |bytes: &[u8]| {
        buffer.extend_from_slice(bytes);
        Span::new(buffer.len() - bytes.len(), bytes.len()).unwrap_or(Span::NULL)
    };
    let mut headers = vec![];
    for (name, value) in &spec.headers {
        field(&mut headers, Some(name));
        field(&mut headers, value.as_deref());
    }
    Head {
        offset: spec.offset,
        timestamp: spec.timestamp,
        key: spec.key.as_deref().map_or(Span::NULL, &mut put),
        value: spec.value.as_deref().map_or(Span::NULL, &mut put),
        headers: put(&headers),
        header_count: spec.headers.len() as u32,
        partition: spec.partition,
        leader_epoch: 3,
        timestamp_type: spec.timestamp_type,
    }
}

/// A zigzag varint length (−1 = null), then the bytes.
fn field(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    let length = bytes.map_or(-1, |bytes| bytes.len() as i64);
    let mut rest = (length << 1 ^ length >> 63) as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out.extend_from_slice(bytes.unwrap_or_default());
}
