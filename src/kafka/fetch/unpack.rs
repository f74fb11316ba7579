//! The way through one partition's batches in an answer: which are opened, which records are wanted, and how many there
//! were. What cannot be read is named and the rest is read.
use super::{
    aborted::Aborted,
    batch::{Found, Records},
    compression::{self, Inflater},
    decoder::{Style, Want},
    envelope::{Envelope, Step, claimed, step},
    fetcher::Slice,
    legacy::{self, Content, Messages},
    news::{News, Undecided, Unreadable},
    out::{Go, Gone, Out},
};
use crate::{
    filter::{Filter, Hit, Verdict},
    record::Record,
    topic::TopicName,
};
use bytes::Bytes;
use std::ops::Range;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub records: u64,
    pub matched: u64,
    /// As encoded in their batches; of batches that were not opened, their length as they came.
    pub bytes: u64,
}

impl Tally {
    fn add(&mut self, records: u64, matched: u64, bytes: usize) {
        self.records += records;
        self.matched += matched;
        self.bytes += bytes as u64;
    }
}

/// See the module.
pub struct Unpack<'a, 'g> {
    style: &'a Style,
    inflater: &'a mut Inflater,
    body: &'a Bytes,
    slice: &'a Slice,
    topic: &'a TopicName,
    out: &'a mut Out<'g>,
    /// Everything before was handed over.
    from: i64,
    tally: Tally,
    unreadable: Option<Unreadable>,
    undecided: Option<Undecided>,
}

impl<'a, 'g> Unpack<'a, 'g> {
    pub fn new(
        style: &'a Style,
        inflater: &'a mut Inflater,
        body: &'a Bytes,
        slice: &'a Slice,
        topic: &'a TopicName,
        out: &'a mut Out<'g>,
    ) -> Self {
        let tally = Tally::default();
        Self { style, inflater, body, slice, topic, out, from: slice.from, tally, unreadable: None, undecided: None }
    }

    pub fn run(mut self) -> Result<Tally, Gone> {
        let mut aborted = Aborted::new(if self.style.committed { self.slice.aborted.clone() } else { vec![] });
        let (mut at, end) = (self.slice.records.start, self.slice.records.end);
        loop {
            match step(self.body, at, end) {
                Step::Batch(envelope) => {
                    at = envelope.range.end;
                    self.batch(&envelope, &mut aborted)?;
                    self.from = self.from.max(envelope.last_offset.saturating_add(1));
                }
                Step::Unreadable { base_offset, end: next, why } => {
                    self.note(base_offset, self.claimed(at, end).unwrap_or(base_offset), why)?;
                    at = next;
                }
                Step::Cut => {
                    let last = self.claimed(at, end).unwrap_or(self.from);
                    self.note(self.from, last, "a batch that claims more bytes than there are")?;
                    break;
                }
                Step::End => break,
            }
        }
        self.tell()?;
        if let Some(undecided) = self.undecided {
            self.out.say(News::Undecided(undecided))?;
        }
        Ok(self.tally)
    }

    /// The last offset of what stands at `at`, by its own word, within what the log has.
    fn claimed(&self, at: usize, end: usize) -> Option<i64> {
        claimed(self.body, at, end).map(|offsets| *offsets.end()).filter(|last| *last < self.slice.end)
    }

    fn batch(&mut self, envelope: &Envelope, aborted: &mut Aborted) -> Go {
        if envelope.last_offset < self.from {
            return Ok(());
        }
        if !envelope.is_intact(self.body) {
            return self.refuse(envelope, "the checksum does not match");
        }
        if envelope.magic < 2 {
            return self.old(envelope);
        }
        if aborted.takes(self.body, envelope) || envelope.is_control() {
            return Ok(());
        }
        if self.style.want == Want::Count
            && self.style.filter.is_none()
            && self.wants_whole(envelope)
            && envelope.is_plausible()
        {
            let count = envelope.count as u64;
            self.tally.add(count, count, envelope.body().len());
            return Ok(());
        }
        self.open(envelope)
    }

    fn wants_whole(&self, envelope: &Envelope) -> bool {
        self.from <= envelope.base_offset && envelope.last_offset < self.slice.stop
    }

    fn open(&mut self, envelope: &Envelope) -> Go {
        if envelope.codec() == 0 {
            let body = self.body;
            return self.records(body, envelope.body(), envelope);
        }
        match self.inflate(envelope.codec(), envelope.body()) {
            Ok(source) => {
                self.records(&source, 0..source.len(), envelope)?;
                self.inflater.give_back(source);
                Ok(())
            }
            Err(why) => self.refuse(envelope, &why.to_string()),
        }
    }

    fn inflate(&mut self, codec: i16, body: Range<usize>) -> Result<Bytes, compression::Error> {
        let compressed = self.body.get(body).unwrap_or_default();
        self.inflater.open(codec, compressed)
    }

    /// A message of format 0 or 1, or all that lie in it.
    fn old(&mut self, envelope: &Envelope) -> Go {
        let body = self.body;
        match legacy::open(body, envelope, self.slice.partition) {
            Ok(Content::Record(found)) => self.one(body, found),
            Ok(Content::Set(compressed)) => match self.inflate(envelope.codec(), compressed) {
                Ok(source) => self.set(&source, envelope),
                Err(why) => self.refuse(envelope, &why.to_string()),
            },
            Err(why) => self.refuse(envelope, &why.to_string()),
        }
    }

    fn set(&mut self, source: &Bytes, envelope: &Envelope) -> Go {
        let mut next = self.from;
        for found in Messages::new(source, envelope, self.slice.partition) {
            match found {
                Ok(found) => {
                    next = next.max(found.head.offset.saturating_add(1));
                    self.one(source, found)?;
                }
                Err(why) => return self.rest(next, envelope, &why.to_string()),
            }
        }
        Ok(())
    }

    /// Nothing of this batch can be read. A compressed one of an old format does not tell its first offset.
    fn refuse(&mut self, envelope: &Envelope, why: &str) -> Go {
        let is_set = envelope.magic < 2 && envelope.codec() != 0;
        let first = if is_set { self.from } else { envelope.base_offset };
        self.note(first, envelope.last_offset, why)
    }

    /// Nothing of this batch can be read from `next` on; its last record where all its offsets were met before.
    fn rest(&mut self, next: i64, envelope: &Envelope, why: &str) -> Go {
        self.note(next.min(envelope.last_offset), envelope.last_offset, why)
    }

    fn records(&mut self, source: &Bytes, body: Range<usize>, envelope: &Envelope) -> Go {
        let end = body.end;
        let records = Records::new(source, body, envelope, self.slice.partition);
        match self.style.filter.clone().filter(|_| self.wants_whole(envelope) && envelope.is_plausible()) {
            Some(filter) => self.search(&filter, source, end, records, envelope),
            None => self.every(source, records, envelope),
        }
    }

    /// Asks the bytes first: records that cannot match are passed over by their lengths, or all together.
    fn search(
        &mut self,
        filter: &Filter,
        source: &Bytes,
        end: usize,
        mut records: Records<'_>,
        envelope: &Envelope,
    ) -> Go {
        let bytes = source.get(..end).unwrap_or_default();
        let mut next = envelope.base_offset;
        loop {
            let at = records.at();
            match filter.could_hold(bytes, at) {
                Hit::None => {
                    self.tally.add(records.left(), 0, end - at);
                    return Ok(());
                }
                Hit::At(hit) => {
                    let passed = records.skip_to(hit);
                    self.tally.add(passed, 0, records.at() - at);
                }
                Hit::Unknown => return self.every(source, records, envelope),
            }
            match records.next() {
                Some(Ok(found)) => {
                    next = found.head.offset.saturating_add(1);
                    self.one(source, found)?;
                }
                Some(Err(why)) => return self.rest(next, envelope, &why.to_string()),
                None => return Ok(()),
            }
        }
    }

    fn every(&mut self, source: &Bytes, records: Records<'_>, envelope: &Envelope) -> Go {
        let mut next = envelope.base_offset;
        for found in records {
            match found {
                Ok(found) => {
                    next = found.head.offset.saturating_add(1);
                    self.one(source, found)?;
                }
                Err(why) => return self.rest(next, envelope, &why.to_string()),
            }
        }
        Ok(())
    }

    #[inline]
    fn one(&mut self, source: &Bytes, found: Found) -> Go {
        if found.head.offset < self.from || found.head.offset >= self.slice.stop {
            return Ok(());
        }
        if let Some(filter) = &self.style.filter {
            return self.judge(filter, source, &found);
        }
        self.tally.add(1, 1, found.range.len());
        match self.style.want {
            Want::Records => self.out.keep(self.topic, source, found),
            Want::Count => Ok(()),
        }
    }

    fn judge(&mut self, filter: &Filter, source: &Bytes, found: &Found) -> Go {
        let record = Record::new(self.topic, &found.head, source);
        let verdict = filter.judge(&record);
        self.tally.add(1, u64::from(verdict == Verdict::Match), found.range.len());
        match verdict {
            Verdict::Match if self.style.want == Want::Records => self.out.pick(&record),
            Verdict::Match | Verdict::No => Ok(()),
            Verdict::Failed(why) => {
                let spot = || (self.topic.clone(), self.slice.partition);
                let first = || Undecided { spot: spot(), offset: found.head.offset, failures: 0, why };
                self.undecided.get_or_insert_with(first).failures += 1;
                Ok(())
            }
        }
    }

    /// Remembers what could not be read; neighbours with the same reason are told together.
    fn note(&mut self, first: i64, last: i64, why: &str) -> Go {
        if last < self.from {
            return Ok(()); // told when it was met first
        }
        if let Some(known) = self.unreadable.as_mut().filter(|known| known.why == why) {
            known.last = known.last.max(last);
            known.batches += 1;
            return Ok(());
        }
        self.tell()?;
        let (topic, partition, why) = (self.topic.clone(), self.slice.partition, why.to_owned());
        self.unreadable = Some(Unreadable { topic, partition, first, last, batches: 1, why });
        Ok(())
    }

    fn tell(&mut self) -> Go {
        self.unreadable.take().map_or(Ok(()), |unreadable| self.out.say(News::Unreadable(unreadable)))
    }
}
