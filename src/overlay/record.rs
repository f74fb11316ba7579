//! One record in full: its value decoded, as text and as hex, and its headers. Only rows in view are decoded.
use super::below_header;
use crate::{
    decode::{self, Row, sheet::Sheet},
    keymap::{Action, Context},
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    record::{OwnedRecord, TimestampType},
    text::Safe,
    widgets::{Pen, Word, format},
};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct RecordView {
    area: Rect,
    /// Where it stands in Tail's ring.
    position: u64,
    record: OwnedRecord,
    face: Face,
    sheet: Sheet,
    key: Vec<Row>,
    top: usize,
    /// Our own words, until the next key.
    said: Option<Safe>,
}

/// The four ways to look at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Decoded,
    Text,
    Hex,
    Headers,
}

impl Face {
    const ALL: [Self; 4] = [Self::Decoded, Self::Text, Self::Hex, Self::Headers];
}

/// Rows of a key that are shown above the value, without the one that says there is more.
const KEY_ROWS: usize = 3;
/// Rows that are laid out at once, so that the end of all but the longest records is known; beyond, as one scrolls.
const COUNTED: usize = 2_000;
/// Columns of the words before time and key.
const LABEL: u16 = 6;

impl RecordView {
    /// `position`: the record's in Tail's ring.
    pub fn new(position: u64, record: OwnedRecord) -> Self {
        let sheet = Sheet::headers(&[], 0);
        Self { area: Rect::ZERO, position, record, face: Face::Decoded, sheet, key: vec![], top: 0, said: None }
    }

    /// What Tail found beside this record, or why there is nothing.
    pub fn on_neighbour(&mut self, neighbour: Result<(u64, OwnedRecord), &'static str>) {
        match neighbour {
            Ok((position, record)) => {
                (self.position, self.record) = (position, record);
                self.lay_out();
            }
            Err(why) => self.said = Some(Safe::literal(why)),
        }
    }

    /// The record or the size changed: from the top.
    fn lay_out(&mut self) {
        let width = usize::from(self.inner().width);
        let room = width.saturating_sub(usize::from(LABEL));
        self.key = decode::sheet::value_rows(self.record.key.as_deref(), room, KEY_ROWS);
        let value = self.record.value.as_deref();
        self.sheet = match self.face {
            Face::Decoded => Sheet::decoded(value, width),
            Face::Text => Sheet::text(value, width),
            Face::Hex => Sheet::hex(value, width),
            Face::Headers => Sheet::headers(&self.record.headers, width),
        };
        self.scroll_to(0);
    }

    fn value(&self) -> &[u8] {
        self.record.value.as_deref().unwrap_or_default()
    }

    /// What is inside the frame, a blank column on each side.
    fn inner(&self) -> Rect {
        self.area.inner(ratatui::layout::Margin::new(2, 1))
    }

    /// Rows above the value: time, key and the four faces; where there is little room only the faces.
    fn above(&self) -> u16 {
        let all = 2 + self.key.len() as u16;
        if self.inner().height > all + 2 { all } else { 1 }
    }

    fn body(&self) -> Rect {
        let inner = self.inner();
        let above = (self.above() + u16::from(self.sheet.remark.is_some())).min(inner.height);
        Rect { y: inner.y + above, height: inner.height - above, ..inner }
    }

    /// Brings a row to the top, as far as there are rows to fill the screen.
    fn scroll_to(&mut self, row: usize) {
        let height = usize::from(self.body().height).max(1);
        let value = self.record.value.as_deref().unwrap_or_default();
        self.sheet.index(value, row.saturating_add(height).max(COUNTED));
        self.top = row.min(self.sheet.len().saturating_sub(height));
    }

    fn show(&mut self, face: Face) {
        self.face = face;
        self.lay_out();
    }

    fn copy(&mut self, cx: &mut Cx) {
        let text = match (self.face, &self.record.value) {
            (Face::Headers, _) => self.headers_text(),
            (_, None) => {
                self.said = Some(Safe::literal("the value is null: there is nothing to copy"));
                return;
            }
            (Face::Hex, Some(bytes)) => decode::hex::digits(bytes),
            (_, Some(bytes)) => decode::copy(bytes),
        };
        let what = if self.face == Face::Headers { "the headers" } else { "the value" };
        self.said = Some(Safe::from(format!("copied {what}, {}", format::bytes(text.len()))));
        cx.wish(Wish::Terminal(Request::Copy(text)));
    }

    /// `name: value` a line.
    fn headers_text(&self) -> String {
        let value = |value: &Option<Vec<u8>>| value.as_deref().map_or_else(|| "␀".into(), decode::copy);
        self.record.headers.iter().map(|(name, v)| format!("{}: {}\n", decode::copy(name), value(v))).collect()
    }

    fn scroll(&mut self, action: Action) {
        let page = usize::from(self.body().height).saturating_sub(1).max(1);
        match action {
            Action::Down => self.scroll_to(self.top + 1),
            Action::Up => self.scroll_to(self.top.saturating_sub(1)),
            Action::PageDown => self.scroll_to(self.top + page),
            Action::PageUp => self.scroll_to(self.top.saturating_sub(page)),
            Action::Top => self.scroll_to(0),
            Action::Bottom => self.scroll_to(usize::MAX),
            _ => {}
        }
    }

    fn tabs(&self) -> [String; 4] {
        let headers = format!(" 4 headers {} ", self.record.headers.len());
        [" 1 decoded ".into(), " 2 text ".into(), " 3 hex ".into(), headers]
    }

    fn title(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let place = format!("  partition {}  offset {} ", self.record.partition, format::grouped(self.record.offset));
        vec![
            (Safe::literal(" Record  "), theme.title),
            (Safe::text(&self.record.topic), theme.text),
            (Safe::from(place), theme.text),
        ]
    }

    fn draw_above(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        let inner = self.inner();
        let mut y = inner.y;
        if self.above() > 1 {
            let epoch = match self.record.leader_epoch {
                ..0 => String::new(),
                epoch => format!("   leader epoch {epoch}"),
            };
            let time = vec![
                (Safe::literal("time  "), theme.muted),
                (time(&self.record, &look.session.zone), theme.text),
                (Safe::from(epoch), theme.muted),
            ];
            pen.line(inner.x, y, inner.width, &time);
            pen.put(inner.x, y + 1, LABEL, &Safe::literal("key"), theme.muted);
            for row in &self.key {
                y += 1;
                self.draw_words(pen, inner.x + LABEL, y, inner.width.saturating_sub(LABEL), row);
            }
            y += 1;
        }
        self.draw_tabs(pen, Rect { y, height: 1, ..inner });
        if let Some(remark) = &self.sheet.remark {
            pen.put(inner.x, y + 1, inner.width, remark, theme.warn);
        }
    }

    fn draw_tabs(&self, pen: &mut Pen, line: Rect) {
        let theme = *pen.theme;
        let mut used = 0;
        for (face, name) in Face::ALL.into_iter().zip(self.tabs()) {
            let role = if face == self.face { theme.selection } else { theme.muted };
            used += pen.put(line.x + used, line.y, line.width.saturating_sub(used), &Safe::from(name), role);
        }
        let size = |bytes: Option<&Vec<u8>>| bytes.map_or_else(|| "null".into(), |bytes| format::bytes(bytes.len()));
        let sizes = format!("key {}, value {}", size(self.record.key.as_ref()), size(self.record.value.as_ref()));
        if usize::from(line.width.saturating_sub(used)) > sizes.len() + 2 {
            pen.put_right(line.x, line.y, line.width, &Safe::from(sizes), theme.muted);
        }
    }

    fn draw_words(&self, pen: &mut Pen, x: u16, y: u16, width: u16, row: &Row) {
        let words: Vec<Word> = row.iter().map(|(text, shade)| (text.clone(), pen.theme.shade(*shade))).collect();
        pen.line(x, y, width, &words);
    }

    /// Which rows these are, of how many, and what is not shown.
    fn foot(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        if let Some(said) = &self.said {
            return vec![
                (Safe::literal(" "), theme.text),
                (said.clone(), theme.warn),
                (Safe::literal(" "), theme.text),
            ];
        }
        let rows = self.sheet.len();
        let last = (self.top + usize::from(self.body().height)).min(rows);
        let grouped = |n: usize| format::grouped(n as i64);
        let of = match self.sheet.is_complete(self.value()) {
            true => format!("of {}", grouped(rows)),
            false if rows >= decode::sheet::MOST_ROWS => {
                format!("of the first {}; what follows is in 3 hex", grouped(rows))
            }
            false => format!("of more than {}", grouped(rows)),
        };
        vec![(Safe::from(format!(" rows {}–{} {of} ", grouped((self.top + 1).min(rows)), grouped(last))), theme.muted)]
    }
}

/// With its date, its offset from UTC, and whose clock it was.
fn time(record: &OwnedRecord, zone: &TimeZone) -> Safe {
    let whose = match record.timestamp_type {
        TimestampType::Create => "the producer's clock",
        TimestampType::Append => "the broker's clock, when it was appended",
        TimestampType::None => return Safe::literal("– (this record format carries none)"),
    };
    match Timestamp::from_millisecond(record.timestamp).ok().filter(|_| record.timestamp >= 0) {
        Some(at) => {
            let at = at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S.%3f %:z").to_string();
            Safe::from(format!("{at}, {whose}"))
        }
        None => Safe::from(format!("{} ms since 1970, which is no date ({whose})", record.timestamp)),
    }
}

impl Panel for RecordView {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Record, Context::Rows]
    }

    fn resize(&mut self, screen: Rect) {
        self.area = below_header(screen);
        let top = self.top;
        self.lay_out();
        self.scroll_to(top);
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.said = None;
        match action {
            Action::Back | Action::Quit => cx.wish(Wish::Close),
            Action::NextRecord => cx.wish(Wish::Neighbour { position: self.position, newer: true }),
            Action::PreviousRecord => cx.wish(Wish::Neighbour { position: self.position, newer: false }),
            Action::ViewDecoded => self.show(Face::Decoded),
            Action::ViewText => self.show(Face::Text),
            Action::ViewHex => self.show(Face::Hex),
            Action::ViewHeaders => self.show(Face::Headers),
            Action::Copy => self.copy(cx),
            movement => self.scroll(movement),
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        let inner = self.inner();
        match mouse.kind {
            MouseKind::Wheel(rows) => self.scroll_to(self.top.saturating_add_signed(isize::from(rows))),
            MouseKind::Click if mouse.y + 1 == inner.y + self.above() => {
                let mut right = inner.x;
                for (face, name) in Face::ALL.into_iter().zip(self.tabs()) {
                    let left = right;
                    right += name.chars().count() as u16;
                    if (left..right).contains(&mouse.x) {
                        self.show(face);
                    }
                }
            }
            MouseKind::Click => {}
        }
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        pen.clear(self.area);
        let title = self.title(pen);
        pen.frame(self.area, true, &title);
        self.draw_above(pen, look);
        let body = self.body();
        for (y, row) in (body.y..body.bottom()).zip(self.top..self.sheet.len()) {
            self.draw_words(pen, body.x, y, body.width, &self.sheet.row(self.value(), row));
        }
        let foot = self.foot(pen);
        pen.foot(self.area, &foot);
    }
}
