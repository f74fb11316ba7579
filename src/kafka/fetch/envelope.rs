//! What stands before the records of a batch: enough to move on, to drop it, or to open it. Reads no record.
//! Layout: Kafka's `DefaultRecordBatch` (format 2) and `LegacyRecord` (formats 0 and 1).
use super::cursor::{Cursor, Result, Short};
use std::ops::{Range, RangeInclusive};

/// Bytes of a format 2 batch before its records.
pub const HEADER: usize = 61;
/// Base offset and length: what every format begins with.
const PREFIX: usize = 12;
/// Where every format names itself.
const MAGIC: usize = 16;
/// Where the checksummed part of a format 2 batch begins.
const CHECKED: usize = 21;
/// And that of a message of format 0 or 1.
const OLD_CHECKED: usize = 16;
/// Codec and kind of timestamp: formats 0 and 1 have no other attributes.
const OLD_ATTRIBUTES: i16 = 0x0f;
/// Prefix, checksum, magic and attributes: nothing shorter is a batch or an old message.
const LEAST: i32 = 6;
/// No answer can carry more (`socket.request.max.bytes`), in bytes: whoever claims it is not to be waited for.
const MOST: i32 = 100 << 20;
/// Bytes of the shortest record of format 2: length, attributes, two deltas, key, value and headers, a byte each.
const LEAST_RECORD: usize = 7;

/// One batch of any format, found in a buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The whole batch in the buffer.
    pub range: Range<usize>,
    pub base_offset: i64,
    /// Offset of its last record, also when compaction took that one away.
    pub last_offset: i64,
    /// −1 = not told.
    pub leader_epoch: i32,
    /// The format: 0, 1 or 2.
    pub magic: i8,
    pub attributes: i16,
    pub base_timestamp: i64,
    pub max_timestamp: i64,
    pub producer: i64,
    /// Records as claimed; the walk is bounded by the bytes, not by this.
    pub count: i32,
    pub checksum: u32,
}

/// What is found at a position of a partition's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Batch(Envelope),
    /// The rest is the beginning of a batch that did not fit into the answer.
    Cut,
    /// Neither its format nor its extent in offsets can be read: the next batch, if there is one, begins at `end`.
    Unreadable {
        base_offset: i64,
        end: usize,
        why: &'static str,
    },
    End,
}

impl Envelope {
    /// The codec in the low three bits (KIP-110 knows 0 to 4).
    pub fn codec(&self) -> i16 {
        self.attributes & 0x07
    }

    /// `LogAppendTime`: the batch's own time stands for every record in it.
    pub fn is_append_time(&self) -> bool {
        self.attributes & 0x08 != 0
    }

    pub fn is_transactional(&self) -> bool {
        self.attributes & 0x10 != 0
    }

    /// Markers of transactions and the like: they move the position and hold no record.
    pub fn is_control(&self) -> bool {
        self.attributes & 0x20 != 0
    }

    /// The records, compressed or not.
    pub fn body(&self) -> Range<usize> {
        self.range.start + HEADER..self.range.end
    }

    /// Can it hold as many records as it claims? Each has an offset of its own, and takes seven bytes at least.
    pub fn is_plausible(&self) -> bool {
        let extent = self.last_offset.saturating_sub(self.base_offset).saturating_add(1);
        i64::from(self.count) <= extent
            && (self.codec() != 0 || self.count as usize <= self.body().len() / LEAST_RECORD)
    }

    /// Does its checksum hold: CRC-32C in format 2, the older CRC-32 before?
    pub fn is_intact(&self, buffer: &[u8]) -> bool {
        let begin = self.range.start + if self.magic < 2 { OLD_CHECKED } else { CHECKED };
        let Some(checked) = buffer.get(begin..self.range.end) else { return false };
        let sum = if self.magic < 2 { crc32(checked) } else { crc32c::crc32c(checked) };
        sum == self.checksum
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// What stands at `at`, seen no further than `end`.
pub fn step(buffer: &[u8], at: usize, end: usize) -> Step {
    if at >= end {
        return Step::End;
    }
    let Some(size) = prefix(buffer, at, end) else { return Step::Cut };
    if !(LEAST..=MOST).contains(&size.length) {
        let why = "a batch of an impossible length";
        return Step::Unreadable { base_offset: size.base_offset, end, why };
    }
    let stop = at.saturating_add(PREFIX).saturating_add(size.length as usize);
    if stop > end {
        return Step::Cut;
    }
    read(buffer, at..stop).unwrap_or_else(|why| Step::Unreadable { base_offset: size.base_offset, end: stop, why })
}

/// The offsets of a batch whose length is wrong or whose rest never came, if the numbers in its header agree with each
/// other: as many records as offsets.
pub fn claimed(buffer: &[u8], at: usize, end: usize) -> Option<RangeInclusive<i64>> {
    let magic = buffer.get(at.checked_add(MAGIC)?)?;
    let envelope = modern(buffer, at..end).ok().filter(|_| *magic == 2)?;
    let offsets = envelope.last_offset.checked_sub(envelope.base_offset)?.checked_add(1)?;
    (envelope.base_offset >= 0 && offsets == i64::from(envelope.count))
        .then_some(envelope.base_offset..=envelope.last_offset)
}

struct Prefix {
    base_offset: i64,
    length: i32,
}

fn prefix(buffer: &[u8], at: usize, end: usize) -> Option<Prefix> {
    let mut cursor = Cursor::within(buffer, at..end).ok()?;
    Some(Prefix { base_offset: cursor.i64().ok()?, length: cursor.i32().ok()? })
}

fn read(buffer: &[u8], range: Range<usize>) -> std::result::Result<Step, &'static str> {
    let malformed = |_: Short| "a batch with a malformed header";
    let mut cursor = Cursor::within(buffer, range.clone()).map_err(malformed)?;
    let base_offset = cursor.i64().map_err(malformed)?;
    cursor.skip(8).map_err(malformed)?;
    if base_offset < 0 {
        return Err("a batch with a negative offset");
    }
    match cursor.i8().map_err(malformed)? {
        magic @ (0 | 1) => old(buffer, range, magic).map(Step::Batch).map_err(malformed),
        2 => modern(buffer, range).map(Step::Batch).map_err(malformed),
        _ => Err("a batch of a format newer than 2"),
    }
}

/// One message of format 0 or 1; a compressed one has the offset of the last it holds.
fn old(buffer: &[u8], range: Range<usize>, magic: i8) -> Result<Envelope> {
    let mut cursor = Cursor::within(buffer, range.clone())?;
    let offset = cursor.i64()?;
    cursor.skip(4)?;
    let checksum = cursor.u32()?;
    cursor.skip(1)?;
    let attributes = i16::from(cursor.i8()?) & OLD_ATTRIBUTES;
    let timestamp = if magic == 0 { -1 } else { cursor.i64()? };
    Ok(Envelope {
        range,
        base_offset: offset,
        last_offset: offset,
        leader_epoch: -1,
        magic,
        attributes,
        base_timestamp: timestamp,
        max_timestamp: timestamp,
        producer: -1,
        count: 1,
        checksum,
    })
}

fn modern(buffer: &[u8], range: Range<usize>) -> Result<Envelope> {
    let mut cursor = Cursor::within(buffer, range.clone())?;
    let base_offset = cursor.i64()?;
    cursor.skip(4)?;
    let leader_epoch = cursor.i32()?;
    let magic = cursor.i8()?;
    let checksum = cursor.u32()?;
    let attributes = cursor.i16()?;
    let delta = cursor.i32()?;
    let (base_timestamp, max_timestamp, producer) = (cursor.i64()?, cursor.i64()?, cursor.i64()?);
    cursor.skip(6)?; // producer epoch and base sequence
    let count = cursor.i32()?;
    if delta < 0 || count < 0 {
        return Err(Short);
    }
    let last_offset = base_offset.checked_add(delta.into()).ok_or(Short)?;
    let envelope = Envelope {
        range,
        base_offset,
        last_offset,
        leader_epoch,
        magic,
        attributes,
        base_timestamp,
        max_timestamp,
        producer,
        count,
        checksum,
    };
    Ok(envelope)
}
