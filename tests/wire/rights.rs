//! Bad days of groups: a right that is missing, a coordinator that is not ready. Each marks its own cells and no other.
//! And what a refresh costs.
use crate::stage::{Stage, counts, row};
use kafscope::{
    group::{GroupLag, GroupState},
    kafka::{
        groups,
        offsets::Offsets,
        wire::{Cluster, Settings},
    },
    lag::LagState,
};
use kafscope_demo_broker::{ApiKey, Force};
use std::{sync::Arc, time::Duration};

fn answered(lag: &GroupLag) -> &str {
    &lag.partitions.as_ref().unwrap_err().answered
}

#[tokio::test]
async fn t20_a_topic_that_may_not_be_seen_is_named_in_its_own_rows() {
    let stage = Stage::set().await;
    (0..3).for_each(|partition| stage.commit("billing", partition, 400));
    stage.demo.force(Force::error(ApiKey::ListOffsets, 29).topic("orders").partition(1));
    let lag = stage.lag_of("billing").await;
    let needs = "needs DESCRIBE on topic orders (error 29, TOPIC_AUTHORIZATION_FAILED)";
    assert_eq!(row(&lag, 1).error.as_ref().unwrap().answered, needs);
    assert_eq!((row(&lag, 0).lag(), row(&lag, 1).lag(), row(&lag, 2).lag()), (Some(600), None, Some(600)));
}

/// Brokers leave a topic that may not be seen out of their list: it was said to be gone, like one that was deleted.
#[tokio::test]
async fn t20_a_topic_that_is_hidden_is_no_topic_that_is_gone() {
    let stage = Stage::set().await;
    for topic in ["secret", "deleted"] {
        stage.demo.commit("billing", topic, 0, 5, "").unwrap();
    }
    stage.demo.force(Force::error(ApiKey::Metadata, 29).topic("secret"));
    stage.demo.clear_requests();
    let why = |lag: &GroupLag| {
        let rows = lag.partitions.as_ref().unwrap().iter();
        rows.map(|row| row.error.as_ref().map(|e| e.answered.clone()).unwrap_or_default()).collect::<Vec<_>>()
    };
    let needs = "needs DESCRIBE on topic secret (error 29, TOPIC_AUTHORIZATION_FAILED)";
    for _ in 0..3 {
        assert_eq!(why(&stage.lag_of("billing").await), ["the topic no longer exists", needs]);
    }
    assert_eq!(stage.asked()["Metadata"], 1, "asked once for all of them");
}

/// Retried for a while, then that group alone is unknown.
#[tokio::test]
async fn t20_what_a_coordinator_will_not_tell_is_unknown_for_that_group_alone() {
    for (code, words) in [
        (14, "still loading"),
        (15, "coordinator is not available"),
        (16, "coordinator has moved"),
        (88, "transaction is still committing"),
    ] {
        let stage = Stage::set().await;
        stage.commit("billing", 0, 400);
        stage.commit("stuck", 0, 400);
        stage.demo.force(Force::error(ApiKey::OffsetFetch, code).group("stuck"));
        let lag = stage.lag().await;
        assert!(answered(&lag[1]).contains(words), "{code}: {}", answered(&lag[1]));
        assert_eq!(row(&lag[0], 0).lag(), Some(600), "{code}");
        assert!(stage.asked()["OffsetFetch"] > 1, "{code} is asked again");
    }
}

#[tokio::test]
async fn t21_a_topic_made_anew_is_ahead_and_not_negative() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.lag_of("billing").await;
    stage.demo.delete_topic("orders").unwrap();
    stage.demo.create_topic("orders", &kafscope_demo_broker::TopicSpec::new(6)).unwrap();
    stage.commit("billing", 0, 400);
    stage.cluster.refresh().await.unwrap();
    let lag = stage.lag_of("billing").await;
    assert_eq!((row(&lag, 0).state(), row(&lag, 0).lag(), row(&lag, 0).ahead()), (LagState::Ahead, Some(0), 400));
}

#[tokio::test]
async fn a_closer_look_reads_stable_ends_and_the_time_of_each_reading() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let listed = stage.groups().await;
    let lag = groups::lag_closely(&stage.cluster, &stage.offsets, &listed).await;
    assert_eq!(row(&lag[0], 0).stable_end, Some(1_000));
    assert!(lag[0].commits_at <= lag[0].ends_at);
    assert_eq!(row(&stage.lag_of("billing").await, 0).stable_end, None);
}

/// Brokers before Kafka 4.0 say of a group they do not know, as of one of another kind, that it is dead.
#[tokio::test]
async fn t20_a_group_is_never_called_dead_for_the_wrong_call() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.demo.force(Force::cap(ApiKey::DescribeGroups, 5));
    let cluster = another(&stage, Settings::default());
    let mut listed = stage.groups().await;
    (listed[0].name, listed[0].state) = ("of-another-kind".into(), GroupState::Stable);
    cluster.metadata().await.unwrap();
    let lag = groups::lag(&cluster, &Offsets::new(cluster.clone()), &listed).await;
    assert_eq!(lag[0].group.state, GroupState::Stable);
    let why = &lag[0].members.as_ref().unwrap_err().answered;
    assert!(why.contains("describes it as dead"), "{why}");
}

/// A client that connects only now, and so learns what was capped.
fn another(stage: &Stage, settings: Settings) -> Arc<Cluster> {
    let bootstrap = vec![stage.demo.address(1).unwrap().to_string()];
    Arc::new(Cluster::new(Settings { bootstrap, ..settings }).unwrap())
}

#[tokio::test]
async fn a_refresh_of_1_50_or_500_groups_costs_the_same_few_requests() {
    for groups in [1, 50, 500] {
        let stage = Stage::set().await;
        for group in 0..groups {
            stage.commit(&format!("billing-{group}"), group % 6, 400);
        }
        assert_eq!(stage.lag().await.len(), groups as usize);
        let brokers = stage.demo.requests().iter().filter(|seen| seen.api == ApiKey::OffsetFetch).count();
        // Partitions without a commit have a row too: every leader of the topic is asked.
        let expected = [("ListGroups", 3), ("OffsetFetch", brokers), ("ListOffsets", 2 * 3)];
        assert_eq!(stage.asked(), counts(&expected));
        assert!(brokers <= 4, "{groups} groups took {brokers}");
    }
}

/// One request a group there, and no more than was set in any second.
#[tokio::test]
async fn old_brokers_are_asked_for_one_group_at_a_time_and_slowly() {
    let stage = Stage::set().await;
    (0..30).for_each(|group| stage.commit(&format!("billing-{group}"), 0, 400));
    stage.demo.force(Force::cap(ApiKey::OffsetFetch, 7));
    let cluster = another(&stage, Settings { old_commits_per_second: 5, ..Settings::default() });
    let busiest = (1..=3).map(|broker| at(&stage, broker)).max().unwrap();
    let stage = Stage { offsets: Offsets::new(cluster.clone()), cluster, ..stage };
    let listed = stage.groups().await;
    stage.demo.clear_requests();
    let began = tokio::time::Instant::now();
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert!(lag.iter().all(|lag| row(lag, 0).lag() == Some(600)));
    assert_eq!(stage.asked()["OffsetFetch"], 30);
    let least = Duration::from_secs((busiest as u64 - 1) / 5);
    assert!(busiest > 5 && began.elapsed() >= least, "{busiest} at one broker in {:?}", began.elapsed());
}

/// Groups that this broker coordinates.
fn at(stage: &Stage, broker: i32) -> usize {
    (0..30).filter(|group| stage.demo.coordinator(&format!("billing-{group}")) == Some(broker)).count()
}
