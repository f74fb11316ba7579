//! The groups of the demo as a script sees them: the third of the demo's acceptance cases, by the demo's own table.
use crate::{
    numbers::{GROUPS, Group, TOPICS, Topic},
    stage::{Ran, program},
};
use kafscope_demo_broker::{
    Cluster,
    demo::{Demo, Options},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long members may take to join.
const SOON: Duration = Duration::from_secs(30);

/// Not the demo of the other tests, which write to it.
fn with_a_still_demo(story: impl FnOnce(&Cluster)) {
    let runtime = Runtime::new().unwrap();
    let demo = runtime.block_on(Demo::start(Options { rate: 0, ..Options::default() })).unwrap();
    story(demo.cluster());
    runtime.block_on(demo.stop());
}

fn objects(cluster: &Cluster, words: &[&str]) -> Vec<Value> {
    Ran::of(program().args(["-b", &cluster.bootstrap(), "--json", "groups"]).args(words).spawn().unwrap()).objects()
}

/// The list once every group has the state and the members of the table.
fn settled(cluster: &Cluster) -> Vec<Value> {
    let began = Instant::now();
    loop {
        let listed = objects(cluster, &["list"]);
        let settled = |(told, group): (&Value, &Group)| {
            told["state"] == group.state.to_lowercase() && told["members"] == group.members.len()
        };
        if listed.len() == GROUPS.len() && listed.iter().zip(&GROUPS).all(settled) {
            return listed;
        }
        assert!(began.elapsed() < SOON, "{listed:#?}");
    }
}

/// Partition, last stable offset, commit, lag and state, as they follow from the table.
fn rows(group: &Group) -> Vec<Value> {
    let Topic { start, ends, stable, .. } = TOPICS.iter().find(|topic| topic.name == group.topic).unwrap();
    let row = |(partition, at): (usize, &i64)| {
        let (end, stable) = (ends[partition], stable[partition]);
        match *at {
            -1 => json!([partition, stable, null, null, "no_commit"]),
            at if at > end => json!([partition, stable, at, 0, "ahead"]),
            at if at < *start => json!([partition, stable, at, end - start, "lost"]),
            at => json!([partition, stable, at, end - at, "ok"]),
        }
    };
    let known = group.lag.is_some() || !group.members.is_empty();
    group.committed.iter().enumerate().filter(|_| known).map(row).collect()
}

#[test]
fn the_groups_of_a_still_demo_are_those_of_the_table_t21() {
    with_a_still_demo(|cluster| {
        for (told, group) in settled(cluster).iter().zip(&GROUPS) {
            assert_eq!(told["group"], group.name);
            assert_eq!((&told["lag"], &told["lag_exact"]), (&json!(group.lag), &json!(true)), "{told}");
            let shown = objects(cluster, &["show", group.name]);
            let told =
                |row: &Value| json!([row["partition"], row["stable_end"], row["committed"], row["lag"], row["state"]]);
            assert_eq!(shown.iter().map(told).collect::<Vec<_>>(), rows(group), "{}", group.name);
        }
    });
}

#[test]
fn the_numbers_that_a_lag_does_not_show_are_told_beside_it_t21() {
    with_a_still_demo(|cluster| {
        settled(cluster);
        let ghost = &objects(cluster, &["show", "ghost"])[0];
        assert_eq!((&ghost["lag"], &ghost["committed"], &ghost["end"]), (&json!(0), &json!(90), &json!(50)));
        let late = &objects(cluster, &["show", "late-reader"])[0];
        assert_eq!((&late["lag"], &late["committed"], &late["start"]), (&json!(300), &json!(200), &json!(700)));
        let held = &objects(cluster, &["show", "mailer"])[2];
        assert_eq!((&held["lag"], &held["end"], &held["stable_end"]), (&json!(6), &json!(137), &json!(132)));
        let storm = &objects(cluster, &["show", "assign-reader"])[0];
        assert_eq!(storm["metadata"], r#"{"topologyId":"demo-1","taskId":7,"threadName":"w-1"}"#);
        let sink = &objects(cluster, &["show", "connect-orders-sink", "--members"])[0];
        assert_eq!(
            (&sink["instance"], &sink["client_id"]),
            (&json!("sink-1"), &json!("connector-consumer-orders-sink-0"))
        );
    });
}
