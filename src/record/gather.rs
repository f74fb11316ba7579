//! Records from many batches, copied into batches of their own: for pages in another order than the brokers' and for
//! the few that are kept of many.
use super::{Batch, Head, Record, Span};
use crate::topic::TopicName;

/// Copies records in the order given. Each batch has at most `most_records` and `most_bytes`, or one record, of one topic.
pub fn gather<'a>(records: impl IntoIterator<Item = Record<'a>>, most_records: usize, most_bytes: usize) -> Vec<Batch> {
    let mut batches = vec![];
    let mut open: Option<Gathered> = None;
    for record in records {
        let fits = |open: &mut Gathered| open.fits(&record, most_records, most_bytes);
        if let Some(full) = open.take_if(|open| !fits(open)) {
            batches.push(full.close());
        }
        open.get_or_insert_with(|| Gathered::new(record.topic.clone())).push(&record);
    }
    batches.extend(open.map(Gathered::close));
    batches
}

/// Copies of records, a batch in the making.
#[derive(Debug)]
pub struct Gathered {
    topic: TopicName,
    buffer: Vec<u8>,
    heads: Vec<Head>,
}

impl Gathered {
    pub fn new(topic: TopicName) -> Self {
        Self { topic, buffer: vec![], heads: vec![] }
    }

    /// Is there room for one more?
    pub fn fits(&self, record: &Record<'_>, most_records: usize, most_bytes: usize) -> bool {
        self.topic == *record.topic
            && self.heads.len() < most_records
            && self.buffer.len().saturating_add(record.size()) <= most_bytes
    }

    pub fn push(&mut self, record: &Record<'_>) {
        let key = self.copy(record.key());
        let value = self.copy(record.value());
        let headers = self.copy(record.head.headers.of(record.buffer));
        self.heads.push(Head { key, value, headers, ..*record.head });
    }

    fn copy(&mut self, bytes: Option<&[u8]>) -> Span {
        let Some(bytes) = bytes else { return Span::NULL };
        let at = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        Span::new(at, bytes.len()).unwrap_or(Span::NULL)
    }

    pub fn close(mut self) -> Batch {
        self.buffer.shrink_to_fit();
        self.heads.shrink_to_fit();
        Batch { topic: self.topic, capacity: self.buffer.capacity(), buffer: self.buffer.into(), heads: self.heads }
    }
}
