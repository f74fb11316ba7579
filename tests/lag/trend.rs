//! What changes over minutes: a consumer that stops, one that is too slow, numbers that grow old.
use super::*;
use kafscope::lag::{Unread, UnreadRead};

/// `orders` p3 at these offsets, owned by the first member where there is one.
fn told(members: usize, end: i64, committed: i64) -> GroupLag {
    let state = if members > 0 { S::Stable } else { S::Empty };
    let owner = (members > 0).then_some(0);
    lag("billing", state, members, vec![PartitionLag { owner, ..partition("orders", 3, 0, end, Some(committed)) }])
}

/// A reading every two seconds for so long.
fn watch(s: &mut Screen, seconds: i64, mut reading: impl FnMut(i64) -> GroupLag) {
    for second in (0..seconds).step_by(2) {
        s.wait(2_000).hear_lag(vec![reading(second)]);
    }
}

#[track_caller]
fn status(s: &Screen) -> String {
    cells(s, "│ billing").pop().unwrap_or_default()
}

#[test]
fn a_consumer_stopped_by_hand_is_seen_as_stopped() {
    let mut s = wide(vec![told(2, 1_000, 1_000)]);
    watch(&mut s, 60, |t| told(2, 1_000 + t * 10, 1_000 + t * 10));
    assert_eq!(status(&s), "ok");
    watch(&mut s, 180, |t| told(0, 1_600 + t * 10, 1_580));
    assert_eq!(status(&s), "stopped");
    assert_eq!(cells(&s, "│ billing")[6], "–", "nobody reads: there is nothing to expect");
}

#[test]
fn a_consumer_that_hangs_is_stuck_at_its_record_and_b_opens_it() {
    let mut s = wide(vec![told(2, 1_000, 1_000)]);
    watch(&mut s, 60, |t| told(2, 1_000 + t * 10, 1_000 + t * 10));
    watch(&mut s, 180, |t| told(2, 1_600 + t * 10, 1_580));
    assert_eq!(status(&s), "stuck at p3@1580");
    s.sent();
    s.press("b");
    let from =
        s.sent().into_iter().find_map(|c| if let Command::OpenTail { from, .. } = c { Some(from) } else { None });
    assert_eq!(from, Some(kafscope::place::Where::Offsets([(3, 1_580)].into())));
}

#[test]
fn a_stuck_record_of_another_topic_names_it() {
    let mut s = wide(vec![told(2, 1_000, 1_000)]);
    watch(&mut s, 60, |t| told(2, 1_000 + t * 10, 1_000 + t * 10));
    watch(&mut s, 180, |t| told(2, 1_600 + t * 10, 1_580));
    s.press("1 j <enter>").shows("groups on payments first").shows("stuck at orders p3@1580");
}

#[test]
fn a_slow_consumer_is_seen_as_falling_behind() {
    let mut s = wide(vec![told(2, 1_000, 1_000)]);
    watch(&mut s, 180, |t| told(2, 1_000 + t * 100, 1_000 + t * 60));
    assert_eq!((status(&s).as_str(), cells(&s, "│ billing")[6].as_str()), ("falling behind", "never"));
}

#[test]
fn one_that_catches_up_is_ok_and_says_when_it_will_be_done() {
    let mut s = wide(vec![told(2, 10_000, 0)]);
    watch(&mut s, 60, |t| told(2, 10_000, t * 50));
    let row = cells(&s, "│ billing");
    assert_eq!((row[7].as_str(), row[6].as_str()), ("ok", "2m 22s"), "{row:?}");
}

#[test]
fn a_group_that_rebalances_is_neither_stuck_nor_stopped() {
    let mut s = wide(vec![told(2, 1_000, 900)]);
    watch(&mut s, 180, |_| GroupLag { group: group("billing", S::PreparingRebalance), ..told(2, 1_000, 900) });
    assert_eq!(status(&s), "rebalancing");
}

fn unread(s: &mut Screen, seconds_ago: i64) -> &mut Screen {
    let timestamp = Some(s.now().as_millisecond() - seconds_ago * 1_000);
    let record = Ok(Some(Unread { offset: 900, timestamp, append: false }));
    let at = s.now();
    let read = UnreadRead { topic: "orders".into(), partition: 3, from: 900, began: at, record };
    s.hear(Event::UnreadRead { reads: vec![read], at })
}

#[test]
fn time_behind_is_the_age_of_the_oldest_unread_record() {
    let mut s = wide(vec![told(2, 1_000, 900)]);
    assert_eq!(cells(&s, "│ billing")[5], "?");
    unread(&mut s, 134);
    assert_eq!(cells(&s, "│ billing")[5], "2m 14s");
    unread(s.wait(1), -10_800);
    assert_eq!(cells(&s, "│ billing")[5], "skewed");
    s.press("j").shows("clock skew +3h 00m");
}

/// Every group on a partition was told the record of every other.
#[test]
fn a_group_hears_only_of_the_record_that_it_reads_next() {
    let mut s = wide(vec![told(2, 1_000, 900)]);
    let at = s.now();
    let record = Ok(Some(Unread { offset: 880, timestamp: Some(at.as_millisecond() - 90_000), append: false }));
    let read = UnreadRead { topic: "orders".into(), partition: 3, from: 880, began: at, record };
    s.hear(Event::UnreadRead { reads: vec![read], at });
    assert_eq!(cells(&s, "│ billing")[5], "?", "another group stands there");
    unread(&mut s, 134);
    assert_eq!(cells(&s, "│ billing")[5], "2m 14s");
}

#[test]
fn numbers_older_than_two_rounds_say_their_age() {
    let mut s = wide(vec![behind("billing", "orders", 5)]);
    s.wait(5_000).hides(" old").wait(7_000).shows("12 s old · observing…");
    s.hear_lag(vec![behind("billing", "orders", 5)]).hides(" old · ");
}

/// Groups that are not on the screen are read by the sweep: their numbers are as old as that takes.
#[test]
fn rows_that_come_into_view_are_as_old_as_the_sweep_allows() {
    let mut s = wide(vec![behind("billing", "orders", 5)]);
    for _ in 0..3 {
        s.wait(20_000).hear_lag(vec![behind("billing", "orders", 5)]);
    }
    s.wait(20_000).hides(" old · ").wait(40_000).shows("1m 00s old · ");
}

#[test]
fn the_line_shows_only_what_was_seen() {
    let mut s = wide(vec![behind("billing", "orders", 0)]);
    for step in 1..60 {
        s.wait(5_000);
        match step {
            20..32 => s.hear_lag(vec![lag("billing", S::Stable, 1, vec![unknown("orders", 0, "no leader")])]),
            40..52 => &mut s,
            _ => s.hear_lag(vec![behind("billing", "orders", step * 10)]),
        };
    }
    s.shows(" ▁▂▂··▄▅ ▇▇ ");
}
