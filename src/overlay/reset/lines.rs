//! The form as it is drawn, a line a choice.
use super::{
    Reset, account,
    choice::To,
    form::{Form, Line},
};
use crate::{
    overlay::confirm,
    panels::{Look, Mouse},
    text::Safe,
    theme::{Role, Theme},
    widgets::Pen,
};
use ratatui::layout::Rect;

/// Columns before what is chosen.
const LABEL: u16 = 12;

impl Reset {
    /// The row of each line of the form; fields have one more below for what is wrong.
    fn line_rows(&self) -> Vec<(Line, u16)> {
        let first = self.areas.frame.y + 1;
        let place = |y: &mut u16, line: Line| {
            let at = *y;
            *y += height(line);
            Some((line, at))
        };
        self.form.lines().into_iter().scan(first, place).collect()
    }

    pub(super) fn line_at(&self, mouse: Mouse) -> Option<Line> {
        let inside = self.areas.frame.contains((mouse.x, mouse.y).into());
        self.line_rows().into_iter().filter(|_| inside).find(|(_, y)| *y == mouse.y).map(|(line, _)| line)
    }

    pub(super) fn line_heights(&self) -> u16 {
        self.form.lines().iter().map(|line| height(*line)).sum()
    }

    pub(super) fn draw_form(&self, pen: &mut Pen, look: &Look) {
        let inner = self.areas.head;
        let bottom = self.areas.frame.bottom().saturating_sub(1);
        let mut last = inner.y;
        for (line, y) in self.line_rows() {
            draw_line(pen, &self.form, line, Rect { y, height: 2.min(bottom.saturating_sub(y)), ..inner });
            last = y + height(line);
        }
        let gap = u16::from(bottom.saturating_sub(last) > 2);
        let words = Rect { y: last + gap, height: bottom.saturating_sub(last + gap), ..inner };
        let (text, role) = self.form_words(look, pen.theme);
        pen.paragraph(words, &Safe::from(text), role);
    }

    /// Below the form: what went wrong, what will stand in the way, or what to expect.
    fn form_words(&self, look: &Look, theme: &Theme) -> (String, Role) {
        let undo = self.form.to == To::Undo;
        match (&self.failure, &self.form.subject.held) {
            (Some(why), _) => (why.to_string(), theme.bad),
            (None, Some(held)) => {
                (format!("It has {held}. Nothing can be written before they are stopped."), theme.warn)
            }
            (None, None) if undo => {
                (format!("Undo files are kept in {}.", look.session.resets.directory.display()), theme.muted)
            }
            (None, None) => {
                ("Nothing is written before you have seen the plan and typed the group's name.".into(), theme.muted)
            }
        }
    }
}

/// Rows of one line of the form: what is wrong in a field stands below it.
fn height(line: Line) -> u16 {
    if matches!(line, Line::Partitions | Line::Value) { 2 } else { 1 }
}

fn draw_line(pen: &mut Pen, form: &Form, line: Line, area: Rect) {
    let theme = *pen.theme;
    if area.height == 0 {
        return;
    }
    let label = match line {
        Line::Which => "which",
        Line::Partitions => "partitions",
        Line::To => "where to",
        Line::Value => form.to.field().unwrap_or_default(),
    };
    let chosen = form.at == line;
    pen.put(area.x, area.y, LABEL, &Safe::literal(label), if chosen { theme.title } else { theme.muted });
    let rest = Rect { x: area.x + LABEL.min(area.width), width: area.width.saturating_sub(LABEL), ..area };
    match line {
        Line::Which => draw_choice(pen, rest, &form.which(), &which_of(form), chosen),
        Line::To => draw_choice(pen, rest, form.to.name(), form.to.meaning(), chosen),
        Line::Partitions => draw_field(pen, form, line, rest, "nothing is all of them · 0,2"),
        Line::Value => draw_field(pen, form, line, rest, form.to.hint()),
    }
}

fn which_of(form: &Form) -> String {
    match (form.topics(), &form.subject.chosen) {
        (0, _) => "its topics are not known".into(),
        (n, None) => format!("of {}", account::count(n, "topic")),
        (n, Some((topic, partition))) => format!("of {}; chosen is {topic}/{partition}", account::count(n, "topic")),
    }
}

fn draw_choice(pen: &mut Pen, area: Rect, name: &str, meaning: &str, chosen: bool) {
    let theme = *pen.theme;
    let role = if chosen { theme.selection } else { theme.text };
    let used = pen.put(area.x, area.y, area.width, &Safe::from(format!("‹ {name} ›")), role);
    let left = area.width.saturating_sub(used + 2);
    pen.put(area.x + used + 2, area.y, left, &Safe::text(meaning), theme.muted);
}

fn draw_field(pen: &mut Pen, form: &Form, line: Line, area: Rect, hint: &str) {
    let theme = *pen.theme;
    let field = if line == Line::Partitions { &form.partitions } else { &form.value };
    let row = Rect { height: 1, ..area };
    pen.put(row.x, row.y, row.width, &Safe::from(" ".repeat(usize::from(row.width))), theme.input);
    field.draw(pen, row, theme.input, form.at == line);
    if area.height < 2 {
        return;
    }
    let below = Rect { y: row.y + 1, ..row };
    match form.mistake.as_ref().filter(|(at, _)| *at == line) {
        Some((_, mistake)) => confirm::draw_mistake(pen, below, &field.text(), mistake),
        None => drop(pen.put(below.x, below.y, below.width, &Safe::text(hint), theme.muted)),
    }
}
