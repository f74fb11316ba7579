//! Record formats 0 and 1, from before Kafka 0.11 and in topics that were written then: one message each, or a set of
//! them compressed inside another. Layout: Kafka's `LegacyRecord`; offsets: `AbstractLegacyRecordBatch`. Copies nothing.
use super::{
    batch::Found,
    cursor::{Cursor, Result as Read, Short},
    envelope::{Envelope, Step, step},
};
use crate::record::{Head, Span, TimestampType};
use std::ops::Range;

/// Offset, length, checksum, magic and attributes of a message.
const PREFIX: usize = 18;

/// What went wrong inside a message of an old format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a record of an old format is malformed")]
    Record,
    #[error("the checksum of a record inside a compressed one does not match")]
    Checksum,
    #[error("a compressed record lies inside a compressed one")]
    Nested,
    #[error("a record lies inside a compressed one of another format")]
    Format,
    #[error("the offsets inside a compressed record do not fit its own")]
    Offset,
}

impl From<Short> for Malformed {
    fn from(Short: Short) -> Self {
        Self::Record
    }
}

/// What one message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Record(Found),
    /// More messages, compressed, in these bytes.
    Set(Range<usize>),
}

/// The message at `envelope`, whose checksum holds.
pub fn open(buffer: &[u8], envelope: &Envelope, partition: i32) -> Result<Content, Malformed> {
    let message = Message::read(buffer, envelope)?;
    if envelope.codec() == 0 {
        return Ok(Content::Record(message.found(envelope, envelope.base_offset, partition)));
    }
    message.value_range.map(Content::Set).ok_or(Malformed::Record)
}

/// The fields of one message. Spans count from the beginning of the buffer.
struct Message {
    key: Span,
    value: Span,
    value_range: Option<Range<usize>>,
}

impl Message {
    fn read(buffer: &[u8], envelope: &Envelope) -> Read<Self> {
        let mut cursor = Cursor::within(buffer, envelope.range.clone())?;
        cursor.skip(PREFIX + if envelope.magic == 0 { 0 } else { 8 })?;
        let (key, _) = field(&mut cursor)?;
        let (value, value_range) = field(&mut cursor)?;
        if cursor.left() > 0 {
            return Err(Short);
        }
        Ok(Self { key, value, value_range })
    }

    fn found(self, envelope: &Envelope, offset: i64, partition: i32) -> Found {
        let head = Head {
            offset,
            timestamp: envelope.max_timestamp,
            key: self.key,
            value: self.value,
            headers: Span::NULL,
            header_count: 0,
            partition,
            leader_epoch: -1,
            timestamp_type: match envelope {
                Envelope { magic: 0, .. } => TimestampType::None,
                batch if batch.is_append_time() => TimestampType::Append,
                _ => TimestampType::Create,
            },
        };
        Found { range: envelope.range.clone(), head }
    }
}

/// Bytes after a 32-bit length, −1 = null.
fn field(cursor: &mut Cursor<'_>) -> Read<(Span, Option<Range<usize>>)> {
    let Some(length) = cursor.wide_length(false)? else { return Ok((Span::NULL, None)) };
    let at = cursor.at();
    cursor.skip(length)?;
    Ok((Span::new(at, length).ok_or(Short)?, Some(at..cursor.at())))
}

/// The messages that lay compressed in another, in order; ends after the first that cannot be read.
#[derive(Debug)]
pub struct Messages<'a> {
    buffer: &'a [u8],
    at: usize,
    around: &'a Envelope,
    partition: i32,
    /// Added to the offsets inside: those of format 1 count up to the outer one, those of format 0 are absolute.
    shift: i64,
    least: i64,
}

impl<'a> Messages<'a> {
    /// `buffer`: what was inflated. `around`: the message it lay in.
    pub fn new(buffer: &'a [u8], around: &'a Envelope, partition: i32) -> Self {
        let shift = if around.magic == 0 { 0 } else { around.last_offset.saturating_sub(last_offset(buffer)) };
        Self { buffer, at: 0, around, partition, shift, least: 0 }
    }

    fn read(&mut self, mut envelope: Envelope) -> Result<Found, Malformed> {
        self.at = envelope.range.end;
        if envelope.magic != self.around.magic {
            return Err(Malformed::Format);
        }
        if envelope.codec() != 0 {
            return Err(Malformed::Nested);
        }
        if !envelope.is_intact(self.buffer) {
            return Err(Malformed::Checksum);
        }
        let offset = envelope.base_offset.checked_add(self.shift).ok_or(Malformed::Offset)?;
        if offset < self.least || offset > self.around.last_offset {
            return Err(Malformed::Offset);
        }
        self.least = offset.saturating_add(1);
        if self.around.is_append_time() {
            envelope.attributes = self.around.attributes;
            envelope.max_timestamp = self.around.max_timestamp;
        }
        Ok(Message::read(self.buffer, &envelope)?.found(&envelope, offset, self.partition))
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Found, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = match step(self.buffer, self.at, self.buffer.len()) {
            Step::End => return None,
            Step::Batch(envelope) => self.read(envelope),
            Step::Cut | Step::Unreadable { .. } => Err(Malformed::Record),
        };
        if found.is_err() {
            self.at = self.buffer.len();
        }
        Some(found)
    }
}

/// Of the last message, which lengths alone lead to.
fn last_offset(buffer: &[u8]) -> i64 {
    let (mut at, mut last) = (0, 0);
    while let Step::Batch(envelope) = step(buffer, at, buffer.len()) {
        (at, last) = (envelope.range.end, envelope.base_offset);
    }
    last
}
