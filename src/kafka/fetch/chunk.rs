//! Cuts the records of a buffer into batches that may travel: bounded in records and in bytes, each over its own part
//! of the buffer.
use super::{batch::Found, decoder::Give, news::News};
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
pub struct Chunk {
    source: Bytes,
    own: bool,
    topic: Option<TopicName>,
    range: Range<usize>,
    heads: Vec<Head>,
}

impl Chunk {
    /// `own`: copy what is handed over into a buffer of exactly its size.
    pub fn new(source: Bytes, own: bool) -> Self {
        Self { source, own, topic: None, range: 0..0, heads: vec![] }
    }

    /// What comes next lies in `source`. False = nobody listens.
    pub fn change_source(&mut self, source: &Bytes, give: Give<'_>) -> bool {
        if self.source.as_ptr_range() == source.as_ptr_range() {
            return true;
        }
        let listening = self.seal(give);
        self.source = source.clone();
        listening
    }

    /// Takes one record in, after handing over what it no longer fits to. False = nobody listens.
    #[inline]
    pub fn push(&mut self, topic: &TopicName, found: Found, give: Give<'_>) -> bool {
        let listening = if self.fits(topic, &found) { true } else { self.seal(give) };
        if self.heads.is_empty() {
            self.topic = Some(topic.clone());
            self.range = found.range.clone();
        }
        self.range.end = found.range.end;
        self.heads.push(found.head.moved_back(self.range.start));
        listening
    }

    fn fits(&self, topic: &TopicName, found: &Found) -> bool {
        self.heads.is_empty()
            || self.heads.len() < MOST_RECORDS
                && found.range.end - self.range.start <= MOST_BYTES
                && self.topic.as_ref() == Some(topic)
    }

    /// Hands over what is there. False = nobody listens.
    pub fn seal(&mut self, give: Give<'_>) -> bool {
        // The next one will hold about as many.
        let next = Vec::with_capacity(if self.own { 0 } else { self.heads.len() });
        let heads = std::mem::replace(&mut self.heads, next);
        let Some(topic) = self.topic.clone().filter(|_| !heads.is_empty()) else { return true };
        let part = self.source.slice(self.range.clone());
        let buffer = if self.own { Bytes::copy_from_slice(&part) } else { part };
        let heads = if self.own { heads.into_boxed_slice().into_vec() } else { heads };
        give(News::Records(Batch { topic, capacity: buffer.len(), buffer, heads }))
    }
}
