//! A list of partitions or members as a table, and in which order partitions stand.
use super::partition;
use crate::{
    lag::{Behind, LagState, PartitionLag},
    text::Safe,
    theme::Role,
    widgets::{
        Pen,
        list::List,
        table::{Column, Slots},
    },
};
use ratatui::layout::Rect;
use std::cmp::Reverse;

/// By which column partitions stand: by topic and number as they came, or the worst first; and whether turned around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub column: usize,
    pub turned: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: partition::TOPIC, turned: false }
    }
}

impl Sort {
    /// The next column, or the one before, of those on the screen that have an order.
    pub fn step(&mut self, next: bool, shown: &[usize]) {
        let Some(last) = shown.len().checked_sub(1) else { return };
        let at = shown.iter().position(|column| *column == self.column).unwrap_or(0);
        let to = if next {
            at.checked_add(1).filter(|to| *to <= last).unwrap_or(0)
        } else {
            at.checked_sub(1).unwrap_or(last)
        };
        self.column = shown[to];
    }

    /// Column and arrow of the head: the worst first is downwards.
    pub fn head(self) -> (usize, bool) {
        (self.column, self.turned != (self.column != partition::TOPIC))
    }

    /// Indexes of the partitions in this order; of equals as they came.
    pub fn order(self, partitions: &[PartitionLag], behind: impl Fn(&PartitionLag) -> Behind) -> Vec<usize> {
        let mut order: Vec<usize> = (0..partitions.len()).collect();
        match self.column {
            partition::LAG => order.sort_by_key(|i| Reverse(lag_order(&partitions[*i]))),
            partition::BEHIND => {
                let told: Vec<Behind> = partitions.iter().map(behind).collect();
                order.sort_by_key(|i| Reverse(told[*i]));
            }
            _ => {}
        }
        if self.turned {
            order.reverse();
        }
        order
    }
}

/// No commit, the lags, and what could not be read: it may be any number.
fn lag_order(p: &PartitionLag) -> (u8, Option<i64>) {
    match (p.state(), p.lag()) {
        (LagState::Unknown, _) => (2, None),
        (_, Some(lag)) => (1, Some(lag)),
        (_, None) => (0, None),
    }
}

/// A table that is to be drawn.
pub struct Table<'a> {
    pub area: Rect,
    pub columns: &'a [Column],
    pub list: &'a List,
    pub selection: Role,
    pub sorted: Option<(usize, bool)>,
}

impl Table<'_> {
    /// Heads, the rows in view, and the cursor. `cell(row, column)` is nothing beyond the rows.
    pub fn draw(&self, pen: &mut Pen, cell: impl Fn(usize, usize) -> Option<(Safe, Role)>) {
        let slots = Slots::fit(self.columns, self.area.width);
        pen.heads(Rect { height: 1, ..self.area }, self.columns, &slots, self.sorted);
        for (i, row) in self.list.view().enumerate() {
            let line = Rect { y: self.area.y + 1 + i as u16, height: 1, ..self.area };
            pen.row(line, self.columns, &slots, |column| cell(row, column).unwrap_or_default());
            if row == self.list.cursor() {
                pen.tint(line, self.selection);
            }
        }
    }
}
