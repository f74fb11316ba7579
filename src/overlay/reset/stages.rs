//! From one stage of a reset to the next: what is asked of Kafka, and what its answers change. An answer to an older
//! question changes nothing.
use super::{
    Planned, Reset, Stage, account,
    form::{Asked, Form},
};
use crate::{
    bus::{Command, Generation},
    failure::Failure,
    overlay::confirm::{self, Question},
    panels::{Cx, Request, Wish},
    reset::{Done, Plan, Strategy, csv, undo},
};
use std::path::Path;

impl Reset {
    /// The form is done: a file is read first, anything else is planned.
    pub(super) fn ask(&mut self, cx: &mut Cx) {
        if let Some(asked) = self.form.asked(cx.session) {
            self.asked = Some(asked);
            self.ask_again(cx);
        }
    }

    pub(super) fn ask_again(&mut self, cx: &mut Cx) {
        let group = self.form.subject.group.name.clone();
        self.failure = None;
        match self.asked.clone() {
            None => {}
            Some(Asked::File(file)) => cx.wish(Wish::Terminal(Request::Read(file))),
            Some(Asked::Plan(scope, strategy)) => {
                self.plan(cx, |generation| Command::PlanReset { group, scope, strategy, generation });
            }
            Some(Asked::Undo(file)) => self.plan(cx, |generation| Command::PlanUndo { file, generation }),
        }
    }

    fn plan(&mut self, cx: &mut Cx, command: impl FnOnce(Generation) -> Command) {
        cx.session.resets.generation += 1;
        self.generation = cx.session.resets.generation;
        self.stage = Stage::Planning { since: cx.session.now };
        cx.send(command(self.generation));
    }

    /// A file was read that the form named.
    pub fn on_text_read(&mut self, file: &Path, text: &Result<String, Failure>, cx: &mut Cx) {
        if !matches!(&self.asked, Some(Asked::File(asked)) if asked == file) {
            return;
        }
        let group = self.form.subject.group.name.clone();
        let targets = text.as_ref().map_err(Clone::clone).and_then(|text| {
            let groups = csv::read(text, std::slice::from_ref(&group)).map_err(|mistake| mistake.of(file))?;
            csv::of(&groups, &group, file)
        });
        match targets {
            Ok(targets) => {
                let (scope, strategy) = (crate::reset::Scope::All, Strategy::File(targets));
                self.plan(cx, |generation| Command::PlanReset { group, scope, strategy, generation });
            }
            Err(why) => {
                self.stage = Stage::Choosing;
                self.failure = Some(why);
            }
        }
        self.fit();
    }

    /// A plan; while one is written it means that partitions moved since, and it is to be confirmed anew.
    /// `true` when this is where it was waited for.
    pub fn on_planned(&mut self, generation: Generation, plan: &Plan) -> bool {
        let waits = matches!(self.stage, Stage::Planning { .. } | Stage::Writing { .. });
        if generation != self.generation || !waits {
            return false;
        }
        let before = match &self.stage {
            Stage::Writing { planned, .. } => Some(planned.plan.moves.clone()),
            _ => None,
        };
        self.stage = Stage::Planned(Planned { plan: Box::new(plan.clone()), before });
        self.list.select(0);
        self.fit();
        true
    }

    /// `true` when this is where the answer was waited for.
    pub fn on_ended(&mut self, generation: Generation, done: &Done) -> bool {
        let mine = generation == self.generation && matches!(self.stage, Stage::Writing { .. });
        if mine {
            self.stage = Stage::Ended(Box::new(done.clone()));
            self.fit();
        }
        mine
    }

    /// Planning failed: back to the form. Writing failed: the plan stands, and why.
    pub fn on_failed(&mut self, generation: Generation, why: &Failure) {
        if generation != self.generation {
            return;
        }
        self.stage = match std::mem::replace(&mut self.stage, Stage::Choosing) {
            Stage::Planning { .. } => Stage::Choosing,
            Stage::Writing { planned, .. } => Stage::Planned(planned),
            other => other,
        };
        self.failure = Some(why.clone());
        self.fit();
    }

    /// Back to the form; an answer that still comes is dropped.
    pub(super) fn choose(&mut self) {
        self.generation = 0;
        self.failure = None;
        self.stage = Stage::Choosing;
    }

    pub(super) fn back_to_plan(&mut self) {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Choosing) {
            Stage::Asking { planned, .. } => Stage::Planned(planned),
            other => other,
        };
    }

    /// `enter` on a plan asks for its group's name.
    pub(super) fn question(&mut self) {
        let writable = matches!(&self.stage, Stage::Planned(planned) if account::is_writable(&planned.plan));
        if !writable {
            return;
        }
        let Stage::Planned(planned) = std::mem::replace(&mut self.stage, Stage::Choosing) else { return };
        let anyway = planned.plan.moving;
        let question = Box::new(if anyway { moving(&planned.plan) } else { name(&planned.plan) });
        self.failure = None;
        self.stage = Stage::Asking { planned, question, anyway };
    }

    pub(super) fn answer(&mut self, cx: &mut Cx) {
        let Stage::Asking { planned, question, anyway } = &mut self.stage else { return };
        if !question.answer() {
            return;
        }
        if std::mem::take(anyway) {
            **question = name(&planned.plan);
            return;
        }
        let Stage::Asking { planned, .. } = std::mem::replace(&mut self.stage, Stage::Choosing) else { return };
        cx.session.resets.generation += 1;
        self.generation = cx.session.resets.generation;
        let file = undo::file_name(&planned.plan.group, cx.session.now);
        let undo = cx.session.resets.directory.join(file);
        cx.send(Command::Reset { plan: planned.plan.clone(), undo, generation: self.generation });
        self.stage = Stage::Writing { planned, since: cx.session.now };
    }

    /// `U` on what was written: the plan that takes it back.
    pub(super) fn undo_this(&mut self, cx: &mut Cx) {
        let Stage::Ended(done) = &self.stage else { return };
        let (file, group) = (done.undo.clone(), done.plan.group.clone());
        cx.session.resets.undos.insert(group, file);
        self.form = Form::undo(self.form.subject.clone(), cx.session);
        self.ask(cx);
    }
}

/// What the name confirms.
fn name(plan: &Plan) -> Question {
    let changes = plan.changes();
    let what = format!(
        "{} of {} will be written. What stands there now is kept in an undo file first.",
        account::count(changes, "commit"),
        confirm::shown(&plan.group)
    );
    Question::new(what, confirm::word(&plan.group, "reset", changes))
}

fn moving(plan: &Plan) -> Question {
    let what = format!(
        "{} has no members, and yet its commits move: somebody reads with partitions assigned by hand, and will write over \
         what is written here. Stop that reader first, or go on all the same.",
        confirm::shown(&plan.group)
    );
    Question::new(what, "anyway")
}
