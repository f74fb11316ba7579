//! The terminal, taken and given back: raw mode, alternate screen, mouse and paste on entering; everything as it was on
//! leaving, also after a panic of any thread, SIGTERM, SIGHUP and a suspend.
mod input;
mod sentry;

use crate::{
    failure::Failure,
    run::{Arrival, End, Host},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    execute,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use input::Reader;
use ratatui::{Terminal, backend::CrosstermBackend};
use rustix::{
    io::Errno,
    process::{Signal as Number, getpid, kill_process},
};
use std::{
    io::{self, BufWriter, IsTerminal, Stdout, Write, stdout},
    mem::ManuallyDrop,
    path::Path,
    time::Duration,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::Receiver,
};

/// One frame rarely needs more; written at once so that no half of it is seen.
const BUFFER: usize = 64 << 10;
/// How long a stop may take to take effect; where it is ignored the screen comes back after this.
const STOP: Duration = Duration::from_millis(250);
/// Terminals take about this much by OSC 52; xterm's own limit is the lowest.
const CLIPBOARD: usize = 74_994;

/// What can be drawn to. Never dropped: it would complain on stderr that it cannot show the cursor, and panic where that
/// is the terminal that went away; the guard shows the cursor.
pub type Drawn = ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>;

/// Is there a terminal that can show the screen?
///
/// # Errors
/// One sentence that says why not.
pub fn check() -> Result<(), Failure> {
    let attempted = "opening the screen";
    if !stdout().is_terminal() || !io::stdin().is_terminal() {
        let advice = "run kafscope in a terminal, or use a command such as `kafscope tail TOPIC`; see kafscope --help";
        return Err(Failure::new(attempted, "standard input or output is not a terminal", advice));
    }
    if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        let advice = "set TERM to what your terminal is (xterm-256color is a good guess)";
        return Err(Failure::new(attempted, "TERM=dumb: this terminal cannot place text", advice));
    }
    Ok(())
}

/// Is this how a terminal answers that went away?
pub fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::IO.raw_os_error()) || !io::stdin().is_terminal()
}

/// The terminal while the screen has it.
#[derive(Debug)]
pub struct Guard {
    mouse: bool,
    input: Reader,
    interrupt: Signal,
    resumed: Signal,
    /// What the sentry heard.
    ended: Receiver<End>,
}

impl Guard {
    /// Takes the terminal. It is given back when the guard is dropped, and before any panic is printed.
    ///
    /// # Errors
    /// What the terminal or the system refused.
    pub fn take(mouse: bool) -> io::Result<(Self, Drawn)> {
        // The theme decides about colours, NO_COLOR included; crossterm would wipe bold and reverse with them.
        crossterm::style::force_color_output(true);
        let interrupt = signal(SignalKind::interrupt())?;
        let resumed = signal(SignalKind::from_raw(Number::CONT.as_raw()))?;
        let ended = sentry::post()?;
        restore_before_panics();
        enter(mouse)?;
        let guard = Self { mouse, input: Reader::new(), interrupt, resumed, ended };
        let writer = BufWriter::with_capacity(BUFFER, stdout());
        Ok((guard, ManuallyDrop::new(Terminal::new(CrosstermBackend::new(writer))?)))
    }

    /// Gives the terminal back while somebody else has it.
    async fn lend(&mut self) {
        self.input.let_go().await;
        leave();
    }

    fn take_back(&mut self) {
        if let Err(error) = enter(self.mouse) {
            tracing::error!(%error, "the terminal could not be taken back");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

impl Host for Guard {
    async fn next(&mut self) -> Arrival {
        let Self { input, interrupt, resumed, ended, .. } = self;
        tokio::select! { biased;
            Some(end) = ended.recv() => Arrival::Ended(end),
            _ = interrupt.recv() => Arrival::Ended(End::Interrupted),
            _ = resumed.recv() => {
                self.take_back();
                Arrival::Resumed
            }
            input = input.next() => input.map_or(Arrival::Ended(End::HungUp), Arrival::Input),
        }
    }

    async fn suspend(&mut self) {
        self.lend().await;
        if kill_process(getpid(), Number::TSTP).is_ok() {
            // The stop reaches some thread of ours soon; CONT tells that it is over. Where stops are ignored, time tells.
            let _ = tokio::time::timeout(STOP, self.resumed.recv()).await;
        }
        self.take_back();
    }

    async fn edit(&mut self, text: &str) -> Result<String, Failure> {
        self.lend().await;
        let text = text.to_owned();
        let edited = tokio::task::spawn_blocking(move || edit(&text)).await;
        // A ctrl-c in the editor was meant for the editor.
        if let Ok(interrupt) = signal(SignalKind::interrupt()) {
            self.interrupt = interrupt;
        }
        self.take_back();
        let attempted = "writing in the editor";
        edited.unwrap_or_else(|error| Err(Failure::new(attempted, error.to_string(), "")))
    }

    fn copy(&mut self, text: &str) -> Result<(), Failure> {
        let attempted = "copying to the clipboard";
        let encoded = STANDARD.encode(text);
        if encoded.len() > CLIPBOARD {
            let answered = format!("{} bytes are more than terminals take", text.len());
            return Err(Failure::new(
                attempted,
                answered,
                "use `kafscope read` with --json or --raw and a file instead",
            ));
        }
        let mut out = stdout().lock();
        write!(out, "\x1b]52;c;{encoded}\x07")
            .and_then(|()| out.flush())
            .map_err(|error| Failure::new(attempted, error.to_string(), ""))
    }
}

fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
    if mouse {
        execute!(stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Everything as it was. Errors have nobody left to hear them: the terminal may be gone.
fn leave() {
    let _ = execute!(stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// A panic of any thread gives the terminal back, prints its message where it can be read, and ends the program.
fn restore_before_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Held to the end, so that no other thread draws over the message.
        let _stdout = stdout().lock();
        leave();
        print(panic);
        std::process::exit(PANICKED);
    }));
}

/// Rust's own exit code of a panic.
const PANICKED: i32 = 101;

/// `$VISUAL`, else `$EDITOR`, else vi, on a file of its own that only the person can read.
fn edit(text: &str) -> Result<String, Failure> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_else(|| "vi".into());
    let attempted = format!("opening the editor `{editor}`");
    let failed = |error: io::Error| Failure::new(&attempted, error.to_string(), "set EDITOR to a program you have");
    let file = tempfile::Builder::new().prefix("kafscope-").suffix(".txt").tempfile().map_err(failed)?;
    std::fs::write(file.path(), text).map_err(failed)?;
    run_editor(&editor, file.path()).map_err(failed)?;
    let edited = std::fs::read_to_string(file.path()).map_err(failed)?;
    // Editors end a file with a line end that nobody typed.
    Ok(if text.ends_with('\n') { edited } else { edited.strip_suffix('\n').map_or(edited.clone(), str::to_owned) })
}

fn run_editor(editor: &str, file: &Path) -> io::Result<()> {
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = std::process::Command::new(program).args(words).arg(file).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("it ended with {status}"))) }
}
