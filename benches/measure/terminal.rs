//! The program in a pseudo-terminal of its own, with a home of its own: keys in, bytes out, each read with its time.
use crate::PROGRAM;
use anyhow::{Context, Result, bail, ensure};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read, Write},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const SIZE: PtySize = PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 };
/// Whatever is waited for has come by then, or never comes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Reads that may wait for us; a frame is one to five.
const READS: usize = 4_096;

/// What was read at once, and when.
type Output = (Instant, Vec<u8>);

pub struct Terminal {
    pub began: Instant,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Output>,
    parser: vt100::Parser,
    /// Bytes the program has drawn.
    pub drawn: u64,
    _master: Box<dyn MasterPty + Send>,
    _home: TempDir,
}

impl Terminal {
    pub fn open(words: &[&str]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let pty = native_pty_system().openpty(SIZE)?;
        let (reads, output) = sync_channel(READS);
        let reader = pty.master.try_clone_reader()?;
        thread::spawn(move || read(reader, &reads));
        let keys = pty.master.take_writer()?;
        let began = Instant::now();
        let child = pty.slave.spawn_command(command(words, &home))?;
        let parser = vt100::Parser::new(SIZE.rows, SIZE.cols, 0);
        Ok(Self { began, child, keys, output, parser, drawn: 0, _master: pty.master, _home: home })
    }

    pub fn pid(&self) -> Result<u32> {
        self.child.process_id().context("the program has no process id")
    }

    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until the screen looks like that; the time of the read that made it so.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> Result<Instant> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(output) => {
                    let at = self.take(output);
                    if wanted(&self.screen()) {
                        return Ok(at);
                    }
                }
                Err(_) => bail!("{what} was awaited; the screen is\n{}", self.screen()),
            }
        }
    }

    /// Lets the program draw for so long.
    pub fn pass(&mut self, time: Duration) -> Result<()> {
        self.each_read(time, |_, _| ())
    }

    /// The same, with a look at the screen and the time of every read.
    pub fn watch(&mut self, time: Duration, mut look: impl FnMut(Instant, &str)) -> Result<()> {
        self.each_read(time, |terminal, at| look(at, &terminal.screen()))
    }

    fn each_read(&mut self, time: Duration, mut look: impl FnMut(&Self, Instant)) -> Result<()> {
        let end = Instant::now() + time;
        loop {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(output) => {
                    let at = self.take(output);
                    look(self, at);
                }
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => bail!("the program ended; the screen was\n{}", self.screen()),
            }
        }
    }

    fn take(&mut self, (at, bytes): Output) -> Instant {
        self.drawn += bytes.len() as u64;
        self.parser.process(&bytes);
        at
    }

    pub fn press(&mut self, keys: &str) -> Result<Instant> {
        let at = Instant::now();
        self.keys.write_all(keys.as_bytes())?;
        self.keys.flush()?;
        Ok(at)
    }

    /// Leaves as a person does.
    pub fn quit(mut self) -> Result<()> {
        self.press("q")?;
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        let status = self.child.wait()?;
        ensure!(status.success(), "the program ended with {status:?}");
        Ok(())
    }
}

fn command(words: &[&str], home: &TempDir) -> CommandBuilder {
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(words);
    command.env("TERM", "xterm-256color");
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
        command.env(name, home.path());
    }
    command
}

/// Ends with the terminal, which is an error on Linux and an empty read elsewhere.
fn read(mut reader: Box<dyn Read + Send>, reads: &SyncSender<Output>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n @ 1..) = reader.read(&mut buffer) {
        let bytes = buffer.get(..n).unwrap_or_default().to_vec();
        if reads.send((Instant::now(), bytes)).is_err() {
            return;
        }
    }
}
