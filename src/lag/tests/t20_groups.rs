//! Kinds of groups whose lag is told differently.
use super::{
    at,
    film::{NOON, empty, owned, time, told},
    partition,
};
use crate::{
    failure::Failure,
    group::GroupState,
    lag::{Account, Behind, Clears, History, LagState, PartitionLag, Status, Total},
};

fn share(start: Option<i64>, lag: Option<i64>) -> PartitionLag {
    PartitionLag { account: Account::Shared { lag }, ..partition(Some(0), Some(100), start) }
}

#[test]
fn t20_a_share_group_has_the_lag_its_broker_tells_and_no_other() {
    for (row, state, lag) in [
        (share(Some(40), Some(7)), LagState::Ok, Some(7)),
        (share(Some(40), Some(0)), LagState::Ok, Some(0)),
        (share(Some(40), Some(-1)), LagState::Ok, Some(0)),
        (share(Some(40), None), LagState::Unknown, None),
        (share(None, None), LagState::NoCommit, None),
    ] {
        assert_eq!((row.state(), row.lag()), (state, lag), "{row:?}");
    }
    let why = Some(Failure::new("reading the lag", "not told by this broker", ""));
    let untold = PartitionLag { error: why, ..share(None, None) };
    assert_eq!(untold.state(), LagState::Unknown);
    assert_eq!(Total::of(&[share(Some(40), None)]).lag, None);
    assert_eq!(share(Some(40), None).stable_lag(), None);
}

/// Its start offset rests while single records are acknowledged out of turn: that is no hang.
#[test]
fn t20_a_share_group_is_never_called_stuck_by_its_start_offset() {
    let mut history = History::default();
    (0..60).for_each(|n| history.sample(&owned(vec![share(Some(40), Some(60 - n))], NOON + n * 10_000)));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(Status::Observing));
    assert_eq!(history.rates(), None);
}

#[test]
fn t20_a_group_of_which_nothing_is_known_has_no_verdict_and_no_number() {
    let mut history = History::default();
    assert_eq!((history.verdict(), history.rates()), (None, None));
    assert_eq!((history.clears(), history.behind(time(NOON))), (Clears::Unknown, Behind::Unknown));
    history.sample(&told(GroupState::Dead, vec![], vec![], NOON));
    assert_eq!(history.verdict(), None);
    history.sample(&empty(vec![partition(None, None, Some(3))], NOON + 10_000));
    assert_eq!((history.verdict(), history.clears()), (None, Clears::Unknown));
    assert_eq!(history.behind(time(NOON + 10_000)), Behind::Unknown);
}

#[test]
fn t20_members_without_any_commit_are_no_zero() {
    let mut history = History::default();
    (0..10).for_each(|n| history.sample(&owned(vec![partition(Some(0), Some(9 + n), None)], NOON + n * 10_000)));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(Status::NoCommit));
    assert_eq!((history.clears(), history.behind(time(NOON))), (Clears::Unknown, Behind::Unknown));
}

proptest::proptest! {
    /// Offsets and times as no broker would tell them.
    #[test]
    fn t20_no_sequence_of_samples_breaks_the_history(
        steps: Vec<(i64, i64, Option<i64>, Option<i64>, bool)>,
        gaps in proptest::collection::vec(-100_000i64..100_000, 0..40),
    ) {
        let (mut history, mut now) = (History::default(), NOON);
        for ((start, end, stable_end, committed, has_member), gap) in steps.into_iter().zip(gaps) {
            now += gap;
            let row = PartitionLag { stable_end, committed, ..at(start, end, 0) };
            history.sample(&if has_member { owned(vec![row], now) } else { empty(vec![row], now) });
            let _ = (history.verdict(), history.clears(), history.behind(time(now)), history.series().csv());
            proptest::prop_assert!(history.rates().is_none_or(|r| r.arriving >= 0.0 && r.reading >= 0.0));
            for bin in history.series().bins(crate::lag::Window::Session, time(now)) {
                proptest::prop_assert!(bin.lag.is_none_or(|lag| lag >= 0));
                proptest::prop_assert!(bin.reading.is_none_or(|rate| rate.is_finite() && rate >= 0.0));
            }
        }
    }
}
