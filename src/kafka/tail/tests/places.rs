//! Where a tail begins, what it says of it, and what a filter lets through.
use super::*;
use crate::{
    filter::{Filter, Pattern, Query},
    place::Asked,
};

impl Watched {
    /// Where partitions were said to begin, the last word of each.
    fn begins(&self) -> Positions {
        let began = |event: &Event| if let Event::TailBegan { from, .. } = event { Some(from.clone()) } else { None };
        self.others.iter().filter_map(began).flatten().collect()
    }

    fn looked(&self) -> (u64, u64) {
        let looked = |event: &Event| match event {
            Event::TailRead { records, failures, .. } => Some((*records, *failures)),
            _ => None,
        };
        self.others.iter().filter_map(looked).fold((0, 0), |(a, b), (records, failures)| (a + records, b + failures))
    }

    async fn filtered(stage: &Stage, from: Where, query: Query) -> Self {
        let (said, events) = mpsc::channel(8);
        let filter = Some(Filter::compile(query).unwrap());
        let reading = Reading { filter, ..Reading::of(topic(), false) };
        let asked = OpenTail { reading, from, known: Positions::new(), page: 100, generation: 1 };
        let tail = open(stage.cluster.clone(), asked, said);
        Self { tail, events, records: vec![], others: vec![] }
    }
}

fn grep(text: &str) -> Query {
    Query { grep: vec![Pattern::text(text)], ..Query::default() }
}

#[tokio::test]
async fn a_tail_begins_at_every_place_and_says_where_that_is() {
    let stage = Stage::with(2).await;
    stage.count(0, 100);
    stage.count(1, 10);
    stage.brokers.commit("billing", "t", 0, 70, "").unwrap();
    stage.brokers.commit("billing", "t", 1, 9, "").unwrap();
    for (from, begins) in [
        (Where::Start, [0, 0]),
        (Where::End, [100, 10]),
        (Where::LastEach(4), [96, 6]),
        (Where::Last(usize::MAX), [0, 0]),
        (Where::Time(1000), [0, 0]),
        (Where::Time(1001), [100, 10]),
        (Where::Group("billing".into()), [70, 9]),
    ] {
        let watched = Watched::opened(&stage, from.clone()).await;
        assert_eq!(watched.begins(), [(0, begins[0]), (1, begins[1])].into(), "{from:?}");
        assert_eq!(watched.others.iter().filter(|event| matches!(event, Event::PlaceMoved { .. })).count(), 0);
    }
}

/// An offset that retention took away is no error: the nearest there is is read, and said.
#[tokio::test]
async fn an_offset_that_is_not_there_is_said_and_the_nearest_is_read() {
    let stage = Stage::with(1).await;
    stage.count(0, 30);
    stage.brokers.delete_records_before("t", 0, 20).unwrap();
    let mut watched = Watched::open(&stage, Where::Offset(5));
    watched.records(10).await;
    assert_eq!(watched.offsets(0), (20..30).collect::<Vec<_>>());
    let moved = Moved { partition: 0, asked: Asked::Offset(5), nearest: Some(20) };
    assert!(watched.said(|event| matches!(event, Event::PlaceMoved { moved: said, .. } if *said == moved)));
}

#[tokio::test]
async fn only_partitions_with_an_offset_are_read_and_one_that_does_not_exist_is_said() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    let mut watched = Watched::open(&stage, Where::Offsets([(1, 5), (7, 0)].into()));
    watched.records(5).await;
    (0..2).for_each(|partition| stage.count(partition, 1));
    watched.records(6).await;
    watched.until(|watched| watched.behind() == Some(0)).await;
    assert_eq!((watched.offsets(0), watched.offsets(1)), (vec![], (5..11).collect()));
    let missing = |event: &Event| matches!(event, Event::PlaceMoved { moved, .. } if moved.partition == 7);
    assert_eq!(watched.others.iter().filter(|event| missing(event)).count(), 1);
}

#[tokio::test]
async fn a_filtered_tail_begins_with_the_last_that_match_and_goes_on_with_those_that_arrive() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 2000));
    let mut watched = Watched::filtered(&stage, Where::Last(3), grep("77")).await;
    watched.records(3).await;
    let mut last: Vec<_> = watched.records.iter().map(|record| (record.partition, record.offset)).collect();
    last.sort_unstable();
    assert_eq!(last, [(1, 1779), (1, 1877), (1, 1977)], "of equal times the later partition is the younger");
    stage.count(0, 200);
    watched.records(5).await;
    assert_eq!(watched.offsets(0), [2077, 2177]);
    watched.until(|watched| watched.looked().0 >= 4200).await;
    assert_eq!(watched.looked(), (4200, 0), "every record was looked at once");
}

/// A filter that fails on a record was a silent "no".
#[tokio::test]
async fn a_filter_that_fails_says_so_once_for_each_reason_and_counts_the_rest() {
    let stage = Stage::with(1).await;
    stage.count(0, 50);
    let query = Query { jq: Some("error(\"odd\")".into()), ..Query::default() };
    for from in [Where::Start, Where::Last(5)] {
        let mut watched = Watched::filtered(&stage, from, query.clone()).await;
        watched.until(|watched| watched.looked().1 >= 50).await;
        assert_eq!(watched.looked(), (50, 50));
        let failed = |event: &Event| matches!(event, Event::FilterFailed { partition: 0, .. });
        assert_eq!(watched.others.iter().filter(|event| failed(event)).count(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_twenty_times_loses_and_doubles_nothing() {
    let stage = Stage::with(2).await;
    let mut watched = Watched::opened(&stage, Where::Start).await;
    for round in 1..=20 {
        stage.brokers.force(Force::cut(ApiKey::Fetch).times(1));
        (0..2).for_each(|partition| stage.count(partition, 125));
        watched.records(round * 250).await;
    }
    watched.assert_whole(&[2500, 2500]);
}

/// Records of one partition after those of the other stood between neighbours.
#[tokio::test]
async fn what_follows_a_place_comes_in_the_order_of_time_and_the_tail_goes_on_behind_it() {
    let stage = Stage::with(2).await;
    for n in 0..300 {
        let written = Written::at(n / 2, [Row::new(None, Some("x"))]);
        stage.append((n % 2) as i32, &Written { base_timestamp: n, max_timestamp: n, ..written });
    }
    for (from, first) in [(Where::Start, 0), (Where::Offset(50), 100), (Where::Time(120), 120)] {
        let mut watched = Watched::open(&stage, from.clone());
        watched.records(300 - first as usize).await;
        let times: Vec<i64> = watched.records.iter().take(100).map(|record| record.timestamp).collect();
        assert_eq!(times, (first..first + 100).collect::<Vec<_>>(), "{from:?}");
        let whole = |partition| watched.offsets(partition).windows(2).all(|pair| pair[0] + 1 == pair[1]);
        assert!(whole(0) && whole(1), "{from:?}");
    }
}

/// A partition whose broker was away when the topic was opened was not read any more once the list went on elsewhere.
#[tokio::test]
async fn a_partition_that_never_told_where_it_begins_is_read_once_it_does() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    let (said, events) = mpsc::channel(8);
    let asked = OpenTail { known: [(0, 7)].into(), ..asked(topic(), Where::Start) };
    let tail = open(stage.cluster.clone(), asked, said);
    let mut watched = Watched { tail, events, records: vec![], others: vec![] };
    watched.records(13).await;
    assert_eq!((watched.offsets(0), watched.offsets(1)), ((7..10).collect(), (0..10).collect()));
}
