//! The two bounded streets between the screen and Kafka. Only the Kafka side may wait on a full one.
mod command;
mod event;

pub use command::Command;
pub use event::Event;

use crate::{filter::Filter, topic::TopicName};
use std::{collections::BTreeSet, time::Duration};
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
