//! How the parts of a group are drawn.
use super::{FRESH, Group, Part, member, partition, table::Table, trend::Chart};
use crate::{
    group::GroupLag,
    lag::explain,
    panels::Look,
    text::Safe,
    theme::Role,
    widgets::{Pen, Word, format},
};

impl Group {
    pub(super) fn draw_all(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        pen.clear(self.areas.frame);
        let title =
            [(Safe::literal(" Group "), theme.title), (Safe::from(format!("{} ", self.group.name)), theme.text)];
        pen.frame(self.areas.frame, true, &title);
        self.draw_head(pen, look);
        if let Some(lag) = self.lag() {
            self.draw_partitions(pen, lag, look);
            self.draw_members(pen, lag);
            self.draw_words(pen, lag, look);
        } else if let Some(why) = &self.failure {
            pen.paragraph(self.areas.partitions, &Safe::from(why.to_string()), theme.bad);
        }
        self.draw_chart(pen, look);
        match &self.saving {
            Some(saving) => saving.draw(pen, self.areas.frame),
            None => self.draw_foot(pen, look),
        }
    }

    fn selection(&self, pen: &Pen, part: Part) -> Role {
        if self.part == part { pen.theme.selection } else { pen.theme.selection_unfocused }
    }

    fn draw_partitions(&self, pen: &mut Pen, lag: &GroupLag, look: &Look) {
        let (area, theme) = (self.areas.partitions, *pen.theme);
        let Ok(partitions) = &lag.partitions else { return };
        if partitions.is_empty() {
            let words = "No partition belongs to this group: it has no commits and owns nothing.";
            pen.paragraph(area, &Safe::literal(words), theme.muted);
            return;
        }
        let columns = partition::columns(&self.widths, area.width);
        let (selection, sorted) = (self.selection(pen, Part::Partitions), Some(self.sort.head()));
        let table = Table { area, columns: &columns, list: &self.partitions, selection, sorted };
        table.draw(pen, |row, column| {
            let partition = self.order.get(row).and_then(|i| partitions.get(*i))?;
            Some(self.facts(partition, look.session.now).cell(column, &theme))
        });
    }

    fn draw_members(&self, pen: &mut Pen, lag: &GroupLag) {
        let (area, theme) = (self.areas.members, *pen.theme);
        let members = lag.members.as_deref().unwrap_or_default();
        if members.is_empty() {
            let (words, role) = match &lag.members {
                Ok(_) => (Safe::literal("No members now."), theme.muted),
                Err(why) => (Safe::from(format!("Members unknown: {why}")), theme.warn),
            };
            pen.paragraph(area, &words, role);
            return;
        }
        let selection = self.selection(pen, Part::Members);
        let table = Table { area, columns: &member::COLUMNS, list: &self.members, selection, sorted: None };
        table.draw(pen, |row, column| members.get(row).map(|it| member::cell(it, column, &theme)));
    }

    /// Sentences about the chosen partition or member.
    fn draw_words(&self, pen: &mut Pen, lag: &GroupLag, look: &Look) {
        let words = match (self.part, self.partition(), self.member()) {
            (Part::Members, _, Some(member)) => member::explain(member),
            (Part::Partitions | Part::Chart, Some(p), _) => {
                let sentences = explain(lag, p, self.course(p), look.session.now);
                format!("{}/{}: {}", p.topic, p.partition, sentences.join(" "))
            }
            _ => return,
        };
        let role = pen.theme.text;
        pen.paragraph(self.areas.words, &Safe::from(words), role);
    }

    fn draw_chart(&self, pen: &mut Pen, look: &Look) {
        let area = self.areas.chart;
        match &self.history {
            Some(history) if !area.is_empty() => {
                Chart::of(history.series(), self.window, look.session.now, &look.session.zone).draw(pen, area);
            }
            _ => {
                let role = pen.theme.muted;
                pen.paragraph(area, &Safe::literal("No sample of this group yet."), role);
            }
        }
    }

    /// What was written, how old the reading is, or why there is none.
    fn draw_foot(&self, pen: &mut Pen, look: &Look) {
        if let Some(words) = self.foot(pen, look) {
            pen.foot(self.areas.frame, &[words]);
        }
    }

    fn foot(&self, pen: &Pen, look: &Look) -> Option<Word> {
        let theme = pen.theme;
        if let Some(words) = &self.saved {
            return Some((Safe::from(format!(" {words} ")), theme.good));
        }
        let (_, at) = self.read.as_ref()?;
        let age = format::since(*at, look.session.now);
        Some(match &self.failure {
            Some(why) => (Safe::from(format!(" {why} ")), theme.bad),
            None if age > FRESH => (Safe::from(format!(" read {} ago ", format::span(age))), theme.warn),
            None => (Safe::literal(" read every 2 s "), theme.muted),
        })
    }
}
