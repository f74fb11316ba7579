//! Programs whose output goes into a pipe: how long, how much processor and memory, how many lines.
use crate::process;
use anyhow::{Context, Result};
use std::{
    fmt,
    io::{self, Read},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    slice,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant},
};

pub struct Ran {
    pub took: Duration,
    /// User and system time of all programs.
    pub cpu: Duration,
    /// The most memory that was resident, MiB, as far as it was seen every [`LOOK`]; of all programs together.
    pub resident: f64,
    pub lines: u64,
    /// The beginning of what the last one printed.
    pub first: String,
}

/// A program that did not end well.
#[derive(Debug)]
pub struct BadEnd {
    pub program: String,
    pub status: ExitStatus,
    /// On stderr.
    pub said: String,
}

impl std::error::Error for BadEnd {}

impl fmt::Display for BadEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ended with {}: {}", self.program, self.status, self.said)
    }
}

const LOOK: Duration = Duration::from_millis(5);
/// Who has not ended by then never will, and is ended.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes of output that are kept.
const FIRST: usize = 100;
/// A pipe holds as much.
const READ: usize = 1 << 16;

/// Runs it to its end, which must be a good one.
pub fn run(command: &mut Command) -> Result<Ran> {
    chain(slice::from_mut(command))
}

/// As `a | b` in a shell, except that every program must end well.
pub fn chain(commands: &mut [Command]) -> Result<Ran> {
    let began = Instant::now();
    let (mut running, mut last) = (vec![], None);
    for command in commands {
        let input = last.take().map_or_else(Stdio::null, Stdio::from);
        let (program, stdout) = Running::start(command, input)?;
        running.push(program);
        last = Some(stdout);
    }
    let (lines, first) = count(last.context("nothing to run")?)?;
    while !running.iter().all(|program| process::is_over(program.child.id())) {
        thread::yield_now();
    }
    let mut ran = Ran { took: began.elapsed(), cpu: Duration::ZERO, resident: 0.0, lines, first };
    for program in running {
        let (cpu, resident) = program.end()?;
        ran.cpu += cpu;
        ran.resident += resident;
    }
    Ok(ran)
}

struct Running {
    name: String,
    child: Child,
    said: JoinHandle<io::Result<String>>,
    resident: JoinHandle<u64>,
    over: Arc<AtomicBool>,
}

impl Running {
    fn start(command: &mut Command, input: Stdio) -> Result<(Self, ChildStdout)> {
        let name = format!("{command:?}");
        let started = command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.with_context(|| format!("starting {name}"))?;
        let (stdout, stderr) = (child.stdout.take().context("no stdout")?, child.stderr.take().context("no stderr")?);
        let over = Arc::new(AtomicBool::new(false));
        let resident = watch(child.id(), over.clone());
        let said = thread::spawn(move || io::read_to_string(stderr));
        Ok((Self { name, child, said, resident, over }, stdout))
    }

    /// Its processor time and memory (MiB), once it is over.
    fn end(mut self) -> Result<(Duration, f64)> {
        let cpu = process::cpu(self.child.id())?;
        self.over.store(true, Ordering::Relaxed);
        let status = self.child.wait()?;
        let said = self.said.join().map_err(|_| anyhow::anyhow!("nobody read stderr"))??;
        if !status.success() {
            return Err(BadEnd { program: self.name, status, said }.into());
        }
        Ok((cpu, process::mib(self.resident.join().unwrap_or_default())))
    }
}

fn watch(pid: u32, over: Arc<AtomicBool>) -> JoinHandle<u64> {
    thread::spawn(move || {
        let (mut most, began) = (0, Instant::now());
        while !over.load(Ordering::Relaxed) {
            if began.elapsed() > PATIENCE {
                process::kill(pid);
            }
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
