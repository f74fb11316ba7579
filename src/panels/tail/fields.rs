//! Fields of records as columns, in place of the value: as wide as what was seen of them, which only grows.
use super::{Tail, columns::GAP};
use crate::{
    columns::{Cell, Columns},
    panels::Cx,
    record::{Batch, Record},
    text::Safe,
    widgets::{
        Pen, Word,
        table::{Align, Slot},
    },
};
use ratatui::layout::Rect;

/// A column of fields is no wider, unless it is the last one; and records looked at when columns are chosen.
const MOST: u16 = 40;
const SAMPLE: u64 = 200;

#[derive(Debug)]
pub(super) struct Fields {
    columns: Columns,
    shapes: Vec<Shape>,
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    width: u16,
    align: Align,
}

impl Fields {
    fn new(columns: Columns) -> Self {
        let shape = |head: &str| Shape { width: (Safe::text(head).width() as u16).min(MOST), align: Align::Left };
        let shapes = columns.heads().map(shape).collect();
        Self { columns, shapes }
    }

    /// Looks at the first and the last record of a batch only.
    pub fn see(&mut self, batch: &Batch) {
        let ends = [batch.record(0), batch.record(batch.len().saturating_sub(1))];
        ends.into_iter().flatten().for_each(|record| self.see_record(&record));
    }

    fn see_record(&mut self, record: &Record) {
        for (shape, cell) in self.shapes.iter_mut().zip(self.columns.cells(record)) {
            let width = Safe::preview(cell.text().as_bytes(), usize::from(MOST)).width() as u16;
            shape.width = shape.width.max(width).min(MOST);
            if cell.is_right() {
                shape.align = Align::Right;
            }
        }
    }

    /// Where each column stands in `width`, from the one that was moved to the left edge on; the last takes what is left.
    fn slots(&self, aside: usize, width: u16) -> Vec<Slot> {
        let (first, last) = (aside.min(self.shapes.len().saturating_sub(1)), self.shapes.len().saturating_sub(1));
        let mut x = 0;
        let place = |(column, shape): (usize, &Shape)| {
            let room = width.saturating_sub(x);
            let slot = Slot { column, x, width: if column == last { room } else { shape.width.min(room) } };
            x += slot.width + GAP;
            (room > 0).then_some(slot)
        };
        self.shapes.iter().enumerate().skip(first).map_while(place).collect()
    }

    pub fn draw_heads(&self, pen: &mut Pen, area: Rect, aside: usize) {
        let heads: Vec<&str> = self.columns.heads().collect();
        for slot in self.slots(aside, area.width) {
            let (Some(head), Some(shape)) = (heads.get(slot.column), self.shapes.get(slot.column)) else { continue };
            pen.cell(area, &self.at_head(slot, shape), shape.align, &Safe::text(head), pen.theme.head);
        }
    }

    /// The last column's numbers stand under its head, not at the edge of the panel.
    fn at_head(&self, slot: Slot, shape: &Shape) -> Slot {
        Slot { width: if shape.align == Align::Right { shape.width.min(slot.width) } else { slot.width }, ..slot }
    }

    pub fn draw(&self, pen: &mut Pen, row: Rect, aside: usize, record: &Record) {
        let cells = self.columns.cells(record);
        for slot in self.slots(aside, row.width) {
            let (Some(cell), Some(shape)) = (cells.get(slot.column), self.shapes.get(slot.column)) else { continue };
            let (text, role) = word(cell, usize::from(slot.width), pen);
            let align = match cell {
                Cell::Missing | Cell::Null => shape.align,
                Cell::Number(_) => Align::Right,
                Cell::Text(_) | Cell::Json(_) => Align::Left,
            };
            pen.cell(row, &self.at_head(slot, shape), align, &text, role);
        }
    }
}

fn word(cell: &Cell, width: usize, pen: &Pen) -> Word {
    let theme = pen.theme;
    match cell {
        Cell::Missing => (Safe::literal("–"), theme.null),
        Cell::Null => (Safe::literal("␀"), theme.null),
        Cell::Text(text) if text.is_empty() => (Safe::literal("∅"), theme.null),
        Cell::Text(text) | Cell::Json(text) => (Safe::preview(text.as_bytes(), width), theme.text),
        Cell::Number(text) => (Safe::preview(text.as_bytes(), width), theme.json_number),
    }
}

impl Tail {
    /// Shows these fields in place of the value; without any the value again.
    pub(super) fn set_columns(&mut self, text: &str, cx: &Cx) {
        self.fields = Columns::read(text).ok().filter(|_| !text.is_empty()).map(Fields::new);
        self.aside = 0;
        if let Some(fields) = &mut self.fields {
            let kept = self.ring.positions();
            let newest = kept.end.saturating_sub(SAMPLE).max(kept.start)..kept.end;
            newest.filter_map(|at| self.ring.get(at)).for_each(|record| fields.see_record(&record));
        }
        let kept = self.fields.as_ref().map(|_| text.to_owned());
        if let Some(habits) = self.habits_of_topic() {
            habits.columns = kept;
        }
        if self.fields.is_none() {
            self.say("the value is shown again".into(), false, cx);
        }
    }

    /// The columns that this topic was looked at with the last time.
    pub(super) fn columns_as_before(&mut self) {
        let text = self.habits_of_topic().and_then(|habits| habits.columns.clone());
        self.fields = text.and_then(|text| Columns::read(&text).ok()).map(Fields::new);
    }

    /// As they were typed.
    pub(super) fn columns_text(&self) -> String {
        let habits = self.topic().and_then(|topic| self.habits.get(&**topic));
        habits.and_then(|habits| habits.columns.clone()).unwrap_or_default()
    }
}
