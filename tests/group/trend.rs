//! What changes over time: the chart, rates, a reader that stands still.
use super::*;

/// A group that reads 10 of 20 offsets a second of one partition, sampled every 5 s for so long.
pub fn falls_behind(s: &mut Screen, seconds: i64) {
    for i in 0..=seconds / 5 {
        read(s, 1, at_rates(i));
        s.wait(5_000);
    }
}

fn at_rates(i: i64) -> GroupLag {
    let owned =
        PartitionLag { owner: Some(0), ..partition("orders", 0, 0, 1_000_000 + 100 * i, Some(999_995 + 50 * i)) };
    let members = vec![member("billing-0", &[("orders", &[0])])];
    GroupLag { members: Ok(members), ..lag("billing", S::Stable, 0, vec![owned]) }
}

/// The rows of the screen from the head of the chart down to its times, without the frame.
fn chart(s: &Screen) -> Vec<String> {
    let screen = s.screen();
    let rows =
        screen.lines().skip_while(|line| !line.contains("lag in offsets")).take_while(|line| !line.contains('╰'));
    rows.map(|row| row.trim_matches(['│', ' ']).to_owned()).collect()
}

#[test]
fn the_chart_grows_from_samples_with_its_scale_and_its_times() {
    let mut s = asked(40, 16);
    falls_behind(&mut s, 295);
    s.press("<tab> <tab>");
    let expected =
        ["lag in offsets, 5 min", "3,000 ┤                   ▁▂▃▅▆▇█", "▂▃▄▅▆████████", "▁▂▃▅▆▇██████████████"];
    assert_eq!(chart(&s)[..4], expected, "{}", s.screen());
    s.shows("14:05");
}

#[test]
fn a_key_turns_the_time_of_the_chart() {
    let mut s = asked(160, 45);
    falls_behind(&mut s, 60);
    s.shows("lag in offsets, 5 min").press("t").shows("lag in offsets, 1 h").press("t");
    s.shows("lag in offsets, since start").press("t").shows("lag in offsets, 5 min");
}

#[test]
fn a_rebalance_is_marked_and_a_step_back_too() {
    let mut s = asked(160, 45);
    falls_behind(&mut s, 60);
    s.hides("┆").hides("«");
    let mut moving = at_rates(13);
    moving.group.state = S::PreparingRebalance;
    read(&mut s, 1, moving).shows("┆ rebalance").hides("«");
    s.wait(5_000);
    let back = vec![partition("orders", 0, 0, 1_002_400, Some(900_000))];
    read(&mut s, 1, billing(back)).shows("« moved back");
}

#[test]
fn what_was_unknown_is_a_gap_and_what_was_partly_known_a_bound() {
    let mut s = asked(160, 45);
    falls_behind(&mut s, 60);
    s.hides("▒");
    let half = vec![partition("orders", 0, 0, 1_002_400, Some(1_001_700)), unknown("orders", 1, "no leader")];
    read(&mut s, 1, billing(half)).shows("▒ ≥, not all known");
    let mut s = asked(160, 45);
    falls_behind(&mut s, 60);
    s.wait(60_000);
    falls_behind(&mut s, 30);
    let lowest = chart(&s).into_iter().find(|row| row.starts_with("0 ┤")).expect("the lowest row");
    let bars: Vec<&str> =
        lowest.split_whitespace().filter(|word| word.starts_with(['█', '▁', '▂', '▃', '▄'])).collect();
    assert!(bars.len() >= 2, "no gap: {lowest}");
}

#[test]
fn the_head_says_where_it_goes_since_when_and_at_which_rates() {
    let mut s = asked(160, 45);
    falls_behind(&mut s, 120);
    s.shows("in 20/s · out 10/s · not catching up").shows("falling behind since 14:0");
    assert!(words(&s, "│ orders").contains(" 20 10 falling behind billing-0 @ 10.0.0.4"), "{}", s.screen());
}

#[test]
fn one_that_stands_still_is_stuck_and_its_offset_is_named() {
    let mut s = asked(160, 45);
    let stuck = |i: i64| PartitionLag { owner: Some(0), ..partition("orders", 3, 0, 1_000 + i, Some(812)) };
    for i in 0..40 {
        read(&mut s, 1, billing(vec![stuck(i)])).wait(5_000);
    }
    s.shows("stuck at orders/3@812 since").shows("stuck at 812");
}

#[test]
fn an_open_transaction_is_no_alarm_and_named() {
    let mut s = asked(160, 45);
    let held = PartitionLag { stable_end: Some(1_020), ..partition("orders", 0, 790, 1_041, Some(1_020)) };
    read(&mut s, 1, billing(vec![held])).shows("STABLE").shows("21 held back by a transaction");
    s.shows("Stable end 1,020: 21 offsets held back by an open transaction.");
    let free = PartitionLag { stable_end: Some(1_041), ..partition("orders", 0, 790, 1_041, Some(1_020)) };
    read(&mut s, 1, billing(vec![free])).hides("STABLE").hides("held back");
}

/// A transactional topic rests at lag 1 for ever: its last offset is the commit marker.
#[test]
fn a_transaction_marker_is_no_alarm_either() {
    let mut s = asked(160, 45);
    read(&mut s, 1, billing(vec![partition("orders", 0, 0, 11, Some(10))])).hides("marker");
    let at = s.now();
    let looked = UnreadRead { topic: "orders".into(), partition: 0, from: 10, began: at, record: Ok(None) };
    s.hear(Event::UnreadRead { reads: vec![looked], at });
    s.shows("1 behind: transaction marker").shows("Lag 1 offset: at most 1 record. 1 behind:");
}
