//! How the box looks: fields with their marks, and what became of the last record beside them or in the lower border.
use super::{
    Produce,
    entry::Mark,
    form::Part,
    places::{Place, Places},
};
use crate::{
    panels::Look,
    text::Safe,
    theme::Theme,
    widgets::{Pen, Word},
};
use ratatui::layout::Rect;

impl Produce {
    pub(super) fn paint(&self, pen: &mut Pen, look: &Look) {
        let title = self.title(pen.theme, look);
        pen.frame(self.area, look.focused, &title);
        let places = Places::of(self.area, self.at);
        for Place { part, label, area } in &places.fields {
            let width = label.len() as u16 + 1;
            pen.put(area.x.saturating_sub(width), area.y, width, &Safe::literal(label), pen.theme.muted);
            self.draw_entry(pen, *part, *area, look);
        }
        self.draw_entry(pen, Part::Value, places.value, look);
        let answer = self.answer.word(look.session, pen.theme);
        let beside = answer.as_ref().is_some_and(|(text, _)| text.width() <= usize::from(places.answer.width));
        match answer {
            Some((text, role)) if beside => {
                let Rect { x, y, width, .. } = places.answer;
                pen.put_right(x, y, width, &text, role);
                self.draw_foot(pen, None);
            }
            answer => self.draw_foot(pen, answer),
        }
    }

    fn title(&self, theme: &Theme, look: &Look) -> Vec<Word> {
        let mut title = vec![(Safe::literal(" 4 Produce "), theme.title)];
        match &look.session.topic {
            _ if look.session.read_only => title.push((Safe::literal("read-only "), theme.good)),
            Some(topic) => title.push((Safe::text(&format!("→ {topic} ")), theme.text)),
            None => title.push((Safe::literal("no topic is open "), theme.muted)),
        }
        title
    }

    fn draw_entry(&self, pen: &mut Pen, part: Part, area: Rect, look: &Look) {
        if area.is_empty() {
            return;
        }
        let theme = *pen.theme;
        let here = look.focused && self.writing && self.at == part;
        if here {
            pen.tint(area, theme.input);
        }
        match (self.hint(part, here, look), self.form.of(part).text()) {
            (None, Some(text)) => {
                let role = match part {
                    Part::Partition if !self.partition_is_there(look) => theme.bad,
                    _ if here => theme.input,
                    _ => theme.text,
                };
                text.draw(pen, area, role, here);
            }
            (hint, _) => {
                pen.put(area.x, area.y, area.width, &hint.unwrap_or_default(), theme.null);
                if here {
                    pen.place_cursor(area.x, area.y);
                }
            }
        }
    }

    fn partition_is_there(&self, look: &Look) -> bool {
        self.form.check_partition("", look.session.partitions).is_ok()
    }

    /// What stands where no text does.
    fn hint(&self, part: Part, here: bool, look: &Look) -> Option<Safe> {
        let entry = self.form.of(part);
        let words = match (part, entry.mark()) {
            (Part::Value, Some(Mark::Null)) => "␀ null, deletes the key where topics are compacted",
            (Part::Value, Some(Mark::Empty)) => "∅ empty, not null: a value of 0 bytes",
            (_, Some(Mark::Null)) => "␀",
            (_, Some(Mark::Empty)) => "∅",
            (_, None) if entry.text().is_none() => return entry.kept().map(Safe::from),
            (_, None) if entry.text().is_some_and(|text| !text.is_empty()) => return None,
            (Part::Key, None) => "␀",
            (Part::Headers, None) => "–",
            (Part::Partition, None) if self.has_key() => "by key",
            (Part::Partition, None) => "any",
            (Part::Value, None) if look.session.read_only => "read-only: nothing can be sent",
            (Part::Value, None) if here => "type a value; ctrl-n for null or empty",
            (Part::Value, None) if self.writing => "",
            (Part::Value, None) => "p to write a record",
        };
        Some(Safe::literal(words))
    }

    /// In the lower border: the answer that had no room above, and where one is in a value of many lines.
    fn draw_foot(&self, pen: &mut Pen, answer: Option<Word>) {
        if self.area.width < 8 || self.area.height < 2 {
            return;
        }
        let theme = *pen.theme;
        let (x, y, width) = (self.area.x + 2, self.area.bottom() - 1, self.area.width - 4);
        let wanted = answer.as_ref().map_or(0, |(text, _)| text.width() + 3);
        let lines = self.lines(usize::from(width).saturating_sub(wanted));
        let used = pen.put_right(x, y, width, &lines, theme.muted);
        if let Some((text, role)) = answer {
            let room = width - used;
            let whole = text.width() + 2 <= usize::from(room);
            let more = if whole { Safe::default() } else { Safe::literal(" ! tells all ") };
            let room = room.saturating_sub(more.width() as u16);
            let text = Safe::literal(" ").join(&text).fit(usize::from(room)).join(&Safe::literal(" "));
            let used = pen.put(x, y, width - used, &text, role);
            pen.put(x + used.min(room), y, width - used.min(room), &more, theme.muted);
        }
    }

    /// Said where `enter` is a new line; in short where the answer needs the room.
    fn lines(&self, room: usize) -> Safe {
        let (lines, row) = self.form.value.lines();
        let long = Safe::from(format!(" line {} of {lines}, alt-enter sends ", row + 1));
        match lines {
            1 => Safe::default(),
            _ if long.width() <= room => long,
            _ => Safe::from(format!(" {}/{lines} ", row + 1)),
        }
    }
}
