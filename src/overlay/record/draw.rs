//! How a record looks: time and key above, the four faces, the rows in view.
use super::{Face, LABEL, RecordView};
use crate::{
    decode::{self, Form, Row},
    keymap::Action,
    panels::Look,
    record::{OwnedRecord, TimestampType},
    text::Safe,
    widgets::{Pen, Word, format},
};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::layout::Rect;

/// It may take long.
static LOOKING: Safe = Safe::literal("looking for it in Kafka; esc stops");

impl RecordView {
    fn tabs(&self) -> [String; 4] {
        let headers = format!(" 4 headers {} ", self.record.headers.len());
        let decoded = match self.value_form {
            Form::Auto => " 1 decoded ".into(),
            form => format!(" 1 decoded as {form} "),
        };
        [decoded, " 2 text ".into(), " 3 hex ".into(), headers]
    }

    /// Whose name stands in this column.
    pub(super) fn face_at(&self, x: u16) -> Option<Face> {
        let mut right = self.inner().x;
        let mut names = Face::ALL.into_iter().zip(self.tabs());
        names.find_map(|(face, name)| {
            let left = right;
            right += name.chars().count() as u16;
            (left..right).contains(&x).then_some(face)
        })
    }

    /// A click chooses a row; again, it folds or unfolds.
    pub(super) fn click(&mut self, row: u16) {
        let row = self.page.rows().start + usize::from(row);
        if row == self.page.cursor() && self.page.sheet.pretty().is_some() {
            self.fold(Action::Toggle);
        } else {
            self.page.select(row);
        }
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
        if let Some(remark) = &self.page.sheet.remark {
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
        let form = if self.key_form == Form::Auto { String::new() } else { format!(" as {}", self.key_form) };
        let sizes = format!("key {}{form}, value {}", size(self.record.key.as_ref()), size(self.record.value.as_ref()));
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
        let looking = self.looking.then_some(&LOOKING);
        if let Some(said) = self.said.as_ref().or(looking) {
            return vec![
                (Safe::literal(" "), theme.text),
                (said.clone(), theme.warn),
                (Safe::literal(" "), theme.text),
            ];
        }
        let rows = self.page.sheet.len();
        let shown = self.page.rows();
        let grouped = |n: usize| format::grouped(n as i64);
        let found = self.page.sheet.found();
        let of = match self.page.sheet.is_complete(self.value()) {
            true => format!("of {}", grouped(rows)),
            false if found >= decode::sheet::MOST_ROWS => {
                format!("of the first {}; what follows is in 3 hex", grouped(found))
            }
            false => format!("of more than {} ({} % read)", grouped(rows), self.percent()),
        };
        let folded = match found - rows {
            0 => String::new(),
            hidden => format!(", {} folded", grouped(hidden)),
        };
        let first = (shown.start + 1).min(rows);
        vec![(Safe::from(format!(" rows {}–{} {of}{folded} ", grouped(first), grouped(shown.end))), theme.muted)]
    }

    fn percent(&self) -> usize {
        self.page.sheet.read(self.value()).saturating_mul(100) / self.value().len().max(1)
    }

    pub(super) fn draw_record(&self, pen: &mut Pen, look: &Look) {
        pen.clear(self.area);
        let title = self.title(pen);
        pen.frame(self.area, true, &title);
        self.draw_above(pen, look);
        let body = self.body();
        for (y, row) in (body.y..body.bottom()).zip(self.page.rows()) {
            let span = self.page.sheet.span(row).unwrap_or_default();
            let found = self.search.found(self.value(), span);
            self.draw_words(pen, body.x, y, body.width, &self.page.sheet.row(self.value(), row, &found));
            if row == self.page.cursor() {
                pen.tint(Rect { y, height: 1, ..body }, pen.theme.selection);
            }
        }
        let foot = self.foot(pen);
        pen.foot(self.area, &foot);
        self.search.draw(pen, self.area);
    }
}

/// With its date, its offset from UTC, and whose clock it was.
pub fn time(record: &OwnedRecord, zone: &TimeZone) -> Safe {
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
