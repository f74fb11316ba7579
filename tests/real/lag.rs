//! Groups in every state, row by row: what `groups show` says against what Kafka's own tool prints at the same moment, where
//! the suite runs beside a real Kafka, and against the numbers the groups were made with everywhere.
//!
//! Where ours says another LAG than the tool, which prints end − commit whatever that means: a commit beyond the end
//! (`ahead`) has 0 to read and `+n` beside its state, where the tool prints −n; of a commit below the start (`lost`) only
//! what can still be read counts, where the tool counts records that are gone. And ours has a row for every partition of a
//! topic that the group reads, also those without a commit.
#![allow(clippy::expect_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
use super::common::stage::{Reader, Stage};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    consumer::{BaseConsumer, CommitMode, Consumer},
    producer::{BaseProducer, BaseRecord, Producer},
};
use serde_json::Value;
use std::{collections::BTreeMap, process::Command, time::Duration};

const PATIENCE: Duration = Duration::from_secs(20);

/// One line of either: current offset, end, lag, member, host, client. Nothing where it prints `-` or null.
type Cells = [Option<String>; 6];
type Rows = BTreeMap<(String, i32), Cells>;

/// Everybody on stage; dropping it lets the members go.
struct Groups {
    /// By what they show.
    names: BTreeMap<&'static str, String>,
    topic: String,
    _reader: Reader,
    _members: Vec<BaseConsumer>,
    _open: Option<BaseProducer>,
}

fn consumer(stage: &Stage, group: &str, more: &[(&str, &str)]) -> BaseConsumer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", stage.bootstrap()).set("group.id", group).set("log_level", "0");
    config.set("enable.auto.commit", "false").set("auto.offset.reset", "earliest");
    for (key, value) in more {
        config.set(*key, *value);
    }
    config.create().expect("a consumer")
}

fn commit(stage: &Stage, group: &str, topic: &str, offsets: &[(i32, i64)]) {
    let mut list = TopicPartitionList::new();
    for (partition, offset) in offsets {
        list.add_partition_offset(topic, *partition, Offset::Offset(*offset)).expect("an offset");
    }
    consumer(stage, group, &[]).commit(&list, CommitMode::Sync).expect("a commit");
}

/// Polls until this member owns something.
fn join(stage: &Stage, group: &str, topic: &str, more: &[(&str, &str)]) -> BaseConsumer {
    let member = consumer(stage, group, more);
    member.subscribe(&[topic]).expect("a subscription");
    let until = std::time::Instant::now() + PATIENCE;
    while member.assignment().expect("an assignment").count() == 0 {
        assert!(std::time::Instant::now() < until, "{group} owns nothing");
        let _ = member.poll(Duration::from_millis(100));
    }
    member
}

/// Five records that nobody committed and nobody aborted.
fn open_transaction(stage: &Stage, topic: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", stage.bootstrap()).set("transactional.id", stage.name("tx")).set("log_level", "0");
    let producer: BaseProducer = config.create().expect("a producer");
    producer.init_transactions(PATIENCE).expect("a coordinator");
    producer.begin_transaction().expect("a transaction");
    for _ in 0..5 {
        producer.send(BaseRecord::<(), str>::to(topic).partition(0).payload("held back")).expect("room");
    }
    producer.flush(PATIENCE).expect("acknowledgements");
    producer
}

async fn set_out(stage: &Stage, real: bool) -> Groups {
    let (topic, held) = (stage.topic("lag", 3).await, stage.topic("held", 1).await);
    stage.send(&topic, "v", 0..60).await;
    stage.send(&held, "v", 0..10).await;
    let kinds = ["stable", "empty", "members-only", "partly", "ahead", "lost", "rebalancing", "held", "kip-848"];
    let kinds = kinds.into_iter().filter(|kind| real || !matches!(*kind, "kip-848"));
    let names: BTreeMap<_, _> = kinds.map(|kind| (kind, stage.name(kind))).collect();
    commit(stage, &names["empty"], &topic, &[(0, 5), (1, 5), (2, 5)]);
    commit(stage, &names["partly"], &topic, &[(1, 7)]);
    commit(stage, &names["ahead"], &topic, &[(0, 1_000), (1, 1), (2, 2)]);
    commit(stage, &names["lost"], &topic, &[(0, 1), (1, 1), (2, 4)]);
    commit(stage, &names["held"], &held, &[(0, 4)]);
    stage.delete_before(&topic, 0, 3).await;
    let reader = stage.reader(&names["stable"], &topic);
    let mut members = vec![join(stage, &names["members-only"], &topic, &[])];
    if real {
        members.push(join(stage, &names["kip-848"], &topic, &[("group.protocol", "consumer")]));
    }
    commit(stage, &names["rebalancing"], &topic, &[(0, 9), (1, 9), (2, 9)]);
    // The first member does not poll any more, so it never joins again after the second came.
    members.push(join(stage, &names["rebalancing"], &topic, &[("session.timeout.ms", "60000")]));
    let second = consumer(stage, &names["rebalancing"], &[("session.timeout.ms", "60000")]);
    second.subscribe(&[&topic]).expect("a subscription");
    let _ = second.poll(Duration::from_millis(500));
    members.push(second);
    let open = real.then(|| open_transaction(stage, &held));
    Groups { names, topic, _reader: reader, _members: members, _open: open }
}

fn show(stage: &Stage, group: &str) -> Vec<Value> {
    let program = env!("CARGO_BIN_EXE_kafscope");
    let ran = Command::new(program).args(["-b", &stage.bootstrap(), "groups", "show", group, "--json"]).output();
    let ran = ran.expect("the program runs");
    assert!(ran.status.success(), "{group}: {}", String::from_utf8_lossy(&ran.stderr));
    let lines = String::from_utf8(ran.stdout).expect("text");
    lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

/// Ours as the tool would say it: our own lag, and where the commit lies outside of the partition, the tool's.
fn ours(rows: &[Value]) -> Rows {
    let cell = |row: &Value, name: &str| match &row[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let row = |row: &Value| {
        let (committed, end) = (row["committed"].as_i64(), row["end"].as_i64());
        let lag = match row["state"].as_str() {
            Some("ahead" | "lost") => committed.zip(end).map(|(committed, end)| (end - committed).to_string()),
            _ => cell(row, "lag"),
        };
        let cells = [
            cell(row, "committed"),
            cell(row, "end"),
            lag,
            cell(row, "member"),
            cell(row, "host"),
            cell(row, "client_id"),
        ];
        let partition = row["partition"].as_i64().expect("a number") as i32;
        ((row["topic"].as_str().expect("a topic").to_owned(), partition), cells)
    };
    rows.iter().map(row).collect()
}

/// All groups in one call: the tool takes a second to start.
fn theirs(stage: &Stage, groups: &Groups) -> BTreeMap<String, Rows> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/tool");
    let mut tool = Command::new(script);
    tool.args(["consumer.group.ConsumerGroupCommand", "--bootstrap-server", &stage.bootstrap(), "--describe"]);
    groups.names.values().for_each(|group| drop(tool.args(["--group", group]).get_args()));
    let text = String::from_utf8(tool.output().expect("the script runs").stdout).expect("text");
    let cell = |cell: &&str| (*cell != "-").then(|| (*cell).to_owned());
    let mut told = BTreeMap::<String, Rows>::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let Some(partition) = cells.get(2).and_then(|cell| cell.parse().ok()) else { continue };
        let numbers: Vec<_> = cells[3..9].iter().map(cell).collect();
        let spot = (cells[1].to_owned(), partition);
        told.entry(cells[0].to_owned()).or_default().insert(spot, numbers.try_into().expect("six cells"));
    }
    told
}

fn word<'a>(rows: &'a [Value], partition: usize, name: &str) -> &'a Value {
    &rows[partition][name]
}

/// What the groups were made for, in our words.
fn check_states(stage: &Stage, groups: &Groups, real: bool) {
    let of = |kind: &str| show(stage, &groups.names[kind]);
    let states =
        |rows: &[Value]| rows.iter().map(|row| row["state"].as_str().expect("a word").to_owned()).collect::<Vec<_>>();
    assert_eq!(states(&of("stable")), ["ok"; 3]);
    assert_eq!(states(&of("empty")), ["ok"; 3]);
    assert_eq!(states(&of("members-only")), ["no_commit"; 3]);
    let partly = of("partly");
    assert_eq!(
        states(&partly),
        ["no_commit", "ok", "no_commit"],
        "partitions without a commit stand beside the one that has one"
    );
    let ahead = of("ahead");
    assert_eq!(
        (states(&ahead), word(&ahead, 0, "lag")),
        (vec!["ahead".into(), "ok".into(), "ok".into()], &Value::from(0))
    );
    let lost = of("lost");
    let left = word(&lost, 0, "end").as_i64().expect("an end") - 3;
    assert_eq!(
        (states(&lost), word(&lost, 0, "lag")),
        (vec!["lost".into(), "ok".into(), "ok".into()], &Value::from(left))
    );
    assert_eq!(states(&of("rebalancing")).len(), 3);
    let held = of("held");
    if real {
        assert_eq!((word(&held, 0, "end"), word(&held, 0, "stable_end")), (&Value::from(15), &Value::from(10)));
        assert_eq!(states(&of("kip-848")), ["no_commit"; 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_groups_show_is_what_kafkas_own_tool_prints_t20_t21() {
    let stage = Stage::set().await;
    let real = matches!(stage, Stage::Real { .. });
    let groups = set_out(&stage, real).await;
    let reads_all = || show(&stage, &groups.names["stable"]).iter().all(|row| row["lag"] == 0);
    let until = std::time::Instant::now() + PATIENCE;
    while !reads_all() {
        assert!(std::time::Instant::now() < until, "the reader never caught up");
    }
    check_states(&stage, &groups, real);
    if !real {
        return;
    }
    let told = theirs(&stage, &groups);
    for (kind, name) in &groups.names {
        let ours = ours(&show(&stage, name));
        let theirs = told.get(name).unwrap_or_else(|| panic!("the tool shows nothing of {kind}"));
        for (spot, cells) in theirs {
            assert_eq!(ours.get(spot), Some(cells), "{kind} {spot:?}: ours, and what the tool prints");
        }
        // Ours says more: every partition of a topic that the group reads, also those it never committed on.
        let more = ours.iter().filter(|(spot, _)| !theirs.contains_key(*spot));
        for (spot, cells) in more {
            assert!(spot.0 == groups.topic && cells[0].is_none(), "{kind} {spot:?} is known to us alone: {cells:?}");
        }
    }
}
