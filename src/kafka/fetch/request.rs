//! Writes the body of a Fetch request, versions 2 to 12 (`FetchRequest.json`). Version 13 and later name topics by id.
use super::session::Says;
use crate::{kafka::wire::calls::Call, topic::TopicName};
use kafka_protocol::{
    messages::{FetchRequest, FetchResponse},
    protocol::{Encodable, VersionRange, buf::ByteBufMut},
};

/// A request written already, in the version that was agreed on.
#[derive(Debug, Clone)]
pub struct Fetch(pub Vec<u8>);

impl Encodable for Fetch {
    fn encode<B: ByteBufMut>(&self, out: &mut B, _version: i16) -> anyhow::Result<()> {
        out.put_slice(&self.0);
        Ok(())
    }

    fn compute_size(&self, _version: i16) -> anyhow::Result<usize> {
        Ok(self.0.len())
    }
}

impl Call for Fetch {
    const KEY: i16 = <FetchRequest as Call>::KEY;
    const NAME: &'static str = FetchRequest::NAME;
    const ASKS: &'static str = FetchRequest::ASKS;
    const SINCE: &'static str = "0.10";
    /// Later ones name topics by id.
    const RANGE: VersionRange = VersionRange { min: 2, max: 12 };
    type Reply = FetchResponse;

    fn header(version: i16) -> i16 {
        if version >= FLEXIBLE { 2 } else { 1 }
    }

    fn reply_header(version: i16) -> i16 {
        i16::from(version >= FLEXIBLE)
    }

    fn throttle(reply: &FetchResponse) -> i32 {
        reply.throttle_time_ms
    }
}

/// From here on lengths are varints and structures end with tagged fields (KIP-482).
pub const FLEXIBLE: i16 = 12;

/// From here on the whole answer has a bound, and a first batch that is larger comes all the same (KIP-74). Before, each
/// partition may fill its own.
pub const BOUNDED: i16 = 3;

/// From here on a broker can remember what it was asked for (KIP-227).
pub const SESSIONS: i16 = 7;

/// What is the same for every partition of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub version: i16,
    /// How long a broker may wait for `min_bytes`.
    pub max_wait_ms: i32,
    pub min_bytes: i32,
    /// For the whole answer.
    pub max_bytes: i32,
    /// Read committed: nothing beyond the last stable offset.
    pub committed: bool,
    pub session: Says,
}

/// What is asked of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub partition: i32,
    pub leader_epoch: i32,
    pub offset: i64,
    pub max_bytes: i32,
}

/// The body after the request header. `forgotten`: partitions that an open session is to leave out from now on.
pub fn write(terms: &Terms, topics: &[(TopicName, Vec<Asked>)], forgotten: &[(TopicName, Vec<i32>)]) -> Vec<u8> {
    let mut out = Writer { bytes: Vec::with_capacity(64), compact: terms.version >= FLEXIBLE };
    out.i32(-1); // not a replica
    out.i32(terms.max_wait_ms);
    out.i32(terms.min_bytes);
    if terms.version >= BOUNDED {
        out.i32(terms.max_bytes);
    }
    if terms.version >= 4 {
        out.i8(terms.committed.into()); // there are no transactions before
    }
    if terms.version >= SESSIONS {
        out.i32(terms.session.id);
        out.i32(terms.session.epoch);
    }
    out.count(topics.len());
    for (topic, partitions) in topics {
        out.topic(terms.version, topic, partitions);
    }
    if terms.version >= SESSIONS {
        out.forgotten(forgotten);
    }
    if terms.version >= 11 {
        out.text(""); // rack
    }
    out.tags();
    out.bytes
}

struct Writer {
    bytes: Vec<u8>,
    compact: bool,
}

impl Writer {
    fn topic(&mut self, version: i16, topic: &str, partitions: &[Asked]) {
        self.text(topic);
        self.count(partitions.len());
        for asked in partitions {
            self.partition(version, asked);
        }
        self.tags();
    }

    fn partition(&mut self, version: i16, asked: &Asked) {
        self.i32(asked.partition);
        if version >= 9 {
            self.i32(asked.leader_epoch);
        }
        self.i64(asked.offset);
        if version >= 12 {
            self.i32(-1); // epoch of the last record read: truncation is seen by offsets
        }
        if version >= 5 {
            self.i64(-1); // log start, of followers only
        }
        self.i32(asked.max_bytes);
        self.tags();
    }

    fn forgotten(&mut self, topics: &[(TopicName, Vec<i32>)]) {
        self.count(topics.len());
        for (topic, ids) in topics {
            self.text(topic);
            self.count(ids.len());
            ids.iter().for_each(|id| self.i32(*id));
            self.tags();
        }
    }

    fn i8(&mut self, value: i8) {
        self.bytes.extend(value.to_be_bytes());
    }

    fn i32(&mut self, value: i32) {
        self.bytes.extend(value.to_be_bytes());
    }

    fn i64(&mut self, value: i64) {
        self.bytes.extend(value.to_be_bytes());
    }

    fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn count(&mut self, count: usize) {
        if self.compact { self.unsigned(count as u64 + 1) } else { self.i32(count as i32) }
    }

    /// Topic names have at most 249 letters, so their length fits 16 bits.
    fn text(&mut self, text: &str) {
        if self.compact {
            self.unsigned(text.len() as u64 + 1);
        } else {
            self.bytes.extend((text.len() as i16).to_be_bytes());
        }
        self.bytes.extend(text.as_bytes());
    }

    fn tags(&mut self) {
        if self.compact {
            self.bytes.push(0);
        }
    }
}
