//! What the screen asks of Kafka.
use super::{Draft, Generation, Reading};
use crate::{
    group::GroupName,
    output::Form,
    place::{Positions, Where},
    reset::{Plan, Scope, Strategy},
    topic::TopicName,
};
use std::path::PathBuf;

/// What Kafka should do. Imperative; pushed by panels, executed in [`crate::kafka`].
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Ask for topics, offsets and groups now instead of at the next round.
    Refresh,
    /// Read a topic and go on with what arrives, in place of the tail before it.
    OpenTail {
        reading: Reading,
        from: Where,
        generation: Generation,
    },
    /// The same for a topic that was read already: its partitions go on where they stand, and those that never told where
    /// they begin do so by `from`.
    GoOnTail {
        reading: Reading,
        at: Positions,
        from: Where,
        generation: Generation,
    },
    /// Stop asking for records; what waits is counted once a second.
    PauseTail {
        generation: Generation,
    },
    /// Go on where it stopped.
    ResumeTail {
        generation: Generation,
    },
    CloseTail,
    /// Read the newest `count` records before these positions, as one page. With a filter: those that match.
    ReadOlder {
        reading: Reading,
        before: Positions,
        count: usize,
        generation: Generation,
    },
    /// Look for the nearest record that matches, from these positions on (`newer`) or before them.
    Find {
        reading: Reading,
        from: Positions,
        newer: bool,
        generation: Generation,
    },
    /// End the look back or the search that runs; what it came to is said.
    StopLooking {
        generation: Generation,
    },
    /// Write the records between two places to a file, in place of what stood there.
    Export {
        id: u64,
        reading: Reading,
        from: Where,
        to: Where,
        file: PathBuf,
        form: Form,
    },
    StopExport {
        id: u64,
    },
    /// A person begins to write: connect now, so that the first record does not wait for it. Sends no record, but
    /// has brokers give out a producer's number, which is a writer's right.
    OpenProducer {
        topic: TopicName,
    },
    /// Send one record. `id` comes back in the answer.
    Produce {
        id: u64,
        topic: TopicName,
        draft: Draft,
    },
    /// Read one group's members and partitions now, and again every two seconds until [`Command::CloseGroup`].
    OpenGroup {
        group: GroupName,
        generation: Generation,
    },
    CloseGroup,
    /// Groups on the screen: they are read every two seconds, their members and oldest unread records too; all others
    /// come with the sweep. In place of those told before.
    WatchGroups {
        groups: Vec<GroupName>,
    },
    /// Say where a reset would move a group. Writes nothing.
    PlanReset {
        group: GroupName,
        scope: Scope,
        strategy: Strategy,
        generation: Generation,
    },
    /// The same from an undo file.
    PlanUndo {
        file: PathBuf,
        generation: Generation,
    },
    /// Move a group as planned: what it replaces is written to `undo` first.
    Reset {
        plan: Box<Plan>,
        undo: PathBuf,
        generation: Generation,
    },
    /// Delete a group's commits in this scope.
    ForgetOffsets {
        group: GroupName,
        scope: Scope,
        generation: Generation,
    },
    DeleteGroup {
        group: GroupName,
        generation: Generation,
    },
}

impl Command {
    /// Read-only refuses these below the screen, before anything is sent.
    pub fn is_write(&self) -> bool {
        match self {
            Self::OpenProducer { .. }
            | Self::Produce { .. }
            | Self::Reset { .. }
            | Self::ForgetOffsets { .. }
            | Self::DeleteGroup { .. } => true,
            Self::Refresh
            | Self::OpenTail { .. }
            | Self::GoOnTail { .. }
            | Self::PauseTail { .. }
            | Self::ResumeTail { .. }
            | Self::CloseTail
            | Self::ReadOlder { .. }
            | Self::Find { .. }
            | Self::StopLooking { .. }
            | Self::Export { .. }
            | Self::StopExport { .. }
            | Self::OpenGroup { .. }
            | Self::CloseGroup
            | Self::WatchGroups { .. }
            | Self::PlanReset { .. }
            | Self::PlanUndo { .. } => false,
        }
    }
}
