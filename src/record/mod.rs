//! Records as they came: one shared buffer and fixed-size heads that point into it. Nothing is copied, decoded or
//! guessed here; null, empty and the text "null" stay three different things.
use crate::topic::TopicName;
use bytes::Bytes;

pub mod gather;
pub mod ring;

/// A range of a batch's buffer, or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    at: u32,
    /// `u32::MAX` = null. No buffer is that long (frames end at 100 MiB, inflated batches at 256 MiB).
    len: u32,
}

impl Span {
    pub const NULL: Self = Self { at: 0, len: u32::MAX };

    /// `None` when the range does not fit 32 bits.
    pub fn new(at: usize, len: usize) -> Option<Self> {
        let (at, len) = (u32::try_from(at).ok()?, u32::try_from(len).ok()?);
        (len != u32::MAX).then_some(Self { at, len })
    }

    /// The same bytes in a buffer that begins `by` bytes later.
    #[inline]
    fn moved_back(self, by: usize) -> Self {
        Self { at: self.at.saturating_sub(u32::try_from(by).unwrap_or(u32::MAX)), ..self }
    }

    /// For a place outside of memory; [`Span::from_bits`] is the way back.
    pub fn to_bits(self) -> u64 {
        u64::from(self.at) << 32 | u64::from(self.len)
    }

    pub fn from_bits(bits: u64) -> Self {
        Self { at: (bits >> 32) as u32, len: bits as u32 }
    }

    pub fn of(self, buffer: &[u8]) -> Option<&[u8]> {
        if self.len == u32::MAX {
            return None;
        }
        buffer.get(self.at as usize..(self.at as usize).checked_add(self.len as usize)?)
    }
}

/// Who set a record's timestamp (Kafka's `message.timestamp.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampType {
    /// Formats before 0.10 carry none.
    None,
    Create,
    Append,
}

/// What is fixed-size about one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub offset: i64,
    /// Milliseconds since 1970; −1 = none.
    pub timestamp: i64,
    pub key: Span,
    pub value: Span,
    /// The encoded headers after their count, for [`Headers`].
    pub headers: Span,
    pub header_count: u32,
    pub partition: i32,
    /// −1 = not told.
    pub leader_epoch: i32,
    pub timestamp_type: TimestampType,
}

impl Head {
    /// The same record in a buffer that begins `by` bytes later.
    #[inline]
    pub fn moved_back(self, by: usize) -> Self {
        let (key, value, headers) = (self.key.moved_back(by), self.value.moved_back(by), self.headers.moved_back(by));
        Self { key, value, headers, ..self }
    }
}

/// Records of one topic over one buffer.
#[derive(Debug, Clone)]
pub struct Batch {
    pub topic: TopicName,
    pub buffer: Bytes,
    /// What the buffer takes in memory, which may be more than its length: what a bound must count.
    pub capacity: usize,
    pub heads: Vec<Head>,
}

impl Batch {
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    pub fn record(&self, index: usize) -> Option<Record<'_>> {
        self.heads.get(index).map(|head| Record::new(&self.topic, head, &self.buffer))
    }

    pub fn records(&self) -> impl DoubleEndedIterator<Item = Record<'_>> + ExactSizeIterator {
        self.heads.iter().map(|head| Record::new(&self.topic, head, &self.buffer))
    }

    /// The last head of every run of one partition: within a partition, how far this batch leads.
    pub fn last_heads(&self) -> impl Iterator<Item = &Head> {
        self.heads.chunk_by(|a, b| a.partition == b.partition).filter_map(<[Head]>::last)
    }

    /// Bytes this batch holds in memory.
    pub fn bytes(&self) -> usize {
        self.capacity + self.heads.capacity() * size_of::<Head>()
    }
}

/// One record, seen in its batch.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub topic: &'a TopicName,
    pub head: &'a Head,
    buffer: &'a [u8],
}

impl<'a> Record<'a> {
    /// `head` counts from the beginning of `buffer`.
    pub fn new(topic: &'a TopicName, head: &'a Head, buffer: &'a [u8]) -> Self {
        Self { topic, head, buffer }
    }

    pub fn key(&self) -> Option<&'a [u8]> {
        self.head.key.of(self.buffer)
    }

    pub fn value(&self) -> Option<&'a [u8]> {
        self.head.value.of(self.buffer)
    }

    /// In order, duplicates kept.
    pub fn headers(&self) -> Headers<'a> {
        Headers { rest: self.head.headers.of(self.buffer).unwrap_or_default(), left: self.head.header_count }
    }

    /// Bytes of key, value and headers as they were sent.
    pub fn size(&self) -> usize {
        let spans = [self.head.key, self.head.value, self.head.headers];
        spans.into_iter().filter_map(|span| span.of(self.buffer)).map(<[u8]>::len).sum()
    }

    /// Where it stands, the one name that stays true: partition and offset.
    pub fn place(&self) -> (i32, i64) {
        (self.head.partition, self.head.offset)
    }

    /// A copy of its own, for a view that outlives the batch.
    pub fn to_owned(&self) -> OwnedRecord {
        OwnedRecord {
            topic: self.topic.clone(),
            partition: self.head.partition,
            offset: self.head.offset,
            timestamp: self.head.timestamp,
            timestamp_type: self.head.timestamp_type,
            leader_epoch: self.head.leader_epoch,
            key: self.key().map(<[u8]>::to_vec),
            value: self.value().map(<[u8]>::to_vec),
            headers: self.headers().map(|(name, value)| (name.to_vec(), value.map(<[u8]>::to_vec))).collect(),
        }
    }
}

/// A record copied out of its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedRecord {
    pub topic: TopicName,
    pub partition: i32,
    pub offset: i64,
    pub timestamp: i64,
    pub timestamp_type: TimestampType,
    pub leader_epoch: i32,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// The headers of a record: name bytes (UTF-8 by Kafka's rule, anything in fact) and a value that may be null.
/// Ends early where the bytes end early.
#[derive(Debug, Clone)]
pub struct Headers<'a> {
    rest: &'a [u8],
    left: u32,
}

impl<'a> Iterator for Headers<'a> {
    type Item = (&'a [u8], Option<&'a [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let name = field(&mut self.rest)??;
        let value = field(&mut self.rest)?;
        Some((name, value))
    }
}

/// A length-prefixed field of record format 2: zigzag varint length (−1 = null), then bytes. Outer `None`: cut short.
fn field<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let length = varint(rest)?;
    if length < 0 {
        return Some(None);
    }
    let (bytes, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(Some(bytes))
}

/// A zigzag varint of at most 64 bits, as record format 2 writes its numbers.
fn varint(rest: &mut &[u8]) -> Option<i64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    None
}

#[cfg(test)]
mod tests;
