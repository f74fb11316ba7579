//! The two bounded streets between the screen and Kafka. Only the Kafka side may wait on a full one.
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    record::Batch,
    topic::{Broker, Topic, TopicName, TopicOffsets},
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::mpsc;

/// Which question an answer belongs to; a late answer to an older one is dropped.
pub type Generation = u64;

/// Where a tail begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Start,
    End,
    /// The last records over all partitions together.
    Last(usize),
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
        topic: TopicName,
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
            | Self::PauseTail { .. }
            | Self::ResumeTail { .. }
            | Self::CloseTail
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
    RecordsArrived {
        generation: Generation,
        batch: Batch,
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
