//! Moving a group's offsets on the screen, from the key to the account of what was written.
#![allow(clippy::expect_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
mod common;
#[path = "reset/form.rs"]
mod form;
#[path = "reset/hostile.rs"]
mod hostile;
#[path = "reset/plans.rs"]
mod plans;
#[path = "reset/removing.rs"]
mod removing;
#[path = "reset/writing.rs"]
mod writing;

use common::{Screen, groups::*};
use kafscope::{
    app::Start,
    bus::{Command, Event, Generation},
    failure::Failure,
    group::{GroupLag, GroupState as S},
    reset::{Done, Move, Outcome, Plan, Scope, Strategy},
};

/// Topics `orders` and `payments`; the Lag panel has the keys, and `billing` reads both without members.
fn panel(width: u16, height: u16) -> Screen {
    panel_of(common::start(), width, height, billing(0))
}

fn panel_of(start: Start, width: u16, height: u16, group: GroupLag) -> Screen {
    let mut s = Screen::with(start, width, height);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]).press("3").with_groups(vec![group]);
    s.sent();
    s
}

fn billing(members: usize) -> GroupLag {
    let orders = |p, committed| partition("orders", p, 100, 1_000, committed);
    let partitions = vec![orders(0, Some(400)), orders(1, None), partition("payments", 2, 0, 90, Some(90))];
    lag("billing", if members > 0 { S::Stable } else { S::Empty }, members, partitions)
}

/// The group view of `billing`, read, with its first partition chosen.
fn view(width: u16, height: u16, members: usize) -> Screen {
    let mut s = panel(width, height);
    s.press("<enter>");
    let at = s.now();
    s.hear(Event::GroupRead { generation: 1, group: Box::new(billing(members)), at });
    s.sent();
    s
}

/// One partition of `orders`, between 100 and 1,000.
fn step(partition: i32, old: Option<i64>, new: Option<i64>) -> Move {
    Move {
        topic: "orders".into(),
        partition,
        start: Some(100),
        end: Some(1_000),
        old,
        new: Ok(new),
        clamped: None,
        nothing_since: false,
    }
}

fn plan(s: &Screen, moves: Vec<Move>) -> Plan {
    Plan {
        group: "billing".into(),
        scope: Scope::All,
        strategy: Strategy::Earliest,
        moves,
        refused: None,
        moving: false,
        at: s.now(),
    }
}

fn two(s: &Screen) -> Plan {
    plan(s, vec![step(0, Some(400), Some(100)), step(1, Some(500), Some(100))])
}

/// The one command since the last look.
#[track_caller]
fn only(s: &mut Screen) -> Command {
    let mut sent = s.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    sent.remove(0)
}

/// The question that a command asks.
fn generation(command: &Command) -> Generation {
    match command {
        Command::PlanReset { generation, .. }
        | Command::PlanUndo { generation, .. }
        | Command::Reset { generation, .. }
        | Command::ForgetOffsets { generation, .. }
        | Command::DeleteGroup { generation, .. } => *generation,
        other => panic!("{other:?}"),
    }
}

/// `R` on `billing`, and this plan for an answer.
fn planned(s: &mut Screen, make: impl Fn(&Screen) -> Plan) -> &mut Screen {
    s.press("R <enter>");
    let asked = only(s);
    let plan = Box::new(make(s));
    s.hear(Event::ResetPlanned { generation: generation(&asked), plan })
}

/// The same, confirmed: what is written, and by which question.
fn confirmed(s: &mut Screen, make: impl Fn(&Screen) -> Plan) -> (Plan, std::path::PathBuf, Generation) {
    planned(s, make).press("<enter> billing <enter>");
    match only(s) {
        Command::Reset { plan, undo, generation } => (*plan, undo, generation),
        other => panic!("{other:?}"),
    }
}

/// Written as planned, and standing there.
fn written(plan: &Plan) -> Vec<Outcome> {
    plan.moves.iter().map(|step| Outcome { written: Ok(()), stands: step.new.clone() }).collect()
}

fn ended<'a>(
    s: &'a mut Screen,
    (plan, undo, generation): (Plan, std::path::PathBuf, Generation),
    outcomes: Vec<Outcome>,
) -> &'a mut Screen {
    let done = Box::new(Done { plan, undo, outcomes });
    s.hear(Event::ResetEnded { generation, done })
}

fn failure(answered: &str) -> Failure {
    Failure::new("moving offsets of billing", answered, "try again")
}
