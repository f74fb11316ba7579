//! What scripts expect of groups, at once and after a while.
use super::{begin, run, stage};
use crate::stage::{Own, Ran};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout},
};

fn expect(own: &Own, expected: &str) -> Ran {
    run(own, &["groups", "show", "g", "--expect", expected])
}

#[test]
fn what_is_so_ends_with_0_and_what_is_not_with_1_and_the_reason() {
    let own = stage(&[5, 5], &[Some(2), Some(5)]);
    for met in ["lag<4", "lag<=3", "lag=3", "lag >= 3", "lag>2", "members=0", "state=empty", "behind>1s"] {
        let ran = expect(&own, met);
        assert_eq!((ran.code, &*ran.stderr), (0, ""), "{met}");
    }
    for (unmet, why) in [
        ("lag<3", "kafscope: group g: lag<3 is not met: the lag is 3"),
        ("lag<=2", "the lag is 3"),
        ("lag=0", "the lag is 3"),
        ("lag>3", "the lag is 3"),
        ("members>=2", "it has 0 members"),
        ("state=stable", "its state is empty"),
        ("behind<5s", " behind"),
    ] {
        let ran = expect(&own, unmet);
        assert_eq!(ran.code, 1, "{unmet}");
        assert!(ran.stderr.contains(why), "{unmet}: {}", ran.stderr);
        assert!(ran.text().contains("CURRENT-OFFSET"), "what was seen is shown all the same");
    }
    own.end();
}

#[test]
fn all_of_it_must_be_so_for_every_group() {
    let own = stage(&[5], &[Some(2)]);
    own.cluster.commit("h", "t", 0, 5, "").unwrap();
    let ran = own.run("groups show g h --expect lag<4 --expect lag<=0 --json");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr, "kafscope: group g: lag<=0 is not met: the lag is 3\n");
    let ran = own.run("groups show g nope --expect lag<4");
    assert!(ran.code == 1 && ran.stderr.contains("there is no group nope"), "{}", ran.stderr);
    own.end();
}

/// A total over something unknown used to pass for a small one.
#[test]
fn a_bound_is_not_taken_for_a_number() {
    let own = stage(&[5, 5], &[Some(2), Some(5)]);
    own.cluster.set_leader("t", 1, None).unwrap();
    for unmet in ["lag<100", "lag<=3", "lag=3"] {
        let ran = expect(&own, unmet);
        assert_eq!(ran.code, 1, "{unmet}");
        assert!(ran.stderr.contains("the total is not exact: 1 partition unknown"), "{}", ran.stderr);
    }
    assert_eq!(expect(&own, "lag>=3").code, 0, "whatever the other partition holds");
    own.end();
    // As brokers list a partition whose commit is gone.
    let own = stage(&[5, 5, 0], &[Some(5), Some(-1), Some(-1)]);
    let ran = expect(&own, "lag<=0");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("1 partition without a commit with records in it"), "{}", ran.stderr);
    // The same group used to be called less than five minutes behind.
    for unmet in ["behind<5m", "behind<=0s", "behind=0s"] {
        let ran = expect(&own, unmet);
        assert_eq!(ran.code, 1, "{unmet}");
        assert!(ran.stderr.contains("that is not all: 1 partition without a commit"), "{}", ran.stderr);
    }
    own.end();
    let own = stage(&[0], &[]);
    let ran = expect(&own, "lag<=0");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("the group has no commits"), "{}", ran.stderr);
    own.end();
}

#[test]
fn what_is_no_expectation_is_marked_before_anybody_is_asked() {
    for (wrong, mark) in
        [("lga<5", "  lga<5\n  ^"), ("lag<many", "  lag<many\n      ^"), ("behind<5", "  behind<5\n         ^")]
    {
        let mut command = crate::stage::program();
        let ran =
            Ran::of(command.args(["-b", "127.0.0.1:1", "groups", "show", "g", "--expect", wrong]).spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (2, ""), "{wrong}");
        assert!(ran.stderr.contains(mark), "{wrong}: {}", ran.stderr);
    }
}

/// The child's output up to the first line that begins so.
fn until(child: &mut Child, begins: &str) -> BufReader<ChildStdout> {
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(begins) {
        line.clear();
        assert!(stdout.read_line(&mut line).unwrap() > 0, "it ended without {begins}");
    }
    stdout
}

#[test]
fn a_watch_waits_until_what_is_expected_is_so() {
    let own = stage(&[5], &[Some(2)]);
    let mut child = begin(&own, &["groups", "show", "g", "--watch", "0.1", "--for", "60s", "--expect", "lag<=0"]);
    let rest = until(&mut child, "g: empty, 0 members, lag 3");
    own.cluster.commit("g", "t", 0, 5, "").unwrap();
    let shown: Vec<String> = rest.lines().map(Result::unwrap).collect();
    let ran = Ran::of(child);
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
    assert!(shown.last().unwrap().starts_with("g: empty, 0 members, lag 0"), "{shown:?}");
    own.end();
}

#[test]
fn a_watch_gives_up_when_its_time_is_over() {
    let own = stage(&[5], &[Some(2)]);
    let ran = run(&own, &["groups", "show", "g", "--watch", "0.05", "--for", "200ms", "--expect", "lag<=0", "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr, "kafscope: group g: lag<=0 is not met: the lag is 3\n", "said once, at the end");
    assert!(ran.text().lines().count() >= 2, "{}", ran.text());
    let ran = run(&own, &["groups", "show", "g", "--watch", "60", "--for", "10ms"]);
    assert_eq!(ran.code, 0, "nothing was expected: {}", ran.stderr);
    own.end();
}

#[test]
fn a_watch_ends_by_ctrl_c_and_quietly_with_its_reader() {
    let own = stage(&[5], &[Some(2)]);
    let mut child = begin(&own, &["groups", "show", "g", "--watch", "0.05"]);
    let rest = until(&mut child, "g: ");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(Ran::of(child).code, 130);
    drop(rest);
    let mut child = begin(&own, &["groups", "show", "g", "--watch", "0.05"]);
    drop(until(&mut child, "g: "));
    let ran = Ran::of(child);
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
    own.end();
}

#[test]
fn a_group_that_is_deleted_meanwhile_ends_the_watch() {
    let own = stage(&[5], &[Some(2)]);
    let mut child = begin(&own, &["groups", "show", "g", "--watch", "0.05", "--expect", "lag<=0"]);
    let rest = until(&mut child, "g: ");
    assert_eq!(own.run("groups delete g --yes").code, 0);
    drop(rest.lines().collect::<Vec<_>>());
    let ran = Ran::of(child);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("there is no group g"), "{}", ran.stderr);
    own.end();
}
