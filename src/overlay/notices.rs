//! `!`: every error of this session in full, the newest first; the same error again raises its counter.
use crate::{
    failure::{Failure, Words},
    keymap::{Action, Context},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    text::Safe,
    widgets::{Pen, format, list::List, wrap},
};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::layout::Rect;
use std::collections::VecDeque;

/// Different errors that are kept; older ones are dropped and counted.
const KEPT: usize = 200;
/// Columns that sentences still read well in.
const WIDEST: u16 = 100;

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

/// The log, open on the screen, as it was when it was opened.
#[derive(Debug)]
pub struct Notices {
    area: Rect,
    log: Log,
    zone: TimeZone,
    list: List,
    /// As they are drawn at this width.
    rows: Vec<(Safe, Weight)>,
}

/// What a row says.
#[derive(Debug, Clone, Copy)]
enum Weight {
    Attempted,
    Answered,
    Advice,
    Aside,
}

impl Notices {
    pub fn new(log: Log, zone: TimeZone) -> Self {
        Self { area: Rect::ZERO, log, zone, list: List::default(), rows: vec![] }
    }

    fn lay_out(&mut self, width: usize) {
        let mut rows = vec![];
        let mut add = |text: &str, weight| rows.extend(wrap(&Safe::text(text), width).into_iter().map(|r| (r, weight)));
        for entry in &self.log.entries {
            add(&self.head(entry), Weight::Attempted);
            add(&entry.failure.answered, Weight::Answered);
            add(&entry.failure.advice, Weight::Advice);
            if !entry.failure.advice.is_empty() {
                add("", Weight::Aside);
            }
        }
        match (self.log.is_empty(), self.log.dropped) {
            (true, _) => add("Nothing went wrong so far.", Weight::Aside),
            (false, 0) => {}
            (false, n) => add(&format!("{n} older ones are no longer kept."), Weight::Aside),
        }
        self.rows = rows;
        self.list.set_len(self.rows.len());
    }

    fn head(&self, entry: &Entry) -> String {
        let times = if entry.count > 1 { format!("  × {}", entry.count) } else { String::new() };
        format!("{}  {}{times}", format::clock(entry.last, &self.zone), entry.failure.attempted)
    }

    /// All of them as text, for whoever is asked for help.
    fn copy(&self, cx: &mut Cx) {
        let entry = |entry: &Entry| {
            let Words { answered, advice, .. } = &*entry.failure;
            format!("{}\n{answered}\n{advice}\n\n", self.head(entry))
        };
        cx.wish(Wish::Say("copied all notices".into()));
        cx.wish(Wish::Terminal(Request::Copy(self.log.entries.iter().map(entry).collect())));
    }
}

impl Panel for Notices {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Notices, Context::Rows]
    }

    fn resize(&mut self, screen: Rect) {
        let room = super::below_header(screen);
        self.lay_out(usize::from(room.width.min(WIDEST).saturating_sub(4)));
        let height = u16::try_from(self.rows.len() + 2).unwrap_or(room.height);
        self.area = super::centred(room, WIDEST, height);
        self.list.set_height(usize::from(self.area.height.saturating_sub(2)));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        let page = self.list.view().len() as isize;
        match action {
            Action::Back | Action::Quit | Action::Notices => cx.wish(Wish::Close),
            Action::Down => self.list.scroll(1),
            Action::Up => self.list.scroll(-1),
            Action::PageDown => self.list.scroll(page),
            Action::PageUp => self.list.scroll(-page),
            Action::Top => self.list.scroll(isize::MIN / 2),
            Action::Bottom => self.list.scroll(self.rows.len() as isize),
            Action::Copy => self.copy(cx),
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
        let inner = pen.frame(self.area, true, &[(Safe::literal(" Notices "), theme.title)]);
        for (y, at) in (inner.y..).zip(self.list.view()) {
            let Some((text, weight)) = self.rows.get(at) else { continue };
            let role = match weight {
                Weight::Attempted => theme.title,
                Weight::Answered => theme.bad,
                Weight::Advice => theme.text,
                Weight::Aside => theme.muted,
            };
            pen.put(inner.x + 1, y, inner.width.saturating_sub(2), text, role);
        }
        let below = self.rows.len() - self.list.view().end.min(self.rows.len());
        if below > 0 {
            pen.foot(self.area, &[(Safe::from(format!(" {below} more, j ")), theme.muted)]);
        }
    }
}
