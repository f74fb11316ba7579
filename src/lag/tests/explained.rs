//! The sentences of one partition.
use super::{
    at,
    film::{Film, NOON, empty, member, time, told},
    partition,
};
use crate::{
    failure::Failure,
    group::GroupState,
    lag::{Account, History, PartitionLag, Unread, UnreadRead, explain},
};

fn sentences(row: &PartitionLag) -> Vec<String> {
    let told = told(GroupState::Stable, vec![member("billing-0")], vec![row.clone()], NOON - 2_010);
    explain(&told, row, None, time(NOON))
}

#[test]
fn every_fact_has_its_sentence() {
    let row = PartitionLag {
        stable_end: Some(1_020),
        commit_epoch: Some(4),
        owner: Some(0),
        metadata: "by hand".into(),
        ..at(790, 1_041, 812)
    };
    let told = told(GroupState::Stable, vec![member("billing-0")], vec![row.clone()], NOON - 2_010);
    let mut history = History::default();
    history.sample(&told);
    let record = Ok(Some(Unread { offset: 815, timestamp: Some(NOON - 134_000), append: false }));
    let began = time(NOON - 1_000);
    history.unread(&UnreadRead { topic: "orders".into(), partition: 0, from: 812, began, record });
    assert_eq!(
        explain(&told, &row, history.partition("orders", 0), time(NOON)),
        [
            "Commit 812 (read 2.0 s ago, epoch 4).",
            "Start 790.",
            "End 1,041 (read 2.0 s ago).",
            "Stable end 1,020: 21 offsets held back by an open transaction.",
            "Lag 229 offsets, 208 stable: at most 208 records for a read-committed consumer.",
            "The next readable record is 815 (812–814: markers or compacted).",
            "Owned by billing-0 at /10.0.0.4.",
            "The oldest unread record is 2m 14s old (producer's clock).",
            "The commit carries the words “by hand”.",
        ]
    );
}

#[test]
fn each_state_is_explained() {
    let error = Some(Failure::new("reading the end of orders/0", "no leader", "it is tried again"));
    for (row, sentence) in [
        (at(0, 9, 9), "Caught up."),
        (at(0, 9, 8), "Lag 1 offset: at most 1 record."),
        (at(790, 1_041, 700), "90 offsets lost to retention before the group read them."),
        (at(790, 1_041, 700), "Kafka's own tool prints the lag 341."),
        (at(0, 5, 45), "Kafka's own tool prints the lag -40."),
        (
            at(0, 5, 45),
            "The commit is 40 offsets beyond the end: the topic was made anew, a leader changed uncleanly, or the group is mirrored.",
        ),
        (partition(Some(0), Some(9), None), "No commit: a consumer would start by its auto.offset.reset."),
        (partition(Some(0), Some(9), None), "9 offsets readable."),
        (PartitionLag { rebalancing: true, ..at(0, 9, 4) }, "The group is rebalancing; commits stay readable."),
        (
            PartitionLag { error, ..partition(Some(0), None, Some(4)) },
            "The lag is unknown: reading the end of orders/0: no leader; it is tried again.",
        ),
        (
            PartitionLag { account: Account::Shared { lag: None }, ..at(0, 9, 4) },
            "The lag is unknown: not told by this broker.",
        ),
        (
            PartitionLag { stable_end: Some(4), ..at(0, 9, 4) },
            "Lag 5 offsets, none of them stable: a read-committed consumer is caught up.",
        ),
        (at(0, 9, 4), "Nobody owns it now."),
        (PartitionLag { owner: Some(7), ..at(0, 9, 4) }, "Owned by a member that was not described."),
    ] {
        let said = sentences(&row);
        assert!(said.iter().any(|it| it == sentence), "{sentence} is not in {said:#?}");
    }
}

#[test]
fn t11_one_behind_is_called_a_marker_only_after_a_look() {
    let row = at(0, 11, 10);
    let told = empty(vec![row.clone()], NOON);
    let mut history = History::default();
    history.sample(&told);
    let said = |history: &History| explain(&told, &row, history.partition("orders", 0), time(NOON + 100)).join(" ");
    assert!(!said(&history).contains("marker"));
    let began = time(NOON + 50);
    history.unread(&UnreadRead { topic: "orders".into(), partition: 0, from: 10, began, record: Ok(None) });
    assert!(said(&history).contains("1 behind: transaction marker"), "{}", said(&history));
}

#[test]
fn a_trend_is_told_with_its_pace_and_its_beginning() {
    let film = Film::new(100, 50, 2_000);
    let mut history = History::default();
    film.play(&mut history, 0, 300_000);
    let told = film.told(298_000);
    let row = &told.partitions.as_ref().expect("rows")[0];
    let said = explain(&told, row, history.partition("orders", 0), time(NOON + 300_000)).join(" ");
    assert!(said.contains("100.0 offsets/s arrive") && said.contains("not catching up"), "{said}");
    assert!(said.contains("It is falling behind for"), "{said}");
}
