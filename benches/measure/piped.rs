//! A program whose output goes into a pipe: how long, how much processor and memory, how many lines.
use crate::process;
use anyhow::{Context, Result, ensure};
use std::{
    io::{self, Read},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

pub struct Ran {
    pub took: Duration,
    pub cpu: Duration,
    /// The most memory that was resident, MiB, as far as it was seen every [`LOOK`].
    pub resident: f64,
    pub lines: u64,
    /// The beginning of what it printed.
    pub first: String,
}

const LOOK: Duration = Duration::from_millis(10);
/// Bytes of output that are kept.
const FIRST: usize = 100;
/// A pipe holds as much.
const READ: usize = 1 << 16;

/// Runs it to its end, which must be a good one.
pub fn run(command: &mut Command) -> Result<Ran> {
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take().context("no stdout")?, child.stderr.take().context("no stderr")?);
    let over = Arc::new(AtomicBool::new(false));
    let resident = watch(child.id(), over.clone());
    let said = thread::spawn(move || io::read_to_string(stderr));
    let (lines, first) = count(stdout)?;
    while !process::is_over(child.id()) {
        thread::yield_now();
    }
    let (took, cpu) = (began.elapsed(), process::cpu(child.id())?);
    over.store(true, Ordering::Relaxed);
    let status = child.wait()?;
    let said = said.join().map_err(|_| anyhow::anyhow!("nobody read stderr"))??;
    ensure!(status.success(), "{command:?} ended with {status}: {said}");
    let resident = process::mib(resident.join().unwrap_or_default());
    Ok(Ran { took, cpu, resident, lines, first })
}

fn watch(pid: u32, over: Arc<AtomicBool>) -> thread::JoinHandle<u64> {
    thread::spawn(move || {
        let mut most = 0;
        while !over.load(Ordering::Relaxed) {
            most = process::status(pid, "VmHWM").map_or(most, |now| now.max(most));
            sleep(LOOK);
        }
        most
    })
}

fn count(mut stdout: impl Read) -> Result<(u64, String)> {
    let (mut lines, mut first, mut buffer) = (0, vec![], vec![0; READ]);
    loop {
        let n = stdout.read(&mut buffer)?;
        let read = buffer.get(..n).unwrap_or_default();
        lines += memchr::memchr_iter(b'\n', read).count() as u64;
        first.extend(read.iter().take(FIRST - first.len().min(FIRST)));
        if n == 0 {
            return Ok((lines, String::from_utf8_lossy(&first).into_owned()));
        }
    }
}
