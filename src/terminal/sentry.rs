//! Hears that the program has to end, in a task that no terminal can hold up, and sees to it that it does: the loop gets
//! a moment to leave in order, then the process ends as it is.
use super::leave;
use crate::{headless::Ended, run::End};
use crossterm::terminal::disable_raw_mode;
use std::{
    io::{self, IsTerminal, stdin},
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc::{Receiver, channel},
    task::spawn_blocking,
    time::{sleep, timeout},
};

/// What the Kafka side may take for writes on their way, two seconds at most, and then some.
const LEAVE: Duration = Duration::from_millis(2500);
/// From one look at the terminal to the next; one that is gone is no terminal any more.
const LOOK: Duration = Duration::from_millis(500);
/// For the last bytes to a terminal that may take none any more.
const LAST_BYTES: Duration = Duration::from_millis(100);

/// Begins to listen for SIGTERM, SIGHUP and the end of the terminal, and tells of the first. From then on the process
/// ends by itself, whatever it does.
///
/// # Errors
/// The system has no room for another signal.
pub fn post() -> io::Result<Receiver<End>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let (sender, ended) = channel(1);
    tokio::spawn(async move {
        let end = tokio::select! {
            _ = terminate.recv() => End::Terminated,
            _ = hang_up.recv() => End::HungUp,
            () = gone() => End::HungUp,
        };
        let _ = sender.send(end).await; // who does not listen is leaving already
        sleep(LEAVE).await;
        let _ = timeout(LAST_BYTES, spawn_blocking(give_back)).await;
        std::process::exit(Ended::from(end).code().into())
    });
    Ok(ended)
}

/// Waits until nobody is at the other end of the terminal: SIGHUP goes to whom the terminal controls, and not every
/// program that draws on one is controlled by it.
async fn gone() {
    while stdin().is_terminal() {
        sleep(LOOK).await;
    }
}

/// The modes first: they need no room on the terminal's way out.
fn give_back() {
    let _ = disable_raw_mode();
    leave();
}
