//! What stands beside a record in the list, in its partition or with its key: among the records that are kept, else in
//! Kafka. The list goes with whoever turns to it.
use super::{Flow, Tail};
use crate::{
    bus::Reading,
    filter::{Filter, Query},
    panels::{Cx, Wish},
    place::Positions,
    record::{OwnedRecord, Record},
};

/// Where a record stands that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// In the ring, when it was found.
    pub position: u64,
    /// Partition and offset.
    pub place: (i32, i64),
    /// Milliseconds since 1970; −1 = none.
    pub timestamp: i64,
}

/// What is beside it.
#[derive(Debug)]
pub enum Beside {
    /// With its position in the ring.
    Record(u64, Box<OwnedRecord>),
    /// There is none or not yet, and why.
    Nothing(&'static str),
    /// Kafka is asked for it: it comes as [`Wish::Turn`].
    Looking,
}

impl Tail {
    /// The next record of the list, newer or older.
    pub fn neighbour(&mut self, of: Standing, newer: bool, cx: &mut Cx) -> Beside {
        self.end_beside(cx);
        let Some(at) = self.standing(&of) else { return self.come_back(of, cx) };
        if let Some(found) = self.beside(at, newer, |_| true, cx) {
            return found;
        }
        self.arrive(0, cx);
        Beside::Nothing(match newer {
            false if self.ring.is_start() && self.is_filtered() => "this is the first match of the topic",
            false if self.ring.is_start() => "this is the first record of the topic",
            false => "older records are being read; press it again",
            true if self.is_live() && self.is_filtered() => "this is the newest match so far",
            true if self.is_live() => "this is the newest record so far",
            true if matches!(self.flow, Flow::Paused { .. }) => "reading is paused, and no newer record is kept",
            true => "newer records are being read; press it again",
        })
    }

    /// The record before or after this one in its partition; under a filter, the match.
    pub fn partition_neighbour(&mut self, of: Standing, newer: bool, cx: &mut Cx) -> Beside {
        let (first, newest) = match self.is_filtered() {
            true => ("this is the first match of its partition", "this is the newest match of its partition so far"),
            false => ("this is the first record of its partition", "this is the newest record of its partition so far"),
        };
        self.end_beside(cx);
        let (partition, offset) = of.place;
        if let Some(at) = self.standing(&of) {
            if let Some(found) = self.beside(at, newer, |record| record.head.partition == partition, cx) {
                return found;
            }
            match newer {
                true if self.is_live() => return Beside::Nothing(newest),
                false if self.ring.is_start() => return Beside::Nothing(first),
                _ => {}
            }
        }
        let Some(reading) = self.reading.clone() else { return Beside::Nothing(first) };
        let reading = Reading { only: Some([partition].into()), ..reading };
        let from = [(partition, offset.saturating_add(i64::from(newer)))].into();
        self.look_beside(reading, from, newer, if newer { newest } else { first }, cx)
    }

    /// The newest record before this one with its key.
    pub fn same_key(&mut self, of: Standing, key: Option<&[u8]>, cx: &mut Cx) -> Beside {
        const NONE: &str = "no older record has this key";
        self.end_beside(cx);
        if let Some(at) = self.standing(&of) {
            if let Some(found) = self.beside(at, false, |record| record.key() == key, cx) {
                return found;
            }
            if self.ring.is_start() {
                return Beside::Nothing(NONE);
            }
        }
        match (self.reading.clone(), key) {
            (Some(reading), Some(key)) => match with_key(&reading, key) {
                Some(filter) => {
                    let reading = Reading { filter: Some(filter), ..reading };
                    self.look_beside(reading, self.older_than(of.place), false, NONE, cx)
                }
                None => Beside::Nothing(NONE),
            },
            _ => Beside::Nothing("no older record without a key is kept"),
        }
    }

    /// Where the list begins, and of the record's own partition no later than it.
    fn older_than(&self, (partition, offset): (i32, i64)) -> Positions {
        let mut before = self.ring.low().clone();
        before.entry(partition).and_modify(|low| *low = offset.min(*low)).or_insert(offset);
        before
    }

    /// Does what arrives come to the list at once?
    fn is_live(&self) -> bool {
        self.flow == Flow::Running && !self.catching_up
    }

    fn standing(&self, of: &Standing) -> Option<u64> {
        let holds = |at: &u64| self.ring.get(*at).is_some_and(|record| record.place() == of.place);
        Some(of.position).filter(holds).or_else(|| self.ring.find(of.place))
    }

    /// The list is read anew around a record that has left it.
    fn come_back(&mut self, of: Standing, cx: &mut Cx) -> Beside {
        let (partition, offset) = of.place;
        if self.wanted.is_none_or(|wanted| (wanted.partition, wanted.offset) != (partition, offset)) {
            self.show_around(of.place, of.timestamp, cx);
        }
        Beside::Nothing("the records around this one are being read; press it again")
    }

    fn beside(&mut self, of: u64, newer: bool, is_it: impl Fn(&Record) -> bool, cx: &mut Cx) -> Option<Beside> {
        let kept = self.ring.positions();
        let fits = |at: &u64| self.ring.get(*at).is_some_and(|record| is_it(&record));
        let at = match newer {
            true => (of.saturating_add(1).max(kept.start)..kept.end).find(fits)?,
            false => (kept.start..of.min(kept.end)).rfind(fits)?,
        };
        let record = Box::new(self.ring.get(at)?.to_owned());
        self.view.select(at, &kept);
        self.arrive(0, cx);
        Some(Beside::Record(at, record))
    }

    /// A record that was looked for stands in the list: the open record view turns to it. Where only its partition was
    /// read to find it, its neighbours are read now.
    pub(super) fn turn_to(&mut self, at: u64, cx: &mut Cx) {
        let Some(record) = self.ring.get(at).map(|record| record.to_owned()) else { return };
        let (place, timestamp) = ((record.partition, record.offset), record.timestamp);
        cx.wish(Wish::Turn(Beside::Record(at, Box::new(record))));
        match std::mem::take(&mut self.turning) && !self.is_alone(timestamp) {
            true => self.show_around(place, timestamp, cx),
            false => self.choose(at, cx),
        }
    }
}

/// What the list shows, and of that only records with this key.
fn with_key(reading: &Reading, key: &[u8]) -> Option<Filter> {
    let shown = reading.filter.as_ref().map(|filter| filter.query().clone()).unwrap_or_default();
    Filter::compile(Query { key: Some(key.to_vec()), ..shown }).ok()
}
