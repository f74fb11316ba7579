//! Groups and their lag, against the demo cluster: right numbers, one group's error on its row only, few requests.
use crate::stage::{Stage, counts, row};
use kafscope::{
    group::{GroupState, GroupType},
    kafka::{
        groups,
        offsets::Offsets,
        wire::{Cluster, Settings},
    },
    lag::{LagState, Total},
};
use kafscope_demo_broker::{ApiKey, Force};
use std::sync::Arc;

#[tokio::test]
async fn the_groups_of_a_stopped_coordinator_are_asked_at_the_next() {
    let stage = Stage::set().await;
    (0..9).for_each(|group| stage.commit(&format!("billing-{group}"), 0, 400));
    let listed = stage.groups().await;
    stage.demo.stop_broker(2).await;
    let leader = stage.demo.leader("orders", 0).filter(|leader| *leader != 2).unwrap_or(1);
    stage.demo.set_leader("orders", 0, Some(leader)).unwrap();
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert!(lag.iter().all(|lag| row(lag, 0).lag() == Some(600)), "{lag:?}");
}

#[tokio::test]
async fn t20_without_groups_no_coordinator_is_looked_for() {
    let stage = Stage::set().await;
    assert!(stage.lag().await.is_empty());
    assert_eq!(stage.asked(), counts(&[("ListGroups", 3)]));
}

#[tokio::test]
async fn t20_the_lag_of_500_groups_takes_a_dozen_requests() {
    let stage = Stage::set().await;
    for group in 0..500 {
        stage.commit(&format!("billing-{group}"), group % 6, 400);
    }
    let lag = stage.lag().await;
    let totals: Vec<_> = lag.iter().map(|lag| Total::of(lag.partitions.as_ref().unwrap()).lag).collect();
    assert_eq!(totals, vec![Some(600); 500]);
    let asked = stage.asked();
    assert_eq!(
        asked.keys().collect::<Vec<_>>(),
        ["ListGroups", "ListOffsets", "OffsetFetch"],
        "the empty have no members"
    );
    assert!(asked.values().sum::<usize>() <= 3 + 6 + 4, "{asked:?}");
}

/// Before Kafka 3.0 OffsetFetch carries one group; before 2.6 ListGroups tells no state.
#[tokio::test]
async fn an_old_cluster_gives_the_same_lag_and_the_same_states() {
    let stage = Stage::set().await;
    for group in 0..40 {
        stage.commit(&format!("billing-{group}"), 0, 400);
    }
    let new = stage.lag().await;
    for (api, version) in [(ApiKey::OffsetFetch, 7), (ApiKey::ListGroups, 3), (ApiKey::FindCoordinator, 3)] {
        stage.demo.force(Force::cap(api, version));
    }
    let settings = Settings { bootstrap: vec![stage.demo.address(1).unwrap().to_string()], ..Settings::default() };
    let cluster = Arc::new(Cluster::new(settings).unwrap());
    let stage = Stage { offsets: Offsets::new(cluster.clone()), cluster, ..stage };
    stage.demo.clear_requests();
    let old = stage.lag().await;
    assert_eq!(stage.asked()["OffsetFetch"], 40);
    assert_eq!(old.len(), 40);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!((&old.partitions, old.group.state), (&new.partitions, new.group.state));
        assert_eq!(old.group.kind, GroupType::Unknown);
    }
}

#[tokio::test]
async fn every_state_of_a_partition_comes_from_what_was_read() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.commit("billing", 1, 1_000);
    stage.commit("billing", 2, 1_050);
    stage.commit("billing", 3, 40);
    let lag = stage.lag_of("billing").await;
    let states: Vec<_> = (0..4).map(|p| (row(&lag, p).state(), row(&lag, p).lag())).collect();
    assert_eq!(
        states,
        [(LagState::Ok, Some(600)), (LagState::Ok, Some(0)), (LagState::Ahead, Some(0)), (LagState::Lost, Some(900)),]
    );
    assert_eq!((lag.group.state, lag.members), (GroupState::Empty, Ok(vec![])));
}

#[tokio::test]
async fn commits_for_a_deleted_topic_are_unknown_and_say_why() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.demo.commit("billing", "gone", 0, 7, "").unwrap();
    let lag = stage.lag_of("billing").await;
    let rows = lag.partitions.unwrap();
    let gone = rows.iter().find(|row| &*row.topic == "gone").unwrap();
    assert_eq!((gone.state(), gone.committed), (LagState::Unknown, Some(7)));
    assert_eq!(gone.error.as_ref().unwrap().answered, "the topic no longer exists");
    assert!(!Total::of(&rows).is_exact());
}

#[tokio::test]
async fn t20_a_group_without_commits_has_no_lag_and_is_no_error() {
    let stage = Stage::set().await;
    stage.demo.create_group("idle").unwrap();
    let lag = stage.lag_of("idle").await;
    assert_eq!(lag.partitions, Ok(vec![]));
}

#[tokio::test]
async fn t20_a_denied_group_is_an_error_of_its_own_row() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.commit("secret", 0, 400);
    stage.demo.force(Force::error(ApiKey::OffsetFetch, 30).group("secret"));
    stage.demo.force(Force::error(ApiKey::DescribeGroups, 30).group("secret"));
    let mut listed = stage.groups().await;
    listed.iter_mut().for_each(|group| group.state = GroupState::Stable);
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    let (billing, denied) = (&lag[0], &lag[1]);
    let needs = "needs DESCRIBE on group secret (error 30, GROUP_AUTHORIZATION_FAILED)";
    assert_eq!(denied.partitions.as_ref().unwrap_err().answered, needs);
    assert_eq!(denied.members.as_ref().unwrap_err().answered, needs);
    assert_eq!((row(billing, 0).lag(), billing.members.clone()), (Some(600), Ok(vec![])));
}

#[tokio::test]
async fn t20_a_coordinator_that_is_still_loading_is_asked_again() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.demo.force(Force::error(ApiKey::ListGroups, 14).times(2));
    stage.demo.force(Force::error(ApiKey::OffsetFetch, 14).times(2));
    assert_eq!(row(&stage.lag_of("billing").await, 0).lag(), Some(600));
}

#[tokio::test]
async fn a_group_whose_coordinator_moved_is_found_again() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let mut listed = stage.groups().await;
    listed[0].coordinator = listed[0].coordinator % 3 + 1;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert_eq!(row(&lag[0], 0).lag(), Some(600));
    assert!(stage.asked()["FindCoordinator"] <= 2, "{:?}", stage.asked());
}

#[tokio::test]
async fn t20_a_broker_that_does_not_list_its_groups_is_named() {
    let stage = Stage::set().await;
    (0..30).for_each(|group| stage.commit(&format!("billing-{group}"), 0, 400));
    let all = stage.groups().await.len();
    stage.demo.force(Force::error(ApiKey::ListGroups, 31).at(2));
    let listing = groups::list(&stage.cluster).await.unwrap();
    assert_eq!((all, listing.missing.len(), listing.missing[0].0), (30, 1, 2));
    assert!(listing.groups.len() < 30 && listing.groups.iter().all(|group| group.coordinator != 2));
}

/// Kafka 3.9 and older list a KIP-848 group at most by accident, and cannot describe it as one.
#[tokio::test]
async fn t25_a_broker_without_the_new_describe_is_asked_the_old_one() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let mut listed = stage.groups().await;
    listed[0].kind = GroupType::Consumer;
    listed[0].state = GroupState::Stable;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert_eq!((lag[0].group.state, lag[0].members.clone()), (GroupState::Empty, Ok(vec![])));
}

#[tokio::test]
async fn share_and_streams_groups_say_in_words_what_cannot_be_known() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let mut listed = stage.groups().await;
    listed[0].kind = GroupType::Streams;
    listed[0].state = GroupState::Stable;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert!(lag[0].members.as_ref().unwrap_err().answered.contains("streams group"));
    assert_eq!(row(&lag[0], 0).lag(), Some(600));
    listed[0].kind = GroupType::Share;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    let lacking = "this broker has no DescribeShareGroupOffsets, which came with Kafka 4.1";
    assert_eq!(lag[0].partitions.as_ref().unwrap_err().answered, lacking);
}

/// Ends read first, or taken from an older round, would show commits ahead of their partition.
#[tokio::test]
async fn commits_are_read_before_ends_even_when_fresh_ends_are_known() {
    let stage = Stage::set().await;
    stage.ends().await;
    stage.demo.skip_to("orders", 0, 1_100).unwrap();
    stage.commit("billing", 0, 1_050);
    stage.demo.clear_requests();
    let lag = stage.lag_of("billing").await;
    assert_eq!((row(&lag, 0).state(), row(&lag, 0).lag()), (LagState::Ok, Some(50)));
    let asked: Vec<_> = stage.demo.requests().iter().map(|request| request.api).collect();
    let last_commits = asked.iter().rposition(|api| *api == ApiKey::OffsetFetch).unwrap();
    let first_ends = asked.iter().position(|api| *api == ApiKey::ListOffsets).unwrap();
    assert!(last_commits < first_ends, "{asked:?}");
}
