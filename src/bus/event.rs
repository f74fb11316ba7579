//! What Kafka has to say to the screen.
use super::{Command, Generation, KafkaVersion, Searched};
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    lag::UnreadRead,
    place::{Moved, Positions},
    record::Batch,
    reset::{Done, Plan},
    topic::{Broker, Topic, TopicName, TopicOffsets},
};
use jiff::Timestamp;
use std::{path::PathBuf, time::Duration};

/// What happened. Past tense; sent by Kafka tasks, applied in [`crate::app`].
#[derive(Debug, Clone)]
pub enum Event {
    /// The cluster answers; said again when its brokers change.
    Connected {
        brokers: Vec<Broker>,
        kafka: KafkaVersion,
    },
    /// No broker answers. Said at once and again when the reason changes; the Kafka side keeps trying.
    ConnectionFailed {
        failure: Failure,
    },
    TopicsListed {
        topics: Vec<Topic>,
        at: Timestamp,
    },
    /// Starts and ends, read after the list; partitions that failed carry their reason.
    OffsetsRead {
        topics: Vec<TopicOffsets>,
        at: Timestamp,
    },
    /// `missing`: brokers that did not answer, each with the reason; the list is a lower bound then.
    GroupsListed {
        groups: Vec<Group>,
        missing: Vec<(i32, Failure)>,
        at: Timestamp,
    },
    /// The lag of some groups, commits read before ends. All groups come in several of these; what is not in one stays as it
    /// was told before.
    LagRead {
        groups: Vec<GroupLag>,
        at: Timestamp,
    },
    GroupRead {
        generation: Generation,
        group: Box<GroupLag>,
        at: Timestamp,
    },
    /// The oldest records that groups have not read, one for each place that groups on the screen stand at: several of one
    /// partition where they stand apart. What was read a while ago is told again, with the time of then.
    UnreadRead {
        reads: Vec<UnreadRead>,
        at: Timestamp,
    },
    /// Also the answer to [`Command::Reset`] when what the plan was made from is no longer so: nothing was written then,
    /// and this is the plan now.
    ResetPlanned {
        generation: Generation,
        plan: Box<Plan>,
    },
    /// The reset was tried; what stands now is in it, partition by partition.
    ResetEnded {
        generation: Generation,
        done: Box<Done>,
    },
    /// What became of each commit that was to be deleted.
    OffsetsForgotten {
        generation: Generation,
        group: GroupName,
        partitions: Vec<(TopicName, i32, Result<(), Failure>)>,
    },
    GroupDeleted {
        generation: Generation,
        group: GroupName,
    },
    TailOpened {
        generation: Generation,
        topic: TopicName,
        partitions: Vec<i32>,
    },
    /// Where partitions began to be read: what is older can be asked for from here. Said as it becomes known.
    TailBegan {
        generation: Generation,
        from: Positions,
    },
    /// A place that was asked for is not there; what was taken for it.
    PlaceMoved {
        generation: Generation,
        moved: Moved,
    },
    RecordsArrived {
        generation: Generation,
        batch: Batch,
    },
    /// Records looked at since this was last said, and those of them that the filter failed on. Only with a filter.
    TailRead {
        generation: Generation,
        records: u64,
        failures: u64,
    },
    /// The filter could not judge a record; said of the first with each reason.
    FilterFailed {
        generation: Generation,
        partition: i32,
        offset: i64,
        why: String,
    },
    /// A look back or a search goes on; also the tail's own, when it opens with the last that match.
    Searching {
        generation: Generation,
        searched: Searched,
    },
    /// The page that was asked for, the oldest first. Everything from `from` on was looked at; `stopped`: a person ended it
    /// early; `start`: there is nothing older.
    OlderRead {
        generation: Generation,
        batches: Vec<Batch>,
        from: Positions,
        start: bool,
        stopped: bool,
    },
    /// The search is over. `to`: how far it came.
    FindEnded {
        generation: Generation,
        found: Option<(i32, i64)>,
        to: Positions,
        stopped: bool,
    },
    ExportGoesOn {
        id: u64,
        searched: Searched,
    },
    /// What was written is whole lines. `next`: where to go on, when it ended early, and `why`.
    ExportEnded {
        id: u64,
        file: PathBuf,
        records: u64,
        bytes: u64,
        next: Positions,
        why: Option<Failure>,
    },
    /// About once a second: offsets that exist beyond what was read, over all partitions; `None` while a partition does
    /// not answer.
    TailBehind {
        generation: Generation,
        behind: Option<u64>,
    },
    /// One partition cannot be read now; the others go on and it is tried again.
    PartitionFailed {
        generation: Generation,
        partition: i32,
        failure: Failure,
    },
    PartitionRecovered {
        generation: Generation,
        partition: i32,
    },
    /// The log start passed the reader: offsets `from..to` are gone.
    StartMoved {
        generation: Generation,
        partition: i32,
        from: i64,
        to: i64,
    },
    Produced {
        id: u64,
        partition: i32,
        offset: i64,
        took: Duration,
    },
    /// `maybe_written`: no acknowledgement came, but the broker may have it.
    ProduceFailed {
        id: u64,
        failure: Failure,
        maybe_written: bool,
    },
    /// Batches that are there and cannot be read: broken, or in a format or compression we do not know. Reading went on.
    BatchesUnreadable {
        generation: Generation,
        partition: i32,
        batches: u64,
        failure: Failure,
    },
    /// The records are so large that only the newest of those wanted are shown.
    PageCut {
        generation: Generation,
        records: usize,
    },
    /// The topic was deleted and created again under its name: reading began anew at its start.
    TopicRecreated {
        generation: Generation,
        partitions: Vec<i32>,
    },
    /// A command could not be done.
    Failed {
        doing: Command,
        why: Failure,
    },
}
