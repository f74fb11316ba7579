//! The way out of the decoder: what is said, and records on their way into batches.
use super::{
    batch::Found,
    chunk::{Chunk, MOST_BYTES, MOST_RECORDS},
    news::News,
};
use crate::{
    record::{Batch, Record, gather::Gathered},
    topic::TopicName,
};
use bytes::Bytes;

/// Takes what is said; false = nobody listens.
pub type Give<'g> = &'g mut dyn FnMut(News) -> bool;

/// Nobody listens any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

pub type Go = Result<(), Gone>;

/// See the module.
pub struct Out<'g> {
    give: Give<'g>,
    chunk: Chunk,
    picked: Option<Gathered>,
}

impl<'g> Out<'g> {
    /// `own`: see [`Chunk::new`].
    pub fn new(own: bool, give: Give<'g>) -> Self {
        Self { give, chunk: Chunk::new(own), picked: None }
    }

    pub fn say(&mut self, news: News) -> Go {
        if (self.give)(news) { Ok(()) } else { Err(Gone) }
    }

    /// One of many that are wanted: it travels in the buffer it lies in.
    #[inline]
    pub fn keep(&mut self, topic: &TopicName, source: &Bytes, found: Found) -> Go {
        match self.chunk.push(topic, source, found) {
            Some(full) => self.records(full),
            None => Ok(()),
        }
    }

    /// One of few that are wanted: copied, so that it does not keep everything around it.
    pub fn pick(&mut self, record: &Record<'_>) -> Go {
        if self.picked.as_ref().is_some_and(|picked| !picked.fits(record, MOST_RECORDS, MOST_BYTES)) {
            self.seal()?;
        }
        self.picked.get_or_insert_with(|| Gathered::new(record.topic.clone())).push(record);
        Ok(())
    }

    /// Hands over what is there.
    pub fn seal(&mut self) -> Go {
        if let Some(batch) = self.chunk.seal() {
            self.records(batch)?;
        }
        match self.picked.take() {
            Some(picked) => self.records(picked.close()),
            None => Ok(()),
        }
    }

    fn records(&mut self, batch: Batch) -> Go {
        self.say(News::Records(batch))
    }
}
