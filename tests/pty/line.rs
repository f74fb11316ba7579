//! A terminal that only the test reads and holds: dropping it hangs up at once.
use crate::program::Program;
use portable_pty::{Child, MasterPty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{Read, Write},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};
use vt100::{Parser, Screen};

/// How long a start, or an end, may take on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes read from the terminal at once.
const CHUNK: usize = 4 << 10;

pub struct Line {
    master: Box<dyn MasterPty + Send>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    parser: Parser,
    child: Box<dyn Child + Send + Sync>,
    bound: Sender<()>,
}

impl Line {
    pub fn open(program: Program) -> Self {
        let pair = native_pty_system().openpty(program.size).unwrap();
        let child = pair.slave.spawn_command(program.command.clone()).unwrap();
        Self {
            reader: pair.master.try_clone_reader().unwrap(),
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            parser: Parser::new(program.size.rows, program.size.cols, 0),
            bound: bound(pid(&*child), PATIENCE),
            child,
        }
    }

    pub fn pid(&self) -> Pid {
        pid(&*self.child)
    }

    /// Reads until it is so; afterwards nobody reads.
    #[track_caller]
    pub fn until(&mut self, wanted: &str, ok: impl Fn(&Screen) -> bool) {
        let mut chunk = [0; CHUNK];
        while !ok(self.parser.screen()) {
            let read = self.reader.read(&mut chunk).unwrap_or(0);
            assert!(read > 0, "it ended before {wanted}:\n{}", self.parser.screen().contents());
            self.parser.process(&chunk[..read]);
        }
    }

    #[track_caller]
    pub fn until_shown(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    pub fn keys(&mut self, keys: impl AsRef<[u8]>) {
        self.writer.write_all(keys.as_ref()).unwrap();
    }

    /// Hangs up, and waits so long for the program's end; answers its exit code.
    pub fn hang_up(self, patience: Duration) -> u32 {
        let Self { master, reader, writer, child, bound, .. } = self;
        drop((master, reader, writer, bound));
        end(child, patience)
    }

    /// Waits so long for the program's end, without taking anything from it any more.
    pub fn end(self, patience: Duration) -> u32 {
        let Self { child, master: _held, bound, .. } = self;
        drop(bound);
        end(child, patience)
    }
}

fn end(mut child: Box<dyn Child + Send + Sync>, patience: Duration) -> u32 {
    let _bound = bound(pid(&*child), patience);
    child.wait().unwrap().exit_code()
}

fn pid(child: &(dyn Child + Send + Sync)) -> Pid {
    Pid::from_raw(child.process_id().unwrap() as i32).unwrap()
}

/// Kills the process after this, unless what is answered is dropped by then: nobody waits for it for ever.
pub fn bound(pid: Pid, patience: Duration) -> Sender<()> {
    let (sender, over) = channel();
    thread::spawn(move || {
        if over.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            let _ = kill_process(pid, Signal::KILL);
        }
    });
    sender
}
