//! How a reset looks at each of its stages.
use super::{
    Planned, Reset, Stage, account,
    form::{Form, Line},
    table::{self, Areas},
};
use crate::{
    overlay::{below_header, centred, confirm},
    panels::{Look, Mouse},
    reset::{Done, Plan},
    text::Safe,
    theme::{Role, Theme},
    widgets::{Pen, format, table::Slots, wrap},
};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::time::Duration;

/// Waiting longer than this shows for how long.
const PATIENCE: Duration = Duration::from_millis(300);
/// Columns that form and table read well in, and rows of the form.
const FORM: (u16, u16) = (76, 12);
const TABLE: u16 = 116;
/// Columns before what is chosen in the form.
const LABEL: u16 = 12;
/// Rows of sentences about the chosen partition, where there is room for them.
const WORDS: u16 = 3;
const ROOMY: u16 = 16;
/// Rows of partitions that there is room for at least, so that the frame does not jump; and rows around them: the frame,
/// the head, the heads of the table, and a blank one.
const LEAST: u16 = 6;
const AROUND: u16 = 5;

/// How grave a sentence is.
#[derive(Debug, Clone, Copy)]
enum Weight {
    Text,
    Warn,
    Bad,
}

impl Weight {
    fn role(self, theme: &Theme) -> Role {
        match self {
            Self::Text => theme.text,
            Self::Warn => theme.warn,
            Self::Bad => theme.bad,
        }
    }
}

impl Reset {
    pub(super) fn cut(&self, screen: Rect) -> Areas {
        let room = below_header(screen);
        if matches!(self.stage, Stage::Choosing) {
            return Areas::of(centred(room, FORM.0, FORM.1), 0, 0);
        }
        let width = centred(room, TABLE, room.height).width.saturating_sub(4);
        let lines = |(_, text): &(Weight, String)| wrap(&Safe::text(text), usize::from(width)).len() as u16;
        let notes: u16 = self.notes().iter().map(lines).sum();
        let foot = match &self.stage {
            Stage::Asking { question, .. } => question.rows(width),
            Stage::Planned(_) | Stage::Ended(_) if room.height >= ROOMY => WORDS,
            _ => 0,
        };
        let rows = u16::try_from(self.moves().len()).unwrap_or(u16::MAX).max(LEAST);
        let height = rows.saturating_add(AROUND + notes + foot);
        Areas::of(centred(room, TABLE, height), notes, foot)
    }

    /// Sentences about the whole, the first what it comes to.
    fn notes(&self) -> Vec<(Weight, String)> {
        let mut notes = match &self.stage {
            Stage::Planned(planned) | Stage::Asking { planned, .. } | Stage::Writing { planned, .. } => {
                warnings(planned)
            }
            Stage::Ended(done) => ending(done),
            Stage::Choosing | Stage::Planning { .. } => vec![],
        };
        if let Some(why) = &self.failure {
            notes.push((Weight::Bad, why.to_string()));
        }
        notes
    }

    pub(super) fn paint(&self, pen: &mut Pen, look: &Look) {
        let theme = *pen.theme;
        pen.clear(self.areas.frame);
        let name = match &self.stage {
            Stage::Ended(done) => &done.plan.group,
            _ => self.planned().map_or(&self.form.subject.group.name, |planned| &planned.plan.group),
        };
        let what = if self.form.to == super::choice::To::Undo { " Undo a reset " } else { " Reset offsets " };
        let room = usize::from(self.areas.frame.width.saturating_sub(22));
        let title = [(Safe::literal(what), theme.title), (Safe::text(name).fit(room).join(&" ".into()), theme.text)];
        pen.frame(self.areas.frame, true, &title);
        match &self.stage {
            Stage::Choosing => self.draw_form(pen),
            Stage::Planning { since } => self.waiting(pen, "Planning", *since, look),
            Stage::Writing { planned, since } => {
                self.draw_plan(pen, planned);
                self.waiting(pen, "Writing", *since, look);
            }
            Stage::Planned(planned) => {
                self.head(pen, &account::asked(&planned.plan, &look.session.zone));
                self.draw_plan(pen, planned);
                self.draw_age(pen, &planned.plan, look);
            }
            Stage::Asking { planned, question, .. } => {
                self.head(pen, &account::asked(&planned.plan, &look.session.zone));
                self.draw_plan(pen, planned);
                question.draw(pen, self.areas.foot);
            }
            Stage::Ended(done) => self.draw_done(pen, done),
        }
    }

    fn head(&self, pen: &mut Pen, words: &str) {
        let (area, role) = (self.areas.head, pen.theme.title);
        pen.put(area.x, area.y, area.width, &Safe::text(words), role);
    }

    /// What is waited for, and after a moment for how long.
    fn waiting(&self, pen: &mut Pen, what: &str, since: Timestamp, look: &Look) {
        let waited = format::since(since, look.session.now);
        let long = if waited > PATIENCE { format!(" {}", format::span(waited)) } else { String::new() };
        let (area, role) = (self.areas.head, pen.theme.muted);
        pen.put(area.x, area.y, area.width, &Safe::from(format!("{what} …{long}")), role);
    }

    fn draw_notes(&self, pen: &mut Pen) {
        let mut area = self.areas.notes;
        for (weight, text) in self.notes() {
            let role = weight.role(pen.theme);
            let used = pen.paragraph(area, &Safe::from(text), role);
            area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
        }
    }

    /// How old the plan is: partitions move on. It is read anew before it is written.
    fn draw_age(&self, pen: &mut Pen, plan: &Plan, look: &Look) {
        let age = format::since(plan.at, look.session.now);
        let clock = format::clock(plan.at, &look.session.zone);
        let words = match age.as_secs() {
            0..=9 => format!(" planned {clock} "),
            _ => format!(" planned {clock}, {} ago ", format::span(age)),
        };
        let role = pen.theme.muted;
        pen.foot(self.areas.frame, &[(Safe::from(words), role)]);
    }

    fn draw_plan(&self, pen: &mut Pen, planned: &Planned) {
        self.draw_notes(pen);
        let theme = *pen.theme;
        let moves = &planned.plan.moves;
        let cell = |row: usize, column: usize| {
            let step = moves.get(row)?;
            let before = planned.before.iter().flatten();
            let before = before.into_iter().find(|it| it.topic == step.topic && it.partition == step.partition);
            Some(table::planned(step, before, column, &theme))
        };
        self.draw_table(pen, false, cell);
        if matches!(self.stage, Stage::Planned(_)) {
            let words = moves.get(self.list.cursor()).map(|step| table::explain(step, None));
            pen.paragraph(self.areas.foot, &Safe::from(words.unwrap_or_default()), theme.text);
        }
    }

    fn draw_done(&self, pen: &mut Pen, done: &Done) {
        self.head(pen, &account::outcome(done));
        self.draw_notes(pen);
        let theme = *pen.theme;
        let moves = &done.plan.moves;
        self.draw_table(pen, true, |row, column| {
            moves.get(row).map(|step| table::ended(step, done.outcomes.get(row), column, &theme))
        });
        let at = self.list.cursor();
        let words = moves.get(at).map(|step| table::explain(step, done.outcomes.get(at)));
        pen.paragraph(self.areas.foot, &Safe::from(words.unwrap_or_default()), theme.text);
    }

    fn draw_table(&self, pen: &mut Pen, ended: bool, cell: impl Fn(usize, usize) -> Option<(Safe, Role)>) {
        let area = self.areas.table;
        if area.height == 0 || self.moves().is_empty() {
            return;
        }
        let columns = table::columns(self.moves(), ended);
        let slots = Slots::fit(&columns, area.width);
        pen.heads(Rect { height: 1, ..area }, &columns, &slots, None);
        for (y, row) in (self.areas.rows().y..).zip(self.list.view()) {
            let line = Rect { y, height: 1, ..area };
            pen.row(line, &columns, &slots, |column| cell(row, column).unwrap_or_default());
            if row == self.list.cursor() {
                pen.tint(line, pen.theme.selection);
            }
        }
    }

    /// The row of each line of the form; fields have one more below for what is wrong.
    fn line_rows(&self) -> Vec<(Line, u16)> {
        let first = self.areas.frame.y + 1;
        let long = |line: &Line| if matches!(line, Line::Partitions | Line::Value) { 2 } else { 1 };
        let place = |y: &mut u16, line: Line| {
            let at = *y;
            *y += long(&line);
            Some((line, at))
        };
        self.form.lines().into_iter().scan(first, place).collect()
    }

    pub(super) fn line_at(&self, mouse: Mouse) -> Option<Line> {
        let inside = self.areas.frame.contains((mouse.x, mouse.y).into());
        self.line_rows().into_iter().filter(|_| inside).find(|(_, y)| *y == mouse.y).map(|(line, _)| line)
    }

    fn draw_form(&self, pen: &mut Pen) {
        let inner = self.areas.head;
        let bottom = self.areas.frame.bottom().saturating_sub(1);
        let mut last = inner.y;
        for (line, y) in self.line_rows() {
            draw_line(pen, &self.form, line, Rect { y, height: 2.min(bottom.saturating_sub(y)), ..inner });
            last = y + 1 + u16::from(matches!(line, Line::Partitions | Line::Value));
        }
        let words = Rect { y: last, height: bottom.saturating_sub(last), ..inner };
        match &self.failure {
            Some(why) => pen.paragraph(words, &Safe::from(why.to_string()), pen.theme.bad),
            None => {
                let promise = "Nothing is written before you have seen the plan and typed the group's name.";
                pen.paragraph(words, &Safe::literal(promise), pen.theme.muted)
            }
        };
    }
}

/// What a person has to know of a plan before anything else.
fn warnings(planned: &Planned) -> Vec<(Weight, String)> {
    let plan = &planned.plan;
    let mut words = vec![(Weight::Text, account::sum(plan))];
    if let Some(why) = &plan.refused {
        words.push((Weight::Bad, format!("Nothing can be written. {why}; then r plans anew.")));
    }
    if planned.before.is_some() {
        let moved =
            "Nothing was written: partitions moved since the plan was made. This is the plan of now; look at it again.";
        words.push((Weight::Warn, moved.into()));
    }
    if plan.moving {
        words
            .push((Weight::Warn, "The group has no members, and yet its commits move: somebody reads by hand.".into()));
    }
    words
}

fn ending(done: &Done) -> Vec<(Weight, String)> {
    let whole = done
        .plan
        .moves
        .iter()
        .zip(&done.outcomes)
        .all(|(step, it)| matches!(account::End::of(step, it), account::End::Stands | account::End::Skipped));
    let undo = format!("What stood there before is in {} · U undoes it.", done.undo.display());
    let mut words = vec![(Weight::Text, undo)];
    if !whole || done.outcomes.len() < done.plan.moves.len() {
        words.insert(0, (Weight::Warn, "Not every partition stands where the plan says; see below.".into()));
    }
    words
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
