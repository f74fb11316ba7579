//! Resets and deletions that are cut off half-way: what became of them is told.
use super::{begin, stage};
use crate::stage::{Bound, Own, Ran};
use kafka_protocol::messages::ApiKey;
use kafscope_demo_broker::Force;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    process::Child,
};

const RESET: [&str; 9] =
    ["--timeout", "2", "groups", "reset", "g", "--all-topics", "--to-latest", "--execute", "--json"];

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

/// A broker takes the write and never answers.
fn without_an_answer(api: ApiKey) -> Own {
    let own = stage(&[5], &[Some(2)]);
    own.cluster.force(Force::hang(api));
    own
}

#[test]
fn ctrl_c_waits_for_the_answer_and_tells_what_is_known() {
    let own = without_an_answer(ApiKey::OffsetCommit);
    let child = begin(&own, &RESET);
    own.asked(ApiKey::OffsetCommit);
    interrupt(&child);
    let ran = Ran::of(child);
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    assert!(ran.stderr.contains("what was asked of Kafka is waited for"), "{}", ran.stderr);
    assert!(ran.stderr.contains("it may have been done") && ran.stderr.contains("groups undo"), "{}", ran.stderr);
    let row: serde_json::Value = serde_json::from_str(ran.text()).unwrap();
    assert_eq!((&row["written"], &row["stands"]), (&false.into(), &2.into()));
    own.end();
}

#[test]
fn a_second_ctrl_c_leaves_at_once_and_names_the_undo_file() {
    let own = without_an_answer(ApiKey::OffsetCommit);
    let mut child = begin(&own, &[&["--timeout", "600"], &RESET[2..]].concat());
    let _bound = Bound::on(child.id());
    own.asked(ApiKey::OffsetCommit);
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    stderr.find(|line| line.contains("is waited for")).unwrap();
    interrupt(&child);
    let said: Vec<String> = stderr.collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(said[0].contains("g was given up on: it may have been moved") && said[0].contains(".csv"), "{said:?}");
    own.end();
}

#[test]
fn a_deletion_that_is_cut_off_says_what_was_not_tried() {
    let own = without_an_answer(ApiKey::DeleteGroups);
    own.cluster.commit("h", "t", 0, 1, "").unwrap();
    let child = begin(&own, &["--timeout", "2", "groups", "delete", "g", "h", "--yes"]);
    own.asked(ApiKey::DeleteGroups);
    interrupt(&child);
    let ran = Ran::of(child);
    assert_eq!((ran.code, ran.text()), (130, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("it may have been done"), "{}", ran.stderr);
    assert!(ran.stderr.contains("h was not tried any more"), "{}", ran.stderr);
    assert_eq!(own.cluster.committed("h", "t", 0), Some(1));
    own.end();
}
