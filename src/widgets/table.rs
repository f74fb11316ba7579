//! Columns that are dropped whole, in a declared order, when the width does not suffice, and never cut in half.
use super::Pen;
use crate::{text::Safe, theme::Role};
use ratatui::layout::Rect;

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub head: &'static str,
    /// Columns of the terminal; the least of them where it grows.
    pub width: u16,
    pub align: Align,
    /// Takes what the others leave. At most one column of a table grows.
    pub grows: bool,
    /// When the width does not suffice, the highest goes first; 0 stays.
    pub drop: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

impl Column {
    pub const fn left(head: &'static str, width: u16, drop: u8) -> Self {
        Self { head, width, align: Align::Left, grows: false, drop }
    }

    pub const fn right(head: &'static str, width: u16, drop: u8) -> Self {
        Self { head, width, align: Align::Right, grows: false, drop }
    }

    pub const fn growing(head: &'static str, width: u16) -> Self {
        Self { head, width, align: Align::Left, grows: true, drop: 0 }
    }
}

/// Blank columns between two of a table.
const GAP: u16 = 1;

/// Where each column stands: its index, offset and width; dropped ones are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots(Vec<Slot>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub column: usize,
    pub x: u16,
    pub width: u16,
}

impl Slots {
    /// Fits columns into `width`.
    pub fn fit(columns: &[Column], width: u16) -> Self {
        Self::spaced(columns, width, GAP)
    }

    /// The same with `gap` blank columns between two.
    pub fn spaced(columns: &[Column], width: u16, gap: u16) -> Self {
        let mut kept: Vec<usize> = (0..columns.len()).collect();
        let need = |kept: &[usize]| {
            kept.iter().map(|i| columns[*i].width).sum::<u16>() + gap * (kept.len() as u16).saturating_sub(1)
        };
        while need(&kept) > width {
            let Some(worst) = kept.iter().copied().filter(|i| columns[*i].drop > 0).max_by_key(|i| columns[*i].drop)
            else {
                break;
            };
            kept.retain(|i| *i != worst);
        }
        let spare = width.saturating_sub(need(&kept));
        let mut x = 0;
        let place = |i: usize| {
            let column = columns[i];
            let room = width.saturating_sub(x);
            let slot = Slot { column: i, x, width: (column.width + if column.grows { spare } else { 0 }).min(room) };
            x += slot.width + gap;
            slot
        };
        Self(kept.into_iter().map(place).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter()
    }

    /// Which column a click at `x` (from the table's left) meets.
    pub fn at(&self, x: u16) -> Option<usize> {
        self.0.iter().rev().find(|slot| slot.x <= x).map(|slot| slot.column)
    }

    /// The shown column beside this one, around the ends: nobody sorts by what is not on the screen.
    pub fn after(&self, column: usize, next: bool) -> usize {
        let beside = match next {
            true => self.0.iter().map(|slot| slot.column).find(|c| *c > column),
            false => self.0.iter().rev().map(|slot| slot.column).find(|c| *c < column),
        };
        let around = if next { self.0.first() } else { self.0.last() };
        beside.or(around.map(|slot| slot.column)).unwrap_or(column)
    }

    /// The width of a column, if it is shown.
    pub fn width(&self, column: usize) -> Option<u16> {
        self.0.iter().find(|slot| slot.column == column).map(|slot| slot.width)
    }
}

impl Pen<'_> {
    /// The heads of a table; the sorted column carries an arrow.
    pub fn heads(&mut self, area: Rect, columns: &[Column], slots: &Slots, sorted: Option<(usize, bool)>) {
        for slot in slots.iter() {
            let column = &columns[slot.column];
            let arrow = match sorted {
                Some((i, false)) if i == slot.column => "↑",
                Some((i, true)) if i == slot.column => "↓",
                _ => "",
            };
            let room = usize::from(slot.width);
            let head = if column.head.chars().count() + arrow.chars().count() <= room { arrow } else { "" };
            let text = match column.align {
                Align::Left => format!("{}{head}", column.head),
                Align::Right => format!("{head}{}", column.head),
            };
            self.cell(area, slot, column.align, &Safe::from(text), self.theme.head);
        }
    }

    /// One cell of a row.
    pub fn cell(&mut self, row: Rect, slot: &Slot, align: Align, text: &Safe, role: Role) {
        let (x, width) = (row.x + slot.x, slot.width);
        match align {
            Align::Left => self.put(x, row.y, width, text, role),
            Align::Right => self.put_right(x, row.y, width, text, role),
        };
    }

    /// A whole row: `cell(column)` gives text and role.
    pub fn row(&mut self, area: Rect, columns: &[Column], slots: &Slots, cell: impl Fn(usize) -> (Safe, Role)) {
        for slot in slots.iter() {
            let (text, role) = cell(slot.column);
            self.cell(area, slot, columns[slot.column].align, &text, role);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::growing("TOPIC", 8),
        Column::right("PARTS", 5, 3),
        Column::right("RECORDS≤", 8, 2),
        Column::right("/S", 5, 1),
    ];

    fn shown(width: u16) -> Vec<usize> {
        Slots::fit(&COLUMNS, width).iter().map(|slot| slot.column).collect()
    }

    #[test]
    fn columns_are_dropped_whole_and_in_order() {
        assert_eq!(shown(29), [0, 1, 2, 3]);
        assert_eq!(shown(28), [0, 2, 3]);
        assert_eq!(shown(20), [0, 3]);
        assert_eq!(shown(10), [0]);
    }

    #[test]
    fn the_growing_column_takes_what_is_left_and_nothing_leaves_the_table() {
        for width in 0..80 {
            let slots = Slots::fit(&COLUMNS, width);
            assert!(slots.iter().all(|slot| slot.x + slot.width <= width.max(slot.x)), "{width} {slots:?}");
        }
        assert_eq!(Slots::fit(&COLUMNS, 40).width(0), Some(19));
    }

    #[test]
    fn a_click_on_a_head_finds_its_column() {
        let slots = Slots::fit(&COLUMNS, 40);
        assert_eq!([0, 15, 20, 39].map(|x| slots.at(x)), [Some(0), Some(0), Some(1), Some(3)]);
    }
}
