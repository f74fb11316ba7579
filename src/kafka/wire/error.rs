//! What can go wrong between us and a broker. Code branches on [`Cause`]; people read the [`Failure`] it becomes in
//! [`super::words`], in one place.
use kafka_protocol::error::ResponseError;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was attempted, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Begins a sentence: `connecting to localhost:9092`.
    pub attempted: String,
    pub cause: Cause,
    pub way: Way,
}

/// Whose address it was that could not be reached: the advice differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The user gave it to find the cluster.
    Given,
    /// The user gave it, and the cluster says a broker listens there: the cluster is found, the broker is down.
    Confirmed,
    /// Only the cluster told it.
    Advertised,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    BadAddress(String),
    /// The name did not resolve; the resolver's words.
    NoName(String),
    Refused,
    /// The system's words for why no connection came about.
    Unreachable(String),
    /// Nobody took the connection within this time.
    NoConnection(Duration),
    /// The port took the connection and said nothing.
    Silent(Duration),
    /// One request was not answered in time.
    Late(Duration),
    /// The broker's quota asks for a longer silence than the deadline allows.
    Throttled(Duration),
    Foreign(Speech),
    /// A KRaft controller: it speaks Kafka, but to brokers only.
    Controller,
    /// Closed by the other side after so many answers; 1 = after its first, where none of this way ever gave a second.
    Closed {
        answers: u64,
    },
    /// Closed by the other side in the middle of an answer.
    Cut,
    /// Closed by us: nobody needed it.
    Ended,
    /// The system's words for why a connection broke.
    Broken(String),
    Garbled(String),
    /// The broker is older than the call.
    Lacks {
        call: &'static str,
        since: &'static str,
    },
    /// Both know the call, in no common version. Lowest and highest.
    NoVersion {
        call: &'static str,
        broker: (i16, i16),
        ours: (i16, i16),
    },
    /// The call would need a field that this version lacks, or our own limits were passed.
    Unwritable(String),
    /// An error code of Kafka and the broker's own text.
    Code {
        code: i16,
        text: Option<String>,
    },
    /// The cluster's metadata no longer knows this topic or partition.
    Gone,
    /// It does not know the topic at all.
    NoTopic,
    /// The cluster's metadata names no leader for the partition.
    NoLeader,
    /// The cluster's metadata knows no such broker.
    NoBroker,
    /// None of several addresses worked.
    Nobody(Vec<Error>),
}

/// What a port speaks that is no Kafka.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Http,
    Tls,
    Ssh,
    Unknown,
}

impl Speech {
    /// What the first bytes of an answer give away; `None` when they could be anything.
    pub fn greeting(head: &[u8]) -> Option<Self> {
        match head {
            [0x15 | 0x16, 3, ..] => Some(Self::Tls),
            [b'H', b'T', b'T', b'P', ..] => Some(Self::Http),
            [b'S', b'S', b'H', b'-', ..] => Some(Self::Ssh),
            _ => None,
        }
    }
}

impl Error {
    pub fn new(attempted: impl Into<String>, cause: Cause) -> Self {
        Self { attempted: attempted.into(), cause, way: Way::Given }
    }

    /// An answer without a word about something it was asked for.
    pub fn left_out(attempted: impl Into<String>) -> Self {
        Self::new(attempted, Cause::Garbled("it does not mention this".into()))
    }

    /// Kafka's error code; `None` for everything that is not a broker's own answer.
    pub fn code(&self) -> Option<i16> {
        match self.cause {
            Cause::Code { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The leader or the coordinator is elsewhere: fresh metadata may help.
    pub fn moved(&self) -> bool {
        const MOVED: [ResponseError; 6] = [
            ResponseError::UnknownTopicOrPartition,
            ResponseError::NotLeaderOrFollower,
            ResponseError::FencedLeaderEpoch,
            ResponseError::UnknownLeaderEpoch,
            ResponseError::NotCoordinator,
            ResponseError::LeaderNotAvailable,
        ];
        self.code().is_some_and(|code| MOVED.iter().any(|moved| moved.code() == code))
    }

    /// The coordinator is there but not ready: asking again soon helps.
    pub fn loading(&self) -> bool {
        const LOADING: [ResponseError; 3] = [
            ResponseError::CoordinatorLoadInProgress,
            ResponseError::CoordinatorNotAvailable,
            ResponseError::UnstableOffsetCommit,
        ];
        self.code().is_some_and(|code| LOADING.iter().any(|loading| loading.code() == code))
    }

    /// The broker went away a moment ago: what it led may be elsewhere by now.
    pub fn unreached(&self) -> bool {
        self.lost() || self.cause == Cause::Refused
    }

    /// The broker may have seen the request, and done what it asks, although no answer came.
    pub fn sent(&self) -> bool {
        self.lost() || matches!(self.cause, Cause::Late(_) | Cause::Garbled(_))
    }

    /// The connection died under a request, which a fresh one might carry.
    pub fn lost(&self) -> bool {
        matches!(self.cause, Cause::Closed { .. } | Cause::Cut | Cause::Broken(_) | Cause::Ended)
    }
}

/// `Ok` for code 0, else the refusal. The attempt is worded only when it is needed.
pub fn check(code: i16, text: Option<&str>, attempted: impl FnOnce() -> String) -> Result<()> {
    match code {
        0 => Ok(()),
        _ => {
            Err(Error::new(attempted(), Cause::Code { code, text: text.filter(|t| !t.is_empty()).map(str::to_owned) }))
        }
    }
}

/// What an answer is about, where the right to see it may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On<'a> {
    Group(&'a str),
    Topic(&'a str),
}

impl On<'_> {
    fn needs(self, code: i16) -> Option<String> {
        const GROUP: i16 = ResponseError::GroupAuthorizationFailed.code();
        const TOPIC: i16 = ResponseError::TopicAuthorizationFailed.code();
        match (self, code) {
            (Self::Group(name), GROUP) => Some(format!("needs DESCRIBE on group {name}")),
            (Self::Topic(name), TOPIC) => Some(format!("needs DESCRIBE on topic {name}")),
            _ => None,
        }
    }
}

/// As [`check`], and a refusal for want of a right names the right and what it is wanted on.
pub fn check_on(on: On<'_>, code: i16, text: Option<&str>, attempted: impl FnOnce() -> String) -> Result<()> {
    check(code, on.needs(code).as_deref().or(text), attempted)
}
