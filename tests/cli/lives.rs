//! How the program ends: by a signal, by a closed pipe, with its parent.
use crate::stage::{Bound, Ran, bootstrap, program};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Stdio},
};

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

/// The child's first lines, and the rest of its output.
fn first_lines(child: &mut Child, lines: usize) -> (Vec<String>, BufReader<ChildStdout>) {
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = vec![String::new(); lines];
    let _bound = Bound::on(child.id());
    for line in &mut first {
        stdout.read_line(line).unwrap();
    }
    (first, stdout)
}

#[test]
fn a_closed_pipe_ends_the_command_quietly() {
    let mut child = program().args(["-b", &bootstrap(), "read", "tweets", "--json"]).spawn().unwrap();
    let (lines, rest) = first_lines(&mut child, 1);
    assert!(lines[0].starts_with("{\"topic\":\"tweets\""));
    drop(rest);
    let ran = Ran::of(child);
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
}

#[test]
fn a_tail_shows_the_past_and_ends_by_ctrl_c_with_an_account() {
    let mut child = program().args(["-b", &bootstrap(), "tail", "retained", "--raw"]).spawn().unwrap();
    let (lines, rest) = first_lines(&mut child, 10);
    assert!(lines.iter().all(|line| line.ends_with('\n')), "{lines:?}");
    interrupt(&child);
    drop(rest);
    let ran = Ran::of(child);
    assert_eq!(ran.code, 130);
    assert!(ran.stderr.starts_with("10 records, "), "{}", ran.stderr);
    assert!(ran.stderr.contains("go on with --from 0:1000"), "{}", ran.stderr);
}

#[test]
fn a_tail_ends_by_itself_after_as_many_records_as_were_wanted() {
    let mut command = program();
    command.args(["-b", &bootstrap(), "tail", "orders", "--from-beginning", "-n", "3", "--json"]);
    assert_eq!(Ran::of(command.spawn().unwrap()).objects().len(), 3);
}

#[test]
fn a_short_tail_prints_the_newest_records_not_the_oldest_of_ten() {
    let mut command = program();
    command.args(["-b", &bootstrap(), "tail", "retained", "-n", "2", "--json"]);
    let offsets: Vec<_> = Ran::of(command.spawn().unwrap()).objects().iter().map(|r| r["offset"].clone()).collect();
    assert_eq!(offsets, [998, 999]);
}

/// Each topic gave its own last ten, and `-p` thinned them out afterwards.
#[test]
fn the_last_records_are_counted_over_all_topics_and_only_the_partitions_that_are_wanted() {
    let tail = |line: &str| -> Vec<(String, i64)> {
        let mut command = program();
        let ran = Ran::of(command.args(["-b", &bootstrap(), "tail", "--json"]).args(line.split(' ')).spawn().unwrap());
        ran.objects().iter().map(|r| (r["topic"].to_string(), r["offset"].as_i64().unwrap())).collect()
    };
    let both = tail("orders retained -n 4");
    assert_eq!(both.len(), 4);
    let read = tail("orders retained --from last:4 -n 4");
    assert_eq!(both, read);
    let offsets = |line| tail(line).into_iter().map(|(_, offset)| offset).collect::<Vec<_>>();
    assert_eq!(offsets("orders -p 2 -n 3"), [239, 240, 241]);
    assert_eq!(offsets("orders mytopic -p 2 -n 3"), [239, 240, 241]);
}

fn addresses(line: &str) -> Vec<SocketAddr> {
    let list = line.trim_end().strip_prefix("bootstrap ").unwrap_or_else(|| panic!("{line:?}"));
    list.split(',').map(|address| address.parse().unwrap()).collect()
}

/// `None` where the system does not tell it in a file.
fn resident_kib(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// The first of the demo's acceptance cases.
#[test]
fn a_served_demo_prints_its_address_and_leaves_nothing_behind() {
    let mut child = program().args(["demo", "--serve", "--rate", "0", "--seed", "1"]).spawn().unwrap();
    let (lines, rest) = first_lines(&mut child, 1);
    let brokers = addresses(&lines[0]);
    assert_eq!(brokers.len(), 3);
    assert!(TcpStream::connect(brokers[0]).is_ok(), "ready means ready");
    assert!(resident_kib(&child).is_none_or(|kib| kib < 60 << 10), "the demo takes too much memory");
    interrupt(&child);
    drop(rest);
    let ran = Ran::of(child);
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
    assert!(brokers.iter().all(|broker| TcpStream::connect(broker).is_err()), "a port is still open");
}

#[test]
fn the_cluster_of_a_screen_ends_when_its_stdin_closes() {
    let mut command = program();
    let mut child = command.args(["demo-child", "--rate", "0"]).stdin(Stdio::piped()).spawn().unwrap();
    let (lines, _rest) = first_lines(&mut child, 1);
    let brokers = addresses(&lines[0]);
    drop(child.stdin.take());
    let _bound = Bound::on(child.id());
    assert!(child.wait().unwrap().success());
    assert!(TcpStream::connect(brokers[0]).is_err());
}
