//! Pages backwards: whole, the newest first, and no further back than needed.
use super::*;
use crate::{
    bus::Event,
    filter::{Pattern, Query},
    kafka::{
        fetch::{
            news::Progress,
            testing::{Row, Written},
        },
        look::Said,
        stage::{Stage, topic},
    },
};
use kafscope_demo_broker::{ApiKey, Force};
use tokio::sync::{mpsc, watch};

/// One record a batch, each with its time.
fn timed(stage: &Stage, partition: i32, times: impl IntoIterator<Item = i64>) {
    for time in times {
        let end = stage.brokers.end("t", partition).unwrap();
        let value = Some(format!("{time}").into_bytes());
        let written = Written::at(end, [Row { value, ..Row::default() }]);
        stage.append(partition, &Written { base_timestamp: time, max_timestamp: time, ..written });
    }
}

async fn all(stage: &Stage, partitions: i32) -> BTreeMap<Spot, Extent> {
    let spots: Vec<_> = (0..partitions).map(|id| (topic(), id)).collect();
    extents(&stage.cluster, &spots, false).await.0
}

fn back(extents: BTreeMap<Spot, Extent>, count: usize) -> Back {
    Back { extents, count, all_met: false, committed: false, filter: None, patience: SILENCE }
}

fn grep(text: &str) -> Option<Filter> {
    let query = Query { grep: vec![Pattern::text(text)], ..Query::default() };
    Some(Filter::compile(query).unwrap())
}

async fn older(stage: &Stage, back: Back) -> Older {
    before(&stage.cluster, back, &mut Look::silent()).await
}

/// Partition, offset and time of every record, in the order of the page.
fn rows(older: &Older) -> Vec<(i32, i64, i64)> {
    let rows = older.batches.iter().flat_map(|batch| &batch.heads);
    rows.map(|head| (head.partition, head.offset, head.timestamp)).collect()
}

fn times(older: &Older) -> Vec<i64> {
    rows(older).into_iter().map(|(_, _, time)| time).collect()
}

fn go_on(mut extents: BTreeMap<Spot, Extent>, older: &Older) -> BTreeMap<Spot, Extent> {
    for (spot, from) in &older.from {
        extents.get_mut(spot).unwrap().end = *from;
    }
    extents
}

/// Every record once, page after page, whatever the times say; each partition whole from its end on.
#[tokio::test]
async fn page_after_page_leads_to_the_start_without_a_gap_or_a_double() {
    let stage = Stage::with(4).await;
    timed(&stage, 0, (0..300).map(|n| n * 10));
    timed(&stage, 1, (0..40).map(|n| 5000 - n * 100));
    timed(&stage, 2, [9_999_999]);
    for (count, filter) in [(7, None), (7, grep("0")), (100, None)] {
        let mut extents = all(&stage, 4).await;
        let mut met: Vec<(i32, i64)> = vec![];
        loop {
            let page = older(&stage, Back { filter: filter.clone(), ..back(extents.clone(), count) }).await;
            let rows = rows(&page);
            assert!(rows.len() == count || page.start);
            met.splice(0..0, rows.iter().map(|(partition, offset, _)| (*partition, *offset)));
            if page.start {
                break;
            }
            extents = go_on(extents, &page);
        }
        let of = |partition| met.iter().filter(|(p, _)| *p == partition).map(|(_, o)| *o).collect::<Vec<i64>>();
        assert!((0..4).all(|partition| of(partition).is_sorted_by(|a, b| a < b)), "offsets run backwards");
        if filter.is_none() {
            assert_eq!([of(0).len(), of(1).len(), of(2).len(), of(3).len()], [300, 40, 1, 0]);
        }
        assert!(filter.is_none() || met.len() == 300 + 40);
    }
}

#[tokio::test]
async fn a_page_is_the_newest_by_time_over_all_partitions() {
    let stage = Stage::with(3).await;
    timed(&stage, 0, (0..100).map(|n| n * 3));
    timed(&stage, 1, (0..100).map(|n| n * 3 + 1));
    timed(&stage, 2, [250, 298]);
    let page = older(&stage, back(all(&stage, 3).await, 6)).await;
    assert_eq!(times(&page), [292, 294, 295, 297, 298, 298]);
    assert_eq!(page.from.values().copied().collect::<Vec<_>>(), [98, 97, 1]);
    let next = older(&stage, back(go_on(all(&stage, 3).await, &page), 3)).await;
    assert_eq!(times(&next), [288, 289, 291]);
}

/// A topic that is large is not read from its start.
#[tokio::test]
async fn a_page_reads_no_more_than_its_neighbourhood() {
    let stage = Stage::with(1).await;
    (0..100).for_each(|_| stage.count(0, 1000));
    let mut extents = all(&stage, 1).await;
    extents.values_mut().for_each(|extent| extent.end = 70_000);
    let page = older(&stage, back(extents, 40)).await;
    assert_eq!(rows(&page).iter().map(|row| row.1).collect::<Vec<_>>(), (69_960..70_000).collect::<Vec<_>>());
    assert!(page.searched.records <= 1000, "{:?}", page.searched);
}

#[tokio::test]
async fn holes_are_walked_through_t3() {
    let stage = Stage::with(2).await;
    for n in 0..200 {
        stage.brokers.skip_to("t", 0, n * 100).unwrap();
        stage.count(0, 1);
    }
    stage.brokers.skip_to("t", 0, 1_000_000).unwrap();
    stage.count(1, 1);
    stage.brokers.skip_to("t", 1, 500_000).unwrap();
    let page = older(&stage, back(all(&stage, 2).await, 150)).await;
    assert_eq!(rows(&page).len(), 150);
    assert!(rows(&page).contains(&(0, 19_900, 1000)) && rows(&page).contains(&(1, 0, 1000)));
}

#[tokio::test]
async fn aborted_records_and_markers_are_not_in_a_page_of_committed_ones_t11() {
    let stage = Stage::with(1).await;
    stage.count(0, 3);
    stage.append(0, &Written::counted(3, 5).transactional(7));
    stage.append(0, &Written::marker(8, 7, false));
    let extents = all(&stage, 1).await;
    let page = older(&stage, Back { committed: true, ..back(extents, 2) }).await;
    assert_eq!(rows(&page).iter().map(|row| row.1).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn large_records_give_a_smaller_page_which_goes_on_where_it_ends_t9() {
    let stage = Stage::with(2).await;
    for n in 0..50 {
        let row = Row { value: Some(vec![b'x'; 1 << 20]), ..Row::default() };
        let written = Written { base_timestamp: n, max_timestamp: n, ..Written::at(n / 2, [row]) };
        stage.append((n % 2) as i32, &written);
    }
    let mut extents = all(&stage, 2).await;
    let mut met = 0;
    loop {
        let page = older(&stage, back(extents.clone(), 50)).await;
        met += rows(&page).len();
        assert!(page.batches.iter().map(Batch::bytes).sum::<usize>() <= MOST_PAGE + (1 << 20));
        if page.start {
            break;
        }
        assert_eq!(page.too_large, Some(rows(&page).len()));
        extents = go_on(extents, &page);
    }
    assert_eq!(met, 50);
}

#[tokio::test]
async fn a_filter_goes_back_until_enough_match_and_says_how_far_it_is() {
    let stage = Stage::with(2).await;
    (0..50).for_each(|_| stage.count(0, 1000));
    stage.count(1, 1000);
    let filtered = Back { filter: grep("777"), ..back(all(&stage, 2).await, 3) };
    let page = older(&stage, filtered).await;
    assert_eq!(rows(&page).len(), 3);
    let everything = older(&stage, Back { filter: grep("nowhere"), ..back(all(&stage, 2).await, 3) }).await;
    assert!(everything.start && rows(&everything).is_empty());
    assert_eq!((everything.searched.records, everything.searched.share), (51_000, 1.0));
}

/// A person who has had enough gets what was found, and nothing that was not looked at counts as looked at.
#[tokio::test]
async fn a_stopped_look_back_says_what_it_came_to() {
    let stage = Stage::with(1).await;
    (0..100).for_each(|_| stage.count(0, 1000));
    let (stop, stopped) = watch::channel(false);
    let (events, mut heard) = mpsc::channel::<Event>(8);
    stop.send_replace(true);
    let mut look = Look::new(events, Said::Looking(1), stopped);
    let page = before(&stage.cluster, Back { filter: grep("99"), ..back(all(&stage, 1).await, 9) }, &mut look).await;
    assert!(page.stopped && !page.start && page.batches.is_empty());
    assert_eq!(page.from, [((topic(), 0), 100_000)].into());
    assert!(heard.try_recv().is_err());
}

#[tokio::test]
async fn a_partition_that_does_not_answer_is_left_where_it_is_t7() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    let extents = all(&stage, 2).await;
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0));
    let page = older(&stage, back(extents, 4)).await;
    assert_eq!(
        rows(&page).iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(),
        (6..10).map(|o| (1, o)).collect::<Vec<_>>()
    );
    assert_eq!((page.from[&(topic(), 0)], page.silent[&(topic(), 0)]), (10, 6));
}

/// An older page was to end at the end of such a partition, so what it answered late counted as held and was dropped.
#[tokio::test]
async fn what_a_silent_partition_answers_late_is_not_before_the_page() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0));
    let page = last(&stage.cluster, &[(topic(), 0), (topic(), 1)], 4, false).await;
    assert_eq!((page.from[&(topic(), 0)], page.next[&(topic(), 0)]), (6, 6));
    assert_eq!((page.from[&(topic(), 1)], page.next[&(topic(), 1)]), (6, 10));
}

async fn newer(stage: &Stage, extents: BTreeMap<Spot, Extent>, count: usize) -> Newer {
    let extents = extents.into_iter().map(|((_, id), extent)| (id, extent)).collect();
    after(&stage.cluster, Ahead { topic: topic(), extents, count, committed: false }).await
}

fn ahead(newer: &Newer) -> Vec<(i32, i64, i64)> {
    let rows = newer.batches.iter().flat_map(|batch| &batch.heads);
    rows.map(|head| (head.partition, head.offset, head.timestamp)).collect()
}

fn go_ahead(mut extents: BTreeMap<Spot, Extent>, newer: &Newer) -> BTreeMap<Spot, Extent> {
    extents.iter_mut().for_each(|((_, id), extent)| extent.start = newer.next[id]);
    extents
}

/// Neighbours came partition after partition, as brokers answered.
#[tokio::test]
async fn a_page_forward_is_the_first_by_time_over_all_partitions() {
    let stage = Stage::with(3).await;
    timed(&stage, 0, (0..100).map(|n| n * 3));
    timed(&stage, 1, (0..100).map(|n| n * 3 + 1));
    timed(&stage, 2, [4, 5]);
    let page = newer(&stage, all(&stage, 3).await, 6).await;
    assert_eq!(ahead(&page).into_iter().map(|row| row.2).collect::<Vec<_>>(), [0, 1, 3, 4, 4, 5]);
    assert_eq!(page.next, [(0, 2), (1, 2), (2, 2)].into());
}

/// Every record once and each partition in the order of its offsets, whatever the times and holes say.
#[tokio::test]
async fn page_after_page_forward_leads_to_the_end_without_a_gap_or_a_double() {
    let stage = Stage::with(4).await;
    timed(&stage, 0, (0..300).map(|n| n * 10));
    timed(&stage, 1, (0..40).map(|n| 5000 - n * 100));
    for n in 1..=20 {
        stage.brokers.skip_to("t", 2, n * 1000).unwrap();
        stage.count(2, 3);
    }
    for count in [7, 100] {
        let mut extents = all(&stage, 4).await;
        let mut met: Vec<(i32, i64)> = vec![];
        while extents.values().any(|extent| extent.start < extent.end) {
            let page = newer(&stage, extents.clone(), count).await;
            assert!(ahead(&page).len() == count || page.next.values().copied().eq(extents.values().map(|it| it.end)));
            met.extend(ahead(&page).iter().map(|(partition, offset, _)| (*partition, *offset)));
            extents = go_ahead(extents, &page);
        }
        let of = |partition| met.iter().filter(|(p, _)| *p == partition).map(|(_, o)| *o).collect::<Vec<i64>>();
        assert!((0..4).all(|partition| of(partition).is_sorted_by(|a, b| a < b)), "offsets run backwards");
        assert_eq!([of(0).len(), of(1).len(), of(2).len(), of(3).len()], [300, 40, 60, 0]);
    }
}

/// A page of a large topic is one round of small answers.
#[tokio::test]
async fn a_page_forward_reads_no_more_than_its_neighbourhood() {
    let stage = Stage::with(3).await;
    (0..300).for_each(|n| stage.count(n % 3, 100));
    let fetched = || stage.cluster.requests().get(&1).copied().unwrap_or(0);
    let (before, extents) = (fetched(), all(&stage, 3).await);
    let page = newer(&stage, extents, 100).await;
    assert_eq!(ahead(&page).len(), 100);
    assert!(fetched() - before <= 6, "{} requests", fetched() - before);
}

#[tokio::test]
async fn a_partition_that_does_not_answer_is_not_in_the_page_forward_and_stays_where_it_is_t7() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    let extents = all(&stage, 2).await;
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0));
    let page = newer(&stage, extents, 4).await;
    assert_eq!(ahead(&page).iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 0), (1, 1), (1, 2), (1, 3)]);
    assert_eq!(page.next, [(0, 0), (1, 4)].into());
}

/// Large records end a page early, and nothing of them is lost.
#[tokio::test]
async fn large_records_make_a_page_forward_end_early() {
    let stage = Stage::with(2).await;
    for n in 0..50 {
        let row = Row { value: Some(vec![b'x'; 1 << 20]), ..Row::default() };
        let written = Written { base_timestamp: n, max_timestamp: n, ..Written::at(n / 2, [row]) };
        stage.append((n % 2) as i32, &written);
    }
    let (mut extents, mut met) = (all(&stage, 2).await, vec![]);
    while extents.values().any(|extent| extent.start < extent.end) {
        let page = newer(&stage, extents.clone(), 50).await;
        assert!(page.batches.iter().map(Batch::bytes).sum::<usize>() <= MOST_PAGE + (2 << 20));
        met.extend(ahead(&page).iter().map(|row| (row.0, row.1)));
        extents = go_ahead(extents, &page);
    }
    met.sort_unstable();
    assert_eq!(met, (0..2).flat_map(|id| (0..25).map(move |offset| (id, offset))).collect::<Vec<_>>());
}

/// What a silent partition had read of its stretch counted, and counted again when it was read later.
#[tokio::test]
async fn what_was_given_up_does_not_count_as_looked_at() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| (0..2).for_each(|_| stage.count(partition, 100)));
    let extents = all(&stage, 2).await;
    let mut looking = Looking::new(&stage.cluster, Back { filter: grep("nowhere"), ..back(extents, 9) });
    let (spot, records) = ((topic(), 0), 60);
    looking.pace.begin(&spot, 100);
    let (topic, partition) = spot.clone();
    looking.pace.read(&Progress { topic, partition, next: 160, end: 200, records, matched: 1, bytes: 9 });
    assert_eq!((looking.pace.searched().records, looking.pace.searched().share), (60, 0.15));
    looking.pace.forget(&spot);
    let searched = looking.pace.searched();
    assert_eq!((searched.records, searched.matched, searched.bytes, searched.share), (0, 0, 0, 0.0));
}
