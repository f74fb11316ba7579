use super::*;
use crate::reset::Target;
use proptest::{
    prelude::{Just, any, prop_assert, prop_oneof, proptest},
    strategy::Strategy as _,
};

const TIME: Strategy = Strategy::Time(0);

fn failure() -> Failure {
    Failure::new("asking", "the partition has no leader now", "")
}

/// A partition with these bounds and commit; nothing is as new as the time that is asked for.
fn known(start: i64, end: i64, old: Option<i64>) -> Known {
    let (start, end) = (Ok(start), Ok(end));
    Known { topic: "orders".into(), partition: 3, old: Ok(old), since: Some(Ok(-1)), start, end }
}

fn step(strategy: &Strategy, known: Known) -> Move {
    moves(strategy, vec![known]).remove(0)
}

fn new(strategy: &Strategy, known: Known) -> (Option<i64>, Option<i64>) {
    let step = step(strategy, known);
    (step.new.unwrap(), step.clamped)
}

/// In range, below the start, above the end, without a commit, and an empty partition.
fn five() -> [Known; 5] {
    [
        known(100, 1_000, Some(400)),
        known(100, 1_000, Some(40)),
        known(100, 1_000, Some(1_040)),
        known(100, 1_000, None),
        known(100, 100, Some(100)),
    ]
}

#[track_caller]
fn lands(strategy: &Strategy, expected: [(i64, Option<i64>); 5]) {
    let landed = five().map(|known| new(strategy, known));
    assert_eq!(landed, expected.map(|(offset, clamped)| (Some(offset), clamped)), "{strategy:?}");
}

#[test]
fn t24_to_the_start_and_to_the_end_look_at_no_commit() {
    lands(&Strategy::Earliest, [(100, None); 5]);
    lands(&Strategy::Latest, [(1_000, None), (1_000, None), (1_000, None), (1_000, None), (100, None)]);
}

/// The tool leaves a commit outside the range as it is; without one it takes the end.
#[test]
fn t24_to_current_stays_and_takes_the_end_without_a_commit() {
    lands(&Strategy::Current, [(400, None), (40, None), (1_040, None), (1_000, None), (100, None)]);
}

#[test]
fn t24_an_offset_is_moved_inside_and_flagged() {
    lands(&Strategy::Offset(400), [(400, None), (400, None), (400, None), (400, None), (100, Some(400))]);
    lands(&Strategy::Offset(99), [(100, Some(99)); 5]);
    lands(&Strategy::Offset(-7), [(100, Some(-7)); 5]);
    let high = Some(1_001);
    lands(&Strategy::Offset(1_001), [(1_000, high), (1_000, high), (1_000, high), (1_000, high), (100, high)]);
    for edge in [100, 1_000] {
        assert_eq!(new(&Strategy::Offset(edge), known(100, 1_000, None)), (Some(edge), None));
    }
}

#[test]
fn t24_a_shift_begins_at_the_commit_even_outside_the_range() {
    let shifted = |by, old| new(&Strategy::ShiftBy(by), known(100, 1_000, Some(old)));
    assert_eq!(shifted(100, 400), (Some(500), None));
    assert_eq!(shifted(-100, 400), (Some(300), None));
    assert_eq!(shifted(-400, 400), (Some(100), Some(0)));
    assert_eq!(shifted(601, 400), (Some(1_000), Some(1_001)));
    assert_eq!(shifted(70, 40), (Some(110), None), "below the start, and shifted into the range");
    assert_eq!(shifted(10, 40), (Some(100), Some(50)));
    assert_eq!(shifted(-50, 1_040), (Some(990), None), "above the end, and shifted into the range");
    assert_eq!(shifted(i64::MAX, 400), (Some(1_000), Some(i64::MAX)));
    assert_eq!(shifted(i64::MIN, -1), (Some(100), Some(i64::MIN)));
    assert_eq!(new(&Strategy::ShiftBy(5), known(100, 100, Some(100))), (Some(100), Some(105)));
}

#[test]
fn t24_a_shift_without_a_commit_is_an_error_of_its_partition() {
    let why = step(&Strategy::ShiftBy(5), known(100, 1_000, None)).new.unwrap_err();
    assert!(why.to_string().contains("partition 3 of topic orders: the group has no commit there"), "{why}");
}

#[test]
fn t24_a_time_is_the_first_record_that_new_or_the_end_with_a_word() {
    let found = Known { since: Some(Ok(640)), ..known(100, 1_000, None) };
    assert_eq!(new(&TIME, found), (Some(640), None));
    for (known, end) in five().into_iter().zip([1_000, 1_000, 1_000, 1_000, 100]) {
        let step = step(&TIME, known);
        assert_eq!((step.new, step.nothing_since), (Ok(Some(end)), true));
    }
    let passed = Known { since: Some(Ok(90)), ..known(100, 1_000, None) };
    assert_eq!(new(&TIME, passed), (Some(100), Some(90)), "retention passed it between two answers");
    assert!(step(&TIME, Known { since: Some(Err(failure())), ..known(0, 9, None) }).new.is_err());
}

#[test]
fn t24_a_file_is_moved_inside_and_may_delete_a_commit() {
    let file = |offset| Strategy::File(vec![Target { topic: "orders".into(), partition: 3, offset }]);
    lands(&file(Some(400)), [(400, None), (400, None), (400, None), (400, None), (100, Some(400))]);
    lands(&file(Some(1)), [(100, Some(1)); 5]);
    for known in five() {
        assert_eq!(new(&file(None), known), (None, None));
    }
    let other = Strategy::File(vec![Target { topic: "orders".into(), partition: 4, offset: Some(7) }]);
    assert!(step(&other, known(0, 9, None)).new.is_err());
}

/// An undo put a commit that had been lost or ahead somewhere else than where it stood.
#[test]
fn an_undo_puts_back_exactly_what_stood_there_and_says_where_that_lies() {
    let back = |offset| Strategy::Undo(vec![Target { topic: "orders".into(), partition: 3, offset }]);
    // What a reader would skip or read again lies inside of the partition, wherever the commit stands.
    for (offset, outside, again, skipped) in
        [(40, Some("below the start"), 400, 0), (1_040, Some("beyond the end"), 0, 500), (400, None, 100, 0)]
    {
        let step = step(&back(Some(offset)), known(100, 1_000, Some(500)));
        assert_eq!((step.new.clone(), step.clamped, step.outside()), (Ok(Some(offset)), None, outside));
        assert_eq!((step.read_again(), step.skipped()), (again, skipped));
    }
    assert_eq!(new(&back(None), known(100, 1_000, Some(500))), (None, None));
    assert!(step(&back(Some(5)), Known { old: Err(failure()), ..known(0, 9, None) }).new.is_err());
}

/// The tool takes the number as it is when the end cannot be read; we do not write what we did not see.
#[test]
fn t24_what_cannot_be_read_is_not_moved() {
    let all = [Strategy::Offset(5), Strategy::ShiftBy(1), TIME, Strategy::Latest];
    for strategy in &all {
        let blind = Known { end: Err(failure()), ..known(0, 9, Some(4)) };
        assert_eq!(step(strategy, blind).new, Err(failure()), "{strategy:?}");
    }
    for strategy in all.iter().chain([&Strategy::Earliest, &Strategy::Current]) {
        let untold = Known { old: Err(failure()), ..known(0, 9, None) };
        assert_eq!(step(strategy, untold).new, Err(failure()), "{strategy:?}");
    }
    assert!(step(&Strategy::Earliest, Known { end: Err(failure()), ..known(2, 9, None) }).new.is_ok());
}

#[test]
fn a_move_counts_what_is_skipped_and_what_is_read_again() {
    let told = |strategy: &Strategy, old| {
        let step = step(strategy, known(100, 1_000, old));
        (step.delta(), step.skipped(), step.read_again(), step.lost(), step.ahead())
    };
    assert_eq!(told(&Strategy::Latest, Some(400)), (Some(600), 600, 0, 0, 0));
    assert_eq!(told(&Strategy::Earliest, Some(400)), (Some(-300), 0, 300, 0, 0));
    // What retention took cannot be skipped, and what a topic made anew has not cannot be read again.
    assert_eq!(told(&Strategy::Offset(150), Some(40)), (Some(110), 50, 0, 60, 0));
    assert_eq!(told(&Strategy::Offset(900), Some(1_040)), (Some(-140), 0, 100, 0, 40));
    assert_eq!(told(&Strategy::Latest, None), (None, 0, 0, 0, 0));
}

fn offsets() -> impl proptest::strategy::Strategy<Value = (i64, i64)> {
    (0..i64::MAX, 0..i64::MAX).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

fn any_strategy() -> impl proptest::strategy::Strategy<Value = Strategy> {
    let file = |offset| Strategy::File(vec![Target { topic: "orders".into(), partition: 3, offset: Some(offset) }]);
    prop_oneof![
        Just(Strategy::Earliest),
        Just(Strategy::Latest),
        any::<i64>().prop_map(Strategy::Offset),
        any::<i64>().prop_map(Strategy::ShiftBy),
        Just(TIME),
        any::<i64>().prop_map(file),
    ]
}

proptest! {
    /// All but `--to-current`, which stays where it is, and an undo, which puts back what stood there.
    #[test]
    fn t24_a_new_offset_lies_between_start_and_end(
        (start, end) in offsets(), old: Option<i64>, since in -1..i64::MAX, strategy in any_strategy()
    ) {
        let step = step(&strategy, Known { since: Some(Ok(since)), ..known(start, end, old) });
        if let Ok(new) = &step.new {
            prop_assert!((start..=end).contains(&new.unwrap()));
            prop_assert!(step.skipped() >= 0 && step.read_again() >= 0);
        } else {
            prop_assert!(matches!(strategy, Strategy::ShiftBy(_)) && old.is_none());
        }
    }
}
