//! Writing a plan, and taking it back.
use super::*;
use std::path::PathBuf;

#[test]
fn only_the_typed_name_writes_the_plan_and_the_undo_file_is_named_by_group_and_time() {
    let mut s = panel(160, 45);
    planned(&mut s, two).press("<enter>").shows("2 commits of billing will be written").shows("type billing");
    s.press("<enter> <enter>").shows("nothing was typed, and nothing is done");
    s.press("bill <enter>").shows("this is not billing").press("xx <enter>").shows("this is not billing");
    assert!(s.sent().is_empty());
    s.press("<ctrl-u> billing <enter>");
    let Command::Reset { plan, undo, .. } = only(&mut s) else { panic!("nothing is written") };
    assert_eq!((*plan, undo), (two(&s), PathBuf::from("/undo/20261120T140322.000Z-billing.csv")));
}

#[test]
fn esc_in_the_question_goes_back_to_the_plan() {
    let mut s = panel(160, 45);
    planned(&mut s, two).press("<enter> billing <esc>").shows("DELTA").hides("type billing").press("<enter> <enter>");
    assert!(s.sent().is_empty(), "what was typed before is gone");
}

/// T27: the answer once went to whatever stood under the cursor when `enter` was pressed.
#[test]
fn a_list_that_changes_between_question_and_answer_changes_nothing() {
    let mut s = panel(160, 45);
    planned(&mut s, two).press("<enter> bil");
    s.with_groups(vec![behind("aaa", "orders", 5), lag("zzz", S::Empty, 0, vec![])]);
    s.press("ling <enter>");
    let Command::Reset { plan, .. } = only(&mut s) else { panic!("nothing is written") };
    assert_eq!(&*plan.group, "billing");
}

#[test]
fn what_was_written_is_told_partition_by_partition() {
    let mut s = panel(160, 45);
    let asked = confirmed(&mut s, two);
    s.shows("Writing …").wait(2_000).shows("Writing … 2.0 s");
    let outcomes = written(&asked.0);
    ended(&mut s, asked, outcomes).shows("2 of 2 partitions written").hides("refused").hides("Not every partition");
    s.shows("/undo/20261120T140322.000Z-billing.csv").shows("U undoes it").shows("STANDS");
}

#[test]
fn a_reset_that_is_partly_written_says_exactly_which() {
    let mut s = panel(160, 45);
    let four = |s: &Screen| plan(s, (0..4).map(|p| step(p, Some(400 + i64::from(p)), Some(100))).collect());
    let asked = confirmed(&mut s, four);
    let outcomes = vec![
        Outcome { written: Ok(()), stands: Ok(Some(100)) },
        Outcome { written: Err(failure("a member joined")), stands: Ok(Some(401)) },
        Outcome { written: Ok(()), stands: Ok(Some(777)) },
        Outcome { written: Ok(()), stands: Err(failure("timed out")) },
    ];
    ended(&mut s, asked, outcomes);
    s.shows("3 of 4 partitions written · 1 refused · 1 changed under it · 1 not read back");
    s.shows("Not every partition stands where the plan says").shows("refused: a member joined").shows("! 1 notice");
    s.shows("written, and changed under it").shows("777").shows("written, not read back: timed out").shows("401");
    s.press("j").shows("offsets of billing: a member joined; try again.");
}

#[test]
fn partitions_that_moved_meanwhile_are_planned_anew_and_confirmed_anew() {
    let mut s = panel(160, 45);
    let (plan, _, generation) = confirmed(&mut s, two);
    let now = Plan { moves: vec![step(0, Some(450), Some(100)), step(1, Some(500), Some(100))], ..plan };
    s.hear(Event::ResetPlanned { generation, plan: Box::new(now.clone()) });
    s.shows("Nothing was written: partitions moved").shows("was 400 → 100");
    assert!(!s.line("500").contains("was"), "{}", s.line("500"));
    s.press("<enter> <enter>");
    assert!(s.sent().is_empty(), "the name is to be typed again");
    s.press("billing <enter>");
    assert!(matches!(only(&mut s), Command::Reset { plan, .. } if *plan == now));
}

#[test]
fn a_write_that_failed_as_a_whole_leaves_the_plan_with_the_reason() {
    let mut s = panel(160, 45);
    let (plan, undo, generation) = confirmed(&mut s, two);
    let doing = Command::Reset { plan: Box::new(plan), undo, generation };
    s.hear(Event::Failed { doing, why: failure("the undo file cannot be written") });
    s.shows("the undo file cannot be written")
        .shows("DELTA")
        .shows("! 1 notice")
        .press("<enter>")
        .shows("type billing");
}

/// Whoever closed the overlay while it was written would never have known.
#[test]
fn a_result_that_nobody_waits_for_is_in_the_notices() {
    let mut s = panel(160, 45);
    let asked = confirmed(&mut s, two);
    s.press("<esc>").hides("Writing");
    let outcomes = written(&asked.0);
    ended(&mut s, asked, outcomes).press("!").shows("2 of 2 partitions written").shows("14:03:22  moving offsets");
    s.shows("-billing.csv");
}

#[test]
fn undo_takes_back_what_was_written_and_deletes_commits_that_were_made() {
    let mut s = panel(160, 45);
    let asked = confirmed(&mut s, |s| plan(s, vec![step(0, Some(400), Some(100)), step(1, None, Some(100))]));
    let (undo, outcomes) = (asked.1.clone(), written(&asked.0));
    ended(&mut s, asked, outcomes).press("U");
    let Command::PlanUndo { file, generation } = only(&mut s) else { panic!("no plan") };
    assert_eq!(file, undo);
    let back = plan(&s, vec![step(0, Some(100), Some(400)), step(1, Some(100), None)]);
    s.hear(Event::ResetPlanned { generation, plan: Box::new(back.clone()) });
    s.shows("Undo a reset")
        .shows("delete the commit")
        .shows("1 to be deleted")
        .wait(5)
        .press("<enter> billing <enter>");
    let Command::Reset { plan, undo: second, generation } = only(&mut s) else { panic!("nothing is written") };
    assert_eq!(*plan, back);
    assert_ne!(second, undo, "an undo file is never written over");
    let outcomes = written(&back);
    ended(&mut s, (back, second, generation), outcomes).shows("2 of 2 partitions written").shows("deleted");
}

#[test]
fn u_in_the_panel_undoes_the_last_reset_of_this_group() {
    let mut s = panel(160, 45);
    let asked = confirmed(&mut s, two);
    let (undo, outcomes) = (asked.1.clone(), written(&asked.0));
    ended(&mut s, asked, outcomes).press("<esc> U");
    assert!(matches!(only(&mut s), Command::PlanUndo { file, .. } if file == undo));
}

#[test]
fn u_without_a_reset_of_this_session_asks_for_a_file() {
    let mut s = panel(160, 45);
    s.press("U").shows("Undo a reset").shows("the file that a reset named").press("<enter>").shows("which file?");
    assert!(s.sent().is_empty());
    s.press("/tmp/u.csv <enter>");
    let asked = only(&mut s);
    assert!(matches!(&asked, Command::PlanUndo { file, .. } if file == &PathBuf::from("/tmp/u.csv")));
    s.hear(Event::Failed { doing: asked, why: failure("no such file") }).shows("no such file").shows("/tmp/u.csv");
}

/// A file of another group moves that group: its name is shown and has to be typed.
#[test]
fn an_undo_file_of_another_group_is_confirmed_by_that_groups_name() {
    let mut s = panel(160, 45);
    s.press("U u.csv <enter>");
    let asked = only(&mut s);
    let other = Plan { group: "audit".into(), ..two(&s) };
    s.hear(Event::ResetPlanned { generation: generation(&asked), plan: Box::new(other) }).shows("Undo a reset audit");
    s.press("<enter> billing <enter>").shows("this is not audit");
    assert!(s.sent().is_empty());
}

#[test]
fn the_name_of_the_undo_file_can_be_copied() {
    let mut s = panel(160, 45);
    let asked = confirmed(&mut s, two);
    let (undo, outcomes) = (asked.1.clone(), written(&asked.0));
    ended(&mut s, asked, outcomes).press("y");
    let name = undo.to_string_lossy().into_owned();
    assert_eq!(s.app.requests, [kafscope::panels::Request::Copy(name)]);
}
