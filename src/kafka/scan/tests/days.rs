//! Bad days while a range is read, in every order: every offset once, and what is missing is said.
use super::*;
use crate::filter::{Filter, Pattern, Query};
use kafscope_demo_broker::Damage;
use tokio::{sync::oneshot, time::Instant};

/// Records in each of two partitions: more than a page, and several answers.
const RECORDS: i64 = 6000;

async fn filled() -> Stage {
    let stage = Stage::with(2).await;
    let row = Row { value: Some(vec![b'7'; 1 << 10]), ..Row::default() };
    for partition in 0..2 {
        (0..RECORDS).step_by(100).for_each(|at| stage.append(partition, &Written::at(at, vec![row.clone(); 100])));
    }
    stage
}

/// Everything: what a filter lets through, in the order of time, and backwards.
fn ways() -> [Plan; 3] {
    let query = Query { grep: vec![Pattern::text("7")], ..Query::default() };
    let filter = Some(Filter::compile(query).unwrap());
    [
        Plan { filter, ..plan(Where::Start) },
        Plan { order: Order::ByTime, ..plan(Where::Start) },
        Plan { order: Order::NewestFirst, ..plan(Where::Start) },
    ]
}

/// Reads to the end; `bad` happens at the second step, when much is still to be read.
async fn read(stage: &Stage, plan: Plan, bad: impl AsyncFnOnce(&Stage)) -> (Vec<(i32, i64)>, Vec<Found>) {
    let mut scan = Scan::open(stage.cluster.clone(), plan).await.unwrap();
    let (mut places, mut others, mut bad, mut steps) = (vec![], vec![], Some(bad), 0);
    while let Some(found) = timeout(Duration::from_secs(60), scan.go_on()).await.expect("the scan did not end") {
        match found {
            Some(Found::Records(batch)) => places.extend(batch.heads.iter().map(|h| (h.partition, h.offset))),
            other => others.extend(other),
        }
        steps += 1;
        if let Some(bad) = bad.take_if(|_| steps == 2) {
            bad(stage).await;
        }
    }
    assert!(bad.is_none(), "it was over before anything happened");
    places.sort_unstable();
    (places, others)
}

fn whole() -> Vec<(i32, i64)> {
    (0..2).flat_map(|partition| (0..RECORDS).map(move |offset| (partition, offset))).collect()
}

#[tokio::test]
async fn a_leader_that_moves_leaves_every_offset_once_in_every_order_t6() {
    for plan in ways() {
        let stage = filled().await;
        let (places, _) = read(&stage, plan, async |stage| {
            for partition in 0..2 {
                let next = stage.brokers.leader("t", partition).unwrap() % 3 + 1;
                stage.brokers.set_leader("t", partition, Some(next)).unwrap();
            }
        })
        .await;
        assert!(places == whole(), "{} records", places.len());
    }
}

/// Waits until the cluster was asked who leads, again and again, and only then brings the broker back.
async fn revive(stage: &Stage, broker: i32) {
    let asked = || stage.brokers.requests().iter().filter(|seen| seen.api == ApiKey::Metadata).count();
    let before = asked();
    while asked() < before + 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stage.brokers.restart_broker(broker).await.unwrap();
}

#[tokio::test]
async fn a_broker_that_dies_and_comes_back_leaves_every_offset_once_in_every_order_t6() {
    for plan in ways() {
        let stage = filled().await;
        let (died, hears) = oneshot::channel();
        let reading = read(&stage, plan, async |stage| {
            let leader = stage.brokers.leader("t", 0).unwrap();
            stage.brokers.stop_broker_leaderless(leader).await;
            died.send(leader).unwrap();
        });
        let coming_back = async { revive(&stage, hears.await.unwrap()).await };
        let ((places, others), ()) = tokio::join!(reading, coming_back);
        assert!(places == whole(), "{} records, {others:?}", places.len());
        assert!(!others.iter().any(|found| matches!(found, Found::Failed { given_up: true, .. })), "{others:?}");
    }
}

#[tokio::test]
async fn retention_that_passes_a_scan_is_told_and_it_goes_on_at_the_new_start_t5() {
    let stage = filled().await;
    let (places, others) = read(&stage, plan(Where::Start), async |stage| {
        stage.brokers.delete_records_before("t", 0, RECORDS - 100).unwrap();
    })
    .await;
    let moved: Vec<_> = others
        .iter()
        .filter_map(|found| {
            if let Found::StartMoved { partition, from, to, .. } = found {
                Some((*partition, *from, *to))
            } else {
                None
            }
        })
        .collect();
    let [(0, from, to)] = moved[..] else { panic!("{others:?}") };
    assert_eq!(to, RECORDS - 100);
    let wanted: Vec<_> = whole().into_iter().filter(|(p, o)| *p == 1 || *o < from || *o >= to).collect();
    assert!(places == wanted, "{} records", places.len());
}

/// A header that claims two gigabytes held a scan up for ever, in every order.
#[tokio::test]
async fn a_scan_ends_although_a_batch_claims_two_gigabytes_t10() {
    for (way, count) in ways().into_iter().zip([Want::Count, Want::Records, Want::Records]) {
        let stage = filled().await;
        stage.brokers.damage("t", 0, 300, Damage::Length(i32::MAX)).unwrap();
        let mut scan = Scan::open(stage.cluster.clone(), Plan { want: count, ..way }).await.unwrap();
        let mut unreadable = vec![];
        while let Some(found) = timeout(Duration::from_secs(20), scan.next()).await.expect("the scan did not end") {
            if let Found::Unreadable(what) = found {
                unreadable.push((what.partition, what.first, what.last));
            }
        }
        let totals = scan.totals();
        assert_eq!((totals.records, totals.unreadable), (2 * RECORDS as u64 - 100, 1));
        assert_eq!(unreadable, [(0, 300, 399)]);
    }
}

/// T1 of the acceptance cases: nothing, nothing any more, one record.
#[tokio::test]
async fn every_way_to_read_little_or_nothing_ends_at_once_t1() {
    let stage = Stage::with(3).await;
    stage.count(1, 7);
    stage.brokers.delete_records_before("t", 1, 7).unwrap();
    stage.count(2, 1);
    for from in [Where::Start, Where::Last(5), Where::LastEach(5), Where::Offset(0), Where::Time(0)] {
        for order in [Order::AsItArrives, Order::NewestFirst, Order::ByTime] {
            let began = Instant::now();
            let (places, _, totals) = run(&stage, Plan { order, ..plan(from.clone()) }).await;
            assert_eq!((places, totals.records), (vec![(topic(), 2, 0)], 1), "{from:?} {order:?}");
            assert!(began.elapsed() < Duration::from_secs(2), "{from:?} {order:?} took {:?}", began.elapsed());
        }
    }
}

/// T7 of the acceptance cases: one without a leader and one that is denied among so many.
#[tokio::test]
async fn broken_partitions_among_1_100_and_1000_carry_their_errors_and_the_others_are_read_t7() {
    for partitions in [1, 100, 998] {
        let stage = Stage::with(partitions + 2).await;
        (0..partitions + 2).for_each(|partition| stage.count(partition, 1));
        stage.brokers.set_leader("t", 0, None).unwrap();
        stage.brokers.force(Force::error(ApiKey::Fetch, 29).partition(1));
        let mut scan = Scan::open(stage.cluster.clone(), plan(Where::Start)).await.unwrap();
        let (mut read, mut failed) = (0, BTreeMap::new());
        while read < partitions || failed.len() < 2 {
            match timeout(Duration::from_secs(20), scan.next()).await.unwrap().expect("too little was read") {
                Found::Records(batch) => read += batch.len() as i32,
                Found::Failed { partition, failure, .. } => drop(failed.insert(partition, failure.to_string())),
                other => panic!("{other:?}"),
            }
        }
        assert!(failed[&0].contains("has no leader now"), "{failed:?}");
        assert!(failed[&1].contains("may not"), "{failed:?}");
        assert_eq!(read, partitions);
    }
}

/// It went on for ever: each answer without a byte was taken for a good one.
#[tokio::test]
async fn a_scan_ends_although_the_log_became_shorter_under_it_t6() {
    let stage = filled().await;
    let (places, others) = read(&stage, Plan { partitions: Some(vec![0]), ..plan(Where::Start) }, async |stage| {
        stage.brokers.delete_topic("t").unwrap();
        stage.brokers.create_topic("t", &TopicSpec::new(2).replication(3)).unwrap();
    })
    .await;
    assert!(places.len() < RECORDS as usize && !others.is_empty(), "{} records", places.len());
}

/// The way had answered before, so nobody wanted a login: "the port may want a login" was a wrong guess.
#[tokio::test]
async fn a_connection_closed_by_a_broker_that_answered_before_blames_no_login_t29() {
    let stage = Stage::with(1).await;
    stage.count(0, 10);
    stage.brokers.force(Force::cut(ApiKey::Fetch).times(4));
    let (places, others, _) = run(&stage, plan(Where::Start)).await;
    assert_eq!(places.len(), 10);
    let [Found::Failed { failure, given_up: false, .. }, ..] = &others[..] else { panic!("{others:?}") };
    assert!(failure.to_string().ends_with("the broker closed the connection; it is tried again"), "{failure}");
}
