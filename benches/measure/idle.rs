//! What the screen costs while nobody touches it.
use crate::{flood::Flood, process, stage::Stage, terminal::Terminal};
use anyhow::Result;
use std::time::Duration;

/// Until rounds, trends and the first records have settled.
const SETTLE: Duration = Duration::from_secs(10);
const WATCH: Duration = Duration::from_secs(60);

/// A cluster where nothing moves.
pub fn real() -> Result<()> {
    let stage = Stage::find()?;
    let topics: Vec<String> = (0..30).map(|n| format!("idle.{n:02}")).collect();
    stage.topics(&topics, 3)?;
    Flood::numbers(&stage.bootstrap, &topics, 3, 1_000).run()?;
    (0..10).try_for_each(|n| stage.group(&format!("idle-{n}"), "idle.00", 3, 100))?;
    watch("quiet real cluster", &["-b", &stage.bootstrap])
}

pub fn demo() -> Result<()> {
    watch("demo without traffic", &["demo", "--rate", "0"])?;
    watch("demo", &["demo"])
}

fn watch(case: &str, words: &[&str]) -> Result<()> {
    let mut terminal = Terminal::open(words)?;
    terminal.until("records", |screen| screen.contains(" received"))?;
    terminal.pass(SETTLE)?;
    let pid = terminal.pid()?;
    let child = process::child(pid).ok();
    let times = || -> Result<_> { Ok((process::cpu(pid)?, child.map(process::cpu).transpose()?)) };
    let (drawn, before) = (terminal.drawn, times()?);
    terminal.pass(WATCH)?;
    let (bytes, after) = ((terminal.drawn - drawn) / WATCH.as_secs(), times()?);
    say(&format!("{case}, the screen, which draws {bytes} bytes a second"), pid, after.0.saturating_sub(before.0))?;
    if let (Some(child), Some(before), Some(after)) = (child, before.1, after.1) {
        say(&format!("{case}, its brokers"), child, after.saturating_sub(before))?;
    }
    terminal.quit()
}

fn say(what: &str, pid: u32, cpu: Duration) -> Result<()> {
    let percent = cpu.as_secs_f64() / WATCH.as_secs_f64() * 100.0;
    let resident = process::mib(process::status(pid, "VmRSS")?);
    let threads = process::status(pid, "Threads")?;
    println!("idle, {what}: {percent:.2} % of a core, {resident:.1} MiB resident, {threads} threads");
    Ok(())
}
