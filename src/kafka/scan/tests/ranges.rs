//! From one place to another, in every order.
use super::*;
use crate::{
    filter::{Filter, Pattern, Query},
    kafka::offsets::Spot,
    place::Asked,
};

fn next(totals: &Totals) -> Vec<i64> {
    totals.next.values().copied().collect()
}

/// One record with this time.
fn timed(stage: &Stage, partition: i32, time: i64) {
    let end = stage.brokers.end("t", partition).unwrap();
    let written = Written::at(end, [Row::new(None, Some("x"))]);
    stage.append(partition, &Written { base_timestamp: time, max_timestamp: time, ..written });
}

/// Time, partition and offset of every record in the order in which they came.
async fn in_order(stage: &Stage, plan: Plan) -> Vec<(i64, i32, i64)> {
    let mut scan = Scan::open(stage.cluster.clone(), plan).await.unwrap();
    let mut rows = vec![];
    while let Some(found) = timeout(Duration::from_secs(20), scan.next()).await.expect("the scan did not end") {
        let Found::Records(batch) = found else { panic!("{found:?}") };
        rows.extend(batch.heads.iter().map(|head| (head.timestamp, head.partition, head.offset)));
    }
    rows
}

#[tokio::test]
async fn a_scan_ends_before_the_place_it_goes_to() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 1000));
    for (from, to, wanted) in [
        (Where::Offset(10), Where::Offset(20), [10..20, 10..20]),
        (Where::Offset(20), Where::Offset(10), [0..0, 0..0]),
        (Where::Start, Where::Offsets([(1, 7)].into()), [0..0, 0..7]),
        (Where::LastEach(5), Where::End, [995..1000, 995..1000]),
        (Where::Start, Where::LastEach(998), [0..2, 0..2]),
        (Where::Start, Where::Time(1000), [0..0, 0..0]),
        (Where::Time(1000), Where::Time(1001), [0..1000, 0..1000]),
        (Where::Last(4), Where::Offset(3), [1..3, 1..3]),
    ] {
        let (places, others, _) = run(&stage, Plan { to: to.clone(), ..plan(from.clone()) }).await;
        let wanted: Vec<_> = (0..2).flat_map(|p| wanted[p as usize].clone().map(move |o| (p, o))).collect();
        let mut read: Vec<_> = places.iter().map(|(_, partition, offset)| (*partition, *offset)).collect();
        read.sort_unstable();
        if from == Where::Last(4) {
            assert_eq!(read.len(), 4);
        } else {
            assert_eq!(read, wanted, "{from:?} {to:?}");
        }
        let said: Vec<_> = others.iter().filter_map(moved).collect();
        match from {
            Where::Offset(20) => assert_eq!(said, vec![Asked::Backwards { from: 20, to: 10 }; 2]),
            _ => assert!(others.is_empty(), "{others:?}"),
        }
    }
}

fn moved(found: &Found) -> Option<Asked> {
    if let Found::Moved { moved, .. } = found { Some(moved.asked.clone()) } else { None }
}

#[tokio::test]
async fn places_that_are_not_there_are_said_and_the_nearest_is_read() {
    let stage = Stage::with(1).await;
    stage.count(0, 30);
    stage.brokers.delete_records_before("t", 0, 20).unwrap();
    let wanted = Plan { to: Where::Offset(500), ..plan(Where::Offset(5)) };
    let (places, others, totals) = run(&stage, wanted).await;
    assert_eq!((offsets(&places), next(&totals)), ((20..30).collect(), vec![30]));
    let nearest = others.iter().filter_map(|found| match found {
        Found::Moved { moved, .. } => Some((moved.asked.clone(), moved.nearest)),
        _ => None,
    });
    assert_eq!(nearest.collect::<Vec<_>>(), [(Asked::Offset(5), Some(20)), (Asked::Offset(500), Some(30))]);
}

/// T2 of the acceptance cases: a range that ends within holes and behind markers.
#[tokio::test]
async fn a_range_ends_in_a_hole_and_behind_an_aborted_tail_t2() {
    let stage = Stage::with(2).await;
    stage.count(0, 10);
    stage.brokers.skip_to("t", 0, 1000).unwrap();
    stage.count(1, 2);
    stage.append(1, &Written::counted(2, 2).transactional(7));
    stage.append(1, &Written::marker(4, 7, false));
    let wanted = Plan { committed: true, to: Where::Offsets([(0, 500), (1, 5)].into()), ..plan(Where::Start) };
    let (places, others, totals) = run(&stage, wanted).await;
    assert_eq!((places.len(), next(&totals)), (12, vec![500, 5]));
    assert!(others.is_empty());
}

#[tokio::test]
async fn the_newest_come_first_and_every_one_comes_once() {
    let stage = Stage::with(2).await;
    (0..25_000).step_by(1000).for_each(|_| stage.count(0, 1000));
    (0..50).for_each(|n| timed(&stage, 1, n * 100));
    let newest = Plan { order: Order::NewestFirst, ..plan(Where::Offset(3)) };
    let rows = in_order(&stage, newest.clone()).await;
    assert_eq!(rows.len(), 24_997 + 47);
    for partition in 0..2 {
        let offsets: Vec<_> = rows.iter().filter(|row| row.1 == partition).map(|row| row.2).collect();
        assert!(offsets.is_sorted_by(|a, b| a > b) && offsets.last() == Some(&3));
    }
    assert_eq!(rows[0], (4900, 1, 49));
    let few = Plan { most: Some(3), to: Where::Offset(40), ..newest };
    assert_eq!(in_order(&stage, few).await, [(3900, 1, 39), (3800, 1, 38), (3700, 1, 37)]);
}

/// Times run backwards within a partition: the order of time is that of all records, not of the partitions' heads.
#[tokio::test]
async fn records_come_strictly_by_time_when_that_is_wanted() {
    let stage = Stage::with(3).await;
    (0..300).for_each(|n| timed(&stage, (n % 3) as i32, (n * 7919) % 100));
    for from in [Where::Start, Where::Last(300)] {
        let rows = in_order(&stage, Plan { order: Order::ByTime, ..plan(from) }).await;
        assert!(rows.is_sorted_by(|a, b| a < b) && rows.len() == 300);
    }
    let few = Plan { order: Order::ByTime, most: Some(5), ..plan(Where::Start) };
    assert_eq!(in_order(&stage, few).await.iter().map(|row| row.0).collect::<Vec<_>>(), [0, 0, 0, 1, 1]);
}

#[tokio::test]
async fn only_what_matches_is_found_and_counted() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 1000));
    let query = Query { grep: vec![Pattern::text("77")], ..Query::default() };
    let filter = Some(Filter::compile(query).unwrap());
    for from in [Where::Start, Where::Last(1000)] {
        let (places, _, totals) = run(&stage, Plan { filter: filter.clone(), ..plan(from) }).await;
        assert_eq!((places.len(), totals.records, totals.looked), (38, 38, 2000));
    }
    let count = Plan { filter, want: Want::Count, ..plan(Where::Start) };
    let (places, _, totals) = run(&stage, count).await;
    assert_eq!((places.len(), totals.records), (0, 38));
    assert_eq!(totals.next, (0..2).map(|id| ((topic(), id), 1000)).collect::<BTreeMap<Spot, i64>>());
}

/// The last records of a partition that did not answer were missing without a word.
#[tokio::test]
async fn a_partition_that_is_silent_when_the_last_are_looked_for_is_said_t7() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0));
    let (places, others, totals) = run(&stage, plan(Where::Last(4))).await;
    assert_eq!((places.len(), totals.given_up), (4, 1));
    assert!(matches!(&others[..], [Found::Failed { partition: 0, given_up: true, .. }]), "{others:?}");
}

/// Matches that did not fit a page were looked at again for the next: a million records were told as up to two.
#[tokio::test]
async fn every_record_is_looked_at_once_in_every_order_and_whatever_is_wanted() {
    let stage = Stage::with(3).await;
    for partition in 0..3 {
        (0..7).for_each(|n| stage.count(partition, 700 + 300 * n));
    }
    let all = 3 * 11_200;
    for (text, most) in [("11199", 3), ("1", usize::MAX)] {
        let query = Query { grep: vec![Pattern::text(text)], ..Query::default() };
        let filter = Some(Filter::compile(query).unwrap());
        for (order, committed, want) in [
            (Order::AsItArrives, false, Want::Records),
            (Order::AsItArrives, true, Want::Count),
            (Order::ByTime, false, Want::Records),
            (Order::NewestFirst, false, Want::Records),
            (Order::NewestFirst, true, Want::Records),
        ] {
            let (places, _, totals) =
                run(&stage, Plan { order, committed, want, filter: filter.clone(), ..plan(Where::Start) }).await;
            assert_eq!(totals.looked, all, "{text}, {order:?}, {committed}, {want:?}");
            assert!(want == Want::Count || places.len() as u64 == totals.records && places.len() <= most);
        }
    }
}

/// The end was so many records before the end of every partition, while the beginning is over the topic.
#[tokio::test]
async fn a_range_ends_before_the_last_records_over_all_partitions() {
    let stage = Stage::with(3).await;
    (0..60).for_each(|n| timed(&stage, n % 2, i64::from(n)));
    stage.brokers.skip_to("t", 0, 100).unwrap();
    for (from, to, count) in [
        (Where::Start, 10, 50),
        (Where::Start, 0, 60),
        (Where::Start, 60, 0),
        (Where::Start, usize::MAX, 0),
        (Where::Last(5), 7, 5),
    ] {
        let (places, others, _) = run(&stage, Plan { to: Where::Last(to), ..plan(from.clone()) }).await;
        assert_eq!((places.len(), others.len()), (count, 0), "{from:?} to the last {to}");
        let newest = places.iter().map(|(_, partition, offset)| offset * 2 + i64::from(*partition)).max();
        assert!(newest.is_none_or(|newest| newest == 59 - to as i64), "{newest:?}");
    }
}
