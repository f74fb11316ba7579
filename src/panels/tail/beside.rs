//! What stands beside a record in its partition or with its key, as far as records are kept.
use super::{Flow, Tail};
use crate::{
    decode::Form,
    panels::Cx,
    record::{OwnedRecord, Record},
};

impl Tail {
    /// The record beside the one at `position`, newer or older; the cursor goes with it. Else why there is none.
    pub fn neighbour(&mut self, position: u64, newer: bool, cx: &mut Cx) -> Result<(u64, OwnedRecord), &'static str> {
        let kept = self.ring.positions();
        let is_record = |at: &u64| self.ring.get(*at).is_some();
        let at = match newer {
            true if position.saturating_add(1) < kept.start => None,
            true => (position.saturating_add(1)..kept.end).find(is_record),
            false => (kept.start..position.min(kept.end)).rfind(is_record),
        };
        if let Some((at, record)) = at.and_then(|at| Some((at, self.ring.get(at)?.to_owned()))) {
            self.view.select(at, &kept);
            self.arrive(0, cx);
            return Ok((at, record));
        }
        self.arrive(0, cx);
        Err(match newer {
            false if self.ring.is_start() => "this is the first record of the topic",
            false => "older records are being read; press it again",
            true if position < kept.start => "the records after this one are no longer kept",
            true if self.flow == Flow::Running => "this is the newest record so far",
            true => "no newer record is kept",
        })
    }

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
        let name = |form: Form| (form != Form::Auto).then(|| form.name().to_owned());
        if let Some(habits) = self.habits_of_topic() {
            (habits.key_form, habits.value_form) = (name(key), name(value));
        }
    }

    /// As this topic was read the last time.
    pub(super) fn read_as_before(&mut self) {
        let form = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok()).unwrap_or_default();
        let habits = self.habits_of_topic().cloned().unwrap_or_default();
        self.forms = (form(&habits.key_form), form(&habits.value_form));
    }

    /// The next form of values, or of keys.
    pub(super) fn read_next_form(&mut self, of_keys: bool, cx: &Cx) {
        let (key, value) = self.forms;
        let (key, value) = if of_keys { (key.next(), value) } else { (key, value.next()) };
        self.read_as(key, value);
        let (what, form) = if of_keys { ("keys", key) } else { ("values", value) };
        self.say(format!("{what} are read as {}", form.name()), false, cx);
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
        self.arrive(0, cx);
        Some((at, record))
    }
}
