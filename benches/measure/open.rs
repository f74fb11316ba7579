//! From a key to the records it asks for: a topic opened from the list, an offset and a time gone to.
use crate::{
    samples::Samples,
    sets::{self, Set},
    stage::Stage,
    target,
    terminal::Terminal,
};
use anyhow::{Context, Result, ensure};
use crossterm::event::{KeyCode, KeyModifiers};
use kafscope::keymap;
use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

const ROUNDS: usize = 20;
/// The screen is quiet between two rounds.
const REST: Duration = Duration::from_millis(300);
/// Opened from its end, a screenful of a topic is among these.
const LAST: u64 = 200;

pub fn run() -> Result<()> {
    let stage = Stage::find()?;
    let (set, other) = (sets::small()?, sets::needles()?);
    set.put_on(&stage)?;
    other.put_on(&stage)?;
    let mut terminal = Terminal::open(&["-b", &stage.bootstrap, "-t", &other.topic])?;
    terminal.until("the other topic", is_other)?;
    let opened = topics(&mut terminal, &set, &other)?;
    println!("open, enter on a topic of {} records to its first on the screen: {opened}", set.records);
    target::at_most("open, a topic", opened.median(), 50.0, " ms");
    let (offset, at) = places(&stage, &set)?;
    ensure!(can_go(), "kafscope has no key `s` in Tail that goes to a place: nothing more to measure");
    for (what, place) in [("an offset", offset), ("a time", at)] {
        let went = go(&mut terminal, &set, &other, &place)?;
        println!("open, to {what} ({}): {went}", place.text);
        target::at_most(&format!("open, to {what}"), went.median(), 100.0, " ms");
    }
    terminal.quit()
}

/// Opens one and the other in turn; the times of the first.
fn topics(terminal: &mut Terminal, set: &Set, other: &Set) -> Result<Samples> {
    let mut opened = Samples::default();
    for _ in 0..ROUNDS {
        opened.push(enter(terminal, set, other)?);
    }
    Ok(opened)
}

/// From the other topic to this one: until a record of its end is on the screen.
fn enter(terminal: &mut Terminal, set: &Set, other: &Set) -> Result<Duration> {
    if !is_other(&terminal.screen()) {
        choose(terminal, &other.topic)?;
        terminal.until("the other topic", is_other)?;
    }
    let pressed = choose(terminal, &set.topic)?;
    let newest = set.records.saturating_sub(LAST)..set.records;
    let shown = terminal.until("a record", |screen| numbers(screen).any(|n| newest.contains(&n)))?;
    terminal.pass(REST)?;
    Ok(shown - pressed)
}

/// Only the other one has documents in it.
fn is_other(screen: &str) -> bool {
    screen.contains(r#"{"id":"#)
}

/// With the cursor on it, `enter`; the time of that.
fn choose(terminal: &mut Terminal, topic: &str) -> Result<Instant> {
    terminal.press("1\x1b")?;
    terminal.pass(REST)?; // an escape and a key at once would be another key
    terminal.press("/")?;
    terminal.press(topic)?;
    terminal.until("the topic alone", |screen| screen.contains("1 Topics  1 of "))?;
    terminal.press("\r")?;
    terminal.pass(REST)?;
    terminal.press("\r")
}

/// The words that are numbers. Ours stand at the beginning of a value; offsets have commas.
fn numbers(screen: &str) -> impl Iterator<Item = u64> {
    screen.split_whitespace().filter_map(|word| word.parse().ok())
}

/// Where to go, and the records of which one must come: the first from there on in any partition.
struct Place {
    text: String,
    records: HashSet<u64>,
}

/// The middle of every partition, and the time of a record further on.
fn places(stage: &Stage, set: &Set) -> Result<(Place, Place)> {
    let partitions = set.partitions as u64;
    let middle = set.records / partitions / 2;
    let numbers = (0..partitions).map(|partition| middle * partitions + partition);
    let offset = Place { text: format!("offset:{middle}"), records: numbers.collect() };
    let at = stage.timestamp(&set.topic, 0, (middle + middle / 2) as i64)?;
    let firsts = stage.offsets_at(&set.topic, set.partitions, at)?;
    let numbers = firsts.into_iter().map(|(partition, offset)| offset as u64 * partitions + partition as u64);
    Ok((offset, Place { text: format!("@{at}"), records: numbers.collect() }))
}

fn can_go() -> bool {
    keymap::lookup(&[keymap::Context::Tail], keymap::Key(KeyCode::Char('s'), KeyModifiers::NONE)).is_some()
}

/// Goes there from the end of the topic, again and again.
fn go(terminal: &mut Terminal, set: &Set, other: &Set, place: &Place) -> Result<Samples> {
    let mut went = Samples::default();
    for _ in 0..ROUNDS {
        enter(terminal, set, other)?;
        terminal.press("2s")?;
        terminal.pass(REST)?;
        terminal.press(&format!("\x15{}", place.text))?; // ctrl-u: in place of what stands there
        terminal.pass(REST)?;
        let pressed = terminal.press("\r")?;
        let shown = terminal.until("that place", |screen| numbers(screen).any(|n| place.records.contains(&n)));
        went.push(shown.with_context(|| format!("going to {}", place.text))? - pressed);
        terminal.pass(REST)?;
    }
    Ok(went)
}
