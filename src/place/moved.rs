//! A place that is not there, and what was taken for it.
use crate::{group::GroupName, widgets::format::grouped};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub partition: i32,
    pub asked: Asked,
    /// Where reading begins or ends instead; `None`: not at all.
    pub nearest: Option<i64>,
}

/// What was asked for and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Before the start or after the end.
    Offset(i64),
    /// The topic has only so many partitions.
    Partition { of: usize },
    /// Reading was to end before it begins, at these two.
    Backwards { from: i64, to: i64 },
    /// This group has committed nothing here.
    Commit(GroupName),
    /// Nor in any other partition that is read.
    Commits(GroupName),
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (partition, nearest) = (self.partition, self.nearest.unwrap_or(0));
        match &self.asked {
            Asked::Offset(asked) if *asked < nearest => {
                let (asked, nearest) = (grouped(*asked), grouped(nearest));
                write!(f, "partition {partition} has no offset {asked} any more; its first is {nearest}")
            }
            Asked::Offset(asked) => {
                let (asked, nearest) = (grouped(*asked), grouped(nearest));
                write!(f, "partition {partition} has no offset {asked} yet; it ends at {nearest}")
            }
            Asked::Partition { of } => {
                write!(f, "there is no partition {partition}; the last of {of} is {}", of.saturating_sub(1))
            }
            Asked::Backwards { from, to } => {
                let (from, to) = (grouped(*from), grouped(*to));
                write!(
                    f,
                    "partition {partition} is to be read from {from} to {to}, which is before it: nothing is read"
                )
            }
            Asked::Commits(group) => write!(f, "group {group} has committed nothing here; all is read from the start"),
            Asked::Commit(group) => {
                let nearest = grouped(nearest);
                write!(f, "group {group} has committed nothing in partition {partition}; its start is {nearest}")
            }
        }
    }
}
