//! Moving a group's offsets on the demo cluster: what was planned is done or told, and nothing else.
use crate::stage::Stage;
use futures_util::future::join_all;
use kafscope::{
    bus::{Command, Event, bus},
    group::GroupName,
    kafka::{
        self,
        groups::{
            self,
            delete::delete,
            forget::forget,
            reset::{self, Stopped, execute, plan},
        },
        wire::Settings,
        writes::Writes,
    },
    reset::{Done, Plan, Scope, Strategy, Target},
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
    let why = asked(orders(&[0, 2, 9])).await.answered;
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

#[tokio::test]
async fn t26_a_read_only_session_plans_and_changes_nothing() {
    let why = Writes::allowed(true, "resetting group billing").unwrap_err();
    assert_eq!(why.to_string().split(';').next(), Some("resetting group billing: this session is read-only"));
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let (group, scope): (GroupName, _) = ("billing".into(), orders(&[0]));
    let plan = stage.plan(&group, &scope, Strategy::Earliest).await;
    let commands = [
        Command::Reset { plan: Box::new(plan), undo: desk.file("u"), generation: 1 },
        Command::ForgetOffsets { group: group.clone(), scope, generation: 2 },
        Command::DeleteGroup { group, generation: 3 },
    ];
    let mut session = Session::open(&stage, true);
    for command in commands {
        let Event::Failed { doing, why } = session.ask(command.clone()).await else { panic!("it was done") };
        assert!(doing == command && why.answered.contains("read-only"), "{why}");
    }
    assert_eq!(stage.stands("billing").await, BTreeMap::from([(0, 400)]));
}

/// The command layer with the wire below it.
struct Session(kafscope::bus::Desk);

impl Session {
    fn open(stage: &Stage, read_only: bool) -> Self {
        let (desk, dock) = bus();
        let bootstrap = stage.demo.bootstrap().split(',').map(str::to_owned).collect();
        let wire = Settings { bootstrap, ..Settings::default() };
        tokio::spawn(kafka::serve(dock, kafka::Settings { wire, read_only, committed: false }));
        Self(desk)
    }

    /// The first answer that is about a change of a group.
    async fn ask(&mut self, command: Command) -> Event {
        self.0.commands.send(command).await.unwrap();
        loop {
            let event = self.0.news.recv().await.unwrap();
            let about = matches!(
                event,
                Event::ResetPlanned { .. }
                    | Event::ResetEnded { .. }
                    | Event::OffsetsForgotten { .. }
                    | Event::GroupDeleted { .. }
                    | Event::Failed { .. }
            );
            if about {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn a_screen_plans_resets_undoes_forgets_and_deletes() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    stage.commit("billing", 0, 400);
    let (group, mut session): (GroupName, _) = ("billing".into(), Session::open(&stage, false));
    let asked = |generation| Command::PlanReset {
        group: "billing".into(),
        scope: orders(&[0, 1]),
        strategy: Strategy::Latest,
        generation,
    };
    let Event::ResetPlanned { generation: 1, plan } = session.ask(asked(1)).await else { panic!("no plan") };
    stage.commit("billing", 0, 500);
    let reset = |plan, generation| Command::Reset { plan, undo: desk.file("undo.csv"), generation };
    let Event::ResetPlanned { generation: 2, plan } = session.ask(reset(plan, 2)).await else { panic!("no new plan") };
    assert_eq!(plan.moves[0].old, Some(500));
    let Event::ResetEnded { generation: 3, done } = session.ask(reset(plan, 3)).await else { panic!("no end") };
    as_planned(&done);
    let undo = Command::PlanUndo { file: done.undo, generation: 4 };
    let Event::ResetPlanned { generation: 4, plan } = session.ask(undo).await else { panic!("no undo") };
    assert_eq!(plan.moves.iter().map(|step| step.new.clone().unwrap()).collect::<Vec<_>>(), [Some(500), None]);
    let forget = Command::ForgetOffsets { group: group.clone(), scope: orders(&[1]), generation: 5 };
    assert!(matches!(session.ask(forget).await, Event::OffsetsForgotten { generation: 5, .. }));
    let delete = Command::DeleteGroup { group, generation: 6 };
    assert!(matches!(session.ask(delete).await, Event::GroupDeleted { generation: 6, .. }));
    assert!(stage.groups().await.is_empty());
}

#[tokio::test]
async fn an_undo_file_with_a_mistake_or_of_several_groups_is_said_with_its_place() {
    let (stage, desk) = (Stage::set().await, Desk::new());
    let mut session = Session::open(&stage, false);
    for (text, words) in
        [("a,orders,0,5\na,orders,x,5\n", ":2:10: \"x\" is no partition"), ("a,orders,0,5\nb,orders,0,5", "2 groups")]
    {
        std::fs::write(desk.file("undo.csv"), text).unwrap();
        let undo = Command::PlanUndo { file: desk.file("undo.csv"), generation: 1 };
        let Event::Failed { why, .. } = session.ask(undo).await else { panic!("it was planned") };
        assert!(why.answered.contains(words), "{why}");
    }
}
