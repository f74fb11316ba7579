//! How Tail looks.
use super::{
    Flow, Stage, Tail,
    columns::{GAP, KEY, OFFSET, PARTITION, TIME, VALUE},
    marks::mark,
};
use crate::{
    decode,
    panels::{Look, topics::draw_failure},
    place::Where,
    record::Record,
    text::Safe,
    theme::Role,
    widgets::{
        Pen, Word, format,
        table::{Column, Slot, Slots},
    },
};
use ratatui::layout::Rect;
use std::time::Duration;

/// Partitions that are named one by one in a remark.
const NAMED: usize = 6;
/// What takes longer says how long.
const PATIENCE: Duration = Duration::from_millis(300);

impl Tail {
    pub(super) fn draw_panel(&self, pen: &mut Pen, look: &Look) {
        let title = self.title(pen);
        let inner = pen.frame(self.area, look.focused, &title);
        if self.ring.is_empty() {
            self.draw_empty(pen, inner, look);
        } else {
            self.draw_rows(pen, inner, look);
            self.draw_counters(pen);
        }
        if self.has_remark() && inner.height > 1 {
            let (words, role) = self.remark(pen);
            pen.put(inner.x + 1, inner.bottom() - 1, inner.width.saturating_sub(2), &words, role);
        }
    }

    fn title(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let mut title = vec![(Safe::literal(" 2 Tail "), theme.title)];
        let mut room = usize::from(self.area.width.saturating_sub(11));
        let mut add = |text: String, role: Role| {
            let text = Safe::from(text);
            if text.width() <= room || title.len() == 1 {
                room = room.saturating_sub(text.width());
                title.push((text, role));
            }
        };
        if let Some(topic) = self.topic() {
            add(format!(" {topic} "), theme.text);
        }
        if let Stage::Open { partitions, .. } = self.stage {
            add(format!(" {partitions} partition{} ", if partitions == 1 { "" } else { "s" }), theme.muted);
            add(format!(" from {} ", self.origin()), theme.muted);
        }
        title
    }

    fn origin(&self) -> String {
        match &self.from {
            Where::Start => "start".into(),
            Where::End => "end".into(),
            Where::Last(n) => format!("last {n}"),
            other => other.to_string(),
        }
    }

    fn draw_rows(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let area = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let partitions = if let Stage::Open { partitions, .. } = self.stage { partitions } else { 0 };
        let columns = self.widths.columns(self.form, partitions, area.width);
        let slots = Slots::spaced(&columns, area.width, GAP);
        if self.heads() > 0 {
            pen.heads(Rect { height: 1, ..area }, &columns, &slots, None);
        }
        let kept = self.ring.positions();
        let rows = self.view.rows(&kept).zip(self.heads()..inner.height);
        for (at, y) in rows {
            let Some(record) = self.ring.get(at) else { continue };
            let row = Rect { y: area.y + y, height: 1, ..area };
            self.draw_row(pen, row, &columns, &slots, record, look);
            if at == self.view.cursor(&kept) {
                let role = if look.focused { theme.selection } else { theme.selection_unfocused };
                pen.tint(Rect { x: inner.x, width: inner.width, ..row }, role);
            }
        }
    }

    fn draw_row(&self, pen: &mut Pen, row: Rect, columns: &[Column], slots: &Slots, record: Record, look: &Look) {
        let mark = mark(&record, look);
        let taken = mark.as_ref().map_or(0, |mark| mark.width() as u16 + GAP);
        for slot in slots.iter() {
            let cells = if slot.column == VALUE { slot.width.saturating_sub(taken) } else { slot.width };
            let (text, role) = self.cell(slot.column, record, cells, pen, look);
            let slot = Slot { width: cells, ..*slot };
            pen.cell(row, &slot, columns[slot.column].align, &text, role);
        }
        if let Some(mark) = mark {
            pen.put_right(row.x, row.y, row.width, &mark, pen.theme.mark);
        }
    }

    fn cell(&self, column: usize, record: Record, cells: u16, pen: &Pen, look: &Look) -> Word {
        let theme = pen.theme;
        let bytes = |bytes| {
            let (text, shade) = decode::preview(decode::Form::Auto, bytes, usize::from(cells));
            (text, theme.shade(shade))
        };
        match column {
            TIME => match self.form.show(record.head.timestamp, look.session.now, &look.session.zone) {
                Some(time) => (time, theme.muted),
                None => (Safe::literal("–"), theme.null),
            },
            PARTITION => (Safe::from(record.head.partition.to_string()), theme.muted),
            OFFSET => (Safe::from(format::grouped(record.head.offset)), theme.muted),
            KEY => bytes(record.key()),
            _ => bytes(record.value()),
        }
    }

    /// What stands where there are no rows: never nothing.
    fn draw_empty(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let (x, width) = (inner.x + 1, inner.width.saturating_sub(2));
        let area = Rect { x, y: inner.y + 1, width, height: inner.height.saturating_sub(1) };
        let words = match &self.stage {
            Stage::Failed { why, .. } => return draw_failure(pen, area, why),
            Stage::Nothing if look.session.unreachable => "A topic opens here once the cluster answers.".into(),
            Stage::Nothing => "No topic is open. Choose one in Topics and press enter.".into(),
            Stage::Closed { topic } => format!("{topic} is not open. Choose it in Topics and press enter."),
            Stage::Opening { topic } => match self.waited(look) {
                spent if spent.is_empty() => format!("Opening {topic} …"),
                spent => format!("Opening {topic} … {spent}; esc gives up."),
            },
            Stage::Open { topic, .. } => match (self.behind, look.session.read_only) {
                (Some(Some(0)), false) => format!("{topic} has no records; p writes the first one."),
                (Some(Some(0)), true) => format!("{topic} has no records; what is written appears here."),
                _ => format!("Reading {topic} … {}", self.waited(look)),
            },
        };
        pen.paragraph(area, &Safe::from(words), theme.muted);
    }

    /// How long nothing has come, once that is worth a word.
    fn waited(&self, look: &Look) -> String {
        let spent = format::since(self.asked, look.session.now);
        if spent < PATIENCE { String::new() } else { format::span(spent) }
    }

    /// One line on what does not go as it should.
    fn remark(&self, pen: &Pen) -> Word {
        let theme = pen.theme;
        if let Some(said) = &self.said {
            return (said.words.clone(), if said.bad { theme.warn } else { theme.muted });
        }
        if let Stage::Failed { why, .. } = &self.stage {
            return (Safe::from(why.to_string()), theme.bad);
        }
        let Some((_, why)) = self.troubles.first_key_value() else { return (Safe::default(), theme.text) };
        let partitions: Vec<String> = self.troubles.keys().map(i32::to_string).collect();
        let which = match partitions.len() {
            1 => format!("partition {}", partitions.join("")),
            n if n <= NAMED => format!("partitions {}", partitions.join(", ")),
            n => format!("{n} partitions"),
        };
        let same = self.troubles.values().all(|other| other.answered == why.answered);
        let more = if same { "others go on" } else { "! tells all" };
        (Safe::from(format!("{which}: {}; {more}", why.answered)), theme.bad)
    }

    /// The lower border: what arrived, what is kept, and who holds it. What does not fit goes whole, the last word never.
    fn draw_counters(&self, pen: &mut Pen) {
        let theme = *pen.theme;
        let room = usize::from(self.area.width.saturating_sub(6));
        let mut parts = self.counters(pen);
        while parts.len() > 1 && parts.iter().map(|part| part.text.width() + 3).sum::<usize>() > room + 3 {
            let worst = parts.iter().map(|part| part.rank).max();
            parts.retain(|part| Some(part.rank) != worst);
        }
        let mut words = vec![];
        for (i, part) in parts.into_iter().enumerate() {
            words.push((Safe::literal(if i == 0 { " " } else { " · " }), theme.muted));
            words.push((part.text, part.role));
        }
        words.push((Safe::literal(" "), theme.muted));
        pen.foot(self.area, &words);
    }

    /// In the order in which they stand.
    fn counters(&self, pen: &Pen) -> Vec<Counter> {
        let theme = pen.theme;
        let part = |rank, text: String, role| Counter { rank, text: Safe::from(text), role };
        let received = format!("{} received", format::grouped(self.received as i64));
        let kept = format!("{} kept ({})", format::grouped(self.ring.len() as i64), format::bytes(self.ring.bytes()));
        let mut parts = vec![part(3, received, theme.muted), part(5, kept, theme.muted)];
        if self.unreadable > 0 {
            let batches = if self.unreadable == 1 { "batch" } else { "batches" };
            parts.push(part(1, format!("{} {batches} unreadable", format::grouped(self.unreadable as i64)), theme.bad));
        }
        let running = self.flow == Flow::Running;
        if let (true, Some(behind)) = (running, self.behind) {
            parts.push(part(4, format!("{} behind", count(behind)), theme.muted));
        }
        let (state, role, hint) = self.state(pen);
        parts.push(part(0, state, role));
        if let (false, Some(behind)) = (running, self.behind) {
            parts.push(part(1, format!("{} wait in Kafka", count(behind)), role));
        }
        if !hint.is_empty() {
            parts.push(part(2, hint.into(), theme.muted));
        }
        parts
    }

    /// Who holds the records, and the key that changes it.
    fn state(&self, pen: &Pen) -> (String, Role, &'static str) {
        let theme = pen.theme;
        let newer = self.ring.positions().end - self.view.rows(&self.ring.positions()).end;
        match self.flow {
            _ if matches!(self.stage, Stage::Failed { .. }) => ("stopped".into(), theme.bad, ""),
            Flow::Paused { .. } => ("paused".into(), theme.warn, "space goes on"),
            Flow::Waiting => ("waiting, or these rows go".into(), theme.warn, "f goes on"),
            Flow::Running if self.view.following => ("following".into(), theme.good, ""),
            Flow::Running if newer == 0 => ("not following".into(), theme.warn, "f follows"),
            Flow::Running => (format!("{} newer below", format::grouped(newer as i64)), theme.warn, "f follows"),
        }
    }
}

/// One part of the lower border; when there is no room, the highest rank goes first.
struct Counter {
    rank: u8,
    text: Safe,
    role: Role,
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "?".into(), |n| format::grouped(i64::try_from(n).unwrap_or(i64::MAX)))
}
