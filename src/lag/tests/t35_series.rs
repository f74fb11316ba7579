//! The bins of a chart and the rows of a file.
use super::{
    at,
    film::{Film, NOON, empty, member, owned, time, told},
    partition,
};
use crate::{
    group::GroupState,
    lag::{Bin, History, PartitionLag, Window},
};
use std::time::Duration;

const MINUTE: i64 = 60_000;

fn lags(bins: &[Bin]) -> Vec<Option<i64>> {
    bins.iter().map(|bin| bin.lag).collect()
}

#[test]
fn t35_five_minutes_are_sixty_bins_up_to_now() {
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 100, 90)], NOON));
    history.sample(&owned(vec![at(0, 150, 90)], NOON + 5_000));
    let bins = history.series().bins(Window::FiveMinutes, time(NOON + 9_000));
    assert_eq!(bins.len(), 60);
    assert_eq!(lags(&bins[57..]), [None, Some(10), Some(60)]);
    assert_eq!(bins[59].at, time(NOON + 5_000));
    let rates: Vec<_> = bins[58..].iter().map(|bin| bin.arriving).collect();
    assert_eq!(rates, [Some(10.0), Some(10.0)]);
}

#[test]
fn t35_a_sample_every_ten_seconds_leaves_no_holes_and_a_sleep_does() {
    let mut history = History::default();
    let film = Film::new(100, 50, 10_000);
    film.play(&mut history, 0, 2 * MINUTE);
    film.play(&mut history, 4 * MINUTE, 5 * MINUTE);
    let bins = history.series().bins(Window::FiveMinutes, time(NOON + 5 * MINUTE - 1));
    let known: Vec<_> = bins.iter().map(|bin| bin.lag.is_some()).collect();
    assert!(known[..23].iter().all(|known| *known), "{known:?}");
    assert!(known[24..48].iter().all(|known| !known), "{known:?}");
    assert!(known[48..].iter().all(|known| *known), "{known:?}");
}

#[test]
fn t35_what_is_unknown_is_a_hole_and_a_bound_says_so() {
    let mut history = History::default();
    history.sample(&owned(vec![partition(Some(0), None, Some(3))], NOON));
    history.sample(&owned(vec![at(0, 10, 4), PartitionLag { partition: 1, end: None, ..at(0, 0, 3) }], NOON + 5_000));
    let bins = history.series().bins(Window::FiveMinutes, time(NOON + 5_000));
    assert_eq!((bins[58].lag, bins[59].lag, bins[59].exact), (None, Some(6), false));
    let unknown: Vec<_> = bins[57..].iter().map(|bin| bin.unknown).collect();
    assert_eq!(unknown, [false, true, false], "asked and not known is not the same as not asked");
    history.sample(&owned(vec![partition(Some(0), None, Some(3))], NOON + 7_000));
    let last = history.series().bins(Window::FiveMinutes, time(NOON + 7_000)).pop().expect("a bin");
    assert_eq!(last.lag, Some(6), "the last known in it");
}

#[test]
fn t35_rebalances_and_rewinds_are_marked() {
    let mut history = History::default();
    let rows = |committed| vec![PartitionLag { owner: Some(0), ..at(0, 900, committed) }];
    let mut sample = |n: i64, state, by: &str, committed| {
        history.sample(&told(state, vec![member(by)], rows(committed), NOON + n * 5_000));
    };
    sample(0, GroupState::Stable, "a", 500);
    sample(1, GroupState::Stable, "a", 600);
    sample(2, GroupState::PreparingRebalance, "a", 600);
    sample(3, GroupState::Stable, "a", 600);
    sample(4, GroupState::Stable, "b", 600);
    sample(5, GroupState::Stable, "b", 100);
    let bins = history.series().bins(Window::FiveMinutes, time(NOON + 25_010));
    let marks: Vec<_> = bins[54..].iter().map(|bin| (bin.rebalanced, bin.rewound)).collect();
    let none = (false, false);
    assert_eq!(marks, [none, none, (true, false), none, (true, false), (false, true)]);
    assert_eq!(bins[59].reading, None, "a step back is in no rate");
    assert_eq!(bins[59].members, Some(1));
}

#[test]
fn t35_the_session_doubles_its_bins_and_never_keeps_more_than_it_may() {
    let mut history = History::default();
    for n in 0..8 * 360 {
        history.sample(&owned(vec![at(0, 1_000 + n, 1_000)], NOON + n * 10_000));
    }
    let now = time(NOON + 8 * 3_600_000);
    let bins = history.series().bins(Window::Session, now);
    assert!((60..=120).contains(&bins.len()), "{}", bins.len());
    assert!(bins.iter().all(|bin| bin.width == bins[0].width));
    assert!(bins.windows(2).all(|pair| pair[0].at + pair[0].width == pair[1].at), "without a gap");
    assert!(bins[0].at <= time(NOON) && bins.windows(2).all(|pair| pair[0].lag < pair[1].lag));
    assert_eq!(bins.last().and_then(|bin| bin.lag), Some(8 * 360 - 1));
    assert!(bins.iter().skip(1).all(|bin| bin.arriving.is_some_and(|rate| (rate - 0.1).abs() < 1e-3)));
    let hour = history.series().bins(Window::Hour, now);
    assert_eq!((hour.len(), hour[0].width), (60, Duration::from_secs(60)));
}

#[test]
fn t35_a_file_tells_every_time_once_in_utc_older_ones_coarser() {
    let mut history = History::default();
    for n in 0..8 * 360 {
        history.sample(&owned(vec![at(0, 1_000 + n, 1_000)], NOON + n * 10_000));
    }
    let csv = history.series().csv();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("time,width_s,lag,exact,arriving,reading,members,state,rebalanced,rewound"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let begins: Vec<jiff::Timestamp> = rows.iter().map(|row| row[0].parse().expect("a time")).collect();
    let widths: Vec<i64> = rows.iter().map(|row| row[1].parse().expect("seconds")).collect();
    for (pair, width) in begins.windows(2).zip(&widths) {
        assert_eq!(pair[1].duration_since(pair[0]).as_secs(), *width, "no time twice, none left out");
    }
    assert!(widths.is_sorted_by(|a, b| a >= b) && widths.contains(&60) && widths.ends_with(&[5]));
    assert!(rows[0][0].ends_with('Z') && rows.iter().all(|row| row.len() == 10));
    assert_eq!(rows.last().map(|row| row[2..].join(",")), Some("2879,true,0.1,0.0,1,stable,false,false".into()));
}

#[test]
fn t35_a_day_with_a_change_of_clocks_is_as_long_as_any_other() {
    // 2026-10-25 01:00 UTC: clocks in Europe go back an hour. Samples are in UTC and see nothing of it.
    let change = 1_792_890_000_000;
    let mut history = History::default();
    (-30..30).for_each(|n| history.sample(&empty(vec![at(0, 100, 50)], change + n * 10_000)));
    let bins = history.series().bins(Window::FiveMinutes, time(change + 290_000));
    assert!(bins.iter().skip(2).all(|bin| bin.lag == Some(50)), "{:?}", lags(&bins));
}
