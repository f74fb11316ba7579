//! Which records a person wants to see: compiled once, run on raw bytes first.
use crate::{mistake::Mistake, record::Record};
use std::{ops::Range, sync::Arc};

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
    pub fn read(line: &str) -> Result<Self, Mistake> {
        match line.find("= ((") {
            Some(at) => Err(Mistake::new(at + 2, "a bracket is open")),
            None => Ok(Self { query: Arc::new(Query { jq: Some(line.to_owned()) }) }),
        }
    }

    pub fn words(&self) -> String {
        self.query.jq.clone().unwrap_or_default()
    }

    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn judge(&self, record: &Record<'_>) -> Verdict {
        let text = self.words();
        let held = [record.key(), record.value()].into_iter().flatten().any(|bytes| !spans(bytes, &text).is_empty());
        if held { Verdict::Match } else { Verdict::No }
    }

    pub fn spans(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        spans(bytes, &self.words())
    }
}

fn spans(bytes: &[u8], text: &str) -> Vec<Range<usize>> {
    String::from_utf8_lossy(bytes).match_indices(text).map(|(at, it)| at..at + it.len()).collect()
}
