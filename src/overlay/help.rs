//! `?`: every key that works here, the narrowest place first, read from the one table.
use super::centred;
use crate::{
    keymap::{self, Action, Context, Key},
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
    /// Help for the place with these contexts; `covered`: it lies over the panels, where not every key works.
    pub fn new(contexts: &[Context], covered: bool, mouse: bool) -> Self {
        let mut taken: Vec<Key> = vec![];
        let mut rows = vec![];
        for context in contexts.iter().copied().chain([Context::Global]) {
            let reached = |action| !covered || context != Context::Global || keymap::reaches_overlays(action);
            let keys = |action| keymap::bindings(context).filter(move |b| b.action == action).map(|b| b.key);
            // A key that a narrower place binds does that, whatever it does elsewhere.
            let free = |action| keys(action).any(|key| !taken.contains(&key));
            rows.push(Row::Place(context.title()));
            let actions = keymap::actions(context).into_iter();
            let actions = actions.filter(|(action, ..)| reached(*action) && free(*action));
            rows.extend(actions.map(|(_, keys, help)| Row::Key { keys, help }));
            rows.push(Row::Blank);
            taken.extend(keymap::bindings(context).map(|binding| binding.key));
        }
        rows.extend(Self::mouse_words(mouse).iter().map(|words| Row::Words(words)));
        let mut list = List::default();
        list.set_len(rows.len());
        Self { area: Rect::ZERO, list, rows }
    }

    fn mouse_words(mouse: bool) -> &'static [&'static str] {
        match mouse {
            true => {
                &["Mouse: click chooses, again opens; the wheel scrolls.", "Drag borders; shift-drag selects text."]
            }
            false => &["The mouse is left to the terminal (--no-mouse)."],
        }
    }
}

impl Panel for Help {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Help, Context::Rows]
    }

    fn resize(&mut self, area: Rect) {
        self.area = centred(super::below_header(area), 66, self.rows.len() as u16 + 2);
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
        let above = self.list.view().start;
        let below = self.rows.len() - self.list.view().end.min(self.rows.len());
        let words = match (above, below) {
            (0, 0) => return,
            (above, 0) => format!(" {above} above, k "),
            (_, below) => format!(" {below} more, j "),
        };
        pen.foot(self.area, &[(Safe::from(words), theme.muted)]);
    }
}
