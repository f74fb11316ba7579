//! Which records a person wants to see: compiled once, run on raw bytes first.
use crate::record::Record;
use std::sync::Arc;

/// What is asked for; all must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    pub jq: Option<String>,
}

/// What a filter says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Match,
    No,
    Failed(String),
}

/// A compiled query; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    query: Arc<Query>,
}

impl Filter {
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn judge(&self, _record: &Record<'_>) -> Verdict {
        Verdict::Match
    }
}
