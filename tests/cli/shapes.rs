//! Reading the demo's topics that are not plain: transactions, holes, sizes and clocks. Acceptance of the demo's data.
use crate::stage::{Ran, kafscope, program};
use kafscope_demo_broker::demo::{Demo, Options};
use std::collections::BTreeSet;

/// The fourth of the demo's acceptance cases.
#[test]
fn committed_payments_are_counted_without_aborted_and_open_ones_t11() {
    assert_eq!(kafscope("read payments --isolation committed --count").text(), "300\n");
    assert_eq!(kafscope("read payments --isolation uncommitted --count").text(), "335\n");
    let bookings = |line| -> BTreeSet<String> {
        kafscope(line).objects().iter().map(|record| record["value"].to_string()).collect()
    };
    let committed = bookings("read payments --isolation committed --json");
    let every = bookings("read payments --json");
    assert!(committed.len() == 300 && committed.is_subset(&every));
}

#[test]
fn an_open_transaction_holds_back_the_newest_committed_records_too_t11() {
    let last = |line| -> Vec<i64> {
        kafscope(line).objects().iter().map(|record| record["offset"].as_i64().unwrap()).collect()
    };
    assert_eq!(last("read payments -p 2 --from last:3 --json"), [134, 135, 136]);
    assert_eq!(last("read payments -p 2 --from last:3 --isolation committed --json"), [128, 129, 130]);
}

/// The fifth of the demo's acceptance cases.
#[test]
fn the_newest_customers_are_found_between_holes_and_behind_a_hole_at_the_end_t3() {
    let newest = kafscope("read customers --from last:10 --json").objects();
    assert_eq!(newest.len(), 10);
    let ends_in_hole = kafscope("read customers -p 3 --from last:10 --json").objects();
    assert_eq!(ends_in_hole.len(), 10);
    assert!(ends_in_hole.iter().all(|record| record["offset"].as_i64().unwrap() < 24_950), "{ends_in_hole:?}");
    assert_eq!(kafscope("read customers --count").text(), "400\n");
    let deleted = kafscope("read customers --json").objects().iter().filter(|record| record["value"].is_null()).count();
    assert_eq!(deleted, 12);
}

#[test]
fn a_value_of_20_mb_arrives_whole_t9() {
    let counts = kafscope("read big --count --json").objects();
    assert_eq!(counts[0]["records"], 6);
    let value = kafscope("read big --raw").stdout;
    let sizes = [0, 10 << 10, 1 << 20, 1_040_004, 5 << 20, 20 << 20];
    assert_eq!(value.len(), sizes.iter().map(|size| size + 1).sum::<usize>(), "each with its newline");
}

/// The second of the demo's acceptance cases. The order of partitions is that of their answers.
#[test]
fn two_demos_of_one_seed_are_read_as_the_same_lines() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Not the one of the other tests, which write to it.
    let demos = [(); 2].map(|()| runtime.block_on(Demo::start(Options { rate: 0, ..Options::default() })).unwrap());
    let topics: Vec<String> = kafscope_demo_broker::data::topics(1).iter().map(|topic| topic.name.to_owned()).collect();
    let lines = |bootstrap: &str| -> Vec<String> {
        let ran = Ran::of(program().args(["-b", bootstrap, "read", "--json"]).args(&topics).spawn().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let mut lines: Vec<_> = ran.text().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let [here, there] = demos.each_ref().map(|demo| lines(&demo.bootstrap()));
    assert!(here == there && here.len() > 3_000, "{} and {} lines", here.len(), there.len());
    demos.into_iter().for_each(|demo| runtime.block_on(demo.stop()));
}
