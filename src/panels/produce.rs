//! What I send: key, headers, partition and value of one record, aimed at the open topic.
use super::{Cx, Look, Panel};
use crate::{
    failure::Failure,
    keymap::{Action, Context},
    text::Safe,
    widgets::Pen,
};
use ratatui::layout::Rect;
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Produce {
    area: Rect,
}

impl Produce {
    pub fn on_produced(&mut self, _id: u64, _partition: i32, _offset: i64, _took: Duration, _cx: &mut Cx) {}

    pub fn on_failed(&mut self, _id: u64, _failure: Failure, _maybe_written: bool, _cx: &mut Cx) {}

    /// The value comes back from `$EDITOR`.
    pub fn on_edited(&mut self, _text: &str) {}
}

impl Panel for Produce {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Produce]
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
    }

    fn on_action(&mut self, _action: Action, _cx: &mut Cx) {}

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let title = [(Safe::literal(" 4 Produce "), pen.theme.title)];
        pen.frame(self.area, look.focused, &title);
    }
}
