use super::*;
use crate::{failure::Failure, group::GroupName};
use proptest::prelude::*;

fn step(partition: i32, old: Option<i64>) -> Move {
    Move {
        topic: "orders".into(),
        partition,
        start: Some(0),
        end: Some(9),
        old,
        new: Err(Failure::default()),
        clamped: None,
        nothing_since: false,
    }
}

fn target(partition: i32, offset: Option<i64>) -> Target {
    Target { topic: "orders".into(), partition, offset }
}

/// Kafka's own tool reads such a file: it takes the last lines for groups that nobody asked for.
#[test]
fn t24_what_stood_there_is_written_and_partitions_without_a_commit_come_last() {
    let text = text("billing", &[step(0, None), step(1, Some(7)), step(2, None)]);
    assert_eq!(
        text,
        "billing,orders,1,7\n# no commit before: billing,orders,0\n# no commit before: billing,orders,2\n"
    );
    let groups = read(&text).unwrap();
    assert_eq!(groups["billing"], [target(1, Some(7)), target(0, None), target(2, None)]);
}

#[test]
fn t24_a_mistake_in_an_undo_file_is_told_with_its_place() {
    let table = [
        ("", 1, 1, "no line"),
        ("orders,0,5\n", 1, 1, "3 fields"),
        ("billing,orders,0,5\n# no commit before: billing,orders,x\n", 2, 36, "\"x\" is no partition"),
        ("# no commit before: ,orders,1\n", 1, 1, "3 fields"),
        ("billing,orders,1,5\n# no commit before: billing,orders,1\n", 2, 1, "partition 1 of topic orders again"),
    ];
    for (text, line, column, why) in table {
        let mistake = read(text).unwrap_err();
        assert_eq!((mistake.line, mistake.column), (line, column), "{text:?} {mistake}");
        assert!(mistake.why.starts_with(why), "{mistake}");
    }
}

#[test]
fn a_file_name_is_safe_and_tells_groups_apart() {
    let at: Timestamp = "2026-11-20T10:15:00.123Z".parse().unwrap();
    assert_eq!(file_name("orders.v1", at), "20261120T101500.123Z-orders.v1.csv");
    let dangerous = ["../../etc/passwd", "a\0b\u{1b}[2J", "..", "", "CON\\x", &"x".repeat(1_000), "a/b", "a_b", "a\\b"];
    let names: std::collections::HashSet<_> = dangerous.map(|group| file_name(group, at)).into_iter().collect();
    assert_eq!(names.len(), dangerous.len(), "{names:?}");
}

proptest! {
    #[test]
    fn t24_an_undo_file_says_again_what_stood_there(
        group in "[a,\"\n# é]{1,8}", olds in proptest::collection::vec(proptest::option::of(0..i64::MAX), 1..6)
    ) {
        let moves: Vec<_> = olds.iter().enumerate().map(|(at, old)| step(at as i32, *old)).collect();
        let mut read = read(&text(&group, &moves)).unwrap().remove(&GroupName::from(group.as_str())).unwrap();
        read.sort_by_key(|target| target.partition);
        let expected: Vec<_> = moves.iter().map(|step| target(step.partition, step.old)).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn no_group_makes_a_file_name_that_leaves_its_directory(group: String) {
        let name = file_name(&group, Timestamp::UNIX_EPOCH);
        prop_assert!(name.len() < 160 && name.starts_with("19700101T") && name.ends_with(".csv"));
        prop_assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter)));
    }
}
