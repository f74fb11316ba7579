//! What a plan or its outcome comes to, in words; offsets, because markers and compacted records count too.
use crate::{
    reset::{Done, Move, Outcome, Plan, Scope, Strategy},
    widgets::format::grouped,
};
use jiff::{Timestamp, tz::TimeZone};

/// Is there anything to write, and may it be written?
pub fn is_writable(plan: &Plan) -> bool {
    plan.refused.is_none() && plan.moves.iter().any(|step| step.new.is_ok())
}

/// What was asked for, in a line.
pub fn asked(plan: &Plan, zone: &TimeZone) -> String {
    let scope = match (&plan.scope, &plan.strategy) {
        (_, Strategy::File(_) | Strategy::Undo(_)) => String::new(),
        (Scope::All, _) => "all topics with commits ".into(),
        (Scope::Topics(topics), _) => {
            let names: Vec<String> = topics.iter().map(|(topic, _)| topic.to_string()).collect();
            format!("{} ", names.join(", "))
        }
    };
    let to = match &plan.strategy {
        Strategy::Earliest => "to the earliest".into(),
        Strategy::Latest => "to the latest".into(),
        Strategy::Current => "where it stands".into(),
        Strategy::Offset(offset) => format!("to offset {}", grouped(*offset)),
        Strategy::ShiftBy(by) => format!("shifted by {}", signed(*by)),
        Strategy::Time(ms) => format!("to {}", time(*ms, zone)),
        Strategy::File(_) => "to what the file says".into(),
        Strategy::Undo(_) => "back to what stood there".into(),
    };
    format!("{scope}{to}")
}

fn time(ms: i64, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(ms) {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => format!("{ms} ms"),
    }
}

/// What a plan would do, the greatest first.
pub fn sum(plan: &Plan) -> String {
    let (moves, changes) = (&plan.moves, plan.changes());
    if moves.is_empty() {
        return "No partition: the group has no commits there.".into();
    }
    let tally = |is: fn(&Move) -> bool| moves.iter().filter(|step| is(step)).count();
    let unknown = tally(|step| step.new.is_err());
    let mut words = vec![format!("{} of {} move", grouped(changes as i64), count(moves.len(), "partition"))];
    let mut say = |n: i64, what: &str| {
        if n > 0 {
            words.push(format!("{} {what}", grouped(n)));
        }
    };
    say(plan.skipped(), "offsets skipped");
    say(plan.read_again(), "read again");
    say(tally(|step| step.clamped.is_some()) as i64, "clamped");
    say(tally(|step| step.old.is_none() && matches!(step.new, Ok(Some(_)))) as i64, "had no commit");
    say(tally(|step| step.old.is_some() && step.new == Ok(None)) as i64, "to be deleted");
    say(unknown as i64, "unknown, not written");
    words.join(" · ")
}

/// What became of it: `4 of 6 partitions written · 1 refused · 1 changed under it`.
pub fn outcome(done: &Done) -> String {
    let all = done.plan.moves.len();
    let ends: Vec<End> = done.plan.moves.iter().zip(&done.outcomes).map(|(step, it)| End::of(step, it)).collect();
    let tally = |is: fn(&End) -> bool| ends.iter().filter(|end| is(end)).count();
    let written = tally(|end| *end != End::Refused && *end != End::Skipped);
    let mut words = vec![format!("{written} of {} written", count(all, "partition"))];
    let mut say = |n: usize, what: &str| {
        if n > 0 {
            words.push(format!("{n} {what}"));
        }
    };
    say(tally(|end| *end == End::Refused), "refused");
    say(tally(|end| *end == End::Changed), "changed under it");
    say(tally(|end| *end == End::Unread), "not read back");
    say(tally(|end| *end == End::Skipped), "left alone");
    say(all.saturating_sub(ends.len()), "without an answer");
    words.join(" · ")
}

/// How one partition ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Stands,
    Refused,
    /// Written, and something else stands there since.
    Changed,
    /// Written, and what stands there could not be read.
    Unread,
    /// It had no new offset.
    Skipped,
}

impl End {
    pub fn of(step: &Move, outcome: &Outcome) -> Self {
        match (&step.new, &outcome.written, &outcome.stands) {
            (Err(_), ..) => Self::Skipped,
            (Ok(_), Err(_), _) => Self::Refused,
            (Ok(_), Ok(()), Err(_)) => Self::Unread,
            (Ok(new), Ok(()), Ok(stands)) if new == stands => Self::Stands,
            (Ok(_), Ok(()), Ok(_)) => Self::Changed,
        }
    }
}

/// `1 commit`, `1,200 commits`
pub fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(i64::try_from(n).unwrap_or(i64::MAX)), if n == 1 { "" } else { "s" })
}

/// `+1,200`, `-3`, `0`
pub fn signed(n: i64) -> String {
    let sign = if n > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(n))
}
