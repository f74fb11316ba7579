//! The Tail panel as a person meets it.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests only inside #[test] functions"
)]
#[path = "tail/arriving.rs"]
mod arriving;
#[path = "tail/asking.rs"]
mod asking;
mod common;
#[path = "tail/endless.rs"]
mod endless;
#[path = "tail/keeping.rs"]
mod keeping;
#[path = "tail/log.rs"]
mod log;
#[path = "tail/shown.rs"]
mod shown;

use common::{
    Screen,
    batch::{Spec, TIME, arrived, record},
    start,
};
use kafscope::{
    bus::{Command, Event, Reading},
    failure::Failure,
    panels::{Request, Sent},
    place::Where,
    record::TimestampType,
};
use std::time::Duration;

/// `orders` is open, its list answered; the commands so far are taken away.
fn open(width: u16, height: u16) -> Screen {
    open_with(Screen::new(width, height))
}

fn open_with(mut s: Screen) -> Screen {
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]);
    s.sent();
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: (0..6).collect() }).press("2");
    s
}

fn value(i: i64) -> Spec {
    record(0, i, "k", format!("value {i}."))
}

fn values(from: i64, to: i64) -> Event {
    arrived(1, "orders", (from..to).map(value))
}

fn behind(n: u64) -> Event {
    Event::TailBehind { generation: 1, behind: Some(n) }
}

/// The numbers of the values on the screen, from top to bottom.
fn rows(s: &Screen) -> Vec<i64> {
    let number = |line: &str| line.split("value ").nth(1)?.split('.').next()?.parse().ok();
    s.screen().lines().filter_map(number).collect()
}

/// The row on the screen that holds this text.
#[track_caller]
fn row(s: &Screen, text: &str) -> String {
    let screen = s.screen();
    assert!(screen.contains(text), "no {text:?}\n{screen}");
    screen.lines().find(|line| line.contains(text)).unwrap_or_default().into()
}

fn copied(s: &mut Screen) -> Option<String> {
    s.app.requests.drain(..).find_map(|request| if let Request::Copy(text) = request { Some(text) } else { None })
}

/// Commands so far, without the looks back that scrolling up asks for.
fn said(s: &mut Screen) -> Vec<Command> {
    s.sent().into_iter().filter(|command| !matches!(command, Command::ReadOlder { .. })).collect()
}
