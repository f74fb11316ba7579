//! `!`: every error of this session in full, the newest first; the same error again raises its counter.
use crate::{
    failure::Failure,
    keymap::{Action, Context},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Wish},
    text::Safe,
    widgets::{Pen, format, list::List, wrap},
};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::collections::VecDeque;

/// Different errors that are kept; older ones are dropped and counted.
const KEPT: usize = 200;

/// What went wrong so far.
#[derive(Debug, Default, Clone)]
pub struct Log {
    entries: VecDeque<Entry>,
    dropped: usize,
    /// Not yet looked at.
    pub unseen: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    failure: Failure,
    count: usize,
    last: Timestamp,
}

impl Log {
    pub fn push(&mut self, failure: Failure, at: Timestamp) {
        let known = self.entries.iter().position(|entry| entry.failure == failure);
        let count = known.and_then(|i| self.entries.remove(i)).map_or(0, |entry| entry.count);
        self.unseen += usize::from(count == 0);
        self.entries.push_front(Entry { failure, count: count + 1, last: at });
        if self.entries.len() > KEPT {
            self.entries.pop_back();
            self.dropped += 1;
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len() + self.dropped
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The log, open on the screen.
#[derive(Debug)]
pub struct Notices {
    area: Rect,
    log: Log,
    list: List,
}

impl Notices {
    pub fn new(log: Log) -> Self {
        Self { area: Rect::ZERO, log, list: List::default() }
    }

    /// All rows as they are drawn at this width.
    fn rows(&self, look: &Look, width: usize, pen: &Pen) -> Vec<(Safe, crate::theme::Role)> {
        let theme = pen.theme;
        let mut rows = vec![];
        for entry in &self.log.entries {
            let times = if entry.count > 1 { format!("  × {}", entry.count) } else { String::new() };
            let head = format!("{}  {}{times}", format::clock(entry.last, &look.session.zone), entry.failure.attempted);
            rows.push((Safe::text(&head), theme.title));
            rows.extend(wrap(&Safe::text(&entry.failure.answered), width).into_iter().map(|row| (row, theme.bad)));
            rows.extend(wrap(&Safe::text(&entry.failure.advice), width).into_iter().map(|row| (row, theme.text)));
            rows.push((Safe::default(), theme.text));
        }
        match (self.log.is_empty(), self.log.dropped) {
            (true, _) => rows.push((Safe::literal("Nothing went wrong so far."), theme.muted)),
            (false, 0) => {}
            (false, n) => rows.push((Safe::from(format!("{n} older ones are no longer kept.")), theme.muted)),
        }
        rows
    }
}

impl Panel for Notices {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Notices, Context::List]
    }

    fn resize(&mut self, area: Rect) {
        self.area = super::centred(area, 100, area.height.saturating_sub(4));
        self.list.set_height(usize::from(self.area.height.saturating_sub(2)));
        // Enough rows for everything at the narrowest: what is beyond the end is blank.
        self.list.set_len(self.log.entries.len().max(1) * 4);
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        let page = self.list.view().len() as isize;
        match action {
            Action::Back | Action::Quit | Action::Notices => cx.wish(Wish::Close),
            Action::Down => self.list.scroll(1),
            Action::Up => self.list.scroll(-1),
            Action::PageDown => self.list.scroll(page),
            Action::PageUp => self.list.scroll(-page),
            _ => {}
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        if let MouseKind::Wheel(rows) = mouse.kind {
            self.list.scroll(isize::from(rows));
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        pen.clear(self.area);
        let inner = pen.frame(self.area, true, &[(Safe::literal(" Notices "), theme.title)]);
        let width = inner.width.saturating_sub(2);
        let rows = self.rows(look, usize::from(width), pen);
        for (i, (text, role)) in rows.iter().skip(self.list.view().start).take(usize::from(inner.height)).enumerate() {
            pen.put(inner.x + 1, inner.y + i as u16, width, text, *role);
        }
    }
}
