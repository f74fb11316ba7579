//! Answers → batches of records, or their number. Takes its time (decompression, filters): for a thread of its own.
use super::{
    compression::Inflater,
    fetcher::Slice,
    news::{News, Progress},
    out::{Give, Go, Out},
    unpack::{Tally, Unpack},
};
use crate::{filter::Filter, topic::TopicName};
use bytes::Bytes;
use std::sync::Arc;

/// What waits for the decoder.
#[derive(Debug)]
pub enum Work {
    Load(Load),
    /// Something to say after everything that was queued before it.
    Say(News),
}

/// An answer whose positions are accounted for already.
#[derive(Debug)]
pub struct Load {
    pub topics: Arc<[TopicName]>,
    pub body: Bytes,
    pub slices: Vec<Slice>,
}

/// What is wanted of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Want {
    #[default]
    Records,
    /// Their number alone: no head is made, and batches that are wanted whole are not even opened.
    Count,
}

/// How records are handed over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Style {
    pub want: Want,
    /// Leave out the records of aborted transactions.
    pub committed: bool,
    /// The batches stay for long: give each a buffer of its own, so that one record kept does not keep a whole answer.
    pub own: bool,
    /// Hand over only what it matches, copied, so that memory follows the matches and not what they lay in.
    pub filter: Option<Filter>,
}

/// See the module.
pub struct Decoder {
    style: Style,
    inflater: Inflater,
}

impl Decoder {
    pub fn new(style: Style) -> Self {
        Self { style, inflater: Inflater::new() }
    }

    /// All records of an answer, what could not be read of it, and last how far it leads.
    pub fn decode(&mut self, load: &Load, give: Give<'_>) {
        // An error is that nobody listens, which the caller knows.
        let _ = self.hand_over(load, &mut Out::new(self.style.own, give));
    }

    fn hand_over(&mut self, load: &Load, out: &mut Out<'_>) -> Go {
        let mut read = Vec::with_capacity(load.slices.len());
        for slice in &load.slices {
            let Some(topic) = load.topics.get(slice.topic) else { continue };
            let tally = Unpack::new(&self.style, &mut self.inflater, &load.body, slice, topic, out).run()?;
            read.push(progress(topic, slice, tally));
        }
        out.seal()?;
        out.say(News::Read(read))
    }
}

fn progress(topic: &TopicName, slice: &Slice, tally: Tally) -> Progress {
    let Tally { records, matched, bytes } = tally;
    let (topic, partition) = (topic.clone(), slice.partition);
    Progress { topic, partition, next: slice.next, end: slice.end, records, matched, bytes }
}
