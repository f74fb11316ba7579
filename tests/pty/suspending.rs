//! ctrl-z: the terminal goes back to the shell, and comes back to the screen.
use crate::{bytes::assert_plain, program::Program, stage};
use std::path::Path;

/// A shell with job control runs the program, waits for a line, and calls it back.
const SHELL: &str =
    r#"set -m; "$KAFSCOPE" -b "$BROKERS" -t orders; echo "left with $?"; read line; fg; echo "ended with $?""#;

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_screen_back() {
    let cluster = stage::cluster().await;
    let shell = Program::of(Path::new("/bin/bash"), &["-c", SHELL]);
    let shell = shell.env("KAFSCOPE", env!("CARGO_BIN_EXE_kafscope")).env("BROKERS", &cluster.bootstrap());
    let mut terminal = shell.start();
    terminal.until_shown("cake");
    terminal.keys("\x1a");
    // 128 + SIGTSTP: the shell saw it stop.
    terminal.until_shown("left with 148");
    assert!(terminal.is_given_back());
    terminal.keys("\n");
    terminal.until_all("the screen again", |terminal| terminal.is_taken() && terminal.text().contains("cake"));
    terminal.keys("q");
    let ended = terminal.end();
    assert!(ended.text.contains("ended with 0"), "{}", ended.text);
}

/// The program leads the session here, as in a container: nobody could wake it, so the system ignores the stop.
#[tokio::test(flavor = "multi_thread")]
async fn where_a_stop_is_ignored_the_screen_comes_back_by_itself() {
    let cluster = stage::cluster().await;
    let mut terminal = stage::screen(&cluster, &["-t", "orders"]).start();
    terminal.until_shown("cake");
    terminal.keys("\x1a");
    let before = terminal.raw.len();
    terminal.until_all("the terminal given back", |t| t.raw[before..].windows(8).any(|w| w == b"\x1b[?1049l"));
    terminal.until_all("the screen again", |t| t.is_taken() && t.text().contains("cake"));
    terminal.keys("q");
    let ended = terminal.end();
    assert_eq!(ended.code, 0);
    assert_plain(&ended.raw);
}
