//! The last column: what the numbers mean, and every other fact that applies, the gravest first.
use super::{
    cells::{Cell, Sight, Tone},
    row::{Reading, Row},
};
use crate::{
    group::GroupType,
    lag::{Behind, Status, Total, Verdict},
    text::Safe,
    widgets::format::{short, span},
};

type Fact = (String, Tone);

/// All facts in one line; the first gives it its tone.
pub fn cell(row: &Row, sight: &Sight) -> Cell {
    let Some(reading) = &row.reading else { return (Safe::default(), Tone::Muted) };
    let mut facts = vec![];
    let known = row.last_known(sight.now).map(|(lag, age)| format!("last known {}, {} ago", short(lag), span(age)));
    if known.is_none() {
        facts.extend(row.age(sight.now).map(|age| (format!("{} old", span(age)), Tone::Warn)));
    }
    match &reading.total {
        Ok(total) => {
            let (verdict, odd) = (verdict(row, reading, sight), partitions(reading, total));
            // What is known for certain goes before what is still being watched.
            let watching = reading.verdict.as_ref().is_some_and(|told| told.status == Status::Observing);
            match watching && total.unknown > 0 {
                true => facts.extend(odd.into_iter().chain(verdict)),
                false => facts.extend(verdict.into_iter().chain(odd)),
            }
        }
        Err(why) => facts.push((format!("unknown: {}", why.answered), Tone::Warn)),
    }
    facts.extend(known.map(|known| (known, Tone::Muted)));
    facts.extend(beside(row, reading, sight));
    let tone = facts.first().map_or(Tone::Muted, |(_, tone)| *tone);
    let words: Vec<String> = facts.into_iter().map(|(words, _)| words).collect();
    (Safe::from(words.join(" · ")), tone)
}

/// While partitions change hands nobody can be stuck or stopped.
fn verdict(row: &Row, reading: &Reading, sight: &Sight) -> Option<Fact> {
    let told = reading.verdict.as_ref();
    let outranks = told.is_some_and(|told| matches!(told.status, Status::Lost | Status::Ahead));
    let moving = row.group.state.is_rebalancing() || matches!(&reading.total, Ok(total) if total.rebalancing > 0);
    match told {
        _ if moving && !outranks => Some(("rebalancing".into(), Tone::Warn)),
        // Too little was seen to say how it goes on, and there is nothing left to read.
        _ if reading.is_caught_up() => Some((Status::Ok.phrase().into(), Tone::Good)),
        // Its label says so already.
        _ if reading.has_no_commit() && reading.commits_nothing => None,
        _ if reading.has_no_commit() => Some(("no commits".into(), Tone::Muted)),
        // How many are lost, ahead or without commit is said with the partitions.
        Some(told) if !outranks && told.status != Status::NoCommit => Some((phrase(told, sight), tone(told.status))),
        _ => None,
    }
}

fn phrase(told: &Verdict, sight: &Sight) -> String {
    let words = told.status.phrase();
    match &told.at {
        Some((topic, partition, offset)) if told.status == Status::Stuck => {
            let elsewhere = if sight.topic == Some(topic) { String::new() } else { format!("{topic} ") };
            format!("{words} at {elsewhere}p{partition}@{offset}")
        }
        _ => words.into(),
    }
}

fn tone(status: Status) -> Tone {
    match status {
        Status::Ok => Tone::Good,
        Status::Observing | Status::NoCommit => Tone::Muted,
        Status::FallingBehind | Status::Rewound | Status::Ahead => Tone::Warn,
        Status::Stuck | Status::Stopped | Status::Lost => Tone::Bad,
    }
}

/// What is odd about partitions.
fn partitions(reading: &Reading, total: &Total) -> Vec<Fact> {
    let why = reading.why.as_ref().map_or("not told", |why| why.answered.as_str());
    let none = reading.has_no_commit();
    [
        (total.lost > 0, format!("{} lost", short(total.lost)), Tone::Bad),
        (total.ahead > 0, format!("+{} ahead", short(total.ahead)), Tone::Warn),
        (total.unknown > 0, format!("unknown: {why}"), Tone::Warn),
        (reading.held_back > 0, format!("{} held back by an open transaction", short(reading.held_back)), Tone::Muted),
        (!none && total.no_commit > 0, format!("+{} without commit", total.no_commit), Tone::Muted),
    ]
    .into_iter()
    .filter_map(|(applies, words, tone)| applies.then_some((words, tone)))
    .collect()
}

/// What is odd about the group.
fn beside(row: &Row, reading: &Reading, sight: &Sight) -> Vec<Fact> {
    let mut facts = vec![];
    if let Err(why) = &reading.members {
        facts.push((format!("members unknown: {}", why.answered), Tone::Warn));
    }
    if let told @ Behind::Skewed(_) = row.history.behind(sight.now) {
        facts.push((told.phrase(), Tone::Warn));
    }
    let share = (row.group.kind == GroupType::Share).then(|| "share group".to_owned());
    facts.extend(share.into_iter().chain(reading.label.clone()).map(|label| (label, Tone::Muted)));
    facts
}
