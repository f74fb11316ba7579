//! The records kept for scrolling: whole batches, bounded by bytes and by records. It grows at both ends, evicts from the far
//! one, and knows from where to where it holds each partition, so that what left it can be read again.
mod gap;

use super::{Batch, Head, Record};
use crate::place::Positions;
pub use gap::{Gap, Why};
use std::collections::VecDeque;

/// Positions are counted from here in both directions, so they stay true while records come and leave at either end.
const MIDDLE: u64 = 1 << 62;

#[derive(Debug)]
pub struct Ring {
    held: VecDeque<Held>,
    /// Where the next one at the end begins: position, and bytes counted as positions are.
    next: (u64, u64),
    /// From where on everything of a partition is held; what is older is to be read before it.
    low: Positions,
    /// Up to where everything of a partition is held; reading goes on here.
    high: Positions,
    /// The topic was created again here: offsets before it are of another topic.
    born: u64,
    records: usize,
    bytes: usize,
    max_bytes: usize,
    max_records: usize,
}

#[derive(Debug)]
struct Held {
    /// Position of its first row, and bytes before it, for sums over many batches without a walk.
    at: (u64, u64),
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Batch(Batch),
    Gap(Gap),
}

impl Rows {
    fn len(&self) -> usize {
        if let Self::Batch(batch) = self { batch.len() } else { 1 }
    }

    fn records(&self) -> usize {
        if let Self::Batch(batch) = self { batch.len() } else { 0 }
    }

    fn bytes(&self) -> usize {
        if let Self::Batch(batch) = self { batch.bytes() } else { size_of::<Gap>() }
    }
}

impl Held {
    fn end(&self) -> u64 {
        self.at.0 + self.rows.len() as u64
    }
}

/// One row of the list.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    Record(Record<'a>),
    Gap(&'a Gap),
}

impl Ring {
    /// Bounds: bytes as batches hold them in memory (capacity, not only what is used), and records.
    pub fn new(max_bytes: usize, max_records: usize) -> Self {
        Self {
            held: VecDeque::new(),
            next: (MIDDLE, MIDDLE),
            low: Positions::new(),
            high: Positions::new(),
            born: 0,
            records: 0,
            bytes: 0,
            max_bytes,
            max_records,
        }
    }

    /// Reading begins at these offsets. Where it began before nothing changes.
    pub fn begin(&mut self, from: &Positions) {
        for (id, offset) in from {
            self.low.entry(*id).or_insert(*offset);
            self.high.entry(*id).or_insert(*offset);
        }
    }

    /// Takes in what arrived and evicts the oldest that no longer fit; the newest batch always stays. Records that are held
    /// already are left out.
    pub fn push(&mut self, mut batch: Batch) {
        self.leave_out(&mut batch);
        for run in batch.heads.chunk_by(|a, b| a.partition == b.partition) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            self.low.entry(first.partition).or_insert(first.offset);
            self.high.insert(last.partition, last.offset.saturating_add(1));
        }
        if !batch.is_empty() {
            self.push_rows(Rows::Batch(batch));
        }
        while self.is_over() {
            self.evict_oldest();
        }
    }

    /// A run of one partition that begins where the last one ended is new as a whole.
    fn leave_out(&self, batch: &mut Batch) {
        let is_new = |head: &Head| self.high.get(&head.partition).is_none_or(|high| head.offset >= *high);
        let mut runs = batch.heads.chunk_by(|a, b| a.partition == b.partition);
        if !runs.all(|run| run.first().is_none_or(is_new)) {
            batch.heads.retain(is_new);
        }
    }

    /// What cannot be shown stands as a row of its own; one that follows another of its kind is one with it.
    pub fn push_gap(&mut self, gap: Gap) {
        self.high.extend(&gap.to);
        for (id, offset) in &gap.to {
            self.low.entry(*id).or_insert(*offset);
        }
        match self.held.back_mut() {
            Some(Held { rows: Rows::Gap(last), .. }) if last.why == gap.why => last.join(gap),
            _ => self.push_rows(Rows::Gap(gap)),
        }
    }

    /// The log of a partition ends at `to` now, before what was read of it: offsets from there on are new ones, and older
    /// pages end before them.
    pub fn cut_back(&mut self, partition: i32, from: i64, to: i64) {
        self.low.entry(partition).and_modify(|low| *low = to.min(*low));
        let (from, to) = ([(partition, from)].into(), [(partition, to)].into());
        self.push_gap(Gap { why: Why::Shortened, from, to });
    }

    /// The topic was created again: offsets begin anew, and what is older than this cannot be read again.
    pub fn begin_anew(&mut self) {
        self.low.clear();
        self.high.clear();
        self.born = self.next.0;
        self.push_rows(Rows::Gap(Gap::new(Why::Recreated)));
    }

    fn push_rows(&mut self, rows: Rows) {
        let held = Held { at: self.next, rows };
        self.next = (held.end(), held.at.1 + held.rows.bytes() as u64);
        self.count(&held.rows, true);
        self.held.push_back(held);
    }

    /// Takes in a page of what came before, the oldest first, and evicts the newest that no longer fit; everything from
    /// `from` on is held now. `true`: newer records had to leave.
    pub fn push_front(&mut self, page: Vec<Batch>, from: &Positions) -> bool {
        for mut batch in page.into_iter().rev() {
            batch.heads.retain(|head| self.low.get(&head.partition).is_none_or(|low| head.offset < *low));
            if !batch.is_empty() {
                self.push_front_rows(Rows::Batch(batch));
            }
        }
        self.low.extend(from);
        let before = self.next.0;
        while self.is_over() {
            self.evict_newest();
        }
        self.next.0 != before
    }

    /// There is nothing older: the first row says so.
    pub fn set_start(&mut self) {
        if !self.is_start() {
            self.push_front_rows(Rows::Gap(Gap::new(Why::Start)));
        }
    }

    /// Is there nothing older that could be read?
    pub fn is_start(&self) -> bool {
        matches!(self.held.front(), Some(Held { rows: Rows::Gap(Gap { why: Why::Start, .. }), .. }))
            || self.held.front().is_some_and(|front| front.at.0 <= self.born && self.born > 0)
    }

    fn push_front_rows(&mut self, rows: Rows) {
        let (first, before) = self.held.front().map_or(self.next, |front| front.at);
        self.count(&rows, true);
        let at = (first - rows.len() as u64, before - rows.bytes() as u64);
        self.held.push_front(Held { at, rows });
    }

    fn count(&mut self, rows: &Rows, more: bool) {
        let signed = |sum: usize, n| if more { sum + n } else { sum - n };
        (self.records, self.bytes) = (signed(self.records, rows.records()), signed(self.bytes, rows.bytes()));
    }

    fn is_over(&self) -> bool {
        self.held.len() > 1 && (self.bytes > self.max_bytes || self.records > self.max_records)
    }

    fn evict_oldest(&mut self) {
        let Some(held) = self.held.pop_front() else { return };
        self.count(&held.rows, false);
        match held.rows {
            _ if held.at.0 < self.born => {}
            Rows::Gap(gap) => self.low.extend(gap.to),
            Rows::Batch(batch) => {
                self.low.extend(batch.last_heads().map(|head| (head.partition, head.offset.saturating_add(1))));
            }
        }
    }

    fn evict_newest(&mut self) {
        let Some(held) = self.held.pop_back() else { return };
        self.count(&held.rows, false);
        self.next = held.at;
        match held.rows {
            Rows::Gap(gap) => self.high.extend(gap.from),
            Rows::Batch(batch) => {
                self.high.extend(batch.heads.iter().rev().map(|head| (head.partition, head.offset)));
            }
        }
    }

    /// Everything from this row on leaves; the offsets to read it again are the high ones then.
    pub fn cut_from(&mut self, position: u64) {
        while self.held.back().is_some_and(|back| back.at.0 >= position) {
            self.evict_newest();
        }
    }

    /// Would taking in `bytes` more at the end push out the row at `position`? They are taken for records as large as
    /// those held, and for a quarter of the most at the most.
    pub fn would_evict(&self, position: u64, bytes: usize) -> bool {
        let like_held = bytes as u128 * self.records as u128 / self.bytes.max(1) as u128;
        let records = usize::try_from(like_held).unwrap_or(usize::MAX).min(self.max_records / 4);
        let over = self.records.saturating_add(records).saturating_sub(self.max_records) as u64;
        let over_bytes = self.bytes.saturating_add(bytes).saturating_sub(self.max_bytes) as u64;
        let (first, before) = self.held.front().map_or(self.next, |front| front.at);
        self.holding(position).is_some_and(|held| held.at.0 - first < over || held.at.1 - before < over_bytes)
    }

    /// What a position lies in.
    fn holding(&self, position: u64) -> Option<&Held> {
        let at = self.held.partition_point(|held| held.end() <= position);
        self.held.get(at).filter(|held| held.at.0 <= position)
    }

    /// Positions that can be read now.
    pub fn positions(&self) -> std::ops::Range<u64> {
        self.held.front().map_or(self.next.0, |held| held.at.0)..self.next.0
    }

    pub fn row(&self, position: u64) -> Option<Row<'_>> {
        let held = self.holding(position)?;
        match &held.rows {
            Rows::Batch(batch) => batch.record(usize::try_from(position - held.at.0).ok()?).map(Row::Record),
            Rows::Gap(gap) => Some(Row::Gap(gap)),
        }
    }

    pub fn get(&self, position: u64) -> Option<Record<'_>> {
        if let Some(Row::Record(record)) = self.row(position) { Some(record) } else { None }
    }

    /// Where a record stands, if it is held.
    pub fn find(&self, (partition, offset): (i32, i64)) -> Option<u64> {
        let it = |head: &Head| head.partition == partition && head.offset == offset;
        let of = |held: &Held| match &held.rows {
            Rows::Batch(batch) => Some(held.at.0 + batch.heads.iter().position(it)? as u64),
            Rows::Gap(_) => None,
        };
        self.held.iter().rev().find_map(of)
    }

    /// The offsets at which a row stands: everything before them comes before it.
    pub fn places(&self, position: u64) -> Positions {
        let mut places = Positions::new();
        let records = (position..self.next.0).filter_map(|at| self.get(at));
        for record in records {
            places.entry(record.head.partition).or_insert(record.head.offset);
            if places.len() == self.high.len() {
                return places;
            }
        }
        for (id, high) in &self.high {
            places.entry(*id).or_insert(*high);
        }
        places
    }

    pub fn low(&self) -> &Positions {
        &self.low
    }

    pub fn high(&self) -> &Positions {
        &self.high
    }

    /// The oldest first.
    pub fn batches(&self) -> impl DoubleEndedIterator<Item = &Batch> + Clone {
        let batch = |held| if let &Held { rows: Rows::Batch(ref batch), .. } = held { Some(batch) } else { None };
        self.held.iter().filter_map(batch)
    }

    /// Records held.
    pub fn len(&self) -> usize {
        self.records
    }

    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Positions go on; everything else is forgotten.
    pub fn clear(&mut self) {
        let next = self.next;
        *self = Self { next, ..Self::new(self.max_bytes, self.max_records) };
    }
}

#[cfg(test)]
mod tests;
