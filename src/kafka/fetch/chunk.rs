//! Cuts the records of a buffer into batches that may travel: bounded in records and in bytes, each over its own part
//! of the buffer.
use super::batch::Found;
use crate::{
    record::{Batch, Head},
    topic::TopicName,
};
use bytes::Bytes;
use std::ops::Range;

/// Records in one batch that is handed over.
pub const MOST_RECORDS: usize = 1000;
/// Bytes in one batch that is handed over, unless it is one record that is larger.
pub const MOST_BYTES: usize = 512 << 10;

/// A batch in the making.
#[derive(Debug)]
pub struct Chunk {
    own: bool,
    source: Bytes,
    topic: Option<TopicName>,
    range: Range<usize>,
    heads: Vec<Head>,
}

impl Chunk {
    /// `own`: copy what is handed over into a buffer of exactly its size.
    pub fn new(own: bool) -> Self {
        Self { own, source: Bytes::new(), topic: None, range: 0..0, heads: vec![] }
    }

    /// Takes one record of `source` in; answers with the batch that it no longer fits to.
    #[inline]
    pub fn push(&mut self, topic: &TopicName, source: &Bytes, found: Found) -> Option<Batch> {
        let full = if self.fits(topic, source, &found) { None } else { self.seal() };
        if self.heads.is_empty() {
            self.topic = Some(topic.clone());
            self.source = source.clone();
            self.range = found.range.clone();
        }
        self.range.end = found.range.end;
        self.heads.push(found.head.moved_back(self.range.start));
        full
    }

    #[inline]
    fn fits(&self, topic: &TopicName, source: &Bytes, found: &Found) -> bool {
        self.heads.len() < MOST_RECORDS
            && found.range.end.saturating_sub(self.range.start) <= MOST_BYTES
            && self.source.as_ptr_range() == source.as_ptr_range()
            && self.topic.as_ref() == Some(topic)
    }

    /// What is there.
    pub fn seal(&mut self) -> Option<Batch> {
        // The next one will hold about as many.
        let next = Vec::with_capacity(if self.own { 0 } else { self.heads.len() });
        let heads = std::mem::replace(&mut self.heads, next);
        let topic = self.topic.clone().filter(|_| !heads.is_empty())?;
        let part = self.source.slice(self.range.clone());
        let buffer = if self.own { Bytes::copy_from_slice(&part) } else { part };
        let heads = if self.own { heads.into_boxed_slice().into_vec() } else { heads };
        Some(Batch { topic, capacity: buffer.len(), buffer, heads })
    }
}
