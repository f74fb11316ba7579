//! Looking back and searching as the screen asks for it.
use crate::{
    bus::{Command, Desk, Event, Reading, bus},
    filter::{Filter, Pattern, Query},
    kafka::{Settings, serve, stage::Stage, stage::topic, wire},
    place::Positions,
};
use std::time::Duration;
use tokio::time::timeout;

fn served(stage: &Stage) -> Desk {
    let (desk, dock) = bus();
    let bootstrap = stage.brokers.bootstrap().split(',').map(Into::into).collect();
    let wire = wire::Settings { bootstrap, ..wire::Settings::default() };
    tokio::spawn(serve(dock, Settings { wire, read_only: true, committed: false }));
    desk
}

async fn answer(desk: &mut Desk, command: Command, is_answer: fn(&Event) -> bool) -> Event {
    desk.commands.send(command).await.unwrap();
    loop {
        let heard = timeout(Duration::from_secs(20), desk.news.recv()).await.expect("an answer in time");
        let event = heard.expect("the other side lives");
        if is_answer(&event) {
            return event;
        }
    }
}

fn reading(text: &str) -> Reading {
    let query = Query { grep: vec![Pattern::text(text)], ..Query::default() };
    Reading { filter: Some(Filter::compile(query).unwrap()), ..Reading::of(topic(), false) }
}

async fn find(desk: &mut Desk, text: &str, from: &Positions, newer: bool) -> (Option<(i32, i64)>, Positions) {
    let command = Command::Find { reading: reading(text), from: from.clone(), newer, generation: 1 };
    match answer(desk, command, |event| matches!(event, Event::FindEnded { .. })).await {
        Event::FindEnded { found, to, stopped: false, .. } => (found, to),
        other => panic!("{other:?}"),
    }
}

/// One match after the other is found, each once, in both directions.
#[tokio::test]
async fn a_search_goes_on_from_where_it_came_to() {
    let stage = Stage::with(2).await;
    (0..30).for_each(|_| stage.count(0, 1000));
    stage.count(1, 10);
    let mut desk = served(&stage);
    let (mut from, mut met) = (Positions::from([(0, 0), (1, 0)]), vec![]);
    while let (Some(place), to) = find(&mut desk, "9999", &from, true).await {
        met.push(place);
        from = to;
    }
    assert_eq!(met, [(0, 9999), (0, 19_999), (0, 29_999)]);
    let mut from = Positions::from([(0, 30_000), (1, 10)]);
    while let (Some(place), to) = find(&mut desk, "9999", &from, false).await {
        met.push(place);
        from = to;
    }
    assert_eq!(met[3..], [(0, 29_999), (0, 19_999), (0, 9999)]);
    assert_eq!(find(&mut desk, "nowhere", &[(0, 0), (1, 0)].into(), true).await.1, [(0, 30_000), (1, 10)].into());
}

/// Batches that reach past the end of a stretch hid the matches behind it.
#[tokio::test]
async fn a_match_behind_the_end_of_a_stretch_is_found() {
    let stage = Stage::with(1).await;
    stage.count(0, 60_000);
    let mut desk = served(&stage);
    let from = Positions::from([(0, 100)]);
    for needle in [16_480, 16_490, 20_001, 59_999] {
        assert_eq!(find(&mut desk, &needle.to_string(), &from, true).await.0, Some((0, needle)));
    }
}

#[tokio::test]
async fn older_pages_lead_to_the_start() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 50));
    let mut desk = served(&stage);
    let (mut before, mut met) = (Positions::from([(0, 40), (1, 50)]), 0);
    loop {
        let reading = Reading::of(topic(), false);
        let command = Command::ReadOlder { reading, before: before.clone(), count: 20, generation: 1 };
        let page = answer(&mut desk, command, |event| matches!(event, Event::OlderRead { .. })).await;
        let Event::OlderRead { batches, from, start, .. } = page else { unreachable!() };
        met += batches.iter().map(crate::record::Batch::len).sum::<usize>();
        before = from;
        if start {
            break;
        }
    }
    assert_eq!((met, before), (90, [(0, 0), (1, 0)].into()));
}
