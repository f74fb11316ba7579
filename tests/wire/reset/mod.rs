//! Moving a group's offsets on the demo cluster: what was planned is done or told, and nothing else.
mod changed;
mod session;

use crate::stage::Stage;
use futures_util::future::join_all;
use kafscope::{
    kafka::{
        groups::{
            self,
            delete::delete,
            forget::forget,
            reset::{self, Stopped, execute, execute_listed, plan},
        },
        writes::Writes,
    },
    reset::{Done, Plan, Scope, Strategy, Target, undo},
};
use kafscope_demo_broker::{ApiKey, Force};
use rdkafka::{
    ClientConfig,
    consumer::{Consumer, StreamConsumer},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn writes() -> Writes {
    Writes::allowed(false, "testing").unwrap()
}

fn orders(partitions: &[i32]) -> Scope {
    Scope::Topics(vec![("orders".into(), Some(partitions.iter().copied().collect()))])
}

/// Where undo files go in a test.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Stage {
    fn commits(&self, group: &str, offsets: &[(i32, i64)]) {
        offsets.iter().for_each(|(partition, offset)| self.commit(group, *partition, *offset));
    }

    /// What the group's commits on `orders` are, by partition.
    async fn stands(&self, group: &str) -> BTreeMap<i32, i64> {
        let commits = groups::commits(&self.cluster, &group.into()).await.unwrap();
        commits.into_iter().filter_map(|commit| Some((commit.partition, commit.offset.unwrap()?))).collect()
    }

    async fn plan(&self, group: &str, scope: &Scope, strategy: Strategy) -> Plan {
        plan(&self.cluster, &group.into(), scope, &strategy).await.unwrap()
    }

    async fn execute(&self, plan: &Plan, undo: &Path) -> Done {
        execute(&self.cluster, writes(), plan, undo).await.unwrap()
    }

    /// A member of the group that is subscribed to `orders`, once the broker counts it as one.
    async fn member(&self, group: &str) -> tokio::task::JoinHandle<()> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.demo.bootstrap()).set("group.id", group).set("client.id", "till-7");
        let consumer: StreamConsumer = config.set("enable.auto.commit", "false").create().unwrap();
        consumer.subscribe(&["orders"]).unwrap();
        let member = tokio::spawn(async move { while consumer.recv().await.is_ok() {} });
        while self.lag().await.iter().all(|lag| lag.members.as_ref().is_ok_and(|members| members.is_empty())) {
            tokio::task::yield_now().await;
        }
        member
    }
}

#[track_caller]
fn as_planned(done: &Done) {
    for (step, outcome) in done.plan.moves.iter().zip(&done.outcomes) {
        assert_eq!((&outcome.written, &outcome.stands), (&Ok(()), &step.new), "{step:?}");
    }
}

#[tokio::test]
async fn t24_every_strategy_leaves_what_was_planned() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let file = |offset| Target { topic: "orders".into(), partition: 1, offset };
    let table = [
        (Strategy::Earliest, [100, 100, 100, 100]),
        (Strategy::Latest, [1_000, 1_000, 1_000, 1_000]),
        (Strategy::Current, [400, 40, 1_040, 1_000]),
        (Strategy::Offset(640), [640, 640, 640, 640]),
        (Strategy::Offset(5), [100, 100, 100, 100]),
        (Strategy::Time(0), [1_000, 1_000, 1_000, 1_000]),
        (Strategy::File(vec![file(Some(7_000))]), [400, 1_000, 1_040, -1]),
        (Strategy::ShiftBy(-100), [300, 100, 940, -1]),
    ];
    let moved = table.into_iter().enumerate().map(async |(nth, (strategy, expected))| {
        let group = format!("billing-{nth}");
        stage.commits(&group, &[(0, 400), (1, 40), (2, 1_040)]);
        let shift = matches!(strategy, Strategy::ShiftBy(_));
        let scope = if shift { Scope::All } else { orders(&[0, 1, 2, 3]) };
        let plan = stage.plan(&group, &scope, strategy).await;
        assert_eq!((plan.refused.clone(), plan.moving), (None, false));
        as_planned(&stage.execute(&plan, &desk.file(&group)).await);
        let stands = stage.stands(&group).await;
        let left = [0, 1, 2, 3].map(|partition| stands.get(&partition).copied().unwrap_or(-1));
        assert_eq!(left, expected, "{:?}", plan.strategy);
    });
    join_all(moved).await;
}

/// A group may be called anything: its name goes into requests, into a file and into the file's name.
#[tokio::test]
async fn t14_a_hostile_name_is_moved_and_undone_as_any_other() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let hostile = [
        "../../etc/passwd",
        "a\u{1b}]0;x\u{7}\u{202e}",
        "com,ma \"quote\"\r\nline",
        "# no commit before: g",
        "é/\\:*?",
    ];
    let moved = hostile.iter().map(async |group| {
        stage.commit(group, 0, 400);
        let plan = stage.plan(group, &orders(&[0, 1]), Strategy::Latest).await;
        let undo = desk.file(&undo::file_name(group, plan.at));
        as_planned(&stage.execute(&plan, &undo).await);
        let back = reset::undo(&stage.cluster, &undo).await.unwrap().remove(0);
        as_planned(&stage.execute(&back, &undo.with_extension("back")).await);
        assert_eq!(stage.stands(group).await, BTreeMap::from([(0, 400)]), "{group:?}");
    });
    join_all(moved).await;
    let files = std::fs::read_dir(desk.file("")).unwrap().count();
    assert_eq!(files, 2 * hostile.len(), "every undo file is in its directory");
}

#[tokio::test]
async fn t24_a_shift_of_a_partition_without_a_commit_moves_nothing_at_all() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let plan = stage.plan("billing", &orders(&[0, 3]), Strategy::ShiftBy(1)).await;
    assert_eq!(plan.moves[0].new, Ok(Some(401)));
    let refused = plan.refused.clone().unwrap();
    assert!(refused.answered.contains("partition 3 of topic orders cannot be moved"), "{refused}");
    assert_eq!(execute(&stage.cluster, writes(), &plan, &desk.file("u")).await, Err(Stopped::Failed(refused)));
    assert!(!stage.asked().contains_key("OffsetCommit") && !desk.file("u").exists());
}

#[tokio::test]
async fn t24_partitions_that_do_not_exist_or_have_no_leader_are_all_named_and_nothing_is_planned() {
    let stage = Stage::set().await;
    stage.demo.set_leader("orders", 2, None).unwrap();
    let asked =
        async |scope: Scope| plan(&stage.cluster, &"new".into(), &scope, &Strategy::Earliest).await.unwrap_err();
    let why = asked(orders(&[0, 2, 9])).await.answered.clone();
    assert_eq!(why, "partition 2 of topic orders has no leader now, partition 9 of topic orders does not exist");
    assert!(asked(Scope::Topics(vec![("gone".into(), None)])).await.answered.contains("topic gone does not exist"));
    assert!(asked(Scope::All).await.answered.contains("no commit"));
}

#[tokio::test]
async fn a_group_that_does_not_exist_comes_into_being() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let plan = stage.plan("brand/new", &Scope::Topics(vec![("orders".into(), None)]), Strategy::Earliest).await;
    as_planned(&stage.execute(&plan, &desk.file("u")).await);
    assert_eq!(stage.stands("brand/new").await.len(), 6);
}

#[tokio::test]
async fn t24_one_refused_partition_is_told_exactly_and_the_undo_file_covers_the_others() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commits("billing", &[(0, 400), (1, 401)]);
    stage.demo.force(Force::error(ApiKey::OffsetCommit, 29).topic("orders").partition(1));
    let plan = stage.plan("billing", &orders(&[0, 1, 2]), Strategy::Latest).await;
    let done = stage.execute(&plan, &desk.file("undo.csv")).await;
    let refused = done.outcomes[1].written.clone().unwrap_err();
    assert!(refused.answered.contains("TOPIC_AUTHORIZATION_FAILED") && refused.advice.contains("READ"), "{refused}");
    let written: Vec<_> = done.outcomes.iter().map(|outcome| outcome.written.is_ok()).collect();
    let stands: Vec<_> = done.outcomes.iter().map(|outcome| outcome.stands.clone().unwrap()).collect();
    assert_eq!((written, stands), (vec![true, false, true], vec![Some(1_000), Some(401), Some(1_000)]));
    let undo = std::fs::read_to_string(&done.undo).unwrap();
    assert_eq!(undo, "billing,orders,0,400\nbilling,orders,1,401\n# no commit before: billing,orders,2\n");
}

/// Undoing used to be what Kafka's tool cannot do: a commit that was not there before stays with it.
#[tokio::test]
async fn an_undo_puts_commits_back_and_deletes_those_that_were_not_there() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let plan = stage.plan("billing", &orders(&[0, 1]), Strategy::Latest).await;
    stage.execute(&plan, &desk.file("undo.csv")).await;
    let back = reset::undo(&stage.cluster, &desk.file("undo.csv")).await.unwrap().remove(0);
    let done = stage.execute(&back, &desk.file("again.csv")).await;
    as_planned(&done);
    assert_eq!(stage.stands("billing").await, BTreeMap::from([(0, 400)]));
    let again = reset::undo(&stage.cluster, &desk.file("again.csv")).await.unwrap().remove(0);
    as_planned(&stage.execute(&again, &desk.file("third.csv")).await);
    assert_eq!(stage.stands("billing").await, BTreeMap::from([(0, 1_000), (1, 1_000)]));
}

/// A commit that was lost or ahead came back somewhere else: clamped, as from any other file.
#[tokio::test]
async fn an_undo_leaves_exactly_what_stood_before_also_outside_of_what_the_partition_holds() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commits("billing", &[(0, 40), (1, 1_040)]);
    let plan = stage.plan("billing", &Scope::All, Strategy::Offset(500)).await;
    as_planned(&stage.execute(&plan, &desk.file("undo.csv")).await);
    let back = reset::undo(&stage.cluster, &desk.file("undo.csv")).await.unwrap().remove(0);
    let outside: Vec<_> = back.moves.iter().map(|step| step.outside()).collect();
    assert_eq!(outside, [Some("below the start"), Some("beyond the end")]);
    as_planned(&stage.execute(&back, &desk.file("again.csv")).await);
    assert_eq!(stage.stands("billing").await, BTreeMap::from([(0, 40), (1, 1_040)]));
}

/// Every group took all of the metadata and the list of groups twice, and once more to be moved.
#[tokio::test]
async fn brokers_topics_and_groups_are_read_once_however_many_groups_are_moved() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let names: Vec<String> = (0..40).map(|nth| format!("billing-{nth:02}")).collect();
    names.iter().for_each(|group| stage.commit(group, 0, 400));
    let listing = groups::list(&stage.cluster).await.unwrap();
    stage.demo.clear_requests();
    let wanted = names.iter().map(|group| (group.as_str().into(), Strategy::Latest)).collect();
    let plans = reset::plans(&stage.cluster, Some(&listing), &Scope::All, wanted).await.unwrap();
    for plan in &plans {
        let undo = desk.file(&plan.group);
        as_planned(&execute_listed(&stage.cluster, Some(&listing), writes(), plan, &undo).await.unwrap());
    }
    let asked = stage.asked();
    assert_eq!((plans.len(), asked.get("Metadata"), asked.get("ListGroups")), (40, Some(&1), None));
}

/// A deletion larger than a broker's largest batch was refused as a whole.
#[tokio::test]
async fn many_commits_are_deleted_in_portions() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let wanted = Scope::Topics(vec![("orders".into(), Some((0..2_500).collect()))]);
    let told = forget(&stage.cluster, writes(), &"billing".into(), &wanted).await.unwrap();
    assert_eq!((told.len(), stage.asked()["OffsetDelete"]), (2_500, 2));
    assert!(stage.stands("billing").await.is_empty());
}

#[tokio::test]
async fn without_an_undo_file_nothing_is_written() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let plan = stage.plan("billing", &orders(&[0]), Strategy::Earliest).await;
    std::fs::write(desk.file("u"), "of another reset").unwrap();
    let Err(Stopped::Failed(why)) = execute(&stage.cluster, writes(), &plan, &desk.file("u")).await else {
        panic!("it was written");
    };
    assert!(why.advice.contains("nothing was changed"), "{why}");
    assert!(!stage.asked().contains_key("OffsetCommit"));
}

/// A write that was sent twice could undo what somebody else did in between.
#[tokio::test]
async fn a_write_whose_answer_is_lost_is_told_as_unknown_and_never_sent_again() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let plan = stage.plan("billing", &orders(&[0]), Strategy::Earliest).await;
    stage.demo.force(Force::cut_after(ApiKey::OffsetCommit, 3).times(1));
    let done = stage.execute(&plan, &desk.file("u")).await;
    let why = done.outcomes[0].written.clone().unwrap_err();
    assert!(why.answered.starts_with("unknown, it may have been done"), "{why}");
    assert_eq!((done.outcomes[0].stands.clone(), stage.asked()["OffsetCommit"]), (Ok(Some(100)), 1));
}

#[tokio::test(flavor = "multi_thread")] // a member that leaves blocks its thread
async fn forgetting_tells_each_partition_and_keeps_what_a_member_subscribes_to() {
    let stage = Stage::set().await;
    stage.commits("billing", &[(0, 400), (1, 400), (2, 400)]);
    let told = forget(&stage.cluster, writes(), &"billing".into(), &orders(&[0])).await.unwrap();
    assert_eq!(told, [("orders".into(), 0, Ok(()))]);
    assert_eq!(stage.stands("billing").await.len(), 2);
    let member = stage.member("billing").await;
    let told = forget(&stage.cluster, writes(), &"billing".into(), &Scope::All).await.unwrap();
    for (_, _, answer) in &told {
        let why = answer.clone().unwrap_err();
        assert!(why.answered.contains("subscribes to the topic (error 86, GROUP_SUBSCRIBED_TO_TOPIC)"), "{why}");
    }
    assert_eq!((told.len(), stage.stands("billing").await.len()), (2, 2));
    member.abort();
}

#[tokio::test]
async fn forgetting_what_is_not_there_is_told() {
    let stage = Stage::set().await;
    let asked = async |scope: Scope| forget(&stage.cluster, writes(), &"nobody".into(), &scope).await.unwrap_err();
    assert!(asked(orders(&[0])).await.answered.contains("the group does not exist (error 69"));
    assert!(asked(Scope::All).await.answered.contains("no commit"));
}

#[tokio::test(flavor = "multi_thread")] // a member that leaves blocks its thread
async fn deleting_a_group_names_the_members_that_hold_it() {
    let stage = Stage::set().await;
    stage.commit("billing", 0, 400);
    let member = stage.member("billing").await;
    let why = delete(&stage.cluster, writes(), &"billing".into()).await.unwrap_err();
    assert!(why.attempted == "deleting group billing" && why.answered.contains("client till-7"), "{why}");
    member.abort();
    stage.commit("fraud", 0, 400);
    assert_eq!(delete(&stage.cluster, writes(), &"fraud".into()).await, Ok(()));
    assert!(stage.groups().await.iter().all(|group| &*group.name != "fraud"));
    let why = delete(&stage.cluster, writes(), &"fraud".into()).await.unwrap_err();
    assert!(why.answered.contains("the group does not exist (error 69, GROUP_ID_NOT_FOUND)"), "{why}");
}
