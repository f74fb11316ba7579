//! Writes record batches of format v2 byte by byte. It owns only the layout (KIP-98, Kafka's `DefaultRecordBatch`);
//! it refuses nothing a broker would store: duplicate header names, names that are not text, nulls everywhere.

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compression, write::GzEncoder};
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use std::io::{self, Write};

/// Bytes of a batch before its records.
pub const BATCH_HEADER_BYTES: usize = 61;
/// Where the bytes covered by the checksum begin: after base offset, length, leader epoch, magic and the checksum.
const CHECKSUM_START: usize = 21;
/// Bytes that the length field does not count: base offset and the length itself.
const UNCOUNTED_BYTES: usize = 12;
/// Attribute bit of `LogAppendTime`; the lowest three bits are the codec.
pub(crate) const APPEND_TIME: i16 = 0x08;
/// zstd's own default level.
const ZSTD_LEVEL: i32 = 3;

/// One record as a producer hands it over. `None` is null, which is not the same as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    /// In the order they are written; a name may come twice and need not be text.
    pub headers: Vec<(Bytes, Option<Bytes>)>,
    /// Milliseconds since 1970, -1 for none.
    pub timestamp: i64,
}

impl Record {
    /// A record with null key, null value and no headers.
    pub fn at(timestamp: i64) -> Self {
        Self { timestamp, ..Self::default() }
    }

    pub fn key(mut self, key: impl Into<Bytes>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn value(mut self, value: impl Into<Bytes>) -> Self {
        self.value = Some(value.into());
        self
    }

    pub fn header(mut self, name: impl Into<Bytes>, value: impl Into<Bytes>) -> Self {
        self.headers.push((name.into(), Some(value.into())));
        self
    }
}

/// The codecs of Kafka with their numbers in the attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    None = 0,
    Gzip = 1,
    /// One raw block, as librdkafka writes it (Java adds a frame; readers take both).
    Snappy = 2,
    /// A frame of independent blocks, the only kind that Java reads.
    Lz4 = 3,
    Zstd = 4,
}

/// Whose clock the timestamps are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    Producer,
    /// `LogAppendTime`: readers take the largest timestamp of the batch for every record.
    Broker,
}

/// The producer a batch is from; a plain one says nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Producer {
    pub id: i64,
    /// The sequence number of the batch's first record, -1 for none.
    pub sequence: i32,
}

/// The fields of a batch's head that are not the same for all batches.
pub(crate) struct Head {
    pub(crate) attributes: i16,
    /// The batch takes one offset more than this.
    pub(crate) last_offset_delta: i32,
    pub(crate) first_timestamp: i64,
    pub(crate) max_timestamp: i64,
    pub(crate) producer: Option<Producer>,
    pub(crate) count: i32,
}

impl Head {
    /// The head of records that follow each other without a gap.
    pub(crate) fn of(records: &[Record], attributes: i16) -> io::Result<Self> {
        let count = length(records.len())?;
        Ok(Self {
            attributes,
            last_offset_delta: count.saturating_sub(1),
            first_timestamp: records.first().map_or(-1, |r| r.timestamp),
            max_timestamp: records.iter().map(|r| r.timestamp).max().unwrap_or(-1),
            producer: None,
            count,
        })
    }
}

/// The records as one batch at base offset 0 without a producer id; the broker moves the base offset when it appends.
///
/// # Errors
/// When a codec refuses, or the batch is larger than its 32-bit length field can say.
pub fn write(records: &[Record], codec: Codec, clock: Clock) -> io::Result<Bytes> {
    let attributes = codec as i16 | if clock == Clock::Broker { APPEND_TIME } else { 0 };
    let body = body((0i64..).zip(records), records.first().map_or(-1, |r| r.timestamp));
    seal(&Head::of(records, attributes)?, &compress(codec, &body)?)
}

/// Records with their offset deltas, as they stand in a batch before compression.
pub(crate) fn body<'a>(records: impl Iterator<Item = (i64, &'a Record)>, first_timestamp: i64) -> BytesMut {
    let mut body = BytesMut::new();
    for (delta, record) in records {
        put_record(&mut body, record, delta, first_timestamp);
    }
    body
}

/// Puts head and checksum before compressed records.
pub(crate) fn seal(head: &Head, body: &[u8]) -> io::Result<Bytes> {
    let producer = head.producer.unwrap_or(Producer { id: -1, sequence: -1 });
    let mut out = BytesMut::with_capacity(BATCH_HEADER_BYTES + body.len());
    out.put_i64(0); // base offset
    out.put_i32(length(BATCH_HEADER_BYTES + body.len() - UNCOUNTED_BYTES)?);
    out.put_i32(0); // leader epoch
    out.put_i8(2); // magic
    out.put_u32(0); // checksum, filled in below
    out.put_i16(head.attributes);
    out.put_i32(head.last_offset_delta);
    out.put_i64(head.first_timestamp);
    out.put_i64(head.max_timestamp);
    out.put_i64(producer.id);
    out.put_i16(if producer.id < 0 { -1 } else { 0 }); // producer epoch
    out.put_i32(producer.sequence);
    out.put_i32(head.count);
    out.put_slice(body);
    let checksum = crc32c::crc32c(&out[CHECKSUM_START..]);
    out[CHECKSUM_START - 4..CHECKSUM_START].copy_from_slice(&checksum.to_be_bytes());
    Ok(out.freeze())
}

pub(crate) fn length(n: usize) -> io::Result<i32> {
    i32::try_from(n)
        .map_err(|_| io::Error::other(format!("a record batch of {n} bytes is too large for Kafka's format")))
}

fn put_record(out: &mut BytesMut, record: &Record, offset_delta: i64, first_timestamp: i64) {
    let mut body = BytesMut::new();
    body.put_i8(0); // attributes, unused in v2
    put_varint(&mut body, record.timestamp.wrapping_sub(first_timestamp));
    put_varint(&mut body, offset_delta);
    put_nullable(&mut body, record.key.as_deref());
    put_nullable(&mut body, record.value.as_deref());
    put_varint(&mut body, record.headers.len() as i64);
    for (name, value) in &record.headers {
        put_nullable(&mut body, Some(name));
        put_nullable(&mut body, value.as_deref());
    }
    put_varint(out, body.len() as i64);
    out.put_slice(&body);
}

pub(crate) fn put_nullable(out: &mut BytesMut, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return put_varint(out, -1) };
    put_varint(out, bytes.len() as i64);
    out.put_slice(bytes);
}

/// Zigzag, seven bits a byte, lowest first. A 32-bit number has the same bytes as a 64-bit one.
pub(crate) fn put_varint(out: &mut BytesMut, n: i64) {
    let mut rest = ((n << 1) ^ (n >> 63)) as u64;
    while rest >= 0x80 {
        out.put_u8(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.put_u8(rest as u8);
}

pub(crate) fn compress(codec: Codec, bytes: &[u8]) -> io::Result<Vec<u8>> {
    match codec {
        Codec::None => Ok(bytes.to_vec()),
        Codec::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes)?;
            encoder.finish()
        }
        Codec::Snappy => snap::raw::Encoder::new().compress_vec(bytes).map_err(io::Error::other),
        Codec::Lz4 => {
            let frame = FrameInfo::new().block_mode(BlockMode::Independent).block_size(BlockSize::Max64KB);
            let mut encoder = FrameEncoder::with_frame_info(frame, Vec::new());
            encoder.write_all(bytes)?;
            encoder.finish().map_err(io::Error::other)
        }
        Codec::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL),
    }
}
