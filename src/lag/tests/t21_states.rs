//! The six states of a partition and the totals over them.
use super::{at, partition};
use crate::{
    failure::Failure,
    lag::{LagState as S, PartitionLag, Total},
};

#[test]
fn each_state_has_its_number_or_none() {
    let table = [
        (at(790, 1_041, 812), S::Ok, Some(229)),
        (at(790, 1_041, 1_041), S::Ok, Some(0)),
        (at(790, 1_041, 790), S::Ok, Some(251)),
        // The last offset is a commit marker: a reader rests at 1 for ever.
        (at(0, 11, 10), S::Ok, Some(1)),
        (at(0, 0, 0), S::Ok, Some(0)),
        // Retention passed the commit: what is gone cannot be behind.
        (at(790, 1_041, 700), S::Lost, Some(251)),
        (at(790, 790, 700), S::Lost, Some(0)),
        // The topic was made anew and is shorter than the commit.
        (at(0, 5, 1_041), S::Ahead, Some(0)),
        (at(0, 0, 40), S::Ahead, Some(0)),
        // Expired, never made, or a partition added after the last commit.
        (partition(Some(0), Some(9), None), S::NoCommit, None),
        (partition(Some(0), None, Some(3)), S::Unknown, None),
        (partition(None, Some(9), Some(3)), S::Unknown, None),
        (partition(None, None, None), S::Unknown, None),
    ];
    for (partition, state, lag) in table {
        assert_eq!((partition.state(), partition.lag()), (state, lag), "{partition:?}");
    }
}

#[test]
fn only_a_partition_without_owner_is_rebalancing_and_its_lag_stays() {
    let mut moving = PartitionLag { rebalancing: true, ..at(0, 10, 4) };
    assert_eq!((moving.state(), moving.lag()), (S::Rebalancing, Some(6)));
    moving.owner = Some(0);
    assert_eq!(moving.state(), S::Ok);
    let gone = PartitionLag { rebalancing: true, ..at(5, 10, 4) };
    assert_eq!(gone.state(), S::Lost, "what is lost outranks the rebalance");
}

/// A commit that could not be read (a transaction is pending) used to look like no commit at all.
#[test]
fn a_commit_that_could_not_be_read_is_unknown() {
    let why = Some(Failure::new("reading commits", "a transaction is pending", ""));
    let p = PartitionLag { error: why, ..partition(Some(0), Some(9), None) };
    assert_eq!(p.state(), S::Unknown);
    assert_eq!(Total::of(&[p]), Total { unknown: 1, ..Total::default() });
}

#[test]
fn distances_are_told_only_where_they_apply() {
    assert_eq!((at(790, 1_041, 700).lost(), at(790, 1_041, 700).ahead()), (90, 0));
    assert_eq!((at(790, 1_041, 1_081).lost(), at(790, 1_041, 1_081).ahead()), (0, 40));
    assert_eq!(partition(Some(790), Some(1_041), None).readable(), Some(251));
    assert_eq!(partition(None, Some(1_041), None).readable(), None);
}

#[test]
fn a_total_is_a_bound_with_anything_unknown_and_counts_the_uncommitted_apart() {
    let total = Total::of(&[
        at(0, 100, 90),
        at(0, 5, 9),
        at(50, 100, 20),
        partition(Some(0), Some(9), None),
        partition(None, None, Some(1)),
    ]);
    let expected = Total { lag: Some(60), unknown: 1, no_commit: 1, behind: 2, rebalancing: 0, ahead: 4, lost: 30 };
    assert_eq!(total, expected);
    assert!(!total.is_exact() && !total.is_caught_up());
}

#[test]
fn nothing_known_is_never_a_zero() {
    assert_eq!(Total::of(&[]).lag, None);
    assert_eq!(Total::of(&[partition(Some(0), Some(9), None)]).lag, None);
    assert_eq!(Total::of(&[partition(None, None, Some(4))]).lag, None);
    assert!(Total::of(&[at(0, 9, 9)]).is_caught_up());
    assert!(!Total::of(&[at(0, 9, 9), partition(Some(0), Some(0), None)]).is_caught_up());
}

#[test]
fn offsets_at_the_edge_of_their_type_do_not_overflow() {
    let far = at(i64::MIN, i64::MAX, i64::MIN);
    assert_eq!(far.lag(), Some(i64::MAX));
    assert_eq!(Total::of(&[far.clone(), far]).lag, Some(i64::MAX));
    assert_eq!(at(i64::MAX, i64::MIN, i64::MIN).lag(), Some(0));
    assert_eq!(at(0, i64::MIN, i64::MAX).ahead(), i64::MAX);
}

proptest::proptest! {
    #[test]
    fn no_offsets_make_a_lag_negative(start: i64, end: i64, committed: Option<i64>) {
        let p = partition(Some(start), Some(end), committed);
        proptest::prop_assert!(p.lag().is_none_or(|lag| lag >= 0));
        proptest::prop_assert_eq!(p.lag().is_none(), p.state() == S::NoCommit);
        proptest::prop_assert!(p.lost() >= 0 && p.ahead() >= 0);
    }
}
