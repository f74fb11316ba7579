//! Groups as Kafka's own tool sees and moves them: our side must leave what it leaves.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
use crate::common::stage::Stage;
use futures_util::future::join_all;
use kafscope::{
    group::GroupName,
    kafka::{
        groups::{
            self,
            reset::{Stopped, back, execute, plan},
        },
        wire::{Cluster, Settings},
        writes::Writes,
    },
    reset::{Scope, Strategy, Target, csv, time, undo},
};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    consumer::{BaseConsumer, CommitMode, Consumer},
    error::{KafkaError, KafkaResult, RDKafkaErrorCode},
    producer::FutureRecord,
};
use std::{collections::BTreeMap, path::Path, time::Duration};

/// 2026-11-20T10:00:00Z, in ms since 1970.
const TEN: i64 = 1_795_168_800_000;

/// Kafka's own `ConsumerGroupCommand`, and what it printed.
async fn tool(stage: &Stage, arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/tool");
    let mut tool = tokio::process::Command::new(script);
    tool.args(["consumer.group.ConsumerGroupCommand", "--bootstrap-server", &stage.bootstrap()]).args(arguments);
    let out = tool.output().await.expect("the tool runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    said
}

fn cluster(stage: &Stage) -> Cluster {
    let bootstrap = stage.bootstrap().split(',').map(Into::into).collect();
    Cluster::new(Settings { bootstrap, ..Settings::default() }).expect("addresses")
}

fn writes() -> Writes {
    Writes::allowed(false, "testing").expect("a right")
}

fn commit(stage: &Stage, group: &str, topic: &str, offsets: &[(i32, i64)]) {
    commits(stage, group, topic, offsets).expect("a commit");
}

/// As a reader does that has joined nothing.
fn commits(stage: &Stage, group: &str, topic: &str, offsets: &[(i32, i64)]) -> KafkaResult<()> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", stage.bootstrap()).set("group.id", group);
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let mut list = TopicPartitionList::new();
    for (partition, offset) in offsets {
        list.add_partition_offset(topic, *partition, Offset::Offset(*offset)).expect("an offset");
    }
    consumer.commit(&list, CommitMode::Sync)
}

/// A member that reads by this group protocol; it has joined once it was given partitions.
async fn member(stage: &Stage, group: &str, topic: &str, protocol: &str) -> BaseConsumer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", stage.bootstrap()).set("group.id", group).set("client.id", "till-7");
    config.set("group.protocol", protocol).set("enable.auto.commit", "false").set("auto.offset.reset", "earliest");
    let consumer: BaseConsumer = config.create().expect("a consumer");
    consumer.subscribe(&[topic]).expect("a subscription");
    let joins = tokio::task::spawn_blocking(move || {
        while consumer.assignment().expect("an assignment").count() == 0 {
            consumer.poll(Duration::from_millis(50));
        }
        consumer
    });
    joins.await.expect("a member")
}

async fn stands(cluster: &Cluster, group: &str) -> BTreeMap<(String, i32), i64> {
    let commits = groups::commits(cluster, &group.into()).await.expect("commits");
    let there = commits.into_iter().filter_map(|c| Some(((c.topic.to_string(), c.partition), c.offset.ok()??)));
    there.collect()
}

/// Four partitions with 60 records each, one a second from ten o'clock on, the first ten deleted; and a fifth without any.
async fn bed(stage: &Stage) -> String {
    let topic = stage.topic("moved", 5).await;
    let producer = stage.producer();
    let sent = (0..240).map(async |i: i64| {
        let record: FutureRecord<'_, str, str> =
            FutureRecord::to(&topic).partition((i % 4) as i32).timestamp(TEN + i / 4 * 1_000).payload("x");
        producer.send(record, Duration::from_secs(60)).await.expect("an acknowledgement");
    });
    join_all(sent).await;
    for partition in 0..4 {
        stage.delete_before(&topic, partition, 10).await;
    }
    topic
}

/// In range, below the start, above the end; the last two partitions have no commit.
const COMMITS: [(i32, i64); 3] = [(0, 30), (1, 4), (2, 90)];

/// Each strategy as Kafka's tool and as we write it. The shift is over partitions with a commit alone, or both refuse.
fn strategies(topic: &str, file: &Path) -> Vec<(Vec<String>, Strategy, bool)> {
    let target = |partition, offset| Target { topic: topic.into(), partition, offset: Some(offset) };
    let since = time::datetime("2026-11-20T10:00:20.500").expect("a time");
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    vec![
        (own(&["--to-earliest"]), Strategy::Earliest, false),
        (own(&["--to-latest"]), Strategy::Latest, false),
        (own(&["--to-current"]), Strategy::Current, false),
        (own(&["--to-offset", "42"]), Strategy::Offset(42), false),
        (own(&["--to-offset", "3"]), Strategy::Offset(3), false),
        (own(&["--to-offset", "4000"]), Strategy::Offset(4_000), false),
        (own(&["--shift-by", "7"]), Strategy::ShiftBy(7), true),
        (own(&["--shift-by", "-25"]), Strategy::ShiftBy(-25), true),
        (own(&["--to-datetime", "2026-11-20T10:00:20.500"]), Strategy::Time(since), false),
        (own(&["--to-datetime", "2036-11-20T10:00:20.500"]), Strategy::Time(since + 315_619_200_000), false),
        (own(&["--by-duration", "P9999D"]), Strategy::Time(0), false),
        (
            own(&["--from-file", &file.display().to_string()]),
            Strategy::File(vec![target(0, 33), target(1, 2), target(4, 9)]),
            true,
        ),
    ]
}

#[tokio::test]
async fn the_eight_strategies_leave_what_kafkas_tool_leaves() {
    let stage = Stage::set().await;
    if matches!(stage, Stage::Demo(_)) {
        return; // Kafka's tool is there only beside a real Kafka.
    }
    let (topic, cluster, desk) = (bed(&stage).await, cluster(&stage), tempfile::tempdir().expect("a directory"));
    let file = desk.path().join("offsets.csv");
    std::fs::write(&file, format!("{topic},0,33\n\"{topic}\",1,2\n{topic},4,9\n")).expect("a file");
    for (words, strategy, committed) in strategies(&topic, &file) {
        let (theirs, ours) = (stage.name("theirs"), stage.name("ours"));
        commit(&stage, &theirs, &topic, &COMMITS);
        commit(&stage, &ours, &topic, &COMMITS);
        let mut arguments = vec!["--reset-offsets", "--execute", "--group", &theirs];
        arguments.extend(words.iter().map(String::as_str));
        let scope = if committed { Scope::All } else { Scope::Topics(vec![(topic.as_str().into(), None)]) };
        match (&scope, &strategy) {
            (_, Strategy::File(_)) => {}
            (Scope::All, _) => arguments.push("--all-topics"),
            _ => arguments.extend(["--topic", &topic]),
        }
        let said = tool(&stage, &arguments).await;
        let plan = plan(&cluster, &GroupName::from(ours.as_str()), &scope, &strategy).await.expect("a plan");
        execute(&cluster, writes(), &plan, &desk.path().join(&ours)).await.expect("a reset");
        let (left, wanted) = (stands(&cluster, &ours).await, stands(&cluster, &theirs).await);
        assert_eq!(left, wanted, "{words:?}: {said}");
    }
}

#[tokio::test]
async fn t24_files_go_both_ways_between_kafkas_tool_and_us() {
    let stage = Stage::set().await;
    if matches!(stage, Stage::Demo(_)) {
        return; // Kafka's tool is there only beside a real Kafka.
    }
    let (topic, cluster, desk) = (bed(&stage).await, cluster(&stage), tempfile::tempdir().expect("a directory"));
    let (odd, plain) = (stage.name("com,ma \"quote\" that is long"), stage.name("g"));
    commit(&stage, &odd, &topic, &COMMITS[..1]);
    commit(&stage, &plain, &topic, &COMMITS[..1]);
    let all = ["--reset-offsets", "--dry-run", "--export", "--topic", &topic, "--to-latest", "--group", &plain];
    let ends = [60, 60, 60, 60, 0];
    for (arguments, groups) in
        [(&all[..], vec![&plain]), (&[&all[..], &["--group", &odd]].concat(), vec![&plain, &odd])]
    {
        let said = tool(&stage, arguments).await;
        let names: Vec<GroupName> = groups.iter().map(|group| group.as_str().into()).collect();
        let read = csv::read(&said, &names).expect("a file of the tool");
        for name in &names {
            let targets = csv::of(&read, name, Path::new("-")).expect("its lines");
            let offsets: BTreeMap<_, _> = targets.iter().map(|target| (target.partition, target.offset)).collect();
            assert_eq!(offsets.values().map(|offset| offset.unwrap_or(-1)).collect::<Vec<_>>(), ends, "{said}");
        }
    }
    // The other way: what we keep for an undo, the tool puts back.
    let scope = Scope::Topics(vec![(topic.as_str().into(), None)]);
    let plan = plan(&cluster, &odd.as_str().into(), &scope, &Strategy::Latest).await.expect("a plan");
    let kept = desk.path().join(undo::file_name(&odd, plan.at));
    execute(&cluster, writes(), &plan, &kept).await.expect("a reset");
    let kept = kept.display().to_string();
    tool(&stage, &["--reset-offsets", "--execute", "--group", &odd, "--from-file", &kept]).await;
    assert_eq!(stands(&cluster, &odd).await[&(topic, 0)], 30);
}

/// Both kinds of consumer groups, while a member holds them and after it left.
#[tokio::test(flavor = "multi_thread")]
async fn t24_a_group_is_refused_while_a_member_holds_it_and_moved_when_it_left() {
    let stage = Stage::set().await;
    let (topic, cluster, desk) = (bed(&stage).await, cluster(&stage), tempfile::tempdir().expect("a directory"));
    let protocols: &[&str] = if matches!(stage, Stage::Demo(_)) { &["classic"] } else { &["classic", "consumer"] };
    for protocol in protocols {
        let group: GroupName = stage.name(protocol).into();
        let scope = Scope::Topics(vec![(topic.as_str().into(), None)]);
        let before = plan(&cluster, &group, &scope, &Strategy::Latest).await.expect("a plan");
        let member = member(&stage, &group, &topic, protocol).await;
        let held = plan(&cluster, &group, &scope, &Strategy::Latest).await.expect("a plan").refused.expect("a refusal");
        assert!(held.answered.contains("client till-7"), "{held}");
        let stopped = execute(&cluster, writes(), &before, &desk.path().join("never")).await;
        assert!(matches!(&stopped, Err(Stopped::Changed(now)) if now.refused.is_some()), "{stopped:?}");
        // What would come of it, had the member joined a moment later: the broker refuses.
        let refused = commits(&stage, &group, &topic, &[(0, 20)]);
        let code = RDKafkaErrorCode::UnknownMemberId;
        assert_eq!(refused, Err(KafkaError::ConsumerCommit(code)), "{protocol}");
        drop(member);
        let moved = plan(&cluster, &group, &scope, &Strategy::Latest).await.expect("a plan");
        assert_eq!(moved.refused, None, "{protocol}");
        let done = execute(&cluster, writes(), &moved, &desk.path().join(protocol)).await.expect("a reset");
        assert!(done.outcomes.iter().all(|outcome| outcome.written == Ok(())), "{done:?}");
        assert_eq!(stands(&cluster, &group).await.into_values().collect::<Vec<_>>(), [60, 60, 60, 60, 0]);
        let undo = undo::read(&std::fs::read_to_string(&done.undo).expect("an undo file")).expect("its lines");
        let back = back(&cluster, None, undo).await.expect("a plan").remove(0);
        execute(&cluster, writes(), &back, &desk.path().join(format!("{protocol}-back"))).await.expect("an undo");
        assert!(stands(&cluster, &group).await.is_empty(), "commits that were not there before stayed");
    }
}
