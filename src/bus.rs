//! The two bounded streets between the screen and Kafka. Only the Kafka side may wait on a full one.
use crate::{
    failure::Failure,
    filter::Filter,
    group::{Group, GroupLag, GroupName},
    output::Form,
    place::{Moved, Positions, Where},
    record::Batch,
    topic::{Broker, Topic, TopicName, TopicOffsets},
};
use jiff::Timestamp;
use std::{collections::BTreeSet, path::PathBuf, time::Duration};
use tokio::sync::mpsc;

/// Which question an answer belongs to; a late answer to an older one is dropped.
pub type Generation = u64;

/// Which records of a topic are read: the same for what arrives and for every look back.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub topic: TopicName,
    /// Only these partitions; `None` = all.
    pub only: Option<BTreeSet<i32>>,
    pub filter: Option<Filter>,
    /// Leave out the records of aborted transactions and of open ones.
    pub committed: bool,
}

impl Reading {
    /// All of a topic.
    pub fn of(topic: TopicName, committed: bool) -> Self {
        Self { topic, only: None, filter: None, committed }
    }
}

/// How far a look through many records is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Searched {
    /// Records looked at, and of them those that match and those that the filter failed on.
    pub records: u64,
    pub matched: u64,
    pub failures: u64,
    /// Of keys, values and headers.
    pub bytes: u64,
    /// From 0 to 1, of the offsets that are to be looked at; and the same for each partition.
    pub share: f64,
    pub partitions: Vec<(i32, f64)>,
    /// At the speed so far; `None` before it is known.
    pub left: Option<Duration>,
}

/// What a person wants sent. `None` is null; empty is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    /// `None`: by key, as Java does (murmur2).
    pub partition: Option<i32>,
}

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
}

impl Command {
    /// Read-only refuses these below the screen, before anything is sent.
    pub fn is_write(&self) -> bool {
        match self {
            Self::OpenProducer { .. } | Self::Produce { .. } => true,
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
            | Self::CloseGroup => false,
        }
    }
}

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
    /// The lag of groups, commits read before ends.
    LagRead {
        groups: Vec<GroupLag>,
        at: Timestamp,
    },
    GroupRead {
        generation: Generation,
        group: Box<GroupLag>,
        at: Timestamp,
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

/// What is known of the brokers' version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KafkaVersion {
    /// `4.3`, `≥ 2.4`, or empty while nothing is known.
    pub text: String,
}

/// Commands that may wait between the screen and Kafka; more stay in the outbox, and the screen says Kafka is busy.
const COMMANDS: usize = 64;
/// Events that may wait; with batches of at most 1 MiB or one record this bounds the memory of the street.
const EVENTS: usize = 8;

/// Both streets, bounded.
pub fn bus() -> (Desk, Dock) {
    let (commands, todo) = mpsc::channel(COMMANDS);
    let (events, news) = mpsc::channel(EVENTS);
    (Desk { commands, news }, Dock { todo, events })
}

/// The screen's end.
#[derive(Debug)]
pub struct Desk {
    pub commands: mpsc::Sender<Command>,
    pub news: mpsc::Receiver<Event>,
}

/// Kafka's end.
#[derive(Debug)]
pub struct Dock {
    pub todo: mpsc::Receiver<Command>,
    pub events: mpsc::Sender<Event>,
}
