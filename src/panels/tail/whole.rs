//! The chosen record's value below the list, in as many lines as there is room for.
use super::Tail;
use crate::{
    decode::{Form, Row, Shade, sheet},
    panels::Cx,
    text::Safe,
    widgets::{Pen, Word, format},
};
use ratatui::layout::Rect;

/// Bytes of a value that are looked at: more than any screen holds.
const MOST: usize = 64 << 10;
/// What stands at the left of every line.
const EDGE: Safe = Safe::literal("┆ ");

impl Tail {
    pub(super) fn wrap(&mut self, cx: &Cx) {
        self.wrapped = !self.wrapped;
        if self.wrapped && self.value_rows() == 0 {
            self.wrapped = false;
            self.say("there is no room for the value here: z gives Tail the whole screen".into(), false, cx);
        }
        self.fit();
    }

    /// A third of the panel whatever is chosen, so that the list does not jump.
    pub(super) fn value_rows(&self) -> u16 {
        let inner = self.area.height.saturating_sub(2 + self.heads());
        if self.wrapped { inner / 3 } else { 0 }
    }

    pub(super) fn draw_value(&self, pen: &mut Pen, area: Rect) {
        let width = area.width.saturating_sub(EDGE.width() as u16);
        let Some((_, record)) = self.chosen().filter(|_| width > 0 && area.height > 0) else { return };
        let rows = lines(self.forms.1, record.value(), usize::from(width), usize::from(area.height));
        for (y, row) in (area.y..area.bottom()).zip(rows) {
            pen.put(area.x, y, area.width, &EDGE, pen.theme.muted);
            let words: Vec<Word> = row.into_iter().map(|(text, shade)| (text, pen.theme.shade(shade))).collect();
            pen.line(area.right().saturating_sub(width), y, width, &words);
        }
    }
}

/// At most so many; the last one says where the rest is.
fn lines(form: Form, value: Option<&[u8]>, width: usize, most: usize) -> Vec<Row> {
    let shown = value.map(beginning);
    let form = if form == Form::Json && shown != value { Form::Text } else { form };
    let mut rows = sheet::value_rows(form, shown, width, most);
    if rows.len() > most {
        rows.truncate(most.saturating_sub(1));
        let words = format!("… enter shows all of {}", format::bytes(value.map_or(0, <[u8]>::len)));
        rows.push(vec![(Safe::from(words), Shade::Quiet)]);
    }
    rows
}

/// Not cut within a letter.
fn beginning(value: &[u8]) -> &[u8] {
    let begins = |at: &usize| value.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
    let cut = (0..=MOST.min(value.len())).rev().take(4).find(begins);
    cut.and_then(|cut| value.get(..cut)).unwrap_or(value)
}
