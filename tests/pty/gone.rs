//! Whoever held the terminal is gone, whatever the program is doing just then: it ends soon, and its demo with it.
use crate::{
    demo::{assert_ends, children},
    line::{Line, bound},
    program::Program,
    stage,
};
use rustix::process::{Pid, Signal, kill_process};
use std::{path::Path, time::Duration};
use vt100::Screen;

/// Within a second or two; more than twice that on a machine that does other things too.
const SOON: Duration = Duration::from_secs(5);
/// As a shell reports who was ended by SIGHUP.
const HUNG_UP: u32 = 129;
/// An arrow, say, that is not there yet.
const HALF: &[u8] = b"\x1b[";

/// The terminal went while the loop itself was reading it: crossterm read on for ever, the loop heard no signal any
/// more, and the program kept a core busy until somebody killed it.
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_goes_ends_the_program_whatever_it_is_doing() {
    let cluster = stage::cluster().await;
    let flood = [&b"j".repeat(3000), HALF].concat(); // more than is read at once
    for round in 0..20 {
        let mut line = Line::open(stage::screen(&cluster, &["-t", "orders"]));
        line.until_shown("cake");
        let keys: &[u8] = match round % 5 {
            0 => b"",
            1 => b"j",
            2 => HALF,
            3 => b"jj\x1b[",
            _ => &flood,
        };
        line.keys(keys);
        assert_eq!(line.hang_up(SOON), HUNG_UP, "round {round}");
    }
}

/// SIGHUP goes to the session of the terminal. This program is in another one: it has only the end of its input.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_goes_ends_the_program_without_a_signal_too() {
    const SHELL: &str = r#"trap "" HUP; setsid --wait "$KAFSCOPE" -b "$BROKERS" -t orders; exit $?"#;
    let cluster = stage::cluster().await;
    for keys in ["", "j", "jjj\x1b["] {
        let shell = Program::of(Path::new("/bin/sh"), &["-c", SHELL]);
        let shell = shell.env("KAFSCOPE", env!("CARGO_BIN_EXE_kafscope")).env("BROKERS", &cluster.bootstrap());
        let mut line = Line::open(shell);
        line.until_shown("cake");
        let _bound = bound(child(line.pid()), SOON); // the shell's child is not ended with the shell
        line.keys(keys);
        assert_eq!(line.hang_up(SOON), HUNG_UP, "{keys:?}");
    }
}

/// Nobody reads the terminal, and its first frame is more than it holds: the loop waits for room and hears nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_takes_nothing_keeps_nobody_from_ending_the_program() {
    let cluster = stage::cluster().await;
    let mut line = Line::open(stage::screen(&cluster, &["-t", "orders"]).size(500, 200));
    line.until("the screen", Screen::alternate_screen);
    kill_process(line.pid(), Signal::TERM).unwrap();
    assert_eq!(line.end(SOON), 143);
}

#[test]
fn a_demo_goes_with_its_terminal() {
    let mut line = Line::open(Program::new(&["demo"]));
    line.until_shown("tweets");
    let cluster = child(line.pid());
    assert_eq!(line.hang_up(SOON), HUNG_UP);
    assert_ends(cluster.as_raw_nonzero().get());
}

fn child(of: Pid) -> Pid {
    let children = children(of.as_raw_nonzero().get());
    assert_eq!(children.len(), 1, "the program has one child");
    Pid::from_raw(children[0]).unwrap()
}
