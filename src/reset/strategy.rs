//! Where each strategy puts a partition: the arithmetic of `ConsumerGroupCommand` (`resetOffsets*`, `checkOffsetsRange`),
//! except that what could not be read is never written.
use super::{Move, Strategy};
use crate::{failure::Failure, topic::TopicName};
use std::collections::HashMap;

/// What was read of one partition before its move is worked out, the commit first.
#[derive(Debug, Clone)]
pub struct Known {
    pub topic: TopicName,
    pub partition: i32,
    /// `Ok(None)`: no commit.
    pub old: Result<Option<i64>, Failure>,
    /// For [`Strategy::Time`]: the first offset with that time or a later one; `Ok(-1)`: there is none.
    pub since: Option<Result<i64, Failure>>,
    pub start: Result<i64, Failure>,
    pub end: Result<i64, Failure>,
}

/// One move for each partition, in the same order; a partition that cannot be moved carries its reason.
pub fn moves(strategy: &Strategy, known: Vec<Known>) -> Vec<Move> {
    let lines = lines(strategy);
    known.into_iter().map(|known| known.step(strategy, &lines)).collect()
}

/// What a file says of each partition; looked up, because it may have hundreds of thousands of lines.
type Lines<'s> = HashMap<(&'s str, i32), Option<i64>>;

fn lines(strategy: &Strategy) -> Lines<'_> {
    match strategy {
        Strategy::File(targets) | Strategy::Undo(targets) => {
            targets.iter().map(|target| ((&*target.topic, target.partition), target.offset)).collect()
        }
        _ => Lines::new(),
    }
}

/// Where a partition lands, and what was done to what was asked for.
#[derive(Default)]
struct Landing {
    offset: Option<i64>,
    clamped: Option<i64>,
    nothing_since: bool,
}

impl Known {
    fn step(self, strategy: &Strategy, lines: &Lines<'_>) -> Move {
        let landing = self.landing(strategy, lines);
        let told = landing.as_ref().map(|it| (it.clamped, it.nothing_since)).unwrap_or_default();
        Move {
            start: self.start.ok(),
            end: self.end.ok(),
            old: self.old.ok().flatten(),
            new: landing.map(|it| it.offset),
            clamped: told.0,
            nothing_since: told.1,
            topic: self.topic,
            partition: self.partition,
        }
    }

    fn landing(&self, strategy: &Strategy, lines: &Lines<'_>) -> Result<Landing, Failure> {
        // What stood there cannot be put back where it is unknown.
        let old = self.old.clone()?;
        match strategy {
            Strategy::Earliest => Ok(at(self.start.clone()?)),
            Strategy::Latest => Ok(at(self.end.clone()?)),
            Strategy::Current => Ok(at(old.map_or_else(|| self.end.clone(), Ok)?)),
            Strategy::Offset(offset) => self.within(*offset),
            Strategy::ShiftBy(by) => self.within(old.ok_or_else(|| self.nowhere())?.saturating_add(*by)),
            Strategy::Time(_) => self.found(),
            Strategy::File(_) => self.told(lines)?.map_or_else(|| Ok(Landing::default()), |offset| self.within(offset)),
            Strategy::Undo(_) => Ok(Landing { offset: self.told(lines)?, ..Landing::default() }),
        }
    }

    /// Inside [start, end].
    fn within(&self, asked: i64) -> Result<Landing, Failure> {
        let (start, end) = (self.start.clone()?, self.end.clone()?);
        let offset = asked.min(end).max(start);
        Ok(Landing { clamped: (offset != asked).then_some(asked), ..at(offset) })
    }

    fn found(&self) -> Result<Landing, Failure> {
        match self.since.clone().unwrap_or_else(|| Err(self.failed("its times were not asked for", "")))? {
            offset @ 0.. => self.within(offset),
            _ => Ok(Landing { nothing_since: true, ..at(self.end.clone()?) }),
        }
    }

    fn told(&self, lines: &Lines<'_>) -> Result<Option<i64>, Failure> {
        let line = lines.get(&(&*self.topic, self.partition)).copied();
        line.ok_or_else(|| self.failed("the file does not name it", ""))
    }

    fn nowhere(&self) -> Failure {
        self.failed("the group has no commit there to shift", "leave it out, or give it an offset first")
    }

    fn failed(&self, answered: &str, advice: &str) -> Failure {
        let attempted = format!("planning the move of partition {} of topic {}", self.partition, self.topic);
        Failure::new(attempted, answered, advice)
    }
}

fn at(offset: i64) -> Landing {
    Landing { offset: Some(offset), ..Landing::default() }
}

#[cfg(test)]
mod tests;
