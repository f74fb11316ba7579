//! A topic of very many partitions: opened, followed and counted.
use crate::{
    flood::Flood,
    process,
    race::{
        Claim::{Holds, Within},
        Race,
    },
    samples::Samples,
    scale,
    sets::{self, Set},
    stage::Stage,
    start::received,
    target::{self, MB},
    terminal::Terminal,
    way::{NO_WAIT, QUEUE, Way},
};
use anyhow::{Context, Result, ensure};
use std::time::Duration;

const PARTITIONS: u64 = 2_000;
const ROUNDS: usize = 5;
/// Until the records that it opened with have all come.
const SETTLE: Duration = Duration::from_secs(3);
const COUNT: &str = "kafscope read --count";

pub fn run() -> Result<()> {
    let (stage, set) = (Stage::find()?, sets::wide(scale::records(PARTITIONS)? as i32)?);
    set.put_on(&stage)?;
    let ours = Way::ours(COUNT, &stage.bootstrap, &set.topic, &["--count"]);
    let kcat = Way::kcat("kcat, tuned", &stage.bootstrap, &set.topic, &[QUEUE, NO_WAIT].concat());
    let claims = vec![Within(COUNT, 1_000.0), Holds(COUNT, 250.0)];
    let (want, megabytes) = (set.records, set.megabytes());
    let refused = Race { name: "partitions", want, megabytes, ways: vec![ours, kcat], claims }.run()?;
    ensure!(refused == 0, "kafscope refused some of these, see above");
    let (mut opened, mut resident) = (Samples::default(), 0.0_f64);
    for _ in 0..ROUNDS {
        let mut terminal = open(&stage, &set, &mut opened)?;
        terminal.pass(SETTLE)?;
        resident = resident.max(process::mib(process::status(terminal.pid()?, "VmHWM")?) * MB);
        terminal.quit()?;
    }
    println!(
        "partitions, {} of them, from the start of the program to a record on the screen: {opened}",
        set.partitions
    );
    target::at_most("partitions, open", opened.median(), 1_000.0, " ms");
    resident = resident.max(follow(&stage, &set)?);
    target::at_most("partitions, the screen's memory", Some(resident), 250.0, " MB");
    Ok(())
}

fn open(stage: &Stage, set: &Set, opened: &mut Samples) -> Result<Terminal> {
    let mut terminal = Terminal::open(&["-b", &stage.bootstrap, "-t", &set.topic])?;
    let shown = terminal.until("a record", |screen| received(screen).is_some_and(|n| n > 0))?;
    opened.push(shown - terminal.began);
    Ok(terminal)
}

/// One more record in every partition, on a topic of its own, so that the set stays as it is: each must arrive. The
/// memory afterwards, MB.
fn follow(stage: &Stage, set: &Set) -> Result<f64> {
    let topics = [crate::keys::fresh_topic("wide")];
    let records = set.partitions as u64;
    stage.topics(&topics, set.partitions)?;
    let flood = Flood::numbers(&stage.bootstrap, &topics, set.partitions, records);
    flood.run()?;
    let mut terminal = Terminal::open(&["-b", &stage.bootstrap, "-t", &topics[0]])?;
    terminal.until("a record", |screen| received(screen).is_some_and(|n| n > 0))?;
    terminal.pass(SETTLE)?;
    let before = received(&terminal.screen()).context("the counter is gone")?;
    flood.run()?;
    terminal.until("a record of every partition", |screen| received(screen).is_some_and(|n| n >= before + records))?;
    terminal.pass(SETTLE)?;
    let after = received(&terminal.screen()).context("the counter is gone")?;
    ensure!(after == before + records, "{records} records were written, {} arrived", after - before);
    println!("partitions, one record written to each of {records}: as many arrived");
    let resident = process::mib(process::status(terminal.pid()?, "VmHWM")?) * MB;
    terminal.quit()?;
    Ok(resident)
}
