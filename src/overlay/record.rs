//! One record in full: decoded, as text, as hex, and its headers.
use crate::{
    keymap::{Action, Context},
    panels::{Cx, Look, Panel, Wish},
    record::OwnedRecord,
    widgets::Pen,
};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct RecordView {
    area: Rect,
    position: u64,
    record: OwnedRecord,
}

impl RecordView {
    pub fn new(position: u64, record: OwnedRecord) -> Self {
        Self { area: Rect::ZERO, position, record }
    }

    pub fn on_neighbour(&mut self, neighbour: Option<(u64, OwnedRecord)>, _newer: bool) {
        if let Some((position, record)) = neighbour {
            (self.position, self.record) = (position, record);
        }
    }
}

impl Panel for RecordView {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Record, Context::Rows]
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        if matches!(action, Action::Back | Action::Quit) {
            cx.wish(Wish::Close);
        }
    }

    fn draw(&self, pen: &mut Pen, _: &Look) {
        pen.clear(self.area);
        pen.frame(self.area, true, &[(crate::text::Safe::text(&self.record.topic), pen.theme.title)]);
    }
}
