//! What each key of the list does.
use super::{Stage, Tail, prompt::Ask, view};
use crate::{
    keymap::Action,
    overlay::{Overlay, record},
    panels::{Cx, Wish},
};

/// Values are moved aside no further, so that a row never costs more than a few screens.
const ASIDE_MOST: usize = 500;

impl Tail {
    /// Whoever looks at a record stays at it: its neighbours are kept.
    pub(super) fn show_chosen(&mut self, cx: &mut Cx) {
        if let Some((at, record)) = self.chosen() {
            let overlay = record::RecordView::new(at, record.to_owned(), self.forms.0, self.forms.1);
            cx.wish(Wish::Show(Box::new(Overlay::Record(Box::new(overlay)))));
            self.view.stay(&self.ring.positions());
        } else {
            self.open_gap(cx);
        }
    }

    /// `esc` ends what runs, the last begun first; else the filter.
    pub(super) fn back(&mut self, cx: &mut Cx) {
        if self.give_up_search(cx) || self.give_up_export(cx) {
            return;
        }
        match self.stage {
            Stage::Opening => self.give_up(cx),
            _ if self.is_filtered() => self.clear_filter(cx),
            _ => {}
        }
    }

    pub(super) fn obey(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => self.show_chosen(cx),
            Action::Copy => self.copy(cx),
            Action::Pause => self.pause(cx),
            Action::Back => self.back(cx),
            Action::Follow => self.go_to_end(cx),
            Action::StartAt => self.open_prompt(Ask::Start, cx),
            Action::Filter => self.open_prompt(Ask::Filter, cx),
            Action::Export => self.open_prompt(Ask::Export, cx),
            Action::Columns => self.open_prompt(Ask::Columns, cx),
            Action::NextMatch => self.go_to_match(true, cx),
            Action::PreviousMatch => self.go_to_match(false, cx),
            Action::SameKey => self.filter_key(cx),
            Action::OnlyPartition => self.only_partition(cx),
            Action::Isolation => self.isolation(cx),
            Action::ReadValueAs => self.read_next_form(false, cx),
            Action::ReadKeyAs => self.read_next_form(true, cx),
            Action::Mark => self.mark(cx),
            Action::Compare => self.compare(cx),
            Action::NextMark => self.next_mark(cx),
            Action::TimeForm => self.form = self.form.next(),
            Action::Wrap => self.wrap(cx),
            Action::Reverse => self.reversed = !self.reversed,
            Action::Left => self.aside = self.aside.saturating_sub(1),
            Action::Right => self.aside = (self.aside + 1).min(ASIDE_MOST),
            movement => self.travel(if self.reversed { view::turned(movement) } else { movement }, cx),
        }
    }
}
