//! Two records beside each other: key, headers and value compared row by row. What differs is shown with the rows around
//! it, or all of it.
mod compare;
mod lines;

use super::below_header;
use crate::{
    decode::Form,
    keymap::{Action, Context},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    record::OwnedRecord,
    text::Safe,
    theme::Role,
    widgets::{Pen, Word, format},
};
use lines::{Layout, Line, Lines, Sign};
use ratatui::layout::Rect;

/// Rows that are the same and shown on each side of one that differs.
const AROUND: usize = 3;
/// Columns of the sign and the blank behind it.
const SIGN: u16 = 2;

#[derive(Debug)]
pub struct Diff {
    area: Rect,
    a: OwnedRecord,
    b: OwnedRecord,
    key: Form,
    value: Form,
    lines: Lines,
    /// Also what is the same.
    all: bool,
    shown: Vec<Shown>,
    top: usize,
    /// Our own words, until the next key.
    said: Option<Safe>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Line(usize),
    /// So many rows that are the same are left out.
    Left(usize),
}

impl Diff {
    /// `key`, `value`: what they are to be read as.
    pub fn new(a: OwnedRecord, b: OwnedRecord, key: Form, value: Form) -> Self {
        let lines = Lines::default();
        Self { area: Rect::ZERO, a, b, key, value, lines, all: false, shown: vec![], top: 0, said: None }
    }

    fn inner(&self) -> Rect {
        self.area.inner(ratatui::layout::Margin::new(2, 1))
    }

    /// Below the two records' places, and what is to be said.
    fn body(&self) -> Rect {
        let inner = self.inner();
        let above = (2 + self.lines.remarks.len() as u16).min(inner.height);
        Rect { y: inner.y + above, height: inner.height - above, ..inner }
    }

    fn lay_out(&mut self) {
        let width = usize::from(self.inner().width.saturating_sub(SIGN));
        self.lines = Lines::of(&self.a, &self.b, Layout { key: self.key, value: self.value, width });
        self.choose();
    }

    /// Which rows are shown.
    fn choose(&mut self) {
        let lines = &self.lines.lines;
        let mut near = vec![self.all; lines.len()];
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.sign != Sign::Same) {
            let around = if line.sign == Sign::Part { 0 } else { AROUND };
            let to = (at + around + 1).min(lines.len());
            near.get_mut(at.saturating_sub(around)..to).unwrap_or_default().fill(true);
        }
        self.shown.clear();
        for (at, near) in near.into_iter().enumerate() {
            match self.shown.last_mut() {
                _ if near => self.shown.push(Shown::Line(at)),
                Some(Shown::Left(rows)) => *rows += 1,
                _ => self.shown.push(Shown::Left(1)),
            }
        }
        self.scroll_to(self.top);
    }

    fn scroll_to(&mut self, row: usize) {
        self.top = row.min(self.shown.len().saturating_sub(usize::from(self.body().height)));
    }

    fn line(&self, shown: Shown) -> Option<&Line> {
        if let Shown::Line(at) = shown { self.lines.lines.get(at) } else { None }
    }

    fn differs(&self, row: usize) -> bool {
        let line = self.shown.get(row).and_then(|shown| self.line(*shown));
        line.is_some_and(|line| matches!(line.sign, Sign::Added | Sign::Removed))
    }

    /// To where the next rows that differ begin, or the ones before.
    fn change(&mut self, back: bool) {
        let begins = |row: &usize| self.differs(*row) && !row.checked_sub(1).is_some_and(|above| self.differs(above));
        // With the rows around it in view.
        let here = self.top + AROUND;
        let found = match back {
            false => (here + 1..self.shown.len()).find(begins),
            true => (0..here).rev().find(begins),
        };
        match found {
            Some(row) => self.scroll_to(row.saturating_sub(AROUND)),
            None => {
                self.said = Some(Safe::literal(if back { "nothing differs above" } else { "nothing differs below" }))
            }
        }
    }

    fn copy(&mut self, cx: &mut Cx) {
        let mut text = String::new();
        for line in self.shown.iter().filter_map(|shown| self.line(*shown)) {
            text.push_str(sign(line.sign));
            text.push(' ');
            line.row.iter().for_each(|(piece, _)| text.push_str(piece.as_str()));
            text.push('\n');
        }
        self.said = Some(Safe::from(format!("copied what is shown, {}", format::bytes(text.len()))));
        cx.wish(Wish::Terminal(Request::Copy(text)));
    }

    fn scroll(&mut self, action: Action) {
        let page = usize::from(self.body().height).saturating_sub(1).max(1);
        self.scroll_to(match action {
            Action::Down => self.top + 1,
            Action::Up => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => self.top,
        });
    }

    /// Where a record stands and its time, behind the sign of its rows.
    fn place(&self, record: &OwnedRecord, look: &Look, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let place = format!("  partition {}  offset {}  ", record.partition, format::grouped(record.offset));
        vec![
            (Safe::text(&record.topic), theme.text),
            (Safe::from(place), theme.text),
            (super::record::time(record, &look.session.zone), theme.muted),
        ]
    }

    fn draw_above(&self, pen: &mut Pen, look: &Look) {
        let inner = self.inner();
        for (y, (side, record)) in (inner.y..inner.bottom()).zip([(Sign::Removed, &self.a), (Sign::Added, &self.b)]) {
            let place = self.place(record, look, pen);
            pen.put(inner.x, y, 1, &Safe::literal(sign(side)), role(side, pen));
            pen.line(inner.x + SIGN.min(inner.width), y, inner.width.saturating_sub(SIGN), &place);
        }
        for (y, remark) in (inner.y + 2..inner.bottom()).zip(&self.lines.remarks) {
            pen.put(inner.x, y, inner.width, &Safe::text(remark), pen.theme.warn);
        }
    }

    fn draw_row(&self, pen: &mut Pen, area: Rect, shown: Shown) {
        let theme = *pen.theme;
        let (x, width) = (area.x + SIGN.min(area.width), area.width.saturating_sub(SIGN));
        match (self.line(shown), shown) {
            (Some(line), _) => {
                let role = role(line.sign, pen);
                let words: Vec<Word> = line.row.iter().map(|(text, s)| (text.clone(), theme.shade(*s))).collect();
                let x = if line.sign == Sign::Part { area.x } else { x };
                pen.put(area.x, area.y, SIGN, &Safe::literal(sign(line.sign)), role);
                pen.line(x, area.y, width, &words);
            }
            (None, Shown::Left(rows)) => {
                let noun = if rows == 1 { "row is" } else { "rows are" };
                let rows = format!("⋯ {} {noun} the same", format::grouped(rows as i64));
                pen.put(x, area.y, width, &Safe::from(rows), theme.muted);
            }
            (None, Shown::Line(_)) => {}
        }
    }

    fn foot(&self, pen: &Pen) -> Vec<Word> {
        if let Some(said) = &self.said {
            return vec![(Safe::from(format!(" {said} ")), pen.theme.warn)];
        }
        let count = |sign| format::grouped(self.lines.count(sign) as i64);
        let last = (self.top + usize::from(self.body().height)).min(self.shown.len());
        let rows = format!(" rows {}–{last} of {}", (self.top + 1).min(last), self.shown.len());
        let words = format!(
            "{rows} · − {} only in the first · + {} only in the second ",
            count(Sign::Removed),
            count(Sign::Added)
        );
        vec![(Safe::from(words), pen.theme.muted)]
    }
}

fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Part => "",
        Sign::Same => " ",
        Sign::Removed => "−",
        Sign::Added => "+",
    }
}

fn role(sign: Sign, pen: &Pen) -> Role {
    match sign {
        Sign::Removed => pen.theme.bad,
        Sign::Added => pen.theme.good,
        Sign::Part | Sign::Same => pen.theme.muted,
    }
}

impl Panel for Diff {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Diff, Context::Rows]
    }

    fn resize(&mut self, screen: Rect) {
        let area = below_header(screen);
        let same = self.area.width == area.width;
        self.area = area;
        match same {
            true => self.scroll_to(self.top),
            false => self.lay_out(),
        }
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.said = None;
        match action {
            Action::Back | Action::Quit => cx.wish(Wish::Close),
            Action::WholeDiff => {
                self.all = !self.all;
                self.choose();
            }
            Action::NextMatch => self.change(false),
            Action::PreviousMatch => self.change(true),
            Action::Copy => self.copy(cx),
            movement => self.scroll(movement),
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        if let MouseKind::Wheel(rows) = mouse.kind {
            self.scroll_to(self.top.saturating_add_signed(isize::from(rows)));
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        pen.clear(self.area);
        let title = [(Safe::literal(" Two records "), pen.theme.title)];
        pen.frame(self.area, true, &title);
        self.draw_above(pen, look);
        let body = self.body();
        for (y, shown) in (body.y..body.bottom()).zip(self.shown.iter().skip(self.top)) {
            self.draw_row(pen, Rect { y, height: 1, ..body }, *shown);
        }
        let foot = self.foot(pen);
        pen.foot(self.area, &foot);
    }
}
