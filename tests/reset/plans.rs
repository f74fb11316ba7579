//! What a plan shows before anything is written.
use super::*;

#[test]
fn every_partition_shows_old_new_and_the_difference() {
    let mut s = panel(160, 45);
    planned(&mut s, |s| plan(s, vec![step(0, Some(400), Some(100)), step(1, Some(500), Some(900))]));
    let words = |text: &str| s.line(text).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words("-300").contains("orders 0 400 100 -300"), "{}", words("-300"));
    assert!(words("+400").contains("orders 1 500 900 +400"), "{}", words("+400"));
    let mut s = s;
    s.shows("2 of 2 partitions move · 400 offsets skipped · 300 read again");
    s.shows("orders/0: From 400 to 100: 300 offsets are read again. It holds offsets from 100 to the end 1,000.");
    s.press("j").shows("orders/1: From 500 to 900: 400 offsets are never read.");
}

#[test]
fn whatever_is_odd_about_a_partition_is_flagged() {
    let mut s = panel(160, 45);
    let unread = Move { new: Err(failure("no leader")), end: None, ..step(3, Some(5), None) };
    planned(&mut s, |s| {
        plan(
            s,
            vec![
                Move { clamped: Some(5_000), ..step(0, Some(400), Some(1_000)) },
                step(1, None, Some(100)),
                Move { nothing_since: true, ..step(2, Some(400), Some(1_000)) },
                unread.clone(),
                step(4, Some(40), Some(100)),
                step(5, Some(1_200), Some(100)),
                step(6, Some(100), Some(100)),
                step(7, Some(400), None),
            ],
        )
    });
    s.shows("clamped from 5,000").shows("no commit before").shows("nothing that new: the end");
    s.shows("unknown: no leader").shows("60 lost").shows("200 ahead").shows("stays").shows("delete the commit");
    s.shows("6 of 8 partitions move · 1,200 offsets skipped · 900 read again · 1 clamped · 1 had no commit");
    s.shows("1 to be deleted").shows("1 unknown, not written");
    s.shows("Asked for").shows("was 5,000, which lies outside.");
    s.press("j").shows("It had no commit; one is made at 100.");
    s.press("G").shows("Its commit 400 is deleted: there was none before.");
}

#[test]
fn a_refused_plan_names_who_holds_the_group_and_cannot_be_written() {
    let mut s = panel(160, 45);
    let why = Failure::new("moving offsets of billing", "billing-0 @ 10.0.0.4 and billing-1 hold it", "stop them");
    planned(&mut s, |s| Plan { refused: Some(why.clone()), ..two(s) });
    s.shows("Nothing can be written.").shows("billing-0 @ 10.0.0.4 and billing-1 hold it; stop them; then r");
    s.shows("! 1 notice").hides("write it").press("<enter>").hides("type billing");
    s.press("billing <enter>");
    assert!(s.sent().iter().all(|it| matches!(it, Command::PlanReset { .. })), "typing the name writes nothing");
}

#[test]
fn r_plans_anew_what_was_asked() {
    let mut s = panel(160, 45);
    s.press("R l <enter>");
    let first = only(&mut s);
    let refused = Some(failure("it has members"));
    let plan = Box::new(Plan { refused, ..two(&s) });
    s.hear(Event::ResetPlanned { generation: generation(&first), plan }).press("r");
    let again = only(&mut s);
    let same = |it: &Command| match it {
        Command::PlanReset { group, scope, strategy, .. } => Some((group.clone(), scope.clone(), strategy.clone())),
        _ => None,
    };
    assert_eq!(same(&first), same(&again));
    assert!(generation(&again) > generation(&first));
    let plan = Box::new(two(&s));
    s.hear(Event::ResetPlanned { generation: generation(&again), plan }).hides("Nothing can be written");
    s.press("<enter>").shows("type billing");
}

/// A scope without a commit was once shown as a plan that could be written.
#[test]
fn a_plan_without_partitions_says_so() {
    let mut s = panel(160, 45);
    planned(&mut s, |s| plan(s, vec![])).shows("No partition: the group has no commits there.");
    s.hides("write it").press("<enter>").hides("type billing");
}

#[test]
fn a_group_whose_commits_move_asks_once_more() {
    let mut s = panel(160, 45);
    planned(&mut s, |s| Plan { moving: true, ..two(s) }).shows("no members, and yet its commits move");
    s.press("<enter>").shows("type anyway").press("billing <enter>").shows("this is not anyway");
    assert!(s.sent().is_empty());
    s.press("<ctrl-u> anyway <enter>").shows("type billing");
    assert!(s.sent().is_empty(), "the name is still to be typed");
    s.press("billing <enter>");
    assert!(matches!(only(&mut s), Command::Reset { .. }));
}

#[test]
fn a_plan_that_grows_old_says_so() {
    let mut s = panel(160, 45);
    planned(&mut s, two).shows("planned 14:03:22").hides("ago").wait(90_000).shows("planned 14:03:22, 1m 30s ago");
}

#[test]
fn a_long_plan_is_scrolled_by_keys_and_wheel() {
    let mut s = panel(80, 24);
    planned(&mut s, |s| plan(s, (0..500).map(|p| step(p, Some(400), Some(100))).collect()));
    s.shows("orders/0:").press("G").shows("orders/499:").press("g").wheel(20, 12, 3).hides("orders/0:");
    let row = s.screen().lines().position(|line| line.contains("orders     10 ") || line.contains(" 10 ")).expect("it");
    s.click(20, row as u16).shows("orders/10:");
}

#[test]
fn no_size_breaks_it_and_small_screens_keep_what_matters() {
    for (width, height) in [(1, 1), (20, 5), (40, 12), (80, 24), (160, 45), (400, 100)] {
        let mut s = panel(width, height);
        s.press("R").screen();
        s.press("<esc>");
        let done = confirmed(&mut s, two);
        let outcomes = written(&done.0);
        s.screen();
        ended(&mut s, done, outcomes).press("G").screen();
    }
    let mut s = panel(40, 12);
    planned(&mut s, two).shows("2 of 2 partitions").shows("NEW").shows("100");
    s.press("<enter>").shows("type billing").press("x <enter>").shows("this is not billing");
    let mut s = panel(80, 24);
    planned(&mut s, two).shows("DELTA").shows("-300").shows("OLD").press("<enter>").shows("type billing");
    let mut s = panel(40, 12);
    s.press("R l l l <tab> x").shows("which").shows("an offset").shows("^");
}
