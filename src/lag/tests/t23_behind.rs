//! Time behind: the record's own age, a bound, an estimate between own samples, and never more than is known.
use super::{
    at,
    film::{NOON, owned, time},
    partition,
};
use crate::{
    failure::Failure,
    lag::{Behind, History, PartitionLag, Unread, UnreadRead, ends::Ends},
};
use std::time::Duration;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn table(points: &[(i64, i64)]) -> Ends {
    let mut ends = Ends::default();
    points.iter().for_each(|(end, at)| ends.push(*end, *at));
    ends
}

#[test]
fn t23_interpolation_table() {
    for (case, points, offset, written) in [
        ("no point", &[][..], 100, None),
        ("one point", &[(100, 0)], 100, None),
        ("one point, below", &[(100, 0)], 50, None),
        ("between two points", &[(100, 0), (200, 10_000)], 150, Some(5_000)),
        ("on the first point", &[(100, 0), (200, 10_000)], 100, Some(0)),
        ("below the table", &[(100, 0), (200, 10_000)], 99, None),
        ("on the last point", &[(100, 0), (200, 10_000)], 200, None),
        ("beyond the last point", &[(100, 0), (200, 10_000)], 201, None),
        ("flat", &[(100, 0), (100, 10_000)], 100, None),
        ("flat, then more", &[(100, 0), (100, 5_000), (100, 90_000), (200, 100_000)], 150, Some(95_000)),
        ("the record after a flat", &[(100, 0), (100, 90_000), (200, 100_000)], 100, Some(90_000)),
        ("the last record before a flat", &[(0, 0), (100, 10_000), (100, 90_000), (200, 95_000)], 99, Some(9_900)),
        ("made anew", &[(100, 0), (200, 10_000), (50, 20_000)], 150, None),
        ("made anew, then between", &[(900, 0), (0, 10_000), (100, 20_000)], 50, Some(15_000)),
        ("equal times: the newer is ignored", &[(100, 0), (150, 0), (200, 10_000)], 150, Some(5_000)),
        ("an earlier time is ignored", &[(100, 5_000), (150, 0), (200, 15_000)], 150, Some(10_000)),
    ] {
        assert_eq!(table(points).written(offset), written, "{case}");
    }
}

/// Points are dropped where a straight line tells them anyway: the oldest stays, and so do the bends.
#[test]
fn t23_a_long_table_keeps_its_bends() {
    let mut ends = Ends::default();
    (0..100).for_each(|n| ends.push(n * 100, n * 1_000));
    ends.push(9_900, 3_600_000);
    (1..100).for_each(|n| ends.push(9_900 + n * 10, 3_600_000 + n * 1_000));
    assert!(ends.len() <= 15);
    assert_eq!(ends.written(50), Some(500));
    assert_eq!(ends.written(5_000), Some(50_000));
    assert_eq!(ends.written(9_900), Some(3_600_000), "not in the hour of rest");
    assert_eq!(ends.written(9_950), Some(3_605_000));
}

/// The product of two spans did not fit, and a stranger's offsets ended the program.
#[test]
fn t23_samples_as_far_apart_as_numbers_go_have_times_between_them() {
    let ends = table(&[(i64::MIN, i64::MIN), (i64::MAX, i64::MAX)]);
    for (offset, written) in [(i64::MIN, i64::MIN), (0, 0), (i64::MAX - 1, i64::MAX - 1)] {
        assert_eq!(ends.written(offset), Some(written));
    }
    let at = table(&[(-2, i64::MIN), (i64::MAX, i64::MAX)]).written(i64::MAX - 1);
    assert!(at.is_some());
}

proptest::proptest! {
    #[test]
    fn t23_an_estimate_never_leaves_the_samples(points: Vec<(i64, i64)>, offset: i64) {
        let times: Vec<_> = points.iter().map(|point| point.1).collect();
        if let Some(at) = table(&points).written(offset) {
            proptest::prop_assert!(times.iter().any(|t| *t <= at) && times.iter().any(|t| *t >= at));
        }
    }

    #[test]
    fn t35_hostile_timestamps_make_no_negative_age(timestamp: Option<i64>, now in -1_000_000_000_000i64..9_000_000_000_000) {
        let mut history = History::default();
        history.sample(&owned(vec![at(0, 100, 50)], now));
        history.unread(&UnreadRead { began: time(now + 20), ..read(50, 50, timestamp) });
        let behind = history.behind(time(now + 30));
        proptest::prop_assert!(!behind.phrase().contains('-'), "{}", behind.phrase());
        proptest::prop_assert!(timestamp.is_some() || behind == Behind::Unknown);
    }
}

fn read(from: i64, offset: i64, timestamp: Option<i64>) -> UnreadRead {
    let record = Ok(Some(Unread { offset, timestamp, append: false }));
    UnreadRead { topic: "orders".into(), partition: 0, from, began: time(NOON + 50), record }
}

/// One partition, sampled at noon, its record looked for a little later, asked a minute after noon.
fn asked(row: PartitionLag, read: Option<UnreadRead>) -> Behind {
    let mut history = History::default();
    history.sample(&owned(vec![row], NOON));
    read.into_iter().for_each(|read| history.unread(&read));
    history.behind(time(NOON + 60_000))
}

#[test]
fn t23_each_case_has_its_word() {
    let row = || at(790, 1_041, 812);
    let exact = |age, append| Behind::Exact { age: secs(age), append };
    let broker = Unread { offset: 812, timestamp: Some(NOON), append: true };
    let by_broker = UnreadRead { record: Ok(Some(broker)), ..read(812, 812, None) };
    let nothing = UnreadRead { record: Ok(None), ..read(812, 812, None) };
    let failed = UnreadRead { record: Err(Failure::default()), ..nothing.clone() };
    for (case, row, read, told) in [
        ("lag 0", at(0, 9, 9), None, Behind::CaughtUp),
        ("not read", row(), None, Behind::Unknown),
        ("the producer's clock", row(), Some(read(812, 812, Some(NOON - 74_000))), exact(134, false)),
        ("the broker's clock", row(), Some(by_broker), exact(60, true)),
        ("a marker stands between", row(), Some(read(812, 815, Some(NOON))), exact(60, false)),
        ("no timestamp", row(), Some(read(812, 812, None)), Behind::Unknown),
        (
            "in the future",
            row(),
            Some(read(812, 812, Some(NOON + 3 * 3_600_000 + 60_000))),
            Behind::Skewed(secs(10_800)),
        ),
        ("half a second in the future", row(), Some(read(812, 812, Some(NOON + 60_500))), exact(0, false)),
        ("nothing readable is left", row(), Some(nothing), Behind::CaughtUp),
        ("the read failed", row(), Some(failed), Behind::Unknown),
        ("a record from before the look", row(), Some(read(812, 700, Some(NOON))), Behind::Unknown),
        ("the commit moved on since", row(), Some(read(800, 800, Some(NOON))), Behind::Estimated(secs(60))),
        ("it moved, but not past the record", row(), Some(read(800, 812, Some(NOON))), exact(60, false)),
        ("another group's, further on", row(), Some(read(900, 900, Some(NOON))), Behind::Unknown),
        (
            "lost",
            at(790, 1_041, 700),
            Some(read(790, 790, Some(NOON))),
            Behind::AtLeast { age: secs(60), append: false },
        ),
        ("ahead", at(0, 5, 9), None, Behind::CaughtUp),
        ("no commit", partition(Some(0), Some(9), None), None, Behind::Unknown),
        ("no end", partition(Some(0), None, Some(9)), None, Behind::Unknown),
    ] {
        assert_eq!(asked(row, read), told, "{case}");
    }
}

#[test]
fn t23_between_own_samples_it_is_an_estimate() {
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 100, 50)], NOON - 10));
    history.sample(&owned(vec![at(0, 200, 50)], NOON + 9_990));
    assert_eq!(history.behind(time(NOON + 60_000)), Behind::Unknown, "before the first sample: never extrapolated");
    history.sample(&owned(vec![at(0, 300, 150)], NOON + 19_990));
    assert_eq!(history.behind(time(NOON + 65_000)), Behind::Estimated(secs(60)));
}

/// New records after a look that found none: nobody knows yet whether they are markers.
#[test]
fn t23_a_look_that_found_nothing_counts_up_to_its_end_only() {
    let mut history = History::default();
    let nothing = UnreadRead { record: Ok(None), ..read(10, 10, None) };
    history.sample(&owned(vec![at(0, 11, 10)], NOON));
    history.unread(&nothing);
    assert_eq!(history.behind(time(NOON + 100)), Behind::CaughtUp);
    history.sample(&owned(vec![at(0, 12, 10)], NOON + 10_000));
    assert_ne!(history.behind(time(NOON + 10_100)), Behind::CaughtUp);
    // And a look that began before that sample does not vouch for its end.
    history.unread(&UnreadRead { began: time(NOON + 9_000), ..nothing.clone() });
    assert_ne!(history.behind(time(NOON + 10_100)), Behind::CaughtUp);
    history.unread(&UnreadRead { began: time(NOON + 10_050), ..nothing });
    assert_eq!(history.behind(time(NOON + 10_100)), Behind::CaughtUp);
}

/// What is remembered is told again and again: told anew, it used to vouch for an end that came after it, or to forget the
/// end that it vouched for.
#[test]
fn t23_a_look_that_is_told_again_says_what_it_said() {
    let nothing = UnreadRead { record: Ok(None), ..read(10, 10, None) };
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 11, 10)], NOON));
    history.unread(&nothing);
    history.sample(&owned(vec![at(0, 11, 10)], NOON + 2_000));
    history.unread(&nothing);
    assert_eq!(history.behind(time(NOON + 2_100)), Behind::CaughtUp);
    history.sample(&owned(vec![at(0, 12, 10)], NOON + 4_000));
    history.unread(&nothing);
    assert_ne!(history.behind(time(NOON + 4_100)), Behind::CaughtUp);
    let mut late = History::default();
    late.sample(&owned(vec![at(0, 12, 10)], NOON + 4_000));
    late.unread(&nothing);
    assert_eq!(late.behind(time(NOON + 4_100)), Behind::Unknown, "it began before there was an end to vouch for");
}

/// All groups of a topic showed the age of the record that the first of them reads next.
#[test]
fn t23_of_the_looks_of_all_groups_a_group_takes_the_nearest_at_or_before_its_place() {
    let looks = [(282, 900), (150, 1_000), (700, 5), (281, 950), (1_040, 1)];
    for turn in 0..looks.len() {
        let mut history = History::default();
        history.sample(&owned(vec![at(0, 1_041, 282)], NOON));
        for (from, age) in looks.iter().cycle().skip(turn).take(looks.len()) {
            history.unread(&read(*from, *from, Some(NOON - age * 1_000)));
        }
        assert_eq!(history.behind(time(NOON)), Behind::Exact { age: secs(900), append: false }, "{turn}");
    }
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 1_041, 900)], NOON));
    for (from, age) in looks {
        history.unread(&read(from, from, Some(NOON - age * 1_000)));
    }
    assert_eq!(history.behind(time(NOON)), Behind::Estimated(secs(5)), "at most as old as one it has passed");
}

#[test]
fn t23_after_a_step_back_the_record_of_before_is_a_bound() {
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 1_041, 900)], NOON));
    history.unread(&read(900, 900, Some(NOON)));
    history.sample(&owned(vec![at(0, 1_041, 812)], NOON + 2_000));
    assert_eq!(history.behind(time(NOON + 60_000)), Behind::AtLeast { age: secs(60), append: false });
    history.unread(&read(812, 812, Some(NOON - 60_000)));
    assert_eq!(history.behind(time(NOON + 60_000)), Behind::Exact { age: secs(120), append: false });
}

#[test]
fn t23_a_group_is_as_its_oldest_record_and_a_bound_until_all_were_read() {
    let rows = || {
        vec![
            at(0, 100, 50),
            PartitionLag { partition: 1, ..at(0, 100, 60) },
            PartitionLag { partition: 2, ..at(0, 9, 9) },
        ]
    };
    let mut history = History::default();
    history.sample(&owned(rows(), NOON));
    assert_eq!(history.behind(time(NOON)), Behind::Unknown);
    history.unread(&read(50, 50, Some(NOON - 10_000)));
    assert_eq!(history.behind(time(NOON)), Behind::AtLeast { age: secs(10), append: false });
    history.unread(&UnreadRead { partition: 1, ..read(60, 60, Some(NOON - 30_000)) });
    assert_eq!(history.behind(time(NOON)), Behind::Exact { age: secs(30), append: false });
    let unread = history.partition("orders", 1).map(|course| (course.unread().copied(), course.unread_from()));
    assert_eq!(unread, Some((Some(Unread { offset: 60, timestamp: Some(NOON - 30_000), append: false }), Some(60))));
    // A partition that cannot be read may hold something older.
    let unknown = PartitionLag { partition: 3, ..partition(Some(0), None, Some(3)) };
    history.sample(&owned(rows().into_iter().chain([unknown]).collect(), NOON + 2_000));
    assert_eq!(history.behind(time(NOON)), Behind::AtLeast { age: secs(30), append: false });
}

#[test]
fn t23_ages_sort_by_age_and_what_is_unknown_comes_first() {
    let exact = |age| Behind::Exact { age: secs(age), append: false };
    let mut all = [exact(90), Behind::Estimated(secs(30)), Behind::Unknown, exact(5), Behind::CaughtUp];
    all.sort();
    assert_eq!(all, [Behind::Unknown, Behind::CaughtUp, exact(5), Behind::Estimated(secs(30)), exact(90)]);
}

#[test]
fn t23_phrases_say_how_sure_they_are() {
    let age = secs(134);
    for (behind, phrase) in [
        (Behind::CaughtUp, "caught up"),
        (Behind::Exact { age, append: false }, "2m 14s"),
        (Behind::AtLeast { age, append: true }, "≥ 2m 14s"),
        (Behind::Estimated(age), "~ 2m 14s"),
        (Behind::Skewed(secs(10_800)), "clock skew +3h 00m"),
        (Behind::Unknown, "?"),
    ] {
        assert_eq!(behind.phrase(), phrase);
    }
}
