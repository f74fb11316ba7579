//! Records that a person marked: to come back to, and to compare.
use super::Tail;
use crate::{
    overlay::{Overlay, diff::Diff},
    panels::{Cx, Wish},
    place::Where,
    record::OwnedRecord,
    widgets::format::grouped,
};

/// Marked records are kept whole, so that they can be compared when they have left the list; at most so many.
const MOST: usize = 100;

/// The last marked one last.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<OwnedRecord>);

impl Marks {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn has(&self, place: (i32, i64)) -> bool {
        self.0.iter().any(|record| (record.partition, record.offset) == place)
    }

    /// `true`: it is marked now.
    fn toggle(&mut self, record: OwnedRecord) -> bool {
        let place = (record.partition, record.offset);
        let had = self.has(place);
        self.0.retain(|marked| (marked.partition, marked.offset) != place);
        if !had {
            self.0.push(record);
            let over = self.0.len().saturating_sub(MOST);
            self.0.drain(..over);
        }
        !had
    }
}

impl Tail {
    pub(super) fn mark(&mut self, cx: &mut Cx) {
        let Some(record) = self.chosen().map(|(_, record)| record.to_owned()) else { return };
        let words = match (self.marks.toggle(record), self.marks.0.len()) {
            (true, 1) => "marked; mark another one and d compares the two".to_owned(),
            (true, n) => format!("marked, {n} in all; ' goes to the next, d compares the last two"),
            (false, n) => format!("not marked any more, {n} are"),
        };
        self.view.stay(&self.ring.positions());
        self.say(words, false, cx);
    }

    /// Marks the record that a group reads next. `asked`: where the group stands, which may be before it.
    pub(super) fn mark_next(&mut self, at: u64, asked: i64, cx: &Cx) {
        let Some(group) = self.next_of.take() else { return };
        let Some(record) = self.ring.get(at).map(|record| record.to_owned()) else { return };
        let (partition, offset) = (record.partition, record.offset);
        if !self.marks.has((partition, offset)) {
            self.marks.toggle(record);
        }
        let hole = if offset > asked { format!(", which stands at {}", grouped(asked)) } else { String::new() };
        let words = format!("marked: p{partition}@{} is the next record of {group}{hole}", grouped(offset));
        self.say(words, false, cx);
    }

    /// From the oldest mark to the newest, with both: as they stand in the list, or by their times when one has left it.
    pub(super) fn marked_range(&self) -> Option<(Where, Where)> {
        let marks = Some(&self.marks.0).filter(|marks| marks.len() > 1)?;
        let held: Option<Vec<u64>> = marks.iter().map(|it| self.ring.find((it.partition, it.offset))).collect();
        if let Some((first, last)) = held.and_then(|held| Some((*held.iter().min()?, *held.iter().max()?))) {
            let places = |at| Where::Offsets(self.ring.places(at));
            return Some((places(first), places(last + 1)));
        }
        let times = marks.iter().map(|it| it.timestamp).filter(|ms| *ms >= 0);
        let (first, last) = (times.clone().min()?, times.max()?);
        Some((Where::Time(first), Where::Time(last.saturating_add(1))))
    }

    /// What differs between the two that were marked last; with one mark, between it and the chosen record.
    pub(super) fn compare(&mut self, cx: &mut Cx) {
        let chosen = self.chosen().map(|(_, record)| record.to_owned());
        let pair = match (self.marks.0.as_slice(), chosen) {
            ([.., first, second], _) => Some((first.clone(), second.clone())),
            ([only], Some(chosen)) => Some((only.clone(), chosen)),
            _ => None,
        };
        let Some((first, second)) = pair else {
            return self.say("mark two records to compare them: m marks".into(), false, cx);
        };
        let diff = Diff::new(first, second, self.forms.0, self.forms.1);
        cx.wish(Wish::Show(Box::new(Overlay::Diff(Box::new(diff)))));
    }

    /// Down to the next mark that is held, then around from the first; else to one that has left the list.
    pub(super) fn next_mark(&mut self, cx: &mut Cx) {
        let cursor = self.view.cursor(&self.ring.positions());
        let held: Vec<u64> = self.marks.0.iter().filter_map(|it| self.ring.find((it.partition, it.offset))).collect();
        let next = held.iter().copied().filter(|at| *at > cursor).min().or_else(|| held.iter().copied().min());
        match (next, self.marks.0.last()) {
            (Some(at), _) => self.choose(at, cx),
            (None, Some(it)) => {
                let (place, timestamp) = ((it.partition, it.offset), it.timestamp);
                self.show_around(place, timestamp, cx);
            }
            (None, None) => self.say("nothing is marked: m marks a record".into(), false, cx),
        }
    }
}
