//! Reading and sending: bytes stay bytes, null stays null, and a terminal is never told what to do.
use crate::stage::{Bound, bootstrap, cluster, kafscope, kafscope_with, program};
use kafscope_demo_broker::{ApiKey, TopicSpec};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::{Value, json};
use std::{collections::BTreeSet, io::Read};

#[test]
fn a_topic_is_read_from_its_start_to_its_end() {
    let ran = kafscope("read mytopic");
    assert_eq!(ran.code, 0);
    let lines: Vec<_> = ran.text().lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("mytopic 0/0  ␀  This is a message"), "{}", lines[0]);
    assert!(ran.stderr.starts_with("2 records, "), "{}", ran.stderr);
}

#[test]
fn what_is_read_can_be_bounded_and_counted() {
    assert_eq!(kafscope("read orders --count").text(), "1200\n");
    assert_eq!(kafscope("read orders -p 0,2-3 --count").text(), "622\n");
    assert_eq!(kafscope("read orders* --count").text(), "1215\n");
    let last = kafscope("read orders --from last:3 --json").objects();
    assert_eq!(last.iter().map(|record| record["offset"].as_i64().unwrap()).collect::<Vec<_>>(), [240, 161, 241]);
    let ran = kafscope("read orders --max-messages 5 --json");
    assert_eq!(ran.objects().len(), 5);
    assert!(ran.stderr.contains("not to the end; go on with --from 0:"), "{}", ran.stderr);
    let counts = kafscope("read retained --count --json").objects();
    assert_eq!(
        counts,
        [json!({"records": 300, "partitions": [{"topic": "retained", "partition": 0, "records": 300}]})]
    );
}

#[test]
fn several_topics_are_one_stream_and_one_that_is_not_there_stops_all() {
    let topics = |line| -> BTreeSet<String> {
        kafscope(line).objects().iter().map(|record| record["topic"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(topics("read mytopic nulls --json"), BTreeSet::from(["mytopic".into(), "nulls".into()]));
    let ran = kafscope("read mytopic nowhere --json");
    assert_eq!((ran.code, ran.text(), &*ran.stderr), (1, "", "kafscope: there is no topic nowhere\n"));
}

#[test]
fn null_and_empty_and_the_word_null_are_three_things_t12() {
    let records = kafscope("read nulls --json").objects();
    let parts = |record: &Value| format!("{} {} {}", record["key"], record["value"], record["headers"][0]["value"]);
    assert_eq!(records.iter().map(parts).collect::<BTreeSet<_>>().len(), 27);
    assert!(records.iter().all(|record| record["key"].is_null() == record.get("key_encoding").is_none()));
}

#[test]
fn raw_values_are_exact_bytes_on_a_pipe_t13() {
    let ran = kafscope("read hostile --raw -n 1");
    assert_eq!(ran.stdout, b"\x1b[2Jscreen cleared\n");
}

#[test]
fn a_terminal_gets_no_control_character_from_a_record_t14() {
    for form in [vec![], vec!["--raw"], vec!["--json"]] {
        let shown = on_a_terminal(&[&["read", "hostile"], &*form].concat());
        let controls: BTreeSet<char> = shown.chars().filter(|c| c.is_control()).collect();
        assert_eq!(controls, BTreeSet::from(['\r', '\n']), "{form:?}");
        assert!(!shown.contains(['\u{202e}', '\u{2066}', '\u{feff}']), "{form:?}");
        assert!(shown.contains("gnp.exe"), "{form:?} shows nothing at all");
    }
}

#[test]
fn a_terminal_gets_no_control_character_from_a_group_name_either_t14() {
    let name = "evil\u{1b}[31m\u{202e}group";
    cluster().create_group(name).unwrap();
    cluster().commit(name, "mytopic", 0, 1, "\u{1b}[2J").unwrap();
    for args in [&["groups"][..], &["groups", "show", name], &["groups", "show", name, "--json"]] {
        let shown = on_a_terminal(args);
        let controls: BTreeSet<char> = shown.chars().filter(|c| c.is_control()).collect();
        assert_eq!(controls, BTreeSet::from(['\r', '\n']), "{args:?}");
        assert!(shown.contains("evil") && !shown.contains('\u{202e}'), "{args:?}");
    }
}

/// Everything that the program writes on a terminal of 100 columns.
fn on_a_terminal(args: &[&str]) -> String {
    let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 100, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kafscope"));
    command.env("KAFSCOPE_BOOTSTRAP", bootstrap());
    command.args(args);
    let mut child = pair.slave.spawn_command(command).unwrap();
    let _bound = Bound::on(child.process_id().unwrap());
    drop(pair.slave);
    let mut shown = Vec::new();
    let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut shown); // Linux ends a terminal with an error
    assert!(child.wait().unwrap().success());
    String::from_utf8(shown).unwrap()
}

fn topic(name: &str) -> &str {
    cluster().create_topic(name, &TopicSpec::new(2)).unwrap();
    name
}

#[test]
fn values_are_sent_with_key_and_headers_and_come_back_as_they_were() {
    let topic = topic("sent");
    let ran = kafscope(&format!("produce {topic} one two -k k -H a=b=c -H empty= -H null -p 1 --json"));
    let records = kafscope(&format!("read {topic} --json")).objects();
    let sent =
        [0, 1].map(|n| json!({"topic": topic, "partition": 1, "offset": n, "timestamp": records[n]["timestamp"]}));
    assert_eq!(ran.objects(), sent);
    assert_eq!(records.iter().map(|r| &r["value"]).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(records[0]["key"], "k");
    let headers = json!([
        {"name": "a", "value": "b=c", "encoding": "utf8"},
        {"name": "empty", "value": "", "encoding": "utf8"},
        {"name": "null", "value": null},
    ]);
    assert_eq!(records[0]["headers"], headers);
}

#[test]
fn lines_of_stdin_are_records_byte_for_byte() {
    let topic = topic("lines");
    let sent = kafscope_with(&format!("produce {topic} -p 0"), b"a\n\n\xff\x00b\nlast");
    assert_eq!((sent.code, sent.text()), (0, "lines 0/0\nlines 0/1\nlines 0/2\nlines 0/3\n"));
    assert!(sent.stderr.starts_with("4 records acknowledged by lines in "), "{}", sent.stderr);
    assert_eq!(kafscope(&format!("read {topic} --raw")).stdout, b"a\n\n\xff\x00b\nlast\n");
}

#[test]
fn a_tombstone_is_null_and_no_key_is_null() {
    let topic = topic("tombs");
    assert_eq!(kafscope(&format!("produce {topic} --null")).code, 0);
    let records = kafscope(&format!("read {topic} --json")).objects();
    assert_eq!((&records[0]["value"], &records[0]["key"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is_sent() {
    let ran = kafscope("produce nowhere v");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("the topic does not exist"), "{}", ran.stderr);
    assert_eq!(kafscope("topics nowhere").code, 1, "sending must not create a topic");
    let ran = kafscope("produce mytopic v -p 9");
    assert!(ran.code == 1 && ran.stderr.contains("there is no partition 9"), "{}", ran.stderr);
}

#[test]
fn read_only_refuses_to_send() {
    let topic = topic("safe");
    let ran = kafscope(&format!("--read-only produce {topic} v"));
    assert!(ran.code == 1 && ran.stderr.contains("read-only"), "{}", ran.stderr);
    assert_eq!(kafscope(&format!("read {topic} --count")).text(), "0\n");
}

#[test]
fn looking_joins_no_group_and_commits_nothing() {
    // A cluster of its own: the demo's members join and commit.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cluster = runtime.block_on(kafscope_demo_broker::Cluster::start(Default::default())).unwrap();
    cluster.create_topic("t", &TopicSpec::new(1)).unwrap();
    for line in ["topics", "topics show t", "groups", "read t", "read t --from last:5"] {
        let mut command = program();
        let status = command.args(["-b", &cluster.bootstrap()]).args(line.split(' ')).status().unwrap();
        assert!(status.success(), "{line}");
    }
    let writes = [ApiKey::JoinGroup, ApiKey::OffsetCommit, ApiKey::Produce, ApiKey::CreateTopics];
    let seen = cluster.requests().into_iter().filter(|seen| writes.contains(&seen.api)).count();
    assert_eq!(seen, 0);
    runtime.block_on(cluster.shutdown());
}
