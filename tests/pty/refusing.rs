//! Where no screen can be: one sentence, exit 2, and not one byte of a sequence.
use crate::program::Program;
use std::{
    fs,
    io::Read,
    process::{Command, Stdio},
};

#[test]
fn a_terminal_that_cannot_place_text_is_told_in_one_sentence() {
    for args in [&[][..], &["demo"]] {
        let ended = Program::new(args).env("TERM", "dumb").start().end();
        assert_eq!(ended.code, 2);
        assert_eq!(ended.text.trim().lines().count(), 1, "{}", ended.text);
        assert!(ended.text.contains("TERM=dumb") && !ended.raw.contains(&0x1b), "{}", ended.text);
    }
}

#[test]
fn without_a_terminal_there_is_one_sentence_and_nothing_else() {
    for args in [&["-b", "127.0.0.1:1"][..], &["demo"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kafscope"));
        let home = tempfile::tempdir().unwrap();
        command.args(args).env("HOME", home.path()).env("XDG_CONFIG_HOME", home.path()).stdin(Stdio::null());
        let output = command.env("XDG_STATE_HOME", home.path()).env("TERM", "xterm").output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len(), said.lines().count()), (Some(2), 0, 1), "{said}");
        assert!(said.contains("is not a terminal") && said.contains("kafscope tail"), "{said}");
    }
}

#[test]
fn a_bad_config_or_theme_is_placed_before_the_screen_opens() {
    let config = "mouse = true\n  raed_only = true\n";
    let theme = "text = {}\nmutde = {}\n";
    let files = [("config.toml", config, "config.toml:2:3: "), ("themes/mine.toml", theme, "mine.toml:2:1: ")];
    for (name, text, place) in files {
        let program = Program::new(&["-b", "127.0.0.1:1", "--theme", "mine"]).size(300, 24);
        let directory = program.home().join("kafscope");
        fs::create_dir_all(directory.join("themes")).unwrap();
        fs::write(directory.join(name), text).unwrap();
        let ended = program.start().end();
        assert_eq!(ended.code, 2);
        assert!(ended.text.contains(place) && !ended.raw.contains(&0x1b), "{}", ended.text);
    }
}

#[test]
fn an_address_that_is_none_is_refused_before_the_screen_opens() {
    let ended = Program::new(&["-b", "http://here"]).start().end();
    assert_eq!(ended.code, 2);
    assert!(ended.text.contains("HOST:PORT") && !ended.raw.contains(&0x1b), "{}", ended.text);
}

/// Scripts start it with nothing to read from; only a signal ends it.
#[test]
fn a_served_demo_does_not_end_with_its_stdin() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kafscope"));
    let mut child = command.args(["demo", "--serve", "--rate", "0"]);
    child = child.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut line = vec![];
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    let line = String::from_utf8(line).unwrap();
    let first = line.trim_end().strip_prefix("bootstrap ").unwrap().split(',').next().unwrap().to_owned();
    drop(child.stdin.take());
    let ended = Command::new(env!("CARGO_BIN_EXE_kafscope")).args(["-b", &first, "topics"]).output().unwrap();
    assert!(ended.status.success(), "the brokers answer on");
    assert!(child.try_wait().unwrap().is_none());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    assert!(child.wait().unwrap().success());
}
