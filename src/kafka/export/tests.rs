//! Files of records that are whole, however it ends.
use super::*;
use crate::kafka::{
    look::Said,
    stage::{Stage, topic},
};
use std::path::Path;
use tokio::sync::{mpsc, watch};

async fn run(stage: &Stage, from: Where, to: Where, file: &Path, stop: bool) -> Event {
    let (_stop, stopped) = watch::channel(stop);
    let (events, _heard) = mpsc::channel(64);
    let reading = Reading::of(topic(), false);
    let wanted = Export { id: 1, reading, from, to, file: file.to_owned(), form: Form::Raw };
    let look = Look::new(events, Said::Export(1), stopped);
    export(stage.cluster.clone(), wanted, look).await.pop().unwrap()
}

#[tokio::test]
async fn an_export_writes_the_records_between_two_places() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 5000));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "what stood there before").unwrap();
    let ended = run(&stage, Where::Offset(100), Where::Offset(4000), file.path(), false).await;
    let Event::ExportEnded { records, bytes, next, why, .. } = ended else { panic!("{ended:?}") };
    assert_eq!((records, next, why), (7800, [(0, 4000), (1, 4000)].into(), None));
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!((text.lines().count(), text.len() as u64), (7800, bytes));
    let mut values: Vec<i64> = text.lines().map(|line| line.parse().unwrap()).collect();
    values.sort_unstable();
    assert_eq!(values, (100..4000).flat_map(|n| [n, n]).collect::<Vec<_>>());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_ends_an_export_and_says_where_to_go_on() {
    let stage = Stage::with(1).await;
    stage.count(0, 100);
    let ended = run(&stage, Where::Offset(7), Where::End, Path::new("/dev/full"), false).await;
    let Event::ExportEnded { records, bytes, next, why, .. } = ended else { panic!("{ended:?}") };
    assert_eq!((records, bytes, next), (0, 0, [(0, 7)].into()));
    assert!(why.unwrap().to_string().contains("make room"));
}

#[tokio::test]
async fn a_stopped_export_says_where_to_go_on() {
    let stage = Stage::with(1).await;
    stage.count(0, 100);
    let file = tempfile::NamedTempFile::new().unwrap();
    let ended = run(&stage, Where::Start, Where::End, file.path(), true).await;
    let Event::ExportEnded { records, next, why, .. } = ended else { panic!("{ended:?}") };
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(text.lines().count() as u64, records);
    assert!(why.is_some() && next[&0] >= records as i64);
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_said_before_anything_is_read() {
    let stage = Stage::with(1).await;
    let ended = run(&stage, Where::Start, Where::End, Path::new("/nowhere/at/all"), false).await;
    assert!(matches!(ended, Event::ExportEnded { why: Some(_), records: 0, .. }), "{ended:?}");
}
