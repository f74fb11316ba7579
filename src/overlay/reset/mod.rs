//! Moving a group's offsets: chosen in a form, shown as a plan, asked about by name, written, and told partition by
//! partition. The group is the one that was under the cursor when the key was pressed.
mod account;
mod choice;
mod draw;
mod form;
mod stages;
mod subject;
mod table;

pub use account::{count, outcome};
pub use subject::Subject;

use crate::{
    bus::Generation,
    failure::Failure,
    keymap::{Action, Context, Key},
    overlay::confirm::Question,
    panels::{Cx, Look, Mouse, MouseKind, Panel, Request, Wish},
    reset::{Done, Move, Plan},
    widgets::{Pen, list::List},
};
use form::{Asked, Form};
use jiff::Timestamp;
use ratatui::layout::Rect;
use table::Areas;

#[derive(Debug)]
pub struct Reset {
    screen: Rect,
    areas: Areas,
    form: Form,
    generation: Generation,
    /// What was asked last, to ask it again.
    asked: Option<Asked>,
    stage: Stage,
    list: List,
    /// Why the last question had no answer.
    failure: Option<Failure>,
}

/// How far it is.
#[derive(Debug)]
enum Stage {
    Choosing,
    Planning {
        since: Timestamp,
    },
    Planned(Planned),
    /// A word has to be typed; `anyway`: that of a group whose commits move, before its name.
    Asking {
        planned: Planned,
        question: Box<Question>,
        anyway: bool,
    },
    Writing {
        planned: Planned,
        since: Timestamp,
    },
    Ended(Box<Done>),
}

/// A plan, and the one before it where the partitions moved meanwhile.
#[derive(Debug)]
struct Planned {
    plan: Box<Plan>,
    before: Option<Vec<Move>>,
}

impl Reset {
    /// `R`: the form.
    pub fn form(subject: Subject, cx: &Cx) -> Self {
        Self::new(Form::new(subject, cx.session))
    }

    /// `U`: what the group's last reset here is undone with, planned at once; where there was none, the form asks for a file.
    pub fn undo(subject: Subject, cx: &mut Cx) -> Self {
        let known = cx.session.resets.undos.contains_key(&subject.group.name);
        let mut reset = Self::new(Form::undo(subject, cx.session));
        if known {
            reset.ask(cx);
        }
        reset
    }

    fn new(form: Form) -> Self {
        Self {
            screen: Rect::ZERO,
            areas: Areas::default(),
            form,
            generation: 0,
            asked: None,
            stage: Stage::Choosing,
            list: List::default(),
            failure: None,
        }
    }

    /// The plan that is shown, asked about or written.
    fn planned(&self) -> Option<&Planned> {
        match &self.stage {
            Stage::Planned(planned) | Stage::Asking { planned, .. } | Stage::Writing { planned, .. } => Some(planned),
            Stage::Choosing | Stage::Planning { .. } | Stage::Ended(_) => None,
        }
    }

    fn moves(&self) -> &[Move] {
        match &self.stage {
            Stage::Ended(done) => &done.plan.moves,
            _ => self.planned().map_or(&[], |planned| &planned.plan.moves),
        }
    }

    fn fit(&mut self) {
        self.list.set_len(self.moves().len());
        self.resize(self.screen);
    }

    fn copy(&self, cx: &mut Cx) {
        if let Stage::Ended(done) = &self.stage {
            let file = done.undo.to_string_lossy().into_owned();
            cx.wish(Wish::Say("copied the undo file's name".into()));
            cx.wish(Wish::Terminal(Request::Copy(file)));
        }
    }

    fn on_form_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => self.ask(cx),
            Action::NextField => self.form.step(true),
            Action::PreviousField => self.form.step(false),
            Action::Right => self.form.turn(true, cx.session),
            Action::Left => self.form.turn(false, cx.session),
            Action::Back => cx.wish(Wish::Close),
            _ => {}
        }
    }

    fn on_plan_action(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Execute => self.question(),
            Action::Replan => self.ask_again(cx),
            Action::Back => self.choose(),
            Action::Quit => cx.wish(Wish::Close),
            movement => drop(self.list.on_action(movement)),
        }
    }

    fn on_click(&mut self, mouse: Mouse, cx: &mut Cx) {
        if matches!(self.stage, Stage::Choosing) {
            let Some(line) = self.line_at(mouse) else { return };
            match line == self.form.at {
                true => self.form.turn(true, cx.session),
                false => self.form.at = line,
            }
            return;
        }
        let rows = self.areas.rows();
        if rows.contains((mouse.x, mouse.y).into()) {
            self.list.select(self.list.view().start + usize::from(mouse.y - rows.y));
        }
    }
}

impl Panel for Reset {
    fn contexts(&self) -> &'static [Context] {
        match &self.stage {
            Stage::Choosing if self.form.is_writing() => &[Context::FormField],
            Stage::Choosing => &[Context::Form],
            Stage::Planning { .. } | Stage::Writing { .. } => &[Context::Told, Context::Rows],
            Stage::Planned(it) if account::is_writable(&it.plan) => &[Context::Plan, Context::Rows],
            Stage::Planned(_) => &[Context::Refused, Context::Rows],
            Stage::Asking { .. } => &[Context::Question],
            Stage::Ended(_) => &[Context::Outcome, Context::Rows],
        }
    }

    fn resize(&mut self, screen: Rect) {
        self.screen = screen;
        self.areas = self.cut(screen);
        self.list.set_height(usize::from(self.areas.rows().height));
    }

    fn on_action(&mut self, action: Action, cx: &mut Cx) {
        match (&self.stage, action) {
            (Stage::Choosing, action) => self.on_form_action(action, cx),
            (Stage::Planning { .. }, Action::Back) => self.choose(),
            (Stage::Planning { .. } | Stage::Writing { .. }, Action::Back | Action::Quit) => cx.wish(Wish::Close),
            (Stage::Planning { .. } | Stage::Writing { .. }, movement) => drop(self.list.on_action(movement)),
            (Stage::Planned(_), action) => self.on_plan_action(action, cx),
            (Stage::Asking { .. }, Action::Open) => self.answer(cx),
            (Stage::Asking { .. }, Action::Back) => self.back_to_plan(),
            (Stage::Ended(_), Action::UndoReset) => self.undo_this(cx),
            (Stage::Ended(_), Action::Copy) => self.copy(cx),
            (Stage::Ended(_), Action::Back | Action::Quit) => cx.wish(Wish::Close),
            (_, movement) => drop(self.list.on_action(movement)),
        }
        self.fit();
    }

    fn on_text(&mut self, key: Key, cx: &mut Cx) {
        match &mut self.stage {
            Stage::Choosing => self.form.key(key, cx.session),
            Stage::Asking { question, .. } => question.key(key),
            _ => {}
        }
    }

    fn on_paste(&mut self, text: &str, cx: &mut Cx) {
        match &mut self.stage {
            Stage::Choosing => self.form.paste(text, cx.session),
            Stage::Asking { question, .. } => question.paste(text),
            _ => {}
        }
    }

    fn on_mouse(&mut self, mouse: Mouse, cx: &mut Cx) {
        match mouse.kind {
            MouseKind::Wheel(rows) => self.list.scroll(isize::from(rows)),
            MouseKind::Click => self.on_click(mouse, cx),
        }
        self.fit();
    }

    fn draw(&self, pen: &mut Pen, look: &Look) {
        self.paint(pen, look);
    }
}
