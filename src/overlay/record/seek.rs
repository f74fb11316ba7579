//! From what was typed to the row that has it.
use super::{RecordView, search::Step};
use crate::{keymap::Action, text::Safe, widgets::format};

impl RecordView {
    /// Looks for what was typed: from this row on, or beyond it, or back from it.
    pub(super) fn seek(&mut self, beyond: bool, back: bool) {
        let Some(text) = self.search.text() else {
            self.said = Some(Safe::literal("nothing is looked for; / begins"));
            return;
        };
        let nothing = Safe::from(format!("{text:?} is not here"));
        let row = self.page.cursor();
        match self.page.sheet.span(row) {
            Some(span) => {
                self.search.hunt(if beyond && !back { span.end } else { span.start }, back, self.value().len());
                self.look();
            }
            None => match self.search.row(&self.page.sheet, row + usize::from(beyond && !back), back) {
                Some(row) => self.page.select(row),
                None => self.said = Some(nothing),
            },
        }
    }

    /// One piece more of the value.
    pub(super) fn look(&mut self) {
        let value = self.record.value.as_deref().unwrap_or_default();
        match self.search.step(value) {
            Some(Step::Hit(at)) => {
                self.page.go_to_byte(at, value);
                if !self.page.has_work(value) && at >= self.page.sheet.read(value) {
                    let at = format::grouped(at as i64);
                    self.said = Some(Safe::from(format!("found at byte {at}, which only 3 hex shows")));
                }
            }
            Some(Step::Nothing) => {
                let text = self.search.text().unwrap_or_default();
                self.said = Some(Safe::from(format!("{text:?} is not here")));
            }
            Some(Step::More) | None => {}
        }
    }

    pub(super) fn on_search(&mut self, action: Action) {
        match action {
            Action::Open if self.search.settle() => self.seek(false, false),
            _ => self.search.clear(),
        }
    }
}
