//! One pass over the envelopes of a partition's bytes: how far they lead. Opens no batch.
use super::envelope::{Step, claimed, step};
use std::ops::Range;

/// Where a partition's bytes lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The position after them; the one before when they lead nowhere.
    pub next: i64,
    /// The batches that came whole.
    pub whole: Range<usize>,
    /// The last step was over something whose extent in offsets nobody can read.
    pub unreadable: bool,
    /// The last offset of what the walk ended at, by its own word.
    pub claims: Option<i64>,
}

/// From `position`, no further than `stop`; the log ends at `end`.
pub fn walk(buffer: &[u8], bytes: Range<usize>, position: i64, (stop, end): (i64, i64)) -> Walk {
    let mut walk = Walk { next: position, whole: bytes.start..bytes.start, unreadable: false, claims: None };
    while walk.next < stop {
        let at = walk.whole.end;
        match believed(buffer, at..bytes.end, end) {
            Step::Batch(envelope) => {
                walk.next = walk.next.max(envelope.last_offset.saturating_add(1));
                walk.whole.end = envelope.range.end;
                (walk.unreadable, walk.claims) = (false, None);
            }
            // It is the first of the next answer, and named then.
            Step::Unreadable { end, .. } if end == bytes.end && walk.next > position => break,
            Step::Unreadable { end, .. } => {
                walk.claims = claimed(buffer, at, bytes.end).map(|offsets| *offsets.end());
                walk.whole.end = end;
                walk.unreadable = true;
            }
            Step::Cut => {
                walk.claims = claimed(buffer, at, bytes.end).map(|offsets| *offsets.end());
                break;
            }
            Step::End => break,
        }
    }
    walk
}

/// The next step. Offsets beyond the end of the log are believed only with their checksum: they are new, or what follows a
/// wrong length.
fn believed(buffer: &[u8], rest: Range<usize>, end: i64) -> Step {
    match step(buffer, rest.start, rest.end) {
        Step::Batch(far) if far.last_offset >= end && !far.is_intact(buffer) => {
            let why = "a batch beyond the end of the log";
            Step::Unreadable { base_offset: far.base_offset, end: rest.end, why }
        }
        step => step,
    }
}
