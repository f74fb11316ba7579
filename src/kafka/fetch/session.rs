//! Fetch sessions (KIP-227): the broker remembers what it was asked for, and both sides name only what changed. Spares
//! a tail over thousands of partitions most of its bytes. Any doubt ends a session, and everything is asked for again.
use super::parts::Part;
use kafka_protocol::error::ResponseError;
use std::collections::BTreeMap;

/// No session is wanted (`FetchMetadata.FINAL_EPOCH` in Kafka).
const NONE: i32 = -1;

/// What a request says of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Says {
    /// 0 = none is open.
    pub id: i32,
    /// Counts the requests of a session; 0 asks for a new one.
    pub epoch: i32,
}

impl Says {
    /// Does the request name only what changed?
    pub fn is_incremental(self) -> bool {
        self.epoch > 0
    }
}

/// The session with one broker, as this side knows it.
#[derive(Debug, Default)]
pub struct Session {
    /// 0 = none is open.
    id: i32,
    epoch: i32,
    /// Partitions that the broker still knows and that are no longer read here: topic and id.
    forgotten: Vec<(usize, i32)>,
}

impl Session {
    pub fn is_open(&self) -> bool {
        self.id != 0
    }

    /// `wanted`: worth opening one.
    pub fn asks(&self, wanted: bool) -> Says {
        match self.id {
            0 => Says { id: 0, epoch: if wanted { 0 } else { NONE } },
            id => Says { id, epoch: self.epoch },
        }
    }

    /// To be said with the next request, by topic.
    pub fn forget(&mut self) -> BTreeMap<usize, Vec<i32>> {
        let mut topics = BTreeMap::<_, Vec<_>>::new();
        for (topic, id) in self.forgotten.drain(..) {
            topics.entry(topic).or_default().push(id);
        }
        topics
    }

    /// A broker answered in session `id`. True = partitions that it does not name have no news.
    pub fn answered(&mut self, id: i32) -> bool {
        let incremental = self.id != 0 && self.id == id;
        self.epoch = if incremental { self.epoch.checked_add(1).unwrap_or(1) } else { 1 };
        self.id = id;
        incremental
    }

    /// These are not read here any more.
    pub fn left<'a>(&mut self, parts: impl Iterator<Item = &'a Part>) {
        if self.id != 0 {
            self.forgotten.extend(parts.map(|part| (part.topic, part.id)));
        }
    }

    /// One that may be on the list of what to forget would be forgotten anew.
    pub fn returned(&mut self, part: &Part) {
        if self.forgotten.contains(&(part.topic, part.id)) {
            *self = Self::default();
        }
    }
}

/// Does the broker not know the session (any more)?
pub fn is_lost(error: i16) -> bool {
    [ResponseError::FetchSessionIdNotFound, ResponseError::InvalidFetchSessionEpoch].map(|e| e.code()).contains(&error)
}
