//! The cells of a group in each of its states.
use super::*;

/// The cells from LAG on, of a group read once.
fn told(partitions: Vec<PartitionLag>) -> Vec<String> {
    cells(&one(partitions), "billing")[3..].to_vec()
}

/// Is this the whole text of a cell, or as much of it as its column holds?
fn is(cell: &str, whole: &str) -> bool {
    cell.strip_suffix('…').map_or(cell == whole, |part| whole.starts_with(part)) || cell == whole
}

#[test]
fn names_come_before_their_numbers() {
    let mut s = Screen::new(160, 45);
    s.shows("Asking for groups …").with_topics(&[("orders", 6, 200)]);
    s.hear_groups(&[group("billing", S::Stable)]).shows("3 Lag  groups on orders first  1 ");
    assert_eq!(cells(&s, "billing"), ["billing", "stable", "…", "…", "…", "…"]);
    s.hear_lag(vec![behind("billing", "orders", 12_331)]);
    assert_eq!(cells(&s, "billing"), ["billing", "stable", "1", "12,331", "▃", "?", "…", "observing…"]);
}

#[test]
fn each_state_of_a_partition_has_its_cells_and_nothing_unknown_is_a_zero() {
    let orders = |p, committed| partition("orders", p, 790, 1_041, committed);
    let moving = PartitionLag { rebalancing: true, ..orders(0, Some(812)) };
    let table: [(Vec<PartitionLag>, &[&str]); 14] = [
        (vec![orders(0, Some(1_041))], &["0", "▁", "–", "–", "ok"]),
        (vec![orders(0, Some(812))], &["229", "▃", "?", "…", "observing…"]),
        // The last offset is a commit marker: a reader rests at 1 for ever.
        (vec![orders(0, Some(1_040))], &["1", "▃", "?", "…", "observing…"]),
        (vec![orders(0, Some(700))], &["251", "▃", "?", "…", "90 lost"]),
        (vec![orders(0, Some(1_081))], &["0", "▁", "–", "–", "+40 ahead"]),
        (vec![moving], &["229", "▃", "?", "…", "rebalancing"]),
        (vec![orders(0, None), orders(1, None)], &["–", "–", "–", "no commits"]),
        (vec![], &["–", "–", "–", "no commits"]),
        (
            vec![orders(0, Some(812)), orders(1, None), orders(2, None)],
            &["229", "▃", "?", "…", "observing… · +2 without commit"],
        ),
        (vec![orders(0, Some(1_041)), orders(1, None)], &["0", "▁", "–", "–", "ok · +1 without commit"]),
        (
            vec![orders(0, Some(812)), unknown("orders", 1, "no leader")],
            &["≥ 229", "▒", "?", "…", "unknown: no leader · observing…"],
        ),
        (
            vec![orders(0, Some(1_041)), unknown("orders", 1, "no leader")],
            &["≥ 0", "▒", "?", "?", "unknown: no leader · observing…"],
        ),
        (vec![unknown("orders", 0, "timed out")], &["?", "·", "?", "?", "unknown: timed out"]),
        (
            vec![orders(0, None), unknown("orders", 1, "no leader")],
            &["?", "·", "?", "?", "unknown: no leader · +1 without commit"],
        ),
    ];
    for (partitions, expected) in table {
        let row = told(partitions.clone());
        assert!(
            row.len() == expected.len() && row.iter().zip(expected).all(|(cell, whole)| is(cell, whole)),
            "{row:?}"
        );
    }
}

#[test]
fn an_open_transaction_is_named_where_it_holds_offsets_back() {
    let held = PartitionLag { stable_end: Some(1_020), ..partition("orders", 0, 790, 1_041, Some(1_020)) };
    let mut s = one(vec![held]);
    s.shows("21 held b").shows(" observing… · 21 held back by an open transaction ");
}

#[test]
fn a_denied_group_says_which_right_is_missing_and_the_others_go_on() {
    let mut s = wide(vec![denied("secret"), behind("billing", "orders", 3)]);
    assert_eq!(cells(&s, "secret")[..6], ["secret", "stable", "?", "?", "?", "?"]);
    assert_eq!(cells(&s, "billing")[3], "3");
    // Its column is too narrow: under the cursor the whole sentence stands in the border.
    s.press("j").shows(" unknown: needs DESCRIBE on group secret · members unknown: needs DESCRIBE on group secret ");
}

#[test]
fn every_state_of_a_group_is_a_word() {
    let states = [
        (S::Stable, "stable"),
        (S::Empty, "empty"),
        (S::PreparingRebalance, "preparing"),
        (S::CompletingRebalance, "completing"),
        (S::Assigning, "assigning"),
        (S::Reconciling, "reconciles"),
        (S::NotReady, "not ready"),
        (S::Dead, "dead"),
        (S::Unknown, "unknown"),
    ];
    for (state, word) in states {
        let s = wide(vec![lag("billing", state, 0, vec![partition("orders", 0, 0, 9, Some(9))])]);
        let row = cells(&s, "billing");
        assert_eq!(row[1], word);
        let status = if state.is_rebalancing() { "rebalancing" } else { "ok" };
        assert_eq!(row.last().map(String::as_str), Some(status));
    }
}

#[test]
fn a_group_of_another_kind_says_whose_it_is() {
    let kinds = [
        ("billing", GroupType::Classic, "consumer", "no commits"),
        ("billing", GroupType::Consumer, "consumer", "no commits"),
        ("billing", GroupType::Share, "share", "no commits · share group"),
        ("billing", GroupType::Streams, "streams", "no commits · Streams app"),
        ("connect-cluster", GroupType::Classic, "connect", "no commits · Connect workers"),
        ("connect-orders", GroupType::Classic, "consumer", "no commits · Connect sink orders"),
        ("console-consumer-41237", GroupType::Classic, "consumer", "no commits · console leftover"),
        ("schema-registry", GroupType::Classic, "sr", "no commits · internal"),
        ("billing", GroupType::Unknown, "", "no commits"),
    ];
    for (name, kind, protocol, status) in kinds {
        let mut it = lag(name, S::Stable, 1, vec![]);
        it.group = Group { kind, protocol_type: protocol.into(), ..it.group };
        let row = cells(&wide(vec![it]), name);
        assert!(row.last().is_some_and(|cell| is(cell, status)), "{row:?}");
    }
}

/// It said so twice, and the label was cut.
#[test]
fn who_reads_without_committing_is_said_to_once() {
    let row = PartitionLag { owner: Some(0), ..partition("orders", 0, 0, 9, None) };
    let mut it = lag("fresh", S::Stable, 1, vec![row]);
    it.members.as_mut().expect("members")[0].assigned = vec![("orders".into(), vec![0])];
    wide(vec![it]).shows("reads without committing (Spark?)").hides("no commits");
}

/// A share group commits nothing by design: its row once claimed that its commits could not be read.
#[test]
fn a_share_group_has_the_lag_that_the_broker_tells_or_none() {
    let mut it = lag("billing", S::Stable, 1, vec![]);
    it.group.kind = GroupType::Share;
    it.partitions = Err(Failure::new("reading the lag of billing", "a share group commits no offsets", ""));
    let row = cells(&wide(vec![it.clone()]), "billing");
    assert!(row[3..6] == ["–", "–", "–"] && is(&row[6], "no commits · share group"), "{row:?}");
    let account = |lag| PartitionLag { account: Account::Shared { lag }, ..partition("orders", 0, 0, 90, Some(40)) };
    it.partitions = Ok(vec![account(Some(7))]);
    assert_eq!(cells(&wide(vec![it.clone()]), "billing")[3], "7");
    it.partitions = Ok(vec![account(None)]);
    let row = cells(&wide(vec![it]), "billing");
    assert!(row[3] == "?" && is(&row[7], "unknown: not told · share group"), "{row:?}");
}

#[test]
fn what_nobody_is_a_member_of_but_moves_is_said() {
    let step = |n| lag("flink", S::Empty, 0, vec![partition("orders", 0, 0, 900, Some(n))]);
    let mut s = wide(vec![step(100)]);
    for n in 1..20 {
        s.wait(5_000).hear_lag(vec![step(100 + n * 40)]);
    }
    s.press("j").shows("commits periodically, no members");
}

#[test]
fn the_picture_of_the_design_is_what_a_person_sees() {
    let billing =
        |n: i64| lag("billing", S::Stable, 3, vec![partition("orders", 0, 0, 20_000 + n * 100, Some(10_000 + n * 40))]);
    let audit = |n: i64| lag("audit", S::Empty, 0, vec![partition("orders", 0, 0, 20_000 + n * 100, Some(500))]);
    let fresh = || lag("fresh", S::Stable, 1, vec![partition("orders", 0, 0, 20_000, None)]);
    let round = |n: i64| vec![billing(n), audit(n), fresh(), behind("search", "orders", 0)];
    let mut s = wide(round(0));
    for n in 1..60 {
        s.wait(5_000).hear_lag(round(n));
    }
    assert_eq!(cells(&s, "│ billing")[6..], ["never", "falling behind"]);
    assert_eq!(cells(&s, "│ audit")[5..], ["?", "–", "stopped"]);
    assert_eq!(cells(&s, "│ fresh")[3..], ["–", "–", "–", "no commits"]);
    assert_eq!(cells(&s, "│ search")[5..], ["–", "–", "ok"]);
}
