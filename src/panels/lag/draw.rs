//! How the panel looks: title, rows, and the words where there are none.
use super::{
    Lag,
    cells::{self, STATUS, Sight},
    row::Row,
};
use crate::{
    panels::Look,
    text::Safe,
    widgets::{
        Pen, Word,
        table::{Column, Slots},
    },
};
use ratatui::layout::{Margin, Rect};

impl Lag {
    pub(super) fn draw_panel(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        let title = self.title(pen);
        let inner = pen.frame(self.area, look.focused, &title);
        if inner.is_empty() {
            return;
        }
        if self.shown.is_empty() {
            let table = self.table();
            let area = Rect { y: table.y + 1, height: table.height.saturating_sub(1), ..table };
            pen.paragraph(area, &self.empty(look), theme.muted);
        } else {
            self.draw_rows(pen, inner, look);
        }
        self.draw_foot(pen, look);
    }

    /// Heads and rows: inside the frame, a blank column before them.
    pub(super) fn table(&self) -> Rect {
        let inner = self.area.inner(Margin::new(1, 1));
        Rect { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner }
    }

    pub(super) fn columns(&self) -> [Column; 8] {
        cells::columns(self.table().width, self.names)
    }

    pub(super) fn slots(&self) -> Slots {
        cells::slots(self.table().width, self.names)
    }

    fn title(&self, pen: &Pen) -> Vec<Word> {
        let theme = pen.theme;
        let mut title = vec![(Safe::literal(" 3 Lag "), theme.title)];
        if let Some(topic) = &self.topic {
            let how = if self.only_topic { "only" } else { "first" };
            // A long name leaves room for the count behind it.
            let topic = Safe::text(topic).fit(usize::from(self.area.width.saturating_sub(40).max(8)));
            title.push((Safe::from(format!(" groups on {topic} {how} ")), theme.text));
        }
        if self.listed {
            let bound = if self.missing.is_empty() { "" } else { "≥ " };
            let count = match (self.shown.len(), self.rows.len()) {
                (shown, all) if shown < all => format!(" {shown} of {bound}{all} "),
                (_, all) => format!(" {bound}{all} "),
            };
            title.push((Safe::from(count), theme.text));
        }
        title
    }

    /// Which brokers are silent, in one line.
    fn silent(&self) -> Option<Safe> {
        let (_, why) = self.missing.first()?;
        let brokers: Vec<String> = self.missing.iter().map(|(broker, _)| broker.to_string()).collect();
        let (word, verb) = if brokers.len() == 1 { ("broker", "does") } else { ("brokers", "do") };
        Some(Safe::from(format!(" {word} {} {verb} not list groups: {} ", brokers.join(", "), why.answered)))
    }

    /// What stands where there are no rows: never nothing.
    fn empty(&self, look: &Look) -> Safe {
        let waits = self.rows.iter().any(Row::is_unread);
        match (&self.topic, self.rows.is_empty()) {
            _ if !self.listed && look.session.unreachable => Safe::literal("Groups appear once the cluster answers."),
            _ if !self.listed => Safe::literal("Asking for groups …"),
            _ if self.filter.is_open() => Safe::literal("No group has these letters; esc clears the filter."),
            (_, true) if !self.missing.is_empty() => Safe::literal("No groups known so far: not every broker answers."),
            (_, true) => Safe::literal("No groups yet. A consumer that joins or commits appears here."),
            (Some(topic), false) if waits => Safe::from(format!("Asking which groups read {topic} …")),
            (Some(topic), false) => Safe::from(format!("No group reads {topic}; T shows all groups.")),
            (None, false) => Safe::literal("No topic is open; T shows all groups."),
        }
    }

    fn sight<'a>(&'a self, look: &Look) -> Sight<'a> {
        Sight { now: look.session.now, topic: self.topic.as_ref() }
    }

    fn draw_rows(&self, pen: &mut Pen, inner: Rect, look: &Look) {
        let theme = *pen.theme;
        let table = self.table();
        let (columns, slots, sight) = (self.columns(), self.slots(), self.sight(look));
        let sorted = (self.sort.column, self.sort.falling);
        pen.heads(Rect { height: 1, ..table }, &columns, &slots, Some(sorted));
        for (i, at) in self.list.view().enumerate() {
            let area = Rect { y: table.y + 1 + i as u16, height: 1, ..table };
            let Some(row) = self.shown.get(at).and_then(|i| self.rows.get(*i)) else { continue };
            pen.row(area, &columns, &slots, |column| {
                let (text, tone) = row.cell(column, &sight, slots.width(column).unwrap_or(0));
                (text, tone.role(&theme))
            });
            if at == self.list.cursor() {
                let area = Rect { x: inner.x, width: inner.width, ..area };
                pen.tint(area, if look.focused { theme.selection } else { theme.selection_unfocused });
            }
        }
    }

    /// In the lower border: the filter, else which brokers are silent, else the words that its column cut.
    fn draw_foot(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        match (self.filter.is_open(), self.silent(), self.cut_status(look)) {
            (true, ..) => self.filter.draw(pen, self.area, look.focused),
            (false, Some(words), _) => pen.foot(self.area, &[(words, theme.warn)]),
            (false, None, Some(words)) => pen.foot(self.area, &[(words, theme.text)]),
            (false, None, None) => {}
        }
    }

    /// The status under the cursor, where its column is too narrow for it.
    fn cut_status(&self, look: &Look) -> Option<Safe> {
        let row = self.row().filter(|_| look.focused)?;
        let width = self.slots().width(STATUS)?;
        let (words, _) = row.cell(STATUS, &self.sight(look), width);
        (words.width() > usize::from(width)).then(|| Safe::literal(" ").join(&words).join(&Safe::literal(" ")))
    }
}
