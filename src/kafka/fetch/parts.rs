//! Partitions being read: where each stands, and how it is found again by what an answer names.
use super::request::Asked;
use std::collections::HashMap;

/// Where a partition is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    Never,
    /// At the end as the first answer shows it: high watermark, or last stable offset when committed.
    FirstEnd,
    At(i64),
}

/// One partition being read. It wanders between readers when its leader moves and takes its position along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Index into the topics of the plan.
    pub topic: usize,
    pub id: i32,
    /// The next offset to ask for; everything before is handed over.
    pub position: i64,
    pub stop: Stop,
    /// −1 = not told.
    pub leader_epoch: i32,
    /// Failures since the last good answer.
    pub attempts: u32,
    /// Asked for at first, and while a batch does not fit the usual limit.
    pub(super) limit: Option<i32>,
    /// The last answer had bytes of it.
    pub(super) served: bool,
    /// Answers without a byte for anyone, in a row, while something should have come.
    pub(super) empty: u32,
    /// Position and end as they were last handed over.
    pub(super) told: Option<(i64, i64)>,
    /// As it was last asked for on this connection.
    pub(super) asked: Option<Asked>,
}

impl Part {
    pub fn new(topic: usize, id: i32, position: i64, stop: Stop) -> Self {
        Self {
            topic,
            id,
            position,
            stop,
            leader_epoch: -1,
            attempts: 0,
            limit: None,
            served: false,
            empty: 0,
            told: None,
            asked: None,
        }
    }

    /// Asks for so many bytes at first.
    pub fn with_limit(self, bytes: i32) -> Self {
        Self { limit: Some(bytes), ..self }
    }

    pub(super) fn stop_offset(&self) -> i64 {
        match self.stop {
            Stop::At(offset) => offset,
            Stop::Never | Stop::FirstEnd => i64::MAX,
        }
    }

    /// Tell the next answer's position and end even if they did not change.
    pub fn forget_told(&mut self) {
        (self.told, self.asked) = (None, None);
    }

    /// The end as it was last told; before that, nothing is known to be there.
    pub(super) fn told_end(&self) -> i64 {
        self.told.map_or(self.position, |(_, end)| end)
    }
}

/// The partitions of a request. An answer names them in the order in which they were asked for, nearly always.
pub struct Parts {
    parts: Vec<Option<Part>>,
    next: usize,
    /// Made when one is not where it was expected.
    places: Option<HashMap<(usize, i32), usize>>,
}

impl Parts {
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts: parts.into_iter().map(Some).collect(), next: 0, places: None }
    }

    /// Each once; `topic` is the index into the topics of the plan.
    pub fn take(&mut self, topic: usize, id: i32) -> Option<Part> {
        let here = self.parts.get(self.next).and_then(Option::as_ref);
        let at = if here.is_some_and(|part| (part.topic, part.id) == (topic, id)) {
            self.next
        } else {
            *self.places().get(&(topic, id))?
        };
        self.next = at + 1;
        self.parts.get_mut(at)?.take()
    }

    fn places(&mut self) -> &HashMap<(usize, i32), usize> {
        let parts = self.parts.iter().enumerate();
        self.places.get_or_insert_with(|| {
            parts.filter_map(|(at, part)| part.as_ref().map(|part| ((part.topic, part.id), at))).collect()
        })
    }

    pub fn rest(self) -> impl Iterator<Item = Part> {
        self.parts.into_iter().flatten()
    }
}
