//! What a plan was made from is no longer so when it is carried out.
use super::{Desk, as_planned, orders, writes};
use crate::stage::Stage;
use kafscope::{
    group::GroupName,
    kafka::groups::reset::{Stopped, execute},
    reset::{Plan, Scope, Strategy},
};
use kafscope_demo_broker::{ApiKey, Force};
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")] // a member that leaves blocks its thread
async fn t24_a_group_with_members_is_refused_by_their_names() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let member = stage.member("billing").await;
    let plan = stage.plan("billing", &orders(&[0]), Strategy::Earliest).await;
    let refused = plan.refused.clone().unwrap();
    assert!(
        refused.answered.contains("held by") && refused.answered.contains("client till-7 at /127.0.0.1"),
        "{refused}"
    );
    assert_eq!(plan.moves[0].new, Ok(Some(100)), "what it would do is shown all the same");
    let stopped = execute(&stage.cluster, writes(), &plan, &desk.file("u")).await;
    assert_eq!(stopped, Err(Stopped::Failed(refused)));
    member.abort();
}

#[tokio::test(flavor = "multi_thread")] // a member that leaves blocks its thread
async fn t24_a_member_that_joins_after_the_plan_is_found_before_anything_is_written() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let plan = stage.plan("billing", &orders(&[0]), Strategy::Earliest).await;
    let member = stage.member("billing").await;
    let Err(Stopped::Changed(now)) = execute(&stage.cluster, writes(), &plan, &desk.file("u")).await else {
        panic!("it was written");
    };
    assert!(now.refused.unwrap().answered.contains("till-7"));
    assert!(!stage.asked().contains_key("OffsetCommit") && !desk.file("u").exists());
    member.abort();
}

/// Between the last look and the write nobody can see a member come: the broker refuses each partition.
#[tokio::test]
async fn t24_a_member_that_joins_at_the_last_moment_leaves_nothing_partial_untold() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    for code in [25, 27] {
        let plan = stage.plan("billing", &orders(&[0, 1]), Strategy::Earliest).await;
        stage.demo.force(Force::error(ApiKey::OffsetCommit, code).times(1));
        let done = stage.execute(&plan, &desk.file(&code.to_string())).await;
        for (outcome, stands) in done.outcomes.iter().zip([Some(400), None]) {
            assert!(outcome.written.as_ref().unwrap_err().answered.contains("a member has joined"), "{outcome:?}");
            assert_eq!(outcome.stands, Ok(stands));
        }
    }
}

#[tokio::test]
async fn t24_commits_that_changed_after_the_plan_stop_it_and_make_a_new_one() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let plan = stage.plan("billing", &Scope::All, Strategy::ShiftBy(10)).await;
    stage.commit("billing", 0, 450);
    let Err(Stopped::Changed(now)) = execute(&stage.cluster, writes(), &plan, &desk.file("u")).await else {
        panic!("it was written");
    };
    assert_eq!((now.moves[0].old, now.moves[0].new.clone(), now.moving), (Some(450), Ok(Some(460)), true));
    assert_eq!((stage.stands("billing").await, desk.file("u").exists()), (BTreeMap::from([(0, 450)]), false));
    as_planned(&stage.execute(&now, &desk.file("u")).await);
}

/// A reader that assigns partitions by hand is in no list of members; only its commits tell.
#[tokio::test]
async fn commits_that_move_without_members_are_seen_and_moved_only_by_who_insists() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let group: GroupName = "flink".into();
    stage.commit(&group, 0, 400);
    let reads = async {
        for offset in 401.. {
            stage.commit(&group, 0, offset % 1_000);
            tokio::task::yield_now().await;
        }
    };
    let moved = async {
        let plan = stage.plan(&group, &Scope::All, Strategy::Latest).await;
        assert!(plan.moving);
        let calm = Plan { moving: false, ..plan.clone() };
        let stopped = execute(&stage.cluster, writes(), &calm, &desk.file("u")).await;
        assert!(matches!(stopped, Err(Stopped::Changed(_))), "{stopped:?}");
        let done = stage.execute(&plan, &desk.file("u")).await;
        assert_eq!(done.outcomes[0].written, Ok(()));
        assert!(done.plan.moves[0].old.is_some());
    };
    tokio::select! {
        () = moved => {}
        () = reads => {}
    }
}

#[tokio::test]
async fn retention_that_passes_the_new_offset_stops_it() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let plan = stage.plan("billing", &orders(&[0]), Strategy::Earliest).await;
    stage.demo.delete_records_before("orders", 0, 200).unwrap();
    let Err(Stopped::Changed(now)) = execute(&stage.cluster, writes(), &plan, &desk.file("u")).await else {
        panic!("it was written");
    };
    assert_eq!((now.moves[0].new.clone(), now.moving), (Ok(Some(200)), false));
}
