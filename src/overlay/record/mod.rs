//! One record in full: its value decoded, as text and as hex, and its headers. Only rows in view are decoded.
mod draw;
mod page;
mod search;
mod seek;

use super::below_header;
use crate::{
    decode::{self, Decoded, Form, Row, pretty::NoFold, sheet::Sheet},
    keymap::{Action, Context, Key},
    panels::{
        Cx, Look, Mouse, MouseKind, Panel, Request, Wish,
        tail::{Beside, Standing},
    },
    record::OwnedRecord,
    text::Safe,
    widgets::{Pen, format},
};
pub(super) use draw::time;
use page::Page;
use ratatui::layout::Rect;
use search::Search;

#[derive(Debug)]
pub struct RecordView {
    area: Rect,
    /// Where it stands in Tail's ring.
    position: u64,
    record: OwnedRecord,
    /// How key and value are to be read.
    key_form: Form,
    value_form: Form,
    face: Face,
    page: Page,
    key: Vec<Row>,
    search: Search,
    /// Bytes that folded rows begin with, for the same value laid out anew.
    folded: Vec<usize>,
    /// Kafka is asked for the record beside it.
    looking: bool,
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
/// Columns of the words before time and key.
const LABEL: u16 = 6;

impl RecordView {
    /// `position`: the record's in Tail's ring. `key`, `value`: what they are to be read as.
    pub fn new(position: u64, record: OwnedRecord, key: Form, value: Form) -> Self {
        Self {
            area: Rect::ZERO,
            position,
            record,
            key_form: key,
            value_form: value,
            face: Face::Decoded,
            page: Page::new(Sheet::headers(&[], 0), &[]),
            key: vec![],
            search: Search::default(),
            folded: vec![],
            looking: false,
            said: None,
        }
    }

    /// What Tail found beside this record, or why there is nothing.
    pub fn on_beside(&mut self, beside: Beside) {
        (self.looking, self.said) = (matches!(beside, Beside::Looking), None);
        match beside {
            Beside::Record(position, record) => {
                (self.position, self.record) = (position, *record);
                self.folded.clear();
                self.lay_out();
            }
            Beside::Nothing(why) => self.said = Some(Safe::literal(why)),
            Beside::Looking => {}
        }
    }

    fn standing(&self) -> Standing {
        let place = (self.record.partition, self.record.offset);
        Standing { position: self.position, place, timestamp: self.record.timestamp }
    }

    /// Record, face, form or size changed: from the top.
    fn lay_out(&mut self) {
        let width = usize::from(self.inner().width);
        let room = width.saturating_sub(usize::from(LABEL));
        self.key = decode::sheet::value_rows(self.key_form, self.record.key.as_deref(), room, KEY_ROWS);
        let value = self.record.value.as_deref();
        let sheet = match self.face {
            Face::Decoded => Sheet::decoded(self.value_form, value, width),
            Face::Text => Sheet::text(value, width),
            Face::Hex => Sheet::hex(value, width),
            Face::Headers => Sheet::headers(&self.record.headers, width),
        };
        self.search.stop();
        self.page = Page::new(sheet, value.unwrap_or_default());
        self.page.set_height(self.body().height);
    }

    /// The size changed: what is read stays in view, what is folded stays folded.
    fn lay_out_again(&mut self) {
        let place = self.page.sheet.span(self.page.cursor()).map(|span| span.start);
        if let Some(pretty) = self.page.sheet.pretty() {
            self.folded = pretty.folded();
        }
        let row = self.page.cursor();
        self.lay_out();
        match place {
            Some(at) => self.page.go_to_byte(at, self.record.value.as_deref().unwrap_or_default()),
            None => self.page.select(row),
        }
        self.fold_again();
    }

    /// Folds what was folded before, once all rows are there.
    fn fold_again(&mut self) {
        let value = self.record.value.as_deref().unwrap_or_default();
        if self.folded.is_empty() || self.page.has_work(value) {
            return;
        }
        let place = self.page.sheet.span(self.page.cursor()).map_or(0, |span| span.start);
        if let Some(pretty) = self.page.sheet.pretty() {
            pretty.fold_again(&std::mem::take(&mut self.folded));
            let row = pretty.row_of(place);
            self.page.select(row);
        }
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
        let above = (self.above() + u16::from(self.page.sheet.remark.is_some())).min(inner.height);
        Rect { y: inner.y + above, height: inner.height - above, ..inner }
    }

    fn show(&mut self, face: Face) {
        self.face = face;
        self.folded.clear();
        self.lay_out();
    }

    /// The next form that bytes of this length can have at all.
    fn read_as_next(&mut self, key: bool, cx: &mut Cx) {
        let (bytes, form) = match key {
            true => (&self.record.key, &mut self.key_form),
            false => (&self.record.value, &mut self.value_form),
        };
        let length = bytes.as_ref().map_or(0, Vec::len);
        let mut forms = std::iter::successors(Some(form.next()), |form| Some(form.next()));
        *form = forms.find(|form| form.takes(length)).unwrap_or_default();
        self.show(if key { self.face } else { Face::Decoded });
        cx.wish(Wish::ReadAs { key: self.key_form, value: self.value_form });
    }

    fn copy(&mut self, cx: &mut Cx) {
        let text = match (self.face, &self.record.value) {
            (Face::Headers, _) => self.headers_text(),
            (_, None) => {
                self.said = Some(Safe::literal("the value is null: there is nothing to copy"));
                return;
            }
            (Face::Hex, Some(bytes)) => decode::hex::digits(bytes),
            (Face::Text, Some(bytes)) => decode::copy(bytes),
            (Face::Decoded, Some(bytes)) => match decode::decoded(self.value_form, Some(bytes)) {
                Ok(it @ (Decoded::Number(_) | Decoded::Uuid(_) | Decoded::Bytes(_))) => it.text().to_owned(),
                _ => decode::copy(bytes),
            },
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

    fn fold(&mut self, action: Action) {
        let row = self.page.cursor();
        let Some(pretty) = self.page.sheet.pretty() else {
            self.said = Some(Safe::literal("only JSON can be folded, in 1 decoded"));
            return;
        };
        let (mut row, mut result) = (row, Ok(()));
        match action {
            Action::Toggle => result = pretty.toggle(row),
            Action::Unfold => drop(pretty.unfold(row)),
            Action::UnfoldAll => row = pretty.unfold_all(row),
            Action::FoldAll => row = pretty.fold_all(row),
            _ if pretty.fold(row).is_err() => row = pretty.parent(row).unwrap_or(row),
            _ => {}
        }
        self.page.select(row);
        self.said = result.err().map(|why| {
            Safe::literal(match why {
                NoFold::Nothing => "nothing in this row can be folded",
                NoFold::NoEnd => "where this closes is not laid out yet",
            })
        });
    }
}

impl Panel for RecordView {
    fn contexts(&self) -> &'static [Context] {
        if self.search.is_typing() { &[Context::Search] } else { &[Context::Record, Context::Rows] }
    }

    fn resize(&mut self, screen: Rect) {
        let area = below_header(screen);
        let same = self.area.width == area.width;
        self.area = area;
        match same {
            true => self.page.set_height(self.body().height),
            false => self.lay_out_again(),
        }
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        self.said = None;
        let of = self.standing();
        match action {
            action if self.search.is_typing() => self.on_search(action),
            Action::Back | Action::Quit if self.looking => cx.wish(Wish::StopLooking),
            Action::Back | Action::Quit => cx.wish(Wish::Close),
            Action::NextRecord => cx.wish(Wish::Neighbour { of, newer: true }),
            Action::PreviousRecord => cx.wish(Wish::Neighbour { of, newer: false }),
            Action::NextInPartition => cx.wish(Wish::PartitionNeighbour { of, newer: true }),
            Action::PreviousInPartition => cx.wish(Wish::PartitionNeighbour { of, newer: false }),
            Action::SameKey => cx.wish(Wish::SameKey { of, key: self.record.key.clone() }),
            Action::ViewDecoded => self.show(Face::Decoded),
            Action::ViewText => self.show(Face::Text),
            Action::ViewHex => self.show(Face::Hex),
            Action::ViewHeaders => self.show(Face::Headers),
            Action::ReadValueAs => self.read_as_next(false, cx),
            Action::ReadKeyAs => self.read_as_next(true, cx),
            Action::Copy => self.copy(cx),
            Action::Filter => self.search.open(),
            Action::NextMatch => self.seek(true, false),
            Action::PreviousMatch => self.seek(true, true),
            Action::Toggle | Action::Fold | Action::Unfold | Action::FoldAll | Action::UnfoldAll => self.fold(action),
            movement => {
                self.search.stop();
                self.page.on_action(movement, self.record.value.as_deref().unwrap_or_default());
            }
        }
    }

    fn on_text(&mut self, key: Key, _: &mut Cx) {
        self.search.key(key);
    }

    fn on_paste(&mut self, text: &str, _: &mut Cx) {
        self.search.paste(text);
    }

    fn on_mouse(&mut self, mouse: Mouse, _: &mut Cx) {
        let (inner, body) = (self.inner(), self.body());
        match mouse.kind {
            MouseKind::Wheel(rows) => {
                self.page.scroll(isize::from(rows), self.record.value.as_deref().unwrap_or_default());
            }
            MouseKind::Click if mouse.y + 1 == inner.y + self.above() => {
                if let Some(face) = self.face_at(mouse.x) {
                    self.show(face);
                }
            }
            MouseKind::Click if (body.y..body.bottom()).contains(&mouse.y) => self.click(mouse.y - body.y),
            MouseKind::Click => {}
        }
    }

    fn has_work(&self) -> bool {
        self.search.is_hunting() || self.page.has_work(self.value())
    }

    fn work(&mut self) {
        if self.search.is_hunting() {
            return self.look();
        }
        let remark = self.page.sheet.remark.is_some();
        self.page.work(self.record.value.as_deref().unwrap_or_default());
        if remark != self.page.sheet.remark.is_some() {
            self.page.set_height(self.body().height);
        }
        self.fold_again();
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.draw_record(pen, look);
    }
}
