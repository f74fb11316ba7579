//! From a row to what it is about: the group in full, or the record that it reads next.
use super::{Lag, order};
use crate::{
    bus::Command,
    overlay::{Overlay, group::Group as GroupOverlay},
    panels::{Cx, Mouse, Wish},
};

impl Lag {
    /// Shows the chosen group at once and asks for its partitions.
    pub(super) fn open(&mut self, cx: &mut Cx) {
        let Some(group) = self.row().map(|row| row.group.clone()) else { return };
        self.generation += 1;
        self.opened = Some(group.name.clone());
        let generation = self.generation;
        cx.send(Command::OpenGroup { group: group.name.clone(), generation });
        cx.wish(Wish::Show(Box::new(Overlay::Group(Box::new(GroupOverlay::new(group, generation, cx.session.now))))));
    }

    /// Tails what the chosen group reads next.
    pub(super) fn tail(&mut self, cx: &mut Cx) {
        let Some(row) = self.row() else { return };
        let group = row.group.name.clone();
        match row.next().cloned() {
            Some((topic, partition, offset)) => cx.wish(Wish::TailAt { topic, partition, offset, group }),
            None => cx.wish(Wish::Say(format!("{group} has no commit to tail from"))),
        }
    }

    /// On a head: sorts by its column. On a row: chooses it, and opens it the second time.
    pub(super) fn on_click(&mut self, mouse: Mouse, cx: &mut Cx) {
        let first = self.area.y + 2;
        if mouse.y + 1 == first {
            let column = self.slots().at(mouse.x.saturating_sub(self.table().x));
            if let Some(column) = column.filter(|column| order::SORTED.contains(column)) {
                self.sort_by(column);
            }
        } else if mouse.y >= first {
            let at = self.list.view().start + usize::from(mouse.y - first);
            let again = at == self.list.cursor() && self.chose;
            if at < self.list.view().end {
                self.touch(cx);
                self.list.select(at);
                if again {
                    self.open(cx);
                }
            }
        }
    }
}
