//! Going on: what ended early tells a place, and from there on come all that were not printed before.
use crate::stage::{Bound, Own, Ran, program};
use kafscope_demo_broker::{
    TopicSpec,
    batch::{self, Clock, Codec, Record},
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read},
};

type Places = Vec<(String, i64, i64)>;

const PARTITIONS: i32 = 6;

/// Two topics of six partitions, 40 records in each, some of which a filter wants.
fn stage() -> Own {
    let own = Own::set(PARTITIONS);
    own.cluster.create_topic("u", &TopicSpec::new(PARTITIONS)).unwrap();
    for topic in ["t", "u"] {
        (0..PARTITIONS).for_each(|partition| append(&own, topic, partition, |n| 60 * n + i64::from(partition)));
    }
    own
}

fn append(own: &Own, topic: &str, partition: i32, time: impl Fn(i64) -> i64) {
    let record = |n: i64| Record::at(1_795_165_200_000 + time(n)).value(format!("{{\"n\": {}}}", n % 3));
    let records: Vec<_> = (0..40).map(record).collect();
    own.cluster.append(topic, partition, batch::write(&records, Codec::None, Clock::Producer).unwrap()).unwrap();
}

/// What a command printed, and the place that it told.
fn printed(own: &Own, line: &str) -> (Places, Option<String>) {
    let ran = own.run(line);
    assert_eq!(ran.code, 0, "{line}: {}", ran.stderr);
    (ran.text().lines().map(place).collect(), told(&ran.stderr))
}

fn told(stderr: &str) -> Option<String> {
    stderr.split("go on with ").nth(1).map(|rest| rest.lines().next().unwrap().to_owned())
}

fn place(line: &str) -> (String, i64, i64) {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    let number = |name: &str| record[name].as_i64().unwrap();
    (record["topic"].as_str().unwrap().to_owned(), number("partition"), number("offset"))
}

/// What was printed, going on from place to place until no place is told; each record once.
fn all(own: &Own, first: &str, then: &str) -> BTreeSet<(String, i64, i64)> {
    let (mut met, told) = printed(own, first);
    let mut told = told.unwrap_or_else(|| panic!("{first}: no place was told"));
    for _ in 0..100 {
        let line = format!("{then} {told}");
        let (more, next) = printed(own, &line);
        met.extend(more);
        let Some(next) = next else { break };
        told = next;
    }
    let set: BTreeSet<_> = met.iter().cloned().collect();
    assert_eq!(set.len(), met.len(), "{first}: {told}: records came twice");
    set
}

/// What was read ahead and not printed was told as printed: the last records, those in the order of time, and the rest of
/// a batch of which only the beginning was wanted were lost for whoever went on.
#[test]
fn what_ends_early_and_goes_on_where_it_was_told_gives_every_record_once() {
    let own = stage();
    for (from, way) in [
        ("", "--json"),
        ("", "--json --ordered"),
        ("", "--json --newest-first"),
        ("", "--json --where .value.n==1"),
        ("", "--json --ordered --where .value.n==1"),
        ("", "--json --newest-first --where .value.n==1"),
        (" --from last:50", "--json"),
        (" --from last:50", "--json --ordered"),
        (" --from last:20", "--json --where .value.n==1"),
    ] {
        let wanted: BTreeSet<_> = printed(&own, &format!("read t {way}{from}")).0.into_iter().collect();
        for most in [1, 5, 19] {
            let then = format!("read t {way} -n {}", most + 40);
            let met = all(&own, &format!("read t {way}{from} -n {most}"), &then);
            let lost: Vec<_> = wanted.difference(&met).collect();
            assert!(lost.is_empty(), "{way}{from} -n {most}: lost {lost:?}");
        }
    }
    own.end();
}

/// The newest of the last records are printed first; the older ones are what is left.
#[test]
fn the_last_records_newest_first_go_on_with_the_older_ones() {
    let own = stage();
    let (mut met, told) = printed(&own, "read t --json --newest-first --from last:50 -n 5");
    met.extend(printed(&own, &format!("read t --json --newest-first --from last:45 {}", told.unwrap())).0);
    assert_eq!(met, printed(&own, "read t --json --newest-first --from last:50").0);
    own.end();
}

/// A tail told the end of a batch of which it had printed the beginning, and the end of the topics whose last records it
/// was still printing.
#[test]
fn a_tail_that_ends_early_tells_the_place_after_what_it_printed() {
    let own = stage();
    for (topics, from) in [("t", "start"), ("t", "last:50"), ("t u", "last:50")] {
        for most in [1, 5, 19] {
            let (met, told) = printed(&own, &format!("tail {topics} --json --from {from} -n {most}"));
            assert_eq!(met.len(), most);
            let (mut met, told): (BTreeSet<_>, _) = (met.into_iter().collect(), told.unwrap());
            let places = if topics == "t" { format!("t {told}") } else { told };
            for part in places.split("; ") {
                let (more, _) = printed(&own, &format!("read {part} --json"));
                let before = met.len() + more.len();
                met.extend(more);
                assert_eq!(met.len(), before, "{topics} {from} -n {most}: records came twice");
            }
            let whole: BTreeSet<_> = match from {
                "start" => printed(&own, "read t --json").0,
                _ => printed(&own, &format!("read {topics} --json --from last:50")).0,
            }
            .into_iter()
            .collect();
            assert!(met.is_superset(&whole), "{topics} {from} -n {most}: {places}");
        }
    }
    own.end();
}

/// A number was cut at the limit while the place was that of the whole answer.
#[test]
fn a_number_that_is_cut_short_tells_the_place_after_what_was_counted() {
    let own = stage();
    for way in ["", " --where .value.n==1"] {
        let whole: u64 = own.run(&format!("read t --count{way}")).text().trim().parse().unwrap();
        let ran = own.run(&format!("read t --count -n 5{way}"));
        assert_eq!(ran.text(), "5\n");
        let told = ran.stderr.split("go on with ").nth(1).unwrap().trim();
        let rest = own.run(&format!("read t --count{way} {told}"));
        assert_eq!(rest.text().trim().parse(), Ok(whole - 5), "{told}");
    }
    own.end();
}

/// Partitions without a match were left out, as if nobody had looked at them.
#[test]
fn a_count_for_each_partition_lists_all_that_were_read() {
    let own = Own::set(3);
    own.add(1, 7, 10);
    let ran = own.run("read t --count --json");
    let counts = &ran.objects()[0]["partitions"];
    let records: Vec<_> = counts.as_array().unwrap().iter().map(|one| one["records"].as_u64()).collect();
    assert_eq!(records, [Some(0), Some(7), Some(0)]);
    own.end();
}

/// In the order of time a partition whose times run backwards is printed from several places at once.
#[test]
fn where_times_run_backwards_no_offset_is_told_and_it_is_said_why() {
    let own = Own::set(2);
    append(&own, "t", 0, |n| n);
    append(&own, "t", 1, |n| -n);
    let ran = own.run("read t --json --ordered -n 5");
    let said = "not to the end; no offset says where to go on, as times run backwards in t partition 1";
    assert!(ran.stderr.contains(said) && !ran.stderr.contains("0:"), "{}", ran.stderr);
    assert!(own.run("read t --json -n 5").stderr.contains("go on with --from 0:"));
    own.end();
}

/// The account counted what was on its way to be written when Ctrl-C came, and was never written.
#[test]
fn ctrl_c_while_records_wait_for_their_reader_counts_what_was_written_and_tells_the_place_after_it() {
    let own = Own::set(PARTITIONS);
    (0..PARTITIONS).for_each(|partition| (0..20).for_each(|_| own.add(partition, 250, 600)));
    for way in ["", " --ordered", " --newest-first"] {
        let line = format!("read t --json{way}");
        // A reader that is fast may have had everything before the signal is noticed.
        let (text, stderr) = (0..50).find_map(|_| interrupted(&own, &line)).unwrap();
        let mut met: Places = text.lines().map(place).collect();
        let counted = stderr.split(' ').next().unwrap().replace(',', "");
        assert_eq!(counted.parse(), Ok(met.len()), "{way}: {stderr}");
        let told = told(&stderr).unwrap();
        met.extend(printed(&own, &format!("{line} {told}")).0);
        let set: BTreeSet<_> = met.iter().collect();
        assert_eq!((set.len(), met.len()), (30_000, 30_000), "{way}: {told}");
    }
    own.end();
}

/// Stdout and stderr of a command that gets a Ctrl-C after its first line; `None` when it came to its end nevertheless.
fn interrupted(own: &Own, line: &str) -> Option<(String, String)> {
    let mut child = program().args(["-b", &own.cluster.bootstrap()]).args(line.split(' ')).spawn().unwrap();
    let _bound = Bound::on(child.id());
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    stdout.read_line(&mut text).unwrap();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    stdout.read_to_string(&mut text).unwrap();
    let ran = Ran::of(child);
    (ran.code == 130).then_some((text, ran.stderr))
}
