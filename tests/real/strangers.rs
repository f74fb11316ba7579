//! The demo as clients see it that are not ours: Kafka's own tools where the suite runs beside a real Kafka (so there is
//! Java), and librdkafka everywhere. Both must see the same.
#![allow(clippy::expect_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
use kafscope_demo_broker::demo::{Demo, Options};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer},
    message::Headers,
};
use std::{collections::BTreeSet, process::Command, time::Duration};

const PATIENCE: Duration = Duration::from_secs(20);
const GROUPS: [&str; 10] = [
    "analytics",
    "assign-reader",
    "billing",
    "catching-up",
    "fresh",
    "ghost",
    "late-reader",
    "mailer",
    "stopped",
    "stuck-parser",
];

/// What a stranger could find out.
#[derive(Debug, PartialEq)]
struct Seen {
    topics: BTreeSet<String>,
    /// The records of `nulls`: all, and those whose header is empty but not null.
    nulls: (usize, usize),
    groups: BTreeSet<String>,
    /// Start and end of `retained`, and what `late-reader` committed there.
    retained: (i64, i64, i64),
}

fn names<'a>(of: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    of.into_iter().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn kafkas_own_tools_and_librdkafka_can_work_with_the_demo() {
    let demo = Demo::start(Options { rate: 0, ..Options::default() }).await.expect("a demo");
    let topics = "orders payments customers tweets tripdata test wordcounts mytopic languages nulls binary hostile big \
                  clock clock-append orders.dlq retained drained empty fast";
    let expected =
        Seen { topics: names(topics.split(' ')), nulls: (27, 9), groups: names(GROUPS), retained: (700, 1000, 200) };
    let bootstrap = demo.bootstrap();
    assert_eq!(apart(&bootstrap, by_librdkafka).await, expected, "librdkafka");
    if std::env::var_os("KAFSCOPE_TEST_KAFKA").is_some() {
        assert_eq!(apart(&bootstrap, by_tools).await, expected, "Kafka's own tools");
    }
    demo.stop().await;
}

/// On a thread that may wait.
async fn apart(bootstrap: &str, look: fn(&str) -> Seen) -> Seen {
    let bootstrap = bootstrap.to_owned();
    tokio::task::spawn_blocking(move || look(&bootstrap)).await.expect("a look")
}

fn by_librdkafka(bootstrap: &str) -> Seen {
    let client = |group: &str| -> BaseConsumer {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap).set("group.id", group).set("enable.auto.commit", "false");
        config.create().expect("a consumer")
    };
    let consumer = client("late-reader");
    let metadata = consumer.fetch_metadata(None, PATIENCE).expect("metadata");
    let (start, end) = consumer.fetch_watermarks("retained", 0, PATIENCE).expect("watermarks");
    let mut wanted = TopicPartitionList::new();
    wanted.add_partition("retained", 0);
    let committed = consumer.committed_offsets(wanted, PATIENCE).expect("commits");
    let Offset::Offset(committed) = committed.elements()[0].offset() else { panic!("{committed:?}") };
    Seen {
        topics: names(metadata.topics().iter().map(|topic| topic.name()).filter(|name| !name.starts_with("__"))),
        nulls: nulls(&consumer),
        groups: groups(&consumer),
        retained: (start, end, committed),
    }
}

fn nulls(consumer: &BaseConsumer) -> (usize, usize) {
    let mut from = TopicPartitionList::new();
    from.add_partition_offset("nulls", 0, Offset::Beginning).expect("an offset");
    consumer.assign(&from).expect("an assignment");
    let records = (0..27).map(|_| consumer.poll(PATIENCE).expect("a record in time").expect("a record").detach());
    let records: Vec<_> = records.collect();
    let empty = |record: &&rdkafka::message::OwnedMessage| {
        record.headers().expect("headers").get(0).value.is_some_and(<[u8]>::is_empty)
    };
    (records.len(), records.iter().filter(empty).count())
}

/// Members join one after the other.
fn groups(consumer: &BaseConsumer) -> BTreeSet<String> {
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        let listed = consumer.fetch_group_list(None, PATIENCE).expect("groups");
        let found = names(listed.groups().iter().map(|group| group.name()).filter(|name| GROUPS.contains(name)));
        if found.len() == GROUPS.len() || std::time::Instant::now() > until {
            return found;
        }
    }
}

fn by_tools(bootstrap: &str) -> Seen {
    let run = |line: &str| tool(bootstrap, line);
    let nulls = run("consumer.ConsoleConsumer --topic nulls --from-beginning --max-messages 27 \
                     --formatter-property print.headers=true");
    let groups = run("consumer.group.ConsumerGroupCommand --describe --all-groups");
    let number = |text: &str, first: &[&str], at: usize| -> i64 {
        let rows = text.lines().map(|line| line.split([' ', ':']).filter(|cell| !cell.is_empty()).collect::<Vec<_>>());
        let row = rows.into_iter().find(|row| row.starts_with(first)).unwrap_or_else(|| panic!("{first:?}: {text}"));
        row[at].parse().expect("a number")
    };
    let end =
        |time: &str| number(&run(&format!("GetOffsetShell --topic retained --time {time}")), &["retained", "0"], 2);
    Seen {
        topics: names(run("TopicCommand --list").lines().filter(|name| !name.starts_with("__"))),
        nulls: (
            nulls.lines().filter(|line| line.starts_with("h:")).count(),
            nulls.lines().filter(|line| line.starts_with("h:\t")).count(),
        ),
        groups: names(groups.split(['\'', ' ', '\n']).filter(|word| GROUPS.contains(word))),
        retained: (end("earliest"), end("latest"), number(&groups, &["late-reader", "retained", "0"], 3)),
    }
}

/// What one of Kafka's tools prints.
fn tool(bootstrap: &str, line: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/tool");
    let mut words = line.split_whitespace();
    let class = words.next().expect("a tool");
    let ran = Command::new(script).args([class, "--bootstrap-server", bootstrap]).args(words).output();
    let ran = ran.expect("the script runs");
    assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
    let heard = [ran.stdout, ran.stderr].concat(); // some write "has no active members" to the one, some to the other
    String::from_utf8(heard).expect("text")
}
