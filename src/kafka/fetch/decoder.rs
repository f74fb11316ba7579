//! Answers → batches of records. Runs on a thread of its own, because decompression takes its time; hands over one
//! bounded batch after the other and waits while nobody takes them.
use super::{
    aborted::Aborted,
    batch::Records,
    chunk::Chunk,
    compression::Inflater,
    envelope::{Envelope, Step, step},
    fetcher::Slice,
    news::{News, Progress, Unreadable},
};
use crate::topic::TopicName;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc;

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

/// How records are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Leave out the records of aborted transactions.
    pub committed: bool,
    /// The batches stay for long: give each a buffer of its own, so that one record kept does not keep a whole answer.
    pub own: bool,
}

/// Works until nobody sends or nobody listens any more. Blocks: for a thread of its own.
pub fn run(style: Style, mut work: mpsc::Receiver<Work>, news: mpsc::Sender<News>) {
    let mut decoder = Decoder::new(style);
    let mut listening = true;
    while listening && let Some(next) = work.blocking_recv() {
        match next {
            Work::Load(load) => decoder.decode(&load, &mut |said| {
                listening = listening && news.blocking_send(said).is_ok();
                listening
            }),
            Work::Say(said) => listening = news.blocking_send(said).is_ok(),
        }
    }
}

/// Takes what is said; false = nobody listens.
pub type Give<'a> = &'a mut dyn FnMut(News) -> bool;

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
        let mut chunk = Chunk::new(load.body.clone(), self.style.own);
        for slice in &load.slices {
            let Some(topic) = load.topics.get(slice.topic) else { continue };
            if !(SliceWalk { decoder: self, load, slice, topic, from: slice.from, unreadable: None })
                .run(&mut chunk, give)
            {
                return;
            }
        }
        if chunk.seal(give) {
            give(News::Read(load.slices.iter().filter_map(|slice| progress(load, slice)).collect()));
        }
    }
}

fn progress(load: &Load, slice: &Slice) -> Option<Progress> {
    let topic = load.topics.get(slice.topic)?.clone();
    Some(Progress { topic, partition: slice.partition, next: slice.next, end: slice.end })
}

/// The way through one partition's batches.
struct SliceWalk<'a> {
    decoder: &'a mut Decoder,
    load: &'a Load,
    slice: &'a Slice,
    topic: &'a TopicName,
    /// Everything before was handed over.
    from: i64,
    unreadable: Option<Unreadable>,
}

impl SliceWalk<'_> {
    fn run(&mut self, chunk: &mut Chunk, give: Give<'_>) -> bool {
        let mut aborted = Aborted::new(if self.decoder.style.committed { self.slice.aborted.clone() } else { vec![] });
        let (mut at, end) = (self.slice.records.start, self.slice.records.end);
        loop {
            match step(&self.load.body, at, end) {
                Step::Batch(envelope) => {
                    at = envelope.range.end;
                    let next = envelope.last_offset.saturating_add(1);
                    if !self.batch(&envelope, &mut aborted, chunk, give) {
                        return false;
                    }
                    self.from = self.from.max(next);
                }
                Step::Unreadable { base_offset, end, why } => {
                    at = end;
                    self.note(base_offset, base_offset, why, give);
                }
                Step::Cut | Step::End => break,
            }
        }
        self.tell(give)
    }

    /// False = nobody listens.
    fn batch(&mut self, envelope: &Envelope, aborted: &mut Aborted, chunk: &mut Chunk, give: Give<'_>) -> bool {
        if envelope.last_offset < self.from {
            return true;
        }
        if envelope.magic < 2 {
            let why = format!("record format {} is from before Kafka 0.11 and is not read yet", envelope.magic);
            return self.note(envelope.base_offset, envelope.last_offset, &why, give);
        }
        if !envelope.is_intact(&self.load.body) {
            return self.note(envelope.base_offset, envelope.last_offset, "the checksum does not match", give);
        }
        if aborted.takes(&self.load.body, envelope) || envelope.is_control() {
            return true;
        }
        self.open(envelope, chunk, give)
    }

    fn open(&mut self, envelope: &Envelope, chunk: &mut Chunk, give: Give<'_>) -> bool {
        if envelope.codec() == 0 {
            let body = self.load.body.clone();
            return chunk.change_source(&body, give) && self.records(&body, envelope.body(), envelope, chunk, give);
        }
        let compressed = &self.load.body[envelope.body()];
        let mut inflated = Vec::with_capacity(compressed.len().saturating_mul(2));
        match self.decoder.inflater.inflate(envelope.codec(), compressed, &mut inflated) {
            Ok(()) => {
                let body = Bytes::from(inflated);
                chunk.change_source(&body, give) && self.records(&body, 0..body.len(), envelope, chunk, give)
            }
            Err(why) => self.note(envelope.base_offset, envelope.last_offset, &why.to_string(), give),
        }
    }

    fn records(
        &mut self,
        buffer: &Bytes,
        body: std::ops::Range<usize>,
        envelope: &Envelope,
        chunk: &mut Chunk,
        give: Give<'_>,
    ) -> bool {
        let mut next = envelope.base_offset;
        for found in Records::new(buffer, body, envelope, self.slice.partition) {
            match found {
                Ok(found) => {
                    next = found.head.offset.saturating_add(1);
                    let wanted = self.from <= found.head.offset && found.head.offset < self.slice.stop;
                    if wanted && !chunk.push(self.topic, found, give) {
                        return false;
                    }
                }
                Err(why) => return self.note(next, envelope.last_offset, &why.to_string(), give),
            }
        }
        true
    }

    /// Remembers what could not be read; neighbours with the same reason are told together.
    fn note(&mut self, first: i64, last: i64, why: &str, give: Give<'_>) -> bool {
        if last < self.from {
            return true; // told when it was met first
        }
        if let Some(known) = self.unreadable.as_mut().filter(|known| known.why == why) {
            known.last = known.last.max(last);
            known.batches += 1;
            return true;
        }
        let listening = self.tell(give);
        let (topic, partition, why) = (self.topic.clone(), self.slice.partition, why.to_owned());
        self.unreadable = Some(Unreadable { topic, partition, first, last, batches: 1, why });
        listening
    }

    fn tell(&mut self, give: Give<'_>) -> bool {
        self.unreadable.take().is_none_or(|unreadable| give(News::Unreadable(unreadable)))
    }
}
