//! One pass over the envelopes of a partition's bytes: how far they lead. Opens no batch.
use super::envelope::{Step, step};
use std::ops::Range;

/// Where a partition's bytes lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The position after them; the one before when they lead nowhere.
    pub next: i64,
    /// The batches that came whole.
    pub whole: Range<usize>,
    /// The last step was over something whose extent in offsets nobody can read: its first offset, as told.
    pub unreadable: Option<i64>,
}

/// From `position`, no further than `stop`.
pub fn walk(buffer: &[u8], bytes: Range<usize>, position: i64, stop: i64) -> Walk {
    let mut walk = Walk { next: position, whole: bytes.start..bytes.start, unreadable: None };
    while walk.next < stop {
        match step(buffer, walk.whole.end, bytes.end) {
            Step::Batch(envelope) => {
                walk.next = walk.next.max(envelope.last_offset.saturating_add(1));
                walk.whole.end = envelope.range.end;
                walk.unreadable = None;
            }
            Step::Unreadable { base_offset, end, .. } => {
                walk.whole.end = end;
                walk.unreadable = Some(base_offset);
            }
            Step::Cut | Step::End => break,
        }
    }
    walk
}
