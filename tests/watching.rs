//! What the Kafka side tells of groups while a person looks: names first, all lags, those on the screen again and again.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests only inside #[test] functions"
)]
#[path = "watching/stage.rs"]
mod stage;

use kafscope::{
    bus::{Command, Event},
    lag::Total,
};
use kafscope_demo_broker::{ApiKey, Force};
use stage::Stage;
use std::time::Duration;

#[tokio::test]
async fn names_come_first_and_then_the_lag_of_every_group() {
    let mut stage = Stage::with_groups(40).await;
    let names = stage.names().await;
    assert_eq!(names.len(), 40);
    let lags = stage.lags(40).await;
    assert!(lags.values().all(|lag| Total::of(lag.partitions.as_ref().unwrap()).lag == Some(600)), "{lags:?}");
}

#[tokio::test]
async fn a_group_on_the_screen_is_read_again_without_all_the_others() {
    let mut stage = Stage::with_groups(40).await;
    stage.lags(40).await;
    stage.show(&["g-07"]).await;
    let first = stage.lag_of("g-07").await;
    stage.commit("g-07", 700);
    let second = stage.lag_of_when("g-07", |lag| Total::of(lag).lag == Some(300)).await;
    assert!(second.commits_at > first.commits_at && second.ends_at >= second.commits_at);
    let rows = second.partitions.unwrap();
    assert_eq!(rows[0].stable_end, Some(1_000), "who looks closely sees the stable end too");
}

/// Off the screen a reader that waits for an open transaction was called stuck, and on the screen every sweep changed
/// its verdict.
#[tokio::test]
async fn a_sweep_reads_stable_ends_too_with_one_more_request_a_leader() {
    let mut stage = Stage::with_groups(40).await;
    let lags = stage.lags(40).await;
    assert!(lags.values().all(|lag| lag.partitions.as_ref().unwrap()[0].stable_end == Some(1_000)), "{lags:?}");
    let asked = stage.demo.requests();
    let stable = asked.iter().filter(|request| request.api == ApiKey::ListOffsets).count();
    // Start, end and stable end of the only leader, and the topics' own start and end.
    assert!((3..=5).contains(&stable), "{stable}");
}

/// A sweep waited ten times as long as the broker that did not answer: healthy rows were two minutes old.
#[tokio::test]
async fn a_broker_that_does_not_answer_makes_no_sweep_of_the_others_late() {
    let mut stage = Stage::with_patience(40, Duration::from_secs(2)).await;
    stage.lags(40).await;
    stage.demo.force(Force::hang(ApiKey::OffsetFetch).at(2));
    let healthy = 40 - stage.groups_at(2).len();
    stage.lags(healthy).await;
    let began = tokio::time::Instant::now();
    stage.lags(healthy).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_new_group_is_told_and_read_within_one_round() {
    let mut stage = Stage::with_groups(3).await;
    stage.lags(3).await;
    stage.commit("newcomer", 900);
    let lag = stage.lag_of("newcomer").await;
    assert_eq!(Total::of(lag.partitions.as_ref().unwrap()).lag, Some(100));
}

/// One event of thousands of wide groups would hold the street for as long as it takes to draw them.
#[tokio::test]
async fn many_groups_come_in_parts() {
    let mut stage = Stage::with_groups(1_200).await;
    let mut parts = vec![];
    while parts.iter().sum::<usize>() < 1_200 {
        if let Event::LagRead { groups, .. } = stage.next().await {
            parts.push(groups.len());
        }
    }
    assert!(parts.iter().all(|part| *part <= 500), "{parts:?}");
}

#[tokio::test]
async fn looking_at_groups_joins_nothing_and_without_groups_asks_for_no_coordinator() {
    let mut stage = Stage::with_groups(0).await;
    assert!(stage.names().await.is_empty());
    stage.commit("first", 900);
    stage.lag_of("first").await;
    let looking = [
        ApiKey::ApiVersions,
        ApiKey::Metadata,
        ApiKey::ListOffsets,
        ApiKey::ListGroups,
        ApiKey::OffsetFetch,
        ApiKey::DescribeGroups,
    ];
    let asked = stage.demo.requests();
    assert!(asked.iter().all(|request| looking.contains(&request.api)), "{asked:?}");
}

#[tokio::test]
async fn a_frozen_coordinator_holds_up_only_its_own_groups_t7() {
    let mut stage = Stage::with_groups(40).await;
    stage.lags(40).await;
    stage.demo.force(Force::hang(ApiKey::OffsetFetch).at(2));
    stage.post(Command::Refresh).await;
    let began = tokio::time::Instant::now();
    let frozen = stage.groups_at(2);
    assert!(!frozen.is_empty() && frozen.len() < 40);
    stage.lags(40 - frozen.len()).await;
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn the_oldest_unread_record_of_a_group_on_the_screen_is_told() {
    let mut stage = Stage::with_groups(2).await;
    stage.write("late", &[1_111, 2_222, 3_333]);
    stage.commit_on("g-00", "late", 1);
    stage.lags(2).await;
    stage.show(&["g-00"]).await;
    let read = stage.unread("late").await;
    let record = read.record.unwrap().unwrap();
    assert_eq!((read.from, record.offset, record.timestamp, record.append), (1, 1, Some(2_222), false));
}
