//! The records of one format 2 batch → heads that point into the buffer they lie in. Copies nothing.
//! Layout: Kafka's `DefaultRecord`.
use super::{
    cursor::{Cursor, Result, Short},
    envelope::Envelope,
};
use crate::record::{Head, Span, TimestampType};
use std::ops::Range;

/// What went wrong inside a batch whose envelope could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a record is malformed")]
    Record,
    #[error("the batch ends before the {0} records its header tells of")]
    Missing(i32),
    #[error("it holds more than the {0} records its header tells of")]
    Rest(i32),
}

/// The records of a batch, in order; ends after the first that cannot be read.
#[derive(Debug)]
pub struct Records<'a> {
    cursor: Cursor<'a>,
    envelope: &'a Envelope,
    partition: i32,
    left: i32,
    /// Offsets only grow, within the extent of the batch.
    least: i64,
}

/// One record and all the bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub range: Range<usize>,
    /// Spans count from the beginning of the buffer.
    pub head: Head,
}

impl<'a> Records<'a> {
    /// `body`: where the records lie in `buffer`, inflated already. The claimed count allocates nothing.
    pub fn new(buffer: &'a [u8], body: Range<usize>, envelope: &'a Envelope, partition: i32) -> Self {
        let cursor = Cursor::within(buffer, body).unwrap_or(Cursor::new(&[]));
        Self { cursor, envelope, partition, left: envelope.count, least: envelope.base_offset }
    }

    /// Passes over the records that end before byte `at` of the buffer, by their lengths alone, and tells how many they
    /// were. What is malformed is left for the next look.
    pub fn skip_to(&mut self, at: usize) -> u64 {
        let before = self.left;
        while self.left > 0 {
            let mut ahead = self.cursor;
            let passed = ahead.varint_length().and_then(|length| ahead.skip(length.ok_or(Short)?));
            if passed.is_err() || ahead.at() > at {
                break;
            }
            self.cursor = ahead;
            self.left -= 1;
        }
        (before - self.left).max(0) as u64
    }

    /// Records that were not looked at, as claimed.
    pub fn left(&self) -> u64 {
        self.left.max(0) as u64
    }

    /// Where the next one begins in the buffer.
    pub fn at(&self) -> usize {
        self.cursor.at()
    }

    fn read(&mut self) -> Result<Found> {
        let start = self.cursor.at();
        let length = self.cursor.varint_length()?.ok_or(Short)?;
        let mut record = self.cursor.part(length)?;
        let head = self.head(&mut record)?;
        if head.offset < self.least || head.offset > self.envelope.last_offset {
            return Err(Short);
        }
        self.least = head.offset.saturating_add(1);
        Ok(Found { range: start..self.cursor.at(), head })
    }

    fn head(&self, record: &mut Cursor<'_>) -> Result<Head> {
        record.skip(1)?; // attributes, unused
        let timestamp = record.varint()?;
        let offset = self.envelope.base_offset.checked_add(record.varint()?).ok_or(Short)?;
        let (key, value) = (span(record)?, span(record)?);
        let header_count = header_count(record)?;
        let headers = Span::new(record.at(), record.left()).ok_or(Short)?;
        Ok(Head {
            offset,
            timestamp: self.timestamp(timestamp),
            key,
            value,
            headers,
            header_count,
            partition: self.partition,
            leader_epoch: self.envelope.leader_epoch,
            timestamp_type: self.timestamp_type(),
        })
    }

    fn timestamp(&self, delta: i64) -> i64 {
        match self.envelope {
            batch if batch.is_append_time() => batch.max_timestamp,
            // A batch without timestamps says −1 for all of them.
            Envelope { base_timestamp: -1, .. } => -1,
            batch => batch.base_timestamp.saturating_add(delta),
        }
    }

    fn timestamp_type(&self) -> TimestampType {
        if self.envelope.is_append_time() { TimestampType::Append } else { TimestampType::Create }
    }
}

impl Iterator for Records<'_> {
    type Item = std::result::Result<Found, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left <= 0 {
            let rest = self.left == 0 && self.cursor.left() > 0;
            self.left = -1;
            return rest.then_some(Err(Malformed::Rest(self.envelope.count)));
        }
        self.left -= 1;
        let found = match self.cursor.left() {
            0 => Err(Malformed::Missing(self.envelope.count)),
            _ => self.read().map_err(|Short| Malformed::Record),
        };
        if found.is_err() {
            self.left = -1;
        }
        Some(found)
    }
}

#[inline]
fn span(record: &mut Cursor<'_>) -> Result<Span> {
    let Some(length) = record.varint_length()? else { return Ok(Span::NULL) };
    let at = record.at();
    record.skip(length)?;
    Span::new(at, length).ok_or(Short)
}

/// Every header takes at least two bytes: more than fit are refused.
fn header_count(record: &mut Cursor<'_>) -> Result<u32> {
    let count = record.varint()?;
    let fits = usize::try_from(count).is_ok_and(|count| count <= record.left() / 2);
    if fits { u32::try_from(count).map_err(|_| Short) } else { Err(Short) }
}
