//! Reads Produce requests, the only ones that may be large, without reserving for what they claim to hold.
//!
//! In a frame of 32 MiB even a possible claim of array elements would reserve gigabytes, so `guard` is not enough here.

use bytes::{Buf, Bytes};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{ProduceRequest, TopicName, TransactionalId};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

/// Versions from this on have compact lengths and tagged fields (KIP-482).
const FLEXIBLE: i16 = 9;
/// Versions from this on name topics by id (KIP-516).
const BY_ID: i16 = 13;

/// The request in a version from 3 to 13; `None` when it is cut short or its lengths cannot be.
pub(crate) fn read(body: Bytes, version: i16) -> Option<ProduceRequest> {
    Reader { body, flexible: version >= FLEXIBLE, by_id: version >= BY_ID }.request()
}

struct Reader {
    body: Bytes,
    flexible: bool,
    by_id: bool,
}

impl Reader {
    fn request(&mut self) -> Option<ProduceRequest> {
        let transactional_id = self.string()?.map(TransactionalId);
        let acks = self.body.try_get_i16().ok()?;
        let timeout_ms = self.body.try_get_i32().ok()?;
        let topics = self.array(Self::topic)?;
        self.tags()?;
        let request = ProduceRequest::default().with_transactional_id(transactional_id);
        Some(request.with_acks(acks).with_timeout_ms(timeout_ms).with_topic_data(topics))
    }

    fn topic(&mut self) -> Option<TopicProduceData> {
        let topic = match self.by_id {
            true => TopicProduceData::default().with_topic_id(Uuid::from_u128(self.body.try_get_u128().ok()?)),
            false => TopicProduceData::default().with_name(TopicName(self.string()??)),
        };
        let partitions = self.array(Self::partition)?;
        self.tags()?;
        Some(topic.with_partition_data(partitions))
    }

    fn partition(&mut self) -> Option<PartitionProduceData> {
        let index = self.body.try_get_i32().ok()?;
        let records = match self.length(Self::long)? {
            Some(length) => Some(self.take(length)?),
            None => None,
        };
        self.tags()?;
        Some(PartitionProduceData::default().with_index(index).with_records(records))
    }

    /// Grows with the elements that are really there.
    fn array<T>(&mut self, element: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut elements = Vec::new();
        for _ in 0..self.length(Self::long)?? {
            elements.push(element(self)?);
        }
        Some(elements)
    }

    fn string(&mut self) -> Option<Option<StrBytes>> {
        match self.length(Self::short)? {
            None => Some(None),
            Some(length) => StrBytes::from_utf8(self.take(length)?).ok().map(Some),
        }
    }

    /// A length, compact where the version says so; inside, `None` is null.
    fn length(&mut self, plain: fn(&mut Self) -> Option<i32>) -> Option<Option<usize>> {
        let length =
            if self.flexible { self.varint()?.checked_sub(1).map_or(-1, i64::from) } else { plain(self)?.into() };
        if length == -1 { Some(None) } else { usize::try_from(length).ok().map(Some) }
    }

    fn long(&mut self) -> Option<i32> {
        self.body.try_get_i32().ok()
    }

    fn short(&mut self) -> Option<i32> {
        self.body.try_get_i16().ok().map(i32::from)
    }

    /// Skips tagged fields: none is known here.
    fn tags(&mut self) -> Option<()> {
        let count = if self.flexible { self.varint()? } else { 0 };
        for _ in 0..count {
            self.varint()?; // tag
            let length = self.varint()?;
            self.take(usize::try_from(length).ok()?)?;
        }
        Some(())
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.body.try_get_u8().ok()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<Bytes> {
        (length <= self.body.len()).then(|| self.body.split_to(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use kafka_protocol::protocol::Encodable;
    use proptest::prelude::*;

    fn request(version: i16) -> ProduceRequest {
        let records = [Some(Bytes::from_static(b"records")), None, Some(Bytes::new())];
        let partition = |(index, records)| PartitionProduceData::default().with_index(index).with_records(records);
        let topic = match version >= BY_ID {
            true => TopicProduceData::default().with_topic_id(Uuid::from_u128(7)),
            false => TopicProduceData::default().with_name(TopicName(StrBytes::from_static_str("t"))),
        };
        let topic = topic.with_partition_data((0..).zip(records).map(partition).collect());
        ProduceRequest::default().with_acks(-1).with_timeout_ms(i32::MAX).with_topic_data(vec![topic.clone(), topic])
    }

    fn encoded(version: i16) -> Bytes {
        let mut body = BytesMut::new();
        request(version).encode(&mut body, version).unwrap();
        body.freeze()
    }

    #[test]
    fn every_version_is_read_as_it_was_written() {
        for version in 3..=13 {
            assert_eq!(read(encoded(version), version), Some(request(version)), "version {version}");
        }
    }

    #[test]
    fn a_request_cut_anywhere_is_none() {
        for version in [3, 9, 13] {
            let whole = encoded(version);
            for length in 0..whole.len() {
                assert_eq!(read(whole.slice(..length), version), None, "version {version}, {length} bytes");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..100), version in 3..14i16) {
            let _ = read(Bytes::from(body), version);
        }
    }
}
