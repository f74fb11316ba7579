//! How Tail looks inside its frame.
use super::{
    Stage, Tail,
    columns::{GAP, KEY, OFFSET, PARTITION, TIME, VALUE},
    search::PATIENCE,
    sent,
};
use crate::{
    decode,
    panels::{Look, topics::draw_failure},
    record::{Record, ring::Row},
    text::Safe,
    widgets::{
        Pen, Word,
        field::skip,
        format,
        table::{Column, Slot, Slots},
    },
};
use ratatui::layout::Rect;

/// Columns that one key moves values aside.
const ASIDE: usize = 8;
/// Partitions that are named one by one in a remark.
const NAMED: usize = 6;

/// Rows of a panel that has one to spare.
const ROOMY: u16 = 10;

/// Where cells stand.
struct Table {
    columns: [Column; 5],
    slots: Slots,
}

impl Tail {
    pub(super) fn draw_panel(&self, pen: &mut Pen, look: &Look) {
        let title = self.title(pen, look);
        let inner = pen.frame(self.area, look.focused, &title);
        let within = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if self.ring.is_empty() {
            self.draw_empty(pen, inner, look);
        } else {
            self.draw_rows(pen, inner, look);
            self.draw_value(pen, self.value_area(within));
        }
        if !self.ring.is_empty() || self.is_filtered() {
            self.draw_counters(pen);
        }
        let below = self.prompt_rows();
        if let Some(prompt) = &self.prompt {
            prompt.draw(pen, Rect { y: inner.bottom().saturating_sub(below), height: below, ..within }, look.focused);
        }
        let rows = self.remark_rows();
        if rows > 0 && inner.height > below + rows {
            let (words, role) = self.remark(pen, look, usize::from(within.width));
            pen.paragraph(Rect { y: inner.bottom() - rows - below, height: rows, ..within }, &words, role);
        }
    }

    /// Above the remark and the line one writes.
    fn value_area(&self, within: Rect) -> Rect {
        let height = self.value_rows().min(within.height);
        let below = self.prompt_rows() + self.remark_rows();
        Rect { y: within.bottom().saturating_sub(below + height).max(within.y), height, ..within }
    }

    fn draw_rows(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let area = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let partitions = if let Stage::Open { partitions } = self.stage { partitions } else { 0 };
        let mut columns = self.widths.columns(self.form, partitions, area.width);
        if self.fields.is_some() {
            columns[VALUE].head = "";
        }
        let table = Table { slots: Slots::spaced(&columns, area.width, GAP), columns };
        if self.heads() > 0 {
            let heads = Rect { height: 1, ..area };
            pen.heads(heads, &table.columns, &table.slots, None);
            if let (Some(fields), Some(slot)) = (&self.fields, table.slots.iter().find(|slot| slot.column == VALUE)) {
                fields.draw_heads(pen, Rect { x: area.x + slot.x, width: slot.width, ..heads }, self.aside);
            }
        }
        let kept = self.ring.positions();
        let rows = self.view.rows(&kept);
        let room = inner.height.saturating_sub(self.heads() + self.value_rows());
        let shown = (rows.end - rows.start).min(u64::from(room)) as u16;
        for (i, at) in (0..shown).zip(rows) {
            let y = inner.y + self.heads() + if self.reversed { shown - 1 - i } else { i };
            let row = Rect { y, height: 1, ..area };
            self.draw_row(pen, row, &table, at, look);
            if at == self.view.cursor(&kept) {
                let role = if look.focused { pen.theme.selection } else { pen.theme.selection_unfocused };
                pen.tint(Rect { x: inner.x, width: inner.width, ..row }, role);
            }
        }
    }

    /// The row of the list at this row of the screen.
    pub(super) fn row_at(&self, y: u16) -> Option<u64> {
        let rows = self.view.rows(&self.ring.positions());
        let line = u64::from(y.checked_sub(self.area.y + 1 + self.heads())?);
        let at = if self.reversed { rows.end.checked_sub(line + 1)? } else { rows.start + line };
        rows.contains(&at).then_some(at)
    }

    fn draw_row(&self, pen: &mut Pen, row: Rect, table: &Table, at: u64, look: &Look) {
        match self.ring.row(at) {
            Some(Row::Record(record)) => self.draw_record(pen, row, table, record, look),
            Some(Row::Gap(gap)) => {
                pen.put(row.x, row.y, row.width, &self.gap_words(gap), pen.theme.muted);
            }
            None => {}
        }
    }

    fn draw_record(&self, pen: &mut Pen, row: Rect, table: &Table, record: Record, look: &Look) {
        let theme = *pen.theme;
        let mark = sent::mark(&record, look);
        let taken = mark.as_ref().map_or(0, |mark| mark.width() as u16 + GAP);
        for slot in table.slots.iter() {
            let width = if slot.column == VALUE { slot.width.saturating_sub(taken) } else { slot.width };
            let slot = Slot { width, ..*slot };
            if let (VALUE, Some(fields)) = (slot.column, &self.fields) {
                fields.draw(pen, Rect { x: row.x + slot.x, width, ..row }, self.aside, &record);
                continue;
            }
            let (text, role) = self.cell(slot.column, record, usize::from(width), pen, look);
            pen.cell(row, &slot, table.columns[slot.column].align, &text, role);
            if slot.column >= KEY {
                self.show_matches(pen, row, &slot, &text);
            }
        }
        if let Some(mark) = mark {
            pen.put_right(row.x, row.y, row.width, &mark, theme.mark);
        }
        if self.marks.has(record.place()) {
            pen.put(row.x.saturating_sub(1), row.y, 1, &Safe::literal("▌"), theme.mark);
        }
    }

    /// What the filter found, where it is shown.
    fn show_matches(&self, pen: &mut Pen, row: Rect, slot: &Slot, text: &Safe) {
        let Some(filter) = &self.filtered else { return };
        let text = text.fit(usize::from(slot.width));
        for span in filter.spans(text.as_str().as_bytes()) {
            let (Some(before), Some(found)) = (text.as_str().get(..span.start), text.as_str().get(span)) else {
                continue;
            };
            let (x, width) = (Safe::text(before).width() as u16, Safe::text(found).width() as u16);
            pen.tint(Rect { x: row.x + slot.x + x, width, ..row }, pen.theme.mark);
        }
    }

    fn cell(&self, column: usize, record: Record, cells: usize, pen: &Pen, look: &Look) -> Word {
        let theme = pen.theme;
        let bytes = |form, bytes, aside| {
            let (text, shade) = decode::preview(form, bytes, cells + aside);
            (skip(text, aside), theme.shade(shade))
        };
        match column {
            TIME => match self.form.show(record.head.timestamp, look.session.now, &look.session.zone) {
                Some(time) => (time, theme.muted),
                None => (Safe::literal("–"), theme.null),
            },
            PARTITION => (Safe::from(record.head.partition.to_string()), theme.muted),
            OFFSET => (Safe::from(format::grouped(record.head.offset)), theme.muted),
            KEY => bytes(self.forms.0, record.key(), 0),
            _ => bytes(self.forms.1, record.value(), self.aside * ASIDE),
        }
    }

    /// What stands where there are no rows: never nothing.
    fn draw_empty(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let (x, width) = (inner.x + 1, inner.width.saturating_sub(2));
        let area = Rect { x, y: inner.y + 1, width, height: inner.height.saturating_sub(1 + self.prompt_rows()) };
        let topic = self.topic().map_or("", |topic| topic);
        let words = match &self.stage {
            Stage::Failed { why } => return draw_failure(pen, area, why),
            Stage::Nothing if look.session.unreachable => "A topic opens here once the cluster answers.".into(),
            Stage::Nothing => "No topic is open. Choose one in Topics and press enter.".into(),
            Stage::Closed => format!("{topic} is not open; f opens it."),
            Stage::Opening => match self.waited(look) {
                spent if spent.is_empty() => format!("Opening {topic} …"),
                spent => format!("Opening {topic} … {spent}; esc gives up."),
            },
            Stage::Open { .. } => self.nothing_yet(topic, look),
        };
        pen.paragraph(area, &Safe::from(words), theme.muted);
    }

    /// The topic is open and has shown no record.
    fn nothing_yet(&self, topic: &str, look: &Look) -> String {
        let ended = (self.cut_short || self.behind == Some(Some(0))) && self.search.is_none();
        let filter = self.reading.as_ref().and_then(|reading| reading.filter.as_ref()).filter(|_| ended);
        match (ended, filter, look.session.read_only) {
            (_, Some(filter), _) if self.cut_short => {
                format!("No record so far matches {}; page up looks further back, esc shows all.", filter.words())
            }
            (_, Some(filter), _) => format!("No record of {topic} matches {}; esc shows all.", filter.words()),
            (true, None, _) if !matches!(self.from, crate::place::Where::Last(_)) => {
                format!("No record of {topic} from {} on; page up shows what came before.", self.origin(look))
            }
            (true, None, false) => format!("{topic} has no records; p writes the first one."),
            (true, None, true) => format!("{topic} has no records; what is written appears here."),
            (false, ..) => format!("Reading {topic} … {}", self.waited(look)),
        }
    }

    /// How long nothing has come, once that is worth a word.
    fn waited(&self, look: &Look) -> String {
        let spent = format::since(self.asked, look.session.now);
        if spent < PATIENCE { String::new() } else { format::span(spent) }
    }

    /// What does not fit into one row has a second where there is room: the fact often stands at its end.
    pub(super) fn remark_rows(&self) -> u16 {
        if !self.has_remark() {
            return 0;
        }
        let width = usize::from(self.words_width());
        let is_long = |words: &Safe| words.width() > width;
        let long = match (&self.said, &self.stage) {
            _ if self.search.as_ref().is_some_and(|search| search.long) => false,
            (Some(said), _) => is_long(&said.words),
            (None, Stage::Failed { why }) => is_long(&Safe::from(why.to_string())),
            _ if self.export.is_some() => false,
            _ => self.trouble().is_some_and(|words| is_long(&words)),
        };
        if long && self.area.height >= ROOMY { 2 } else { 1 }
    }

    /// What goes on, or does not go as it should.
    fn remark(&self, pen: &Pen, look: &Look, width: usize) -> Word {
        let theme = pen.theme;
        if let Some(search) = self.search.as_ref().filter(|search| search.long) {
            return (search.words(look, width), theme.warn);
        }
        if let Some(said) = &self.said {
            return (said.words.clone(), if said.bad { theme.warn } else { theme.muted });
        }
        if let Stage::Failed { why } = &self.stage {
            return (Safe::from(why.to_string()), theme.bad);
        }
        if let Some(export) = &self.export {
            return (export.words(), theme.warn);
        }
        (self.trouble().unwrap_or_default(), theme.bad)
    }

    /// Partitions that cannot be read.
    fn trouble(&self) -> Option<Safe> {
        let (_, why) = self.troubles.first_key_value()?;
        let partitions: Vec<String> = self.troubles.keys().map(i32::to_string).collect();
        let which = match partitions.len() {
            1 => format!("partition {}", partitions.join("")),
            n if n <= NAMED => format!("partitions {}", partitions.join(", ")),
            n => format!("{n} partitions"),
        };
        let same = self.troubles.values().all(|other| other.answered == why.answered);
        let more = if same { "others go on" } else { "! tells all" };
        Some(Safe::from(format!("{which}: {}; {more}", why.answered)))
    }
}
