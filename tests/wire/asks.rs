//! Topics, offsets and settings, against the demo cluster: right answers, one row's error on that row only, few requests.
use crate::stage::{Stage, counts};
use kafscope::kafka::{
    configs,
    offsets::At,
    topics,
    wire::{Cluster, Settings},
};
use kafscope_demo_broker::{ApiKey, Force, TopicSpec};
use tokio::time::Instant;

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
async fn an_empty_topic_and_one_that_was_emptied_have_start_and_end_alike_t1() {
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

/// A broker that froze kept its connection, and the whole cluster looked unreachable for as long as a request may take.
#[tokio::test]
async fn a_frozen_broker_holds_up_no_question_that_another_one_can_answer() {
    let stage = Stage::set().await;
    for api in [ApiKey::Metadata, ApiKey::DescribeConfigs] {
        stage.demo.force(Force::hang(api).times(1));
    }
    assert_eq!(stage.cluster.refresh().await.unwrap().broker_ids(), [1, 2, 3]);
    assert!(configs::of_topics(&stage.cluster, &["orders".into()]).await["orders"].is_ok());
    assert_eq!(stage.asked(), counts(&[("Metadata", 2), ("DescribeConfigs", 2)]));
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
async fn a_leaderless_partition_carries_its_error_and_the_others_are_read_t7() {
    let stage = Stage::set().await;
    stage.demo.set_leader("orders", 2, None).unwrap();
    stage.cluster.refresh().await.unwrap();
    let ends = stage.ends().await;
    assert_eq!(ends[&2].clone().unwrap_err().answered, "the partition has no leader now");
    assert_eq!(ends.values().filter(|end| end.is_ok()).count(), 5);
}

#[tokio::test]
async fn what_a_stopped_broker_led_fails_and_the_others_are_read_t7() {
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
