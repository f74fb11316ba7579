//! Moving groups: planned, done, told, undone.
use super::{BEGAN, cells, column, run, stage};
use crate::stage::{Own, Ran};
use kafka_protocol::messages::ApiKey;
use kafscope_demo_broker::Force;
use rdkafka::{
    ClientConfig,
    consumer::{BaseConsumer, Consumer},
};
use serde_json::{Value, json};
use std::{fs, path::PathBuf, thread, time::Duration};

/// Three partitions: one that is read half, one that is read up to its end, one that the group never read; the first
/// two offsets of each are gone.
fn half_read() -> Own {
    let own = stage(&[10, 10, 10], &[Some(5), Some(10), None]);
    (0..3).for_each(|partition| own.cluster.delete_records_before("t", partition, 2).unwrap());
    own
}

fn committed(own: &Own) -> [Option<i64>; 3] {
    [0, 1, 2].map(|partition| own.cluster.committed("g", "t", partition))
}

fn reset(own: &Own, words: &str) -> Ran {
    own.run(&format!("groups reset g {words}"))
}

/// Where the undo file is, as stderr tells it.
fn undo_file(ran: &Ran) -> PathBuf {
    let after = ran.stderr.split_once("groups undo ").unwrap_or_else(|| panic!("{}", ran.stderr)).1;
    after.split_once(" --execute").unwrap().0.into()
}

/// Each strategy, what it makes of partitions 0, 1 and 2, and of which of them.
#[test]
fn every_strategy_is_planned_and_then_done_t24() {
    let third = |seconds: i64| jiff::Timestamp::from_millisecond(BEGAN + 1000 * seconds).unwrap();
    let at = format!("{:.3}", third(7)).trim_end_matches('Z').to_owned();
    let table = [
        ("--all-topics --to-earliest".to_owned(), [Some(2), Some(2), None]),
        ("--topic t --to-earliest".into(), [Some(2), Some(2), Some(2)]),
        ("--topic t:0,2 --to-latest".into(), [Some(10), Some(10), Some(10)]),
        ("--topic t --to-current".into(), [Some(5), Some(10), Some(10)]),
        ("--topic t --to-offset 7".into(), [Some(7), Some(7), Some(7)]),
        ("--topic t:0 --to-offset -5".into(), [Some(2), Some(10), None]),
        ("--topic t:0 --to-offset 99".into(), [Some(10), Some(10), None]),
        ("--all-topics --shift-by -2".into(), [Some(3), Some(8), None]),
        ("--all-topics --shift-by +4".into(), [Some(9), Some(10), None]),
        (format!("--topic t --to-datetime {at}"), [Some(7), Some(7), Some(7)]),
        ("--topic t --by-duration PT1H".into(), [Some(10), Some(10), Some(10)]),
        ("--topic t --by-duration P20000D".into(), [Some(2), Some(2), Some(2)]),
    ];
    // Each plan takes a second, in which it sees whether somebody commits all the same.
    thread::scope(|scope| table.iter().for_each(|(words, new)| drop(scope.spawn(|| there_and_back(words, *new)))));
}

fn there_and_back(words: &str, new: [Option<i64>; 3]) {
    let own = half_read();
    let before = committed(&own);
    let planned = reset(&own, &format!("{words} --json"));
    assert!(planned.stderr.contains("nothing was written; add --execute"), "{words}: {}", planned.stderr);
    assert_eq!(committed(&own), before, "{words}: a plan wrote something");
    let done = reset(&own, &format!("{words} --execute --json"));
    assert_eq!(committed(&own), new, "{words}: {}", done.stderr);
    assert_eq!(column(&planned.objects(), "new"), column(&done.objects(), "stands"), "{words}");
    assert!(done.objects().iter().all(|row| row["written"] == true), "{words}");
    let file = undo_file(&done);
    let undone = run(&own, &["groups", "undo", file.to_str().unwrap(), "--execute"]);
    assert_eq!((undone.code, committed(&own)), (0, before), "{words}: {}", undone.stderr);
    own.end();
}

#[test]
fn the_object_of_a_move_has_its_fields_in_order_and_the_table_says_what_is_odd() {
    let own = half_read();
    let planned = reset(&own, "--topic t:0 --to-offset 99 --json");
    assert_eq!(
        planned.text(),
        r#"{"group":"g","topic":"t","partition":0,"start":2,"end":10,"old":5,"new":10,"delta":5,"clamped":99,"skipped":5,"read_again":0}"#
            .to_owned()
            + "\n"
    );
    let done = reset(&own, "--topic t:0 --to-earliest --execute --json");
    assert_eq!(
        done.text(),
        r#"{"group":"g","topic":"t","partition":0,"start":2,"end":10,"old":5,"new":2,"delta":-3,"skipped":0,"read_again":3,"written":true,"stands":2}"#
            .to_owned()
            + "\n"
    );
    let table = reset(&own, "--topic t --to-offset 99");
    let first = table.text().lines().nth(1).unwrap();
    assert!(first.contains("+8") && first.contains("clamped from 99, skips 8"), "{first}");
    assert_eq!(cells(&table)[2][..6], ["g", "t", "2", "–", "10", "–"]);
    assert!(table.text().contains("no commit before"), "{}", table.text());
    let table = reset(&own, "--topic t --to-datetime 2990-01-01T00:00:00.000Z");
    assert!(table.text().contains("nothing that new: the end"), "{}", table.text());
    own.end();
}

#[test]
fn a_shift_without_a_commit_fails_the_whole_run() {
    let own = half_read();
    let before = committed(&own);
    let ran = reset(&own, "--topic t --shift-by 1 --execute");
    assert_eq!((ran.code, committed(&own)), (1, before));
    assert!(ran.stderr.contains("no commit there to shift"), "{}", ran.stderr);
    own.end();
}

#[test]
fn what_is_exported_is_what_kafkas_tool_writes_and_reads() {
    let own = half_read();
    own.cluster.commit("h,1", "t", 0, 4, "").unwrap();
    assert_eq!(reset(&own, "--topic t --to-offset 7 --export").text(), "t,0,7\nt,1,7\nt,2,7\n");
    let both = own.run("groups reset g h,1 --all-topics --to-current --export");
    assert_eq!(both.text(), "g,t,0,5\ng,t,1,10\n\"h,1\",t,0,4\n");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan.csv");
    let ran =
        run(&own, &["groups", "reset", "g", "--topic", "t", "--to-offset", "7", "--export", file.to_str().unwrap()]);
    assert!(ran.text().starts_with("GROUP"), "the table is printed beside the file");
    assert_eq!(fs::read_to_string(&file).unwrap(), "t,0,7\nt,1,7\nt,2,7\n");
    let from = |args: &[&str]| {
        run(&own, &[&["groups", "reset"], args, &["--from-file", file.to_str().unwrap(), "--execute"]].concat())
    };
    assert_eq!((from(&["g"]).code, committed(&own)), (0, [Some(7); 3]));
    fs::write(&file, both.text()).unwrap();
    assert_eq!(from(&["g", "h,1"]).code, 0);
    assert_eq!((committed(&own), own.cluster.committed("h,1", "t", 0)), ([Some(5), Some(10), Some(7)], Some(4)));
    let ran = from(&["k"]);
    assert!(ran.code == 2 && ran.stderr.contains("the file has no line of this group"), "{}", ran.stderr);
    assert_eq!(own.run("groups reset g --topic t --to-latest --export --json").code, 2);
    own.end();
}

/// The first group without commits ended the whole run.
#[test]
fn of_all_groups_those_without_commits_are_told_and_left_alone() {
    let own = stage(&[10], &[Some(5)]);
    own.cluster.create_group("a-bare").unwrap();
    own.cluster.commit("z", "t", 0, 3, "").unwrap();
    let ran = own.run("groups reset --all-groups --all-topics --to-latest --execute");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(["g", "z"].map(|group| own.cluster.committed(group, "t", 0)), [Some(10); 2]);
    assert!(ran.stderr.contains("group a-bare: the group has no commit, so there is nothing"), "{}", ran.stderr);
    assert_eq!(own.run("groups reset a-bare --all-topics --to-latest").code, 1);
    own.end();
}

/// What the first group's partitions were refused for was dropped when a later group could not be moved at all.
#[test]
fn what_was_refused_earlier_is_told_although_a_later_group_ends_the_run() {
    let own = stage(&[10], &[Some(5)]);
    own.cluster.commit("h", "t", 0, 4, "").unwrap();
    own.cluster.force(Force::error(ApiKey::OffsetCommit, 29).topic("t").times(1));
    let mut child =
        super::begin(&own, &["groups", "reset", "g", "h", "--all-topics", "--to-latest", "--export", "--execute"]);
    let stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = Vec::new();
    for line in std::io::BufRead::lines(stderr).map(Result::unwrap) {
        // Both are planned by then, and the first is only now carried out.
        if line.contains("g: what it replaces") {
            own.cluster.commit("h", "t", 0, 6, "").unwrap();
        }
        said.push(line);
    }
    let said = said.join("\n");
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("group h changed since it was planned"), "{said}");
    assert!(said.contains("group g, topic t, partition 0: "), "{said}");
    own.end();
}

#[test]
fn a_mistake_in_a_file_is_told_with_line_and_column_and_nothing_is_written() {
    let own = half_read();
    let before = committed(&own);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("plan.csv");
    let name = file.to_str().unwrap();
    for (text, at) in
        [("t,0,7\nt,one,7\n", ":2:3: "), ("t,0,7\nt,0,8\n", ":2:1: "), ("t,0,7,1,1\n", ":1:"), ("\"t,0,7", ":1:")]
    {
        fs::write(&file, text).unwrap();
        let ran = run(&own, &["groups", "reset", "g", "--from-file", name, "--execute"]);
        assert_eq!((ran.code, ran.text(), committed(&own)), (2, "", before), "{text}");
        assert!(ran.stderr.contains(&format!("{name}{at}")), "{text}: {}", ran.stderr);
        let ran = run(&own, &["groups", "undo", name, "--execute"]);
        assert_eq!((ran.code, committed(&own)), (2, before), "{text}");
    }
    assert_eq!(run(&own, &["groups", "undo", "/nowhere/undo.csv"]).code, 2);
    own.end();
}

#[test]
fn what_is_not_there_is_a_no_and_a_time_that_is_none_is_marked() {
    let own = half_read();
    for (words, code, why) in [
        ("--topic nope --to-latest", 1, "there is no topic nope"),
        ("--topic t:9 --to-latest", 1, "partition 9 of topic t does not exist"),
        ("--topic t:x --to-latest", 2, "  t:x\n    ^"),
        ("--topic t --to-datetime yesterday", 2, "--to-datetime"),
        ("--topic t --by-duration 5m", 2, "PT1H30M"),
    ] {
        let ran = reset(&own, words);
        assert_eq!(ran.code, code, "{words}: {}", ran.stderr);
        assert!(ran.stderr.contains(why), "{words}: {}", ran.stderr);
    }
    let ran = own.run("groups reset new --topic t:0 --to-offset 4 --execute");
    assert!(ran.stderr.contains("there is no group new yet"), "{}", ran.stderr);
    assert_eq!(own.cluster.committed("new", "t", 0), Some(4));
    own.end();
}

#[test]
fn a_group_with_members_is_refused_and_they_are_named() {
    let own = half_read();
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", own.cluster.bootstrap()).set("group.id", "g").set("client.id", "busy-reader");
    let member: BaseConsumer = config.set("auto.offset.reset", "error").create().unwrap();
    member.subscribe(&["t"]).unwrap();
    while member.assignment().unwrap().count() == 0 {
        let _ = member.poll(Duration::from_millis(100)); // joining happens inside
    }
    let before = committed(&own);
    for words in ["--topic t --to-latest", "--topic t --to-latest --execute"] {
        let ran = reset(&own, words);
        assert_eq!((ran.code, committed(&own)), (1, before), "{words}");
        assert!(ran.stderr.contains("stable") && ran.stderr.contains("busy-reader"), "{words}: {}", ran.stderr);
        assert!(ran.text().starts_with("GROUP"), "the plan is shown all the same");
    }
    let ran = own.run("groups delete g --yes");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("busy-reader"), "{}", ran.stderr);
    let ran = own.run("groups forget g --topic t:0");
    assert_eq!((ran.code, committed(&own)), (1, before));
    assert!(ran.stderr.contains("subscribes to the topic"), "{}", ran.stderr);
    let shown = own.run("groups show g --members --json").objects();
    assert_eq!((&shown[0]["client_id"], &shown[0]["assigned"][0]["topic"]), (&json!("busy-reader"), &json!("t")));
    drop(member);
    own.end();
}

/// One partition of three is refused by the broker while the others are written.
#[test]
fn a_reset_that_is_partly_refused_is_accounted_for_exactly_and_can_be_undone() {
    let own = half_read();
    let before = committed(&own);
    own.cluster.force(Force::error(ApiKey::OffsetCommit, 29).topic("t").partition(1));
    let ran = reset(&own, "--topic t --to-offset 7 --execute --json");
    assert_eq!((ran.code, committed(&own)), (1, [Some(7), Some(10), Some(7)]));
    assert!(ran.stderr.contains("2 of 3 partitions as planned"), "{}", ran.stderr);
    assert!(ran.stderr.contains("group g, topic t, partition 1: "), "{}", ran.stderr);
    let rows: Vec<Value> = ran.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(column(&rows, "written"), [true, false, true]);
    assert_eq!(column(&rows, "stands"), [7, 10, 7]);
    assert!(rows[1]["error"].as_str().unwrap().contains("may not change offsets"), "{rows:?}");
    own.cluster.unforce();
    let undone = run(&own, &["groups", "undo", undo_file(&ran).to_str().unwrap(), "--execute"]);
    assert_eq!((undone.code, committed(&own)), (0, before), "{}", undone.stderr);
    own.end();
}

#[test]
fn a_read_only_session_plans_and_writes_nothing_t26() {
    let own = half_read();
    let before = committed(&own);
    assert_eq!(own.run("--read-only groups reset g --topic t --to-latest").code, 0);
    own.cluster.clear_requests();
    for line in ["reset g --topic t --to-latest --execute", "forget g --topic t", "delete g --yes"] {
        let ran = own.run(&format!("--read-only groups {line}"));
        assert_eq!((ran.code, ran.text()), (1, ""), "{line}");
        assert!(ran.stderr.contains("read-only"), "{line}: {}", ran.stderr);
    }
    assert!(own.cluster.requests().is_empty());
    assert_eq!(committed(&own), before);
    own.end();
}
