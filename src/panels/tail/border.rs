//! The frame of Tail: above what is read, below what came of it and who holds it.
use super::{Flow, Stage, Tail};
use crate::{
    panels::Look,
    place::Where,
    text::Safe,
    theme::Role,
    widgets::{Pen, Word, format},
};

impl Tail {
    pub(super) fn title(&self, pen: &Pen, look: &Look) -> Vec<Word> {
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
        let Some(reading) = &self.reading else { return title };
        add(format!(" {} ", reading.topic), theme.text);
        if let Some(filter) = &reading.filter {
            add(format!(" filter {} ", filter.words()), theme.mark);
        }
        if let Some(only) = &reading.only {
            let only: Vec<String> = only.iter().map(i32::to_string).collect();
            add(format!(" only partition {} ", only.join(", ")), theme.warn);
        }
        if let Stage::Open { partitions } = self.stage {
            let all = format!(" {partitions} partition{} ", if partitions == 1 { "" } else { "s" });
            add(if reading.only.is_some() { String::new() } else { all }, theme.muted);
            add(format!(" from {} ", self.origin(look)), theme.muted);
        }
        if reading.committed {
            add(" committed ".into(), theme.muted);
        }
        if self.reversed {
            add(" newest first ".into(), theme.muted);
        }
        title
    }

    /// Where reading began, as a person would say it.
    pub(super) fn origin(&self, look: &Look) -> String {
        match &self.from {
            Where::Offsets(places) if places.len() > 1 => "chosen offsets".into(),
            from => from.title(&look.session.zone),
        }
    }

    /// What does not fit goes whole, the last word never.
    pub(super) fn draw_counters(&self, pen: &mut Pen) {
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
        let number = |n: u64| format::grouped(i64::try_from(n).unwrap_or(i64::MAX));
        let kept = format!("{} kept ({})", format::grouped(self.ring.len() as i64), format::bytes(self.ring.bytes()));
        let mut parts = vec![];
        match self.is_filtered() {
            true => {
                parts.push(part(4, format!("{} looked at", number(self.looked_at)), theme.muted));
                parts.push(part(3, format!("{} matched", number(self.received)), theme.muted));
            }
            false => parts.push(part(3, format!("{} received", number(self.received)), theme.muted)),
        }
        parts.push(part(6, kept, theme.muted));
        if self.failures > 0 {
            parts.push(part(1, format!("{} failed", number(self.failures)), theme.bad));
        }
        if self.unreadable > 0 {
            let batches = if self.unreadable == 1 { "batch" } else { "batches" };
            parts.push(part(1, format!("{} {batches} unreadable", number(self.unreadable)), theme.bad));
        }
        let running = self.flow == Flow::Running;
        if let (true, Some(behind)) = (running, self.behind) {
            parts.push(part(5, format!("{} behind", count(behind)), theme.muted));
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

    /// Who holds the records, and the keys that change it.
    fn state(&self, pen: &Pen) -> (String, Role, &'static str) {
        let theme = pen.theme;
        let newer = self.ring.positions().end - self.view.rows(&self.ring.positions()).end;
        let many = self.behind.flatten().is_some_and(|behind| behind > self.view.height());
        match self.flow {
            _ if matches!(self.stage, Stage::Failed { .. }) => ("stopped".into(), theme.bad, ""),
            Flow::Paused { .. } if many => ("paused".into(), theme.warn, "space reads them, f skips them"),
            Flow::Paused { .. } => ("paused".into(), theme.warn, "space goes on"),
            Flow::Waiting => ("waiting, or these rows go".into(), theme.warn, "f goes on"),
            Flow::Detached => ("looking back".into(), theme.warn, "down reads on, f follows"),
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
