//! What a reset is to do.
use super::*;
use kafscope::panels::Request;
use std::path::Path;

/// The strategy and scope that these keys plan.
#[track_caller]
fn asked(s: &mut Screen, keys: &str) -> (Scope, Strategy) {
    s.press("R").press(keys).press("<enter>");
    match only(s) {
        Command::PlanReset { group, scope, strategy, .. } => {
            assert_eq!(&*group, "billing");
            (scope, strategy)
        }
        other => panic!("{other:?}"),
    }
}

fn orders(partitions: Option<&[i32]>) -> Scope {
    Scope::Topics(vec![("orders".into(), partitions.map(|it| it.iter().copied().collect()))])
}

/// With every strategy the plan was once that of another one.
#[test]
fn every_strategy_is_planned_as_chosen() {
    let ms = |time: &str| time.parse::<jiff::Timestamp>().expect("time").as_millisecond();
    let table = [
        ("", Strategy::Earliest),
        ("l", Strategy::Latest),
        ("l l", Strategy::Current),
        ("l l l <tab> 1,200", Strategy::Offset(1_200)),
        ("l l l l <tab> -100", Strategy::ShiftBy(-100)),
        ("l l l l <tab> +7", Strategy::ShiftBy(7)),
        ("l l l l l <tab> 2026-11-20T10:00:00Z", Strategy::Time(ms("2026-11-20T10:00:00Z"))),
        ("h h <tab> 1h30m", Strategy::Time(ms("2026-11-20T12:33:22Z"))),
        ("h h <tab> P1D", Strategy::Time(ms("2026-11-19T14:03:22Z"))),
    ];
    for (keys, strategy) in table {
        assert_eq!(asked(&mut panel(160, 45), keys), (orders(None), strategy), "{keys}");
    }
}

#[test]
fn a_plan_is_for_the_chosen_topic_for_some_partitions_or_for_all() {
    assert_eq!(asked(&mut panel(160, 45), "").0, orders(None), "the open topic");
    assert_eq!(asked(&mut panel(160, 45), "k 0,2 <down>").0, orders(Some(&[0, 2])));
    assert_eq!(asked(&mut panel(160, 45), "k <up> h").0, Scope::All);
    let payments = Scope::Topics(vec![("payments".into(), None)]);
    assert_eq!(asked(&mut panel(160, 45), "k <up> l").0, payments);
    let mut s = view(160, 45, 0);
    s.press("G R").shows("‹ topic payments ›").shows("chosen is payments/2").press("<esc> g");
    assert_eq!(asked(&mut s, "").0, orders(None), "the topic of the chosen partition");
}

#[test]
fn a_mistake_is_told_at_its_letter_and_nothing_is_planned() {
    let mut s = panel(160, 45);
    s.press("R l l l <tab> 12x4");
    let below = s.screen().lines().skip_while(|line| !line.contains("12x4")).nth(1).expect("a line").to_owned();
    let column = |line: &str, text: &str| line.split(text).next().expect("it").chars().count();
    assert_eq!(column(&below, "^ an offset is a number"), column(&s.line("12x4"), "x4"), "{below}");
    s.press("<enter>").shows("an offset is a number from 0 on");
    assert!(s.sent().is_empty());
    s.press("<ctrl-u> <enter>").shows("^ an offset is missing");
    assert!(s.sent().is_empty());
    s.press("7 <enter>");
    assert!(matches!(only(&mut s), Command::PlanReset { strategy: Strategy::Offset(7), .. }));
}

#[test]
fn partitions_are_checked_while_they_are_typed() {
    let mut s = panel(160, 45);
    s.press("R k 0,x").shows("^ write partitions as in 0,2").press("<enter>");
    assert!(s.sent().is_empty());
}

#[test]
fn a_file_of_offsets_is_read_and_planned() {
    let mut s = panel(160, 45);
    s.press("R h <tab> o.csv <enter>");
    assert_eq!(std::mem::take(&mut s.app.requests), [Request::Read("o.csv".into())]);
    s.app.on_text_read(Path::new("o.csv"), Ok("orders,0,7\n".into()));
    let Command::PlanReset { strategy: Strategy::File(targets), .. } = only(&mut s) else { panic!("no plan") };
    assert_eq!((&*targets[0].topic, targets[0].partition, targets[0].offset), ("orders", 0, Some(7)));
}

#[test]
fn a_mistake_in_a_file_is_told_with_line_and_column() {
    let mut s = panel(160, 45);
    s.press("R h <tab> o.csv <enter>");
    s.app.on_text_read(Path::new("o.csv"), Ok("orders,0,7\norders,1,x\n".into()));
    s.shows("o.csv:2:10:");
    s.app.on_text_read(Path::new("o.csv"), Err(Failure::new("reading o.csv", "no such file", "")));
    s.shows("reading o.csv: no such file");
    s.app.on_text_read(Path::new("other.csv"), Ok("orders,0,7\n".into()));
    assert!(s.sent().is_empty());
}

#[test]
fn waiting_for_a_plan_says_for_how_long_and_esc_goes_back() {
    let mut s = panel(160, 45);
    s.press("R <enter>").shows("Planning …").hides("Planning … 0").wait(1_200).shows("Planning … 1.2 s");
    let late = only(&mut s);
    s.press("<esc>").shows("where to");
    let plan = Box::new(two(&s));
    s.hear(Event::ResetPlanned { generation: generation(&late), plan }).shows("where to").hides("STANDS").hides("NEW");
    s.press("<esc>").hides("Reset offsets");
    assert!(!s.app.quit);
}

#[test]
fn a_plan_that_cannot_be_made_says_why_in_the_form() {
    let mut s = panel(160, 45);
    s.press("R <enter>");
    let doing = only(&mut s);
    s.hear(Event::Failed { doing, why: failure("partition 3 has no leader") });
    s.shows("partition 3 has no leader").shows("where to").shows("! 1 notice");
}

#[test]
fn read_only_answers_every_key_and_sends_nothing() {
    let start = Start { read_only: true, ..common::start() };
    for key in ["R", "U", "F", "D"] {
        let mut s = panel_of(start.clone(), 160, 45, billing(0));
        s.press(key).shows("read-only: nothing can be written").hides("where to").hides("type ");
        assert!(s.sent().is_empty());
        s.press("!").shows("this session is read-only").shows("start without --read-only");
        let mut s = panel_of(start.clone(), 160, 45, billing(0));
        s.press("<enter>");
        s.sent();
        s.press(key).shows("read-only: nothing can be written");
        assert!(s.sent().is_empty());
    }
}

#[test]
fn the_footer_and_the_palette_offer_the_keys_of_the_place() {
    let mut s = panel(200, 45);
    s.shows("R reset offsets").shows("U undo reset").shows("F forget commits").shows("D delete group");
    s.press(":").press("offsets").shows("Lag: reset offsets").press("<enter>").shows("where to");
    s.shows("plan it").press("?").shows("next choice").press("<esc> <enter>");
    assert!(matches!(only(&mut s), Command::PlanReset { .. }));
}

#[test]
fn the_mouse_chooses_a_line_and_turns_it() {
    let mut s = panel(160, 45);
    s.press("R");
    let row = |s: &Screen, text: &str| s.screen().lines().position(|line| line.contains(text)).expect("row") as u16;
    let (which, to) = (row(&s, "which"), row(&s, "where to"));
    s.click(60, to).shows("‹ latest ›").click(60, which).shows("‹ topic orders ›").click(60, which);
    s.shows("‹ topic payments ›");
}
