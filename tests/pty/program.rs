//! A program in a terminal: started, written to, resized, signalled, and waited for by what it shows.
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{Read, Write},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// What a test waits for at most, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes read from the terminal at once.
const CHUNK: usize = 64 << 10;

/// How the program is to be started.
pub struct Program {
    pub command: CommandBuilder,
    pub size: PtySize,
    home: TempDir,
}

impl Program {
    /// Ours, with these arguments.
    pub fn new(args: &[&str]) -> Self {
        Self::of(Path::new(env!("CARGO_BIN_EXE_kafscope")), args)
    }

    /// Any program, away from the home and the environment of whoever runs the tests.
    pub fn of(path: &Path, args: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(path);
        command.args(args);
        command.cwd(home.path());
        for name in
            ["NO_COLOR", "KAFSCOPE_BOOTSTRAP", "COLORTERM", "LINES", "COLUMNS", "VISUAL", "EDITOR", "RUST_BACKTRACE"]
        {
            command.env_remove(name);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env(name, home.path());
        }
        command.env("TERM", "xterm-256color");
        Self { command, size: size(160, 45), home }
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = size(columns, rows);
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn start(self) -> Terminal {
        let pair = native_pty_system().openpty(self.size).unwrap();
        let modes = format!("{:?}", pair.master.get_termios().unwrap());
        let began = Instant::now();
        let child = pair.slave.spawn_command(self.command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut chunk = vec![0; CHUNK];
            // The end of the other side is an error on Linux and zero bytes elsewhere.
            while let Ok(read @ 1..) = reader.read(&mut chunk) {
                if sender.send(chunk[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let parser = Parser::new(self.size.rows, self.size.cols, 0);
        Terminal { master: pair.master, writer, child, output, parser, raw: vec![], modes, began, _home: self.home }
    }
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// The terminal with the program in it. Dropping it hangs up.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    /// Every byte that came.
    pub raw: Vec<u8>,
    /// The modes of the terminal before the program had it.
    modes: String,
    pub began: Instant,
    _home: TempDir,
}

/// What is left when the program has ended.
#[derive(Debug)]
pub struct Ended {
    pub code: u32,
    /// What stands on the screen then.
    pub text: String,
    pub raw: Vec<u8>,
}

impl Terminal {
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Rows without the blanks at their ends.
    pub fn text(&self) -> String {
        let (_, columns) = self.screen().size();
        self.screen().rows(0, columns).map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap() as i32).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    pub fn keys(&mut self, keys: impl AsRef<[u8]>) {
        self.writer.write_all(keys.as_ref()).unwrap();
        self.writer.flush().unwrap();
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(size(columns, rows)).unwrap();
        self.parser.screen_mut().set_size(rows, columns);
    }

    /// Waits until the screen is as wanted; answers how long that took since the start.
    #[track_caller]
    pub fn until(&mut self, wanted: &str, ok: impl Fn(&str) -> bool) -> Duration {
        self.until_all(wanted, |terminal| ok(&terminal.text()))
    }

    #[track_caller]
    pub fn until_shown(&mut self, text: &str) -> Duration {
        self.until(text, |screen| screen.contains(text))
    }

    #[track_caller]
    pub fn until_all(&mut self, wanted: &str, ok: impl Fn(&Self) -> bool) -> Duration {
        let deadline = Instant::now() + PATIENCE;
        while !ok(self) {
            let come = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let Ok(bytes) = come else { panic!("waited in vain for {wanted}:\n{}", self.text()) };
            self.take(&bytes);
            while let Ok(bytes) = self.output.try_recv() {
                self.take(&bytes);
            }
        }
        self.began.elapsed()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }

    /// Is the terminal as it was before the program had it?
    pub fn is_given_back(&self) -> bool {
        let screen = self.screen();
        let quiet = screen.mouse_protocol_mode() == MouseProtocolMode::None && !screen.bracketed_paste();
        quiet && !screen.alternate_screen() && !screen.hide_cursor() && self.modes() == self.modes
    }

    /// The modes come back a moment after the last byte, which tells nobody.
    #[track_caller]
    pub fn until_given_back(&mut self) {
        self.until_all("the main screen", |terminal| !terminal.screen().alternate_screen());
        let deadline = Instant::now() + PATIENCE;
        while !self.is_given_back() {
            assert!(Instant::now() < deadline, "not as it was: {} {}", self.modes, self.modes());
            thread::yield_now();
        }
    }

    fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().unwrap())
    }

    /// Has the screen the terminal?
    pub fn is_taken(&self) -> bool {
        self.screen().alternate_screen() && self.screen().bracketed_paste() && self.modes() != self.modes
    }

    /// Waits for the program's end; the terminal must have been given back by then.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.text()),
            }
        }
        assert!(self.is_given_back(), "not as it was: {} {}", self.modes, self.modes());
        let code = self.child.wait().unwrap().exit_code();
        Ended { code, text: self.text(), raw: std::mem::take(&mut self.raw) }
    }
}

impl Drop for Terminal {
    /// A test that failed leaves no program behind.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
        }
    }
}
