//! The loop: the only place that knows terminal, clock and bus together. Keys draw at once, data at the next frame
//! mark, and nothing is drawn when nothing changed.
use crate::{
    app::App,
    bus::{Desk, Event},
    failure::Failure,
    files::{Filed, Files},
    keymap::Key,
    panels::{Mouse, MouseKind, Request},
};
use crossterm::event::{Event as Input, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use ratatui::{Terminal, backend::Backend, layout::Rect};
use std::time::Duration;
use tokio::{
    sync::mpsc::error::TrySendError,
    task::yield_now,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until},
};

/// Data waits this long for a frame; keys do not wait.
pub const FRAME: Duration = Duration::from_millis(33);
/// The clock in the header, ages and waiting times.
const TICK: Duration = Duration::from_secs(1);
/// Events taken from the street at once.
const EVENTS: usize = 64;
/// Keys that wait are taken together, for one frame: a paste that no terminal marks as one, or a key held down.
const KEYS: usize = 64;
/// Rows a notch of the wheel moves.
const WHEEL: i8 = 3;

/// The terminal around the screen: where input comes from, and what only a terminal can do.
pub trait Host {
    /// What comes next from outside. Safe to drop halfway.
    fn next(&mut self) -> impl Future<Output = Arrival>;

    /// Gives the terminal back, stops, and takes it again.
    fn suspend(&mut self) -> impl Future<Output = ()>;

    /// Lets the person write in an editor.
    fn edit(&mut self, text: &str) -> impl Future<Output = Result<String, Failure>>;

    /// Puts text into the clipboard.
    ///
    /// # Errors
    /// Why the terminal did not take it.
    fn copy(&mut self, text: &str) -> Result<(), Failure>;
}

/// What comes from the terminal.
#[derive(Debug)]
pub enum Arrival {
    Input(Input),
    /// The program was stopped and goes on: the screen has to be drawn anew.
    Resumed,
    Ended(End),
}

/// Why the program ends without a person's key; each has an exit code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// SIGINT from elsewhere: the key is read as a key.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// SIGHUP, or the terminal is gone.
    HungUp,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    pub frames: u64,
    /// What ended it, where it was not a person.
    pub end: Option<End>,
    /// The Kafka side went away by itself: a bug, to be said after the terminal was given back.
    pub deserted: bool,
}

/// Runs the screen until the person leaves, the terminal goes, or the program is ended.
///
/// # Errors
/// What the terminal says when it can no longer be drawn to.
pub async fn run<B: Backend>(
    app: &mut App,
    desk: &mut Desk,
    terminal: &mut Terminal<B>,
    host: &mut impl Host,
) -> Result<Outcome, B::Error> {
    let mut watch = Watch::new();
    resize(app, terminal)?;
    while !app.quit && !watch.is_over() {
        if !post(app, desk) {
            watch.outcome.deserted = true;
            break;
        }
        watch.draw(app, terminal)?;
        watch.wait(app, desk, terminal, host).await?;
    }
    watch.files.finish().await;
    Ok(watch.outcome)
}

/// What the loop keeps between two of its turns.
struct Watch {
    outcome: Outcome,
    events: Vec<Event>,
    /// Something may look different, and is drawn once it is time for the next frame.
    dirty: bool,
    next_frame: Instant,
    tick: Interval,
    /// Files that are read or written now.
    files: Files,
}

impl Watch {
    fn new() -> Self {
        let mut tick = interval_at(Instant::now() + TICK, TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (outcome, events) = (Outcome::default(), Vec::with_capacity(EVENTS));
        Self { outcome, events, dirty: true, next_frame: Instant::now(), tick, files: Files::default() }
    }

    fn is_over(&self) -> bool {
        self.outcome.deserted || self.outcome.end.is_some()
    }

    /// Not by the timer of [`Watch::wait`]: it rounds up to its next millisecond, and a key would wait for that.
    fn draw<B: Backend>(&mut self, app: &App, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
        if self.dirty && Instant::now() >= self.next_frame {
            draw(app, terminal)?;
            (self.dirty, self.next_frame) = (false, Instant::now() + FRAME);
            self.outcome.frames += 1;
        }
        Ok(())
    }

    /// For whatever comes first.
    async fn wait<B: Backend>(
        &mut self,
        app: &mut App,
        desk: &mut Desk,
        terminal: &mut Terminal<B>,
        host: &mut impl Host,
    ) -> Result<(), B::Error> {
        tokio::select! { biased;
            () = sleep_until(self.next_frame), if self.dirty => {}
            arrival = host.next() => return self.meet(arrival, app, terminal, host).await,
            _ = self.tick.tick() => {
                app.on_tick(Timestamp::now());
                self.dirty = true;
            }
            filed = self.files.next(), if !self.files.is_empty() => {
                on_filed(app, filed);
                carry_out(app, terminal, host, &mut self.files).await?;
                self.dirty = true;
            }
            n = desk.news.recv_many(&mut self.events, EVENTS) => {
                self.outcome.deserted |= n == 0;
                app.on_tick(Timestamp::now());
                self.dirty |= hear(app, &mut self.events);
            }
            // In slices, when nothing else is there to do.
            () = yield_now(), if app.has_work() => {
                app.work();
                self.dirty = true;
            }
        }
        Ok(())
    }

    async fn meet<B: Backend>(
        &mut self,
        arrival: Arrival,
        app: &mut App,
        terminal: &mut Terminal<B>,
        host: &mut impl Host,
    ) -> Result<(), B::Error> {
        app.on_tick(Timestamp::now());
        let mut next = Some(arrival);
        let mut room = KEYS;
        while let Some(arrival) = next.take() {
            if let Arrival::Ended(end) = arrival {
                self.outcome.end = Some(end);
                return Ok(());
            }
            if on_arrival(app, arrival, terminal)? {
                (self.dirty, self.next_frame) = (true, Instant::now());
            }
            carry_out(app, terminal, host, &mut self.files).await?;
            room -= 1;
            if room > 0 && !app.quit {
                next = waiting(host).await;
            }
        }
        Ok(())
    }
}

/// What came from outside already.
async fn waiting(host: &mut impl Host) -> Option<Arrival> {
    tokio::select! { biased;
        arrival = host.next() => Some(arrival),
        () = std::future::ready(()) => None,
    }
}

/// `true` when something may look different now.
fn hear(app: &mut App, events: &mut Vec<Event>) -> bool {
    let mut news = false;
    for event in events.drain(..) {
        if !app.is_old_news(&event) {
            news |= app.on_event(event);
        }
    }
    news
}

fn draw<B: Backend>(app: &App, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
    terminal.draw(|frame| {
        if let Some(cursor) = app.draw(frame.buffer_mut()) {
            frame.set_cursor_position(cursor);
        }
    })?;
    Ok(())
}

fn resize<B: Backend>(app: &mut App, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
    let size = terminal.size()?;
    app.resize(Rect::new(0, 0, size.width, size.height));
    Ok(())
}

/// `true` when something may look different now.
fn on_arrival<B: Backend>(app: &mut App, arrival: Arrival, terminal: &mut Terminal<B>) -> Result<bool, B::Error> {
    match arrival {
        Arrival::Resumed => app.requests.push(Request::Redraw),
        Arrival::Input(Input::Key(key)) if key.kind != KeyEventKind::Release => app.on_key(Key::from(key)),
        Arrival::Input(Input::Paste(text)) => app.on_paste(&text),
        Arrival::Input(Input::Resize(..)) => resize(app, terminal)?,
        Arrival::Input(Input::Mouse(mouse)) => return Ok(on_mouse(app, mouse)),
        Arrival::Input(_) | Arrival::Ended(_) => return Ok(false),
    }
    Ok(true)
}

/// Terminals report every move; only those with a button held mean something.
fn on_mouse(app: &mut App, mouse: MouseEvent) -> bool {
    let (x, y) = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => app.on_mouse(Mouse { kind: MouseKind::Click, x, y }),
        MouseEventKind::ScrollDown => app.on_mouse(Mouse { kind: MouseKind::Wheel(WHEEL), x, y }),
        MouseEventKind::ScrollUp => app.on_mouse(Mouse { kind: MouseKind::Wheel(-WHEEL), x, y }),
        MouseEventKind::Drag(MouseButton::Left) => app.on_drag(x, y),
        MouseEventKind::Up(_) => app.on_release(),
        _ => return false,
    }
    true
}

/// Hands the outbox to Kafka without ever waiting for it; `false` when nobody is there to take it.
fn post(app: &mut App, desk: &Desk) -> bool {
    let mut posted = 0;
    for command in &app.outbox {
        match desk.commands.try_send(command.clone()) {
            Ok(()) => posted += 1,
            Err(TrySendError::Full(_)) => break,
            Err(TrySendError::Closed(_)) => return false,
        }
    }
    app.outbox.drain(..posted);
    true
}

/// What the screen asks of the terminal.
async fn carry_out<B: Backend>(
    app: &mut App,
    terminal: &mut Terminal<B>,
    host: &mut impl Host,
    files: &mut Files,
) -> Result<(), B::Error> {
    // An answer may ask for more: a file that is not there is written at once.
    while !app.requests.is_empty() {
        let done = match app.requests.remove(0) {
            Request::Copy(text) => host.copy(&text),
            Request::Redraw => repaint(app, terminal).map(Ok)?,
            Request::Suspend => {
                host.suspend().await;
                repaint(app, terminal).map(Ok)?
            }
            Request::LookFor(file) => {
                app.on_file(&file, file.exists());
                Ok(())
            }
            Request::Read(file) => {
                files.read(file);
                Ok(())
            }
            Request::Save { file, text } => {
                files.save(file, text);
                Ok(())
            }
            Request::Edit(text) => {
                let edited = host.edit(&text).await;
                repaint(app, terminal)?;
                edited.map(|text| app.on_edited(&text))
            }
        };
        if let Err(failure) = done {
            app.on_failure(failure);
        }
    }
    Ok(())
}

fn on_filed(app: &mut App, filed: Filed) {
    match filed {
        Filed::Read(file, text) => app.on_text_read(&file, text),
        Filed::Saved(file, saved) => app.on_saved(&file, saved),
        Filed::Broken(failure) => app.on_failure(failure),
    }
}

/// Draws every cell anew: somebody else wrote on the terminal. Not by `Terminal::clear`, which asks where the cursor
/// stands and waits seconds for terminals that do not answer.
fn repaint<B: Backend>(app: &mut App, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
    resize(app, terminal)?;
    terminal.resize(app.window.screen())
}
