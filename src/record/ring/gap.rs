//! A line of the list that stands for what is not there: the start of a topic, records skipped or deleted.
use crate::place::Positions;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub why: Why,
    /// What is not there: from these offsets up to those.
    pub from: Positions,
    pub to: Positions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is nothing older in this topic.
    Start,
    /// The person went on at the newest.
    Skipped,
    /// Kafka deleted them before they were read.
    Deleted,
    /// The log became shorter: offsets that were read are written anew.
    Shortened,
    /// The topic was deleted; what follows is of another one by its name.
    Recreated,
}

impl Gap {
    pub fn new(why: Why) -> Self {
        Self { why, from: Positions::new(), to: Positions::new() }
    }

    /// Offsets between the two, over all partitions; records are at most as many.
    pub fn offsets(&self) -> u64 {
        let missing = |(id, to): (&i32, &i64)| Some(to.checked_sub(*self.from.get(id)?)?.max(0).unsigned_abs());
        self.to.iter().filter_map(missing).sum()
    }

    /// Takes in another one that follows at once, of other partitions.
    pub(super) fn join(&mut self, other: Self) {
        for (id, from) in other.from {
            self.from.entry(id).or_insert(from);
        }
        self.to.extend(other.to);
    }
}
