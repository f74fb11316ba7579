//! Places that are not there, or have nothing between them.
use crate::stage::{Ran, cluster, kafscope};

fn nothing(ran: &Ran) -> (i32, &str, Vec<&str>) {
    (ran.code, ran.text(), ran.stderr.lines().filter(|line| line.starts_with("kafscope: ")).collect())
}

/// It read the whole topic.
#[test]
fn a_group_that_is_not_there_is_a_no_and_one_without_commits_begins_at_the_start_said_once() {
    for line in [
        "read orders --from group:nobody-at-all",
        "read orders --to group:nobody-at-all",
        "tail orders --from group:nobody-at-all",
    ] {
        let ran = kafscope(line);
        assert_eq!(nothing(&ran), (1, "", vec!["kafscope: there is no group nobody-at-all"]), "{line}");
    }
    cluster().create_group("without-commits").unwrap();
    let ran = kafscope("read orders --from group:without-commits --count");
    let words = "kafscope: orders: group without-commits has committed nothing here; all is read from the start";
    assert_eq!(nothing(&ran), (0, "1200\n", vec![words]));
    cluster().commit("only-here", "orders", 0, 10, "").unwrap();
    let ran = kafscope("read orders --from group:only-here --count");
    assert_eq!((ran.code, ran.text(), nothing(&ran).2.len()), (0, "1190\n", 5), "{}", ran.stderr);
}

/// It was a warning, and the rest was read, while `-p 9` was refused.
#[test]
fn an_offset_in_a_partition_that_is_not_there_is_a_no() {
    for line in ["read orders --from 0:5,9:3", "read orders --to 0:5,9:3", "tail orders --from 9:3", "read orders -p 9"]
    {
        let ran = kafscope(line);
        let words = "kafscope: there is no partition 9 in orders; the last is 5";
        assert_eq!(nothing(&ran), (1, "", vec![words]), "{line}");
    }
}

/// Nothing was printed and nobody said why.
#[test]
fn why_nothing_lies_between_two_places_is_said_in_one_sentence() {
    for (line, why) in [
        ("read orders --from offset:100 --to offset:50", "offset 50 is before offset 100"),
        ("read orders --to start", "reading was to end at the start"),
        ("read orders --from @2127-01-01T00:00:00Z", "no record is as late as 2127-01-01 00:00:00Z"),
        ("read orders --from end", "at the end there is nothing yet; `kafscope tail` waits for it"),
        ("read orders --from offset:5 --to offset:5", "there is no record from offset 5 to offset 5"),
    ] {
        let ran = kafscope(line);
        let words = format!("kafscope: nothing is read: {why}");
        assert_eq!(nothing(&ran), (0, "", vec![words.as_str()]), "{line}");
    }
    let words = "kafscope: retained: partition 0 has no offset 9,999 yet; it ends at 1,000";
    assert_eq!(nothing(&kafscope("read retained --from offset:9999")), (0, "", vec![words]));
    let ran = kafscope("read orders --from 0:5,1:10 --to 0:6,1:5 --count");
    assert_eq!((ran.code, ran.text(), nothing(&ran).2.len()), (0, "1\n", 1), "{}", ran.stderr);
    assert!(nothing(&kafscope("read orders --grep nowhere --from start")).2.is_empty());
    assert!(nothing(&kafscope("read orders -n 0 --from start")).2.is_empty());
}

#[test]
fn the_last_are_those_over_all_partitions_at_both_ends() {
    assert_eq!(kafscope("read orders --to last:10 --count").text(), "1190\n");
    assert_eq!(kafscope("read orders --from last:30 --to last:10 --count").text(), "30\n");
}
