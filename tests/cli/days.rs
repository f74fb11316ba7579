//! Bad days of a command: places that are not there, batches that lie, disks that fill, records that are huge.
use crate::stage::{Bound, Own, Ran, kafscope, on_a_small_disk, program};
use kafscope_demo_broker::{
    Damage,
    batch::{self, Clock, Codec, Record},
};
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
};

#[test]
fn places_that_are_not_there_are_said_with_the_nearest_and_only_named_partitions_are_a_no() {
    for (line, code, said) in [
        ("read orders -p 99", 1, "there is no partition 99 in orders; the last is 5"),
        ("read orders -p 0,99 --count", 1, "there is no partition 99 in orders; the last is 5"),
        ("tail orders -p 99", 1, "there is no partition 99 in orders; the last is 5"),
        ("read retained --from offset:999999", 0, "retained: partition 0 has no offset 999,999 yet; it ends at 1,000"),
        ("read retained --from offset:5", 0, "retained: partition 0 has no offset 5 any more; its first is 700"),
        ("read retained --to offset:5", 0, "retained: partition 0 has no offset 5 any more; its first is 700"),
        ("read orders --from 0:5,77:1", 1, "there is no partition 77 in orders; the last is 5"),
        ("read retained --from 0:720 --to 0:710", 0, "nothing is read: 0:710 is before 0:720"),
        (
            "tail retained --from offset:99999 --timeout-ms 300",
            0,
            "retained: partition 0 has no offset 99,999 yet; it ends at 1,000",
        ),
    ] {
        let ran = kafscope(line);
        assert_eq!(ran.code, code, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{line}: {}", ran.stderr);
    }
    assert_eq!(kafscope("read orders --from 0:5 --count").text(), "157\n");
    assert_eq!(kafscope("read retained --from offset:5 --count").text(), "300\n");
    assert_eq!(kafscope("read retained --from 0:720 --to 0:710 --count").text(), "0\n");
}

/// It is no failure of the read: the number and the first reason are said.
#[test]
fn a_filter_that_fails_on_some_records_counts_them_gives_the_others_and_ends_with_0() {
    let own = Own::set(1);
    let values = [r#"{"id": 1}"#, "no json", r#"{"id": 3}"#, "neither", r#"{"id": "4"}"#];
    let records = values.map(|value| Record::at(0).value(value));
    own.cluster.append("t", 0, batch::write(&records, Codec::None, Clock::Producer).unwrap()).unwrap();
    let ran = own.run("read t --json --where .value.id>=1");
    assert_eq!(ran.objects().iter().map(|record| record["offset"].as_i64()).collect::<Vec<_>>(), [0, 2, 4].map(Some));
    assert!(ran.stderr.contains("the filter failed on 2 records; the first: t 0/1: cannot index"), "{}", ran.stderr);
    own.end();
}

/// A header that claims two gigabytes held the command up for ever.
#[test]
fn a_batch_that_claims_two_gigabytes_ends_no_read_and_is_named_t10() {
    let own = Own::set(2);
    (0..3).for_each(|_| (0..2).for_each(|partition| own.add(partition, 10, 100)));
    own.cluster.damage("t", 1, 10, Damage::Length(i32::MAX)).unwrap();
    let ran = own.run("read t --count");
    assert_eq!((ran.code, ran.text()), (3, "50\n"), "{}", ran.stderr);
    let said = "reading offsets 10 to 19 of t partition 1: a batch of an impossible length; reading went on after it";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let tail = own.run("tail t --from start -n 50 --json");
    assert_eq!(tail.objects().len(), 50);
    assert!(tail.stderr.contains(said), "{}", tail.stderr);
    own.end();
}

/// What a checksum, a codec, a count or the records themselves say wrong costs that batch and nothing else.
#[test]
fn every_kind_of_damage_is_named_and_costs_its_batch_alone_t10() {
    for (damage, why) in [
        (Damage::Checksum, "checksum"),
        (Damage::Codec(7), "codec 7"),
        (Damage::Length(0), "impossible length"),
        (Damage::Length(60 << 20), "claims more bytes than there are"),
        (Damage::Records, "offset"),
    ] {
        let own = Own::set(1);
        (0..3).for_each(|_| own.add(0, 10, 100));
        own.cluster.damage("t", 0, 10, damage).unwrap();
        let ran = own.run("read t --json");
        let offsets: Vec<i64> = ran.text().lines().map(offset).collect();
        assert_eq!(offsets, (0..10).chain(20..30).collect::<Vec<_>>(), "{damage:?}: {}", ran.stderr);
        assert!(ran.code == 3 && ran.stderr.contains(why), "{damage:?}: {}", ran.stderr);
        own.end();
    }
}

fn offset(line: &str) -> i64 {
    serde_json::from_str::<serde_json::Value>(line).unwrap()["offset"].as_i64().unwrap()
}

/// Pasting the place that was told gives the rest, and both together everything once, in every order. Small records, so
/// that a batch mixes partitions: one of which nothing had been written yet when the disk was full was told from behind
/// the records that were read of it, and they were lost.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_half_way_leaves_whole_lines_and_the_right_place_to_go_on() {
    let own = Own::set(6);
    (0..6).for_each(|partition| (0..10).for_each(|_| own.add(partition, 200, 20)));
    let directory = tempfile::tempdir().unwrap();
    for order in ["", " --ordered", " --newest-first"] {
        let (mut met, mut place, mut parts) = (BTreeSet::new(), String::new(), 0);
        loop {
            let file = directory.path().join("part.jsonl");
            let line = format!("read t --json{order}{place} --output {}", file.display());
            let ran = small(&own, &line);
            let written = met.len();
            let lines = records(&file);
            let count = lines.len();
            met.extend(lines);
            assert_eq!(met.len(), written + count, "{line}: records came twice");
            parts += 1;
            if ran.code == 0 {
                break;
            }
            assert!(ran.code == 2 && ran.stderr.contains("File too large"), "{line}: {}", ran.stderr);
            let said = format!("{} records, ", grouped(count));
            assert!(
                ran.stderr.lines().any(|line| line.starts_with(&said)),
                "{line}: not what is in the file, {count}: {}",
                ran.stderr
            );
            place = format!(" {}", ran.stderr.split("go on with ").nth(1).unwrap().lines().next().unwrap());
        }
        assert!(parts > 2, "it was never full");
        assert_eq!(met.len(), 12_000, "{order}");
    }
    own.end();
}

fn grouped(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{},{:03}", count / 1000, count % 1000) }
}

fn small(own: &Own, line: &str) -> Ran {
    Ran::of(on_a_small_disk().args(["-b", &own.cluster.bootstrap()]).args(line.split(' ')).spawn().unwrap())
}

/// Partition and offset of each line; every line is whole.
fn records(file: &Path) -> Vec<(i64, i64)> {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let place = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        (record["partition"].as_i64().unwrap(), record["offset"].as_i64().unwrap())
    };
    text.lines().map(place).collect()
}

/// The most memory a child ever had; `None` where the system does not tell it in a file.
fn peak_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}

/// 50 MB where a partition is asked for one: whole, in a bounded memory, and with everything around it.
#[test]
fn a_record_of_fifty_megabytes_goes_through_the_program_t9() {
    const LARGE: usize = 50_000_000;
    let own = Own::set(2);
    own.add(0, 1, 3);
    own.add(0, 1, LARGE);
    own.add(0, 1, 5);
    own.add(1, 10, 10);
    assert_eq!(own.run("read t --count").text(), "13\n");
    let raw = own.run("read t -p 0 --raw").stdout;
    assert_eq!(raw.split(|byte| *byte == b'\n').map(<[u8]>::len).collect::<Vec<_>>(), [3, LARGE, 5, 0]);
    let mut tail = program();
    tail.args(["-b", &own.cluster.bootstrap(), "tail", "t", "-p", "0", "--from", "start", "--raw"]);
    let mut child = tail.spawn().unwrap();
    let _bound = Bound::on(child.id());
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = vec![];
    for _ in 0..3 {
        let mut line = vec![];
        stdout.read_until(b'\n', &mut line).unwrap();
        lines.push(line.len());
    }
    assert_eq!(lines, [4, LARGE + 1, 6]);
    let peak = peak_kib(child.id());
    assert!(peak.is_none_or(|kib| kib < 500 << 10), "{peak:?} KiB");
    child.kill().unwrap();
    let _ = stdout.read_to_end(&mut vec![]);
    child.wait().unwrap();
    own.end();
}
