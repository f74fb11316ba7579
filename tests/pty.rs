//! The whole program in a terminal of its own: what reaches the terminal byte by byte, what keys, signals and bad days
//! do, and that the terminal is given back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
#![allow(clippy::print_stdout, reason = "what was measured, for whoever runs with --nocapture")]
#[path = "pty/bytes.rs"]
mod bytes;
#[path = "pty/demo.rs"]
mod demo;
#[path = "pty/gone.rs"]
mod gone;
#[path = "pty/hostile.rs"]
mod hostile;
#[path = "pty/leaving.rs"]
mod leaving;
#[path = "pty/line.rs"]
mod line;
#[path = "pty/mouse.rs"]
mod mouse;
#[path = "pty/panics.rs"]
mod panics;
#[path = "pty/program.rs"]
mod program;
#[path = "pty/refusing.rs"]
mod refusing;
#[path = "pty/sizes.rs"]
mod sizes;
#[path = "pty/stage.rs"]
mod stage;
#[path = "pty/strangers.rs"]
mod strangers;
#[path = "pty/suspending.rs"]
mod suspending;
