//! How a reset looks at each of its stages.
use super::{
    Planned, Reset, Stage, account,
    choice::To,
    form::Asked,
    table::{self, Areas},
};
use crate::{
    overlay::{below_header, centred},
    panels::Look,
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
const FORM: (u16, u16) = (84, 9);
const TABLE: u16 = 116;
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
            return Areas::of(centred(room, FORM.0, FORM.1.max(self.line_heights() + 6)), 0, 0);
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
        let what = if self.form.to == To::Undo { " Undo a reset " } else { " Reset offsets " };
        let room = usize::from(self.areas.frame.width.saturating_sub(22));
        let title = [(Safe::literal(what), theme.title), (Safe::text(name).fit(room).join(&" ".into()), theme.text)];
        pen.frame(self.areas.frame, true, &title);
        match &self.stage {
            Stage::Choosing => self.draw_form(pen, look),
            Stage::Planning { since } => self.waiting(pen, "Planning", *since, look),
            Stage::Writing { planned, since } => {
                self.draw_plan(pen, planned);
                self.waiting(pen, "Writing", *since, look);
            }
            Stage::Planned(planned) => {
                self.head(pen, &self.wanted(planned, look));
                self.draw_plan(pen, planned);
                self.draw_age(pen, &planned.plan, look);
            }
            Stage::Asking { planned, question, .. } => {
                self.head(pen, &self.wanted(planned, look));
                self.draw_plan(pen, planned);
                question.draw(pen, self.areas.foot);
            }
            Stage::Ended(done) => self.draw_done(pen, done),
        }
    }

    /// What the plan was made for.
    fn wanted(&self, planned: &Planned, look: &Look) -> String {
        match &self.asked {
            Some(Asked::Undo(file)) => format!("back to {}", file.display()),
            Some(Asked::File(file)) => format!("to what {} says", file.display()),
            _ => account::asked(&planned.plan, &look.session.zone),
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
}

/// What a person has to know of a plan before anything else.
fn warnings(planned: &Planned) -> Vec<(Weight, String)> {
    let plan = &planned.plan;
    let mut words = vec![(Weight::Text, account::sum(plan))];
    if let Some(why) = &plan.refused {
        let advice = if why.advice.is_empty() { String::new() } else { format!("; {}", why.advice) };
        words.push((Weight::Bad, format!("Nothing can be written: {}{advice}; then r plans anew.", why.answered)));
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
