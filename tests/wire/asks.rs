//! What we ask, against the demo cluster: right answers, one row's error on that row only, and no more requests than due.
use kafscope::{
    failure::Failure,
    group::{Group, GroupLag, GroupState, GroupType},
    kafka::{
        configs, groups,
        offsets::{At, Offsets},
        topics,
        wire::{Cluster, Settings},
    },
    lag::{LagState, PartitionLag, Total},
};
use kafscope_demo_broker::{ApiKey, Cluster as Demo, Force, Setup, TopicSpec};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::Instant;

struct Stage {
    demo: Demo,
    cluster: Arc<Cluster>,
    offsets: Offsets,
}

impl Stage {
    /// Three brokers, and `orders` with six partitions that hold offsets 100 to 1,000.
    async fn set() -> Self {
        let demo = Demo::start(Setup::default()).await.unwrap();
        demo.create_topic("orders", &TopicSpec::new(6).config("retention.ms", "3600000")).unwrap();
        for partition in 0..6 {
            demo.skip_to("orders", partition, 1_000).unwrap();
            demo.delete_records_before("orders", partition, 100).unwrap();
        }
        let bootstrap = demo.bootstrap().split(',').map(str::to_owned).collect();
        let settings = Settings { bootstrap, timeout: Duration::from_secs(5), ..Settings::default() };
        let cluster = Arc::new(Cluster::new(settings).unwrap());
        topics::list(&cluster).await.unwrap();
        demo.clear_requests();
        let offsets = Offsets::new(cluster.clone());
        Self { demo, cluster, offsets }
    }

    fn commit(&self, group: &str, partition: i32, offset: i64) {
        self.demo.commit(group, "orders", partition, offset, "").unwrap();
    }

    async fn groups(&self) -> Vec<Group> {
        groups::list(&self.cluster).await.unwrap().groups
    }

    async fn lag(&self) -> Vec<GroupLag> {
        groups::lag(&self.cluster, &self.offsets, &self.groups().await).await
    }

    async fn lag_of(&self, group: &str) -> GroupLag {
        self.lag().await.into_iter().find(|lag| &*lag.group.name == group).unwrap()
    }

    async fn ends(&self) -> BTreeMap<i32, Result<i64, Failure>> {
        let wanted: Vec<_> = (0..6).map(|id| ("orders".into(), id)).collect();
        let read = self.offsets.read(At::End, &wanted, Instant::now()).await;
        read.into_iter().map(|((_, id), reading)| (id, reading.offset)).collect()
    }

    /// How often each kind of request came, connecting aside.
    fn asked(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for request in self.demo.requests().iter().filter(|request| request.api != ApiKey::ApiVersions) {
            *counts.entry(format!("{:?}", request.api)).or_default() += 1;
        }
        counts
    }
}

fn row(lag: &GroupLag, partition: i32) -> &PartitionLag {
    lag.partitions.as_ref().unwrap().iter().find(|row| row.partition == partition).unwrap()
}

fn counts(of: &[(&str, usize)]) -> BTreeMap<String, usize> {
    of.iter().map(|(api, n)| ((*api).to_owned(), *n)).collect()
}

#[tokio::test]
async fn the_list_tells_topics_brokers_and_which_kafka_this_is() {
    let stage = Stage::set().await;
    let listing = topics::list(&stage.cluster).await.unwrap();
    let names: Vec<_> = listing.metadata.topics.iter().map(|topic| &*topic.name).collect();
    assert_eq!(names, ["orders"]);
    assert_eq!(listing.metadata.broker_ids(), [1, 2, 3]);
    assert!(!listing.kafka.text.is_empty());
    assert_eq!(stage.asked(), counts(&[("Metadata", 1)]));
}

#[tokio::test]
async fn t1_an_empty_topic_and_one_that_was_emptied_have_start_and_end_alike() {
    let stage = Stage::set().await;
    stage.demo.create_topic("empty", &TopicSpec::new(1)).unwrap();
    stage.demo.create_topic("emptied", &TopicSpec::new(1)).unwrap();
    stage.demo.skip_to("emptied", 0, 40).unwrap();
    stage.demo.delete_records_before("emptied", 0, 40).unwrap();
    let metadata = stage.cluster.refresh().await.unwrap();
    let read = stage.offsets.of_topics(&metadata, Instant::now()).await;
    let told: Vec<_> =
        read.iter().map(|t| (&*t.topic, t.partitions[0].start.clone(), t.partitions[0].end.clone())).collect();
    assert_eq!(told, [("emptied", Ok(40), Ok(40)), ("empty", Ok(0), Ok(0)), ("orders", Ok(100), Ok(1_000))]);
}

#[tokio::test]
async fn ends_cost_one_request_a_leader_and_are_shared_while_fresh() {
    let stage = Stage::set().await;
    let before = Instant::now();
    assert!(stage.ends().await.values().all(|end| *end == Ok(1_000)));
    assert_eq!(stage.asked(), counts(&[("ListOffsets", 3)]));
    let wanted = [("orders".into(), 0), ("orders".into(), 5)];
    let shared = stage.offsets.read(At::End, &wanted, before).await;
    assert_eq!((shared.len(), stage.asked()), (2, counts(&[("ListOffsets", 3)])));
    stage.offsets.read(At::End, &wanted[..1], Instant::now()).await;
    assert_eq!(stage.asked(), counts(&[("ListOffsets", 4)]));
}

#[tokio::test]
async fn an_error_code_nobody_knows_marks_its_partition_with_its_number() {
    let stage = Stage::set().await;
    stage.demo.force(Force::error(ApiKey::ListOffsets, 1234).partition(4));
    let ends = stage.ends().await;
    let failed = ends[&4].clone().unwrap_err();
    assert!(failed.answered.contains("error 1234, which this program does not know"), "{failed}");
    assert_eq!(ends.values().filter(|end| **end == Ok(1_000)).count(), 5);
}

#[tokio::test]
async fn a_leader_that_moved_is_found_again() {
    let stage = Stage::set().await;
    let leader = stage.demo.leader("orders", 0).unwrap();
    stage.demo.set_leader("orders", 0, Some(leader % 3 + 1)).unwrap();
    assert!(stage.ends().await.values().all(|end| *end == Ok(1_000)));
}

#[tokio::test]
async fn t7_a_leaderless_partition_carries_its_error_and_the_others_are_read() {
    let stage = Stage::set().await;
    stage.demo.set_leader("orders", 2, None).unwrap();
    stage.cluster.refresh().await.unwrap();
    let ends = stage.ends().await;
    assert_eq!(ends[&2].clone().unwrap_err().answered, "the partition has no leader now");
    assert_eq!(ends.values().filter(|end| end.is_ok()).count(), 5);
}

#[tokio::test]
async fn t7_what_a_stopped_broker_led_fails_and_the_others_are_read() {
    let stage = Stage::set().await;
    stage.demo.stop_broker_leaderless(2).await;
    let ends = stage.ends().await;
    let failed: Vec<_> = ends.values().filter_map(|end| Some(end.as_ref().err()?.answered.as_str())).collect();
    assert_eq!(failed, ["the partition has no leader now"; 2]);
}

#[tokio::test]
async fn what_a_stopped_broker_led_is_read_from_its_new_leader() {
    let stage = Stage::set().await;
    stage.demo.create_topic("copied", &TopicSpec::new(3).replication(3)).unwrap();
    stage.cluster.refresh().await.unwrap();
    stage.demo.stop_broker(2).await;
    let wanted: Vec<_> = (0..3).map(|id| ("copied".into(), id)).collect();
    let read = stage.offsets.read(At::End, &wanted, Instant::now()).await;
    assert!(read.values().all(|reading| reading.offset == Ok(0)), "{read:?}");
}

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
    assert_eq!(asked.keys().collect::<Vec<_>>(), ["DescribeGroups", "ListGroups", "ListOffsets", "OffsetFetch"]);
    assert!(asked.values().sum::<usize>() <= 3 + 6 + 4 + 4, "{asked:?}");
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
    assert_eq!(gone.error.as_ref().unwrap().answered, "the topic or partition no longer exists");
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
    let denied = stage.lag_of("secret").await;
    assert!(denied.partitions.unwrap_err().answered.contains("GROUP_AUTHORIZATION_FAILED"));
    assert!(denied.members.unwrap_err().advice.contains("DESCRIBE"));
    assert_eq!(row(&stage.lag_of("billing").await, 0).lag(), Some(600));
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

#[tokio::test]
async fn settings_tell_what_somebody_chose() {
    let stage = Stage::set().await;
    let told = configs::of_topics(&stage.cluster, &["orders".into(), "gone".into()]).await;
    let orders = told["orders"].as_ref().unwrap();
    let chosen: Vec<_> = orders.iter().filter(|s| s.differs).map(|s| (s.name.as_str(), s.value.as_deref())).collect();
    assert_eq!(chosen, [("retention.ms", Some("3600000"))]);
    assert!(told["gone"].is_err());
}

#[tokio::test]
async fn a_call_the_broker_lacks_names_the_kafka_it_came_with() {
    let stage = Stage::set().await;
    stage.demo.force(Force::hide(ApiKey::DescribeConfigs));
    let settings = Settings { bootstrap: vec![stage.demo.address(1).unwrap().to_string()], ..Settings::default() };
    let told = configs::of_topics(&Cluster::new(settings).unwrap(), &["orders".into()]).await;
    let failure = told["orders"].clone().unwrap_err();
    assert_eq!(failure.answered, "this broker has no DescribeConfigs, which came with Kafka 0.11");
}

/// Kafka 3.9 and older list a KIP-848 group at most by accident, and cannot describe it as one.
#[tokio::test]
async fn t25_a_broker_without_the_new_describe_is_asked_the_old_one() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let mut listed = stage.groups().await;
    listed[0].kind = GroupType::Consumer;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert_eq!((lag[0].group.state, lag[0].members.clone()), (GroupState::Empty, Ok(vec![])));
}

#[tokio::test]
async fn share_and_streams_groups_say_in_words_what_cannot_be_known() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let mut listed = stage.groups().await;
    listed[0].kind = GroupType::Streams;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert!(lag[0].members.as_ref().unwrap_err().answered.contains("streams group"));
    assert_eq!(row(&lag[0], 0).lag(), Some(600));
    listed[0].kind = GroupType::Share;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    assert!(lag[0].partitions.as_ref().unwrap_err().answered.contains("share group"));
}

#[tokio::test]
async fn many_who_want_fresh_metadata_share_one_request() {
    let stage = Stage::set().await;
    let all = futures_util::future::join_all((0..10).map(|_| stage.cluster.refresh())).await;
    assert!(all.iter().all(Result::is_ok));
    assert!(stage.asked()["Metadata"] <= 2, "{:?}", stage.asked());
}

/// Looking joins no group, commits nothing, creates nothing.
#[tokio::test]
async fn looking_at_everything_changes_nothing() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    stage.demo.commit("billing", "gone", 0, 7, "").unwrap();
    topics::list(&stage.cluster).await.unwrap();
    stage.lag().await;
    configs::of_topics(&stage.cluster, &["orders".into(), "gone".into()]).await;
    let asked = stage.asked();
    let looking = ["DescribeConfigs", "DescribeGroups", "ListGroups", "ListOffsets", "Metadata", "OffsetFetch"];
    assert!(asked.keys().all(|api| looking.contains(&api.as_str())), "{asked:?}");
    assert_eq!(stage.cluster.refresh().await.unwrap().topics.len(), 1);
    assert_eq!(stage.demo.committed("billing", "orders", 0), Some(400));
}

#[tokio::test]
async fn our_own_count_of_requests_is_what_the_brokers_saw() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let before = stage.cluster.requests();
    stage.lag().await;
    let mut ours = stage.cluster.requests();
    ours.iter_mut().for_each(|(key, n)| *n -= before.get(key).unwrap_or(&0));
    for (api, seen) in [(ApiKey::ListGroups, "ListGroups"), (ApiKey::ListOffsets, "ListOffsets")] {
        assert_eq!(ours[&(api as i16)], stage.asked()[seen] as u64);
    }
}
