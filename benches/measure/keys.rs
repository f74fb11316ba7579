//! How long a key takes to its frame, in a calm and in a flood, and whether the screen counts every record of the flood.
use crate::{
    flood::Flood,
    process,
    samples::Samples,
    scale,
    stage::Stage,
    start::{number_before, received},
    target::MB,
    terminal::Terminal,
};
use anyhow::{Result, ensure};
use std::{
    thread,
    time::{Duration, Instant},
};

const PARTITIONS: i32 = 6;
/// Records a second, of 100 bytes.
const PACE: u64 = 100_000;
const SECONDS: u64 = 60;
const CALM_KEYS: usize = 100;
const BETWEEN_KEYS: Duration = Duration::from_millis(97); // no divisor of a frame's 33 ms
/// What help shows and nothing else does.
const HELP: &str = "╭ Help ";

pub fn run() -> Result<()> {
    let (stage, topic) = (Stage::find()?, fresh_topic("keys"));
    let mut terminal = tail_of(&stage, &topic)?;
    let calm = type_keys(&mut terminal, |typed| typed == CALM_KEYS)?;
    println!("keys, calm: {}", calm.keys);
    flood(&mut terminal, &stage, &topic, PACE, scale::seconds(SECONDS)?)?;
    terminal.quit()
}

/// A name that a run before this one has not left behind.
pub fn fresh_topic(what: &str) -> String {
    format!("{what}.{}", std::process::id())
}

/// The screen on a topic made for it, which is empty.
pub fn tail_of(stage: &Stage, topic: &str) -> Result<Terminal> {
    stage.topics(&[topic.to_owned()], PARTITIONS)?;
    let mut terminal = Terminal::open(&["-b", &stage.bootstrap, "-t", topic])?;
    terminal.until("an empty topic", |screen| screen.contains("has no records"))?;
    Ok(terminal)
}

/// What a flood did to the screen.
pub struct Flooded {
    pub keys: Samples,
    /// The most memory that was resident, MB.
    pub resident: f64,
    /// Records a second that were really sent.
    pub pace: f64,
}

/// So many records a second for so long, and keys all the while.
pub fn flood(terminal: &mut Terminal, stage: &Stage, topic: &str, pace: u64, seconds: u64) -> Result<Flooded> {
    let topics = [topic.to_owned()];
    let (began, cpu) = (Instant::now(), process::cpu(terminal.pid()?)?);
    let (typed, cpu, sent) = thread::scope(|scope| -> Result<_> {
        let flood = Flood { pace: Some(pace), ..Flood::numbers(&stage.bootstrap, &topics, PARTITIONS, pace * seconds) };
        let flood = scope.spawn(move || flood.run());
        let typed = type_keys(terminal, |_| flood.is_finished())?;
        let cpu = process::cpu(terminal.pid()?)?.saturating_sub(cpu).as_secs_f64() / began.elapsed().as_secs_f64();
        Ok((typed, cpu, flood.join().map_err(|_| anyhow::anyhow!("the flood broke"))??))
    })?;
    let (written, took) = sent;
    let pace = written as f64 / took.as_secs_f64();
    println!("keys, {pace:.0} records/s: {}", typed.keys);
    println!("keys, flood: at most {} behind, {:.1} % of a core", typed.behind, cpu * 100.0);
    counted(terminal, written)?;
    let pid = terminal.pid()?;
    let (now, most) = (process::status(pid, "VmRSS")?, process::status(pid, "VmHWM")?);
    println!("keys, after the flood: {:.1} MiB resident, at most {:.1}", process::mib(now), process::mib(most));
    Ok(Flooded { keys: typed.keys, resident: process::mib(most) * MB, pace })
}

/// The counter must come to what Kafka acknowledged, and stay there.
pub fn counted(terminal: &mut Terminal, written: u64) -> Result<()> {
    if received(&terminal.screen()) != Some(written) {
        terminal.until("every record", |screen| received(screen).is_some_and(|n| n >= written))?;
    }
    terminal.pass(Duration::from_secs(3))?;
    let shown = received(&terminal.screen());
    ensure!(shown == Some(written), "Kafka acknowledged {written} records, the screen counts {shown:?}");
    println!("{written} records acknowledged, as many counted");
    Ok(())
}

pub struct Typed {
    pub keys: Samples,
    /// The most records that the screen said to be behind.
    behind: u64,
}

/// Opens and closes help until told to stop; it ends closed.
pub fn type_keys(terminal: &mut Terminal, enough: impl Fn(usize) -> bool) -> Result<Typed> {
    let mut typed = Typed { keys: Samples::default(), behind: 0 };
    for n in (0..).step_by(2) {
        if enough(n) {
            break;
        }
        for open in [true, false] {
            terminal.pass(BETWEEN_KEYS)?;
            let pressed = terminal.press("?")?;
            let shown = terminal.until("the help", |screen| screen.contains(HELP) == open)?;
            typed.keys.push(shown - pressed);
        }
        typed.behind = typed.behind.max(number_before(&terminal.screen(), " behind").unwrap_or(0));
    }
    Ok(typed)
}
