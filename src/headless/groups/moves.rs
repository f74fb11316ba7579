//! What a reset would do, or has done, partition by partition: as a table, as objects, as the CSV of Kafka's tool.
use crate::{
    failure::Failure,
    headless::{Done, Out, table::Table},
    reset::{
        Move, Outcome, Plan, Target,
        account::offset,
        csv::{self, Form},
    },
    text::Safe,
};
use serde::Serialize;

/// A plan, and what became of each of its moves once it was carried out.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub plan: &'a Plan,
    pub outcomes: Option<&'a [Outcome]>,
}

impl<'a> Told<'a> {
    fn steps(self) -> impl Iterator<Item = Step<'a>> {
        let outcome = move |at| self.outcomes.and_then(|outcomes: &[Outcome]| outcomes.get(at));
        let steps = self.plan.moves.iter().enumerate();
        steps.map(move |(at, step)| Step { group: &self.plan.group, step, outcome: outcome(at) })
    }
}

/// One move, and what became of it.
#[derive(Debug, Clone, Copy)]
struct Step<'a> {
    group: &'a str,
    step: &'a Move,
    outcome: Option<&'a Outcome>,
}

impl Step<'_> {
    /// Why it is not, or will not be, where it should.
    fn failure(&self) -> Option<String> {
        match self.outcome {
            Some(outcome) => outcome.failure(self.step),
            None => self.step.new.as_ref().err().map(Failure::to_string),
        }
    }

    /// What a person should know of a move before it is made.
    fn notes(&self) -> String {
        let step = self.step;
        let mut notes = Vec::new();
        let mut note = |there: bool, words: String| notes.extend(there.then_some(words));
        note(step.clamped.is_some(), format!("clamped from {}", offset(step.clamped)));
        let outside = step.outside().filter(|_| step.changes());
        note(outside.is_some(), format!("{}, as it stood", outside.unwrap_or_default()));
        note(step.nothing_since, "nothing that new: the end".into());
        note(step.new == Ok(None), "its commit is deleted".into());
        note(step.old.is_none() && step.new.is_ok(), "no commit before".into());
        note(step.lost() > 0, format!("{} lost to retention", step.lost()));
        note(step.ahead() > 0, format!("was {} beyond the end", step.ahead()));
        note(step.skipped() > 0, format!("skips {}", step.skipped()));
        note(step.read_again() > 0, format!("reads {} again", step.read_again()));
        notes.join(", ")
    }

    fn cells(&self) -> [Safe; 7] {
        let step = self.step;
        let new = step.new.as_ref().map_or("?".into(), |new| offset(*new));
        let delta = match step.delta() {
            None => "–".to_owned(),
            Some(0) => "0".to_owned(),
            Some(delta) => format!("{delta:+}"),
        };
        let notes = self.failure().unwrap_or_else(|| self.notes());
        [
            Safe::text(self.group),
            Safe::text(&step.topic),
            Safe::from(step.partition.to_string()),
            Safe::from(offset(step.old)),
            Safe::from(new),
            Safe::from(delta),
            Safe::text(&notes),
        ]
    }
}

pub fn table(told: &[Told<'_>], out: &mut Out) -> Done {
    let done = told.iter().any(|told| told.outcomes.is_some());
    let heads = ["GROUP", "TOPIC", ">PARTITION", ">OLD-OFFSET", ">NEW-OFFSET", ">DELTA"];
    let heads: Vec<_> = heads.into_iter().chain(done.then_some(">STANDS-AT")).chain(["NOTE"]).collect();
    let mut table = Table::new(&heads);
    for step in told.iter().flat_map(|told| told.steps()) {
        let [cells @ .., note] = step.cells();
        let stands = step.outcome.map(|outcome| match &outcome.stands {
            Ok(stands) => Safe::from(offset(*stands)),
            Err(_) => Safe::literal("?"),
        });
        table.row(cells.into_iter().chain(stands).chain([note]));
    }
    out.table(&table)
}

/// One move as an object.
#[derive(Debug, Serialize)]
struct Line<'a> {
    group: &'a str,
    topic: &'a str,
    partition: i32,
    start: Option<i64>,
    end: Option<i64>,
    old: Option<i64>,
    new: Option<i64>,
    delta: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clamped: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    nothing_since: bool,
    skipped: i64,
    read_again: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stands: Option<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub fn json(told: &[Told<'_>], out: &mut Out) -> Done {
    told.iter().flat_map(|told| told.steps()).try_for_each(|step| out.json(&line(&step)))
}

fn line<'a>(told: &Step<'a>) -> Line<'a> {
    let step = told.step;
    Line {
        group: told.group,
        topic: &step.topic,
        partition: step.partition,
        start: step.start,
        end: step.end,
        old: step.old,
        new: step.new.as_ref().ok().copied().flatten(),
        delta: step.delta(),
        clamped: step.clamped,
        nothing_since: step.nothing_since,
        skipped: step.skipped(),
        read_again: step.read_again(),
        written: told.outcome.map(|outcome| outcome.written.is_ok()),
        stands: told.outcome.and_then(|outcome| outcome.stands.as_ref().ok().copied()),
        error: told.failure(),
    }
}

/// The new offsets; the short form leaves out the group.
pub fn csv(plans: &[Plan], form: Form) -> String {
    let target = |step: &Move| Target {
        topic: step.topic.clone(),
        partition: step.partition,
        offset: step.new.as_ref().ok().copied().flatten(),
    };
    let lines = plans.iter().flat_map(|plan| plan.moves.iter().map(move |step| (plan, step)));
    lines.filter_map(|(plan, step)| csv::line(form, &plan.group, &target(step))).collect()
}
