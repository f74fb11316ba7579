//! The same through the command layer, as the screen asks for it.
use super::{Desk, as_planned, orders};
use crate::stage::Stage;
use kafscope::{
    bus::{Command, Event, bus},
    group::GroupName,
    kafka::{self, wire::Settings, writes::Writes},
    reset::Strategy,
};
use std::collections::BTreeMap;

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
