//! The mouse: to panels and overlays, and on the borders between panels, which can be dragged.
use super::App;
use crate::{
    layout::Edge,
    panels::{Cx, Mouse, MouseKind},
};

impl App {
    pub fn on_mouse(&mut self, mouse: Mouse) {
        if !self.overlays.is_empty() {
            self.with_top(|panel, cx| panel.on_mouse(mouse, cx));
        } else if let Some(edge) =
            Edge::at(&self.window.areas, mouse.x, mouse.y).filter(|_| mouse.kind == MouseKind::Click)
        {
            self.window.drag = Some(edge);
            self.focus_at(mouse);
        } else {
            self.focus_at(mouse);
        }
        self.settle();
    }

    fn focus_at(&mut self, mouse: Mouse) {
        let Some(focus) = self.window.areas.at(mouse.x, mouse.y) else { return };
        if mouse.kind == MouseKind::Click {
            self.focus_on(focus);
        }
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        self.panels.get_mut(focus).on_mouse(mouse, &mut cx);
    }

    /// The button is held and the mouse moved.
    pub fn on_drag(&mut self, x: u16, y: u16) {
        if let Some(edge) = self.window.drag {
            self.window.borders = edge.drag(self.window.borders, &self.window.areas, x, y);
            self.resize(self.window.screen);
        }
    }

    pub fn on_release(&mut self) {
        self.window.drag = None;
    }
}
