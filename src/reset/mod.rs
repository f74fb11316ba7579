//! Moving a group's offsets: what is wanted, the plan that follows from it, and what became of it. Plain values; the
//! strategies mean what they mean in Kafka's own `ConsumerGroupCommand --reset-offsets`. Only [`file`] touches the disk,
//! and what asks Kafka is [`crate::kafka::groups`].
pub mod account;
mod counts;
pub mod csv;
pub mod file;
mod strategy;
pub mod time;
pub mod undo;

pub use strategy::{Known, moves};

use crate::{failure::Failure, group::GroupName, topic::TopicName};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Which partitions of a group are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every partition that has a commit now.
    All,
    /// These topics: all partitions that they have, or only some.
    Topics(Vec<(TopicName, Option<BTreeSet<i32>>)>),
}

/// Where to, the eight of `ConsumerGroupCommand`, and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strategy {
    Earliest,
    Latest,
    /// Where it is; without a commit the end.
    Current,
    Offset(i64),
    ShiftBy(i64),
    /// The first record with this time (ms since 1970) or a later one; the end where there is none. `--by-duration` is this
    /// with the time already worked out.
    Time(i64),
    /// Lines of a file; the scope does not matter.
    File(Vec<Target>),
    /// Lines of an undo file: exactly what stood there, also outside of what the partition holds. None of the tool's.
    Undo(Vec<Target>),
}

/// One line of a file: where a partition shall stand. `None`: without a commit (undo files alone can say so).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub topic: TopicName,
    pub partition: i32,
    pub offset: Option<i64>,
}

/// What a reset would do to one group. Made by reading alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub group: GroupName,
    pub scope: Scope,
    pub strategy: Strategy,
    /// Ordered by topic and partition.
    pub moves: Vec<Move>,
    /// Why nothing can be written now: the group has members (named), a partition cannot be read, … .
    pub refused: Option<Failure>,
    /// The group has no members and yet its commits moved while this was planned: somebody assigns partitions by hand.
    pub moving: bool,
    pub at: Timestamp,
}

/// One partition of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    pub topic: TopicName,
    pub partition: i32,
    pub start: Option<i64>,
    pub end: Option<i64>,
    /// The commit now.
    pub old: Option<i64>,
    /// The commit after. `Ok(None)` deletes it (undo alone).
    pub new: Result<Option<i64>, Failure>,
    /// What was asked for lies outside [start, end]: this is what it was before it was moved inside.
    pub clamped: Option<i64>,
    /// Nothing is that new: the end was taken for a time.
    pub nothing_since: bool,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub plan: Plan,
    pub undo: std::path::PathBuf,
    /// In the order of the plan's moves: what the broker answered, and what stands there since, read back.
    pub outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub written: Result<(), Failure>,
    pub stands: Result<Option<i64>, Failure>,
}
