//! Who is behind: every group with its state, members and lag, the groups of the open topic first.
use super::{Cx, Look, Panel};
use crate::{
    failure::Failure,
    group::{Group, GroupLag},
    keymap::{Action, Context},
    text::Safe,
    widgets::Pen,
};
use jiff::Timestamp;
use ratatui::layout::Rect;

#[derive(Debug, Default)]
pub struct Lag {
    area: Rect,
}

impl Lag {
    pub fn on_groups(&mut self, _groups: Vec<Group>, _missing: Vec<(i32, Failure)>, _at: Timestamp, _cx: &mut Cx) {}

    pub fn on_lag(&mut self, _groups: Vec<GroupLag>, _at: Timestamp, _cx: &mut Cx) {}

    /// Another topic is open: its groups come first.
    pub fn on_topic(&mut self, _cx: &mut Cx) {}
}

impl Panel for Lag {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Lag, Context::List]
    }

    fn resize(&mut self, area: Rect) {
        self.area = area;
    }

    fn on_action(&mut self, _action: Action, _cx: &mut Cx) {}

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let title = [(Safe::literal(" 3 Lag "), pen.theme.title)];
        pen.frame(self.area, look.focused, &title);
    }
}
