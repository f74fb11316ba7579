//! Which groups are on the screen, so that these are read more often, and whether what stands there changed.
use super::{
    Lag,
    cells::{self, Sight},
};
use crate::{bus::Command, group::GroupName, panels::Cx};
use jiff::Timestamp;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// No screen shows more; what is read every two seconds has a bound all the same.
const WATCHED: usize = 200;

impl Lag {
    /// Says which groups are in view, when that changed.
    pub fn watch(&mut self, cx: &mut Cx) {
        let view = self.in_view();
        if self.seen.replace(view.clone()) == Some(view) {
            return;
        }
        let mut groups: Vec<GroupName> = self.rows_in_view().map(|row| row.group.name.clone()).collect();
        groups.sort_unstable();
        if groups != self.watched {
            self.watched.clone_from(&groups);
            cx.send(Command::WatchGroups { groups });
        }
    }

    fn in_view(&self) -> Range<usize> {
        let view = self.list.view();
        view.start..view.end.min(view.start + WATCHED)
    }

    fn rows_in_view(&self) -> impl Iterator<Item = &super::Row> {
        self.in_view().filter_map(|at| self.rows.get(*self.shown.get(at)?))
    }

    /// What the rows in view look like, as one number.
    pub(super) fn face(&self, now: Timestamp) -> u64 {
        let mut hash = DefaultHasher::new();
        let (slots, sight) = (self.slots(), Sight { now, topic: self.topic.as_ref() });
        self.list.cursor().hash(&mut hash);
        for row in self.rows_in_view() {
            for slot in slots.iter() {
                let (text, tone): cells::Cell = row.cell(slot.column, &sight, slot.width);
                (text.as_str(), tone).hash(&mut hash);
            }
        }
        hash.finish()
    }
}
