//! The log of what was asked, for tests that count requests. Bounded: the oldest are forgotten first.

use kafka_protocol::messages::ApiKey;
use std::collections::VecDeque;

/// Requests kept; a test asks some hundred, a demo millions.
const KEPT: usize = 65_536;

/// One request that a broker got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSeen {
    /// The broker's id.
    pub broker: i32,
    /// What was asked.
    pub api: ApiKey,
    /// In which version.
    pub version: i16,
    /// The client id of the request's header, as the client wrote it.
    pub client_id: String,
}

#[derive(Debug, Default)]
pub(crate) struct Requests {
    seen: VecDeque<RequestSeen>,
}

impl Requests {
    pub(crate) fn add(&mut self, request: RequestSeen) {
        if self.seen.len() == KEPT {
            self.seen.pop_front();
        }
        self.seen.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<RequestSeen> {
        self.seen.iter().cloned().collect()
    }

    pub(crate) fn has(&self, api: ApiKey) -> bool {
        self.seen.iter().any(|r| r.api == api)
    }

    pub(crate) fn clear(&mut self) {
        self.seen.clear();
    }
}
