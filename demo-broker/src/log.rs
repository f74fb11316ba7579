//! The log of one partition: whole record batches in order of offset. It knows nothing of leaders or clients.

use crate::batch_header::{self, BatchHeader};
use crate::records;
use crate::sequences::Sequences;
use crate::transactions::{Aborted, Transactions};
use bytes::{Bytes, BytesMut};
use std::collections::{HashSet, VecDeque};

#[derive(Debug)]
struct Batch {
    first: i64,
    last: i64,
    max_timestamp: i64,
    bytes: Bytes,
}

/// Where a partition ends for a reader, and what it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// The first offset wanted.
    pub(crate) from: i64,
    /// Batches that begin at or after this offset are not for this reader.
    pub(crate) until: i64,
    /// Bytes; the first batch may be larger when `whole` is set, so that a reader gets on (KIP-74).
    pub(crate) max_bytes: usize,
    pub(crate) whole: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Log {
    start: i64,
    end: i64,
    bytes: usize,
    batches: VecDeque<Batch>,
    /// Bytes that the last compaction left.
    compacted: usize,
    pub(crate) sequences: Sequences,
    transactions: Transactions,
}

impl Log {
    /// The first offset that is still there.
    pub(crate) fn start(&self) -> i64 {
        self.start
    }

    /// The offset of the next record, the high watermark.
    pub(crate) fn end(&self) -> i64 {
        self.end
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The last stable offset: where a reader of committed records stops.
    pub(crate) fn stable_end(&self) -> i64 {
        self.transactions.stable_end(self.end)
    }

    pub(crate) fn aborted_within(&self, from: i64, to: i64) -> impl Iterator<Item = Aborted> + '_ {
        self.transactions.aborted_within(from, to)
    }

    /// Appends a checked batch at the end; with `now` its records get that time. Answers its base offset.
    pub(crate) fn append(&mut self, header: &BatchHeader, batch: &[u8], epoch: i32, now: Option<i64>) -> i64 {
        let first = self.end;
        let mut bytes = batch_header::place(batch, first, epoch);
        if let Some(now) = now {
            batch_header::stamp(&mut bytes, now);
        }
        self.sequences.remember(header, first);
        self.push(header, bytes, now.unwrap_or(header.max_timestamp));
        first
    }

    fn push(&mut self, header: &BatchHeader, bytes: BytesMut, max_timestamp: i64) {
        let first = self.end;
        self.end = first + i64::from(header.last_offset_delta) + 1;
        self.bytes += bytes.len();
        if header.control() {
            if let Some(committed) = records::marker_commits(&bytes) {
                self.transactions.ended(header.producer_id, committed, first);
            }
        } else if header.transactional() {
            self.transactions.wrote(header.producer_id, first);
        }
        self.batches.push_back(Batch { first, last: self.end - 1, max_timestamp, bytes: bytes.freeze() });
    }

    /// Leaves a hole, as compaction does: the next record gets `offset`. Never moves backwards.
    pub(crate) fn skip_to(&mut self, offset: i64) {
        self.end = self.end.max(offset);
    }

    /// How many bytes `read` would give.
    pub(crate) fn readable(&self, window: &Window) -> usize {
        self.within(window).map(|b| b.bytes.len()).sum()
    }

    /// The batches of the window, one after the other. The first may begin before it.
    pub(crate) fn read(&self, window: &Window) -> Bytes {
        let mut batches = self.within(window);
        match (batches.next(), batches.next()) {
            (None, _) => Bytes::new(),
            (Some(only), None) => only.bytes.clone(),
            _ => {
                let mut all = BytesMut::with_capacity(self.readable(window));
                self.within(window).for_each(|b| all.extend_from_slice(&b.bytes));
                all.freeze()
            }
        }
    }

    /// Where a reader of the window goes on: after its last batch, or at its begin when it holds none.
    pub(crate) fn reach(&self, window: &Window) -> i64 {
        self.within(window).last().map_or(window.from, |b| b.last + 1)
    }

    fn within(&self, window: &Window) -> impl Iterator<Item = &Batch> {
        let from = self.batches.partition_point(|b| b.last < window.from);
        let (mut size, until, max, mut whole) = (0, window.until, window.max_bytes, window.whole);
        self.batches.range(from..).take_while(move |b| {
            size += b.bytes.len();
            let fits = size <= max || whole;
            whole = false;
            fits && b.first < until
        })
    }

    /// Timestamp and offset of the first record at or after `time` (milliseconds).
    pub(crate) fn first_since(&self, time: i64) -> Option<(i64, i64)> {
        let start = self.start;
        self.batches.iter().filter(|b| b.max_timestamp >= time).find_map(|b| {
            records::find(&b.bytes, |r| (r.timestamp >= time && r.offset >= start).then_some((r.timestamp, r.offset)))
        })
    }

    /// Timestamp and offset of the newest record by time (KIP-734).
    pub(crate) fn newest(&self) -> Option<(i64, i64)> {
        let newest = self.batches.iter().rev().max_by_key(|b| b.max_timestamp)?;
        records::find(&newest.bytes, |r| (r.timestamp == newest.max_timestamp).then_some((r.timestamp, r.offset)))
    }

    /// The bytes of the batch that holds the offset, for whoever wants to spoil them; sizes are kept up.
    pub(crate) fn rewrite(&mut self, offset: i64, change: impl FnOnce(&mut BytesMut)) -> Option<()> {
        let at = self.batches.partition_point(|b| b.last < offset);
        let batch = self.batches.get_mut(at).filter(|b| b.first <= offset)?;
        let mut bytes = BytesMut::from(&*batch.bytes);
        change(&mut bytes);
        self.bytes = self.bytes - batch.bytes.len() + bytes.len();
        batch.bytes = bytes.freeze();
        Some(())
    }

    /// Moves the start to `offset` and frees the batches that lie before it entirely.
    pub(crate) fn delete_before(&mut self, offset: i64) {
        self.start = self.start.max(offset).min(self.end);
        let gone = self.batches.partition_point(|b| b.last < self.start);
        self.bytes -= self.batches.drain(..gone).map(|b| b.bytes.len()).sum::<usize>();
        self.transactions.forget_before(self.start);
    }

    /// Evicts whole batches from the front while `limit` bytes stay without them (`UnifiedLog.deleteRetentionSizeBreachedSegments`).
    pub(crate) fn retain(&mut self, limit: usize) {
        while let Some(front) = self.batches.front()
            && self.bytes - front.bytes.len() >= limit
        {
            let next = front.last + 1;
            self.delete_before(next);
        }
    }

    /// Drops whole batches that hold nothing but keys which come again later, as a log cleaner would, once the log has
    /// doubled and `slack` bytes more have come. The end stays, also when nothing is left before it.
    pub(crate) fn compact(&mut self, slack: usize) {
        if self.bytes < 2 * self.compacted + slack {
            return;
        }
        let (mut later, mut kept) = (HashSet::new(), VecDeque::new());
        for batch in self.batches.drain(..).rev() {
            let newest = records::count_keys(&batch.bytes, |key| later.insert(key.to_vec()));
            if newest.is_none_or(|count| count > 0) {
                kept.push_front(batch);
            }
        }
        self.bytes = kept.iter().map(|b| b.bytes.len()).sum();
        (self.batches, self.compacted) = (kept, self.bytes);
    }
}
