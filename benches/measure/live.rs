//! A tail that keeps up: how old the newest record on the screen is, and a flood of which none may be lost.
use crate::{
    flood::{self, Flood},
    keys::{self, counted, fresh_topic, tail_of},
    process,
    samples::Samples,
    scale,
    stage::Stage,
    target::{self, MB},
};
use anyhow::Result;
use std::{
    thread,
    time::{Duration, Instant},
};

const PARTITIONS: i32 = 6;
/// Records a second, of 100 bytes.
const PACE: u64 = 50_000;
const SECONDS: u64 = 20;
/// Before and after the time that is looked at.
const MARGIN: u64 = 2;
const FLOOD: u64 = 300_000;
/// The last acknowledgements take their time.
const NEARLY: f64 = 0.95;
const FLOOD_SECONDS: u64 = 10;
/// The records that the screen keeps by default, 64 MiB, and 60 MB for all else.
const MOST_MB: f64 = 64.0 * MB + 60.0;

pub fn run() -> Result<()> {
    let stage = Stage::find()?;
    ages(&stage)?;
    let topic = fresh_topic("live.flood");
    let mut terminal = tail_of(&stage, &topic)?;
    let seen = keys::flood(&mut terminal, &stage, &topic, FLOOD, scale::seconds(FLOOD_SECONDS)?)?;
    target::at_least("live, sent and counted", Some(seen.pace), FLOOD as f64 * NEARLY, "/s");
    target::at_most("live, 300,000/s, key to frame, p99", seen.keys.p99(), 20.0, " ms");
    target::at_most("live, 300,000/s, memory", Some(seen.resident), MOST_MB, " MB");
    terminal.quit()
}

/// A record's value begins with the time since `began` at which it was handed to the producer.
fn ages(stage: &Stage) -> Result<()> {
    let (topics, seconds) = ([fresh_topic("live.ages")], scale::seconds(SECONDS)?);
    let mut terminal = tail_of(stage, &topics[0])?;
    let (began, mut seen) = (Instant::now(), Ages::default());
    let value = |_| stamped(began);
    let records = PACE * (seconds + 2 * MARGIN);
    let flood =
        Flood { pace: Some(PACE), value: &value, ..Flood::numbers(&stage.bootstrap, &topics, PARTITIONS, records) };
    let (cpu, written) = thread::scope(|scope| -> Result<_> {
        let sent = scope.spawn(|| flood.run());
        terminal.pass(Duration::from_secs(MARGIN))?;
        let (from, before) = (Instant::now(), process::cpu(terminal.pid()?)?);
        terminal.watch(Duration::from_secs(seconds), |at, screen| seen.look(at - began, screen))?;
        let cpu = process::cpu(terminal.pid()?)?.saturating_sub(before).as_secs_f64() / from.elapsed().as_secs_f64();
        Ok((cpu, sent.join().map_err(|_| anyhow::anyhow!("the flood broke"))??.0))
    })?;
    println!("live, {PACE}/s, age of the newest record as it comes onto the screen: {}", seen.fresh);
    println!("live, {PACE}/s, the same of the oldest that no frame before could show: {}", seen.worst);
    counted(&mut terminal, written)?;
    target::at_most("live, 50,000/s, newest on the screen, p99", seen.fresh.p99(), 100.0, " ms");
    target::at_most("live, 50,000/s, any record, p99", seen.worst.p99(), 100.0, " ms");
    target::at_most("live, 50,000/s, of a core", Some(cpu * 100.0), 15.0, " %");
    terminal.quit()
}

/// Digits of a time in microseconds: eleven days.
const DIGITS: usize = 12;

fn stamped(began: Instant) -> String {
    format!("{:<1$}", format!("{:0DIGITS$}", began.elapsed().as_micros()), flood::SIZE)
}

#[derive(Default)]
struct Ages {
    /// When the newest record that was ever on the screen was made, since the beginning.
    newest: Option<Duration>,
    fresh: Samples,
    worst: Samples,
}

impl Ages {
    fn look(&mut self, now: Duration, screen: &str) {
        let Some(newest) = screen.split_whitespace().filter_map(stamp).max() else { return };
        if self.newest.is_none_or(|before| before < newest) {
            self.fresh.push(now.saturating_sub(newest));
            // A record made right after the newest one before waited until now.
            if let Some(before) = self.newest.replace(newest) {
                self.worst.push(now.saturating_sub(before));
            }
        }
    }
}

fn stamp(word: &str) -> Option<Duration> {
    if word.len() == DIGITS { word.parse().ok().map(Duration::from_micros) } else { None }
}
