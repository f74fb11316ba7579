//! How the box looks: fields with their marks, and what became of the last record beside them or in the lower border.
use super::{
    Produce,
    answer::Answer,
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

/// Columns from which on a cut failure says where it stands whole.
const TELLS: usize = 30;

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
                self.draw_foot(pen, &places, None);
            }
            answer => self.draw_foot(pen, &places, answer),
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
        match (self.hint(part, look), self.form.of(part).text()) {
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
    fn hint(&self, part: Part, look: &Look) -> Option<Safe> {
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
            (Part::Value, None) if self.writing => "type a value; ctrl-n: null or empty",
            (Part::Value, None) => "p to write a record",
        };
        Some(Safe::literal(words))
    }

    /// In the lower border: the answer that had no room above, and what this box is too small to show.
    fn draw_foot(&self, pen: &mut Pen, places: &Places, answer: Option<Word>) {
        if self.area.width < 8 || self.area.height < 2 {
            return;
        }
        let theme = *pen.theme;
        let (x, y, width) = (self.area.x + 2, self.area.bottom() - 1, self.area.width - 4);
        let wanted = answer.as_ref().map_or(0, |(text, _)| text.width() + 3);
        let aside = self.aside(places, usize::from(width).saturating_sub(wanted));
        let room = width - pen.put_right(x, y, width, &aside, theme.muted);
        if let Some(answer) = answer {
            pen.line(x, y, room, &self.cut(answer, usize::from(room), &theme));
        }
    }

    /// An answer in its room; a failure that is cut stands whole in the notices.
    fn cut(&self, (text, role): Word, room: usize, theme: &Theme) -> Vec<Word> {
        let whole = text.width() + 2 <= room;
        let more = match self.answer {
            Answer::Failed { .. } if !whole && room >= TELLS => Safe::literal("! tells all "),
            _ => Safe::default(),
        };
        let blank = Safe::literal(" ");
        let text = text.fit(room.saturating_sub(2 + more.width()));
        vec![(blank.clone().join(&text).join(&blank), role), (more, theme.muted)]
    }

    /// Fields that are set and have no place, and the line of a value where `enter` is a new line.
    fn aside(&self, places: &Places, room: usize) -> Safe {
        let unseen = |part: &Part| !places.shows(*part) && !self.form.of(*part).is_untouched();
        let fields: String = Part::ALL.into_iter().filter(unseen).map(|part| format!(" +{}", part.short())).collect();
        let (lines, row) = self.form.value.lines();
        let (row, many) = (row + 1, lines > 1);
        let short = if many { format!("{fields} {row}/{lines} ") } else { format!("{fields} ") };
        let longer = [
            format!("{fields} line {row} of {lines}, alt-enter sends "),
            format!("{fields} {row}/{lines}, alt-enter sends "),
        ];
        let fitting = longer.into_iter().map(Safe::from).find(|words| many && words.width() <= room);
        match short.trim() {
            "" => Safe::default(),
            _ => fitting.unwrap_or_else(|| Safe::from(short)),
        }
    }
}
