//! `kafscope demo`: something to see in every panel without a key, and nothing left behind.
use crate::{
    bytes::assert_plain,
    program::{Program, Terminal},
};
use rustix::process::Signal;
use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

/// From the start to four panels with something in them, measured at 1 to 2 s; three times that on a busy machine.
const ALIVE: Duration = Duration::from_secs(6);

fn four_panels(screen: &str) -> bool {
    let shown =
        ["1 Topics", "tweets", "2 Tail", "{\"", "3 Lag", "analytics", "4 Produce", "orders", "● live", " records/s"];
    shown.iter().all(|text| screen.contains(text))
}

fn started(columns: u16, rows: u16) -> Terminal {
    let mut terminal = Program::new(&["demo"]).size(columns, rows).start();
    let took = terminal.until("four panels with something in them", four_panels);
    println!("{columns}×{rows}: four panels after {took:?}");
    assert!(took < ALIVE, "{took:?}");
    terminal
}

/// The processes that one has started.
pub fn children(of: i32) -> Vec<i32> {
    let listed = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    let pairs = text.lines().filter_map(|line| line.trim().split_once(' '));
    pairs.filter(|(_, parent)| parent.trim() == of.to_string()).filter_map(|(pid, _)| pid.parse().ok()).collect()
}

pub fn is_running(pid: i32) -> bool {
    let listed = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8(listed.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

/// Nobody but its parent is told of a process's end: it is looked at now and then.
pub fn assert_ends(pid: i32) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while is_running(pid) {
        assert!(Instant::now() < deadline, "process {pid} is still there");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn every_panel_has_something_to_show_and_q_leaves_nothing_behind() {
    let mut terminal = started(80, 24);
    assert!(terminal.is_taken());
    let children = children(terminal.pid().as_raw_nonzero().get());
    assert_eq!(children.len(), 1, "the cluster is one child");
    terminal.keys("q");
    let asked = Instant::now();
    let ended = terminal.end();
    println!("q to the end: {:?}", asked.elapsed());
    assert_eq!((ended.code, ended.text.trim()), (0, ""));
    assert_plain(&ended.raw);
    assert!(!is_running(children[0]), "the demo's cluster outlives its screen");
}

#[test]
fn a_wide_demo_that_is_killed_takes_its_cluster_with_it() {
    let terminal = started(160, 45);
    let children = children(terminal.pid().as_raw_nonzero().get());
    terminal.signal(Signal::KILL);
    assert_ends(children[0]);
}
