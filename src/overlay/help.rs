//! `?`: every key that works here, the narrowest place first, read from the one table.
use super::centred;
use crate::{
    keymap::{self, Action, Context},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Wish},
    text::Safe,
    widgets::{Pen, list::List},
};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Help {
    area: Rect,
    list: List,
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Place(&'static str),
    Key { keys: String, help: &'static str },
    Words(&'static str),
    Blank,
}

/// Columns for the keys of one action.
const KEYS: u16 = 26;

impl Help {
    /// Help for the place with these contexts.
    pub fn new(contexts: &[Context], mouse: bool) -> Self {
        let mut rows = vec![];
        for context in contexts.iter().copied().chain([Context::Global]) {
            rows.push(Row::Place(context.title()));
            rows.extend(keymap::actions(context).into_iter().map(|(_, keys, help)| Row::Key { keys, help }));
            rows.push(Row::Blank);
        }
        rows.push(Row::Words(if mouse {
            "Mouse: click chooses, the wheel scrolls, borders can be dragged; shift-drag selects text."
        } else {
            "The mouse is left to the terminal (--no-mouse)."
        }));
        let mut list = List::default();
        list.set_len(rows.len());
        Self { area: Rect::ZERO, list, rows }
    }
}

impl Panel for Help {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Help, Context::List]
    }

    fn resize(&mut self, area: Rect) {
        self.area = centred(area, 66, self.rows.len() as u16 + 2);
        self.list.set_height(usize::from(self.area.height.saturating_sub(2)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        let page = self.list.view().len() as isize;
        match action {
            Action::Back | Action::Quit | Action::Help => cx.wish(Wish::Close),
            Action::Down => self.list.scroll(1),
            Action::Up => self.list.scroll(-1),
            Action::PageDown => self.list.scroll(page),
            Action::PageUp => self.list.scroll(-page),
            Action::Top => self.list.scroll(isize::MIN / 2),
            Action::Bottom => self.list.scroll(self.rows.len() as isize),
            _ => {}
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        if let MouseKind::Wheel(rows) = mouse.kind {
            self.list.scroll(isize::from(rows));
        }
    }

    fn draw(&self, pen: &mut Pen, _: &Look) {
        let theme = *pen.theme;
        pen.clear(self.area);
        let inner = pen.frame(self.area, true, &[(Safe::literal(" Help "), theme.title)]);
        for (i, row) in self.rows[self.list.view()].iter().enumerate() {
            let (x, y, width) = (inner.x + 1, inner.y + i as u16, inner.width.saturating_sub(2));
            match row {
                Row::Place(name) => pen.put(x, y, width, &Safe::literal(name), theme.title),
                Row::Key { keys, help } => {
                    pen.put(x, y, KEYS.min(width), &Safe::text(keys), theme.key);
                    pen.put(x + KEYS.min(width), y, width.saturating_sub(KEYS), &Safe::literal(help), theme.text)
                }
                Row::Words(words) => pen.put(x, y, width, &Safe::literal(words), theme.muted),
                Row::Blank => 0,
            };
        }
        let more = self.rows.len() - self.list.view().end.min(self.rows.len());
        if more > 0 {
            pen.foot(self.area, &[(Safe::from(format!(" {more} more, j ")), theme.muted)]);
        }
    }
}
