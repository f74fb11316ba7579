//! Consumer groups as every part of the program speaks of them: plain values, no protocol types.
pub mod label;

use crate::{failure::Failure, lag::PartitionLag, topic::TopicName};
use jiff::Timestamp;
use std::sync::Arc;

/// A group's id. Unlike topic names it may hold any text, so it is made safe wherever it is drawn.
pub type GroupName = Arc<str>;

/// Which protocol a group's members speak (KIP-848, KIP-932, KIP-1071), as ListGroups v5 tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupType {
    Classic,
    Consumer,
    Share,
    Streams,
    /// The broker is older than the word, or uses one we do not know.
    Unknown,
}

/// The state of a group, the union over all protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupState {
    Stable,
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Assigning,
    Reconciling,
    NotReady,
    Dead,
    Unknown,
}

impl GroupState {
    /// Kafka's own spelling, as ListGroups and the describe calls write it.
    pub fn parse(text: &str) -> Self {
        match text {
            "Stable" => Self::Stable,
            "Empty" => Self::Empty,
            "PreparingRebalance" => Self::PreparingRebalance,
            "CompletingRebalance" | "AwaitingSync" => Self::CompletingRebalance,
            "Assigning" => Self::Assigning,
            "Reconciling" => Self::Reconciling,
            "NotReady" => Self::NotReady,
            "Dead" => Self::Dead,
            _ => Self::Unknown,
        }
    }

    /// Lower snake case, as `--json` prints it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Empty => "empty",
            Self::PreparingRebalance => "preparing_rebalance",
            Self::CompletingRebalance => "completing_rebalance",
            Self::Assigning => "assigning",
            Self::Reconciling => "reconciling",
            Self::NotReady => "not_ready",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
        }
    }

    /// Partitions are changing hands (facts: PreparingRebalance, CompletingRebalance, Assigning, Reconciling).
    pub fn is_rebalancing(self) -> bool {
        matches!(self, Self::PreparingRebalance | Self::CompletingRebalance | Self::Assigning | Self::Reconciling)
    }
}

/// One group as the list tells it, before anything is asked about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub name: GroupName,
    pub kind: GroupType,
    pub state: GroupState,
    /// `consumer`, `connect`, …; empty for groups that never had members.
    pub protocol_type: String,
    /// The broker that answered for it.
    pub coordinator: i32,
}

/// One member of a group and what it owns.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub id: String,
    pub instance: Option<String>,
    pub client_id: String,
    pub host: String,
    /// What it owns now; empty for an idle member.
    pub assigned: Vec<(TopicName, Vec<i32>)>,
}

/// A group with its members and the lag of every partition that belongs to it, all read in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupLag {
    pub group: Group,
    /// `Err` where the members could not be asked; the lag may be known all the same.
    pub members: Result<Vec<Member>, Failure>,
    /// Ordered by topic and partition. `Err` where the commits could not be read at all.
    pub partitions: Result<Vec<PartitionLag>, Failure>,
    /// When the commits were read, and the ends after them.
    pub commits_at: Timestamp,
    pub ends_at: Timestamp,
}
