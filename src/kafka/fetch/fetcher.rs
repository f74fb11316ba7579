//! Reading without I/O: what to ask one broker next, and what its answer says. Positions move by the envelopes alone,
//! so the next request is on its way before a record is looked at, and holes and markers solve themselves.
use super::{
    answer::{self, Section},
    cursor::Short,
    parts::Parts,
    request::{self, Asked, Fetch, Terms},
    session::{self, Session},
    size::Size,
    walk::{Walk, walk},
};
pub use super::{
    outcome::{Outcome, Slice, Trouble},
    parts::{Part, Stop},
};
use crate::{kafka::wire::calls::Call, topic::TopicName};
use bytes::Bytes;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Answers without a byte in a row after which what is left before the end is taken for a hole. Some could be of a broker
/// that fetches from slower storage and was not ready in time: all but the first have [`LULL`] for it.
pub(super) const EMPTY_ANSWERS: u32 = 3;

/// Answers without a byte in a row, [`LULL`] each, until a log that is shorter than it was is given up.
const PATIENCE: u32 = 50;
/// How long a broker may wait once it answered with nothing: a scan asks without waiting otherwise.
const LULL: Duration = Duration::from_millis(100);

/// The least that a partition is asked for, in bytes: most batches are smaller.
const SHARE_LEAST: i32 = 64 << 10;

/// Partitions from which on a session is worth what the broker keeps of it.
const SESSION_LEAST: usize = 100;

/// How one reader asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    pub committed: bool,
    /// How long a broker may wait for the first record: 0 for a scan.
    pub max_wait: Duration,
    /// Bytes of the first answers.
    pub start: i32,
    /// Bytes an answer may grow to.
    pub budget: i32,
}

/// The partitions read from one broker, in the order in which they are asked for.
#[derive(Debug)]
pub struct Fetcher {
    topics: Arc<[TopicName]>,
    /// Where each topic stands in the list.
    places: HashMap<TopicName, usize>,
    parts: Vec<Part>,
    version: i16,
    manner: Manner,
    size: Size,
    session: Session,
}

impl Fetcher {
    pub fn new(topics: Arc<[TopicName]>, manner: Manner) -> Self {
        let places = topics.iter().enumerate().map(|(at, topic)| (topic.clone(), at)).collect();
        let size = Size::new(manner.start, manner.budget);
        let (version, session) = (Fetch::RANGE.min, Session::default());
        Self { topics, places, parts: vec![], version, manner, size, session }
    }

    /// The version of Fetch that was agreed on with the broker.
    pub fn speak(&mut self, version: i16) {
        self.version = version;
    }

    /// More partitions to read.
    pub fn add(&mut self, parts: impl IntoIterator<Item = Part>) {
        for mut part in parts {
            self.session.returned(&part);
            part.forget_told();
            self.parts.push(part);
        }
        self.group();
    }

    pub fn version(&self) -> i16 {
        self.version
    }

    pub fn is_idle(&self) -> bool {
        self.parts.is_empty()
    }

    /// Does it wait for what arrives, rather than read to an end?
    pub fn is_live(&self) -> bool {
        !self.manner.max_wait.is_zero()
    }

    /// Is there probably more than an answer of this length could hold?
    pub fn is_full(&self, length: usize) -> bool {
        self.size.is_full(length)
    }

    /// All partitions, for another reader.
    pub fn give_up(&mut self) -> Vec<Part> {
        std::mem::take(&mut self.parts)
    }

    /// The body of the next request: what an open session does not know yet, else everything.
    pub fn request(&mut self) -> Vec<u8> {
        let terms = self.terms();
        let mut topics: Vec<(TopicName, Vec<Asked>)> = vec![];
        let mut last = None;
        for at in 0..self.parts.len() {
            let asked = self.asked(&self.parts[at]);
            let part = &mut self.parts[at];
            if part.asked.replace(asked) == Some(asked) && terms.session.is_incremental() {
                continue;
            }
            if last.replace(part.topic) != Some(part.topic) {
                topics.push((self.topics[part.topic].clone(), vec![]));
            }
            if let Some((_, told)) = topics.last_mut() {
                told.push(asked);
            }
        }
        let forgotten = self.session.forget().into_iter().map(|(topic, ids)| (self.topics[topic].clone(), ids));
        request::write(&terms, &topics, &forgotten.collect::<Vec<_>>())
    }

    fn asked(&self, part: &Part) -> Asked {
        let max_bytes = part.limit.unwrap_or(self.share());
        Asked { partition: part.id, leader_epoch: part.leader_epoch, offset: part.position, max_bytes }
    }

    /// Bytes that a partition may send in the usual way. Where the answer as a whole cannot be bounded, its part of it.
    fn share(&self) -> i32 {
        if self.version >= request::BOUNDED {
            return self.size.partition();
        }
        let parts = i32::try_from(self.parts.len()).unwrap_or(i32::MAX).max(1);
        (self.manner.budget / parts).max(SHARE_LEAST).min(self.size.partition())
    }

    fn terms(&self) -> Terms {
        let wanted = self.parts.iter().filter_map(|part| part.limit).max().unwrap_or(0);
        Terms {
            version: self.version,
            max_wait_ms: self.max_wait().as_millis() as i32,
            min_bytes: 1,
            max_bytes: self.size.answer().max(wanted),
            committed: self.manner.committed,
            session: self.session.asks(self.wants_session()),
        }
    }

    /// A tail over many partitions, of which few have news at a time.
    fn wants_session(&self) -> bool {
        self.version >= request::SESSIONS && self.is_live() && self.parts.len() >= SESSION_LEAST
    }

    /// How long the broker may wait with its next answer.
    pub fn max_wait(&self) -> Duration {
        let lull = self.parts.iter().all(|part| part.empty > 0);
        if lull { self.manner.max_wait.max(LULL) } else { self.manner.max_wait }
    }

    /// Sorts out the answer to the last request, which took `took`. An error means that the two sides are out of step.
    pub fn answer(&mut self, body: &Bytes, took: Duration) -> Result<Outcome, Short> {
        let answer = answer::read(body, self.version, &self.places, self.parts.len())?;
        let throttle = Duration::from_millis(answer.throttle_ms.max(0) as u64);
        let mut outcome = Outcome { throttle, ..Outcome::default() };
        if self.session.is_open() && session::is_lost(answer.error) {
            self.session = Session::default();
            return Ok(outcome);
        }
        if answer.error != 0 {
            outcome.lost = self.give_up().into_iter().map(|part| (part, Trouble::Code(answer.error))).collect();
            return Ok(outcome);
        }
        self.size.learn(&answer, body.len(), took);
        // While others had bytes an empty partition only means that the answer was full.
        let quiet = throttle.is_zero() && answer.sections.iter().all(|section| section.records.is_empty());
        let mut parts = Parts::new(self.give_up());
        for section in answer.sections {
            if let Some(part) = parts.take(section.topic, section.partition) {
                self.section(body, part, section, quiet, &mut outcome);
            }
        }
        if self.session.answered(answer.session) {
            self.unmentioned(body, &mut parts, quiet, &mut outcome);
        }
        self.session.left(outcome.ended.iter().chain(outcome.lost.iter().map(|(part, _)| part)));
        self.keep(parts);
        Ok(outcome)
    }

    /// A session's answer leaves out partitions without news: nothing came for them, and their end is where it was.
    fn unmentioned(&mut self, body: &Bytes, parts: &mut Parts, quiet: bool, outcome: &mut Outcome) {
        let absent = std::mem::replace(parts, Parts::new(vec![]));
        for part in absent.rest() {
            let section = Section::without_news(part.topic, part.id, part.told_end());
            self.section(body, part, section, quiet, outcome);
        }
    }

    /// Those that got nothing are asked for first.
    fn keep(&mut self, parts: Parts) {
        let got = std::mem::take(&mut self.parts);
        let (moved, waiting): (Vec<_>, Vec<_>) = got.into_iter().partition(|part| part.served);
        self.parts = parts.rest().chain(waiting).chain(moved).collect();
        self.group();
    }

    /// A request names every topic once: topics in the order of their first partition.
    fn group(&mut self) {
        let mut rank = vec![usize::MAX; self.topics.len()];
        for (at, part) in self.parts.iter().enumerate() {
            rank[part.topic] = rank[part.topic].min(at);
        }
        self.parts.sort_by_key(|part| rank[part.topic]);
    }

    fn section(&mut self, body: &Bytes, mut part: Part, section: Section, quiet: bool, outcome: &mut Outcome) {
        if section.error != 0 {
            return outcome.lost.push((part, Trouble::Code(section.error)));
        }
        let end = self.end(&section);
        if part.stop == Stop::FirstEnd {
            part.stop = Stop::At(end);
        }
        let from = part.position;
        let mut walk = walk(body, section.records.clone(), from, (part.stop_offset(), section.high_watermark));
        let trouble = self.advance(&mut part, &mut walk, &section, quiet, end);
        part.attempts = if trouble.is_some() { part.attempts } else { 0 };
        self.hand_over(&mut part, from, end, walk, section, outcome);
        match trouble {
            Some(trouble) => outcome.lost.push((part, trouble)),
            None if part.position >= part.stop_offset() => outcome.ended.push(part),
            None => self.parts.push(part),
        }
    }

    fn end(&self, section: &Section) -> i64 {
        match section.last_stable_offset {
            stable @ 0.. if self.manner.committed => stable,
            _ => section.high_watermark,
        }
    }

    /// Moves the position past what the answer covers.
    fn advance(&self, part: &mut Part, walk: &mut Walk, section: &Section, quiet: bool, end: i64) -> Option<Trouble> {
        part.served = !section.records.is_empty();
        if !part.served {
            return nothing_came(part, quiet, end);
        }
        part.empty = 0;
        if walk.next > part.position {
            part.position = walk.next;
            part.limit = None;
            return None;
        }
        self.stuck(part, walk, section, end)
    }

    /// Bytes came and lead nowhere: go past what nobody can read, one offset at a time where it does not say itself how
    /// many it has, so that nothing behind it is missed; or ask for more of a batch that was cut.
    fn stuck(&self, part: &mut Part, walk: &mut Walk, section: &Section, end: i64) -> Option<Trouble> {
        if part.position >= part.stop_offset() {
            return None;
        }
        let behind = walk.claims.filter(|last| (part.position..end).contains(last)).map(|last| last + 1);
        if walk.unreadable {
            (part.position, part.limit) = behind.map_or((part.position + 1, Some(SHARE_LEAST)), |next| (next, None));
            return None;
        }
        if !walk.whole.is_empty() {
            return Some(Trouble::Malformed("batches from before the offset that was asked for"));
        }
        part.limit = self.size.larger(part.limit.unwrap_or(self.share()));
        match (part.limit, behind) {
            (Some(_), _) => None,
            (None, Some(next)) => {
                (part.position, walk.whole) = (next, section.records.clone());
                None
            }
            (None, None) => Some(Trouble::Malformed("a batch larger than an answer can be")),
        }
    }

    fn hand_over(&self, part: &mut Part, from: i64, end: i64, walk: Walk, section: Section, outcome: &mut Outcome) {
        let told = Some((part.position, end));
        if part.told.replace((part.position, end)) == told && walk.whole.is_empty() {
            return;
        }
        outcome.slices.push(Slice {
            topic: part.topic,
            partition: part.id,
            from,
            stop: part.stop_offset(),
            next: part.position,
            end,
            aborted: section.aborted,
            records: walk.whole,
        });
    }
}

/// `quiet`: nothing came for anyone. Only while something should come does that tell of a hole.
fn nothing_came(part: &mut Part, quiet: bool, end: i64) -> Option<Trouble> {
    let goal = if part.stop == Stop::Never { end } else { part.stop_offset() };
    let missing = part.position < goal;
    part.empty = if missing { part.empty.saturating_add(u32::from(quiet)) } else { 0 };
    if part.empty >= EMPTY_ANSWERS && goal <= end {
        part.position = part.position.max(goal);
    }
    let shorter = part.stop != Stop::Never && goal > end;
    (shorter && part.empty >= PATIENCE).then_some(Trouble::Shorter(end))
}
