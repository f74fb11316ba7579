//! What stands beside a record in its partition or with its key, as far as records are kept.
use super::Tail;
use crate::{
    decode::Form,
    panels::Cx,
    record::{OwnedRecord, Record},
};

impl Tail {
    /// The record before or after the one at `position` in its partition; the cursor goes with it. Else why there is
    /// none.
    pub fn partition_neighbour(
        &mut self,
        position: u64,
        partition: i32,
        newer: bool,
        cx: &mut Cx,
    ) -> Result<(u64, OwnedRecord), &'static str> {
        let why = match newer {
            true => "this is the newest record of its partition so far",
            false => "no older record of this partition is kept",
        };
        self.beside(position, newer, |record| record.head.partition == partition, cx).ok_or(why)
    }

    /// The newest record before the one at `position` with this key.
    pub fn same_key(
        &mut self,
        position: u64,
        key: Option<&[u8]>,
        cx: &mut Cx,
    ) -> Result<(u64, OwnedRecord), &'static str> {
        self.beside(position, false, |record| record.key() == key, cx).ok_or("no older record with this key is kept")
    }

    /// Keys and values of the open topic are read so from now on.
    pub fn read_as(&mut self, key: Form, value: Form) {
        self.forms = (key, value);
    }

    fn beside(
        &mut self,
        position: u64,
        newer: bool,
        is_it: impl Fn(&Record) -> bool,
        cx: &mut Cx,
    ) -> Option<(u64, OwnedRecord)> {
        let kept = self.ring.positions();
        let fits = |at: &u64| self.ring.get(*at).is_some_and(|record| is_it(&record));
        let at = match newer {
            true => (position.saturating_add(1).max(kept.start)..kept.end).find(fits)?,
            false => (kept.start..position.min(kept.end)).rev().find(fits)?,
        };
        let record = self.ring.get(at)?.to_owned();
        self.view.select(at, &kept);
        self.moved(cx);
        Some((at, record))
    }
}
