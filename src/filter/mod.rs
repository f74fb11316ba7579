//! Which records a person wants: a query compiled once, asked of the raw bytes of many records first and of a record
//! only when these cannot decide. A record that it cannot be asked of is a failure, never a silent "no".
mod jq;
pub mod line;
mod pattern;
pub mod query;

pub use query::{Pattern, Query, Wanted};

use crate::{mistake::Mistake, record::Record};
use pattern::{Compiled, Seeker};
use std::{fmt, ops::Range, sync::Arc};

/// Places shown in one field; what follows is not marked.
const SPANS: usize = 1000;

/// What a filter says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Match,
    No,
    /// It could not be asked of this record: one short line. Foreign text may stand in it.
    Failed(String),
}

/// What raw bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// No record in the bytes looked at matches.
    None,
    /// No record that ends at or before this byte matches; the one that holds it may.
    At(usize),
    /// The bytes cannot tell.
    Unknown,
}

/// A compiled query; copies share it.
#[derive(Clone)]
pub struct Filter(Arc<Inner>);

struct Inner {
    query: Query,
    grep: Vec<Compiled>,
    jq: Option<jq::Program>,
    /// All must be in the bytes of a record that matches.
    needles: Vec<Seeker>,
}

impl Filter {
    pub fn compile(query: Query) -> Result<Self, Mistake> {
        let texts = query.grep.iter().filter(|pattern| !pattern.text.is_empty());
        let grep: Vec<_> = texts.map(Compiled::new).collect::<Result<_, _>>()?;
        let jq = query.jq.as_deref().map(jq::Program::compile).transpose()?;
        let fixed = exact_bytes(&query).into_iter().map(Seeker::text);
        let relaxed = grep.iter().filter_map(|pattern| pattern.relaxed.clone());
        let literals = jq.iter().flat_map(|jq| jq.needles.iter().cloned());
        let needles = relaxed.chain(fixed).chain(literals).collect();
        Ok(Self(Arc::new(Inner { query, grep, jq, needles })))
    }

    /// Reads the screen's line; [`line`] tells its grammar.
    pub fn read(line: &str) -> Result<Self, Mistake> {
        line::read(line)
    }

    pub fn query(&self) -> &Query {
        &self.0.query
    }

    pub fn words(&self) -> String {
        self.0.query.words()
    }

    pub fn judge(&self, record: &Record<'_>) -> Verdict {
        let query = &self.0.query;
        let key = query.key.as_ref().is_none_or(|key| record.key() == Some(key));
        let headers = query.headers.iter().all(|(name, wanted)| has_header(record, name, wanted));
        if !key || !headers || !self.0.grep.iter().all(|pattern| occurs(record, &pattern.exact)) {
            return Verdict::No;
        }
        self.0.jq.as_ref().map_or(Verdict::Match, |jq| jq.judge(record))
    }

    /// Looks at the bytes of records lying one after the other (record format 2, not compressed) from byte `from` on,
    /// which is the border of a record. Each byte is looked at once for each condition, however often this is asked
    /// again behind the record that was hit. A record ruled out here is not judged, so that of the records an expression
    /// would fail on only those that could match are counted.
    pub fn could_hold(&self, bytes: &[u8], from: usize) -> Hit {
        let Some(rest) = bytes.get(from..).filter(|rest| !rest.is_empty()) else { return Hit::None };
        if self.0.needles.is_empty() {
            return Hit::Unknown;
        }
        // A record must hold them all, so none that ends before the farthest of the first places can match.
        let firsts = self.0.needles.iter().map(|needle| needle.find(rest).map(|at| at.start));
        firsts.collect::<Option<Vec<_>>>().map_or(Hit::None, |at| Hit::At(from + at.into_iter().max().unwrap_or(0)))
    }

    /// Where texts and expressions occur, in order and apart from each other; at most a thousand places.
    pub fn spans(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let found = self.0.grep.iter().flat_map(|pattern| pattern.exact.all(bytes).take(SPANS));
        let mut found: Vec<_> = found.filter(|span| !span.is_empty()).collect();
        found.sort_unstable_by_key(|span| (span.start, span.end));
        found.dedup_by(|next, before| {
            let touches = next.start <= before.end;
            before.end = if touches { before.end.max(next.end) } else { before.end };
            touches
        });
        found.truncate(SPANS);
        found
    }
}

/// The bytes that equality asks for: the key, and the longer of each header's name and value.
fn exact_bytes(query: &Query) -> Vec<&[u8]> {
    let headers = query.headers.iter().map(|(name, wanted)| match wanted {
        Wanted::Is(value) if value.len() > name.len() => value,
        _ => name.as_bytes(),
    });
    headers.chain(query.key.as_deref()).filter(|bytes| !bytes.is_empty()).collect()
}

fn has_header(record: &Record<'_>, name: &str, wanted: &Wanted) -> bool {
    record.headers().any(|(of, value)| of == name.as_bytes() && wanted.holds(value))
}

fn occurs(record: &Record<'_>, seeker: &Seeker) -> bool {
    let fields = [record.value(), record.key()].into_iter().flatten();
    fields.chain(record.headers().filter_map(|(_, value)| value)).any(|field| seeker.occurs(field))
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.0.query == other.0.query
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.0.query).finish()
    }
}

#[cfg(test)]
mod tests;
