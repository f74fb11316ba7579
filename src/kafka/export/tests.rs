//! Files of records that are whole, however it ends.
use super::*;
use crate::kafka::{
    look::Said,
    stage::{Stage, topic},
};
use std::{path::Path, process::Command};
use tokio::sync::{mpsc, watch};

async fn run(stage: &Stage, from: Where, to: Where, file: &Path, stop: bool) -> Event {
    let (_stop, stopped) = watch::channel(stop);
    let (events, _heard) = mpsc::channel(64);
    let wanted = wanted(from, to, file, Form::Raw);
    let look = Look::new(events, Said::Export(1), stopped);
    export(stage.cluster.clone(), wanted, look).await.pop().unwrap()
}

fn wanted(from: Where, to: Where, file: &Path, form: Form) -> Export {
    Export { id: 1, reading: Reading::of(topic(), false), from, to, file: file.to_owned(), form }
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

/// The last offset read was told, whatever of it was in the file; and the end of the topic for its last records, of which
/// none was.
#[tokio::test]
async fn a_stopped_export_says_where_to_go_on_whenever_it_is_stopped() {
    let stage = Stage::with(6).await;
    (0..6).for_each(|partition| (0..20).for_each(|_| stage.count(partition, 100)));
    let directory = tempfile::tempdir().unwrap();
    let file = |part: &str| directory.path().join(part);
    let mut midway = 0;
    for (from, wanted) in [(Where::Start, 12_000), (Where::Last(3000), 3000)] {
        for moment in (0..12).map(|n| (1 << n) - 1) {
            let ended = stopped_at(&stage, from.clone(), &file("first"), Some(moment)).await;
            let Event::ExportEnded { records, next, why, .. } = ended else { panic!("{ended:?}") };
            let mut places = places_in(&file("first"));
            assert_eq!(places.len() as u64, records, "{from:?}: stopped at {moment}");
            if why.is_some() {
                let ended = stopped_at(&stage, Where::Offsets(next), &file("rest"), None).await;
                assert!(matches!(ended, Event::ExportEnded { why: None, .. }), "{ended:?}");
                places.extend(places_in(&file("rest")));
                midway += usize::from(records > 0);
            }
            let set: std::collections::BTreeSet<_> = places.iter().collect();
            assert_eq!((set.len(), places.len()), (wanted, wanted), "{from:?}: stopped at {moment}");
        }
    }
    assert!(midway > 0, "it was never stopped on its way");
}

/// Is told to stop when it has waited so many times; `None`: never.
async fn stopped_at(stage: &Stage, from: Where, file: &Path, moment: Option<usize>) -> Event {
    let (stop, stopped) = watch::channel(false);
    let (events, _heard) = mpsc::channel(64);
    let wanted = wanted(from, Where::End, file, Form::Csv("partition,offset".into()));
    let running = export(stage.cluster.clone(), wanted, Look::new(events, Said::Export(1), stopped));
    let waits = async {
        for _ in 0..moment.unwrap_or(0) {
            tokio::task::yield_now().await;
        }
        stop.send_replace(moment.is_some());
    };
    tokio::join!(running, waits).0.pop().unwrap()
}

/// Partition and offset, of each line.
fn places_in(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap().lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_said_before_anything_is_read() {
    let stage = Stage::with(1).await;
    let ended = run(&stage, Where::Start, Where::End, Path::new("/nowhere/at/all"), false).await;
    assert!(matches!(ended, Event::ExportEnded { why: Some(_), records: 0, .. }), "{ended:?}");
}

/// Set for the child that runs [`half_of_it`]: the size of its files is limited, as on a disk that fills up.
const LIMITED: &str = "KAFSCOPE_TEST_LIMITED";

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_half_way_leaves_whole_lines_and_the_right_place_to_go_on() {
    let limited = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"";
    let child = Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "kafka::export::tests::half_of_it", "--ignored"])
        .env(LIMITED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, under a limit"]
async fn half_of_it() {
    if std::env::var_os(LIMITED).is_none() {
        return;
    }
    // Small records, so that what is written together is of several partitions.
    let stage = Stage::with(6).await;
    (0..6).for_each(|partition| (0..300).for_each(|_| stage.count(partition, 200)));
    let directory = tempfile::tempdir().unwrap();
    let (mut from, mut rows, mut parts) = (Where::Start, vec![], 0);
    loop {
        let file = directory.path().join(parts.to_string());
        let Event::ExportEnded { records, next, why, .. } = run(&stage, from, Where::End, &file, false).await else {
            panic!("no end")
        };
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        assert_eq!(text.lines().count() as u64, records);
        rows.extend(text.lines().map(|line| line.parse::<i64>().unwrap()));
        parts += 1;
        match why {
            Some(why) => assert!(why.answered.contains("File too large"), "{why}"),
            None => break,
        }
        from = Where::Offsets(next);
    }
    assert!(parts > 2, "it was never full");
    rows.sort_unstable();
    assert_eq!(rows, (0..60_000).flat_map(|n| [n; 6]).collect::<Vec<_>>());
}

/// A pipe gives nothing back: what is told again may come twice, but nothing is missing.
#[cfg(unix)]
#[tokio::test]
async fn a_pipe_that_breaks_ends_an_export_and_going_on_misses_nothing() {
    use std::io::{BufRead, BufReader};
    let stage = Stage::with(1).await;
    (0..200).for_each(|_| stage.count(0, 1000));
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = pipe.clone();
    let taken = std::thread::spawn(move || {
        let lines = BufReader::new(std::fs::File::open(reader).unwrap()).lines();
        lines.take(50_000).map(|line| line.unwrap().parse::<i64>().unwrap()).collect::<Vec<_>>()
    });
    let ended = run(&stage, Where::Start, Where::End, &pipe, false).await;
    let taken = taken.join().unwrap();
    assert_eq!(taken, (0..50_000).collect::<Vec<_>>());
    let Event::ExportEnded { records, next, why, .. } = ended else { panic!("{ended:?}") };
    assert!(why.unwrap().answered.contains("Broken pipe"));
    assert!(next[&0] == records as i64 && (1..=50_000).contains(&records), "{records} of {next:?}");
}
