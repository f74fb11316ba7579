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

/// From `position`, no further than `stop`.
pub fn walk(buffer: &[u8], bytes: Range<usize>, position: i64, stop: i64) -> Walk {
    let mut walk = Walk { next: position, whole: bytes.start..bytes.start, unreadable: false, claims: None };
    while walk.next < stop {
        let at = walk.whole.end;
        match step(buffer, at, bytes.end) {
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
