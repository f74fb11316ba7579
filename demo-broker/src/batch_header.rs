//! The fixed head of a version 2 record batch (KIP-98): read, checked and stamped, its records left alone.

use crate::codes;
use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes before the first record.
pub(crate) const LENGTH: usize = 61;
/// Base offset and length, which the length does not count.
const UNCOUNTED: usize = 12;
const CRC_AT: usize = 17;
/// The checksum covers everything from here on.
pub(crate) const ATTRIBUTES_AT: usize = 21;
const MAX_TIMESTAMP_AT: usize = 35;

const APPEND_TIME: i16 = 0x08;
const TRANSACTIONAL: i16 = 0x10;
const CONTROL: i16 = 0x20;

/// What the head of a batch says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchHeader {
    pub(crate) base_offset: i64,
    crc: u32,
    attributes: i16,
    pub(crate) last_offset_delta: i32,
    pub(crate) base_timestamp: i64,
    pub(crate) max_timestamp: i64,
    pub(crate) producer_id: i64,
    pub(crate) producer_epoch: i16,
    pub(crate) base_sequence: i32,
}

impl BatchHeader {
    /// Reads the head of the batch that `bytes` begins with; `None` when it is not there.
    pub(crate) fn read(mut bytes: &[u8]) -> Option<Self> {
        let base_offset = bytes.try_get_i64().ok()?;
        bytes.try_get_i32().ok()?; // length
        bytes.try_get_i32().ok()?; // leader epoch
        bytes.try_get_i8().ok()?; // magic
        Some(Self {
            base_offset,
            crc: bytes.try_get_u32().ok()?,
            attributes: bytes.try_get_i16().ok()?,
            last_offset_delta: bytes.try_get_i32().ok()?,
            base_timestamp: bytes.try_get_i64().ok()?,
            max_timestamp: bytes.try_get_i64().ok()?,
            producer_id: bytes.try_get_i64().ok()?,
            producer_epoch: bytes.try_get_i16().ok()?,
            base_sequence: bytes.try_get_i32().ok()?,
        })
    }

    /// Splits the first batch off and checks it as a broker does (`LogValidator`, `DefaultRecordBatch.ensureValid`).
    /// Errors are Kafka's codes.
    pub(crate) fn split(bytes: &mut Bytes) -> Result<(Self, Bytes), i16> {
        let batch = split_frame(bytes).ok_or(codes::CORRUPT_MESSAGE)?;
        if batch.get(16) != Some(&2) {
            return Err(codes::UNSUPPORTED_FOR_MESSAGE_FORMAT);
        }
        let header = Self::read(&batch).ok_or(codes::CORRUPT_MESSAGE)?;
        let counted = batch.get(ATTRIBUTES_AT..).unwrap_or_default();
        if header.crc != crc32c::crc32c(counted) {
            return Err(codes::CORRUPT_MESSAGE);
        }
        if header.last_offset_delta < 0 {
            return Err(codes::INVALID_RECORD);
        }
        Ok((header, batch))
    }

    /// 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
    pub(crate) fn codec(&self) -> i16 {
        self.attributes & 0x07
    }

    pub(crate) fn append_time(&self) -> bool {
        self.attributes & APPEND_TIME != 0
    }

    pub(crate) fn transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL != 0
    }

    pub(crate) fn control(&self) -> bool {
        self.attributes & CONTROL != 0
    }

    /// The last sequence number; they wrap from the largest `i32` to 0.
    pub(crate) fn last_sequence(&self) -> i32 {
        let last = (i64::from(self.base_sequence) + i64::from(self.last_offset_delta)) % (i64::from(i32::MAX) + 1);
        i32::try_from(last).unwrap_or(0)
    }
}

fn split_frame(bytes: &mut Bytes) -> Option<Bytes> {
    let length = bytes.get(8..UNCOUNTED)?.try_get_i32().ok()?;
    let size = usize::try_from(length).ok()?.checked_add(UNCOUNTED)?;
    (LENGTH..=bytes.len()).contains(&size).then(|| bytes.split_to(size))
}

/// Gives a batch its place in the log. The checksum does not cover these fields.
pub(crate) fn place(batch: &[u8], base_offset: i64, leader_epoch: i32) -> BytesMut {
    let mut placed = BytesMut::from(batch);
    if let Some(mut head) = placed.get_mut(..16) {
        head.put_i64(base_offset);
        head = head.get_mut(4..).unwrap_or_default();
        head.put_i32(leader_epoch);
    }
    placed
}

/// Makes `now` the time of every record of the batch (`message.timestamp.type=LogAppendTime`).
pub(crate) fn stamp(batch: &mut BytesMut, now: i64) {
    if let Some(attributes) = batch.get_mut(ATTRIBUTES_AT + 1) {
        *attributes |= APPEND_TIME as u8;
    }
    if let Some(mut at) = batch.get_mut(MAX_TIMESTAMP_AT..MAX_TIMESTAMP_AT + 8) {
        at.put_i64(now);
    }
    seal(batch);
}

/// Makes the checksum right again.
pub(crate) fn seal(batch: &mut BytesMut) {
    let crc = crc32c::crc32c(batch.get(ATTRIBUTES_AT..).unwrap_or_default());
    if let Some(mut at) = batch.get_mut(CRC_AT..ATTRIBUTES_AT) {
        at.put_u32(crc);
    }
}
