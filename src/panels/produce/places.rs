//! Where the fields of the box stand: from its area alone, so that nothing moves while one writes.
use super::form::Part;
use ratatui::layout::{Margin, Rect};

#[derive(Debug)]
pub struct Places {
    /// The fields of the first row with their labels; in a narrow box only the one that is written in.
    pub fields: Vec<Place>,
    /// Right of them; empty in a narrow box.
    pub answer: Rect,
    pub value: Rect,
}

#[derive(Debug)]
pub struct Place {
    pub part: Part,
    pub label: &'static str,
    /// Without the label.
    pub area: Rect,
}

const ROW: [Part; 3] = [Part::Key, Part::Headers, Part::Partition];
/// From here on the answer has room beside the fields.
const WIDE: u16 = 96;
/// From here on labels are whole words.
const WORDS: u16 = 60;
/// From here on three fields stand side by side.
const THREE: u16 = 36;
/// `by key`, and five digits with the cursor after them.
const PARTITION: u16 = 6;
const GAP: u16 = 2;

impl Places {
    /// `at`: where the cursor is, which never loses its field.
    pub fn of(area: Rect, at: Part) -> Self {
        let inner = area.inner(Margin::new(2, 1));
        let row = Rect { height: inner.height.min(1), ..inner };
        let below = Rect { y: inner.y + row.height, height: inner.height - row.height, ..inner };
        let answer = if inner.width >= WIDE { inner.width * 2 / 5 } else { 0 };
        let fields = Rect { width: inner.width - answer, ..row };
        let places = Self {
            fields: if inner.width >= THREE { side_by_side(fields) } else { alone(fields, at) },
            answer: Rect { x: fields.right(), width: answer, ..row },
            value: below,
        };
        match (inner.height, at) {
            (1, Part::Value) => Self { fields: vec![], value: row, answer: Rect::ZERO },
            (1, _) => Self { answer: Rect::ZERO, ..places },
            _ => places,
        }
    }

    pub fn shows(&self, part: Part) -> bool {
        match part {
            Part::Value => !self.value.is_empty(),
            part => self.fields.iter().any(|place| place.part == part),
        }
    }

    /// The field under a cell.
    pub fn at(&self, x: u16, y: u16) -> Option<Part> {
        let field = self.fields.iter().find(|place| place.area.contains((x, y).into())).map(|place| place.part);
        field.or_else(|| self.value.contains((x, y).into()).then_some(Part::Value))
    }
}

fn side_by_side(row: Rect) -> Vec<Place> {
    let labels = ROW.map(|part| (part, if row.width >= WORDS { part.label() } else { part.short() }));
    let taken: u16 = labels.iter().map(|(_, label)| label.len() as u16 + 1 + GAP).sum();
    let room = row.width.saturating_sub(taken + PARTITION);
    let widths = [room * 2 / 5, room - room * 2 / 5, PARTITION];
    let mut x = row.x;
    let place = |((part, label), width): ((Part, &'static str), u16)| {
        let area = Rect { x: x + label.len() as u16 + 1, width, ..row };
        x = area.right() + GAP;
        Place { part, label, area }
    };
    labels.into_iter().zip(widths).map(place).collect()
}

fn alone(row: Rect, at: Part) -> Vec<Place> {
    let part = if at == Part::Value { Part::Key } else { at };
    let label = part.short();
    let used = (label.len() as u16 + 1).min(row.width);
    vec![Place { part, label, area: Rect { x: row.x + used, width: row.width - used, ..row } }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_leaves_the_box_or_stands_on_another() {
        for (width, height) in [(0, 0), (1, 1), (4, 3), (5, 3), (9, 4), (20, 3), (39, 4), (56, 4), (80, 5), (300, 9)] {
            let area = Rect::new(3, 5, width, height);
            for at in Part::ALL {
                let places = Places::of(area, at);
                let mut cells = places.fields.iter().map(|place| place.area).collect::<Vec<_>>();
                cells.extend([places.value, places.answer]);
                for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    assert_eq!(cell.intersection(area), *cell, "{area:?} {at:?}");
                    assert!(cells.iter().skip(i + 1).all(|other| !cell.intersects(*other)), "{area:?} {at:?}");
                }
            }
        }
    }

    #[test]
    fn the_field_with_the_cursor_is_there_in_every_box_that_holds_a_letter() {
        for (width, height) in [(12, 3), (20, 3), (20, 4), (56, 4), (120, 4)] {
            for at in Part::ALL {
                let places = Places::of(Rect::new(0, 0, width, height), at);
                let field = places.fields.iter().find(|place| place.part == at).map(|place| place.area);
                assert!(!field.unwrap_or(places.value).is_empty(), "{width}×{height} {at:?}");
            }
        }
    }
}
