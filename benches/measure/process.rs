//! What Linux says of a running process.
use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::{fs, time::Duration};

/// One tick of /proc/PID/stat; the same on every Linux that Rust knows.
const TICK: Duration = Duration::from_millis(10);
/// Fields behind the name in brackets: the state is the first, utime and stime are these.
const TIMES: [usize; 2] = [11, 12];

fn stat(pid: u32) -> Result<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").context("/proc/PID/stat looks different here")?;
    Ok(fields.to_owned())
}

/// User and system time so far, all threads together.
pub fn cpu(pid: u32) -> Result<Duration> {
    let fields = stat(pid)?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: Option<Vec<u32>> = TIMES.iter().map(|at| fields.get(*at)?.parse().ok()).collect();
    Ok(TICK * ticks.context("no times in /proc/PID/stat")?.iter().sum())
}

/// It ended and nobody has asked how: its times stand, its memory is gone.
pub fn is_over(pid: u32) -> bool {
    stat(pid).is_ok_and(|fields| fields.starts_with('Z'))
}

/// Only for a child that nobody has waited for yet: its id cannot have gone to a stranger.
pub fn kill(pid: u32) {
    if let Some(pid) = pid.try_into().ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// A line of /proc/PID/status, such as `VmRSS` (KiB), `VmHWM` (KiB) or `Threads`.
pub fn status(pid: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.with_context(|| format!("no {name} in /proc/{pid}/status"))
}

/// Its first child.
pub fn child(pid: u32) -> Result<u32> {
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let children = fs::read_to_string(thread?.path().join("children"))?;
        if let Some(child) = children.split_whitespace().next() {
            return Ok(child.parse()?);
        }
    }
    anyhow::bail!("process {pid} has no child")
}

/// Mebibytes.
pub fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}
